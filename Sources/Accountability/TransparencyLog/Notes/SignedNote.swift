import Crypto
package import Foundation

/// A signature line of a note: who signed, with which key, and the bytes.
package struct NoteSignature: Hashable, Sendable {
    package let name: String
    package let keyID: UInt32
    /// The signature in the key's own form.
    package let bytes: Data

    init(by key: VerifierKey, _ bytes: some DataProtocol) {
        name = key.name
        keyID = key.id
        self.bytes = Data(bytes)
    }

    /// Whether it says that it is by a key.
    package func isBy(_ key: VerifierKey) -> Bool {
        keyID == key.id && name.hasSameBytes(as: key.name)
    }
}

/// A text with the signatures of those who vouch for it.
///
/// Source: C2SP signed-note, "Format"; where it leaves a choice, golang.org/x/mod `sumdb/note`.
package struct SignedNote: Hashable, Sendable {
    /// More signatures than this are refused, as Go's reader refuses them.
    package static let signaturesMax = 100
    /// The longest note that is read.
    package static let sizeMaxBytes = 1_000_000

    /// Lines, the last one's newline included.
    package let text: String
    package private(set) var signatures: [NoteSignature]

    /// The note with a signature more; one by the same key is replaced.
    func signed(with signature: NoteSignature) -> SignedNote {
        var note = self
        note.signatures.removeAll {
            $0.keyID == signature.keyID && $0.name.hasSameBytes(as: signature.name)
        }
        note.signatures.append(signature)
        return note
    }

    /// Checks the signatures that say that they are by a key.
    ///
    /// - Returns: them, in the note's order; none when the key has not signed.
    /// - Throws: `LogFault` when one of them is not a signature of this text.
    func verifiedSignatures(by key: VerifierKey) throws(LogFault) -> [NoteSignature] {
        let claimed = signatures.filter { $0.isBy(key) }
        for signature in claimed where !key.hasSigned(text, as: signature) {
            throw LogFault("checkpoint", .wrongSignature(name: key.name))
        }
        return claimed
    }
}

extension VerifierKey {
    /// Whether a signature says that it is this key's, and is.
    func isAuthor(of signature: NoteSignature, of text: String) -> Bool {
        signature.isBy(self) && hasSigned(text, as: signature)
    }

    /// Whether a signature is this key's, of a text, whatever it says.
    package func hasSigned(_ text: String, as signature: NoteSignature) -> Bool {
        switch kind {
        case .note:
            return key.isValidSignature(signature.bytes, for: Data(text.utf8))
        case .cosignature:
            guard let (time, bytes) = Cosignature.decode(signature.bytes) else { return false }
            return key.isValidSignature(bytes, for: Cosignature.message(text, at: time))
        }
    }
}

extension NoteSignature: CustomStringConvertible {
    /// The line, without its newline.
    package var description: String {
        let id = Data((0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) })
        return "\u{2014} \(name) \((id + bytes).base64EncodedString())"
    }

    /// Reads a line, without its newline.
    package init(_ line: some StringProtocol) throws(LogFormatError) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSameBytes(as: "\u{2014}") else {
            throw LogFormatError("signed note", "signature line", "is not a dash, name, signature")
        }
        guard KeyName.isValid(parts[1]) else {
            throw LogFormatError("signed note", "signature line", "`\(parts[1])` names no key")
        }
        guard let bytes = StrictBase64.decode(parts[2]), bytes.count > 4 else {
            throw LogFormatError("signed note", "signature line", "the signature is not base64")
        }
        name = String(parts[1])
        keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        self.bytes = Data(bytes.dropFirst(4))
    }
}

extension SignedNote {
    /// The note as it is published.
    package var bytes: Data {
        Data((text + "\n" + signatures.map { "\($0)\n" }.joined()).utf8)
    }

    /// Reads a note; its signatures are not checked by that.
    ///
    /// - Throws: `LogFormatError` when it is not UTF-8, has control characters, no signatures or
    ///   too many of them, or lines that are not signatures below the text.
    package init(_ bytes: Data) throws(LogFormatError) {
        guard bytes.count <= Self.sizeMaxBytes else {
            throw LogFormatError("signed note", "note", "is longer than a megabyte")
        }
        guard let whole = String(validating: bytes, as: UTF8.self),
            bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0a })
        else { throw LogFormatError("signed note", "note", "is not plain UTF-8 text") }
        let utf8 = Array(bytes)
        guard utf8.last == 0x0a, let blank = Self.lastBlankLine(of: utf8) else {
            throw LogFormatError("signed note", "note", "has no signatures below a blank line")
        }
        text = String(whole.utf8.prefix(blank)) ?? ""
        let lines = utf8[(blank + 1)...].dropLast().split(
            separator: 0x0a,
            omittingEmptySubsequences: false
        )
        guard 1...Self.signaturesMax ~= lines.count else {
            throw LogFormatError("signed note", "signatures", "there are \(lines.count) of them")
        }
        signatures = []
        for line in lines {
            signatures.append(try NoteSignature(String(decoding: line, as: UTF8.self)))
        }
    }

    /// Where the newline of the last empty line stands.
    private static func lastBlankLine(of utf8: [UInt8]) -> Int? {
        utf8.indices.dropFirst().last { utf8[$0] == 0x0a && utf8[$0 - 1] == 0x0a }
    }
}
