import Accountability
import Crypto
import CryptoExtras
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Signatures under open letters: entitled without a name, counted once, published together.
@Suite struct LetterDeskTests {
    /// A signer's side of RFC 9474, as clients have it.
    private struct Signer {
        let prepared: Data
        let blinding: _RSA.BlindSigning.BlindingResult
        let key: _RSA.BlindSigning.PublicKey<SHA384>

        init(letter: String, key text: String) throws {
            let der = try #require(Data(base64Encoded: text))
            key = try _RSA.BlindSigning.PublicKey(
                derRepresentation: der,
                parameters: .RSABSSA_SHA384_PSS_Deterministic
            )
            prepared =
                Data((0..<32).map { _ in UInt8.random(in: 0...255) })
                + LetterToken.text(of: letter)
            blinding = try key.blind(key.prepare(prepared))
        }

        func token(_ signature: Data) throws -> LetterToken {
            let whole = try key.finalize(
                _RSA.BlindSigning.BlindSignature(rawRepresentation: signature),
                for: key.prepare(prepared),
                blindingInverse: blinding.inverse
            )
            return LetterToken(message: prepared, signature: whole.rawRepresentation)
        }
    }

    private struct World {
        let org: TestOrg
        let desk: LetterDesk
        let batches: LetterBatches
        let log: TestLog
        let kim: Caller
        let keys = Locked<[String: LetterKey]>([:])

        init() async throws {
            let org = try await TestOrg(
                on: .sqlite,
                apps: ["accountability"],
                clock: TestClock("2026-11-24T09:30:00Z")
            )
            log = try await TestLog()
            let keys = keys
            var office = AccountabilityOffice(in: org, log: log)
            office.letterKey = { letter, isNew in
                try keys.withLock { keys in
                    if keys[letter] == nil, isNew { keys[letter] = try LetterKey() }
                    return keys[letter]
                }
            }
            self.org = org
            desk = LetterDesk(office)
            batches = LetterBatches(office)
            kim = try await org.user(
                "Kim",
                profile: "Office Staff",
                role: "Identity_Custody",
                permissionSets: ["Identity_Custodian"]
            )
            let letter = try await org.create(
                "OpenLetter",
                [
                    "Title": "On the use of our work", "Addressee": "Chief executive",
                    "Body": "We ask which of our products are used at crossings, and for what.",
                    "Asks": "A plan to examine the use of all products.",
                    "TextDigest": .string(String(repeating: "ab", count: 32)),
                    "PromoterCount": .number(JSONNumber(Int64(3))), "OpensOn": "2026-11-24",
                    "ClosesOn": "2026-12-24",
                    "AnswerThreshold": .number(JSONNumber(Int64(25))),
                ],
                as: org.administrator
            )
            for state in ["Validated", "Collecting"] {
                try await org.update(
                    "OpenLetter",
                    letter,
                    ["State": .string(state)],
                    as: org.administrator
                )
            }
            try await appendStaged()
        }

        /// Has what saves have staged put into the log.
        func appendStaged() async throws {
            var handlers = JobHandlers()
            let id = org.id
            LogAppending(log, office: { id }).join(&handlers)
            try await JobRunner(records: org.records, handlers: handlers, orgs: { [id] }).runDue()
        }

        func publicLetter() async throws -> PublicLetter {
            try #require(try await log.record().letters["L-0001"])
        }

        func token(_ code: String) async throws -> LetterToken {
            let key = try #require(try await publicLetter().keys.first)
            let signer = try Signer(letter: "L-0001", key: key)
            return try signer.token(
                try await desk.token(
                    for: code,
                    blinded: signer.blinding.blindedMessage,
                    of: "L-0001"
                )
            )
        }

        func signatures() async throws -> Int {
            try await org.count("SELECT COUNT() FROM LetterSignature", as: org.administrator)
        }
    }

