import Crypto
import Foundation

/// Seals the few small secrets that must be readable again, such as the consumer secrets of OAuth
/// apps, under the deployment's key.
///
/// Passwords and tokens are not among them: those are hashed, and nobody can read them back.
///
/// A sealed secret is bound to its *context*, a text that says what it belongs to; copied to another
/// place it does not open. The form is `box1$` and the base64 of nonce, ciphertext and tag
/// (ChaCha20-Poly1305, RFC 8439).
package struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// How long a deployment key is.
    package static let keySizeBytes = 32

    /// - Parameter deploymentKey: 32 random bytes, the same for the life of the deployment. The key
    ///   that seals is derived from it, so the deployment key can serve other ends too.
    /// - Throws: `SecretBox.Failure.keySize` if it is not 32 bytes long.
    package init(deploymentKey: [UInt8]) throws(Failure) {
        guard deploymentKey.count == Self.keySizeBytes else { throw .keySize }
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: deploymentKey),
            info: Data("steward secret box 1".utf8),
            outputByteCount: Self.keySizeBytes
        )
    }

    /// A new deployment key.
    ///
    /// It must be kept where backups of the data are not: both together open every secret.
    package static func makeDeploymentKey() -> [UInt8] {
        RandomBytes.make(keySizeBytes)
    }

    /// Seals a secret for one place.
    ///
    /// The context says what it belongs to, for example the app's record ID and the field's name. The
    /// same text opens it.
    package func seal(_ secret: String, for context: String) throws -> String {
        let box = try ChaChaPoly.seal(
            Data(secret.utf8),
            using: key,
            authenticating: Data(context.utf8)
        )
        return Self.prefix + box.combined.base64EncodedString()
    }

    /// Opens what `seal` made.
    ///
    /// - Throws: `SecretBox.Failure.malformed` if the text is not a sealed secret, `.unopenable` if
    ///   it was changed, belongs to another context, or was sealed under another deployment's key.
    package func open(_ sealed: String, for context: String) throws(Failure) -> String {
        guard sealed.hasPrefix(Self.prefix),
            let combined = Data(base64Encoded: String(sealed.dropFirst(Self.prefix.count))),
            let box = try? ChaChaPoly.SealedBox(combined: combined)
        else { throw .malformed }
        guard
            let secret = try? ChaChaPoly.open(
                box,
                using: key,
                authenticating: Data(context.utf8)
            ),
            let text = String(bytes: secret, encoding: .utf8)
        else { throw .unopenable }
        return text
    }

    private static let prefix = "box1$"

    /// Why a key was refused or a secret did not open.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case keySize
        case malformed
        case unopenable

        package var description: String {
            switch self {
            case .keySize: "a deployment key must be \(SecretBox.keySizeBytes) bytes long"
            case .malformed: "this is not a sealed secret"
            case .unopenable:
                "a sealed secret does not open: it was changed or moved, or sealed under another "
                    + "deployment key"
            }
        }
    }
}
