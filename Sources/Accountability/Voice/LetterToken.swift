import Crypto
import CryptoExtras
package import Foundation
import Kernel

/// Shows that somebody is entitled to sign a letter, and not who.
///
/// A blind RSA signature (RFC 9474, RSABSSA-SHA384-PSS-Randomized) over the letter's number: whoever
/// signed it has not seen it, so that it cannot be laid beside the code for which it was given.
package struct LetterToken: Sendable {
    /// 32 bytes of the signer's chance, and the text that is signed.
    package let message: Data
    package let signature: Data

    package static let nonceBytes = 32

    package init(message: Data, signature: Data) {
        self.message = message
        self.signature = signature
    }

    /// What tokens of a letter sign.
    package static func text(of letter: String) -> Data { Data("steward letter \(letter)".utf8) }

    /// What it leaves behind when it is used: it can be used once.
    var nullifier: String { PolicyDigest.of(message) }
}

/// The key by which a letter's tokens are signed and checked; there is one for each letter.
package struct LetterKey: Sendable {
    private let key: _RSA.BlindSigning.PrivateKey<SHA384>

    private static let size = _RSA.Signing.KeySize.bits2048
    private static let blindedBytes = 256

    /// A new key.
    package init() throws {
        // What is signed comes prepared, with its randomness in front; it is taken as it is.
        key = try _RSA.BlindSigning.PrivateKey(
            keySize: Self.size,
            parameters: .RSABSSA_SHA384_PSS_Deterministic
        )
    }

    /// Reads what `secret` wrote.
    ///
    /// - Throws: where it is no such key.
    package init(secret: Data) throws {
        key = try _RSA.BlindSigning.PrivateKey(
            derRepresentation: secret,
            parameters: .RSABSSA_SHA384_PSS_Deterministic
        )
    }

    package var secret: Data { key.derRepresentation }

    /// The public half as everybody checks with it: a SubjectPublicKeyInfo in base64.
    package var publicText: String { key.publicKey.derRepresentation.base64EncodedString() }

    /// Signs what cannot be read.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` where it is not a number below the modulus.
    func sign(blinded: Data) throws -> Data {
        guard blinded.count == Self.blindedBytes,
            let signature = try? key.blindSignature(for: blinded)
        else {
            throw RecordError(
                .invalidInput,
                "blinded: \(Self.blindedBytes) bytes below the key's modulus are needed"
            )
        }
        return signature.rawRepresentation
    }

    /// - Throws: `RecordError` `INVALID_INPUT` where the token is none of the letter.
    func check(_ token: LetterToken, of letter: String) throws {
        let prepared = key.publicKey.prepare(token.message)
        let signature = _RSA.Signing.RSASignature(rawRepresentation: token.signature)
        guard token.message.count == LetterToken.nonceBytes + LetterToken.text(of: letter).count,
            token.message.dropFirst(LetterToken.nonceBytes) == LetterToken.text(of: letter),
            key.publicKey.isValidSignature(signature, for: prepared)
        else { throw RecordError(.invalidInput, "signature: this is no token of the letter") }
    }
}

/// Work that shows that a signature was meant: cheap once, and dear a million times.
package enum SupporterWork {
    /// How many bits in front must be zero: about a second's work.
    package static let bits = 20

    /// The hash of a nonce for a letter.
    package static func hash(_ nonce: String, for letter: String) -> Data {
        Data(SHA256.hash(data: Data("steward letter \(letter) supporter \(nonce)".utf8)))
    }

    static func isDone(_ hash: Data) -> Bool {
        let head = hash.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return head.leadingZeroBitCount >= bits
    }
}
