import Foundation
import Glibc

/// What the file system refused.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let operation: String
    package let code: Int32

    package var description: String {
        "cannot \(operation) `\(path)`: \(String(cString: strerror(code)))"
    }
}

/// Files that are whole, and on disk, when writing them returns.
///
/// A file is written beside its place, flushed, and renamed into it; then its folder is flushed, so
/// that the new name is on disk too.
enum DurableFile {
    /// Writes files, and puts them in their places in the order given.
    ///
    /// All are handed to the disk before the first is waited for.
    static func write(_ files: [(path: String, bytes: Data)]) throws {
        var changed: Set<String> = []
        for folder in Set(files.map { folder(of: $0.path) }) {
            changed.formUnion(try makeFolder(folder))
            changed.insert(folder)
        }
        var drafts: [Draft] = []
        defer { for draft in drafts { draft.close() } }
        for file in files {
            drafts.append(try Draft(of: file.path))
            try drafts.last?.write(file.bytes)
        }
        for draft in drafts {
            try draft.flush()
        }
        for draft in drafts {
            try draft.place()
        }
        for folder in changed {
            try flushFolder(folder)
        }
    }

    /// The bytes of a file; nil when it is not there.
    static func read(_ path: String) throws -> Data? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileFailure(path: path, operation: "open", code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileFailure(path: path, operation: "measure", code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileFailure(path: path, operation: "read", code: EISDIR)
        }
        return try read(Int(status.st_size), from: descriptor, of: path)
    }

    private static func read(
        _ size: Int,
        from descriptor: Int32,
        of path: String
    ) throws -> Data {
        var bytes = Data(count: size)
        let count = try bytes.withUnsafeMutableBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                let count = Glibc.read(descriptor, part.baseAddress, part.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    throw FileFailure(path: path, operation: "read", code: errno)
                }
                if count == 0 { break }
                offset += count
            }
            return offset
        }
        return bytes.prefix(count)
    }

    /// Removes those of the files that are there, then flushes their folders.
    static func remove(_ paths: [String]) throws {
        var folders: Set<String> = []
        for path in paths {
            if unlink(path) == 0 {
                folders.insert(folder(of: path))
            } else if errno != ENOENT, errno != ENOTDIR {
                throw FileFailure(path: path, operation: "remove", code: errno)
            }
        }
        for folder in folders {
            try flushFolder(folder)
        }
    }

    /// Removes those of the folders that are there, with all in them, then flushes those above.
    static func removeFolders(_ paths: [String]) throws {
        var folders: Set<String> = []
        for path in paths where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
            folders.insert(folder(of: path))
        }
        for folder in folders {
            try flushFolder(folder)
        }
    }

    /// Makes a folder and those above it; tells the folders that have a new name in them.
    private static func makeFolder(_ path: String) throws -> [String] {
        if mkdir(path, 0o755) == 0 { return [folder(of: path)] }
        switch errno {
        case EEXIST:
            return []
        case ENOENT:
            let above = folder(of: path)
            guard above != path else { break }
            let changed = try makeFolder(above)
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { break }
            return changed + [above]
        default:
            break
        }
        throw FileFailure(path: path, operation: "create", code: errno)
    }

    private static func flushFolder(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileFailure(path: path, operation: "open", code: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw FileFailure(path: path, operation: "flush", code: errno)
        }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// A file that is not in its place yet.
private struct Draft {
    /// The end of the names of such files.
    private static let suffix = ".draft"

    private let path: String
    private let descriptor: Int32
    private var draft: String { path + Self.suffix }

    init(of path: String) throws {
        self.path = path
        descriptor = open(path + Self.suffix, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw FileFailure(path: path + Self.suffix, operation: "create", code: errno)
        }
    }

    func write(_ bytes: Data) throws {
        try bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw FileFailure(path: draft, operation: "write", code: errno)
                }
                offset += count
            }
        }
    }

    func flush() throws {
        guard fsync(descriptor) == 0 else {
            throw FileFailure(path: draft, operation: "flush", code: errno)
        }
    }

    func place() throws {
        guard rename(draft, path) == 0 else {
            throw FileFailure(path: path, operation: "replace", code: errno)
        }
    }

    func close() {
        _ = Glibc.close(descriptor)
    }
}
