import ArgumentParser
import Foundation
import Metadata

/// Reads a project in Salesforce's source format, or in the older Metadata API format.
enum SalesforceFolder {
    /// Folders in which no metadata of the project itself lies.
    private static let passedOver: Set<String> = ["node_modules", "datasets", "dist", "build"]

    /// What `sfdx-project.json` says of the project, where there is one.
    struct Description: Decodable {
        struct PackageDirectory: Decodable {
            let path: String?
            let isDefault: Bool?

            enum CodingKeys: String, CodingKey {
                case path
                case isDefault = "default"
            }
        }

        let name: String?
        let packageDirectories: [PackageDirectory]?
    }

    /// The project in a folder, and what it may be called.
    ///
    /// - Throws: `ValidationError` where it is no folder or holds no metadata.
    static func project(_ folder: URL) throws -> (project: SalesforceProject, label: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw ValidationError("there is no folder \(folder.path)") }
        let base = folder.standardizedFileURL
        let description = description(base)
        let order = (description?.packageDirectories ?? [])
            .sorted { ($0.isDefault ?? false) && !($1.isDefault ?? false) }
            .compactMap(\.path)
            .map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
        let rank = { (path: String) in
            order.firstIndex { path.hasPrefix($0 + "/") } ?? order.count
        }
        let paths = try paths(base).sorted { (rank($0), $0) < (rank($1), $1) }
        let files = paths.map { path in
            SalesforceProject.File(path: path, bytes: bytes(base.appending(path: path), path))
        }
        guard files.contains(where: { SalesforceProject.reads($0.path) }) else {
            throw ValidationError("there is no metadata in Salesforce's format in \(base.path)")
        }
        return (SalesforceProject(files), description?.name ?? base.lastPathComponent)
    }

    private static func description(_ base: URL) -> Description? {
        guard let data = try? Data(contentsOf: base.appending(path: "sfdx-project.json")) else {
            return nil
        }
        return try? JSONDecoder().decode(Description.self, from: data)
    }

    private static func paths(_ base: URL) throws -> [String] {
        guard let names = FileManager.default.enumerator(atPath: base.path) else {
            throw ValidationError("the folder \(base.path) cannot be read")
        }
        var paths: [String] = []
        while let name = names.nextObject() as? String {
            let last = name.split(separator: "/").last.map(String.init) ?? name
            if last.hasPrefix(".") || passedOver.contains(last) {
                names.skipDescendants()
            } else if last.hasSuffix("-meta.xml") || SalesforceProject.reads(name) {
                paths.append(name)
            }
        }
        return paths
    }

    /// A file's bytes; none where it cannot be read or its contents are of no interest.
    private static func bytes(_ file: URL, _ path: String) -> [UInt8] {
        guard SalesforceProject.reads(path), let data = try? Data(contentsOf: file) else {
            return []
        }
        return Array(data)
    }
}
