import ArgumentParser
import Crypto
import Foundation
import Kernel
import Metadata

/// Whose signatures a deployment counts: `accountability/deciders.json` in its folder, a list of
/// `{"name":…,"chain":…,"publicKey":…}` with the key's 32 bytes in base64.
struct DecidersFile {
    let url: URL

    init(_ data: DataFolder) {
        url = data.url.appending(path: "accountability/deciders.json")
    }

    /// - Throws: `ValidationError` that names the file, the decider and the member at fault.
    func read() throws -> RestrictionAuthority {
        guard let data = try? Data(contentsOf: url) else {
            throw ValidationError("there is no \(url.path): it names the deciders and their keys")
        }
        let list: [JSONValue]
        do {
            list = try JSONParser.parse([UInt8](data)).array ?? []
        } catch {
            throw ValidationError("\(url.path): \(error)")
        }
        let deciders = try list.enumerated().map { number, value in
            func text(_ name: String) throws -> String {
                guard let text = value.object?[name]?.string, !text.isEmpty else {
                    throw ValidationError("\(url.path): decider \(number + 1) has no `\(name)`")
                }
                return text
            }
            guard let bytes = Data(base64Encoded: try text("publicKey")),
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else {
                throw ValidationError(
                    "\(url.path): `publicKey` of decider \(number + 1) is not 32 bytes in base64"
                )
            }
            return RestrictionAuthority.Decider(
                name: try text("name"),
                chain: try text("chain"),
                key: key
            )
        }
        guard Set(deciders.map(\.name)).count == deciders.count else {
            throw ValidationError("\(url.path): two deciders have one name")
        }
        return RestrictionAuthority(deciders)
    }
}
