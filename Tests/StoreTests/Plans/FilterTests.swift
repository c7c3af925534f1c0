import Language
import Metadata
import Store
import Testing

@testable import Kernel

/// Conditions over the subjects null, `Alpha`, `beta`, `a_b` and the costs null, 10, 10.01, 20.
@Suite struct FilterTests {
    private func found(_ conditions: [(Plan) throws -> ResolvedCondition]) async throws -> [String]
    {
        let fixture = try await StoreFixture()
        let subjects: [FieldValue] = [.null, .text("Alpha"), .text("beta"), .text("a_b")]
        let costs = ["", "10", "10.01", "20"]
        for (index, subject) in subjects.enumerated() {
            let cost = costs[index].isEmpty ? nil : try number(costs[index])
            try await fixture.insert(
                "Case",
                [
                    "Subject": subject, "Cost__c": cost.map { .number($0) } ?? .null,
                    "Due__c": index == 0 ? .null : .date(20_454 + index),
                    "Tags__c": index == 0 ? .null : .text(["", "red;blue", "Blue", "a_c"][index]),
                ]
            )
        }
        var answers: [String] = []
        for condition in conditions {
            var plan = try Plan("Case")
            plan.query.filter = try condition(plan)
            let rows = try await fixture.rows(plan.read)
            answers.append(rows.map { String($0.suffix(1)) }.joined())
        }
        try await fixture.remove()
        return answers
    }

    private static func subject(
        _ comparison: Comparison,
        _ value: ResolvedValue
    )
        -> (Plan) throws -> ResolvedCondition
    {
        { .compare(try $0.column("Subject"), comparison, value) }
    }

    private static func cost(
        _ comparison: Comparison,
        _ value: String
    )
        -> (Plan) throws -> ResolvedCondition
    {
        { .compare(try $0.column("Cost__c"), comparison, .number(try number(value))) }
    }

    @Test("text is compared without regard to case; a null is only different")
    func text() async throws {
        let answers = try await found([
            Self.subject(.equal, .text("ALPHA")), Self.subject(.notEqual, .text("alpha")),
            Self.subject(.equal, .null), Self.subject(.notEqual, .null),
            Self.subject(.greater, .text("ALPHA")), Self.subject(.lessOrEqual, .text("alpha")),
            { .not(.compare(try $0.column("Subject"), .less, .text("b"))) },
        ])

        #expect(answers == ["1", "023", "0", "123", "23", "1", "02"])
    }

    @Test("a number with more digits than the field is between two of its values")
    func numbers() async throws {
        let answers = try await found([
            Self.cost(.equal, "10.010"), Self.cost(.equal, "10.005"),
            Self.cost(.notEqual, "10.005"),
            Self.cost(.greater, "10.005"), Self.cost(.less, "10.005"),
            Self.cost(.lessOrEqual, "10.01"), Self.cost(.greaterOrEqual, "10.0101"),
            Self.cost(.less, "999999999999999999"),
            {
                .isIn(
                    try $0.column("Cost__c"),
                    [.number(try number("10")), .number(try number("10.001"))],
                    includesNull: true,
                    isNegated: false
                )
            },
            {
                .isIn(
                    try $0.column("Cost__c"),
                    [.number(try number("10"))],
                    includesNull: false,
                    isNegated: true
                )
            },
        ])

        #expect(answers == ["2", "", "0123", "23", "1", "12", "3", "123", "01", "023"])
    }

    @Test("LIKE has wild cards, escapes, and a negation that nulls satisfy")
    func patterns() async throws {
        let patterns = ["al%", "%B%", "a_b", "a\\_b", "a\\_%", "beta", "_e__", "%"]
        let answers = try await found(
            patterns.map { pattern in { .like(try $0.column("Subject"), pattern: pattern) } } + [
                { .not(.like(try $0.column("Subject"), pattern: "a%")) }
            ]
        )

        #expect(answers == ["1", "23", "3", "3", "3", "2", "2", "123", "02"])
    }

