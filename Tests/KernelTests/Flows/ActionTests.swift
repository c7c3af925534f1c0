import Kernel
import Metadata
import TestSupport
import Testing

/// What is called by name, by flows and by clients: with the caller's rights, each call by itself.
@Suite struct ActionTests {
    private func run(
        _ action: String,
        _ inputs: [JSONObject],
        in org: TestOrg,
        as caller: Caller
    ) async throws -> [FlowOutcome] {
        try await org.records.write(as: caller) { try $0.runAction(action, inputs: inputs) }
    }

    private func errors(_ outcomes: [FlowOutcome]) -> [RecordError?] {
        outcomes.map { if case .failure(let error) = $0 { error } else { nil } }
    }

    private func outputs(_ outcome: FlowOutcome?) -> [String: JSONValue] {
        if case .success(let values) = outcome { values } else { [:] }
    }

    // MARK: - Approval

    @Test("a flow submits records for approval, each by itself", arguments: StoreKind.allCases)
    func submission(_ kind: StoreKind) async throws {
        let flow = """
            flow: Ask
            label: Ask
            start:
              object: Case
              triggerType: RecordAfterSave
              recordTriggerType: Update
              filters:
                - { field: Origin, operator: EqualTo, value: Phone }
            steps:
              - actionCall: Submit
                actionName: submit
                inputParameters:
                  - { name: objectId, elementReference: $Record.Id }
                  - { name: comment, value: "By flow" }
              - actionCall: Tell
                actionName: chatterPost
                inputParameters:
                  - { name: subjectNameOrId, elementReference: $Record.Id }
                  - { name: text, value: "Approval: {!Submit.instanceStatus}" }
            """
        let org = try await FlowFixture.org(on: kind, flows: [flow])
        let mia = try await org.user("Mia", profile: "Support Agent", role: "Streets_Supervisor")
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let admin = org.administrator
        try await org.update("User", ana.user, ["ManagerId": .id(mia.user)], as: admin)
        func work(_ cost: String) async throws -> RecordID {
            try await org.create(
                "Case",
                [
                    "Subject": "Bridge", "Estimated_Cost__c": .string(cost),
                    "OwnerId": .id(ana.user),
                ],
                as: admin
            )
        }
        let (dear, cheap) = (try await work("9000"), try await work("10"))

        let results = try await org.save(
            [dear, cheap].map {
                RecordDraft(object: "Case", id: $0.description, values: ["Origin": "Phone"])
            },
            .update,
            as: ana
        )

        #expect(results.map(\.errors.isEmpty) == [true, false])
        #expect(results.last?.errors.first?.message.contains("Submit") ?? false)
        let waiting = try await org.query(
            "SELECT TargetObjectId, Status FROM ProcessInstance",
            as: admin
        )
        #expect(waiting.map { $0["TargetObjectId"].id } == [dear])
        #expect(waiting.map { $0.text("Status") } == ["Pending"])
        let posts = try await org.query("SELECT ParentId, Body FROM FeedItem", as: ana)
        #expect(posts.map { $0["ParentId"].id } == [dear])
        #expect(posts.map { $0.text("Body") } == ["Approval: Pending"])
    }

    // MARK: - Posts

    @Test("a post stays inside unless it is for all", arguments: StoreKind.allCases)
    func posts(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let lamp = try await org.create("Case", ["Subject": "Lamp"], as: ana)
        let hidden = RecordID(prefix: lamp.prefix, sequence: 1 << 40)

        let outcomes = try await run(
            "chatterPost",
            [
                ["text": "The crew is on its way", "subjectNameOrId": .id(lamp)],
                ["text": "?", "subjectNameOrId": .id(hidden)],
            ],
            in: org,
            as: ana
        )

        #expect(outputs(outcomes.first)["feedItemId"]?.string?.hasPrefix("0D5") ?? false)
        #expect(errors(outcomes).last??.code == .invalidCrossReferenceKey)
        let rows = try await org.query("SELECT Body, Visibility, Type FROM FeedItem", as: ana)
        #expect(rows.map { $0.text("Body") } == ["The crew is on its way"])
        #expect(rows.map { $0.text("Visibility") } == ["InternalUsers"])
    }

