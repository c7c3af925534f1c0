import ArgumentParser
import Crypto
import Foundation
import Metadata

/// The keys that backups are sealed with: one for each org, `keys/orgs/ID.key`, and one for what is
/// the deployment's, derived from `keys/deployment.key`.
///
/// Whoever has a backup and not these keys has nothing. An org whose key is gone cannot be restored
/// from any backup.
struct BackupKeys {
    private let folder: URL

    /// - Parameter folder: the folder `keys` of a deployment, or a copy of it.
    init(_ folder: URL) {
        self.folder = folder
    }

    /// The key of a file of a backup.
    ///
    /// - Parameters:
    ///   - path: within the backup.
    ///   - isNew: makes an org's key where there is none.
    func key(of path: String, isNew: Bool) throws -> SymmetricKey {
        let parts = path.split(separator: "/")
        guard parts.first == "orgs", parts.count > 2 else { return try deploymentKey() }
        return try orgKey(String(parts[1]), isNew: isNew)
    }

    private func deploymentKey() throws -> SymmetricKey {
        let file = folder.appending(path: "deployment.key")
        guard let bytes = try? Data(contentsOf: file) else {
            throw ValidationError("there is no key \(file.path)")
        }
        return HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes),
            info: Data("steward backup 1".utf8),
            outputByteCount: 32
        )
    }

    private func orgKey(_ org: String, isNew: Bool) throws -> SymmetricKey {
        guard (try? RecordID(org)) != nil else {
            throw ValidationError("`\(org)` in the backup is no id of an org")
        }
        let file = folder.appending(path: "orgs/\(org).key")
        if let bytes = try? Data(contentsOf: file), bytes.count == 32 {
            return SymmetricKey(data: bytes)
        }
        guard isNew, !FileManager.default.fileExists(atPath: file.path) else {
            throw ValidationError(
                "there is no key \(file.path): without it the org \(org) cannot be restored"
            )
        }
        let key = SymmetricKey(size: .bits256)
        try SecretFile.make(key.withUnsafeBytes { Data($0) }, at: file)
        return key
    }
}
