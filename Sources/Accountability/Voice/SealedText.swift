package import Crypto
package import Foundation
import Kernel
import Metadata

/// A text that only those can read to whom it was sealed: whoever keeps it reads nothing.
///
/// The text is encrypted under a key of its own (ChaCha20-Poly1305, RFC 8439), and that key once for
/// each recipient (HPKE in base mode, RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
/// ChaCha20-Poly1305). Written as JSON:
/// `{"sealed":1,"keys":[{"id":…,"enc":…,"key":…}],"box":…}`, bytes in base64.
package struct SealedText: Sendable, Hashable {
    /// What a text is; one that was sealed as something else does not open.
    package enum Purpose: String, Sendable, CaseIterable {
        case concern, identity, message, file
    }

    struct Wrapped: Sendable, Hashable {
        let id: String
        /// The encapsulated key.
        let enc: Data
        /// The text's own key, encrypted.
        let key: Data
    }

    private let keys: [Wrapped]
    private let box: Data

    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    /// More recipients than any office has.
    private static let recipientsMax = 64

    /// Seals bytes to everybody who is to read them.
    ///
    /// - Throws: `RecordError` where there is nobody, or too many.
    package init(
        _ bytes: Data,
        as purpose: Purpose,
        to readers: [Curve25519.KeyAgreement.PublicKey]
    ) throws {
        guard 1...Self.recipientsMax ~= readers.count else {
            throw RecordError(.invalidOperation, "a text is sealed to 1 to 64 readers")
        }
        let key = SymmetricKey(size: .bits256)
        let plain = key.withUnsafeBytes { Data($0) }
        let info = Self.info(purpose)
        keys = try readers.map { reader in
            var sender = try HPKE.Sender(recipientKey: reader, ciphersuite: Self.suite, info: info)
            return Wrapped(
                id: Self.id(of: reader),
                enc: sender.encapsulatedKey,
                key: try sender.seal(plain)
            )
        }
        box = try ChaChaPoly.seal(bytes, using: key, authenticating: info).combined
    }

    /// Reads the text with one of the keys that it was sealed to.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` where it was not sealed to the key, or was changed.
    package func open(
        as purpose: Purpose,
        with key: Curve25519.KeyAgreement.PrivateKey
    ) throws -> Data {
        let id = Self.id(of: key.publicKey)
        for wrapped in keys where wrapped.id == id {
            guard
                var recipient = try? HPKE.Recipient(
                    privateKey: key,
                    ciphersuite: Self.suite,
                    info: Self.info(purpose),
                    encapsulatedKey: wrapped.enc
                ), let plain = try? recipient.open(wrapped.key),
                let sealed = try? ChaChaPoly.SealedBox(combined: box),
                let bytes = try? ChaChaPoly.open(
                    sealed,
                    using: SymmetricKey(data: plain),
                    authenticating: Self.info(purpose)
                )
            else { continue }
            return bytes
        }
        throw RecordError(
            .invalidInput,
            "this key does not open the text: it is sealed to "
                + keys.map(\.id).joined(separator: ", ")
        )
    }

    /// The first 16 hexadecimal digits of the SHA-256 of a public key.
    package static func id(of key: Curve25519.KeyAgreement.PublicKey) -> String {
        String(PolicyDigest.of(key.rawRepresentation).prefix(16))
    }

    private static func info(_ purpose: Purpose) -> Data {
        Data("steward sealed text 1 \(purpose.rawValue)".utf8)
    }
}

extension SealedText {
    /// As it is kept.
    package var text: String {
        let list = keys.map { wrapped in
            JSONValue.object([
                "id": .string(wrapped.id), "enc": .string(wrapped.enc.base64EncodedString()),
                "key": .string(wrapped.key.base64EncodedString()),
            ])
        }
        let json: JSONObject = [
            "sealed": .number(JSONNumber(Int64(1))), "keys": .array(list),
            "box": .string(box.base64EncodedString()),
        ]
        return json.storedText
    }

    /// Reads what `text` wrote; whether anybody can open it is not known by that.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` for anything else.
    package init(text: String) throws {
        func bytes(_ value: JSONValue?, _ name: String) throws -> Data {
            guard let data = value?.string.flatMap({ Data(base64Encoded: $0) }) else {
                throw RecordError(.invalidInput, "sealed: `\(name)` is not base64")
            }
            return data
        }
        guard let json = (try? JSONParser.parse(text))?.object,
            json["sealed"]?.number?.literal == "1",
            let list = json["keys"]?.array, 1...Self.recipientsMax ~= list.count
        else { throw RecordError(.invalidInput, "sealed: this is no sealed text") }
        keys = try list.map { item in
            guard let id = item.object?["id"]?.string, id.utf8.count == 16 else {
                throw RecordError(.invalidInput, "sealed: a key has no `id` of 16 digits")
            }
            return Wrapped(
                id: id,
                enc: try bytes(item.object?["enc"], "enc"),
                key: try bytes(item.object?["key"], "key")
            )
        }
        box = try bytes(json["box"], "box")
    }

    /// Whether it is sealed to a key, by what it says itself.
    package func isSealed(to key: Curve25519.KeyAgreement.PublicKey) -> Bool {
        keys.contains { $0.id == Self.id(of: key) }
    }
}
