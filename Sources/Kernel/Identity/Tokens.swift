import Crypto
import Foundation

/// A random text that admits whoever holds it: a session, a refresh token, an authorization code.
///
/// It is shown once, to the one who gets it; what is stored is its digest.
package struct OpaqueToken: Sendable {
    /// 43 characters of `A-Z a-z 0-9 - _`, 256 bits of chance.
    package let text: String

    package init() {
        text = Base64URL.encode(RandomBytes.make(32))
    }
}

/// The SHA-256 of a token, by which it is stored and found again.
///
/// A plain hash is enough, and is quick, because a token is random and too long to guess; a password
/// is neither, so it gets `PasswordHash`.
package struct TokenDigest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits: the stored form.
    package let description: String

    /// - Parameter token: the whole text as the client sends it, any prefix included.
    package init(of token: String) {
        let digest = SHA256.hash(data: Array(token.utf8))
        let digits = Array("0123456789abcdef".utf8)
        description = String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// Takes a digest that was stored.
    package init(stored text: String) {
        description = text
    }
}

/// The signature in the response of the OAuth token endpoint.
///
/// Clients recompute it to see that the response comes from someone who knows their consumer secret.
/// Source: "OAuth 2.0 Username-Password Flow", Salesforce Help, the `signature` parameter.
package enum TokenResponseSignature {
    /// - Parameters:
    ///   - identityURL: the response's `id`.
    ///   - issuedAt: the response's `issued_at`: milliseconds since 1970 in decimal digits.
    ///   - consumerSecret: the app's secret.
    /// - Returns: base64 of the HMAC-SHA256 over both texts, one right after the other.
    package static func sign(
        identityURL: String,
        issuedAt: String,
        consumerSecret: String
    ) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data((identityURL + issuedAt).utf8),
            using: SymmetricKey(data: Data(consumerSecret.utf8))
        )
        return Data(code).base64EncodedString()
    }
}

/// What a client said at the start of an authorization, so that only the same client can finish it.
///
/// Source: RFC 7636 (PKCE).
package struct CodeChallenge: Hashable, Sendable {
    /// How the challenge was made from the verifier.
    package enum Method: String, Sendable {
        case plain
        case sha256 = "S256"
    }

    package let method: Method
    package let text: String

    /// Reads a challenge, or is `nil` for an unknown method or a text that no verifier can lead to:
    /// the request is then an `invalid_request`.
    ///
    /// - Parameters:
    ///   - text: the request's `code_challenge`.
    ///   - method: the request's `code_challenge_method`; absent, it means `plain`.
    package init?(_ text: String, method: String?) {
        guard let method = Method(rawValue: method ?? Method.plain.rawValue),
            Self.isWellFormed(text), method == .plain || text.utf8.count == 43
        else { return nil }
        self.method = method
        self.text = text
    }

    /// Whether `verifier`, the token request's `code_verifier`, is the one the challenge came from.
    package func accepts(_ verifier: String) -> Bool {
        guard Self.isWellFormed(verifier) else { return false }
        switch method {
        case .plain:
            return ConstantTime.areEqual(verifier, text)
        case .sha256:
            let digest = Array(SHA256.hash(data: Data(verifier.utf8)))
            return ConstantTime.areEqual(Base64URL.encode(digest), text)
        }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.allSatisfy { character in
                character.isASCII
                    && (character.isLetter || character.isNumber || "-._~".contains(character))
            }
    }
}

/// Comparing secrets in a time that does not tell where they differ.
package enum ConstantTime {
    /// Whether the bytes are the same.
    ///
    /// Only the lengths can be learned from the time it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices {
            difference |= left[index] ^ right[index]
        }
        return difference == 0
    }

    /// Whether the texts are the same, byte for byte.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(Array(left.utf8), Array(right.utf8))
    }
}

/// Base64 for URLs and headers, without padding.
///
/// Source: RFC 4648, section 5.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = Data(bytes).base64EncodedString()
        text.replace("+", with: "-")
        text.replace("/", with: "_")
        text.replace("=", with: "")
        return text
    }
}

/// Bytes that nobody can foretell, from the system's generator.
enum RandomBytes {
    static func make(_ count: Int) -> [UInt8] {
        var chance = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
    }
}
