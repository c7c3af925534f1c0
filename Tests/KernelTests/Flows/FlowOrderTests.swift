import Kernel
import Metadata
import TestSupport
import Testing

/// Flows have their place in the order of a save, and never run for ever.
@Suite struct FlowOrderTests {
    private static func append(_ name: String, _ letter: String, order: Int?) -> String {
        """
        flow: \(name)
        label: \(name)
        \(order.map { "triggerOrder: \($0)" } ?? "description: Without an order.")
        start:
          object: Case
          triggerType: RecordBeforeSave
        steps:
          - assignment: Add_Letter
            assignmentItems:
              - { assignToReference: $Record.Subject, operator: Add, value: \(letter) }
        """
    }

    @Test("flows run by their order, then by name, and each sees what the one before did")
    func order() async throws {
        let org = try await FlowFixture.org(flows: [
            Self.append("A_Last", "d", order: nil), Self.append("Z_First", "b", order: 1),
            Self.append("B_Last", "e", order: nil), Self.append("Y_Second", "c", order: 20),
        ])
        try await org.create("Case", ["Subject": "a"], as: org.administrator)
        let record = try await org.query("SELECT Subject FROM Case", as: org.administrator).first
        #expect(record?.text("Subject") == "abcde")
    }

    @Test("what a flow before the save changes is derived from and validated")
    func validation() async throws {
        let flow = """
            flow: Close
            label: Close
            start:
              object: Case
              triggerType: RecordBeforeSave
            steps:
              - decision: Which
                rules:
                  - rule: Done
                    conditions:
                      - { leftValueReference: $Record.Subject, operator: EqualTo, value: done }
                    steps:
                      - assignment: Closed
                        assignmentItems:
                          - { assignToReference: $Record.Status, value: Closed }
                default:
                  - assignment: Emptied
                    assignmentItems:
                      - { assignToReference: $Record.Status, value: "" }
            """
        let org = try await FlowFixture.org(flows: [flow])
        let results = try await org.save(
            ["done", "other"].map { RecordDraft(object: "Case", values: ["Subject": .string($0)]) },
            .create,
            as: org.administrator
        )
        #expect(results[1].errors.map(\.code) == [.requiredFieldMissing])
        let record = try await org.query(
            "SELECT IsClosed, ClosedDate FROM Case",
            as: org.administrator
        ).first
        #expect(record?["IsClosed"] == .boolean(true))
        #expect(record?["ClosedDate"] == .dateTime(org.clock.now()))
    }

    @Test("a flow that changes its own record is not started by that again")
    func ownRecord() async throws {
        let flow = """
            flow: Count_Up
            label: Count up
            trace: All
            start:
              object: Case
              triggerType: RecordAfterSave
            steps:
              - recordUpdate: Longer
                inputReference: $Record
                inputAssignments:
                  - { field: Subject, value: "{!$Record.Subject}+" }
            """
        let org = try await FlowFixture.org(flows: [flow])
        let id = try await org.create("Case", ["Subject": "a"], as: org.administrator)
        try await org.update("Case", id, ["Priority": "Low"], as: org.administrator)
        let record = try await org.query("SELECT Subject FROM Case", as: org.administrator).first
        #expect(record?.text("Subject") == "a++")
        let traces = try await org.query(
            "SELECT FlowDeveloperName, InterviewStatus, RelatedRecordId FROM FlowInterviewLog",
            as: org.administrator
        )
        #expect(traces.map { $0.text("InterviewStatus") } == ["Finished", "Finished"])
        #expect(traces.allSatisfy { $0.text("RelatedRecordId") == id.description })
    }

    @Test("flows that start each other without end are stopped, and nothing of it stays")
    func endless() async throws {
        let flow = """
            flow: Breed
            label: Breed
            start:
              object: Case
              triggerType: RecordAfterSave
              recordTriggerType: Create
            steps:
              - recordCreate: Child
                object: Case
                inputAssignments:
                  - { field: Subject, value: child }
            """
        let org = try await FlowFixture.org(flows: [flow])
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "root"], as: org.administrator)
        }
        #expect(error?.code == .cannotExecuteFlowTrigger)
        #expect(error?.message.contains("Breed") == true)
        #expect(try await org.count("SELECT COUNT() FROM Case", as: org.administrator) == 0)
        let failed = try await org.query(
            "SELECT ErrorMessage FROM FlowInterviewLog WHERE InterviewStatus = 'Failed'",
            as: org.administrator
        )
        #expect(!failed.isEmpty)
    }

    @Test("a flow that asks too much is stopped, with the element's name")
    func limits() async throws {
        let flow = """
            flow: Ask_Often
            label: Ask often
            variables:
              - { name: words, dataType: String, isCollection: true, isInput: true }
            steps:
              - loop: Each_Word
                collectionReference: words
                steps:
                  - recordLookup: Ask
                    object: Account
                    filters:
                      - { field: Name, operator: EqualTo, elementReference: Each_Word }
                    fault:
                      - end: Never_Reached
            """
        let org = try await FlowFixture.org(flows: [flow])
        let words = JSONValue.array((0..<200).map { .string("\($0)") })
        let outcomes = try await org.records.write(as: org.administrator) { writer in
            try writer.runFlow("Ask_Often", inputs: [["words": words]])
        }
        guard case .failure(let error) = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(error.message.contains("(Ask)"))
        #expect(error.message.contains("\(FlowLimits.queriesMax) queries"))
    }

    @Test("a draft does not run")
    func draft() async throws {
        let org = try await FlowFixture.org(flows: [
            "status: Draft\n" + Self.append("Sleeping", "z", order: nil)
        ])
        try await org.create("Case", ["Subject": "a"], as: org.administrator)
        let record = try await org.query("SELECT Subject FROM Case", as: org.administrator).first
        #expect(record?.text("Subject") == "a")
    }
}
