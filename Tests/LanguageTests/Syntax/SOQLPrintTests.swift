import Language
import Testing

/// Printing and reading are each other's inverse, for trees that chance makes.
@Suite struct SOQLPrintTests {
    @Test("what is printed reads as the same tree")
    func roundTrip() throws {
        var maker = StatementMaker(chance: SeededGenerator(seed: 2026))
        for _ in 0..<800 {
            let made = maker.statement(level: 1)
            let text = made.description
            do {
                let read = try SOQLParser.parse(text)
                #expect(shape(of: read) == shape(of: made), "\(text)")
            } catch {
                Issue.record("\(error.message(in: text))")
            }
        }
    }
}

/// Makes statements that the grammar allows, with names that are keywords elsewhere.
struct StatementMaker {
    var chance: SeededGenerator

    private static let nowhere = SourceSpan(start: 0, end: 0, row: 1, column: 1)
    private static let names = [
        "Id", "Name", "Account", "Amount__c", "Parent__r", "Group", "Order", "Count", "Type", "End",
        "Date", "Scope", "Limit__c", "Case", "Like", "In", "Null", "Today", "View", "First", "Rows",
        "As2", "x", "npe01__Y__c", "Desc2", "When", "Then", "Tracking", "Data",
    ]
    private static let strings = [
        "", "a", "O'Brien", "line\nbreak", "tab\t\r", "100", "Grüße 日本 😀", "\"quoted\"", "  ",
        "AND", "FROM Account",
    ]

    mutating func statement(level: Int) -> SOQLStatement {
        var statement = SOQLStatement(
            select: many(4) { $0.selectItem(level: level) },
            from: from(),
            span: Self.nowhere
        )
        if chance.once(in: 8) { statement.scope = name() }
        if chance.once(in: 2) { statement.filter = condition(depth: 3, level: level) }
        if chance.once(in: 5) { statement.with = withClause() }
        if statement.with != nil, chance.once(in: 3) { statement.furtherWith = [withClause()] }
        if chance.once(in: 4) { statement.groupBy = groupBy() }
        if statement.groupBy != nil, chance.once(in: 2) {
            statement.having = condition(depth: 1, level: 9)
        }
        if chance.once(in: 3) { statement.orderBy = many(3) { $0.orderKey() } }
        if chance.once(in: 3) {
            statement.limit = number(["0", "1", "2147483647", ":n", ":a.b()"])
        }
        if chance.once(in: 4) { statement.offset = number(["0", "2000", ":offset"]) }
        if chance.once(in: 6) {
            statement.forClauses = many(2) { $0.chance.pick([.view, .update, .reference]) }
        }
        if chance.once(in: 6) {
            statement.updateClauses = many(2) { $0.chance.pick([.tracking, .viewstat]) }
        }
        statement.allRows = chance.once(in: 6)
        return statement
    }

    private mutating func many<Element>(
        _ most: Int,
        _ make: (inout Self) -> Element
    ) -> [Element] {
        var elements: [Element] = []
        for _ in 0...chance.below(most) { elements.append(make(&self)) }
        return elements
    }

    private mutating func name() -> SOQLStatement.Name {
        SOQLStatement.Name(chance.pick(Self.names), span: Self.nowhere)
    }

    private mutating func path(_ most: Int = 3) -> SOQLStatement.Path {
        SOQLStatement.Path(many(most) { $0.name() }, span: Self.nowhere)
    }

    private mutating func number(_ texts: [String]) -> SOQLStatement.NumberLiteral {
        SOQLStatement.NumberLiteral(chance.pick(texts), span: Self.nowhere)
    }

    private mutating func from() -> SOQLStatement.FromClause {
        let alias = chance.once(in: 3) ? alias() : nil
        var clause = SOQLStatement.FromClause(object: path(2), alias: alias)
        if chance.once(in: 5) {
            clause.relationships = many(2) {
                SOQLStatement.AliasedPath(
                    path: $0.path(),
                    alias: $0.chance.once(in: 2) ? $0.alias() : nil
                )
            }
        }
        return clause
    }

    /// Not one of the few names that begin a clause.
    private mutating func alias() -> SOQLStatement.Name {
        SOQLStatement.Name(
            chance.pick(["a", "Count", "End", "Case", "Scope", "b2"]),
            span: Self.nowhere
        )
    }

    private mutating func selectItem(level: Int) -> SOQLStatement.SelectItem {
        switch chance.below(10) {
        case 0 where level < 5:
            .child(statement(level: level + 1))
        case 1:
            .fields(chance.pick(SOQLStatement.FieldsKind.allCases), span: Self.nowhere)
        case 2:
            .typeOf(
                SOQLStatement.TypeOf(
                    path: path(2),
                    branches: many(2) { maker in
                        SOQLStatement.TypeOf.Branch(
                            type: maker.name(),
                            fields: maker.many(2) { $0.path(2) }
                        )
                    },
                    otherwise: chance.once(in: 2) ? many(2) { $0.path(2) } : [],
                    span: Self.nowhere
                )
            )
        default:
            .expression(expression(depth: 2), alias: chance.once(in: 4) ? name() : nil)
        }
    }

