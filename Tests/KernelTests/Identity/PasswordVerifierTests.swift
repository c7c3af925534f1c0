import Metadata
import Testing

@testable import Kernel

/// Which passwords are recognised without hashing them again.
@Suite struct PasswordVerifierTests {
    private let start = Instant(milliseconds: 1_750_000_000_000)
    private let quick = ScryptCost(logarithmOfRounds: 10, blockSize: 8, parallelism: 1)

    @Test("a right password is right, again and again, and a wrong one wrong")
    func verdicts() async throws {
        let verifier = PasswordVerifier()
        let hash = try PasswordHash(of: "correct horse", cost: quick)

        #expect(await verifier.verify("correct horse", against: hash, at: start))
        #expect(await verifier.verify("correct horse", against: hash, at: start))
        #expect(await !verifier.verify("wrong horse", against: hash, at: start))
        #expect(await !verifier.verify("wrong horse", against: hash, at: start))
        #expect(await !verifier.verify("", against: hash, at: start))
    }

    @Test("the old password is wrong as soon as the password has changed")
    func passwordChange() async throws {
        let verifier = PasswordVerifier()
        let old = try PasswordHash(of: "correct horse", cost: quick)
        let new = try PasswordHash(of: "other horse", cost: quick)
        #expect(await verifier.verify("correct horse", against: old, at: start))

        #expect(await !verifier.verify("correct horse", against: new, at: start))
        #expect(await verifier.verify("other horse", against: new, at: start))
    }

    @Test("what is remembered lapses")
    func expiry() throws {
        var verified = VerifiedPasswords(capacity: 4, rememberedSeconds: 60)
        let hash = try PasswordHash(of: "correct horse", cost: quick)
        let ticket = verified.ticket(for: "correct horse", hash: hash)

        #expect(!verified.holds(ticket, at: start))
        verified.remember(ticket, at: start)
        #expect(verified.holds(ticket, at: start.adding(seconds: 59)))
        #expect(!verified.holds(ticket, at: start.adding(seconds: 60)))
    }

    @Test("no more is remembered than there is room for, the newest first")
    func bounded() throws {
        var verified = VerifiedPasswords(capacity: 8, rememberedSeconds: 60)
        let hash = try PasswordHash(of: "correct horse", cost: quick)
        let tickets = (0..<100).map { verified.ticket(for: "password \($0)", hash: hash) }

        for (index, ticket) in tickets.enumerated() {
            let now = Instant(milliseconds: start.milliseconds + Int64(index))
            verified.remember(ticket, at: now)
            #expect(verified.holds(ticket, at: now))
            #expect(verified.count <= 8)
        }
        verified.forgetAll()
        #expect(verified.count == 0)
    }

    @Test("two processes make different tickets of the same password")
    func keyedPerProcess() throws {
        let hash = try PasswordHash(of: "correct horse", cost: quick)
        let one = VerifiedPasswords(capacity: 4, rememberedSeconds: 60)
        let other = VerifiedPasswords(capacity: 4, rememberedSeconds: 60)

        #expect(one.ticket(for: "a", hash: hash) == one.ticket(for: "a", hash: hash))
        #expect(one.ticket(for: "a", hash: hash) != other.ticket(for: "a", hash: hash))
    }
}
