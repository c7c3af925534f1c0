import Foundation

/// What a log commits to: that its first entries, this many, have this root.
///
/// Source: C2SP tlog-checkpoint, "Note text".
package struct Checkpoint: Hashable, Sendable {
    /// The log's name.
    package let origin: String
    /// The number of entries.
    package let size: Int
    package let root: TreeHash
    /// Lines that other logs may add; ours adds none.
    package let extensions: [String]

    package init(origin: String, size: Int, root: TreeHash) {
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// The text that is signed.
    package var text: String {
        ([origin, "\(size)", "\(root)"] + extensions).map { "\($0)\n" }.joined()
    }

    /// Reads the text of a checkpoint.
    ///
    /// - Throws: `LogFormatError` naming the line that is not as it should be.
    package init(_ text: String) throws(LogFormatError) {
        let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard lines.count >= 4, lines.last == "" else {
            throw LogFormatError("checkpoint", "text", "has fewer than three lines")
        }
        guard lines.dropLast().allSatisfy({ !$0.isEmpty }) else {
            throw LogFormatError("checkpoint", "text", "has an empty line")
        }
        origin = lines[0]
        guard let size = Decimal.read(lines[1]) else {
            throw LogFormatError("checkpoint", "size", "`\(lines[1])` is not a number of entries")
        }
        guard let root = StrictBase64.decode(lines[2]).flatMap({ TreeHash($0) }) else {
            throw LogFormatError("checkpoint", "root", "`\(lines[2])` is not 32 bytes in base64")
        }
        guard size > 0 || root == .emptyRoot else {
            throw LogFormatError("checkpoint", "root", "is not that of a tree without entries")
        }
        self.size = size
        self.root = root
        extensions = Array(lines[3..<(lines.count - 1)])
    }
}

extension Checkpoint {
    /// Reads a checkpoint that a log has signed.
    ///
    /// - Throws: `LogFault` when the note is no checkpoint, of another log than the key's, or not
    ///   signed by the key.
    package init(_ note: SignedNote, signedBy log: VerifierKey) throws(LogFault) {
        do {
            self = try Checkpoint(note.text)
        } catch {
            throw LogFault("checkpoint", .malformed(error))
        }
        guard origin.hasSameBytes(as: log.name) else { throw LogFault("checkpoint", .wrongOrigin) }
        guard try !note.verifiedSignatures(by: log).isEmpty else {
            throw LogFault("checkpoint", .notSignedByLog)
        }
    }
}
