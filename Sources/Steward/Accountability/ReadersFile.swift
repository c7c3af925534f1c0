import Accountability
import ArgumentParser
import Crypto
import Foundation
import Kernel
import Metadata

/// To whom what people send in is sealed: `accountability/readers.json` in the deployment's folder, a
/// list of `{"name":…,"role":"concerns" or "identities","publicKey":…}` with the key's 32 bytes in
/// base64; and `keys/receipts.key`, by which mailboxes are made.
struct ReadersFile {
    private let list: URL
    private let secret: URL

    init(_ data: DataFolder) {
        list = data.url.appending(path: "accountability/readers.json")
        secret = data.url.appending(path: "keys/receipts.key")
    }

    /// - Returns: `nil` where nobody is named.
    /// - Throws: `ValidationError` that names the file, the reader and the member at fault.
    func read() throws -> VoiceReaders? {
        guard let data = try? Data(contentsOf: list) else { return nil }
        guard let bytes = try? Data(contentsOf: secret) else {
            throw ValidationError("there is no \(secret.path), by which mailboxes are made")
        }
        return VoiceReaders(
            try readers([UInt8](data)),
            secret: try ReceiptSecret(bytes)
        )
    }

    private func readers(_ bytes: [UInt8]) throws -> [VoiceReaders.Reader] {
        let items: [JSONValue]
        do {
            items = try JSONParser.parse(bytes).array ?? []
        } catch {
            throw ValidationError("\(list.path): \(error)")
        }
        return try items.enumerated().map { number, item in
            func text(_ name: String) throws -> String {
                guard let text = item.object?[name]?.string, !text.isEmpty else {
                    throw ValidationError("\(list.path): reader \(number + 1) has no `\(name)`")
                }
                return text
            }
            guard let role = VoiceReaders.Role(rawValue: try text("role")) else {
                throw ValidationError(
                    "\(list.path): `role` of reader \(number + 1) is concerns or identities"
                )
            }
            guard let raw = Data(base64Encoded: try text("publicKey")),
                let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: raw)
            else {
                throw ValidationError(
                    "\(list.path): `publicKey` of reader \(number + 1) is not 32 bytes in base64"
                )
            }
            return VoiceReaders.Reader(name: try text("name"), role: role, key: key)
        }
    }

    /// Adds a reader; what was sealed before stays sealed to those who were named then.
    func add(
        _ name: String,
        _ role: VoiceReaders.Role,
        _ key: Curve25519.KeyAgreement.PublicKey
    ) throws {
        var items: [JSONValue] = []
        if let data = try? Data(contentsOf: list) {
            items = try JSONParser.parse([UInt8](data)).array ?? []
        }
        guard !items.contains(where: { $0.object?["name"]?.string == name }) else {
            throw ValidationError("\(list.path) names a reader \(name)")
        }
        items.append(
            .object([
                "name": .string(name), "role": .string(role.rawValue),
                "publicKey": .string(key.rawRepresentation.base64EncodedString()),
            ])
        )
        if !FileManager.default.fileExists(atPath: secret.path) {
            try SecretFile.make(ReceiptSecret.new(), at: secret)
        }
        var writer = JSONWriter(isPretty: true)
        writer.value(.array(items))
        try Data(writer.bytes).write(to: list, options: .atomic)
    }
}
