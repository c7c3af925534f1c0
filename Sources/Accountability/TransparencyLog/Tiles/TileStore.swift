package import Foundation

/// Reads a log's files, wherever they are: a folder, a server, a test's memory.
package protocol LogReader: Sendable {
    /// The bytes at a path; nil when there are none.
    func read(_ path: LogPath) async throws -> Data?
}

/// Names a log's files, where they can be listed.
package protocol LogLister: LogReader {
    /// The paths of all files that there are, whether or not they are a log's.
    func paths() async throws -> [String]
}

/// A file of a log, to be written.
package struct LogFile: Hashable, Sendable {
    package let path: LogPath
    package let bytes: Data

    package init(_ path: LogPath, _ bytes: Data) {
        self.path = path
        self.bytes = bytes
    }
}

/// Keeps the files of a log that this process writes.
package protocol TileStore: LogReader {
    /// Writes files, replacing those that are there, and returns when they will outlast a crash.
    ///
    /// Whoever reads meanwhile finds a file whole, as it was or as it will be. When this throws, any
    /// of the files may have been written.
    func write(_ files: [LogFile]) async throws

    /// Removes those of the files that are there, and returns when a crash will not bring them back.
    func remove(_ paths: [LogPath]) async throws

    /// Removes all partial tiles of some tiles, as above.
    func removePartials(of tiles: [Tile]) async throws
}

/// A log whose files a function fetches, such as one over HTTP.
package struct FetchedLog: LogReader {
    private let fetch: @Sendable (_ path: String) async throws -> Data?

    /// - Parameter fetch: answers a path below the log's prefix with its bytes, nil when the server
    ///   says that it has none.
    package init(_ fetch: @escaping @Sendable (_ path: String) async throws -> Data?) {
        self.fetch = fetch
    }

    package func read(_ path: LogPath) async throws -> Data? {
        try await fetch(path.description)
    }
}
