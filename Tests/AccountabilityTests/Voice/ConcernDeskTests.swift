import Accountability
import Crypto
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Concerns from people without a login, and what is kept of them.
@Suite struct ConcernDeskTests {
    private struct World {
        let org: TestOrg
        let desk: ConcernDesk
        let officer = Curve25519.KeyAgreement.PrivateKey()
        let custodian = Curve25519.KeyAgreement.PrivateKey()
        let olu: Caller

        init() async throws {
            let org = try await TestOrg(
                on: .sqlite,
                apps: ["accountability"],
                clock: TestClock("2026-11-24T13:37:42Z")
            )
            self.org = org
            let readers = VoiceReaders(
                [
                    .init(name: "Olu", role: .concerns, key: officer.publicKey),
                    .init(name: "Kim", role: .identities, key: custodian.publicKey),
                ],
                secret: try ReceiptSecret(Data(repeating: 7, count: 32))
            )
            var office = AccountabilityOffice(in: org)
            office.voice = { readers }
            desk = try ConcernDesk(office)
            olu = try await org.user(
                "Olu",
                profile: "Office Staff",
                role: "Concern_Desk",
                permissionSets: ["Concern_Officer"]
            )
        }

        func raise(
            _ text: String,
            identity: String? = nil,
            files: [CleanedFile] = [],
            _ facts: JSONObject = [:]
        ) async throws -> RaisedConcern {
            try await desk.raise(
                try NewConcern(
                    words: .plain(text),
                    identity: identity,
                    files: files,
                    facts: facts
                )
            )
        }

        func kept(_ text: String) async throws -> Receipt {
            guard case .kept(let receipt?) = try await raise(text) else { throw NoLogYet() }
            return receipt
        }

        func concerns() async throws -> [TestRecord] {
            try await org.query(
                "SELECT Id, Name, SealedText, SealedIdentity, DuplicateOfId, DuplicateCount, Stage, "
                    + "ReceiptDigest, CreatedDate, SystemModstamp, ReceivedOn FROM Concern "
                    + "ORDER BY Name",
                as: org.administrator
            )
        }
    }

    private static let words =
        "The agency keeps lists of families at the crossing with your service, and children are "
        + "taken from their parents by what these lists say; we have seen it twice since spring."

