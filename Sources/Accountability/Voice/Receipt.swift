package import Crypto
import CryptoExtras
import Dispatch
package import Foundation
import Kernel

/// What somebody gets for a concern: sixteen digits, which open its mailbox, and which nobody else
/// has.
///
/// They are told once. Kept are a digest to find the mailbox by, and the public half of a key that is
/// derived from them: what is sealed to it is read with the digits alone.
package struct Receipt: Sendable, Hashable {
    /// Sixteen digits without blanks.
    package let digits: String

    /// A new one: 53 bits of chance, which the cost of deriving makes as good as 68.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let number = UInt64.random(in: 0..<10_000_000_000_000_000, using: &generator)
        let text = String(number)
        digits = String(repeating: "0", count: 16 - text.count) + text
    }

    /// Reads what somebody typed: blanks and dashes between the digits do not count.
    ///
    /// - Returns: `nil` where it is not sixteen digits.
    package init?(typed text: String) {
        let rest = text.filter { !$0.isWhitespace && $0 != "-" && $0 != "." }
        guard rest.utf8.count == 16, rest.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        digits = rest
    }

    /// In groups of four, as people read it.
    package var text: String {
        stride(from: 0, to: 16, by: 4)
            .map { String(digits.dropFirst($0).prefix(4)) }
            .joined(separator: " ")
    }
}

/// What a deployment makes mailboxes with.
package struct ReceiptSecret: Sendable {
    private let key: SymmetricKey

    /// How long the secret is.
    package static let sizeBytes = 32

    /// The bytes of a new secret.
    package static func new() -> Data {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
    }

    /// - Throws: `RecordError` where it is not 32 bytes.
    package init(_ bytes: Data) throws {
        guard bytes.count == Self.sizeBytes else {
            throw RecordError(.invalidInput, "the secret of the receipts is not 32 bytes long")
        }
        key = SymmetricKey(data: bytes)
    }

    /// Public: who seals for themselves derives with it.
    package var salt: Data { derived("salt", 16) }

    /// What a receipt opens.
    ///
    /// It takes about a tenth of a second and 32 MiB (scrypt, RFC 7914, 2^15 rounds), so that digits
    /// cannot be tried out; one at a time, and away from the threads that answer requests.
    package func mailbox(of receipt: Receipt) async throws -> Mailbox {
        try await withCheckedThrowingContinuation { continuation in
            Self.bench.async {
                continuation.resume(with: Result { try derivedMailbox(of: receipt) })
            }
        }
    }

    private static let bench = DispatchQueue(label: "steward.receipts")

    private func derivedMailbox(of receipt: Receipt) throws -> Mailbox {
        let bytes = try KDF.Scrypt.deriveKey(
            from: Data(receipt.digits.utf8),
            salt: salt,
            outputByteCount: 64,
            rounds: 1 << 15,
            blockSize: 8,
            parallelism: 1
        ).withUnsafeBytes { Data($0) }
        return Mailbox(
            digest: digest(ofDerived: bytes.prefix(32)),
            key: try Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: bytes.suffix(32)
            )
        )
    }

    /// The digest by which a mailbox is found, from the first 32 bytes that were derived.
    package func digest(ofDerived bytes: Data) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("mailbox".utf8) + bytes,
            using: SymmetricKey(data: derived("digest", 32))
        )
        return HexText.of(Data(code))
    }

    /// A code by which a number of a sketch is kept, so that whoever has the records alone cannot try
    /// texts out.
    func code(of number: UInt32, at place: Int) -> String {
        var bytes = Data([UInt8(truncatingIfNeeded: place)])
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        let code = HMAC<SHA256>.authenticationCode(
            for: bytes,
            using: SymmetricKey(data: derived("sketch", 32))
        )
        return HexText.of(Data(Data(code).prefix(2)))
    }

    private func derived(_ name: String, _ count: Int) -> Data {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            info: Data("steward receipts 1 \(name)".utf8),
            outputByteCount: count
        ).withUnsafeBytes { Data($0) }
    }
}

/// The way to one concern for whoever raised it.
package struct Mailbox: Sendable {
    /// By which it is found.
    package let digest: String
    /// Opens what is sealed to the reporter.
    package let key: Curve25519.KeyAgreement.PrivateKey
}

/// Bytes as lower-case hexadecimal digits.
enum HexText {
    static func of(_ bytes: Data) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}
