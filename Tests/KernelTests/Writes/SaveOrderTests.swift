import Kernel
import Metadata
import TestSupport
import Testing

/// The order of execution, as a trace records it.
@Suite struct SaveOrderTests {
    /// What the kernel does for one save, in order.
    private static let order = [
        "decode", "findParents", "identify", "loadStored", "authorizeObject", "restrict",
        "authorizeFields", "authorizeRows", "refuseFixedFields", "refuseIfModified", "refuseLocked",
        "authorizeAssignment", "merge", "defaultFormulas", "recordTypes", "derive",
        "beforeSaveFlows", "deriveSharing", "validate",
        "validationRules", "findDuplicates", "number", "write", "assignmentRules",
        "autoResponseRules", "escalationRules", "afterSaveFlows", "entitlements",
        "keepDecisions", "rollUp",
        "shareRows", "changeEvents",
        "followUp", "reportDuplicates", "keepMatchKeys", "noteHistory",
    ]

    @Test("a save runs its steps in the order that is written down", arguments: StoreKind.allCases)
    func order(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)

        let steps = try await org.records.write(as: org.administrator) { writer in
            let trace = SaveTrace()
            writer.trace = trace
            _ = try writer.save(
                [RecordDraft(object: "Case", values: ["Subject": "Pothole"])],
                .create
            )
            return trace.entries.filter { $0.depth == 1 }.map(\.text)
        }

        #expect(steps == Self.order)
    }

    @Test("with all or nothing, a record that is not valid ends the save before the write")
    func endsBeforeWrite() async throws {
        let org = try await TestOrg()

        let steps = try await org.records.write(as: org.administrator) { writer in
            let trace = SaveTrace()
            writer.trace = trace
            _ = try writer.save(
                [
                    RecordDraft(object: "Contact", values: ["LastName": "Hopper"]),
                    RecordDraft(object: "Contact", values: ["FirstName": "Grace"]),
                ],
                .create,
                options: SaveOptions(allOrNone: true)
            )
            return trace.entries.map(\.text)
        }

        #expect(steps == Self.order.prefix { $0 != "number" })
    }
}