    private static let portal = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: portal\nlabel: Portal\nversion: 1.0.0\nneeds: [service-desk]\n"
        ),
        MetadataPackage.File(
            path: "profiles/Residents.yaml",
            text: """
                profile: Residents
                label: Residents
                userType: CustomerSuccess
                userPermissions: [ApiEnabled]
                objectPermissions:
                  - { object: Case, allowRead: true, viewAllFields: true }
                  - object: FeedItem
                    allowRead: true
                    allowCreate: true
                    viewAllFields: true
                    editAllFields: true
                """
        ),
        MetadataPackage.File(
            path: "sharing-sets/Residents.yaml",
            text: """
                sharingSet: Residents
                label: Residents
                profiles: [Residents]
                accessMappings:
                  - { object: Case, objectField: ContactId, userField: ContactId, accessLevel: Edit }
                """
        ),
    ]

    @Test("who is outside reads what was posted for all, and posts for all")
    func postsOutside() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(Self.portal, in: org.id, as: admin.user)
        let account = try await org.create("Account", ["Name": "Households"], as: admin)
        let kim = try await org.create(
            "Contact",
            ["LastName": "Kim", "AccountId": .id(account)],
            as: admin
        )
        let resident = try await org.user("Kim", profile: "Residents")
        try await org.update("User", resident.user, ["ContactId": .id(kim)], as: admin)
        let lamp = try await org.create(
            "Case",
            ["Subject": "Lamp", "ContactId": .id(kim)],
            as: admin
        )
        for (text, visibility) in [("For you", "AllUsers"), ("For us", "InternalUsers")] {
            try await org.create(
                "FeedItem",
                [
                    "ParentId": .id(lamp), "Body": .string(text),
                    "Visibility": .string(visibility),
                ],
                as: admin
            )
        }

        let own = try await run(
            "chatterPost",
            [["text": "Thanks", "subjectNameOrId": .id(lamp)]],
            in: org,
            as: resident
        )

        #expect(errors(own).allSatisfy { $0 == nil }, "\(own)")
        let seen = try await org.query("SELECT Body FROM FeedItem", as: resident)
        #expect(Set(seen.map { $0.text("Body") }) == ["For you", "Thanks"])
        #expect(try await org.count("SELECT COUNT() FROM FeedItem", as: admin) == 3)
    }

    // MARK: - Webhooks

    private static let webhooks = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: hooks\nlabel: Hooks\nversion: 1.0.0\nneeds: [service-desk]\n"
        ),
        MetadataPackage.File(
            path: "webhooks/Dispatch.yaml",
            text: """
                webhook: Dispatch
                label: Dispatch
                endpointUrl: https://dispatch.example/cases
                object: Case
                events: []
                fields: [Priority]
                secret: dispatch
                """
        ),
    ]

    @Test("a webhook is sent for a record that the caller sees, with the fields it names")
    func webhook() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(Self.webhooks, in: org.id, as: admin.user)
        let lamp = try await org.create(
            "Case",
            ["Subject": "Lamp", "Priority": "High"],
            as: admin
        )
        #expect(try await FlowFixture.jobs(.waiting, of: "webhook.deliver", in: org).isEmpty)

        let outcomes = try await run(
            "sendWebhook",
            [
                ["webhook": "Dispatch", "recordId": .id(lamp)],
                ["webhook": "Dispach", "recordId": .id(lamp)],
                ["webhook": "Dispatch", "recordId": .id(admin.user)],
            ],
            in: org,
            as: admin
        )

        let told = errors(outcomes)
        #expect(told.map { $0?.code } == [nil, .notFound, .invalidCrossReferenceKey])
        #expect(told[1]?.message.contains("did you mean `Dispatch`") ?? false)
        let jobs = try await FlowFixture.jobs(.waiting, of: "webhook.deliver", in: org)
        let body = jobs.first?.payload["body"]?.string ?? ""
        #expect(jobs.count == 1)
        #expect(body.contains("\"event\":\"CALL\"") && body.contains("\"Priority\":\"High\""))
        #expect(!body.contains("Lamp"))
    }

    @Test("what reaches others outside is not for everyone to call")
    func permissions() async throws {
        let org = try await TestOrg()
        let reader = try await org.user("Ray", profile: "Read Only")
        for action in ["sendWebhook", "emailSimple", "nothing"] {
            let error = await #expect(throws: RecordError.self) {
                _ = try await run(action, [[:]], in: org, as: reader)
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("inputs are checked by name and type")
    func inputs() async throws {
        let org = try await TestOrg()
        let outcomes = try await run(
            "submit",
            [["objektId": "x"], ["comment": "x"], ["objectId": "x"], ["objectId": ["x"]]],
            in: org,
            as: org.administrator
        )
        let told = errors(outcomes)
        #expect(told[0]?.message.contains("did you mean `objectId`") ?? false)
        #expect(told[1]?.code == .requiredFieldMissing)
        #expect(told[2]?.code == .invalidInput && told[3]?.code == .invalidInput)
    }
}
