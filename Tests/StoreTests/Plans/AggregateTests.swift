import Language
import Metadata
import Store
import Testing

@testable import Kernel

/// Groups and what is computed of them.
@Suite struct AggregateTests {
    private func desk() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        let rows: [(String?, Bool, String?)] = [
            ("New", false, "0.10"), ("new", true, "0.20"), ("Closed", true, "1"), (nil, false, nil),
        ]
        for (status, isClosed, cost) in rows {
            try await fixture.insert(
                "Case",
                [
                    "Status": status.map { .text($0) } ?? .null, "IsClosed": .boolean(isClosed),
                    "Cost__c": try cost.map { .number(try number($0)) } ?? .null,
                    "CreatedDate": .dateTime(Instant(milliseconds: 1_767_223_800_000)),
                ]
            )
        }
        return fixture
    }

    private func plan(
        _ columns: (Plan) throws -> [ResolvedExpression],
        kind: ResolvedQuery.Grouping.Kind = .plain,
        by keys: (Plan) throws -> [ResolvedExpression] = { _ in [] }
    ) throws -> Plan {
        var plan = try Plan("Case")
        plan.query.kind = .groups
        plan.query.columns = try columns(plan)
        plan.query.grouping = .init(kind: kind, keys: try keys(plan))
        return plan
    }

    @Test("sums are exact, averages are of what is there, counts pass over nulls")
    func functions() async throws {
        let fixture = try await desk()
        let plan = try plan { plan in
            let cost = try plan.column("Cost__c")
            return [
                .aggregate(.count, nil), .aggregate(.count, cost), .aggregate(.sum, cost),
                .aggregate(.average, cost), .aggregate(.minimum, cost), .aggregate(.maximum, cost),
                .aggregate(.countDistinct, try plan.column("Status")),
                .aggregate(.maximum, try plan.column("Status")),
            ]
        }

        let rows = try await fixture.rows(plan.read)

        #expect(
            ["4|3|1.30|\(1.3 / 3)|0.10|1.00|2|New", "4|3|1.30|\(1.3 / 3)|0.10|1.00|2|new"].contains(
                rows.first
            )
        )
        try await fixture.remove()
    }

    @Test("texts that differ in case are one group")
    func groups() async throws {
        let fixture = try await desk()
        var plan = try plan({ [try $0.column("Status"), .aggregate(.count, nil)] }) {
            [try $0.column("Status")]
        }
        plan.query.orderBy = [
            .init(expression: .aggregate(.count, nil), isDescending: true, areNullsLast: false),
            .init(expression: try plan.column("Status"), isDescending: false, areNullsLast: true),
        ]
        let rows = try await fixture.rows(plan.read)
        #expect(rows.map { $0.lowercased() } == ["new|2", "closed|1", "-|1"])

        plan.query.having = .compare(
            .aggregate(.count, nil),
            .greater,
            .number(try number("1.5"))
        )
        #expect(try await fixture.rows(plan.read).map { $0.lowercased() } == ["new|2"])
        plan.query.having = nil
        let (first, outcome) = try await fixture.answer(plan.read, .first(2))
        #expect(first.count == 2)
        #expect(outcome == ReadOutcome(total: 3))
        try await fixture.remove()
    }

    @Test("ROLLUP has subtotals for leading keys, CUBE for all sets of them")
    func subtotals() async throws {
        let fixture = try await desk()
        var rollup = try plan(
            { plan in
                [
                    try plan.column("IsClosed"), try plan.column("Status"),
                    .aggregate(.count, nil), .isSubtotal(key: 0), .isSubtotal(key: 1),
                ]
            },
            kind: .rollup
        ) { [try $0.column("IsClosed"), try $0.column("Status")] }
        rollup.query.orderBy =
            try ["IsClosed", "Status"].map {
                .init(expression: try rollup.column($0), isDescending: false, areNullsLast: true)
            } + [.init(expression: .isSubtotal(key: 1), isDescending: false, areNullsLast: false)]

        #expect(
            try await fixture.rows(rollup.read) == [
                "0|New|1|0|0", "0|-|1|0|0", "0|-|2|0|1", "1|Closed|1|0|0", "1|new|1|0|0",
                "1|-|2|0|1", "-|-|4|1|1",
            ]
        )
        rollup.query.grouping?.kind = .cube
        #expect(try await fixture.rows(rollup.read).count == 10)
        try await fixture.remove()
    }

    @Test("date functions take the user's clock, or UTC, and the org's fiscal year")
    func dateFunctions() async throws {
        let fixture = try await desk()
        // 2025-12-31T23:30:00Z is the next year in Berlin.
        var plan = try plan { plan in
            let created = try plan.column("CreatedDate")
            return [
                .datePart(.calendarYear, of: created, inUserZone: false),
                .datePart(.calendarYear, of: created, inUserZone: true),
                .datePart(.fiscalYear, of: created, inUserZone: false),
                .datePart(.fiscalQuarter, of: created, inUserZone: false),
                .datePart(.fiscalMonth, of: created, inUserZone: true),
                .datePart(.dayOnly, of: created, inUserZone: true), .aggregate(.count, nil),
            ]
        } by: { plan in
            let created = try plan.column("CreatedDate")
            return [
                .datePart(.calendarYear, of: created, inUserZone: true),
                .datePart(.dayOnly, of: created, inUserZone: true),
            ]
        }
        plan.context = ReadContext(
            user: plan.context.user,
            timeZone: "Europe/Berlin",
            locale: "de",
            calendar: CalendarSettings(fiscalYearStartMonth: 10, namesFiscalYearByEnd: true)
        )

        #expect(try await fixture.rows(plan.read) == ["2025|2026|2026|1|4|20454|4"])
        try await fixture.remove()
    }

    @Test("a total over nothing is one row, a group of nothing is none")
    func nothing() async throws {
        let fixture = try await StoreFixture()
        let total = try plan {
            [.aggregate(.count, nil), .aggregate(.sum, try $0.column("Cost__c"))]
        }
        #expect(try await fixture.rows(total.read) == ["0|-"])
        let groups = try plan({ [try $0.column("Status")] }) { [try $0.column("Status")] }
        #expect(try await fixture.rows(groups.read) == [])
        let rollup = try plan({ [try $0.column("Status")] }, kind: .rollup) {
            [try $0.column("Status")]
        }
        #expect(try await fixture.rows(rollup.read) == ["-"])
        try await fixture.remove()
    }
}
