import Kernel
import Metadata
import TestSupport
import Testing

/// What is withheld for one declared use, and what serves others.
@Suite struct PurposeRestrictionTests {
    private static let flow = """
        flow: Praise
        label: Praise
        description: Says so.
        runIn: System
        reason: Nobody minds.
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: Create
        steps:
          - recordCreate: Note
            object: CaseComment
            inputAssignments:
              - { field: ParentId, elementReference: $Record.Id }
              - { field: CommentBody, value: "Well done" }
          - actionCall: Tell
            actionName: emailSimple
            inputParameters:
              - { name: emailAddresses, value: "desk@springfield.example" }
              - { name: emailSubject, value: "New" }
              - { name: emailBody, value: "A case" }
        """

    /// An org that declares two uses of its service desk.
    private struct World {
        let org: TestOrg
        let agent: Caller
        let outreach: RecordID
        let answers: RecordID

        init(flows: [String] = []) async throws {
            org = try await TestOrg()
            if !flows.isEmpty { try await FlowFixture.deploy(flows, to: org) }
            agent = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
            outreach = try await World.declare("Outreach", org)
            answers = try await World.declare("Service requests", org)
        }

        private static func declare(_ category: String, _ org: TestOrg) async throws -> RecordID {
            try await org.create(
                "UseDeclaration",
                ["Product": "Service-Desk", "Category": .string(category)],
                as: org.administrator
            )
        }

        func bind(_ kind: String, _ target: String, to use: RecordID) async throws {
            try await org.create(
                "UseBinding",
                ["UseDeclarationId": .id(use), "Kind": .string(kind), "Target": .string(target)],
                as: org.administrator
            )
        }

        /// The agent at work with a connected client.
        func session(_ client: String) -> Caller {
            Caller(org: org.id, user: agent.user, client: client)
        }

        /// The code with which a caller's new case is refused; `nil` where it is taken.
        func refusal(_ caller: Caller) async -> RecordError.Code? {
            do {
                try await org.create("Case", ["Subject": "Lamp"], as: caller)
                return nil
            } catch {
                return (error as? RecordError)?.code
            }
        }

        /// Withholds the first use.
        func withholdOutreach() async throws {
            try await org.restrict(.purpose(declaration: "UD-0001", product: "service-desk"))
        }
    }

    @Test("what is bound to the use is refused, what is bound to another alone goes on")
    func clients() async throws {
        let world = try await World()
        try await world.bind("Client", "letters", to: world.outreach)
        try await world.bind("Client", "both", to: world.outreach)
        try await world.bind("Client", "both", to: world.answers)
        try await world.bind("Client", "desk", to: world.answers)
        let clients = ["letters", "both", "desk", "unbound"]
        for client in clients { #expect(await world.refusal(world.session(client)) == nil) }
        try await world.withholdOutreach()
        var refused: [String] = []
        for client in clients where await world.refusal(world.session(client)) == .useRestricted {
            refused.append(client)
        }
        #expect(refused == ["letters", "both", "unbound"])
        // A client that serves the use does nothing at all, one that is bound to none only nothing with
        // the use's product.
        await #expect(throws: RecordError.self) {
            try await world.org.query("SELECT Id FROM Account", as: world.session("letters"))
        }
        _ = try await world.org.query("SELECT Id FROM Account", as: world.session("unbound"))
    }

