import Foundation
package import Metadata

/// The apps of this repository, read for tests that install them.
package enum ShippedApps {
    private static var folder: URL {
        URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "apps", directoryHint: .isDirectory)
    }

    /// The apps there are, by name.
    package static var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { !$0.hasPrefix(".") }.sorted()
        }
    }

    /// Every file of `apps/NAME`, in the order of their paths.
    package static func files(of name: String) throws -> [MetadataPackage.File] {
        let folder = folder.appending(path: name, directoryHint: .isDirectory)
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