    @Test("INCLUDES looks for whole values of a set")
    func sets() async throws {
        func includes(
            _ sets: [[String]],
            _ isNegated: Bool = false
        )
            -> (Plan) throws -> ResolvedCondition
        {
            { .includes(try $0.column("Tags__c"), sets, isNegated: isNegated) }
        }
        let answers = try await found([
            includes([["blue"]]), includes([["red", "blue"], ["a_c"]]),
            includes([["a_d"], ["abc"]]),
            includes([["blue"]], true),
        ])

        #expect(answers == ["12", "13", "", "03"])
    }

    @Test("a date literal is worked out when the query runs")
    func dateLiterals() async throws {
        // The clock stands at 2026-01-02, day 20455.
        func due(
            _ comparison: Comparison,
            _ position: DateLiteral.Position
        )
            -> (Plan) throws -> ResolvedCondition
        {
            {
                .dateLiteral(
                    try $0.column("Due__c"),
                    comparison,
                    DateLiteral(unit: .day, position: position)
                )
            }
        }
        let answers = try await found([
            due(.equal, .whole(0)), due(.notEqual, .whole(0)), due(.greater, .whole(0)),
            due(.lessOrEqual, .whole(1)), due(.equal, .nextN(2)), due(.less, .whole(0)),
        ])

        #expect(answers == ["1", "023", "23", "12", "23", ""])
    }

    @Test("a semi-join asks another object; an anti-join keeps what has no parent")
    func semiJoins() async throws {
        let fixture = try await StoreFixture()
        let acme = try await fixture.insert("Account", ["Name": .text("Acme")])
        let other = try await fixture.insert("Account", ["Name": .text("Other")])
        for account in [FieldValue.id(acme), .id(other), .null] {
            try await fixture.insert("Case", ["AccountId": account])
        }
        var inner = try Plan("Account")
        inner.query.filter = .compare(try inner.column("Name"), .equal, .text("acme"))
        var answers: [[String]] = []
        for isNegated in [false, true] {
            var plan = try Plan("Case")
            plan.query.filter = .semiJoin(
                try plan.column("AccountId"),
                inner.query,
                isNegated: isNegated
            )
            plan.semiJoins = [inner.read]
            answers.append(try await fixture.rows(plan.read))
        }

        #expect(answers == [["1000"], ["1001", "1002"]])
        try await fixture.remove()
    }

    @Test("a lookup's object is a name, and a stretch of ids in a filter")
    func objectNames() async throws {
        let fixture = try await StoreFixture()
        let user = try await fixture.insert("User", ["Name": .text("Ana")])
        let queue = try await fixture.insert("Group", ["Name": .text("Desk")])
        for owner in [FieldValue.id(user), .id(queue), .null] {
            try await fixture.insert("Case", ["OwnerId": owner])
        }
        var plan = try Plan("Case")
        let names = [("User", "005"), ("Group", "00G")].map {
            ResolvedExpression.ObjectReference(name: $0.0, prefix: ServiceDesk.prefix($0.1))
        }
        let type = ResolvedExpression.objectName(try plan.reference("OwnerId"), objects: names)
        let person = try plan.join("OwnerId", to: "User")
        let group = try plan.join("OwnerId", to: "Group")
        let name = ResolvedExpression.firstOf([
            try plan.reference("Name", of: person), try plan.reference("Name", of: group),
        ])
        plan.query.columns += [type, name]

        #expect(
            try await fixture.rows(plan.read) == ["1000|User|Ana", "1001|Group|Desk", "1002|-|-"]
        )
        plan.query.filter = .compare(type, .notEqual, .text("user"))
        #expect(try await fixture.rows(plan.read) == ["1001|Group|Desk", "1002|-|-"])
        plan.query.filter = .compare(name, .equal, .text("DESK"))
        #expect(try await fixture.rows(plan.read) == ["1001|Group|Desk"])
        try await fixture.remove()
    }
}
