package import Metadata

/// What one entry of the log tells of one thing: since when, and its fields by API name.
package struct PublicFacts: Hashable, Sendable {
    /// The entry's place in the log.
    package let index: Int
    /// The thing's public name: `D-2026-0007`.
    package let id: String
    /// The org that it tells of, by its 18-character id.
    package let org: String?
    package let at: Instant
    /// Texts, and `true` or `false`.
    package let fields: [String: String]
    /// The fields to whose values the entry is committed without telling them.
    package let sealed: Set<String>

    /// The field's text; `nil` where it is not told, or says nothing.
    package func text(_ name: String) -> String? {
        guard let text = fields[name], text.contains(where: { !$0.isWhitespace }) else {
            return nil
        }
        return text
    }

    package func flag(_ name: String) -> Bool { fields[name] == "true" }

    /// A whole number; `nil` where the field has none.
    package func count(_ name: String) -> Int? {
        text(name).flatMap { Int($0) ?? Double($0).flatMap { Int(exactly: $0.rounded()) } }
    }

    /// The moment that a date or datetime names.
    package func moment(_ name: String) -> Instant? {
        text(name).flatMap { LogCalendar.moment($0) }
    }

    /// The moment from which on what was due on the field's day is late.
    package func dueEnd(_ name: String) -> Instant? {
        moment(name).map { LogCalendar.end(of: LogCalendar.day(of: $0)) }
    }

    /// Those of a multi-select field's values, or of a list between commas or semicolons.
    package func list(_ name: String) -> [String] {
        (text(name) ?? "").split { $0 == ";" || $0 == "," || $0.isNewline }
            .map { $0.trimmingWhitespace }.filter { !$0.isEmpty }
    }
}

extension StringProtocol {
    /// The text without the blanks at its ends.
    var trimmingWhitespace: String {
        let rest = drop { $0.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}

/// Reads the content of entries, which anybody with the office's rights may have filled.
struct ContentReader {
    private let members: [String: CanonicalJSON]

    init(_ members: [String: CanonicalJSON]) {
        self.members = members
    }

    init(_ value: CanonicalJSON?, _ name: String) throws(LogFormatError) {
        guard case .object(let members) = value else {
            throw LogFormatError("log entry", name, "is not an object")
        }
        self.members = members
    }

    subscript(name: String) -> CanonicalJSON? { members[name] }

    /// - Throws: `LogFormatError` where the text is missing or blank.
    func text(_ name: String) throws(LogFormatError) -> String {
        guard case .string(let text) = members[name], text.contains(where: { !$0.isWhitespace })
        else { throw LogFormatError("log entry", name, "is no text") }
        return text
    }

    func optionalText(_ name: String) -> String? {
        guard case .string(let text) = members[name], !text.isEmpty else { return nil }
        return text
    }

    /// - Throws: `LogFormatError` where there is no moment.
    func moment(_ name: String) throws(LogFormatError) -> Instant {
        guard let moment = LogCalendar.moment(try text(name)) else {
            throw LogFormatError("log entry", name, "is no moment")
        }
        return moment
    }

    /// A whole number, written as one or as text; no more than a number of the log can be, so that
    /// a few can be added up.
    func count(_ name: String) throws(LogFormatError) -> Int {
        let count: Int? =
            switch members[name] {
            case .integer(let count): count
            case .string(let text): Int(text)
            default: nil
            }
        guard let count, 0...CanonicalJSON.integerMax ~= count else {
            throw LogFormatError("log entry", name, "is no count")
        }
        return count
    }

    /// The texts of a list; none where there is no list.
    func texts(_ name: String) -> [String] {
        guard case .array(let values) = members[name] else { return [] }
        return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func object(_ name: String) throws(LogFormatError) -> ContentReader {
        try ContentReader(members[name], name)
    }
}

extension PublicFacts {
    /// What an entry tells of a record.
    ///
    /// - Throws: `LogFormatError` where it has no id, moment or fields.
    init(_ entry: LogEntry, index: Int) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        guard case .object(let values) = entry.content["fields"] ?? .object([:]) else {
            throw LogFormatError("log entry", "fields", "is not an object")
        }
        var fields: [String: String] = [:]
        for (name, value) in values {
            fields[name] = Self.text(of: value)
        }
        self.init(
            index: index,
            id: try content.text("id"),
            org: content.optionalText("org"),
            at: try content.moment("at"),
            fields: fields,
            sealed: Set(entry.commitments.keys)
        )
    }

    private static func text(of value: CanonicalJSON) -> String? {
        switch value {
        case .string(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .null, .array, .object: nil
        }
    }
}
