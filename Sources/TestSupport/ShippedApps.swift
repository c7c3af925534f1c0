import Foundation
package import Metadata

/// The apps of this repository, read for tests that install them.
package enum ShippedApps {
    /// Every file of `apps/NAME`, in the order of their paths.
    package static func files(of name: String) throws -> [MetadataPackage.File] {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "apps/\(name)", directoryHint: .isDirectory)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }
            .sorted()
            .map { path in
                MetadataPackage.File(
                    path: path,
                    text: try String(contentsOf: folder.appending(path: path), encoding: .utf8)
                )
            }
    }
}
