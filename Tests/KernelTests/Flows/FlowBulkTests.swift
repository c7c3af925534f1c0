import Kernel
import Metadata
import TestSupport
import Testing

/// Flows run in bulk: what they cost does not grow with the records of a save.
@Suite struct FlowBulkTests {
    private static let busy = """
        flow: Busy
        label: Busy
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: Create
        variables:
          - { name: task, dataType: SObject, objectType: Task }
        steps:
          - recordLookup: Its_Contact
            object: Contact
            getFirstRecordOnly: true
            filters:
              - { field: LastName, operator: EqualTo, elementReference: $Record.Subject }
          - decision: Is_Known
            rules:
              - rule: Known
                conditions:
                  - { leftValueReference: Its_Contact, operator: IsNull, value: false }
                steps:
                  - assignment: Prepare
                    assignmentItems:
                      - { assignToReference: task.Subject, value: "Call {!Its_Contact.LastName}" }
                      - { assignToReference: task.WhatId, elementReference: $Record.Id }
                  - recordCreate: Call
                    inputReference: task
                  - recordUpdate: Name_Account
                    inputReference: $Record
                    inputAssignments:
                      - { field: Description, value: "{!$Record.Account.Name}" }
            default:
              - recordCreate: Unknown
                object: Task
                inputAssignments:
                  - { field: Subject, value: "Who is {!$Record.Subject}?" }
        """

    private func save(_ count: Int) async throws -> (org: TestOrg, reads: Int, writes: Int) {
        let store = StoreKind.reference
        let org = try await FlowFixture.org(on: store, flows: [Self.busy])
        let admin = org.administrator
        let account = try await org.create("Account", ["Name": "School"], as: admin)
        let contacts = (0..<count).filter { $0 % 2 == 0 }.map {
            RecordDraft(object: "Contact", values: ["LastName": .string("Person \($0)")])
        }
        _ = try await org.save(contacts, .create, as: admin)
        let reference = try #require(org.store as? ReferenceStore)
        let before = try reference.work(of: org.id)
        let results = try await org.save(
            (0..<count).map {
                RecordDraft(
                    object: "Case",
                    values: ["Subject": .string("person \($0)"), "AccountId": .id(account)]
                )
            },
            .create,
            as: admin
        )
        #expect(results.allSatisfy { $0.errors.isEmpty }, "\(results.flatMap(\.errors).prefix(1))")
        let after = try reference.work(of: org.id)
        return (org, after.reads - before.reads, after.writes - before.writes)
    }

    @Test("200 records cost as many queries and saves as two")
    func constantWork() async throws {
        let few = try await save(2)
        let many = try await save(200)

        #expect(many.writes == few.writes)
        #expect(many.reads == few.reads)
        let admin = many.org.administrator
        #expect(try await many.org.count("SELECT COUNT() FROM Task", as: admin) == 200)
        let told = try await many.org.query(
            "SELECT Description FROM Case",
            as: admin
        )
        #expect(told.filter { $0.text("Description") == "School" }.count == 100)
    }

    @Test("each record gets its own answer")
    func distribution() async throws {
        let saved = try await save(40)
        let tasks = try await saved.org.query(
            "SELECT Subject FROM Task ORDER BY Id",
            as: saved.org.administrator
        )
        let expected = stride(from: 0, to: 40, by: 2).map { "Call Person \($0)" }
        let unknown = stride(from: 1, to: 40, by: 2).map { "Who is person \($0)?" }
        #expect(Set(tasks.compactMap { $0.text("Subject") }) == Set(expected + unknown))
    }

    @Test("one record's error is its own, and leaves nothing behind", arguments: StoreKind.allCases)
    func oneFails(_ kind: StoreKind) async throws {
        let flow = """
            flow: Contact_For_Case
            label: Contact for a case
            start:
              object: Case
              triggerType: RecordAfterSave
              recordTriggerType: Create
            steps:
              - recordCreate: First
                object: Task
                inputAssignments:
                  - { field: Subject, elementReference: $Record.Subject }
              - recordCreate: Second
                object: Contact
                inputAssignments:
                  - { field: LastName, elementReference: $Record.SuppliedName }
            """
        let org = try await FlowFixture.org(on: kind, flows: [flow])
        let results = try await org.save(
            ["Ana", nil, "Bo"].enumerated().map { index, name in
                RecordDraft(
                    object: "Case",
                    values: [
                        "Subject": .string("\(index)"),
                        "SuppliedName": name.map { .string($0) } ?? .null,
                    ]
                )
            },
            .create,
            as: org.administrator
        )
        #expect(results.map(\.errors.isEmpty) == [true, false, true])
        let error = results[1].errors.first
        #expect(error?.code == .cannotExecuteFlowTrigger)
        #expect(error?.message.contains("\"Contact for a case\" (Contact_For_Case)") == true)
        #expect(error?.message.contains("\"Second\"") == true)
        let tasks = try await org.query(
            "SELECT Subject FROM Task ORDER BY Subject",
            as: org.administrator
        )
        #expect(tasks.map { $0.text("Subject") } == ["0", "2"])
        #expect(try await org.count("SELECT COUNT() FROM Case", as: org.administrator) == 2)
    }

    private static let everything = """
        flow: Everything
        label: Everything
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: CreateAndUpdate
        variables:
          - { name: note, dataType: String, value: "" }
        steps:
          - recordLookup: Same
            object: Contact
            limit: 2
            sortField: LastName
            filterLogic: 1 OR (2 AND NOT 3)
            filters:
              - { field: LastName, operator: EqualTo, elementReference: $Record.Subject }
              - { field: LastName, operator: GreaterThan, elementReference: $Record.SuppliedName }
              - { field: FirstName, operator: Contains, elementReference: $Record.SuppliedPhone }
          - loop: Each
            collectionReference: Same
            steps:
              - assignment: Take
                assignmentItems:
                  - { assignToReference: note, operator: Add, value: "{!Each.LastName};" }
          - recordCreate: Note_It
            object: Task
            inputAssignments:
              - { field: Subject, value: "{!$Record.Subject}: {!note}" }
        """

    @Test("a batch of many is as many batches of one", arguments: 0..<6)
    func agreement(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let names = ["ada", "Bo", "BO", "cy", "Dee", "é", "E"]
        func pick() -> JSONValue {
            Int.random(in: 0..<6, using: &random) == 0
                ? .null : .string(names.randomElement(using: &random) ?? "x")
        }
        let contacts = (0..<12).map { _ in
            RecordDraft(
                object: "Contact",
                values: [
                    "LastName": .string(names.randomElement(using: &random) ?? "x"),
                    "FirstName": pick(),
                ]
            )
        }
        let cases = (0..<15).map { _ in
            RecordDraft(
                object: "Case",
                values: ["Subject": pick(), "SuppliedName": pick(), "SuppliedPhone": pick()]
            )
        }
        var answers: [[String?]] = []
        for isBulk in [true, false] {
            let kind: StoreKind = seed % 2 == 0 ? .reference : .sqlite
            let org = try await FlowFixture.org(on: kind, flows: [Self.everything])
            let admin = org.administrator
            _ = try await org.save(contacts, .create, as: admin)
            if isBulk {
                let results = try await org.save(cases, .create, as: admin)
                #expect(results.allSatisfy { $0.errors.isEmpty }, "\(results)")
            } else {
                for draft in cases { _ = try await org.save([draft], .create, as: admin) }
            }
            let tasks = try await org.query("SELECT Subject FROM Task ORDER BY Id", as: admin)
            answers.append(tasks.map { $0.text("Subject") })
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0].count == 15)
    }
}
