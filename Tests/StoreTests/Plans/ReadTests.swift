import Language
import Metadata
import Store
import Testing

@testable import Kernel

/// Reading records of a store by plans.
@Suite struct ReadTests {
    @Test("what was inserted is read back, value by value")
    func roundTrip() async throws {
        let fixture = try await StoreFixture()
        try await fixture.insert(
            "Case",
            [
                "Subject": .text("Printer"), "Cost__c": .number(try number("12.5")),
                "Due__c": .date(20_000), "IsClosed": .boolean(true),
                "CreatedDate": .dateTime(Instant(milliseconds: 5)),
            ]
        )
        let plan = try Plan(
            "Case",
            ["Subject", "Cost__c", "Due__c", "IsClosed", "CreatedDate", "Status"]
        )

        #expect(try await fixture.rows(plan.read) == ["1000|Printer|12.50|20000|1|5|-"])
        try await fixture.remove()
    }

    @Test("a page of fewer rows reports the ids of all, in order")
    func firstPage() async throws {
        let fixture = try await StoreFixture()
        for subject in ["b", "A", "c", "B"] {
            try await fixture.insert("Case", ["Subject": .text(subject)])
        }
        var plan = try Plan("Case", ["Subject"])
        try plan.order(by: "Subject", isDescending: true)

        let (rows, outcome) = try await fixture.answer(plan.read, .first(2))

        #expect(rows == ["1002|c", "1003|B"])
        #expect(outcome.total == 4)
        #expect(outcome.ids?.map(\.sequence) == [1_002, 1_003, 1_000, 1_001])
        let later = try await fixture.answer(plan.read, .ids(Array(outcome.ids?.suffix(2) ?? [])))
        #expect(later.rows == ["1000|b", "1001|A"])
        try await fixture.remove()
    }

    @Test("the query's own limit and offset count before the page")
    func limitAndOffset() async throws {
        let fixture = try await StoreFixture()
        for index in 0..<6 { try await fixture.insert("Case", ["Subject": .text("\(index)")]) }
        var plan = try Plan("Case", ["Subject"])
        plan.query.limit = 4
        plan.query.offset = 1

        let page = try await fixture.answer(plan.read, .first(3))
        #expect(page.rows == ["1001|1", "1002|2", "1003|3"])
        #expect(page.outcome.ids?.map(\.sequence) == [1_001, 1_002, 1_003, 1_004])
        plan.query.kind = .count
        #expect(try await fixture.answer(plan.read).outcome.total == 4)
        plan.query.limit = 0
        #expect(try await fixture.answer(plan.read).outcome.total == 0)
        try await fixture.remove()
    }

    @Test("nulls come first in both directions unless they are to be last")
    func nulls() async throws {
        let fixture = try await StoreFixture()
        for subject in [FieldValue.text("b"), .null, .text("a")] {
            try await fixture.insert("Case", ["Subject": subject])
        }
        var orders: [String] = []
        for (isDescending, areNullsLast) in [
            (false, false), (false, true), (true, false), (true, true),
        ] {
            var plan = try Plan("Case", ["Subject"])
            try plan.order(by: "Subject", isDescending: isDescending, areNullsLast: areNullsLast)
            orders.append(
                try await fixture.rows(plan.read).map { String($0.dropFirst(5)) }.joined()
            )
        }

        #expect(orders == ["-ab", "ab-", "-ba", "ba-"])
        try await fixture.remove()
    }

    @Test("a parent that is missing, deleted or hidden is null, and the record stays")
    func parents() async throws {
        let fixture = try await StoreFixture()
        let kept = try await fixture.insert("Account", ["Name": .text("Acme")])
        let gone = try await fixture.insert("Account", ["Name": .text("Gone")])
        for account in [FieldValue.id(kept), .id(gone), .null] {
            try await fixture.insert("Case", ["AccountId": account])
        }
        try await fixture.delete("Account", gone)
        var plan = try Plan("Case")
        let account = try plan.join("AccountId", to: "Account")
        plan.query.columns.append(try plan.column("Name", of: account))

        #expect(try await fixture.rows(plan.read) == ["1000|Acme", "1001|-", "1002|-"])
        plan.query.includesDeleted = true
        #expect(try await fixture.rows(plan.read) == ["1000|Acme", "1001|Gone", "1002|-"])
        plan.visible[account] = .nothing
        #expect(try await fixture.rows(plan.read) == ["1000|-", "1001|-", "1002|-"])
        try await fixture.remove()
    }

