import Accountability
import Foundation
import Metadata
import Testing

/// The report, which is counted and never written.
@Suite struct TransparencyReportTests {
    private func report(_ entries: [LogEntry]) -> TransparencyReport {
        TransparencyReport(
            on: RecordFixture.record(entries),
            from: RecordFixture.moment("2026-01-01"),
            to: RecordFixture.moment("2026-07-01")
        )
    }

    private func rows(_ key: String, of entries: [LogEntry]) throws -> [[String]] {
        let table = try #require(report(entries).tables.first { $0.key == key })
        return table.rows.map { $0.map(\.text) }
    }

    @Test("the story of a half-year is counted")
    func counted() throws {
        let life = RecordFixture.life
        #expect(
            try rows("concerns", of: life) == [
                ["Web", "not told", "service", "1–9"], ["All", "", "", "1–9"],
            ]
        )
        #expect(
            try rows("timings", of: life) == [
                ["Acknowledge a concern", "1–9", "3 days", "3 days"],
                ["Triage a concern", "1–9", "5 days", "5 days"],
                ["Close a concern", "1–9", "29 days", "29 days"],
                ["Decide a review", "1–9", "23 days", "23 days"],
            ]
        )
        #expect(
            try rows("restrictions", of: life)
                == [["channel", "1", "0", "30 days", "30 days", "1", "0", "0"]]
        )
        #expect(try rows("appeals", of: life) == [["1", "1", "1", "100 %"]])
        #expect(try rows("letters", of: life) == [["1", "1", "1", "0"]])
        #expect(try rows("meetings", of: life) == [["1", "0", "0"]])
        #expect(try rows("commitments", of: life) == [["1", "0", "1", "0", "1"]])
        #expect(try rows("breakGlass", of: life) == [["SECURITY_INCIDENT", "1", "1"]])
        #expect(try rows("demands", of: life) == [["DE", "Order", "1–9", "yes", "not told"]])
        #expect(try rows("misuse", of: life) == [["MF-0001", "10–19", "Warning"]])
        let missed = try rows("missed", of: life)
        #expect(
            missed.first { $0[0] == Clock.Kind.commitment.label } == [
                "Commitment kept", "1", "23 days",
            ]
        )
        let outcomes = try rows("outcomes", of: life)
        #expect(outcomes.contains(["Decision: Restriction", "1"]))
        #expect(outcomes.contains(["Restriction: channel", "1"]))
    }

    @Test("what came after the time reported on changes nothing of the report")
    func later() {
        let later = [
            RecordFixture.concern("opened", "C-2", "2026-07-01"),
            RecordFixture.decision("D-2", at: "2026-07-01T00:00:00Z"),
            RecordFixture.entry("meeting-held", "M-2", at: "2026-07-02T00:00:00Z"),
            RecordFixture.entry(
                "use-declared",
                "UD-9",
                at: "2026-07-02T00:00:00Z",
                ["Category": "Casework", "Product": "analytics"]
            ),
        ]
        #expect(report(RecordFixture.life).tables == report(RecordFixture.life + later).tables)
    }

    private func declarations(_ counts: [String: Int]) -> [LogEntry] {
        counts.sorted { $0.key < $1.key }.flatMap { product, count in
            (0..<count).map { number in
                RecordFixture.entry(
                    "use-declared",
                    "UD-1",
                    at: "2026-01-05T00:00:00Z",
                    org: "00D\(product)\(number)",
                    ["Product": product, "Publicity": "Public", "Category": "x"]
                )
            }
        }
    }

    @Test("nothing is told of fewer than ten orgs")
    func smallNumbers() throws {
        let few = try rows("coverage", of: declarations(["a": 9, "b": 3]))
        #expect(few[0] == ["a", "fewer than 10", "fewer than 10", "not told"])
        #expect(few[2][1] != "12")
        let none = try rows("coverage", of: [])
        #expect(none == [["All", "fewer than 10", "fewer than 10", "not told"]])
    }

    @Test("one org more or less is not seen by comparing two reports", arguments: 0..<40)
    func differencing(count: Int) throws {
        let before = try rows("coverage", of: declarations(["a": count, "b": 30]))
        let after = try rows("coverage", of: declarations(["a": count + 1, "b": 30]))
        guard before.count == after.count else {
            // The product's name is in the directory anyway; its count is not told.
            #expect(after[0][1] == "fewer than 10")
            return
        }
        for (one, other) in zip(before.joined(), after.joined()) where one != other {
            // A change shows at the edge of a band alone, where it says no more than the band.
            #expect(
                [10, 20, 50].contains(count + 1) || [50, 70].contains(count + 31),
                "\(one) \(other)"
            )
        }
    }

    @Test("a single cell that is not told cannot be computed from the others")
    func complementary() throws {
        let rows = try rows("coverage", of: declarations(["a": 5, "b": 30, "c": 60]))
        #expect(rows[0][1] == "fewer than 10")
        #expect(rows.map { $0[1] }.filter { $0 == "not told" }.count == 1)
        #expect(rows[1][1] == "not told")
    }

    @Test(
        "a number is told in its band",
        arguments: [
            (0, "0"), (1, "1–9"), (9, "1–9"), (10, "10–19"), (49, "20–49"),
            (1_000_000, "1000000 or more"),
            (-5, "0"),
        ]
    )
    func bands(count: Int, text: String) {
        #expect(CountBand.text(count) == text)
    }

    @Test("as text it is tables that no content can break out of, as JSON the same cells")
    func forms() throws {
        let entries = [
            RecordFixture.entry(
                "demand-band",
                "GD-1",
                ["Jurisdiction": "a|b\n# c <script> [x](y)", "DemandKind": "\u{2028}*"]
            )
        ]
        let report = report(entries)
        let line = try #require(
            report.markdown.split(separator: "\n").first { $0.contains("script") }
        )
        #expect(line == "| a\\|b # c \\<script\\> \\[x\\](y) |  \\* | not told | no | not told |")
        #expect(report.json["tables"]?.array?.count == report.tables.count)
        let demands = report.json["tables"]?.array?.first { $0["key"]?.string == "demands" }
        #expect(demands?["rows"]?.array?.first?.array?.first?.string == "a|b\n# c <script> [x](y)")
    }

    @Test(
        "the half-year before a day is a whole one",
        arguments: [
            ("2026-03-01", "2025-07-01", "2026-01-01"), ("2026-07-01", "2026-01-01", "2026-07-01"),
            ("2026-12-31", "2026-01-01", "2026-07-01"),
        ]
    )
    func halfYears(day: String, from: String, to: String) throws {
        let half = try #require(TransparencyReport.lastHalfYear(before: RecordFixture.moment(day)))
        #expect(LogCalendar.dayText(of: half.from) == from)
        #expect(LogCalendar.dayText(of: half.to) == to)
    }
}

