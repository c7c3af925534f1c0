import Kernel
import Metadata
import TestSupport
import Testing

/// A flow has the rights of the user, unless it says why it needs more.
@Suite struct FlowRightsTests {
    private static func lookup(_ mode: String) -> String {
        """
        flow: Count_Cases
        label: Count cases
        \(mode)
        variables:
          - { name: count, dataType: Number, isOutput: true }
        steps:
          - recordLookup: All_Cases
            object: Case
          - assignment: Take_Count
            assignmentItems:
              - { assignToReference: count, operator: AssignCount, elementReference: All_Cases }
        """
    }

    private func count(_ org: TestOrg, as caller: Caller) async throws -> JSONValue? {
        let outcomes = try await org.records.write(as: caller) { writer in
            try writer.runFlow("Count_Cases", inputs: [[:]])
        }
        guard case .success(let outputs)? = outcomes.first else { return nil }
        return outputs["count"]
    }

    @Test("it finds what the user may see", arguments: StoreKind.allCases)
    func rows(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.lookup("runIn: User")])
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create("Case", ["Subject": "Hidden"], as: org.administrator)
        try await org.create("Case", ["Subject": "Own"], as: ana)

        #expect(try await count(org, as: ana) == .number(JSONNumber(1)))
        #expect(try await count(org, as: org.administrator) == .number(JSONNumber(2)))
    }

    @Test("one with every right is not for everyone to call")
    func systemMode() async throws {
        let org = try await FlowFixture.org(
            flows: [Self.lookup("runIn: System\nreason: the number is public")]
        )
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create("Case", ["Subject": "Hidden"], as: org.administrator)

        let error = await #expect(throws: RecordError.self) { try await count(org, as: ana) }
        #expect(error?.code == .insufficientAccess)
        #expect(try await count(org, as: org.administrator) == .number(JSONNumber(1)))
    }

    private static func secret(_ mode: String) -> String {
        """
        flow: Copy_Cost
        label: Copy the cost
        \(mode)
        start:
          object: Case
          triggerType: RecordBeforeSave
        steps:
          - assignment: Copy
            assignmentItems:
              - { assignToReference: $Record.Estimated_Cost__c, value: 5 }
        """
    }

    @Test("a field that the user may not write is not written in the user's name")
    func fields() async throws {
        let org = try await FlowFixture.org(flows: [Self.secret("runIn: User")])
        let guest = try await org.user("Gus", profile: "Standard User")
        let allowed = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        _ = allowed
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "A"], as: guest)
        }
        #expect(error != nil)

        try await FlowFixture.deploy(
            [Self.secret("runIn: System\nreason: every case has a cost")],
            to: org
        )
        try await org.create("Case", ["Subject": "B"], as: org.administrator)
        let record = try await org.query(
            "SELECT Estimated_Cost__c FROM Case WHERE Subject = 'B'",
            as: org.administrator
        ).first
        #expect(record?["Estimated_Cost__c"] == ExactDecimal("5").map { .number($0) })
    }

    @Test("a flow that another one with every right has started keeps to the user's rights")
    func nested() async throws {
        let outer = """
            flow: Make_Task
            label: Make a task
            runIn: System
            reason: every case is followed up
            start:
              object: Case
              triggerType: RecordAfterSave
              recordTriggerType: Create
            steps:
              - recordCreate: Follow_Up
                object: Task
                inputAssignments:
                  - { field: Subject, value: Follow up }
                  - { field: WhatId, elementReference: $Record.Id }
            """
        let inner = """
            flow: Count_On_Task
            label: Count on a task
            start:
              object: Task
              triggerType: RecordBeforeSave
            steps:
              - recordLookup: All_Cases
                object: Case
              - loop: Each_Case
                collectionReference: All_Cases
                steps:
                  - assignment: Tell
                    assignmentItems:
                      - assignToReference: $Record.Subject
                        operator: Add
                        value: " {!Each_Case.Subject}"
            """
        let org = try await FlowFixture.org(flows: [outer, inner])
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        _ = try await org.save(
            [RecordDraft(object: "Case", values: ["Subject": "Hidden"])],
            .create,
            as: org.administrator
        )
        try await org.create("Case", ["Subject": "Own"], as: ana)
        let tasks = try await org.query(
            "SELECT Subject FROM Task ORDER BY Id",
            as: org.administrator
        )
        #expect(tasks.map { $0.text("Subject") } == ["Follow up Hidden", "Follow up Own"])
    }
}
