import Kernel
import Metadata
import TestSupport
import Testing

/// A flow that cannot run is refused when it is deployed, with place and advice.
@Suite struct FlowCheckTests {
    private func problems(
        _ steps: String,
        start: String = "start: { object: Case, triggerType: RecordAfterSave }",
        more: String = ""
    ) async throws -> [String] {
        try await FlowFixture.problems([
            "flow: Test\nlabel: Test\n\(start)\nvariables:\n"
                + "  - { name: text, dataType: String }\n"
                + "  - { name: count, dataType: Number }\n\(more)steps:\n" + steps
        ])
    }

    /// One step in one line.
    private func step(_ text: String) -> String { "  - { \(text) }\n" }

    @Test(
        "names that mean nothing",
        arguments: [
            ("recordLookup: A, object: Cse", "`Cse` is no object (did you mean `Case`?)"),
            (
                "recordLookup: A, object: Case, filters: [{ field: Stats, operator: EqualTo, value: x }]",
                "`Stats` is no field of Case (did you mean `Status`?)"
            ),
            (
                "assignment: A, assignmentItems: [{ assignToReference: txt, value: x }]",
                "nothing in this flow is called `txt` (did you mean `text`?)"
            ),
            (
                "assignment: A, assignmentItems: [{ assignToReference: text, value: '{!Status}' }]",
                "nothing in this flow is called `Status`; the record's field is `$Record.Status`"
            ),
            (
                "assignment: A, assignmentItems: [{ assignToReference: text, value: '{!$Record.Acount.Name}' }]",
                "`Acount` is no relationship of Case (did you mean `Account`?)"
            ),
            ("subflow: A, flowName: Tset", "`Tset` is no flow (did you mean `Test`?)"),
            ("actionCall: A, actionName: emailSimpel", "(did you mean `emailSimple`?)"),
            ("actionCall: A, actionName: copyRecord", "`copyRecord` needs the input `recordId`"),
            (
                "recordCreate: A, object: Task, inputAssignments: [{ field: Subject, elementReference: B }, { field: Subject, value: x }]",
                "nothing in this flow is called `B`"
            ),
        ]
    )
    func names(_ text: String, _ expected: String) async throws {
        let found = try await problems(step(text))
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("a problem has file, line and column")
    func place() async throws {
        let found = try await problems(step("recordLookup: A, object: Cse"))
        #expect(
            found == ["flows/flow-0.yaml:8:24: `Cse` is no object (did you mean `Case`?)"],
            "\(found)"
        )
    }

    @Test(
        "values of the wrong type",
        arguments: [
            (
                "assignment: A, assignmentItems: [{ assignToReference: count, value: many }]",
                "`many` is not a number"
            ),
            (
                "assignment: A, assignmentItems: [{ assignToReference: count, elementReference: $Record.Subject }]",
                "`$Record.Subject` is text; a number is needed"
            ),
            (
                "loop: A, collectionReference: text, steps: []",
                "`text` is text, not a collection"
            ),
            (
                "recordUpdate: A, inputReference: text",
                "`text` is text; records to update are needed"
            ),
            (
                "assignment: A, assignmentItems: [{ assignToReference: text, operator: Subtract, value: x }]",
                "`Subtract` cannot be done to `text`"
            ),
        ]
    )
    func types(_ text: String, _ expected: String) async throws {
        let found = try await problems(step(text))
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test(
        "what is read-only, or belongs to another record",
        arguments: [
            ("$Record.IsClosed", "`IsClosed` is read-only"),
            ("$Record.CaseNumber", "`CaseNumber` is read-only"),
            ("$Record.Account.Name", "is a field of another record: change that by a recordUpdate"),
            ("$Record__Prior.Subject", "cannot be given a value"),
            ("$Record.Id", "is the key of the record and stays"),
        ]
    )
    func readOnly(_ target: String, _ expected: String) async throws {
        let found = try await problems(
            step("assignment: A, assignmentItems: [{ assignToReference: \(target), value: x }]"),
            start:
                "start: { object: Case, triggerType: RecordAfterSave, recordTriggerType: Update }"
        )
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test(
        "steps in the wrong place",
        arguments: [
            ("recordCreate: A, object: Task", "before the save a flow only reads"),
            ("actionCall: A, actionName: emailSimple", "before the save a flow only reads"),
            ("wait: A, offsetNumber: 1, offsetUnit: Hours", "a save does not wait"),
        ]
    )
    func places(_ text: String, _ expected: String) async throws {
        let found = try await problems(
            step(text),
            start: "start: { object: Case, triggerType: RecordBeforeSave }"
        )
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("steps that nothing reaches, and names that stand twice")
    func unreachable() async throws {
        let found = try await problems(step("end: A") + step("end: B") + step("end: text"))
        #expect(found.contains { $0.contains("`B` is never reached: `A` ends the flow") })
        #expect(found.contains { $0.contains("`text` is the name of something else") })
    }

    @Test("flows that call each other in a circle")
    func circle() async throws {
        func flow(_ name: String, calls other: String) -> String {
            "flow: \(name)\nlabel: \(name)\nsteps:\n  - { subflow: Call, flowName: \(other) }\n"
        }
        let found = try await FlowFixture.problems([
            flow("A", calls: "B"), flow("B", calls: "C"), flow("C", calls: "A"),
        ])
        #expect(
            found.contains { $0.contains("the flow would call itself for ever: A → B → C → A") }
        )
    }

    @Test(
        "starts that contradict themselves",
        arguments: [
            ("start: { triggerType: RecordAfterSave }", "needs `object`"),
            ("start: { triggerType: Scheduled, object: Case }", "needs `schedule`"),
            (
                "start: { object: Case, triggerType: RecordAfterSave, doesRequireRecordChangedToMeetCriteria: true }",
                "needs conditions that a record can begin to meet"
            ),
            (
                "start: { object: Case, triggerType: RecordBeforeSave, recordTriggerType: Delete }",
                "`Delete` goes with `triggerType: RecordBeforeDelete`"
            ),
            (
                "start: { object: Case, triggerType: RecordAfterSave, scheduledPaths: [{ name: P, offsetNumber: 1, offsetUnit: Days, timeSource: RecordTriggerEvent, steps: [] }] }",
                "every update would start it anew"
            ),
            (
                "start: { object: Case, triggerType: RecordAfterSave, filterLogic: 1 OR 3, filters: [{ field: Subject, operator: IsNull, value: true }, { field: Origin, operator: IsNull, value: true }] }",
                "`3` is no number of a condition"
            ),
            ("runIn: System", "a flow with every right says why"),
        ]
    )
    func starts(_ start: String, _ expected: String) async throws {
        let found = try await problems(step("end: A"), start: start)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }
}
