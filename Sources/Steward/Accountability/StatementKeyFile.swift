import Accountability
import ArgumentParser
import Foundation

/// The key that signs statements of what is known: `keys/statements.key`; never the log's own, whose
/// signature means something else.
struct StatementKeyFile {
    private let data: DataFolder

    init(_ data: DataFolder) {
        self.data = data
    }

    /// - Returns: the key, made at first; `nil` where the deployment has no log.
    func key() throws -> SigningKey? {
        let log = DeploymentLog(data: data)
        guard log.exists else { return nil }
        let file = data.url.appending(path: "keys/statements.key")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
            return try SigningKey(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let key = try SigningKey(name: "\(try log.verifierKey().name)/statements", kind: .note)
        let made = FileManager.default.createFile(
            atPath: file.path,
            contents: Data((key.secretText + "\n").utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw ValidationError("\(file.path) cannot be written") }
        return key
    }
}
