import Accountability
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// The register as the log has it, day by day, and statements of what is known.
@Suite struct RegisterRootDeskTests {
    private actor Log: LogWriting {
        private let folder: String
        private let key: SigningKey

        init(_ folder: String, _ key: SigningKey) {
            self.folder = folder
            self.key = key
        }

        func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int {
            let log = try await TransparencyLog(in: try DirectoryTiles(writing: folder), key: key)
            return try await log.append([try entry.bytes()]).first?.index ?? 0
        }
    }

    private final class World: Sendable {
        let org: TestOrg
        let other: OrgID
        let office: AccountabilityOffice
        let folder: String
        let verifier: VerifierKey
        let statements: SigningKey

        init() async throws {
            let org = try await TestOrg(
                on: .sqlite,
                apps: ["accountability"],
                clock: TestClock("2027-03-10T02:00:00Z")
            )
            other = try await org.neighbour(2).org
            folder =
                FileManager.default.temporaryDirectory
                .appending(path: "steward-register-\(UUID().uuidString)").path
            let key = try SigningKey(name: "log.example/l", kind: .note)
            statements = try SigningKey(name: "log.example/l/statements", kind: .note)
            verifier = key.verifier
            try await TransparencyLog.create(in: try DirectoryTiles(writing: folder), key: key)
            let (id, verifier, statements) = (org.id, verifier, statements)
            var office = AccountabilityOffice(
                records: org.records,
                log: Log(folder, key),
                logFolder: folder,
                logKey: { verifier },
                authority: { RestrictionAuthority([]) },
                org: { id }
            )
            office.statementKey = { statements }
            self.org = org
            self.office = office
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func record() async throws -> PublicRecord {
            let reader = PublicRecordReader(DirectoryTiles(reading: folder), log: verifier)
            return try await reader.reading().record
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
        let record = try await world.record()
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
        #expect(try await world.record().contradictions.isEmpty)
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
        let keys = try await world.record().notables("key-rotated")
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
