import Accountability
import Foundation
import Testing

/// Appending to a log, and reading what was appended.
@Suite struct LogTests {
    @Test("a new log is empty, signed, and verifies")
    func newLog() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [], key: key)
        #expect(await log.size == 0)
        let verified = try await LogVerifier(log: key.verifier).verify(store)
        #expect(verified.checkpoint.root == .emptyRoot)
        await #expect(throws: LogFailure.noEntry(index: 0, size: 0)) { try await log.entry(at: 0) }
        #expect(try await log.append([]) == [])
    }

    @Test("entries are told where they stand, read back and proven")
    func appendAndRead() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [], key: key)
        let entries = Fixture.entries(0..<700)
        var next = 0
        for count in [1, 1, 2, 250, 2, 300, 100, 44] {
            let positions = try await log.append(Array(entries[next..<next + count]))
            #expect(positions.map(\.index) == Array(next..<next + count))
            #expect(positions.allSatisfy { $0.checkpointSize == next + count })
            next += count
            let verified = try await LogVerifier(log: key.verifier).verify(store)
            #expect(verified.checkpoint.size == next)
            #expect(verified.uncoveredPaths.isEmpty)
        }
        let root = try Checkpoint(await log.checkpoint.text).root
        for index in stride(from: 0, to: 700, by: 53) {
            let (entry, proof) = try await log.entry(at: index)
            #expect(entry == entries[index])
            try proof.verify(leaf: .leaf(entry), root: root)
        }
    }

    @Test("callers at once are written together, each where it is told")
    func together() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [1], key: key)
        await store.hold()
        let placed = try await withThrowingTaskGroup(of: [(Int, Data)].self) { group in
            for caller in 0..<300 {
                group.addTask {
                    let own = Fixture.entries(0..<(caller % 4 + 1), "caller \(caller)")
                    let positions = try await log.append(own)
                    let first = try #require(positions.first).index
                    #expect(positions.map(\.index) == Array(first..<first + own.count))
                    return zip(positions.map(\.index), own).map { ($0, $1) }
                }
            }
            // All but the first wait.
            while await log.waitingEntries < 746 { await Task.yield() }
            await store.letGo()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(placed.map(\.0).sorted() == Array(1..<751))
        for (index, entry) in placed {
            #expect(try await log.entry(at: index).entry == entry)
        }
        // Empty, the one before, the first caller's, all the others'.
        #expect(await store.seenCheckpoints.count == 4)
        #expect(try await LogVerifier(log: key.verifier).verify(store).checkpoint.size == 751)
    }

    @Test("more entries than are written together are refused")
    func tooMany() async throws {
        let (_, log) = try await Fixture.log(batches: [1], key: Fixture.logKey())
        let count = TransparencyLog.batchEntriesMax + 1
        await #expect(throws: LogFailure.tooManyEntries(count: count)) {
            try await log.append(Array(repeating: Data(), count: count))
        }
    }

    @Test("partial tiles go when the full one is published")
    func pruning() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [10, 200, 50, 10], key: key)
        #expect(
            await store.paths() == [
                "checkpoint", "promise", "tile/0/000", "tile/0/001.p/14",
                "tile/0/001.p/4", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/14",
                "tile/entries/001.p/4",
            ]
        )
    }

    @Test("a log is not made over another, nor opened where there is none")
    func creation() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [1], key: key)
        await #expect(throws: LogFailure.alreadyThere) {
            try await TransparencyLog.create(in: store, key: key)
        }
        await #expect(throws: LogFailure.noLog) {
            try await TransparencyLog(in: MemoryTiles(), key: key)
        }
        let witness = try Fixture.witnessKey()
        await #expect(throws: LogFailure.notALogKey) {
            try await TransparencyLog(in: store, key: witness)
        }
        await store.tamper(.checkpoint, nil)
        let first = LogPath.tile(Tile(.hashes(level: 0), index: 0))
        await store.tamper(first, Data(count: 8_192))
        await #expect(throws: LogFailure.alreadyThere) {
            try await TransparencyLog.create(in: store, key: key)
        }
    }

    @Test("a log is not opened with another's key, name or tiles")
    func wrongOpening() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [5], key: key)
        let other = try Fixture.logKey()
        await #expect(throws: LogFault("checkpoint", .notSignedByLog)) {
            try await TransparencyLog(in: store, key: other)
        }
        let renamed = try SigningKey(name: "other.example", kind: .note)
        await #expect(throws: LogFault("checkpoint", .wrongOrigin)) {
            try await TransparencyLog(in: store, key: renamed)
        }
        let (another, _) = try await Fixture.log(batches: [5], key: key, prefix: "other")
        let tile = LogPath.tile(Tile(.hashes(level: 0), index: 0, width: 5))
        await store.tamper(tile, try await another.read(tile))
        await #expect(throws: LogFault("checkpoint", .wrongRoot)) {
            try await TransparencyLog(in: store, key: key)
        }
    }

    @Test("a store put back to an older state is found by a checkpoint kept elsewhere")
    func putBack() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [5], key: key)
        let old = await store.files
        _ = try await log.append(Fixture.entries(5..<8))
        let seen = try Checkpoint(await log.checkpoint.text)
        _ = try await TransparencyLog(in: store, key: key, seen: seen)
        await #expect(throws: LogFault("checkpoint", .notAnExtension(ofSize: 8))) {
            try await TransparencyLog(in: MemoryTiles(old), key: key, seen: seen)
        }
    }

    @Test("nothing is signed when something else has changed the checkpoint")
    func changedByOthers() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [5], key: key)
        let second = try await TransparencyLog(in: store, key: key)
        _ = try await second.append(Fixture.entries(5..<6))
        await #expect(throws: LogFailure.changedByOthers) {
            try await log.append(Fixture.entries(5..<7, "other"))
        }
        #expect(try await LogVerifier(log: key.verifier).verify(store).checkpoint.size == 6)
    }

    @Test("nothing is signed when the signed tree's tiles were changed meanwhile")
    func changedTiles() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [256, 4], key: key)
        let path = LogPath.tile(Tile(.hashes(level: 0), index: 0))
        var bytes = try #require(try await store.read(path))
        bytes[40] ^= 1
        await store.tamper(path, bytes)
        let upper = LogPath.tile(Tile(.hashes(level: 1), index: 0, width: 1))
        await store.tamper(upper, TreeHash.leaf(bytes).bytes)
        let before = await log.checkpoint
        // Filling the second tile needs the first one's hash in the proof.
        await #expect(throws: (any Error).self) {
            for _ in 0..<3 { _ = try await log.append(Fixture.entries(0..<100, "more")) }
            let proof = try await log.consistencyProof(from: 256)
            let root = try await TileTree(store, size: 256).root()
            let new = try Checkpoint(await log.checkpoint.text)
            try proof.verify(oldRoot: root, newRoot: new.root)
        }
        #expect(before.signatures.count == 1)
    }

    @Test("a folder is written by one log at a time")
    func lock() async throws {
        let folder = try TemporaryFolder()
        let first = try DirectoryTiles(writing: folder.path)
        #expect(throws: FileFailure.self) { try DirectoryTiles(writing: folder.path) }
        #expect(try await first.paths() == [])
    }

    @Test("a folder has the files that memory has, and is taken up by the next process")
    func folder() async throws {
        let folder = try TemporaryFolder()
        let key = try Fixture.logKey()
        let (memory, _) = try await Fixture.log(batches: [3, 300], key: key)
        for (count, prefix) in [(0, ""), (3, "entry"), (300, "entry")] {
            let tiles = try DirectoryTiles(writing: folder.path)
            if count == 0 {
                try await TransparencyLog.create(in: tiles, key: key)
            } else {
                let log = try await TransparencyLog(in: tiles, key: key)
                let size = await log.size
                _ = try await log.append(Fixture.entries(size..<size + count, prefix))
            }
        }
        let tiles = DirectoryTiles(reading: folder.path)
        #expect(try await tiles.paths() == memory.paths())
        for (path, bytes) in await memory.files where path != .checkpoint && path != .promise {
            #expect(try await tiles.read(path) == bytes)
        }
        let fetched = FetchedLog { path in
            FileManager.default.contents(atPath: "\(folder.path)/\(path)")
        }
        let verified = try await LogVerifier(log: key.verifier).verify(fetched)
        #expect(verified.checkpoint.size == 303)
        let tile = Tile(.hashes(level: 0), index: 0)
        #expect(try await tiles.read(.tile(Tile(tile.kind, index: 0, width: 3))) == nil)
        try Data("left".utf8).write(to: URL(fileURLWithPath: folder.path + "/checkpoint.draft"))
        #expect(
            try await LogVerifier(log: key.verifier).verify(tiles).uncoveredPaths
                == ["checkpoint.draft"]
        )
    }
}
