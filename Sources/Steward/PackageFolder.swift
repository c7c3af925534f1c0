import ArgumentParser
import Foundation
import Metadata

/// Reads metadata packages from the file system.
enum PackageFolder {
    /// The files of the package in a folder.
    ///
    /// - Throws: `ValidationError` where it is no folder or a file is no text.
    static func files(
        _ folder: URL,
        ofKinds kinds: [String] = [".yaml"]
    ) throws -> [MetadataPackage.File] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw ValidationError("there is no folder \(folder.path)") }
        let base = folder.standardizedFileURL.path
        guard let names = FileManager.default.enumerator(atPath: base) else {
            throw ValidationError("the folder \(base) cannot be read")
        }
        var files: [MetadataPackage.File] = []
        for case let name as String in names where kinds.contains(where: name.hasSuffix) {
            guard let text = try? String(contentsOfFile: "\(base)/\(name)", encoding: .utf8) else {
                throw ValidationError("\(base)/\(name) is no UTF-8 text")
            }
            files.append(MetadataPackage.File(path: name, text: text))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Keeps a package's files in a new or empty folder.
    ///
    /// - Throws: `ValidationError` where something else is there.
    static func write(_ files: [MetadataPackage.File], to folder: URL) throws {
        let there = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard there?.isEmpty ?? true else {
            throw ValidationError("the folder \(folder.path) is not empty: nothing was written")
        }
        for file in files {
            let url = folder.appending(path: file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: url)
        }
    }

    /// A package that comes with the program.
    static func app(_ name: String) throws -> [MetadataPackage.File] {
        try files(try apps().appending(path: name))
    }

    /// The policies that come with the program.
    static func policies() throws -> [MetadataPackage.File] {
        let folder = try shipped("policies", holding: "process/handling.yaml")
        return try files(folder, ofKinds: [".yaml", ".md"])
    }

    /// The folder with the packages that come with the program.
    static func apps() throws -> URL {
        try shipped("apps", holding: "platform/package.yaml")
    }

    /// A folder that comes with the program: named by STEWARD_APPS or the like, beside the program,
    /// or above it in a checkout.
    private static func shipped(_ name: String, holding file: String) throws -> URL {
        let variable = "STEWARD_\(name.uppercased())"
        if let named = ProcessInfo.processInfo.environment[variable] {
            return URL(fileURLWithPath: named, isDirectory: true)
        }
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let real =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(fileURLWithPath: $0) } ?? program
        let folder = real.deletingLastPathComponent()
        for candidate in [folder.appending(path: "../share/steward/\(name)")]
            + upward(folder, name)
        {
            let known = candidate.appending(path: file).path
            if FileManager.default.fileExists(atPath: known) { return candidate }
        }
        throw ValidationError(
            "the folder `\(name)` is not found near the program; set \(variable)"
        )
    }

    private static func upward(_ folder: URL, _ name: String) -> [URL] {
        var folder = folder
        var candidates: [URL] = []
        for _ in 0..<8 {
            candidates.append(folder.appending(path: name))
            folder.deleteLastPathComponent()
        }
        return candidates
    }
}
