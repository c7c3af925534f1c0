import Foundation
package import Metadata
import Store

extension SQLiteStore {
    /// Copies an org's records, as they are now, to their place in another deployment's folder.
    package func backUp(_ org: OrgID, into directory: String) async throws {
        let folder = "\(directory)/orgs/\(org)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try await backUp(org, to: "\(folder)/records.sqlite")
    }
}

extension PlatformStore {
    /// Copies the directory, as it is now, into a new file.
    package func backUp(to path: String) async throws {
        try readers.read { try $0.backUp(to: path) }
    }

    /// Forgets what is kept in memory: another process has changed the file.
    package func forgetCached() {
        sessions.remove { _ in true }
        orgCache.withLock { cache in
            cache.generation += 1
            cache.known.removeAll()
        }
    }
}

extension PlatformStore {
    /// Takes away the logins of an org that could not be made.
    package func removeLogins(of org: OrgID) async throws {
        try await writer.write { connection in
            try connection.execute("DELETE FROM login WHERE org = ?", [.integer(org.record.number)])
        }
    }
}
