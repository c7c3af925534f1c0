import Dispatch
package import Foundation

/// A log in a folder, each file at its path, so that any web server can serve it.
package struct DirectoryTiles: TileStore, LogLister {
    private let folder: String
    private let lock: FolderLock?
    /// Where waiting for the disk holds up nothing else.
    private let queue = DispatchQueue(label: "transparency log", attributes: .concurrent)

    /// A log's folder, to be read.
    package init(reading folder: String) {
        self.folder = folder
        lock = nil
    }

    /// A log's folder, to be written by this process alone; it is made when it is not there.
    ///
    /// - Throws: `FileFailure` when another process writes in it, or it cannot be made.
    package init(writing folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        lock = try FolderLock(folder: folder)
    }

    private func place(of path: LogPath) -> String { "\(folder)/\(path)" }

    package func read(_ path: LogPath) async throws -> Data? {
        let place = place(of: path)
        return try await onQueue { try DurableFile.read(place) }
    }

    package func write(_ files: [LogFile]) async throws {
        precondition(lock != nil, "a folder is opened for writing before it is written")
        let files = files.map { (place(of: $0.path), $0.bytes) }
        try await onQueue { try DurableFile.write(files) }
    }

    package func remove(_ paths: [LogPath]) async throws {
        let places = paths.map { place(of: $0) }
        try await onQueue { try DurableFile.remove(places) }
    }

    package func removePartials(of tiles: [Tile]) async throws {
        let places = tiles.map { place(of: .tile($0.full)) + ".p" }
        try await onQueue { try DurableFile.removeFolders(places) }
    }

    package func paths() async throws -> [String] {
        try await onQueue {
            guard let names = FileManager.default.enumerator(atPath: folder) else {
                throw FileFailure(path: folder, operation: "list", code: ENOENT)
            }
            var paths: [String] = []
            while let name = names.nextObject() as? String {
                let isFile = names.fileAttributes?[.type] as? FileAttributeType != .typeDirectory
                if isFile, name != FolderLock.name {
                    paths.append(name)
                }
            }
            return paths.sorted()
        }
    }

    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}
