import Accountability
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// The register as the log has it, day by day, and statements of what is known.
@Suite struct RegisterRootDeskTests {
    private struct World {
        let org: TestOrg
        let other: OrgID
        let office: AccountabilityOffice
        let log: TestLog
        let statements: SigningKey

        init() async throws {
            org = try await TestOrg(
                on: .sqlite,
                apps: ["accountability"],
                clock: TestClock("2027-03-10T02:00:00Z")
            )
            other = try await org.neighbour(2).org
            log = try await TestLog()
            let statements = try SigningKey(name: "log.example/l/statements", kind: .note)
            var office = AccountabilityOffice(in: org, log: log)
            office.statementKey = { statements }
            self.statements = statements
            self.office = office
        }
    }

    @Test("the root of a day is published once, and each org can prove that its snapshot is in it")
    func root() async throws {
        let world = try await World()
        let desk = RegisterRootDesk(world.office)
        let day = world.org.clock.now().useDay - 1
        let orgs = [world.org.id, world.other]
        let published = try #require(try await desk.publish(day, of: orgs))
        #expect(try await desk.publish(day, of: orgs) == nil)
        let record = try await world.log.record()
        #expect(record.notables("snapshot-root").map { $0.values["root"] } == [published.root])
        #expect(record.register == published)
        #expect(published.register.orgs == nil, "of two orgs not even the number is told")
        for org in orgs {
            let text = try #require(
                try await world.office.records.useProofs(of: org, on: day...day).first
            )
            let proof = try JSONParser.parse(text)
            let snapshot = try #require(
                try await RegisterDesk(world.office.records).snapshots(of: org, on: day...day).first
            )
            let part = try PrivatePart(
                name: "snapshot",
                bytes: try snapshot.bytes(),
                salt: try #require(
                    proof["salt"]?.string.flatMap { Data(base64Encoded: $0) }
                )
            )
            let hashes = try #require(proof["hashes"]?.array).map {
                try #require($0.string.flatMap { Data(base64Encoded: $0) }.flatMap(TreeHash.init))
            }
            let inclusion = InclusionProof(
                index: try #require(proof["index"]?.number?.int64.map { Int($0) }),
                size: try #require(proof["size"]?.number?.int64.map { Int($0) }),
                hashes: hashes
            )
            let root = try #require(
                Data(base64Encoded: published.root).flatMap(TreeHash.init)
            )
            try inclusion.verify(leaf: .leaf(part.commitment.bytes), root: root)
            #expect(throws: ProofFailure.self) {
                try inclusion.verify(leaf: .leaf(Data("other".utf8)), root: root)
            }
        }
        world.org.clock.advance(seconds: 86_400)
        #expect(try await desk.publish(day + 1, of: orgs) != nil)
        #expect(try await world.log.record().contradictions.isEmpty)
    }

    @Test("a statement says what is known and what is not, and its key is in the log")
    func statement() async throws {
        let world = try await World()
        let desk = StatementDesk(world.office)
        let day = world.org.clock.now().useDay
        _ = try await RegisterDesk(world.office.records).keepSnapshot(of: world.other, on: day)
        let signed = try await desk.statement(
            "Is service-desk used at crossings?",
            of: world.other,
            product: "service-desk"
        )
        #expect(signed.note.contains("the org has declared no use of this product"))
        #expect(signed.note.contains("records and their fields"))
        #expect(signed.note.contains("\u{2014} log.example/l/statements "))
        let note = try SignedNote(Data(signed.note.utf8))
        #expect(note.signatures.contains { $0.isBy(world.statements.verifier) })
        _ = try await desk.statement("Again?", of: world.other, product: "service-desk")
        let keys = try await world.log.record().notables("key-rotated")
        #expect(keys.map { $0.values["key"] } == ["\(world.statements.verifier)"])
        for (question, product) in [
            ("", "service-desk"), ("a\n\n\u{2014} forged", "service-desk"),
            (String(repeating: "x", count: 501), "service-desk"), ("Why?", "servicedesk"),
        ] {
            await #expect(throws: RecordError.self) {
                _ = try await desk.statement(question, of: world.other, product: product)
            }
        }
    }
}
