package import Crypto
import Foundation

/// A named private key that signs notes; whoever has it can speak for the log or witness.
///
/// Its text is `PRIVATE+KEY+<name>+<key ID in hex>+<base64 of type and seed>`. It does not describe
/// itself by that text, so that it does not slip into what is printed.
///
/// Source: golang.org/x/mod, `sumdb/note`, `NewSigner`.
package struct SigningKey: Sendable {
    package let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    /// - Throws: `LogFormatError` when the name is not one of a key.
    package init(
        name: String,
        kind: VerifierKey.Kind,
        key: Curve25519.Signing.PrivateKey = .init()
    ) throws(LogFormatError) {
        verifier = try VerifierKey(name: name, kind: kind, key: key.publicKey)
        self.key = key
    }

    /// Reads the text form.
    ///
    /// - Throws: `LogFormatError` when a part is missing or malformed, or the ID is not the key's.
    package init(_ text: String) throws(LogFormatError) {
        let prefix = "PRIVATE+KEY+"
        guard text.utf8.starts(with: prefix.utf8) else {
            throw LogFormatError("signing key", "text", "does not begin with `\(prefix)`")
        }
        let parts = try KeyText.parts(
            of: text.dropFirst(prefix.count),
            format: "signing key"
        )
        guard let kind = VerifierKey.Kind(rawValue: parts.kind) else {
            throw LogFormatError("signing key", "type", "\(parts.kind) is not known")
        }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: parts.key) else {
            throw LogFormatError("signing key", "key", "is not 32 bytes")
        }
        try self.init(name: parts.name, kind: kind, key: key)
        guard verifier.id == parts.id else {
            throw LogFormatError("signing key", "key ID", "is not that of the name and key")
        }
    }

    /// The text form, to be kept secret.
    package var secretText: String {
        let encoded = (Data([verifier.kind.rawValue]) + key.rawRepresentation)
        let id = KeyID.hex(verifier.id)
        return "PRIVATE+KEY+\(verifier.name)+\(id)+\(encoded.base64EncodedString())"
    }

    /// Signs a note's text, without the time.
    func sign(_ text: String) throws -> NoteSignature {
        precondition(verifier.kind == .note, "a witness signs with the time")
        return NoteSignature(by: verifier, try key.signature(for: Data(text.utf8)))
    }

    /// Cosigns a checkpoint's text at a time.
    func cosign(_ text: String, at time: CosignatureTime) throws -> NoteSignature {
        precondition(verifier.kind == .cosignature, "a log signs without the time")
        let message = Cosignature.message(text, at: time)
        let signature = try key.signature(for: message)
        return NoteSignature(by: verifier, Cosignature.encode(signature, at: time))
    }
}
