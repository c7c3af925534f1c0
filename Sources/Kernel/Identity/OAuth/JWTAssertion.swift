import Crypto
import CryptoExtras
import Foundation
import Metadata

/// A signed statement of a client that it acts for a user.
///
/// Source: RFC 7523, and RFC 7515 for its form.
struct JWTAssertion {
    /// The client's id.
    let issuer: String
    /// The user's name.
    let subject: String
    private let audiences: [String]
    private let expiresAtSeconds: Int64
    private let signed: Data
    private let signature: Data

    /// How far clocks may differ.
    private static let skewSeconds: Int64 = 180
    /// How far ahead an assertion may expire: a stolen one should not be of use for long.
    private static let longestSeconds: Int64 = 3_600

    /// Takes an assertion apart; what it says is not to be believed before `isSigned`.
    init(_ text: String) throws(OAuthError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count <= 16_384,
            let header = Self.object(parts[0]), header["alg"]?.string == "RS256",
            let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let issuer = claims["iss"]?.string,
            let subject = claims["sub"]?.string ?? claims["prn"]?.string,
            let expiresAtSeconds = Self.seconds(claims["exp"])
        else { throw .wrongAssertion }
        self.issuer = issuer
        self.subject = subject
        audiences = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string ?? ""]
        self.expiresAtSeconds = expiresAtSeconds
        signed = Data("\(parts[0]).\(parts[1])".utf8)
        self.signature = signature
    }

    /// Whether the holder of a key signed it.
    ///
    /// `publicKey`: an RSA key of 2,048 bits or more, in PEM form.
    func isSigned(by publicKey: String) -> Bool {
        guard let key = try? _RSA.Signing.PublicKey(pemRepresentation: publicKey) else {
            return false
        }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature),
            for: signed,
            padding: .insecurePKCS1v1_5
        )
    }

    /// Whether it is meant for one of us, and still good.
    func isValid(for ours: [String], at now: Instant) -> Bool {
        let seconds = now.milliseconds / 1_000
        let isMeant = audiences.contains { audience in
            ours.contains { audience == $0 || audience.hasPrefix($0 + "/") }
        }
        return isMeant && seconds <= expiresAtSeconds &+ Self.skewSeconds
            && expiresAtSeconds <= seconds + Self.longestSeconds
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        return try? JSONParser.parse(Array(bytes)).object
    }

    /// Seconds since 1970; some clients send them as a string.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        let double = value?.number?.double ?? value?.string.flatMap(Double.init)
        guard let double, (0...1e12).contains(double) else { return nil }
        return Int64(double)
    }
}

extension Base64URL {
    static func decode(_ text: Substring) -> Data? {
        var base64 = String(text).replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: base64)
    }
}