    private mutating func expression(depth: Int) -> SOQLStatement.Expression {
        guard depth > 0, chance.once(in: 3) else { return .path(path()) }
        var arguments: [SOQLStatement.Expression] = []
        if !chance.once(in: 5) {
            arguments = many(3) {
                guard $0.chance.once(in: 3) else { return $0.expression(depth: depth - 1) }
                return .literal($0.constant(isArgument: true))
            }
        }
        // `Null` alone is the constant where a constant may stand.
        arguments = arguments.map { $0.isBareNull ? .literal(.null(Self.nowhere)) : $0 }
        let function = SOQLStatement.Name(
            chance.pick(["COUNT", "toLabel", "Distance", "CALENDAR_YEAR"]),
            span: Self.nowhere
        )
        return .call(
            SOQLStatement.Call(function: function, arguments: arguments, span: Self.nowhere)
        )
    }

    private mutating func condition(depth: Int, level: Int) -> SOQLStatement.Condition {
        guard depth > 0, chance.once(in: 2) else { return comparison(level: level) }
        let first = condition(depth: depth - 1, level: level)
        switch chance.below(3) {
        case 0: return .not(first, span: Self.nowhere)
        case 1:
            return .and(
                [first] + many(3) { $0.condition(depth: depth - 1, level: level) },
                span: Self.nowhere
            )
        default:
            return .or(
                [first] + many(3) { $0.condition(depth: depth - 1, level: level) },
                span: Self.nowhere
            )
        }
    }

    private mutating func comparison(level: Int) -> SOQLStatement.Condition {
        let comparison = chance.pick(SOQLStatement.Operator.allCases)
        let value: SOQLStatement.Value
        switch comparison {
        case .in, .notIn, .includes, .excludes:
            if level < 3, comparison == .in || comparison == .notIn, chance.once(in: 4) {
                value = .subquery(statement(level: 4))
            } else if chance.once(in: 5) {
                value = .bind("ids.keySet()", Self.nowhere)
            } else {
                value = .list(many(3) { $0.constant(isArgument: false) }, Self.nowhere)
            }
        case .like:
            value = .string(
                chance.pick([#"a%"#, #"100\% \_ \\ _"#, "%", "it's\n", "", "ä日_"]),
                Self.nowhere
            )
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual:
            value = constant(isArgument: false)
        }
        return .comparison(expression(depth: 2), comparison, value, span: Self.nowhere)
    }

    private mutating func constant(isArgument: Bool) -> SOQLStatement.Value {
        switch chance.below(isArgument ? 5 : 10) {
        case 0: .null(Self.nowhere)
        case 1: .boolean(chance.once(in: 2), Self.nowhere)
        case 2: .string(chance.pick(Self.strings + [#"back\slash 100% a_b"#]), Self.nowhere)
        case 3: .number(number(["0", "-1.5", "+7", "1e10", "6.02E-23", "99999999999999999999"]))
        case 4:
            .bind(
                chance.pick(["a", "a.b", "x[0].y", "f(1, ')')", "(a == '' ? b : c)"]),
                Self.nowhere
            )
        case 5: .currency(code: "USD", number(["5000", "1.5", "-3"]))
        case 6: .date(chance.pick(["2026-01-31", "2024-02-29", "0001-12-01"]), Self.nowhere)
        case 7:
            .dateTime(
                chance.pick(["2026-01-31T10:00:00Z", "2026-01-31T23:59:59.999+0200"]),
                Self.nowhere
            )
        case 8: .time(chance.pick(["10:30:00", "00:00:00.000Z"]), Self.nowhere)
        default:
            chance.once(in: 2)
                ? .dateLiteral(
                    name: chance.pick(["TODAY", "THIS_FISCAL_YEAR"]),
                    count: nil,
                    Self.nowhere
                )
                : .dateLiteral(
                    name: chance.pick(["LAST_N_DAYS", "N_YEARS_AGO"]),
                    count: number(["0", "30"]),
                    Self.nowhere
                )
        }
    }

    private mutating func withClause() -> SOQLStatement.WithClause {
        switch chance.below(5) {
        case 0: .securityEnforced(Self.nowhere)
        case 1: .userMode(Self.nowhere)
        case 2: .systemMode(Self.nowhere)
        case 3: .recordVisibilityContext(Self.nowhere)
        default:
            .dataCategory(
                many(2) { maker in
                    SOQLStatement.DataCategory(
                        group: maker.name(),
                        selector: maker.chance.pick(["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"]),
                        categories: maker.many(3) { $0.name() }
                    )
                },
                Self.nowhere
            )
        }
    }

    private mutating func groupBy() -> SOQLStatement.GroupByClause {
        SOQLStatement.GroupByClause(
            kind: chance.pick([.plain, .rollup, .cube]),
            keys: many(3) { $0.expression(depth: 2) },
            span: Self.nowhere
        )
    }

    private mutating func orderKey() -> SOQLStatement.OrderKey {
        SOQLStatement.OrderKey(
            expression: expression(depth: 1),
            isDescending: chance.once(in: 2),
            nullsLast: chance.pick([nil, true, false])
        )
    }
}

extension SOQLStatement.Expression {
    fileprivate var isBareNull: Bool {
        guard case .path(let path) = self else { return false }
        return path.segments.count == 1 && path.segments[0].text == "Null"
    }
}
