package import Foundation

/// An entry of the transparency log: what everyone may read, and commitments to what they may not.
///
/// Written as canonical JSON:
/// `{"content":{…},"kind":"…","private":{"name":"hmac-sha256:…"},"version":1}`.
/// Nothing in it can be erased, so no personal data belongs into `content`.
package struct LogEntry: Hashable, Sendable {
    /// The version of the form that is written.
    package static let version = 1

    /// What happened, such as `restriction-applied`.
    package let kind: String
    /// What is public of it.
    package let content: [String: CanonicalJSON]
    /// The commitments to its private parts, by the parts' names.
    package let commitments: [String: Commitment]

    /// An entry with private parts, which are to be kept before it is appended.
    package init(
        kind: String,
        content: [String: CanonicalJSON],
        privateParts: [PrivatePart] = []
    ) throws(LogFormatError) {
        let names = Set(privateParts.map(\.name))
        guard names.count == privateParts.count else {
            throw LogFormatError("log entry", "private", "two parts have one name")
        }
        self.kind = kind
        self.content = content
        commitments = Dictionary(
            uniqueKeysWithValues: privateParts.map { ($0.name, $0.commitment) }
        )
    }

    /// An entry whose private parts are kept elsewhere.
    package init(
        kind: String,
        content: [String: CanonicalJSON],
        commitments: [String: Commitment]
    ) {
        self.kind = kind
        self.content = content
        self.commitments = commitments
    }

    /// Whether a text can be an entry's kind: lower-case words with dashes between them.
    package static func isKind(_ text: String) -> Bool {
        1...64 ~= text.utf8.count && text.first?.isLetter == true
            && text.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 0x2d }
    }

    /// The entry's bytes in the log.
    ///
    /// - Throws: `LogFormatError` when it is longer than an entry can be, or its content cannot be
    ///   written.
    package func bytes() throws(LogFormatError) -> Data {
        let bytes = try CanonicalJSON.object([
            "version": .integer(Self.version),
            "kind": .string(kind),
            "content": .object(content),
            "private": .object(commitments.mapValues { .string("\($0)") }),
        ]).bytes()
        guard bytes.count <= EntryBundle.entrySizeMaxBytes else {
            throw LogFormatError("log entry", "content", "the entry has \(bytes.count) bytes")
        }
        return bytes
    }

    /// Whether the entry is committed to a part that was disclosed.
    package func isCommitted(to part: PrivatePart) -> Bool {
        commitments[part.name] == part.commitment
    }
}

extension LogEntry {
    /// Reads an entry's bytes.
    ///
    /// - Throws: `LogFormatError` when they are not those of an entry of this version, in canonical
    ///   form.
    package init(_ bytes: Data) throws(LogFormatError) {
        guard case .object(let members) = try CanonicalJSON(bytes),
            Set(members.keys) == ["version", "kind", "content", "private"]
        else { throw LogFormatError("log entry", "entry", "has not the members of one") }
        guard members["version"] == .integer(Self.version) else {
            throw LogFormatError("log entry", "version", "is not \(Self.version)")
        }
        guard case .string(let kind) = members["kind"] else {
            throw LogFormatError("log entry", "kind", "is not a string")
        }
        guard case .object(let content) = members["content"] else {
            throw LogFormatError("log entry", "content", "is not an object")
        }
        guard case .object(let parts) = members["private"] else {
            throw LogFormatError("log entry", "private", "is not an object")
        }
        var commitments: [String: Commitment] = [:]
        for (name, value) in parts {
            guard PrivatePart.isName(name), case .string(let text) = value else {
                throw LogFormatError("log entry", "private", "`\(name)` is no commitment")
            }
            commitments[name] = try Commitment(text)
        }
        self.kind = kind
        self.content = content
        self.commitments = commitments
    }
}
