import Accountability
import Foundation
import Testing

/// Asking witnesses elsewhere, some of whom are away, slow, wrong or lied to.
@Suite struct RemoteWitnessTests {
    private struct Away: Error {}

    /// What a witness answers over HTTP, as the format says.
    private static func reply(_ answer: CosignAnswer) -> WitnessReply {
        let status =
            switch answer {
            case .cosigned: 200
            case .malformed, .oldSizeTooLarge: 400
            case .notSigned: 403
            case .unknownLog: 404
            case .conflict, .rootsDiffer: 409
            case .notConsistent: 422
            }
        return WitnessReply(status: status, body: Data((answer.body ?? "").utf8))
    }

    private func witness(_ key: SigningKey, of log: VerifierKey) throws -> Witness {
        try Witness(key: key, logs: [log], store: MemoryWitnessStore(), now: { 1_790_000_000 })
    }

    private func remote(_ witness: Witness) -> RemoteWitness {
        RemoteWitness(key: witness.verifierKey) { Self.reply(try await witness.answer($0)) }
    }

    @Test("witnesses follow the log as it grows, and what they sign meets the policy")
    func growing() async throws {
        let key = try Fixture.logKey()
        let keys = try (1...3).map { try Fixture.witnessKey($0) }
        let policy = try WitnessPolicy(witnesses: keys.map(\.verifier), quorum: 2)
        let store = MemoryTiles()
        try await TransparencyLog.create(in: store, key: key)
        let source = RemoteWitnesses(
            try keys.map { remote(try witness($0, of: key.verifier)) },
            patience: .seconds(30)
        )
        for _ in 0..<3 {
            let log = try await TransparencyLog(in: store, key: key, policy: policy)
            _ = try await log.append(Fixture.entries(0..<100))
            let asked = try await CheckpointToCosign(publishedIn: store, signedBy: key.verifier)
            let found = try await log.attach(await source.cosignatures(of: asked), to: asked.note)
            #expect(found.count == 3)
            _ = try await LogVerifier(log: key.verifier, policy: policy).verify(store)
        }
    }

    @Test("who is away, wrong or not the one it says is left out, and the others count")
    func someAreAway() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [5], key: key)
        let good = try witness(try Fixture.witnessKey(1), of: key.verifier)
        let stranger = try witness(try Fixture.witnessKey(2), of: key.verifier)
        let unknowing = try witness(
            try Fixture.witnessKey(6),
            of: try SigningKey(name: "other.example", kind: .note).verifier
        )
        let source = RemoteWitnesses(
            [
                remote(good),
                // Signs with another key than is known of it.
                RemoteWitness(key: try Fixture.witnessKey(3).verifier) {
                    Self.reply(try await stranger.answer($0))
                },
                RemoteWitness(key: try Fixture.witnessKey(4).verifier) { _ in throw Away() },
                RemoteWitness(key: try Fixture.witnessKey(5).verifier) { _ in
                    WitnessReply(status: 200, body: Data("<html>".utf8))
                },
                remote(unknowing),
                RemoteWitness(key: try Fixture.witnessKey(7).verifier) { _ in
                    try await Task.sleep(for: .seconds(3_600))
                    throw Away()
                },
                RemoteWitness(key: try Fixture.witnessKey(8).verifier) { _ in
                    WitnessReply(status: 409, body: Data("99\n".utf8))
                },
                RemoteWitness(key: try Fixture.witnessKey(9).verifier) { _ in
                    WitnessReply(status: 409, body: Data("-1\n".utf8))
                },
            ],
            patience: .milliseconds(200)
        )
        let asked = try await CheckpointToCosign(publishedIn: store, signedBy: key.verifier)
        let signatures = await source.cosignatures(of: asked)
        #expect(signatures.map(\.name) == [good.verifierKey.name])
    }

    @Test("a log that shows a second tree is refused, and the one it showed first is not")
    func splitView() async throws {
        let key = try Fixture.logKey()
        let (one, _) = try await Fixture.log(batches: [5], key: key)
        let (other, _) = try await Fixture.log(batches: [9], key: key, prefix: "other")
        let (same, _) = try await Fixture.log(batches: [5], key: key, prefix: "other")
        let witness = try witness(try Fixture.witnessKey(), of: key.verifier)
        let source = RemoteWitnesses([remote(witness)], patience: .seconds(30))
        func ask(_ store: MemoryTiles) async throws -> Int {
            let asked = try await CheckpointToCosign(publishedIn: store, signedBy: key.verifier)
            return await source.cosignatures(of: asked).count
        }
        #expect(try await ask(one) == 1)
        #expect(try await ask(other) == 0)
        #expect(try await ask(same) == 0)
        #expect(try await ask(one) == 1)
    }

    @Test("a witness that starts anew, or that others have moved on, is asked from where it is")
    func conflicts() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [3, 4], key: key)
        let witness = try witness(try Fixture.witnessKey(), of: key.verifier)
        func ask() async throws -> Int {
            let source = RemoteWitnesses([remote(witness)], patience: .seconds(30))
            let asked = try await CheckpointToCosign(publishedIn: store, signedBy: key.verifier)
            return await source.cosignatures(of: asked).count
        }
        #expect(try await ask() == 1)
        #expect(try await ask() == 1)
        _ = try await log.append(Fixture.entries(0..<600))
        #expect(try await ask() == 1)
    }
}