    @Test("children of all parents come at once, limited for each parent")
    func children() async throws {
        let fixture = try await StoreFixture()
        let accounts = [
            try await fixture.insert("Account", ["Name": .text("A")]),
            try await fixture.insert("Account", ["Name": .text("B")]),
        ]
        for (account, subject) in [(1, "x"), (0, "y"), (1, "z"), (1, "w")] {
            let id = try await fixture.insert(
                "Case",
                ["Subject": .text(subject), "AccountId": .id(accounts[account])]
            )
            try await fixture.insert(
                "CaseComment",
                ["ParentId": .id(id), "CommentBody": .text("on \(subject)")]
            )
        }
        var cases = try Plan("Case", ["Subject"])
        try cases.order(by: "Subject")
        try cases.child("CaseComments", by: "ParentId", try Plan("CaseComment", ["CommentBody"]))
        var plan = try Plan("Account", ["Name"])
        try plan.order(by: "Name", isDescending: true)
        try plan.child("Cases", by: "AccountId", cases)

        #expect(
            try await fixture.rows(plan.read) == [
                "1001|B", "1000|A",
                "1 of 1001: 1003|w", "1 of 1001: 1000|x", "1 of 1001: 1002|z", "1 of 1000: 1001|y",
                "2 of 1003: 1003|on w", "2 of 1000: 1000|on x", "2 of 1002: 1002|on z",
                "2 of 1001: 1001|on y",
            ]
        )
        cases.query.limit = 1
        cases.query.offset = 1
        plan.query.children = []
        plan.children = []
        try plan.child("Cases", by: "AccountId", cases)
        #expect(
            try await fixture.rows(plan.read) == [
                "1001|B", "1000|A", "1 of 1001: 1000|x", "2 of 1000: 1000|on x",
            ]
        )
        try await fixture.remove()
    }

    @Test("a predicate keeps rows out of pages, counts, ids and children alike")
    func predicates() async throws {
        let fixture = try await StoreFixture()
        let users = [
            try await fixture.insert("User", ["Name": .text("Ana")]),
            try await fixture.insert("User", ["Name": .text("Ben")]),
        ]
        let account = try await fixture.insert("Account", ["OwnerId": .id(users[0])])
        for (owner, parent) in [(0, FieldValue.null), (1, .null), (1, .id(account))] {
            try await fixture.insert("Case", ["OwnerId": .id(users[owner]), "AccountId": parent])
        }
        var plan = try Plan("Case")
        let owner = RowPredicate.FieldKey(try plan.reference("OwnerId").field)
        let parent = RowPredicate.FieldKey(try plan.reference("AccountId").field)
        let accounts = RowPredicate.ParentRule(
            object: try ServiceDesk.object("Account"),
            rows: .fieldIn(owner, [users[0]])
        )
        plan.visible = [.any([.fieldIn(owner, [users[0]]), .parentVisible(parent, [accounts])])]

        #expect(try await fixture.rows(plan.read) == ["1000", "1002"])
        #expect(
            try await fixture.answer(plan.read, .first(1)).outcome.ids?.map(\.sequence)
                == [1_000, 1_002]
        )
        plan.scope = .fieldIsNull(parent)
        #expect(try await fixture.rows(plan.read) == ["1000"])
        plan.scope = .everything
        let all = RowPredicate.ParentRule(object: accounts.object, rows: .everything)
        plan.visible = [.parentVisible(parent, [all])]
        #expect(try await fixture.rows(plan.read) == ["1002"])
        plan.visible = [.all([.everything, .any([.nothing])])]
        #expect(try await fixture.rows(plan.read) == [])
        plan.visible = [.fieldIn(owner, Array(repeating: users[1], count: 40))]
        #expect(try await fixture.rows(plan.read) == ["1001", "1002"])
        try await fixture.remove()
    }
}
