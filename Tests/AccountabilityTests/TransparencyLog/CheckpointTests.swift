import Accountability
import Foundation
import Testing

/// Checkpoints, cosignatures and how many of them are enough.
@Suite struct CheckpointTests {
    // Source: C2SP tlog-cosignature.
    private let example = """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv\
        2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b\
        2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

        """

    @Test("the example in the specification is read, and written as it was")
    func readsExample() throws {
        let note = try SignedNote(Data(example.utf8))
        let checkpoint = try Checkpoint(note.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.text == note.text)
        #expect(note.bytes == Data(example.utf8))
        #expect(note.signatures.map(\.cosignedAt) == [nil, 1_679_315_147])
    }

    @Test(
        "a text that is no checkpoint is refused, naming the line",
        arguments: [
            ("", "text"), ("log\n1\n", "text"),
            ("log\n\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "text"),
            ("log\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "size"),
            ("log\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "size"),
            ("log\n+1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "size"),
            ("log\n99999999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "size"),
            ("log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", "root"),
            ("log\n1\nAAAA\n", "root"),
            ("log\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "root"),
            ("log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", "text"),
            ("log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "text"),
        ]
    )
    func badTexts(_ text: String, _ field: String) {
        let error = #expect(throws: LogFormatError.self) { try Checkpoint(text) }
        #expect(error?.field == field)
    }

    @Test("lines that other logs add are kept")
    func extensions() throws {
        let text = "log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\none\ntwo\n"
        let checkpoint = try Checkpoint(text)
        #expect(checkpoint.extensions == ["one", "two"])
        #expect(checkpoint.text == text)
    }

    @Test("a quorum counts each witness once, whatever its names")
    func policies() throws {
        let keys = try (1...3).map { try Fixture.witnessKey($0).verifier }
        #expect(throws: LogFormatError.self) { try WitnessPolicy(witnesses: keys, quorum: 4) }
        #expect(throws: LogFormatError.self) { try WitnessPolicy(witnesses: keys, quorum: -1) }
        let again = try VerifierKey(name: "other.example", kind: .cosignature, key: keys[0].key)
        #expect(throws: LogFormatError.self) {
            try WitnessPolicy(witnesses: [keys[0], again], quorum: 1)
        }
        let logKey = try Fixture.logKey().verifier
        #expect(throws: LogFormatError.self) {
            try WitnessPolicy(witnesses: [logKey], quorum: 1)
        }
    }

    @Test("two of three witnesses are a quorum of two, one is not")
    func quorum() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [3], key: key)
        let keys = try (1...3).map { try Fixture.witnessKey($0) }
        let policy = try WitnessPolicy(witnesses: keys.map(\.verifier), quorum: 2)
        let verifier = LogVerifier(log: key.verifier, policy: policy)
        let cosigner = try await TransparencyLog(in: store, key: key, policy: policy)
        for (count, witnessKey) in keys.enumerated() {
            if count < 2 {
                await #expect(
                    throws: LogFault("checkpoint", .tooFewWitnesses(found: count, needed: 2))
                ) { try await verifier.verify(store) }
            } else {
                #expect(try await verifier.verify(store).witnesses.count == count)
            }
            let witness = try Witness(
                key: witnessKey,
                logs: [key.verifier],
                store: MemoryWitnessStore(),
                now: { 1_700_000_000 }
            )
            let asked = await log.checkpointToCosign
            let answer = try await witness.answer(asked.request(oldSize: 0))
            guard case .cosigned(let signatures) = answer else {
                Issue.record("\(answer)")
                return
            }
            let found = try await cosigner.attach(signatures, to: asked.note)
            #expect(found.map(\.time) == Array(repeating: 1_700_000_000, count: count + 1))
        }
        #expect(try await verifier.verify(store).witnesses.count == 3)
    }
}
