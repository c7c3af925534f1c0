import Accountability
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
        if let text = SecretFile.text(at: file) { return try SigningKey(text) }
        let key = try SigningKey(name: "\(try log.verifierKey().name)/statements", kind: .note)
        try SecretFile.make(key.secretText, at: file)
        return key
    }
}