    @Test(
        "the words are sealed, the day is all that is known of the time, the receipt opens both ways"
    )
    func mailbox() async throws {
        let world = try await World()
        let receipt = try await world.kept(Self.words)
        let concern = try #require(try await world.concerns().first)
        for time in ["CreatedDate", "SystemModstamp"] {
            #expect(
                concern[time]
                    == .dateTime(
                        Instant(
                            milliseconds: Int64(
                                world.org.clock.now().milliseconds / 86_400_000 * 86_400_000
                            )
                        )
                    )
            )
        }
        let sealed = try SealedText(text: try #require(concern.text("SealedText")))
        let read = try sealed.open(as: .concern, with: world.officer)
        #expect(String(decoding: read, as: UTF8.self) == Self.words)
        #expect(concern.text("SealedText")?.contains("families") == false)
        try await world.desk.answer("C-00001", "Which office was it?", as: world.olu)
        try await world.desk.write("The one at the bridge.", by: receipt)
        let box = try await world.desk.mailbox(of: receipt)
        #expect(
            box.messages.map(\.text) == [
                Self.words, "Which office was it?", "The one at the bridge.",
            ]
        )
        #expect(box.stage == "Received")
        #expect(box.due.map(\.day) == ["2026-12-01", "2026-12-08", "2027-02-24"])
        await #expect(throws: RecordError.self) { try await world.desk.mailbox(of: Receipt()) }
        await #expect(throws: RecordError.self) {
            try await world.desk.write("x", by: Receipt())
        }
    }

    @Test("a mailbox whose words were erased takes no more that nobody would erase")
    func erased() async throws {
        let world = try await World()
        let receipt = try await world.kept(Self.words)
        let concern = try #require(try await world.concerns().first?["Id"].id)
        try await world.org.update(
            "Concern",
            concern,
            ["SealedText": .null, "ErasedOn": "2026-11-24"],
            as: world.org.administrator
        )
        await #expect(throws: RecordError.self) {
            try await world.desk.write("One thing more.", by: receipt)
        }
        let box = try await world.desk.mailbox(of: receipt)
        #expect(box.messages.map(\.sealed) == [nil])
    }

    @Test("who they are is sealed to the custodian alone, and never kept of the anonymous")
    func identity() async throws {
        let world = try await World()
        await #expect(throws: RecordError.self) {
            try await world.raise(Self.words, identity: "Ada, 0151")
        }
        _ = try await world.raise(Self.words, identity: "Ada, 0151", ["Wish": "Confidential"])
        let concern = try #require(try await world.concerns().first)
        let sealed = try SealedText(text: try #require(concern.text("SealedIdentity")))
        #expect(throws: RecordError.self) { try sealed.open(as: .identity, with: world.officer) }
        #expect(
            try sealed.open(as: .identity, with: world.custodian) == Data("Ada, 0151".utf8)
        )
    }

    @Test("after a few, copies change nothing but one counter")
    func copies() async throws {
        let world = try await World()
        for number in 0...ConcernDesk.copiesKept {
            _ = try await world.kept("\(Self.words) Yours, reader \(number)")
        }
        let before = try await world.concerns()
        #expect(before.count == ConcernDesk.copiesKept + 1)
        #expect(
            before.filter { $0["DuplicateOfId"] == .null }.map { $0.text("Name") } == ["C-00001"]
        )
        let objects = ["ConcernMessage", "ConcernFile", "ConcernBand", "ConcernStep", "Review"]
        func counts() async throws -> [Int] {
            var counts: [Int] = []
            for object in objects {
                let soql = "SELECT COUNT() FROM \(object)"
                counts.append(try await world.org.count(soql, as: world.org.administrator))
            }
            return counts
        }
        let rows = try await counts()
        for number in 0..<40 {
            guard
                case .counted(with: "C-00001") = try await world.raise(
                    "\(Self.words) Yours, neighbour \(number)"
                )
            else {
                Issue.record("copy \(number) was kept")
                return
            }
        }
        var after = try await world.concerns()
        #expect(after[0].integer("DuplicateCount") == ConcernDesk.copiesKept + 40)
        after[0] = before[0]
        #expect(after == before)
        #expect(try await counts() == rows)
        guard case .kept = try await world.raise(Self.words, ["OrgNamed": "Harbour office"]) else {
            Issue.record("another org is another matter")
            return
        }
    }

    @Test("files are kept in sealed parts, without their names")
    func files() async throws {
        let world = try await World()
        let text = String(repeating: "0123456789", count: 15_000)
        _ = try await world.raise(Self.words, files: [try CleanedFile(Data(text.utf8))])
        let parts = try await world.org.query(
            "SELECT Part, SealedContent, Kind FROM ConcernFile ORDER BY Part",
            as: world.olu
        )
        #expect(parts.count == 3)
        let bytes = try parts.map { part in
            try SealedText(text: try #require(part.text("SealedContent")))
                .open(as: .file, with: world.officer)
        }
        #expect(String(decoding: Data(bytes.joined()), as: UTF8.self) == text)
    }

    @Test("who seals by themselves gives this machine no words")
    func sealedByClient() async throws {
        let world = try await World()
        let secret = world.desk.publicKeys.secret
        let mailbox = Curve25519.KeyAgreement.PrivateKey()
        let derived = Data(repeating: 5, count: 32)
        func concern(to key: Curve25519.KeyAgreement.PublicKey) throws -> NewConcern {
            try NewConcern(
                words: .sealed(
                    NewConcern.SealedConcern(
                        text: try SealedText(
                            Data(Self.words.utf8),
                            as: .concern,
                            to: [key, mailbox.publicKey]
                        ),
                        identity: nil,
                        sketch: TextSketch(of: Self.words, about: ""),
                        derived: derived,
                        mailboxKey: mailbox.publicKey
                    )
                ),
                facts: [:]
            )
        }
        await #expect(throws: RecordError.self) {
            try await world.desk.raise(try concern(to: mailbox.publicKey))
        }
        guard
            case .kept(nil) = try await world.desk.raise(
                try concern(to: world.officer.publicKey)
            )
        else {
            Issue.record("a receipt was made for whoever made one")
            return
        }
        let box = try await world.desk.mailbox(ofDerived: derived)
        let sealed = try SealedText(text: try #require(box.messages.first?.sealed))
        #expect(try sealed.open(as: .concern, with: mailbox) == Data(Self.words.utf8))
        #expect(
            try await world.concerns().first?.text("ReceiptDigest")
                == secret.digest(ofDerived: derived)
        )
    }
}