/// Decisions in the form of the Union's database.
@Suite struct DSAStatementTests {
    private func statement(
        _ fields: [String: String] = [:],
        orders: [LogEntry] = []
    ) throws -> JSONObject {
        let record = RecordFixture.record([RecordFixture.decision("D-2026-0001", fields)] + orders)
        return try #require(record.dsaStatements().first).members
    }

    @Test("a decision has every member that the database asks for")
    func whole() throws {
        let statement = try statement(orders: [RecordFixture.order("R-1")])
        let expected: JSONObject = [
            "decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION",
            "end_date_service_restriction": "2026-07-01",
            "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "incompatible_content_ground": "AUP-07@3",
            "incompatible_content_explanation": "Mass outreach is no part of the declared use.",
            "incompatible_content_illegal": "No",
            "content_type": ["CONTENT_TYPE_OTHER"],
            "content_type_other": "The use of a service by an organisation",
            "content_date": "2026-02-01",
            "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
            "territorial_scope": statement["territorial_scope"] ?? .null,
            "application_date": "2026-04-01",
            "account_type": "ACCOUNT_TYPE_BUSINESS",
            "decision_facts": "Letters went to people who had asked for none.",
            "source_type": "SOURCE_ARTICLE_16",
            "automated_detection": "No",
            "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
            "puid": "D-2026-0001",
        ]
        #expect(statement == expected)
        #expect(statement["territorial_scope"]?.array?.count == 30)
    }

    @Test(
        "each kind of restriction is one of the database's four sorts",
        arguments: [
            ("visibility", "decision_visibility"), ("read-only", "decision_provision"),
            ("export-only", "decision_provision"), ("end", "decision_account"),
            ("object", "decision_provision"), ("rate", "decision_provision"),
        ]
    )
    func sorts(kind: String, member: String) throws {
        let order = RecordFixture.order("R-1", kind: kind, target: [:])
        #expect(try statement(orders: [order])[member] != nil)
    }

    @Test("law, territory, source and detection are carried over")
    func details() throws {
        let statement = try statement([
            "GroundKind": "Law", "LegalReference": "https://law.example/1", "Territory": "DE, fr",
            "SourceKind": "Regulator", "AutomatedDetection": "true", "AutomatedDecision": "FULLY",
        ])
        #expect(statement["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT")
        #expect(statement["decision_ground_reference_url"] == "https://law.example/1")
        #expect(statement["territorial_scope"] == ["DE", "FR"])
        #expect(statement["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION")
        #expect(statement["automated_detection"] == "Yes")
        #expect(statement["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED")
    }

    @Test("what withholds nothing needs no statement, and a redacted part is not in one")
    func none() throws {
        let nothing = RecordFixture.record([
            RecordFixture.decision("D-1", outcome: "No measure"),
            RecordFixture.decision("D-2", ["RestrictionKind": "notice-only"]),
        ])
        #expect(nothing.dsaStatements().isEmpty)
        let life = RecordFixture.record(RecordFixture.life)
        #expect(life.dsaStatements().first?.members["decision_facts"] == "")
    }
}
