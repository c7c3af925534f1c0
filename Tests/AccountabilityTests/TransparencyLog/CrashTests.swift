import Accountability
import Foundation
import Testing

/// A log that is stopped at any moment goes on as the same log.
@Suite struct CrashTests {
    private let batches = [3, 250, 5, 300, 1]

    @Test(
        "after a stop at any file no two trees of one size were ever signed",
        arguments: MemoryTiles.Ending.allCases
    )
    func stops(_ ending: MemoryTiles.Ending) async throws {
        let key = try Fixture.logKey()
        var number = 0
        while try await survives(stopAt: number, ending, key) { number += 1 }
        #expect(number > 30)
    }

    /// Whether the log was stopped at a file; it has gone on as the same log then.
    private func survives(
        stopAt number: Int,
        _ ending: MemoryTiles.Ending,
        _ key: SigningKey
    ) async throws -> Bool {
        let (store, log) = try await Fixture.log(batches: [2], key: key)
        await store.stop(at: number, ending)
        var answered = Fixture.entries(0..<2)
        var written = answered
        do {
            for batch in batches {
                let entries = Fixture.entries(written.count..<written.count + batch, "first")
                written += entries
                _ = try await log.append(entries)
                answered += entries
            }
        } catch is MemoryTiles.Stopped {}

        await store.restart()
        // Opening it may be stopped as well.
        await store.stop(at: number % 5, ending)
        _ = try? await TransparencyLog(in: store, key: key)
        await store.restart()
        let reopened = try await TransparencyLog(in: store, key: key)
        let kept = await reopened.size
        #expect(kept >= answered.count && kept <= written.count)
        #expect(reopened.resumed.isEmpty || reopened.resumed.upperBound == kept)
        var expected = Array(written.prefix(kept))
        // Other entries than before: where a tree was signed, they may not take its entries' place.
        for batch in batches {
            let entries = Fixture.entries(0..<batch, "second")
            _ = try await reopened.append(entries)
            expected += entries
        }
        try await expectWhole(store, key, expected)
        return answered.count < written.count
    }

    @Test(
        "a write that fails once leaves a log that goes on",
        arguments: [MemoryTiles.Ending.stopBefore, .stopAfter]
    )
    func failures(_ ending: MemoryTiles.Ending) async throws {
        let key = try Fixture.logKey()
        for number in 0..<45 {
            let (store, log) = try await Fixture.log(batches: [2], key: key)
            await store.stop(at: number, ending, once: true)
            var expected = Fixture.entries(0..<2)
            for (round, batch) in (batches + batches).enumerated() {
                let entries = Fixture.entries(0..<batch, "round \(round)")
                do {
                    _ = try await log.append(entries)
                    expected += entries
                } catch is MemoryTiles.Stopped {
                    // They are in the log when they were promised: opening another tells.
                    let other = try await TransparencyLog(in: store, key: key)
                    if await other.size > expected.count { expected += entries }
                }
            }
            try await expectWhole(store, key, expected)
        }
    }

    /// The log has the entries, verifies, and extends every checkpoint that could ever be read.
    private func expectWhole(
        _ store: MemoryTiles,
        _ key: SigningKey,
        _ expected: [Data]
    ) async throws {
        let seen = try await store.seenCheckpoints.map {
            try Checkpoint(SignedNote($0), signedBy: key.verifier)
        }
        let verified = try await LogVerifier(log: key.verifier, seen: seen).verify(store)
        #expect(verified.checkpoint.size == expected.count)
        var range = CompactRange()
        for entry in expected { range.append(.leaf(entry)) }
        #expect(verified.checkpoint.root == range.root)
        #expect(Dictionary(grouping: Set(seen), by: \.size).values.allSatisfy { $0.count == 1 })
    }

    @Test("a promise that the log has not signed is not kept")
    func plantedPromise() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [4], key: key)
        let (planted, _) = try await Fixture.log(batches: [4, 2], key: Fixture.logKey())
        await store.tamper(.promise, nil)
        for (path, bytes) in await planted.files where path != .checkpoint && path != .promise {
            await store.tamper(path, bytes)
        }
        // Without a promise, tiles beyond the checkpoint are no part of the log.
        #expect(try await TransparencyLog(in: store, key: key).size == 4)
        let note = try #require(try await planted.read(.checkpoint))
        let promise = String(decoding: note, as: UTF8.self)
            .replacing("\(Fixture.origin)\n6\n", with: "\(Fixture.origin)\npromise\n6\n")
        await store.tamper(.promise, Data(promise.utf8))
        await #expect(throws: LogFault("promise", .notSignedByLog)) {
            try await TransparencyLog(in: store, key: key)
        }
        await #expect(throws: LogFault("promise", .notSignedByLog)) {
            try await LogVerifier(log: key.verifier).verify(store)
        }
    }
}
