import Kernel
import Metadata
import TestSupport
import Testing

/// Who gets a new record, and who may leave the rule out.
@Suite struct AssignmentTests {
    private func owner(of id: RecordID, _ org: TestOrg) async throws -> RecordID? {
        try await org.query("SELECT OwnerId FROM Case WHERE Id = '\(id)'", as: org.administrator)
            .first?["OwnerId"].id
    }

    private func save(
        _ values: JSONObject,
        _ choice: RuleChoice,
        _ org: TestOrg,
        as caller: Caller
    ) async throws -> SaveResult {
        try await org.save(
            [RecordDraft(object: "Case", values: values)],
            .create,
            as: caller,
            options: SaveOptions(assignment: choice)
        )[0]
    }

    @Test("an owner that the client names is kept, unless it asks for the rule")
    func namedOwner() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let queue = try await org.queue("Streets_Queue")
        let values: JSONObject = ["Department__c": "Streets", "OwnerId": .id(ana.user)]
        let kept = try #require(try await save(values, .automatic, org, as: ana).id)
        let given = try #require(try await save(values, .active, org, as: ana).id)

        #expect(try await owner(of: kept, org) == ana.user)
        #expect(try await owner(of: given, org) == queue)
    }

    @Test("only who may change every record leaves the rule out")
    func declining() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let values: JSONObject = ["Department__c": "Streets"]
        let refused = try await save(values, .none, org, as: ana)
        let kept = try #require(try await save(values, .none, org, as: org.administrator).id)

        #expect(refused.errors.map(\.code) == [.insufficientAccess])
        #expect(try await owner(of: kept, org) == org.administrator.user)
    }

    @Test("a rule is named by its developer name or by its record; another name is refused")
    func namedRule() async throws {
        let org = try await TestOrg()
        let queue = try await org.queue("Streets_Queue")
        let rule = try await org.only(
            "SELECT Id FROM AssignmentRule WHERE DeveloperName = 'By_Department'"
        )
        for name in ["By_Department", rule.description] {
            let saved = try await save(
                ["Department__c": "Streets"],
                .rule(name),
                org,
                as: org.administrator
            )
            #expect(try await owner(of: #require(saved.id), org) == queue)
        }
        let error = await #expect(throws: RecordError.self) {
            _ = try await save([:], .rule("By_Departmnt"), org, as: org.administrator)
        }
        #expect(error?.message.contains("did you mean `By_Department`?") == true)
    }

    @Test("a change goes by the rule only when that is asked for", arguments: StoreKind.allCases)
    func changes(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let queue = try await org.queue("Sanitation_Queue")
        let id = try await org.create("Case", [:], as: org.administrator)
        try await org.update(
            "Case",
            id,
            ["Department__c": "Sanitation"],
            as: org.administrator
        )
        #expect(try await owner(of: id, org) == org.administrator.user)
        try await org.update(
            "Case",
            id,
            ["Subject": "Waste"],
            as: org.administrator,
            options: SaveOptions(assignment: .active)
        )
        #expect(try await owner(of: id, org) == queue)
    }

    @Test("no record goes to a queue that nobody can take from")
    func emptyQueue() async throws {
        let org = try await TestOrg()
        let queue = try await org.create(
            "Group",
            ["Name": "Nobody", "DeveloperName": "Nobody", "Type": "Queue"],
            as: org.administrator
        )
        try await org.create(
            "QueueSobject",
            ["QueueId": .id(queue), "SobjectType": "Case"],
            as: org.administrator
        )
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["OwnerId": .id(queue)], as: org.administrator)
        }
        #expect(error?.fields == ["OwnerId"])
        #expect(error?.message.contains("nobody") == true)
    }

    @Test("two hundred records are assigned together, each to its own queue")
    func batch() async throws {
        let org = try await TestOrg()
        let drafts = (0..<60).map { number in
            RecordDraft(
                object: "Case",
                values: [
                    "Subject": .string("\(number)"),
                    "Department__c": .string(number % 2 == 0 ? "Streets" : "Sanitation"),
                ]
            )
        }
        let results = try await org.save(drafts, .create, as: org.administrator)

        #expect(results.allSatisfy { $0.errors.isEmpty })
        let streets = try await org.queue("Streets_Queue")
        #expect(
            try await org.count(
                "SELECT COUNT() FROM Case WHERE OwnerId = '\(streets)'",
                as: org.administrator
            ) == 30
        )
        #expect(
            try await org.count(
                "SELECT COUNT() FROM RuleDecision WHERE Kind = 'Assignment'",
                as: org.administrator
            ) == 60
        )
    }

    @Test("an entry may be about the records of a formula", arguments: StoreKind.allCases)
    func formula(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let files =
            try ShippedApps.files(of: "service-desk").filter {
                !$0.path.hasPrefix("assignment-rules/")
            } + [
                MetadataPackage.File(
                    path: "assignment-rules/Case-Formula.yaml",
                    text: """
                        assignmentRule: By_Formula
                        object: Case
                        label: By formula
                        active: true
                        ruleEntry:
                          - formula: |
                              AND(LEN(Subject) > 5, 100 / LEN(Description) > 10)
                            assignedTo: Streets_Queue
                          - assignedTo: Sanitation_Queue
                        """
                )
            ]
        _ = try await Deployment(org.records).apply(files, in: org.id, as: org.administrator.user)
        let drafts = ["Pothole", "Hole"].flatMap { subject in
            // A description without a length has no quotient: the formula has no value.
            ["deep", ""].map { text in
                RecordDraft(
                    object: "Case",
                    values: ["Subject": .string(subject), "Description": .string(text)]
                )
            }
        }
        let results = try await org.save(drafts, .create, as: org.administrator)
        #expect(results.allSatisfy { $0.errors.isEmpty })

        let streets = try await org.queue("Streets_Queue")
        let taken = try await org.query(
            "SELECT Subject, Description FROM Case WHERE OwnerId = '\(streets)'",
            as: org.administrator
        )
        #expect(taken.map { $0["Subject"].text } == ["Pothole"])
        #expect(taken.first?["Description"].text == "deep")
    }
}
