import Accountability
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// What the operator sees of an org on a day.
@Suite struct UseSnapshotTests {
    private static let site = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: clinic\nlabel: Clinic\nversion: 1.0.0\nneeds: [service-desk]\n"
        ),
        MetadataPackage.File(
            path: "objects/Patient__c.yaml",
            text: """
                object: Patient__c
                label: Patient
                pluralLabel: Patients
                dataCategories: [contact-details, secret-project]
                fields:
                  - { name: Blood__c, type: Text, dataCategories: [health] }
                  - name: Card__c
                    type: Text
                    securityClassification: Restricted
                    complianceGroup: [PCI, PII]
                  - { name: Guardian__c, type: Text, complianceGroup: COPPA }
                """
        ),
        MetadataPackage.File(
            path: "profiles/Site_Guest.yaml",
            text: """
                profile: Site_Guest
                label: Site Guest
                userType: Guest
                objectPermissions:
                  - { object: Patient__c, allowRead: true, allowCreate: true }
                fieldPermissions:
                  - { field: Patient__c.Card__c, readable: true }
                """
        ),
        MetadataPackage.File(
            path: "webhooks/Bank.yaml",
            text: """
                webhook: Bank
                label: Bank
                endpointUrl: https://hooks.stripe.com:443/in
                object: Patient__c
                secret: bank
                """
        ),
        MetadataPackage.File(
            path: "flows/Tidy.yaml",
            text: """
                flow: Tidy
                label: Tidy
                runIn: System
                reason: Nobody needs old tasks.
                start: { object: Case, triggerType: RecordAfterSave, recordTriggerType: Update }
                steps:
                  - recordLookup: Old
                    object: Task
                  - recordDelete: Away
                    inputReference: Old
                """
        ),
    ]

    private func clinic() async throws -> TestOrg {
        let org = try await TestOrg(on: .sqlite)
        _ = try await Deployment(org.records).apply(
            Self.site,
            in: org.id,
            as: org.administrator.user
        )
        return org
    }

    @Test("definitions give codes of closed lists, and no name of the org's own")
    func codes() async throws {
        let org = try await clinic()
        let snapshot = try await RegisterDesk(org.records)
            .keepSnapshot(of: org.id, on: org.clock.now().useDay)
        let features = snapshot.features
        #expect(features["products"] == .codes(["platform", "service-desk", "other"]))
        #expect(
            features["data.other"] == .codes(["contact-details", "health", "payments", "other"])
        )
        #expect(features["data.special"] == .codes(["health"]))
        #expect(features["data.children"] == .truth(true))
        #expect(features["data.levels"] == .codes(["Restricted"]))
        #expect(features["data.compliance"] == .codes(["PCI", "PII", "COPPA"]))
        #expect(
            features["exposure"]
                == .codes([
                    "guest-reads", "guest-creates", "guest-reads-personal",
                    "guest-reads-confidential",
                ])
        )
        #expect(features["integrations"] == .codes(["payment"]))
        let automation = try #require(features["automation"]?.codes)
        #expect(
            automation.isSuperset(of: [
                "record-triggered", "with-every-right", "deletes", "sends-webhooks",
            ])
        )
        let text = String(decoding: try snapshot.bytes(), as: UTF8.self)
        for name in ["Patient", "clinic", "Card", "Tidy", "Bank", "stripe", "secret-project"] {
            #expect(!text.contains(name), "\(name)")
        }
    }

    @Test("the snapshot of a day is made once, and is read back byte for byte")
    func keeping() async throws {
        let org = try await TestOrg(on: .sqlite)
        let desk = RegisterDesk(org.records)
        let day = org.clock.now().useDay
        let first = try await desk.keepSnapshot(of: org.id, on: day)
        for number in 0..<12 {
            try await org.create("Case", ["Subject": .string("\(number)")], as: org.administrator)
        }
        _ = await org.records.keepUse()
        #expect(try await desk.keepSnapshot(of: org.id, on: day) == first)
        let second = try await desk.keepSnapshot(of: org.id, on: day + 1)
        #expect(try await desk.snapshots(of: org.id, on: (day - 5)...(day + 5)) == [first, second])
        #expect(
            second.changes(since: first).map(\.name) == [
                "band.apiCalls", "band.service-desk.changes", "band.service-desk.records",
            ]
        )
        #expect(try UseSnapshot(first.bytes()) == first)
    }

    @Test("each org has its snapshot made in the night, of the day that is over")
    func nightly() async throws {
        let org = try await TestOrg(on: .sqlite, clock: TestClock("2026-03-10T12:00:00Z"))
        var handlers = JobHandlers()
        RegisterDesk.join(&handlers)
        let runner = JobRunner(records: org.records, handlers: handlers, orgs: { [org.id] })
        try await runner.runDue()
        org.clock.set("2026-03-11T01:10:00Z")
        try await runner.runDue()
        let day = org.clock.now().useDay
        let kept = try await RegisterDesk(org.records).snapshots(of: org.id, on: (day - 9)...day)
        #expect(kept.map(\.date) == ["2026-03-10"])
    }

    @Test("time of which nothing is known makes it less complete")
    func completeness() async throws {
        let org = try await TestOrg()
        let now = org.clock.now()
        try await org.records.noteLostUse(seconds: 75, before: now, in: org.id)
        let desk = RegisterDesk(org.records)
        let snapshot = try await desk.keepSnapshot(of: org.id, on: now.useDay)
        #expect(snapshot.completeness == 9_999)
        let later = try await desk.keepSnapshot(of: org.id, on: now.useDay + 28)
        #expect(later.completeness == 10_000)
    }

    @Test("bytes in another form are refused")
    func reading() throws {
        let good = try RegisterFixture.snapshot("a", ["band.mails": .integer(2)])
        let text = String(decoding: try good.bytes(), as: UTF8.self)
        for (old, new) in [
            (#""form":1"#, #""form":2"#), (#""org":"a""#, #""org":"a","who":"b""#),
            (":2}", ":null}"), (":2}", ":\"x\"}"), ("10000", "10001"), ("{\"comp", "{ \"comp"),
        ] {
            let wrong = text.replacing(old, with: new)
            #expect(wrong != text)
            #expect(throws: LogFormatError.self) { try UseSnapshot(Data(wrong.utf8)) }
        }
    }

    @Test("hosts are known by whole labels, and the longest ending counts")
    func hosts() {
        let expected: [(String, HostClass)] = [
            ("https://hooks.slack.com/services/T0", .messaging),
            ("https://SLACK.com", .messaging), ("https://notslack.com/x", .unclassified),
            ("https://api.met.police.uk", .lawEnforcement),
            ("https://www.ice.gov", .lawEnforcement),
            ("https://nice.gov", .publicAdministration),
            ("https://x.gov.uk/a", .publicAdministration),
            ("https://user:pw@api.stripe.com:8443/x?y=ice.gov", .payment),
            ("https://europol.europa.eu.", .lawEnforcement), ("", .unclassified),
            ("https://erp.example/ice.gov", .unclassified),
        ]
        for (url, kind) in expected { #expect(HostClass(ofURL: url) == kind, "\(url)") }
    }

    @Test("each org gets the proof that its own snapshot is in the day's root", arguments: 1...9)
    func root(_ count: Int) throws {
        let snapshots = try (0..<count).map { number in
            try RegisterFixture.snapshot("org\(number)", ["band.mails": .integer(number % 3)])
        }
        let root = try SnapshotRoot(day: 20_000, of: snapshots.reversed())
        for snapshot in snapshots {
            let (part, proof) = try #require(root.proof(for: snapshot.org))
            #expect(part.bytes == (try snapshot.bytes()))
            try proof.verify(leaf: TreeHash.leaf(part.commitment.bytes), root: root.root)
        }
        #expect(root.proof(for: "stranger") == nil)
        // The same snapshots do not give the same root: nobody can try which bands an org is in.
        #expect(try SnapshotRoot(day: 20_000, of: snapshots).root != root.root)
    }
}
