import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// What flows do and what goes out, counted by the way on which it comes.
@Suite struct UseOfAutomationTests {
    private static let afterSave = """
        flow: Follow_Up
        label: Follow up
        start: { object: Case, triggerType: RecordAfterSave, recordTriggerType: Create }
        steps:
          - recordCreate: Task_For_It
            object: Task
            inputAssignments:
              - { field: Subject, value: Follow }
        """

    private static let called = """
        flow: Look_Around
        label: Look around
        runIn: System
        reason: A count tells nothing of an account.
        steps:
          - recordLookup: All
            object: Account
          - subflow: Then
            flowName: Make_One
        """

    private static let inner = """
        flow: Make_One
        label: Make one
        steps:
          - recordCreate: One
            object: Account
            inputAssignments:
              - { field: Name, value: Made }
        """

    @Test("a flow's run counts by what started it, and what it does as the flow's")
    func recordTriggered() async throws {
        let org = try await FlowFixture.org(flows: [Self.afterSave])
        let uses = try await org.uses {
            let drafts = (0..<3).map { org.draft("Case", ["Subject": .string("Lamp \($0)")]) }
            _ = try await org.save(drafts, .create, as: org.administrator.by(.bulk))
        }
        #expect(
            uses == [
                "Case create bulk: 1/3", "Follow_Up flowRun bulk: 1/3", "Task create flow: 1/3",
            ]
        )
    }

    @Test("a flow with every right counts, and so does what it calls")
    func called() async throws {
        let org = try await FlowFixture.org(flows: [Self.called, Self.inner])
        try await org.create("Account", ["Name": "There"], as: org.administrator)
        let uses = try await org.uses {
            _ = try await org.records.write(as: org.administrator) {
                try $0.runFlow("Look_Around", inputs: [[:]])
            }
        }
        #expect(
            uses == [
                "Look_Around flowRun rest: 1/1", "Account read flow: 1/1",
                "Make_One flowRun flow: 1/1", "Account create flow: 1/1",
            ]
        )
    }

    @Test("after a flow the caller's own work is the caller's again")
    func afterwards() async throws {
        let org = try await FlowFixture.org(flows: [Self.inner])
        let uses = try await org.uses {
            try await org.records.write(as: org.administrator) { writer in
                _ = try writer.runFlow("Make_One", inputs: [[:]])
                _ = try writer.save(
                    [RecordDraft(object: "Contact", values: ["LastName": "X"])],
                    .create
                )
            }
        }
        #expect(
            uses == [
                "Make_One flowRun rest: 1/1", "Account create flow: 1/1",
                "Contact create rest: 1/1",
            ]
        )
    }

    @Test("what a flow does later is done by a job")
    func later() async throws {
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
        let uses = try await org.uses { try await FlowFixture.runJobs(org) }
        #expect(uses.isSuperset(of: ["Later flowRun job: 1/1", "Task create flow: 1/1"]))
        #expect(uses.allSatisfy { $0.contains(" job") || $0.contains(" flow") })
    }

    private struct SilentMailer: Mailer {
        func send(_ mail: OutgoingMail, id: String) async throws {}
    }

    @Test("a mail counts when it has gone out, with its recipients, for what it is about")
    func mail() async throws {
        let org = try await TestOrg()
        let id = try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        let uses = try await org.uses {
            for related in [id, nil] {
                let mail = OutgoingMail(
                    to: ["a@b.example", "c@d.example"],
                    cc: ["e@f.example"],
                    subject: "Your lamp",
                    textBody: "Burns again.",
                    relatedTo: related
                )
                try await org.records.write(as: org.administrator) { try $0.send(mail) }
            }
        }
        #expect(uses.isEmpty)
        let sent = try await org.uses {
            var handlers = JobHandlers()
            MailDelivery(SilentMailer()).join(&handlers)
            try await JobRunner(records: org.records, handlers: handlers, orgs: { [org.id] })
                .runDue()
        }
        #expect(sent == ["Case mail mail: 1/3", "none mail mail: 1/3"])
    }
}