    @Test("the key is public before a code exists; a token signs once, whoever holds it")
    func once() async throws {
        let world = try await World()
        let codes = try await world.desk.entitle(3, to: "L-0001", as: world.kim)
        #expect(Set(codes).count == 3)
        _ = try await world.desk.entitle(2, to: "L-0001", as: world.kim)
        #expect(try await world.publicLetter().keys.count == 1)
        let token = try await world.token(codes[0])
        try await world.desk.sign("L-0001", .unnamed(token))
        await #expect(throws: RecordError.self) {
            try await world.desk.sign("L-0001", .named(token, line: "Ada"))
        }
        #expect(try await world.signatures() == 1)
        // A code gives one token and no other.
        await #expect(throws: RecordError.self) { _ = try await world.token(codes[0]) }
        await #expect(throws: RecordError.self) { _ = try await world.token("AAAAA-AAAAA") }
        let forged = LetterToken(message: token.message, signature: Data(repeating: 1, count: 256))
        await #expect(throws: RecordError.self) {
            try await world.desk.sign("L-0001", .unnamed(forged))
        }
        await #expect(throws: RecordError.self) {
            try await world.desk.token(
                for: codes[1],
                blinded: Data(repeating: 255, count: 256),
                of: "L-0001"
            )
        }
        // Nothing that is kept of the code leads to the signature, and the reverse.
        let kept = try await world.org.query(
            "SELECT CodeDigest, BlindedDigest, CreatedDate FROM LetterEntitlement",
            as: world.org.administrator
        )
        #expect(kept.allSatisfy { $0.text("CodeDigest")?.contains(codes[0]) == false })
        await #expect(throws: RecordError.self, "who hands out codes does not see which were used")
        {
            try await world.org.query("SELECT BlindedDigest FROM LetterEntitlement", as: world.kim)
        }
        try await world.desk.withdraw(token, from: "L-0001")
        #expect(try await world.signatures() == 0)
        try await world.desk.sign("L-0001", .named(token, line: "Ada, engineer"))
    }

    @Test("who may not hand out codes gets none, and no code is made before the text is public")
    func entitling() async throws {
        let world = try await World()
        let efe = try await world.org.user(
            "Efe",
            profile: "Office Staff",
            role: "Enforcement",
            permissionSets: ["Enforcer"]
        )
        await #expect(throws: RecordError.self) {
            _ = try await world.desk.entitle(1, to: "L-0001", as: efe)
        }
        #expect(try await world.publicLetter().keys.isEmpty, "nothing was published for it")
        for (count, letter) in [(0, "L-0001"), (5_001, "L-0001"), (1, "L-0009"), (1, "' OR 1")] {
            await #expect(throws: RecordError.self) {
                _ = try await world.desk.entitle(count, to: letter, as: world.kim)
            }
        }
    }

    @Test(
        "signatures become public in batches, of twenty or more, a day apart, and are counted once"
    )
    func batches() async throws {
        let world = try await World()
        let codes = try await world.desk.entitle(45, to: "L-0001", as: world.kim)
        for (place, code) in codes.prefix(19).enumerated() {
            let token = try await world.token(code)
            let line = "Signer \(place)"
            try await world.desk.sign(
                "L-0001",
                place < 5 ? .named(token, line: line) : .unnamed(token)
            )
        }
        world.org.clock.advance(seconds: 2 * 86_400)
        #expect(try await world.batches.publish() == 0, "nineteen are too few")
        try await world.desk.sign("L-0001", .supporter(nonce: try supporterNonce()))
        #expect(try await world.batches.publish() == 0, "supporters bring out nobody else")
        try await world.desk.sign("L-0001", .unnamed(try await world.token(codes[19])))
        #expect(try await world.batches.publish() == 21)
        try await world.appendStaged()
        var letter = try await world.publicLetter()
        #expect(letter.named.sorted() == (0..<5).map { "Signer \($0)" })
        #expect(letter.verified == 15)
        #expect(letter.entitled == 20)
        #expect(letter.thresholdReachedAt == nil)
        for code in codes.dropFirst(20) {
            try await world.desk.sign("L-0001", .unnamed(try await world.token(code)))
        }
        #expect(try await world.batches.publish() == 0, "a day has not passed")
        world.org.clock.advance(seconds: 86_400)
        #expect(try await world.batches.publish() == 25)
        try await world.appendStaged()
        letter = try await world.publicLetter()
        #expect(letter.entitled == 45)
        #expect(letter.thresholdReachedAt != nil)
        let record = try await world.org.query(
            "SELECT State, VerifiedSignatures, ThresholdReachedOn FROM OpenLetter",
            as: world.org.administrator
        )
        #expect(record.first?.integer("VerifiedSignatures") == 45)
        #expect(record.first?.text("State") == "Published")
        #expect(record.first?["ThresholdReachedOn"] != .null)
        let commitments = "SELECT COUNT() FROM Commitment WHERE Origin = 'Answer to a letter'"
        #expect(try await world.org.count(commitments, as: world.org.administrator) == 1)
        for object in ["Review", "Decision"] {
            let soql = "SELECT COUNT() FROM \(object)"
            #expect(try await world.org.count(soql, as: world.org.administrator) == 0)
        }
    }

    @Test("below the reveal threshold nothing is shown, not even after the letter has closed")
    func few() async throws {
        let world = try await World()
        let codes = try await world.desk.entitle(3, to: "L-0001", as: world.kim)
        for code in codes {
            try await world.desk.sign("L-0001", .unnamed(try await world.token(code)))
        }
        world.org.clock.advance(seconds: 40 * 86_400)
        #expect(try await world.batches.publish() == 0)
        await #expect(throws: RecordError.self, "it has closed") {
            try await world.desk.sign("L-0001", .supporter(nonce: try supporterNonce()))
        }
    }

    private func supporterNonce() throws -> String {
        for number in 0..<50_000_000 {
            let hash = SupporterWork.hash("\(number)", for: "L-0001")
            if hash[0] == 0, hash[1] == 0, hash[2] < 16 { return "\(number)" }
        }
        throw CancellationError()
    }

    @Test("a supporter's work counts once, and none is refused")
    func supporters() async throws {
        let world = try await World()
        let nonce = try supporterNonce()
        try await world.desk.sign("L-0001", .supporter(nonce: nonce))
        for wrong in [nonce, "lazy", String(repeating: "x", count: 100)] {
            await #expect(throws: RecordError.self) {
                try await world.desk.sign("L-0001", .supporter(nonce: wrong))
            }
        }
        #expect(try await world.signatures() == 1)
    }
}
