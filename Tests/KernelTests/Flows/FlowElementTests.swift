import Kernel
import Metadata
import TestSupport
import Testing

/// Each element of a flow does what it says.
@Suite struct FlowElementTests {
    private static let priority = """
        flow: Raise_Priority
        label: Raise the priority
        start:
          object: Case
          triggerType: RecordBeforeSave
        steps:
          - decision: How_Urgent
            rules:
              - rule: By_Web
                conditions:
                  - { leftValueReference: $Record.Origin, operator: EqualTo, value: Web }
                steps:
                  - assignment: To_High
                    assignmentItems:
                      - { assignToReference: $Record.Priority, value: High }
              - rule: By_Phone
                conditions:
                  - { leftValueReference: $Record.Origin, operator: EqualTo, value: Phone }
                  - { leftValueReference: $Record.Subject, operator: Contains, value: leak }
                conditionLogic: 1 AND NOT 2
                steps:
                  - assignment: To_Low
                    assignmentItems:
                      - { assignToReference: $Record.Priority, value: Low }
            default:
              - assignment: Named
                assignmentItems:
                  - assignToReference: $Record.Subject
                    value: "{!$Record.Subject} ({!$Record.Status})"
        """

    @Test(
        "a decision goes the first way that holds, and an assignment changes what is saved",
        arguments: StoreKind.allCases
    )
    func decision(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.priority])
        let admin = org.administrator
        try await org.create("Case", ["Subject": "A", "Origin": "web"], as: admin)
        try await org.create("Case", ["Subject": "B", "Origin": "Phone"], as: admin)
        try await org.create("Case", ["Subject": "Big LEAK", "Origin": "Phone"], as: admin)

        let found = try await org.query(
            "SELECT Subject, Priority FROM Case ORDER BY CaseNumber",
            as: admin
        )
        #expect(found.map { $0.text("Priority") } == ["High", "Low", "Medium"])
        #expect(found.map { $0.text("Subject") } == ["A", "B", "Big LEAK (New)"])
    }

    private static let siblings = """
        flow: Note_Siblings
        label: Note the siblings
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: Update
          doesRequireRecordChangedToMeetCriteria: true
          filters:
            - { field: IsClosed, operator: EqualTo, value: true }
        variables:
          - { name: tasks, dataType: SObject, objectType: Task, isCollection: true }
          - { name: task, dataType: SObject, objectType: Task }
          - { name: count, dataType: Number, value: 0 }
        steps:
          - recordLookup: Open_Cases
            object: Case
            filters:
              - { field: AccountId, operator: EqualTo, elementReference: $Record.AccountId }
              - { field: IsClosed, operator: EqualTo, value: false }
            sortField: Subject
            sortOrder: Desc
          - collectionFilter: Urgent
            collectionReference: Open_Cases
            conditions:
              - { leftValueReference: currentItem.Priority, operator: EqualTo, value: High }
          - loop: Each_Case
            collectionReference: Urgent
            steps:
              - assignment: Collect
                assignmentItems:
                  - { assignToReference: task, elementReference: emptyTask }
                  - { assignToReference: task.Subject, value: "See {!Each_Case.Subject}" }
                  - { assignToReference: task.WhatId, elementReference: Each_Case.Id }
                  - { assignToReference: tasks, operator: Add, elementReference: task }
                  - { assignToReference: count, operator: Add, value: 1 }
          - recordCreate: Make_Tasks
            inputReference: tasks
          - recordUpdate: Say_So
            inputReference: $Record
            inputAssignments:
              - { field: Description, value: "{!count} siblings of {!$Record.Account.Name}" }
        """

    @Test(
        "records are found, filtered, looped over and made, and the record itself is changed",
        arguments: StoreKind.allCases
    )
    func records(_ kind: StoreKind) async throws {
        let flow = Self.siblings.replacing(
            "  - { name: count",
            with: "  - { name: emptyTask, dataType: SObject, objectType: Task }\n  - { name: count"
        )
        let org = try await FlowFixture.org(on: kind, flows: [flow])
        let admin = org.administrator
        let account = try await org.create("Account", ["Name": "School"], as: admin)
        func make(_ subject: JSONValue, _ priority: JSONValue) async throws -> RecordID {
            try await org.create(
                "Case",
                ["Subject": subject, "Priority": priority, "AccountId": .id(account)],
                as: admin
            )
        }
        let first = try await make("Closing", "Low")
        _ = try await make("Roof", "High")
        _ = try await make("Door", "Low")
        _ = try await make("Wall", "High")

        try await org.update("Case", first, ["Status": "Closed"], as: admin)

        let tasks = try await org.query("SELECT Subject FROM Task ORDER BY Id", as: admin)
        #expect(tasks.map { $0.text("Subject") } == ["See Wall", "See Roof"])
        let record = try await org.query(
            "SELECT Description FROM Case WHERE Id = '\(first)'",
            as: admin
        ).first
        #expect(record?.text("Description") == "2 siblings of School")
        // It met the conditions before: nothing happens again.
        try await org.update("Case", first, ["Subject": "Still closed"], as: admin)
        #expect(try await org.count("SELECT COUNT() FROM Task", as: admin) == 2)
    }

    private static let collections = """
        flow: Sorted_Names
        label: Sorted names
        variables:
          - { name: words, dataType: String, isCollection: true, isInput: true }
          - { name: sorted, dataType: String, isCollection: true, isOutput: true }
          - { name: loud, dataType: String, isCollection: true, isOutput: true }
          - { name: count, dataType: Number, isOutput: true }
          - { name: last, dataType: String, isOutput: true }
        steps:
          - collectionSort: Ordered
            collectionReference: words
            sortOptions:
              - { sortOrder: Asc }
            limit: 3
          - transform: Shouted
            collectionReference: Ordered
            dataType: String
            value: "{!currentItem}!"
          - assignment: Give
            assignmentItems:
              - { assignToReference: sorted, elementReference: Ordered }
              - { assignToReference: loud, elementReference: Shouted }
              - { assignToReference: loud, operator: AddAtStart, value: First }
              - { assignToReference: loud, operator: RemoveAll, value: b! }
              - { assignToReference: count, operator: AssignCount, elementReference: words }
          - loop: Each_Word
            collectionReference: words
            iterationOrder: Desc
            steps:
              - assignment: Keep
                assignmentItems:
                  - { assignToReference: last, operator: Add, elementReference: Each_Word }
        """

    @Test("collections are sorted, transformed, added to and counted")
    func collections() async throws {
        let org = try await FlowFixture.org(flows: [Self.collections])
        let outcomes = try await org.records.write(as: org.administrator) { writer in
            try writer.runFlow("Sorted_Names", inputs: [["words": ["c", "b", "d", "a"]], [:]])
        }
        guard case .success(let first) = outcomes[0], case .success(let second) = outcomes[1]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(first["sorted"] == ["a", "b", "c"])
        #expect(first["loud"] == ["First", "a!", "c!"])
        #expect(first["count"] == .number(JSONNumber(4)))
        #expect(first["last"] == "adbc")
        #expect(second["sorted"] == [])
        #expect(second["count"] == .number(JSONNumber(0)))
    }

    private static let parent = """
        flow: Greet_Both
        label: Greet both
        variables:
          - { name: who, dataType: String, isInput: true }
          - { name: text, dataType: String, isOutput: true }
        steps:
          - subflow: Morning
            flowName: Greet
            inputAssignments:
              - { name: name, elementReference: who }
          - subflow: Evening
            flowName: Greet
            inputAssignments:
              - { name: name, value: "old {!who}" }
            outputAssignments:
              - { name: greeting, assignToReference: text }
          - assignment: Join
            assignmentItems:
              - { assignToReference: text, operator: Add, value: " and {!Morning.greeting}" }
        """
    private static let child = """
        flow: Greet
        label: Greet
        variables:
          - { name: name, dataType: String, isInput: true }
          - { name: greeting, dataType: String, isOutput: true }
        textTemplates:
          - { name: hello, text: "Hello {!name}" }
        steps:
          - assignment: Say
            assignmentItems:
              - { assignToReference: greeting, elementReference: hello }
        """

    @Test("a sub-flow takes inputs and gives outputs, for all who call it together")
    func subflow() async throws {
        let org = try await FlowFixture.org(flows: [Self.parent, Self.child])
        let outcomes = try await org.records.write(as: org.administrator) { writer in
            try writer.runFlow("greet_both", inputs: [["who": "Ana"], ["WHO": "Bo"], ["why": "x"]])
        }
        guard case .success(let first) = outcomes[0], case .success(let second) = outcomes[1],
            case .failure(let error) = outcomes[2]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(first["text"] == "Hello old Ana and Hello Ana")
        #expect(second["text"] == "Hello old Bo and Hello Bo")
        #expect(error.message.contains("`why` is no input of the flow Greet_Both"))
    }

    private static let refusing = """
        flow: Refuse_Empty
        label: Refuse what says nothing
        start:
          object: Case
          triggerType: RecordBeforeSave
          filters:
            - { field: Subject, operator: IsNull, value: true }
        steps:
          - customError: Say_What
            customErrorMessages:
              - errorMessage: "Say what it is about, {!$User.FirstName}."
                fieldSelection: Subject
        """

    @Test("a custom error refuses the save beside its field")
    func customError() async throws {
        let org = try await FlowFixture.org(flows: [Self.refusing])
        let results = try await org.save(
            [
                RecordDraft(object: "Case", values: ["Subject": "Pothole"]),
                RecordDraft(object: "Case", values: ["Origin": "Web"]),
            ],
            .create,
            as: org.administrator
        )
        #expect(results[0].errors.isEmpty)
        #expect(results[1].errors.map(\.code) == [.fieldCustomValidationException])
        #expect(results[1].errors.first?.message == "Say what it is about, Ada.")
        #expect(results[1].errors.first?.fields == ["Subject"])
    }

    private static let deleting = """
        flow: Keep_Big
        label: Keep big accounts
        start:
          object: Account
          triggerType: RecordBeforeDelete
        steps:
          - recordLookup: Cases
            object: Case
            filters:
              - { field: AccountId, operator: EqualTo, elementReference: $Record.Id }
          - decision: Any
            rules:
              - rule: None
                conditions:
                  - { leftValueReference: Cases, operator: IsNull, value: true }
                steps:
                  - recordDelete: Its_Tasks
                    object: Task
                    filters:
                      - { field: WhatId, operator: EqualTo, elementReference: $Record.Id }
            default:
              - customError: Has_Cases
                customErrorMessages:
                  - { errorMessage: "{!$Record.Name} has cases." }
        """

    @Test("a flow before a delete can refuse it, or delete more", arguments: StoreKind.allCases)
    func deletes(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.deleting])
        let admin = org.administrator
        let busy = try await org.create("Account", ["Name": "Busy"], as: admin)
        let idle = try await org.create("Account", ["Name": "Idle"], as: admin)
        try await org.create("Case", ["AccountId": .id(busy)], as: admin)
        try await org.create("Task", ["Subject": "Call", "WhatId": .id(idle)], as: admin)

        try await org.delete(idle, as: admin)
        #expect(try await org.count("SELECT COUNT() FROM Task", as: admin) == 0)
        let error = await #expect(throws: RecordError.self) {
            try await org.delete(busy, as: admin)
        }
        #expect(error?.message == "Busy has cases.")
        #expect(try await org.count("SELECT COUNT() FROM Account", as: admin) == 1)
    }

    private static let faulty = """
        flow: With_Fault
        label: With a fault path
        start:
          object: Case
          triggerType: RecordAfterSave
          recordTriggerType: Create
        steps:
          - recordCreate: Bad_Task
            object: Contact
            inputAssignments:
              - { field: FirstName, elementReference: $Record.Subject }
            fault:
              - recordUpdate: Say_Why
                inputReference: $Record
                inputAssignments:
                  - { field: Description, value: "{!$Flow.FaultMessage}" }
        """

    @Test("a fault path runs in the place of an error", arguments: StoreKind.allCases)
    func faults(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.faulty])
        let admin = org.administrator
        try await org.create("Case", ["Subject": "Pothole"], as: admin)
        let text = try await org.query("SELECT Description FROM Case", as: admin).first?
            .text("Description")
        #expect(text?.contains("REQUIRED_FIELD_MISSING") == true)
        #expect(try await org.count("SELECT COUNT() FROM Contact", as: admin) == 0)
    }

    private static let acting = """
        flow: Copy_And_Tell
        label: Copy and tell
        variables:
          - { name: template, dataType: String, isInput: true }
          - { name: copy, dataType: String, isOutput: true }
        steps:
          - actionCall: Copy_It
            actionName: copyRecord
            inputParameters:
              - { name: recordId, elementReference: template }
            outputParameters:
              - { name: recordId, assignToReference: copy }
          - actionCall: Tell
            actionName: emailSimple
            inputParameters:
              - { name: emailAddresses, value: "desk@springfield.example" }
              - { name: emailSubject, value: "Copied" }
              - { name: emailBody, value: "As {!Copy_It.recordId}" }
              - { name: relatedRecordId, elementReference: copy }
        """

    @Test("actions are called, and a mail leaves only with the save", arguments: StoreKind.allCases)
    func actions(_ kind: StoreKind) async throws {
        let org = try await FlowFixture.org(on: kind, flows: [Self.acting])
        let admin = org.administrator
        let id = try await org.create(
            "Case",
            ["Subject": "Template", "Priority": "High"],
            as: admin
        )
        let outcomes = try await org.records.write(as: admin) { writer in
            try writer.runFlow(
                "Copy_And_Tell",
                inputs: [["template": .id(id)], ["template": "500000000000000AAA"]]
            )
        }
        guard case .success(let outputs) = outcomes[0], case .failure(let error) = outcomes[1]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outputs["copy"]?.string?.hasPrefix("500") == true)
        #expect(error.code == .cannotExecuteFlowTrigger)
        let cases = try await org.query("SELECT Subject, Priority FROM Case", as: admin)
        #expect(cases.map { $0.text("Subject") } == ["Template", "Template"])
        #expect(cases.map { $0.text("Priority") } == ["High", "High"])
        let mails = try await FlowFixture.jobs(.waiting, of: "mail.send", in: org)
        #expect(mails.count == 1)
        #expect(mails.first?.payload["textBody"]?.string == "As \(outputs["copy"]?.string ?? "")")
    }
}
