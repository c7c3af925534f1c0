import Kernel
import Metadata
import TestSupport
import Testing

/// Opening hours that change while promises are counted by them.
@Suite struct CalendarTests {
    private struct Undone: Error {}

    @Test("a holiday that never came to be moves no promise", arguments: StoreKind.allCases)
    func undoneHoliday(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, clock: TestSupport.TestClock("2026-03-10T13:00:00Z"))
        await #expect(throws: Undone.self) {
            try await org.records.write(as: org.administrator) { writer in
                let drafts = [
                    RecordDraft(
                        object: "Holiday",
                        values: ["Name": "Storm", "ActivityDate": "2026-03-10", "IsAllDay": true]
                    ),
                    RecordDraft(object: "Case", values: ["Subject": "Lamp"]),
                ]
                for draft in drafts {
                    let results = try writer.save([draft], .create)
                    #expect(results.allSatisfy { $0.errors.isEmpty })
                }
                let target = try CalendarTests.target(writer)
                #expect(target == CivilText.millisecondsSinceEpoch("2026-03-11T21:00:00Z"))
                throw Undone()
            }
        }
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        let target = try await org.records.read(as: org.administrator) {
            try CalendarTests.target($0)
        }
        #expect(target == CivilText.millisecondsSinceEpoch("2026-03-11T13:00:00Z"))
    }

    /// When the first answer is due, in milliseconds since 1970.
    private static func target(_ reader: RecordReader) throws -> Int64? {
        let page = try reader.query(
            "SELECT TargetDate FROM CaseMilestone WHERE MilestoneType.Name = 'First_Response'"
        ) { TestRecordSink($0) }
        guard case .dateTime(let moment)? = page.sink.records.first?["TargetDate"] else {
            return nil
        }
        return moment.milliseconds
    }
}
