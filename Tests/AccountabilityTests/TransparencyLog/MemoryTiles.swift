import Accountability
import Foundation

/// A log's files in memory, that can be tampered with and made to fail.
///
/// What is written can be seen file by file, but would outlast a power cut only when the write has
/// returned, as on a disk.
actor MemoryTiles: TileStore, LogLister {
    enum Ending: CaseIterable, Sendable {
        /// The process stops before a file is written; what was written stays.
        case stopBefore
        /// The process stops after a file is written; what was written stays.
        case stopAfter
        /// The power goes after a file is written; what was not flushed is lost.
        case powerCut
    }

    struct Stopped: Error {}

    private(set) var files: [LogPath: Data] = [:]
    private var flushed: [LogPath: Data] = [:]
    /// Every checkpoint that anyone could have read.
    private(set) var seenCheckpoints: Set<Data> = []
    private(set) var writes = 0
    private var stop: (at: Int, ending: Ending)?
    private var isStopped = false
    /// Whether it goes on working after the failure, as a disk that was full does.
    private var failsOnce = false

    private var isHeld = false
    private var heldUp: [CheckedContinuation<Void, Never>] = []

    init(_ files: [LogPath: Data] = [:]) {
        self.files = files
        flushed = files
    }

    /// Stops at the file whose number this is, counted from now.
    func stop(at number: Int, _ ending: Ending, once: Bool = false) {
        writes = 0
        stop = (number, ending)
        failsOnce = once
    }

    /// Starts anew, as after a crash.
    func restart() {
        stop = nil
        isStopped = false
    }

    func read(_ path: LogPath) throws -> Data? {
        guard !isStopped else { throw Stopped() }
        return files[path]
    }

    /// Holds up writes until they are let go.
    func hold() { isHeld = true }

    func letGo() {
        isHeld = false
        for held in heldUp { held.resume() }
        heldUp = []
    }

    func write(_ new: [LogFile]) async throws {
        if isHeld { await withCheckedContinuation { heldUp.append($0) } }
        for file in new {
            try step {
                files[file.path] = file.bytes
                if file.path == .checkpoint { seenCheckpoints.insert(file.bytes) }
            }
        }
        flushed = files
    }

    func remove(_ paths: [LogPath]) throws {
        for path in paths where files[path] != nil {
            try step { files[path] = nil }
        }
        flushed = files
    }

    func removePartials(of tiles: [Tile]) throws {
        let full = Set(tiles.map(\.full))
        let paths = files.keys.filter { path in
            guard case .tile(let tile) = path else { return false }
            return full.contains(tile.full) && !tile.isFull
        }
        try remove(paths)
    }

    private func step(_ body: () -> Void) throws {
        guard !isStopped else { throw Stopped() }
        defer { writes += 1 }
        guard let stop, stop.at == writes else { return body() }
        if stop.ending != .stopBefore { body() }
        if stop.ending == .powerCut { files = flushed }
        isStopped = !failsOnce
        throw Stopped()
    }

    func paths() -> [String] { files.keys.map(\.description).sorted() }

    /// Puts bytes in the place of a file, whoever may; nil removes it.
    func tamper(_ path: LogPath, _ bytes: Data?) {
        files[path] = bytes
    }
}
