import ArgumentParser
import Foundation
import Metadata

/// Which org is the operator's own, in which the casework of accountability is done:
/// `accountability/office` in the deployment's folder, the org's id.
struct OfficeFile: Sendable {
    let url: URL

    init(_ data: DataFolder) {
        url = data.url.appending(path: "accountability/office")
    }

    /// - Throws: `ValidationError` where the file holds no org id.
    func org() throws -> OrgID? {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        guard let id = try? RecordID(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ValidationError("\(url.path) holds no org id")
        }
        return OrgID(id)
    }

    func write(_ org: OrgID) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data("\(org)\n".utf8).write(to: url, options: .atomic)
    }
}