    @Test("no binding changes while a use is withheld, not even by administrators")
    func frozen() async throws {
        let world = try await World()
        try await world.bind("Client", "letters", to: world.outreach)
        let binding = try await world.org.only("SELECT Id FROM UseBinding")
        try await world.withholdOutreach()
        await #expect(throws: RecordError.self) {
            try await world.bind("Client", "letters", to: world.answers)
        }
        for id in [binding, world.outreach] {
            await #expect(throws: RecordError.self) {
                try await world.org.delete(id, as: world.org.administrator)
            }
        }
        world.org.clock.advance(seconds: 72 * 3_600)
        try await world.org.delete(binding, as: world.org.administrator)
    }

    @Test("an org declares its uses anew while one is withheld, and frees nothing by it")
    func amended() async throws {
        let world = try await World()
        try await world.withholdOutreach()
        try await world.org.update(
            "UseDeclaration",
            world.outreach,
            ["Product": "platform"],
            as: world.org.administrator
        )
        try await world.org.create(
            "UseDeclaration",
            ["Product": "service-desk", "Category": "Public information"],
            as: world.org.administrator
        )
        #expect(await world.refusal(world.session("unbound")) == .useRestricted)
    }

    @Test("a flow for another use runs, with its records and mails; one for none does not")
    func flows() async throws {
        for isBound in [true, false] {
            let world = try await World(flows: [Self.flow])
            let desk = world.session("desk")
            try await world.bind("Client", "desk", to: world.answers)
            if isBound {
                try await world.bind("Flow", "Praise", to: world.answers)
            } else {
                try await world.bind("Flow", "Praise", to: world.outreach)
            }
            try await world.withholdOutreach()
            #expect(await world.refusal(desk) == nil)
            let comments = try await world.org.query(
                "SELECT Id FROM CaseComment",
                as: world.org.administrator
            )
            #expect(comments.count == (isBound ? 1 : 0))
        }
    }

    private actor Sent: Mailer {
        var subjects: [String] = []

        func send(_ mail: OutgoingMail, id: String) async throws { subjects.append(mail.subject) }
    }

    @Test("mails of a template or flow for the use are held, all others go out")
    func mails() async throws {
        let world = try await World()
        try await world.bind("Mail stream", "Appeal", to: world.outreach)
        try await world.bind("Mail stream", "Receipt", to: world.answers)
        try await world.bind("Flow", "Ask", to: world.outreach)
        let sent = Sent()
        var handlers = JobHandlers()
        MailDelivery(sent).join(&handlers)
        let id = world.org.id
        let runner = JobRunner(records: world.org.records, handlers: handlers, orgs: { [id] })
        try await world.withholdOutreach()
        let streams: [(String, RestrictedUse.Sending)] = [
            ("appeal", .init(template: "Appeal")), ("receipt", .init(template: "Receipt")),
            ("asking", .init(flow: "Ask")), ("by hand", .init()),
        ]
        for (subject, stream) in streams {
            try await world.org.records.write(as: world.org.administrator) {
                try $0.send(
                    OutgoingMail(
                        to: ["mo@example.org"],
                        subject: subject,
                        textBody: "Hello",
                        stream: stream
                    )
                )
            }
        }
        _ = try await runner.runDue()
        #expect(await sent.subjects == ["receipt", "by hand"])
        let held = try await FlowFixture.jobs(.dead, of: MailDelivery.kind, in: world.org)
        #expect(held.count == 2)
    }

    @Test("what a flow mails says which flow it was, and is a mail that can be sent")
    func mailOfFlow() async throws {
        let world = try await World(flows: [Self.flow])
        let sent = Sent()
        var handlers = JobHandlers()
        MailDelivery(sent).join(&handlers)
        let id = world.org.id
        let runner = JobRunner(records: world.org.records, handlers: handlers, orgs: { [id] })
        #expect(await world.refusal(world.org.administrator) == nil)
        let waiting = try await FlowFixture.jobs(.waiting, of: MailDelivery.kind, in: world.org)
        #expect(waiting.contains { $0.payload["flow"]?.string == "Praise" })
        _ = try await runner.runDue()
        #expect(await sent.subjects.contains("New"))
    }

    @Test("a withheld product is withheld whole, others are not touched")
    func product() async throws {
        let world = try await World()
        try await world.org.restrict(.product("service-desk"))
        #expect(await world.refusal(world.agent) == .useRestricted)
        #expect(await world.refusal(world.org.administrator) == .useRestricted)
        await #expect(throws: RecordError.self) {
            try await world.org.query("SELECT Id FROM Case", as: world.agent)
        }
        _ = try await world.org.query("SELECT Id FROM Case", as: world.org.administrator)
        try await world.org.create("Account", ["Name": "Works"], as: world.org.administrator)
    }
}
