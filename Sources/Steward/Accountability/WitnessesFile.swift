import Accountability
import ArgumentParser
import Foundation
import Metadata

/// Which witnesses vouch for a deployment's log: `accountability/witnesses.json` in its folder,
/// `{"quorum":2,"witnesses":[{"url":"https://…","key":"<name>+<id>+<key>"}]}`.
struct WitnessesFile: Sendable {
    /// Those named, how many of them must vouch, and where each is asked.
    struct Contents: Sendable {
        let policy: WitnessPolicy
        let bases: [HTTPFetch.Base]
    }

    let url: URL

    init(_ data: DataFolder) {
        url = data.url.appending(path: "accountability/witnesses.json")
    }

    /// - Returns: `nil` where there is no such file: then nobody is asked.
    /// - Throws: `ValidationError` that names the file, the witness and the member at fault.
    func read() throws -> Contents? {
        guard let data = try? Data(contentsOf: url) else { return nil }
        do {
            return try contents(of: data)
        } catch let error as ValidationError {
            throw error
        } catch {
            throw ValidationError("\(url.path): \(error)")
        }
    }

    private func contents(of data: Data) throws -> Contents {
        let json = try JSONParser.parse([UInt8](data))
        guard let list = json["witnesses"]?.array else {
            throw ValidationError("\(url.path): `witnesses` is no list")
        }
        var keys: [VerifierKey] = []
        var bases: [HTTPFetch.Base] = []
        for (number, value) in list.enumerated() {
            func text(_ name: String) throws -> String {
                guard let text = value[name]?.string, !text.isEmpty else {
                    throw ValidationError(
                        "\(url.path): witness \(number + 1) has no `\(name)`"
                    )
                }
                return text
            }
            keys.append(try VerifierKey(try text("key")))
            bases.append(try HTTPFetch.Base(try text("url")))
        }
        guard let quorum = json["quorum"]?.number?.int64 else {
            throw ValidationError("\(url.path): `quorum` is no number")
        }
        let policy = try WitnessPolicy(witnesses: keys, quorum: Int(clamping: quorum))
        return Contents(policy: policy, bases: bases)
    }
}
