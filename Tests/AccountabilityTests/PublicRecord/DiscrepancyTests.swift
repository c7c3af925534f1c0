import Accountability
import Foundation
import Metadata
import Testing

/// What the log tells that does not go together.
@Suite struct DiscrepancyTests {
    private func kinds(_ entries: [LogEntry], at now: String = "2026-12-01") -> [Discrepancy.Kind] {
        RecordFixture.record(entries).discrepancies(at: RecordFixture.moment(now)).map(\.kind)
    }

    private let decision = RecordFixture.decision("D-2026-0001")

    @Test("a decision and the order that carries it out go together")
    func sound() {
        #expect(kinds([decision, RecordFixture.order("R-1")]) == [])
        #expect(kinds(RecordFixture.life) == [])
    }

    @Test("a restriction without a decision, and a decision without a restriction, are told")
    func alone() {
        #expect(kinds([RecordFixture.order("R-1")]) == [.restrictionWithoutDecision])
        #expect(kinds([decision]) == [.decisionWithoutRestriction])
        let later = RecordFixture.decision("D-1", ["StartsAt": "2027-01-01T00:00:00.000Z"])
        #expect(kinds([later]) == [])
        #expect(kinds([RecordFixture.decision("D-1", outcome: "No measure")]) == [])
        let ofAnother = RecordFixture.order("R-1", org: RecordFixture.otherOrg)
        #expect(kinds([decision, ofAnother]) == [.restrictionWithoutDecision])
    }

    @Test(
        "orders beyond what the rules allow are told",
        arguments: [
            (RecordFixture.order("R-1", rule: "AUP-08@1"), Discrepancy.Kind.ruleDiffers),
            (RecordFixture.order("R-1", ends: "2026-10-01T00:00:00.000Z"), .tooLong),
            (RecordFixture.order("R-1", noticed: "2026-03-20T00:00:00.000Z"), .tooSoon),
            (RecordFixture.order("R-1", signers: ["Ada", "Ada"]), .tooFewSigners),
            (RecordFixture.order("R-1", signers: ["Ada", "Dov"]), .tooFewSigners),
            (
                RecordFixture.emergency(
                    "R-1",
                    starts: "2026-03-01T00:00:00Z",
                    ends: "2026-03-04T00:00:01Z"
                ), .tooLong
            ),
        ]
    )
    func beyond(order: LogEntry, kind: Discrepancy.Kind) {
        #expect(kinds([decision, order]) == [kind])
    }

    @Test("an emergency can be extended once, and not a second or third time")
    func emergencyAgain() {
        var entries = [decision]
        var expected: [Discrepancy.Kind] = []
        for number in 0..<4 {
            let day = 1 + 3 * number
            entries.append(
                RecordFixture.emergency(
                    "R-\(number)",
                    starts: "2026-03-\(day < 10 ? "0" : "")\(day)T00:00:00Z",
                    ends: "2026-03-\(day + 3 < 10 ? "0" : "")\(day + 3)T00:00:00Z"
                )
            )
            if number >= 2 { expected.append(.emergencyAgain) }
            #expect(kinds(entries) == expected)
        }
        // Fourteen days for the extension, and no more.
        func extended(_ end: String) -> [Discrepancy.Kind] {
            kinds([
                entries[0], entries[1],
                RecordFixture.emergency("R-9", starts: "2026-03-04T00:00:00Z", ends: end),
            ])
        }
        #expect(extended("2026-03-18T00:00:00Z") == [])
        #expect(extended("2026-03-18T00:00:01Z") == [.tooLong])
        // Long after, it is another emergency.
        let anew = RecordFixture.emergency(
            "R-9",
            starts: "2026-06-01T00:00:00Z",
            ends: "2026-06-03T00:00:00Z"
        )
        #expect(kinds(Array(entries.prefix(3)) + [anew]) == [])
    }

    @Test("a rule that was not in force yet is told, where the log has the policy")
    func ruleInForce() {
        let policy = RecordFixture.life[0]
        #expect(kinds([policy, decision, RecordFixture.order("R-1")]) == [])
        let early = RecordFixture.order(
            "R-1",
            noticed: "2025-09-01T00:00:00Z",
            starts: "2025-11-01T00:00:00Z",
            ends: "2025-11-20T00:00:00Z"
        )
        #expect(kinds([policy, decision, early]) == [.ruleNotInForce])
    }

    @Test("whoever must leave has had thirty days to take everything along")
    func exportFirst() {
        func order(_ id: String, _ kind: String, _ starts: String, _ ends: String) -> LogEntry {
            RecordFixture.order(id, kind: kind, target: [:], starts: starts, ends: ends)
        }
        let end = order("R-2", "end", "2026-05-01T09:00:00Z", "2026-05-20T09:00:00Z")
        let export = order("R-1", "export-only", "2026-04-01T09:00:00Z", "2026-05-01T09:00:00Z")
        let late = order("R-1", "export-only", "2026-04-02T09:00:00Z", "2026-05-01T09:00:00Z")
        #expect(kinds([decision, export, end]) == [])
        #expect(kinds([decision, late, end]) == [.tooShort])
        #expect(kinds([decision, end]) == [.tooShort])
    }

    @Test("a public body never hides what its use is for")
    func hiddenCategory() {
        let open = RecordFixture.entry(
            "use-declared",
            "UD-1",
            ["Category": "Casework", "Publicity": "Public"],
            flags: ["PublicBody": true]
        )
        let sealed = RecordFixture.entry("use-declared", "UD-2", ["Publicity": "Sealed"])
        #expect(kinds([open, sealed], at: "2026-03-02") == [.hiddenCategory])
        let other = RecordFixture.entry(
            "use-declared",
            "UD-2",
            org: RecordFixture.otherOrg,
            ["Publicity": "Sealed"]
        )
        #expect(kinds([open, other], at: "2026-03-02") == [])
    }
}

/// Decisions that are alike.
@Suite struct PrecedentTests {
    @Test("the nearest decisions by the same rule come first, whatever its version")
    func nearest() throws {
        let record = RecordFixture.record([
            RecordFixture.decision("D-1", rule: "AUP-07@1", ["Severity": "2"]),
            RecordFixture.decision("D-2", rule: "AUP-08@1", ["Severity": "7"]),
            RecordFixture.decision("D-3", ["Severity": "7", "RestrictionKind": "field"]),
            RecordFixture.decision("D-4", ["Severity": "6"]),
            RecordFixture.decision("D-5", ["Severity": "7"]),
        ])
        let shape = PublicRecord.CaseShape(
            rule: "AUP-07",
            kind: "channel",
            product: "service",
            severity: 7
        )
        #expect(record.precedents(of: shape).map(\.decision.id) == ["D-5", "D-4", "D-1"])
        let last = try #require(record.decisions["D-5"])
        let near = record.precedents(of: last)
        #expect(near.map(\.decision.id) == ["D-4", "D-1", "D-3"])
        #expect(near[0].different == ["severity 6 and 7"])
        #expect(near[0].alike == ["rule AUP-07", "kind channel", "product service"])
        let first = try #require(record.decisions["D-1"])
        #expect(record.precedents(of: first).isEmpty)
    }
}
