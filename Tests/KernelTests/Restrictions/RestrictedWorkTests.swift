import Kernel
import Metadata
import TestSupport
import Testing

/// What a restriction does to flows, to what goes out, and to the org's growth.
@Suite struct RestrictedWorkTests {
    private static let flow = """
        flow: Praise
        label: Praise
        start:
          object: Case
          triggerType: RecordBeforeSave
          recordTriggerType: Create
        steps:
          - assignment: Say_Why
            assignmentItems:
              - { assignToReference: $Record.Reason, operator: Assign, value: Breakdown }
        """

    private func reason(_ org: TestOrg) async throws -> String? {
        let id = try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        let rows = try await org.query(
            "SELECT Reason FROM Case WHERE Id = '\(id)'",
            as: org.administrator
        )
        return rows.first?.text("Reason")
    }

    @Test("a withheld flow does not run, and runs again when that is over")
    func flow() async throws {
        let org = try await FlowFixture.org(flows: [Self.flow])
        #expect(try await reason(org) != nil)
        try await org.restrict(.automation("Praise"))
        #expect(try await reason(org) == nil)
        org.clock.advance(seconds: 72 * 3_600)
        #expect(try await reason(org) != nil)
    }

    @Test("what a withheld flow was to do later is held for a person to release")
    func waitingPath() async throws {
        let org = try await FlowFixture.org(
            flows: [
                """
                flow: Later
                label: Later
                start:
                  object: Case
                  triggerType: RecordAfterSave
                  recordTriggerType: Create
                  scheduledPaths:
                    - name: Follow_Up
                      pathType: AsyncAfterCommit
                      steps:
                        - recordCreate: Task_For_It
                          object: Task
                          inputAssignments:
                            - { field: Subject, value: Follow }
                """
            ]
        )
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        try await org.restrict(.automation("Later"))
        try await FlowFixture.runJobs(org)
        let held = try await FlowFixture.jobs(.dead, of: "flow.path", in: org)
        #expect(held.count == 1)
        #expect(held.first?.error?.contains("R-2026-0001") == true)
        org.clock.advance(seconds: 96 * 3_600)
        try await FlowFixture.runJobs(org)
        #expect(try await org.count("SELECT COUNT() FROM Task", as: org.administrator) == 0)
    }

    @Test("a withheld flow runs neither before a delete nor within another flow")
    func otherWays() async throws {
        let org = try await FlowFixture.org(
            flows: [
                """
                flow: Keep_All
                label: Keep all
                start: { object: Account, triggerType: RecordBeforeDelete }
                steps:
                  - customError: No
                    customErrorMessages:
                      - errorMessage: Accounts are kept.
                """,
                """
                flow: Inner
                label: Inner
                steps:
                  - recordCreate: One
                    object: Account
                    inputAssignments:
                      - { field: Name, value: Made }
                """,
                """
                flow: Outer
                label: Outer
                steps:
                  - subflow: Do
                    flowName: Inner
                """,
            ]
        )
        let admin = org.administrator
        func call() async throws -> RecordError? {
            let outcome = try await org.records.write(as: admin) {
                try $0.runFlow("Outer", inputs: [[:]])
            }.first
            guard case .failure(let error)? = outcome else { return nil }
            return error
        }
        #expect(try await call() == nil)
        let id = try await org.create("Account", ["Name": "Acme"], as: admin)
        await #expect(throws: RecordError.self) { try await org.delete(id, as: admin) }
        try await org.restrict(.automation("Keep_All"))
        try await org.restrict(.automation("Inner"), id: "R-2026-0002")
        try await org.delete(id, as: admin)
        #expect(try await call()?.message.contains("R-2026-0002") == true)
        #expect(try await org.count("SELECT COUNT() FROM Account", as: admin) == 1)
    }

