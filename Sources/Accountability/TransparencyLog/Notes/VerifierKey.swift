package import Crypto
import Foundation

/// A named public key that a log or a witness signs notes with.
///
/// Its text is `<name>+<key ID in hex>+<base64 of type and key>`, known as a vkey.
///
/// Source: C2SP signed-note, "Signatures" and "Signature types"; the text form is that of
/// golang.org/x/mod, `sumdb/note`, `NewVerifier`.
package struct VerifierKey: Sendable {
    /// What the key signs, and in which form.
    package enum Kind: UInt8, Hashable, Sendable {
        /// A note's text as it is.
        case note = 0x01
        /// A checkpoint with the time, as its witness.
        case cosignature = 0x04
    }

    package let name: String
    package let kind: Kind
    package let key: Curve25519.Signing.PublicKey
    /// The first four bytes of the hash of the name, the kind and the key.
    package let id: UInt32

    /// - Throws: `LogFormatError` when the name is not one of a key.
    package init(
        name: String,
        kind: Kind,
        key: Curve25519.Signing.PublicKey
    ) throws(LogFormatError) {
        guard KeyName.isValid(name) else {
            throw LogFormatError("verifier key", "name", "`\(name)` is empty or has spaces or `+`")
        }
        self.name = name
        self.kind = kind
        self.key = key
        id = Self.id(name: name, encoded: Self.encode(kind, key))
    }

    private static func encode(_ kind: Kind, _ key: Curve25519.Signing.PublicKey) -> Data {
        Data([kind.rawValue]) + key.rawRepresentation
    }

    private static func id(name: String, encoded: Data) -> UInt32 {
        var hash = SHA256()
        hash.update(data: Data(name.utf8))
        hash.update(data: [0x0a])
        hash.update(data: encoded)
        return hash.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension VerifierKey: Hashable {
    package static func == (one: VerifierKey, other: VerifierKey) -> Bool {
        one.description.hasSameBytes(as: other.description)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}

extension VerifierKey: CustomStringConvertible {
    package var description: String {
        let encoded = Self.encode(kind, key).base64EncodedString()
        return "\(name)+\(KeyID.hex(id))+\(encoded)"
    }

    /// Reads the text form.
    ///
    /// - Throws: `LogFormatError` when a part is missing or malformed, the ID is not the key's, or
    ///   the kind is none that is known.
    package init(_ text: String) throws(LogFormatError) {
        let parts = try KeyText.parts(of: text[...], format: "verifier key")
        guard let kind = Kind(rawValue: parts.kind) else {
            throw LogFormatError("verifier key", "type", "\(parts.kind) is not known")
        }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: parts.key) else {
            throw LogFormatError("verifier key", "key", "is not 32 bytes")
        }
        try self.init(name: parts.name, kind: kind, key: key)
        guard id == parts.id else {
            throw LogFormatError("verifier key", "key ID", "is not that of the name and key")
        }
    }
}

/// A key's ID as it is written within the texts of keys.
enum KeyID {
    static func hex(_ id: UInt32) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// What the text forms of verifier and signing keys have in common.
enum KeyText {
    struct Parts {
        let name: String
        let id: UInt32
        let kind: UInt8
        let key: Data
    }

    /// The parts of `<name>+<key ID>+<base64>`.
    static func parts(of text: Substring, format: String) throws(LogFormatError) -> Parts {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw LogFormatError(format, "text", "has no name, key ID and key with `+` between")
        }
        let isHex = parts[1].utf8.count == 8 && parts[1].utf8.allSatisfy(isHexDigit)
        guard isHex, let id = UInt32(parts[1], radix: 16) else {
            throw LogFormatError(format, "key ID", "is not eight hexadecimal digits")
        }
        guard let encoded = StrictBase64.decode(parts[2]), let kind = encoded.first else {
            throw LogFormatError(format, "key", "is not base64")
        }
        return Parts(name: String(parts[0]), id: id, kind: kind, key: encoded.dropFirst())
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 97...102 ~= byte || 65...70 ~= byte
    }
}
