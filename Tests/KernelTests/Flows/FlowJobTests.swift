import Kernel
import Metadata
import TestSupport
import Testing

/// What flows do later: after the commit, at a moment, by a schedule, after a wait.
@Suite struct FlowJobTests {
    private static func path(_ when: String, trigger: String = "CreateAndUpdate") -> String {
        """
        flow: Later
        label: Later
        trace: All
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: \(trigger)
          doesRequireRecordChangedToMeetCriteria: \(trigger == "Create" ? "false" : "true")
          filters:
            - { field: Priority, operator: EqualTo, value: High }
          scheduledPaths:
            - name: Follow_Up
              \(when)
              steps:
                - recordCreate: Task_For_It
                  object: Task
                  inputAssignments:
                    - { field: Subject, value: "Follow {!$Record.Subject}" }
                    - { field: WhatId, elementReference: $Record.Id }
        """
    }

    private func tasks(_ org: TestOrg) async throws -> [String?] {
        try await org.query("SELECT Subject FROM Task ORDER BY Id", as: org.administrator)
            .map { $0.text("Subject") }
    }

    @Test("a path after the commit is one job for the batch", arguments: StoreKind.allCases)
    func afterCommit(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(
            on: kind,
            flows: [Self.path("pathType: AsyncAfterCommit")]
        )
        let drafts = ["a", "b", "c"].map {
            RecordDraft(object: "Case", values: ["Subject": .string($0), "Priority": "High"])
        }
        _ = try await org.save(drafts, .create, as: org.administrator)
        #expect(try await tasks(org).isEmpty)
        #expect(try await FlowFixture.jobs(.waiting, of: "flow.path", in: org).count == 1)

        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org) == ["Follow a", "Follow b", "Follow c"])
    }

    @Test("a save that is undone leaves no job")
    func undone() async throws {
        let org = try await FlowFixture.org(flows: [Self.path("pathType: AsyncAfterCommit")])
        _ = try await org.save(
            [
                RecordDraft(object: "Case", values: ["Priority": "High"]),
                RecordDraft(object: "Case", values: ["Status": .null]),
            ],
            .create,
            as: org.administrator,
            options: SaveOptions(allOrNone: true)
        )
        #expect(try await FlowFixture.jobs(.waiting, of: "flow.path", in: org).isEmpty)
    }

    @Test("what fails for one record is given up for that one, and can be run again")
    func deadLetter() async throws {
        let flow = """
            flow: Contact_Later
            label: Contact later
            start:
              object: Case
              triggerType: RecordAfterSave
              recordTriggerType: Create
              scheduledPaths:
                - name: Soon
                  pathType: AsyncAfterCommit
                  steps:
                    - recordCreate: Known
                      object: Contact
                      inputAssignments:
                        - { field: LastName, elementReference: $Record.SuppliedName }
            """
        let org = try await FlowFixture.org(flows: [flow])
        let admin = org.administrator
        let results = try await org.save(
            [["SuppliedName": "Ana"], [:], ["SuppliedName": "Bo"]].map {
                RecordDraft(object: "Case", values: $0)
            },
            .create,
            as: admin
        )
        for _ in 0..<8 {
            try await FlowFixture.runJobs(org)
            org.clock.advance(seconds: 600)
        }
        let names = "SELECT LastName FROM Contact ORDER BY Id"
        #expect(try await org.query(names, as: admin).map { $0.text("LastName") } == ["Ana", "Bo"])
        let dead = try await FlowFixture.jobs(.dead, of: "flow.path", in: org)
        #expect(dead.count == 1)
        #expect(dead.first?.error?.contains("\"Known\"") == true)

        let id = try #require(results[1].id)
        try await org.update("Case", id, ["SuppliedName": "Cy"], as: admin)
        let job = try #require(dead.first)
        try await org.records.write(as: admin) { writer in
            _ = try writer.enqueue(NewJob(kind: job.kind, payload: job.payload))
        }
        try await FlowFixture.runJobs(org)
        #expect(try await org.count("SELECT COUNT() FROM Contact", as: admin) == 3)
    }

    private static let threeDays = """
        offsetNumber: 3
              offsetUnit: Days
              timeSource: RecordTriggerEvent
        """

    @Test("a scheduled path runs at its moment", arguments: StoreKind.allCases)
    func scheduledPath(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.path(Self.threeDays)])
        try await org.create("Case", ["Subject": "a", "Priority": "High"], as: org.administrator)
        org.clock.advance(seconds: 3 * 86_400 - 1)
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org).isEmpty)
        org.clock.advance(seconds: 1)
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org) == ["Follow a"])
        org.clock.advance(seconds: 10 * 86_400)
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org).count == 1)
    }

    @Test("what no longer holds does not happen; what holds again does")
    func revised() async throws {
        let org = try await FlowFixture.org(flows: [Self.path(Self.threeDays)])
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "a", "Priority": "High"], as: admin)
        org.clock.advance(seconds: 86_400)
        try await org.update("Case", id, ["Priority": "Low"], as: admin)
        org.clock.advance(seconds: 5 * 86_400)
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org).isEmpty)
        try await org.update("Case", id, ["Priority": "High"], as: admin)
        org.clock.advance(seconds: 2 * 86_400)
        // A change that has nothing to do with it moves nothing.
        try await org.update("Case", id, ["Subject": "b"], as: admin)
        org.clock.advance(seconds: 86_400)
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org) == ["Follow b"])
    }

    @Test("a path by a field moves with the field")
    func byField() async throws {
        let when = """
            offsetNumber: -1
                  offsetUnit: Hours
                  timeSource: RecordField
                  recordField: StartDateTime
            """
        let flow = Self.path(when, trigger: "Create")
            .replacing("object: Case\n", with: "object: Event\n")
            .replacing(
                "          - { field: WhatId, elementReference: $Record.Id }",
                with: ""
            )
            .replacing(
                "field: Priority, operator: EqualTo, value: High",
                with: "field: Subject, operator: IsNull, value: false"
            )
        let org = try await FlowFixture.org(flows: [flow])
        let admin = org.administrator
        let id = try await org.create(
            "Event",
            [
                "Subject": "Visit", "StartDateTime": "2026-03-11T10:00:00Z",
                "EndDateTime": "2026-03-11T11:00:00Z",
            ],
            as: admin
        )
        try await org.update(
            "Event",
            id,
            ["StartDateTime": "2026-03-12T10:00:00Z", "EndDateTime": "2026-03-12T11:00:00Z"],
            as: admin
        )
        org.clock.set("2026-03-12T08:59:59Z")
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org).isEmpty)
        org.clock.set("2026-03-12T09:00:00Z")
        try await FlowFixture.runJobs(org)
        #expect(try await tasks(org) == ["Follow Visit"])
    }

    @Test("a scheduled flow runs for each record its filters find", arguments: StoreKind.allCases)
    func scheduledFlow(_ kind: StoreKind) async throws {
        let flow = """
            flow: Nightly
            label: Nightly
            start:
              triggerType: Scheduled
              object: Case
              schedule: { frequency: Daily, startDate: 2026-03-10, startTime: "02:00" }
              filters:
                - { field: IsClosed, operator: EqualTo, value: false }
            steps:
              - recordUpdate: Say_So
                inputReference: $Record
                inputAssignments:
                  - { field: Subject, value: "{!$Record.Subject}." }
            """
        let org = try await FlowFixture.org(on: kind, flows: [flow])
        let admin = org.administrator
        try await org.create("Case", ["Subject": "open"], as: admin)
        try await org.create("Case", ["Subject": "shut", "Status": "Closed"], as: admin)
        try await FlowFixture.runJobs(org)
        for night in ["2026-03-11T02:00:00Z", "2026-03-12T02:00:30Z"] {
            org.clock.set(night)
            try await FlowFixture.runJobs(org)
        }
        let subjects = try await org.query("SELECT Subject FROM Case ORDER BY Id", as: admin)
        #expect(subjects.map { $0.text("Subject") } == ["open..", "shut"])

        try await FlowFixture.deploy([], to: org)
        org.clock.set("2026-03-14T02:00:00Z")
        try await FlowFixture.runJobs(org)
        #expect(
            try await org.count("SELECT COUNT() FROM Case WHERE Subject = 'open..'", as: admin) == 1
        )
    }

    @Test("a wait goes on where it was, with what it held", arguments: StoreKind.allCases)
    func waits(_ kind: StoreKind) async throws {
        let flow = """
            flow: Patient
            label: Patient
            variables:
              - { name: who, dataType: String, isInput: true }
              - { name: account, dataType: SObject, objectType: Account }
            steps:
              - assignment: Prepare
                assignmentItems:
                  - { assignToReference: account.Name, value: "Of {!who}" }
              - decision: Somebody
                rules:
                  - rule: Ana
                    conditions:
                      - { leftValueReference: who, operator: EqualTo, value: Ana }
                    steps:
                      - wait: Two_Hours
                        offsetNumber: 2
                        offsetUnit: Hours
                      - assignment: Mark
                        assignmentItems:
                          - { assignToReference: account.Phone, value: "1" }
              - recordCreate: Make
                inputReference: account
            """
        let org = try await FlowFixture.org(on: kind, flows: [flow])
        let admin = org.administrator
        _ = try await org.records.write(as: admin) { writer in
            try writer.runFlow("Patient", inputs: [["who": "Ana"], ["who": "Bo"]])
        }
        let accounts = "SELECT Name, Phone FROM Account ORDER BY Id"
        #expect(try await org.query(accounts, as: admin).map { $0.text("Name") } == ["Of Bo"])
        org.clock.advance(seconds: 7_200)
        try await FlowFixture.runJobs(org)
        let found = try await org.query(accounts, as: admin)
        #expect(found.map { $0.text("Name") } == ["Of Bo", "Of Ana"])
        #expect(found.map { $0.text("Phone") } == [nil, "1"])
    }

    @Test("a dry run says what would happen and why, and leaves nothing")
    func explain() async throws {
        let org = try await FlowFixture.org(flows: [
            Self.path("pathType: AsyncAfterCommit")
                + "\nsteps:\n  - decision: Which\n    rules:\n      - rule: Is_New\n"
                + "        conditions:\n          - { leftValueReference: $Record.Status, "
                + "operator: EqualTo, value: New }\n        steps:\n          - recordUpdate: Change\n"
                + "            inputReference: $Record\n            inputAssignments:\n"
                + "              - { field: Subject, value: changed }\n"
        ])
        let admin = org.administrator
        let high = try await org.create("Case", ["Subject": "a", "Status": "Working"], as: admin)
        let low = try await org.create("Case", ["Subject": "b"], as: admin)
        try await org.update("Case", high, ["Priority": "High", "Status": "New"], as: admin)
        try await org.update("Case", high, ["Subject": "a"], as: admin)

        let traces = try await org.records.explainFlow("Later", for: [high, low], as: admin)
        #expect(traces[0].text.contains("the record meets its conditions"))
        #expect(traces[0].text.contains("takes Is_New: $Record.Status EqualTo New"))
        #expect(traces[0].text.contains("recordUpdate Change: changes \(high)"))
        #expect(traces[1].text.contains("does not meet its conditions"))
        let subject = try await org.query(
            "SELECT Subject FROM Case WHERE Id = '\(high)'",
            as: admin
        )
        #expect(subject.first?.text("Subject") == "a")
    }

    @Test("traces are removed when their time is over")
    func retention() async throws {
        let org = try await FlowFixture.org(
            flows: ["traceDays: 2\n" + Self.path("pathType: AsyncAfterCommit")]
        )
        let admin = org.administrator
        try await org.create("Case", ["Subject": "a", "Priority": "High"], as: admin)
        try await FlowFixture.runJobs(org)
        let count = "SELECT COUNT() FROM FlowInterviewLog"
        #expect(try await org.count(count, as: admin) == 2)
        org.clock.advance(seconds: 86_400)
        try await FlowFixture.runJobs(org)
        #expect(try await org.count(count, as: admin) == 2)
        org.clock.advance(seconds: 2 * 86_400)
        try await FlowFixture.runJobs(org)
        #expect(try await org.count(count, as: admin) == 0)
    }
}