    @Test("a flow with every right does not see what is withheld")
    func flowWithEveryRight() async throws {
        let org = try await FlowFixture.org(
            flows: [
                """
                flow: Count_Cases
                label: Count cases
                runIn: System
                reason: A count tells nothing of a case.
                variables:
                  - { name: count, dataType: Number, isOutput: true }
                steps:
                  - recordLookup: All_Cases
                    object: Case
                  - assignment: Take_Count
                    assignmentItems:
                      - assignToReference: count
                        operator: AssignCount
                        elementReference: All_Cases
                """
            ]
        )
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        func outcome() async throws -> FlowOutcome? {
            try await org.records.write(as: org.administrator) {
                try $0.runFlow("Count_Cases", inputs: [[:]])
            }.first
        }
        guard case .success? = try await outcome() else {
            Issue.record("the flow does not run")
            return
        }
        try await org.restrict(.object("Case", [.read]))
        guard case .failure(let error)? = try await outcome() else {
            Issue.record("the flow sees what is withheld")
            return
        }
        #expect(error.message.contains("R-2026-0001"))
    }

    private actor Sent: Mailer {
        var subjects: [String] = []

        func send(_ mail: OutgoingMail, id: String) async throws { subjects.append(mail.subject) }
    }

    @Test("mail is held for a person to release, and never goes out by itself")
    func mail() async throws {
        let org = try await TestOrg()
        let sent = Sent()
        var handlers = JobHandlers()
        MailDelivery(sent).join(&handlers)
        let runner = JobRunner(records: org.records, handlers: handlers, orgs: { [org.id] })
        func send(_ subject: String) async throws {
            try await org.records.write(as: org.administrator) {
                try $0.send(
                    OutgoingMail(to: ["mo@example.org"], subject: subject, textBody: "Hello")
                )
            }
            _ = try await runner.runDue()
        }
        try await send("before")
        try await org.restrict(.channel(.mail))
        try await send("during")
        org.clock.advance(seconds: 96 * 3_600)
        try await send("after")
        #expect(await sent.subjects == ["before", "after"])
        let held = try await FlowFixture.jobs(.dead, of: MailDelivery.kind, in: org)
        #expect(held.count == 1)
        #expect(held.first?.error?.contains("R-2026-0001") == true)
    }

    @Test("where growth is withheld there are no new users and no new apps")
    func growth() async throws {
        let org = try await TestOrg()
        try await org.restrict(.growth)
        await #expect(throws: RecordError.self) {
            try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        }
        let error = await #expect(throws: RecordError.self) {
            try await FlowFixture.deploy([Self.flow], to: org)
        }
        #expect(error?.code == .useRestricted)
        _ = try await Deployment(org.records).apply(
            try ShippedApps.files(of: "service-desk"),
            in: org.id,
            as: org.administrator.user
        )
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
    }

    @Test("where nothing may be written, definitions do not change either")
    func definitions() async throws {
        let org = try await TestOrg()
        try await org.restrict(.readOnly)
        let error = await #expect(throws: RecordError.self) {
            _ = try await Deployment(org.records).apply(
                try ShippedApps.files(of: "service-desk"),
                in: org.id,
                as: org.administrator.user
            )
        }
        #expect(error?.code == .useRestricted)
    }

    @Test("what hangs on an allowed save is kept, although its object is withheld")
    func ownRows() async throws {
        let org = try await TestOrg()
        try await org.restrict(.object("CaseMilestone", [.create, .edit, .delete]))
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        #expect(
            try await org.count("SELECT COUNT() FROM CaseMilestone", as: org.administrator) > 0
        )
    }

    @Test("a restriction in force is not put aside by another of its name")
    func replaced() async throws {
        let org = try await TestOrg()
        try await org.restrict(.readOnly)
        await #expect(throws: RecordError.self) { try await org.restrict(.growth) }
        let kept = try await org.records.restrictionStates(of: org.id)
        #expect(kept.map(\.order.restriction.measure) == [.readOnly])
        await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        }
    }

    @Test("an order that is not signed by two changes nothing")
    func unsigned() async throws {
        let org = try await TestOrg()
        let order = try RestrictionFixture.order(
            .exportOnly,
            for: org.id,
            at: org.clock.now(),
            signedBy: ["Ada"]
        )
        await #expect(throws: RecordError.self) {
            try await org.records.restrict(
                order,
                under: RestrictionFixture.authority,
                loggedIn: EverythingLogged()
            )
        }
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        #expect(try await org.records.restrictionStates(of: org.id).isEmpty)
    }
}
