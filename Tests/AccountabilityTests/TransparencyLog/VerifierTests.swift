import Accountability
import Foundation
import Testing

/// Whatever is changed in a log's files, verifying it finds it.
@Suite struct VerifierTests {
    /// A log with a cosigned checkpoint, and the verifier that knows all its keys.
    private func cosignedLog(batches: [Int]) async throws -> (MemoryTiles, LogVerifier) {
        let key = try Fixture.logKey()
        let witnessKey = try Fixture.witnessKey()
        let policy = try WitnessPolicy(witnesses: [witnessKey.verifier], quorum: 1)
        let (store, _) = try await Fixture.log(batches: batches, key: key)
        let log = try await TransparencyLog(in: store, key: key, policy: policy)
        let witness = try Witness(
            key: witnessKey,
            logs: [key.verifier],
            store: MemoryWitnessStore(),
            now: { 1_800_000_000 }
        )
        let asked = await log.checkpointToCosign
        let answer = try await witness.answer(asked.request(oldSize: 0))
        guard case .cosigned(let signatures) = answer else {
            throw LogFormatError("test", "answer", "\(answer)")
        }
        try await log.attach(signatures, to: asked.note)
        let verifier = LogVerifier(
            log: key.verifier,
            policy: policy,
            refusesUnknownSignatures: true
        )
        return (store, verifier)
    }

    @Test("every changed byte of every file is found", arguments: [0x01, 0x20] as [UInt8])
    func everyByte(_ mask: UInt8) async throws {
        let (store, verifier) = try await cosignedLog(batches: [2, 3])
        try await expectFound(in: store, verifier, mask: mask, every: 1)
    }

    @Test("changed bytes are found in full tiles and those above them")
    func largerLog() async throws {
        let (store, verifier) = try await cosignedLog(batches: [250, 10])
        try await expectFound(in: store, verifier, mask: 0x04, every: 31)
    }

    private func expectFound(
        in store: MemoryTiles,
        _ verifier: LogVerifier,
        mask: UInt8,
        every step: Int
    ) async throws {
        let verified = try await verifier.verify(store)
        #expect(verified.uncoveredPaths.isEmpty)
        for (path, bytes) in await store.files {
            for place in stride(from: 0, to: bytes.count, by: step) {
                var changed = bytes
                changed[place] ^= mask
                await store.tamper(path, changed)
                await #expect(throws: LogFault.self, "\(path), byte \(place)") {
                    try await verifier.verify(store)
                }
            }
            await store.tamper(path, bytes)
        }
        #expect(try await verifier.verify(store) == verified)
    }

    @Test("files cut off, lengthened, emptied or removed are found")
    func lengths() async throws {
        let (store, verifier) = try await cosignedLog(batches: [250, 10, 3])
        for (path, bytes) in await store.files {
            for changed in [bytes.dropLast(), bytes + [0], bytes + bytes, Data()] {
                await store.tamper(path, Data(changed))
                await #expect(throws: LogFault.self, "\(path), \(changed.count) bytes") {
                    try await verifier.verify(store)
                }
            }
            await store.tamper(path, nil)
            // Nobody has to look for older partial tiles, nor for what was promised and kept.
            let isNeeded = !"\(path)".hasSuffix(".p/4") && path != .promise
            if !isNeeded {
                _ = try await verifier.verify(store)
            } else {
                await #expect(throws: LogFault.self, "\(path) removed") {
                    try await verifier.verify(store)
                }
            }
            await store.tamper(path, bytes)
        }
    }

    @Test("a fault is told with its file and the entry's index")
    func place() async throws {
        let (store, verifier) = try await cosignedLog(batches: [260])
        let path = LogPath.tile(Tile(.entries, index: 1, width: 4))
        var bytes = try #require(try await store.read(path))
        bytes[bytes.count - 1] ^= 1
        await store.tamper(path, bytes)
        let fault = LogFault("tile/entries/001.p/4", index: 259, .entryNotInTree)
        await #expect(throws: fault) { try await verifier.verify(store) }
        #expect("\(fault)".contains("tile/entries/001.p/4"))
    }

    @Test("an entry changed in its bundle and its tile alike is found by the root")
    func bothChanged() async throws {
        let (store, verifier) = try await cosignedLog(batches: [5])
        let (other, _) = try await Fixture.log(batches: [5], key: Fixture.logKey(), prefix: "x")
        for (path, bytes) in await other.files where path != .checkpoint && path != .promise {
            await store.tamper(path, bytes)
        }
        await #expect(throws: LogFault("checkpoint", .wrongRoot)) {
            try await verifier.verify(store)
        }
    }

    @Test("signatures of unknown keys are overlooked, unless they are refused")
    func unknownSignatures() async throws {
        let (store, verifier) = try await cosignedLog(batches: [5])
        let strict = LogVerifier(log: verifier.log, refusesUnknownSignatures: true)
        await #expect(
            throws: LogFault("checkpoint", .unknownSignature(name: "witness.example/w1"))
        ) { try await strict.verify(store) }
        #expect(try await LogVerifier(log: verifier.log).verify(store).witnesses == [])
    }

    @Test("files that no checkpoint covers are told")
    func uncovered() async throws {
        let (store, verifier) = try await cosignedLog(batches: [5])
        let later = LogPath.tile(Tile(.entries, index: 0, width: 9))
        await store.tamper(later, Data())
        #expect(try await verifier.verify(store).uncoveredPaths == ["tile/entries/000.p/9"])
    }

    @Test("the log must begin with every checkpoint that was seen")
    func seen() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [3], key: key)
        let old = try Checkpoint(await log.checkpoint.text)
        _ = try await log.append(Fixture.entries(3..<300))
        let new = try Checkpoint(await log.checkpoint.text)
        let empty = Checkpoint(origin: old.origin, size: 0, root: .emptyRoot)
        let all = LogVerifier(log: key.verifier, seen: [new, old, empty, old])
        #expect(try await all.verify(store).checkpoint == new)
        let wrong = Checkpoint(origin: old.origin, size: 200, root: old.root)
        await #expect(throws: LogFault("checkpoint", .notAnExtension(ofSize: 200))) {
            try await LogVerifier(log: key.verifier, seen: [old, wrong]).verify(store)
        }
        let larger = Checkpoint(origin: old.origin, size: 301, root: old.root)
        await #expect(throws: LogFault("checkpoint", .notAnExtension(ofSize: 301))) {
            try await LogVerifier(log: key.verifier, seen: [larger]).verify(store)
        }
    }

    @Test("a full tile stands in for a partial one that is gone")
    func fullInsteadOfPartial() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [200], key: key)
        let note = await log.checkpoint.bytes
        _ = try await log.append(Fixture.entries(200..<256))
        // Whoever still has the old checkpoint finds its partial tiles gone.
        await store.tamper(.checkpoint, note)
        let verified = try await LogVerifier(log: key.verifier).verify(store)
        #expect(verified.checkpoint.size == 200)
        let tree = TileTree(store, size: 200)
        let found = try await tree.entry(at: 150, root: verified.checkpoint.root)
        #expect(found.entry == Data("entry 150".utf8))
    }
}
