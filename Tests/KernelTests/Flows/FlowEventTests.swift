import Kernel
import Metadata
import TestSupport
import Testing

/// Flows that a platform event starts: after its commit, with every right, each event by itself.
@Suite struct FlowEventTests {
    private static let alarm = MetadataPackage.File(
        path: "objects/Alarm__e.yaml",
        text: """
            object: Alarm__e
            label: Alarm
            pluralLabel: Alarms
            eventType: HighVolume
            publishBehavior: PublishAfterCommit
            fields:
              - { name: Place__c, type: Text, length: 80 }
              - { name: Level__c, type: Number, precision: 3, scale: 0 }
            """
    )

    private static let flow = """
        flow: Open_A_Case
        label: Open a case
        runIn: System
        reason: Sensors have no user.
        start:
          object: Alarm__e
          triggerType: PlatformEvent
          filters:
            - { field: Level__c, operator: GreaterThan, value: "2" }
        steps:
          - recordCreate: Case_Of_Alarm
            object: Case
            inputAssignments:
              - { field: Subject, value: "Alarm at {!$Record.Place__c}" }
              - { field: Priority, value: High }
        """

    private func org(_ kind: StoreKind) async throws -> TestOrg {
        let org = try await TestOrg(on: kind)
        _ = try await Deployment(org.records).apply(
            FlowFixture.files([Self.flow]) + [Self.alarm],
            in: org.id,
            as: org.administrator.user
        )
        return org
    }

    private func subjects(_ org: TestOrg) async throws -> [String?] {
        try await org.query("SELECT Subject FROM Case ORDER BY Subject", as: org.administrator)
            .map { $0.text("Subject") }
    }

    @Test("each event that meets the conditions runs the flow", arguments: StoreKind.allCases)
    func events(_ kind: StoreKind) async throws {
        let org = try await org(kind)
        let drafts = [("Hall", 3), ("Park", 1), ("Pool", 5)].map { place, level in
            RecordDraft(
                object: "Alarm__e",
                values: ["Place__c": .string(place), "Level__c": .string("\(level)")]
            )
        }
        let results = try await org.save(drafts, .create, as: org.administrator)
        #expect(results.flatMap(\.errors).isEmpty)
        #expect(try await subjects(org).isEmpty)

        try await FlowFixture.runJobs(org)
        #expect(try await subjects(org) == ["Alarm at Hall", "Alarm at Pool"])
        try await FlowFixture.runJobs(org)
        #expect(try await subjects(org).count == 2)
    }

    @Test("an event of a save that is undone starts nothing", arguments: StoreKind.allCases)
    func undone(_ kind: StoreKind) async throws {
        let org = try await org(kind)
        await #expect(throws: CancellationError.self) {
            try await org.records.write(as: org.administrator) { writer in
                _ = try writer.save(
                    [
                        RecordDraft(
                            object: "Alarm__e",
                            values: ["Place__c": "Hall", "Level__c": "3"]
                        )
                    ],
                    .create
                )
                throw CancellationError()
            }
        }
        try await FlowFixture.runJobs(org)
        #expect(try await subjects(org).isEmpty)
    }

    @Test("without every right the flow has those of whoever published")
    func rights() async throws {
        let org = try await TestOrg()
        let text = Self.flow.replacing("runIn: System\n", with: "")
            .replacing("reason: Sensors have no user.\n", with: "")
        let publisher = MetadataPackage.File(
            path: "permission-sets/Publisher.yaml",
            text: """
                permissionSet: Publisher
                label: Publisher
                objectPermissions:
                  - { object: Alarm__e, allowRead: true, allowCreate: true, viewAllFields: true, editAllFields: true }
                """
        )
        _ = try await Deployment(org.records).apply(
            FlowFixture.files([text]) + [Self.alarm, publisher],
            in: org.id,
            as: org.administrator.user
        )
        let least = try await org.user(
            "Least",
            profile: "Minimum Access",
            permissionSets: ["Publisher"]
        )
        for caller in [least, org.administrator] {
            try await org.create("Alarm__e", ["Place__c": "Hall", "Level__c": "3"], as: caller)
        }

        try await FlowFixture.runJobs(org)

        let made = try await org.query("SELECT CreatedById FROM Case", as: org.administrator)
        #expect(made.map { $0["CreatedById"].id } == [org.administrator.user])
        let failed = try await FlowFixture.jobs(.waiting, of: "flow.event", in: org)
        #expect(failed.map(\.user) == [least.user])
    }

    @Test("an event that fails holds up no other and waits to be run again")
    func poison() async throws {
        let org = try await TestOrg()
        let text = Self.flow.replacing("Alarm at {!$Record.Place__c}", with: "{!$Record.Place__c}")
        _ = try await Deployment(org.records).apply(
            FlowFixture.files([text]) + [Self.alarm],
            in: org.id,
            as: org.administrator.user
        )
        let long = String(repeating: "x", count: 80)
        let rule = MetadataPackage.File(
            path: "objects/Case.yaml",
            text: """
                extend: Case
                validationRules:
                  - name: Short
                    errorConditionFormula: LEN(Subject) > 40
                    errorMessage: too long
                """
        )
        _ = try await Deployment(org.records).apply(
            FlowFixture.files([text]) + [Self.alarm, rule],
            in: org.id,
            as: org.administrator.user
        )
        for place in [long, "Hall", "Pool"] {
            try await org.create(
                "Alarm__e",
                ["Place__c": .string(place), "Level__c": "3"],
                as: org.administrator
            )
        }
        for _ in 0..<8 {
            try await FlowFixture.runJobs(org)
            org.clock.advance(seconds: 400)
        }

        #expect(try await subjects(org) == ["Hall", "Pool"])
        let dead = try await FlowFixture.jobs(.dead, of: "flow.event", in: org)
        #expect(dead.count == 1)
        #expect(dead.first?.payload["events"]?.array?.count == 1)
    }
}
