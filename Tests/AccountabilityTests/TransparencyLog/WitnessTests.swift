import Accountability
import Crypto
import Foundation
import Testing

/// What a witness answers, and that it makes forks impossible to hide.
@Suite struct WitnessTests {
    // Requests and keys that another witness is tested with.
    // Source: FiloSottile/torchwood, `internal/witness/witness_test.go`.
    private static let origin =
        "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
    private static let logKey =
        "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"

    private static func request(
        _ head: [String],
        _ size: Int,
        _ root: String,
        _ signature: String
    ) -> Data {
        let lines = head + ["", origin, "\(size)", root, "", "\u{2014} \(origin) \(signature)"]
        return Data(lines.map { $0 + "\n" }.joined().utf8)
    }

    private static let one = request(
        ["old 0"],
        1,
        "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY="
    )
    private static let three = request(
        [
            "old 1", "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ],
        3,
        "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=",
        "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go="
    )
    private static let five = request(
        [
            "old 1", "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=",
            "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ],
        5,
        "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=",
        "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww="
    )

    private func witness(
        of logs: [VerifierKey],
        key: SigningKey? = nil,
        store: any WitnessStore = MemoryWitnessStore()
    ) throws -> Witness {
        try Witness(
            key: key ?? Fixture.witnessKey(),
            logs: logs,
            store: store,
            now: { 1_800_000_000 }
        )
    }

    private func sigsumKey() throws -> VerifierKey {
        try VerifierKey(
            name: Self.origin,
            kind: .note,
            key: .init(rawRepresentation: Data(hex: Self.logKey))
        )
    }

    @Test("requests of other logs are cosigned, unless the tree would shrink")
    func otherLogs() async throws {
        let witness = try witness(of: [sigsumKey()])
        for request in [Self.one, Self.five] {
            let answer = try await witness.answer(request)
            guard case .cosigned(let signatures) = answer else {
                Issue.record("\(answer)")
                return
            }
            let text = try AddCheckpointRequest(request).checkpoint.text
            let key = witness.verifierKey
            #expect(signatures.count == 1)
            #expect(signatures.allSatisfy { $0.isBy(key) && key.hasSigned(text, as: $0) })
            #expect(try CosignAnswer.signatures(in: #require(answer.body)) == signatures)
        }
        #expect(try await witness.answer(Self.three) == .conflict(size: 5))
        #expect(CosignAnswer.conflict(size: 5).body == "5\n")
        #expect(try AddCheckpointRequest(Self.five).bytes == Self.five)
    }

    @Test("a request with over 63 hashes is malformed")
    func tooManyHashes() async throws {
        let witness = try witness(of: [sigsumKey()])
        var lines = String(decoding: Self.one, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let hash = Substring("KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        lines.insert(contentsOf: Array(repeating: hash, count: 64), at: 1)
        let answer = try await witness.answer(Data(lines.joined(separator: "\n").utf8))
        guard case .malformed = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test(
        "what is no request is malformed",
        arguments: ["", "old 0\n", "old\n\n", "new 0\n\nx\n", "old 00\n\nx\n", "old 0\nAA\n\nx\n"]
    )
    func malformed(_ body: String) async throws {
        let answer = try await witness(of: []).answer(Data(body.utf8))
        guard case .malformed = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    /// The cases of trees without entries.
    ///
    /// Source: FiloSottile/torchwood, `internal/witness/witness_test.go`, `TestZeroSize`.
    @Test("empty trees are cosigned too, but prove nothing with hashes")
    func emptyTrees() async throws {
        let key = try Fixture.logKey()
        let (_, log) = try await Fixture.log(batches: [], key: key)
        let empty = await log.checkpoint
        let leaf = TreeHash.leaf(Data("leaf".utf8))
        let (_, grown) = try await Fixture.log(of: [Data("leaf".utf8)], batches: [1], key: key)
        let first = await grown.checkpoint
        func answer(
            _ old: Int,
            _ proof: [TreeHash],
            _ note: SignedNote
        ) async throws
            -> CosignAnswer
        {
            try await witness(of: [key.verifier]).answer(
                AddCheckpointRequest(oldSize: old, proof: proof, checkpoint: note)
            )
        }
        guard case .cosigned = try await answer(0, [], empty) else {
            Issue.record("an empty tree is a tree")
            return
        }
        #expect(try await answer(0, [leaf], empty) == .notConsistent)
        #expect(try await answer(0, [leaf], first) == .notConsistent)
        #expect(try await answer(1, [], first) == .conflict(size: 0))
        #expect(try await answer(1, [], empty) == .oldSizeTooLarge)
    }

    @Test("unknown logs, missing signatures and broken ones have their own answers")
    func refusals() async throws {
        let key = try Fixture.logKey()
        let (_, log) = try await Fixture.log(batches: [4], key: key)
        let request = try await log.checkpointToCosign.request(oldSize: 0)
        #expect(try await witness(of: []).answer(request) == .unknownLog)
        let other = try Fixture.logKey().verifier
        #expect(try await witness(of: [other]).answer(request) == .notSigned)
        let text = String(decoding: request.bytes, as: UTF8.self)
            .replacing("\n4\n", with: "\n5\n")
        #expect(try await witness(of: [key.verifier]).answer(Data(text.utf8)) == .notSigned)
        #expect(throws: LogFormatError.self) { try witness(of: [key.verifier], key: key) }
    }

    @Test("a witness goes on from where its last process stopped, and trusts only its own hand")
    func restarts() async throws {
        let folder = try TemporaryFolder()
        let key = try Fixture.logKey()
        let witnessKey = try Fixture.witnessKey()
        let (_, log) = try await Fixture.log(batches: [4], key: key)
        let first = try await log.checkpointToCosign.request(oldSize: 0)
        _ = try await log.append(Fixture.entries(4..<9))
        do {
            let store = try DirectoryWitnessStore(folder: folder.path)
            #expect(throws: FileFailure.self) { try DirectoryWitnessStore(folder: folder.path) }
            let witness = try witness(of: [key.verifier], key: witnessKey, store: store)
            _ = try await witness.answer(first)
        }
        let store = try DirectoryWitnessStore(folder: folder.path)
        let witness = try witness(of: [key.verifier], key: witnessKey, store: store)
        let ahead = try await log.checkpointToCosign.request(oldSize: 0)
        #expect(try await witness.answer(ahead) == .conflict(size: 4))
        let right = try await log.checkpointToCosign.request(oldSize: 4)
        guard case .cosigned = try await witness.answer(right) else {
            Issue.record("the log has grown")
            return
        }
        let other = try self.witness(of: [key.verifier], key: Fixture.witnessKey(2), store: store)
        await #expect(throws: LogFault.self) { try await other.answer(right) }
    }

    @Test("a log asks its witnesses before it publishes")
    func askedFirst() async throws {
        struct Asking: CosignatureSource {
            let witness: Witness

            func cosignatures(of checkpoint: CheckpointToCosign) async -> [NoteSignature] {
                do {
                    let first = try await witness.answer(checkpoint.request(oldSize: 0))
                    guard case .conflict(let size) = first else { return signatures(first) }
                    return signatures(
                        try await witness.answer(checkpoint.request(oldSize: size))
                    )
                } catch {
                    return []
                }
            }

            private func signatures(_ answer: CosignAnswer) -> [NoteSignature] {
                if case .cosigned(let signatures) = answer { signatures } else { [] }
            }
        }
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [], key: key)
        let witness = try witness(of: [key.verifier])
        let policy = try WitnessPolicy(witnesses: [witness.verifierKey], quorum: 1)
        let log = try await TransparencyLog(
            in: store,
            key: key,
            policy: policy,
            witnesses: Asking(witness: witness)
        )
        let verifier = LogVerifier(log: key.verifier, policy: policy)
        for count in [3, 300, 1] {
            _ = try await log.append(Fixture.entries(0..<count))
            #expect(try await verifier.verify(store).witnesses.count == 1)
        }
    }

    enum Misdeed: CaseIterable, Sendable {
        case edit, drop, reorder, insert, rollBack

        func done(to entries: [Data]) -> [Data] {
            var entries = entries
            switch self {
            case .edit: entries[3] = Data("another".utf8)
            case .drop: entries.remove(at: 3)
            case .reorder: entries.swapAt(3, 4)
            case .insert: entries.insert(Data("another".utf8), at: 3)
            case .rollBack: entries.removeLast(2)
            }
            return entries
        }
    }

    @Test(
        "a log rewritten with its own key is found with one honest witness",
        arguments: Misdeed.allCases,
        [0, 5, 300]
    )
    func misdeeds(_ misdeed: Misdeed, growth: Int) async throws {
        let key = try Fixture.logKey()
        let witness = try witness(of: [key.verifier])
        let policy = try WitnessPolicy(witnesses: [witness.verifierKey], quorum: 1)
        let entries = Fixture.entries(0..<10)
        let (_, honest) = try await Fixture.log(of: entries, batches: [10], key: key)
        let asked = await honest.checkpointToCosign
        guard
            case .cosigned(let cosignatures) = try await witness.answer(asked.request(oldSize: 0))
        else {
            Issue.record("the first checkpoint is cosigned")
            return
        }

        let rewritten = misdeed.done(to: entries) + Fixture.entries(10..<10 + growth)
        let (store, log) = try await Fixture.log(
            of: rewritten,
            batches: [rewritten.count],
            key: key
        )

        // The witness gives no cosignature, whatever it is asked with.
        let fork = await log.checkpointToCosign
        for oldSize in 0...min(rewritten.count, 10) {
            let answer = try await witness.answer(fork.request(oldSize: oldSize))
            if case .cosigned = answer { Issue.record("cosigned a fork asked with \(oldSize)") }
        }
        // An old cosignature is not one of the new tree.
        await #expect(throws: LogFault("checkpoint", .tooFewWitnesses(found: 0, needed: 1))) {
            try await LogVerifier(log: key.verifier, policy: policy).verify(store)
        }
        let bytes = fork.note.bytes + Data(cosignatures.map { "\($0)\n" }.joined().utf8)
        await store.tamper(.checkpoint, bytes)
        let name = witness.verifierKey.name
        await #expect(throws: LogFault("checkpoint", .wrongSignature(name: name))) {
            try await LogVerifier(log: key.verifier, policy: policy).verify(store)
        }
        // Whoever kept the honest checkpoint finds it without any witness.
        let seen = try Checkpoint(asked.note.text)
        await store.tamper(.checkpoint, fork.note.bytes)
        await #expect(throws: LogFault("checkpoint", .notAnExtension(ofSize: 10))) {
            try await LogVerifier(log: key.verifier, seen: [seen]).verify(store)
        }
    }
}
