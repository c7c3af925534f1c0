import Language
import Metadata

@testable import Kernel

/// Random conditions: every operator on every type that takes it.
extension RandomQuery {
    mutating func filter(_ object: ObjectDefinition) -> String {
        guard choice.chance(70) else { return "" }
        if choice.chance(12), let join = semiJoin(object) {
            return choice.chance(50)
                ? " WHERE \(join)" : " WHERE \(join) AND \(condition(object, depth: 1))"
        }
        return " WHERE \(condition(object, depth: 0))"
    }

    private mutating func condition(_ object: ObjectDefinition, depth: Int) -> String {
        if depth < 3, choice.chance(35) {
            let conjunction = choice.one(of: [" AND ", " OR "])
            var parts: [String] = []
            for _ in 0..<choice.number(2...3) { parts.append(condition(object, depth: depth + 1)) }
            return "(\(parts.joined(separator: conjunction)))"
        }
        if choice.chance(12) { return "(NOT \(condition(object, depth: 3)))" }
        return simple(object)
    }

    private mutating func simple(_ object: ObjectDefinition) -> String {
        if choice.chance(12), let function = dateFunction(object) { return comparison(function) }
        if choice.chance(8), object.field("Location__c") != nil {
            return "DISTANCE(Location__c, GEOLOCATION(37.775, \(choice.number(-180...180))), "
                + "'\(choice.one(of: ["mi", "km"]))') \(choice.one(of: ["<", ">", "<=", ">="])) "
                + "\(choice.number(0...20_000))"
        }
        guard let term = filterTerm(object) else { return "Id != null" }
        return comparison(term)
    }

    private mutating func semiJoin(_ object: ObjectDefinition) -> String? {
        let joins: [(left: String, inner: APIName, column: String)] = [
            ("AccountId", "Contact", "AccountId"), ("Id", "Case", "AccountId"),
            ("ContactId", "Contact", "Id"), ("AccountId", "Account", "Id"),
            ("Id", "CaseComment", "ParentId"), ("OwnerId", "Task", "OwnerId"),
            ("ParentId", "Case", "Id"), ("WhoId", "Case", "ContactId"),
            ("Id", "Contact", "AccountId"),
            ("AccountId", "Case", "Contact.AccountId"), ("CreatedById", "Case", "OwnerId"),
        ]
        let possible = joins.filter { join in
            guard let inner = schema.object(join.inner), access.mayRead(inner),
                let left = object.field(APIName(join.left)), access.mayRead(left, of: object),
                let column = join.column.split(separator: ".").last
            else { return false }
            let targets = left.reference?.targets ?? [object.name]
            let last = inner.field(APIName(String(column)))
            let offered = last?.reference?.targets ?? [inner.name]
            return !Set(targets).isDisjoint(with: offered)
        }
        guard let join = choice.any(of: possible), let inner = schema.object(join.inner) else {
            return nil
        }
        let operation = choice.one(of: ["IN", "NOT IN"])
        let condition = choice.chance(70) ? " WHERE \(condition(inner, depth: 2))" : ""
        return "\(join.left) \(operation) (SELECT \(join.column) FROM \(join.inner)\(condition))"
    }

    /// A comparison of a term with something of its type.
    mutating func comparison(_ term: Term) -> String {
        let orders = ["=", "!=", "<", ">", "<=", ">=", "<>"]
        if choice.chance(10) { return "\(term.text) \(choice.one(of: ["=", "!="])) null" }
        let isAggregate = term.text.hasSuffix(")") && term.field == nil
        switch term.type {
        case .boolean:
            return
                "\(term.text) \(choice.one(of: ["=", "!="])) \(choice.one(of: ["TRUE", "false"]))"
        case .multiPicklist:
            if choice.chance(20) { return "\(term.text) = '\(multiple(term))'" }
            return "\(term.text) \(choice.one(of: ["INCLUDES", "EXCLUDES"])) "
                + "('\(multiple(term))', '\(multiple(term))')"
        case .text:
            if choice.chance(30), !isAggregate { return "\(term.text) LIKE '\(pattern())'" }
        case .date, .dateTime:
            if choice.chance(50) {
                return "\(term.text) \(choice.one(of: orders)) \(dateLiteral())"
            }
        case .id, .longText, .integer, .decimal, .real, .time, .encrypted, .file: break
        }
        if choice.chance(25) {
            var list: [String] = []
            for _ in 0..<choice.number(1...4) {
                list.append(choice.chance(10) ? "null" : literal(term))
            }
            return
                "\(term.text) \(choice.one(of: ["IN", "NOT IN"])) (\(list.joined(separator: ", ")))"
        }
        return "\(term.text) \(choice.one(of: orders)) \(literal(term))"
    }

    private mutating func literal(_ term: Term) -> String {
        switch term.type {
        case .id: return choice.chance(5) ? "''" : "'\(choice.one(of: ids))'"
        case .text, .longText, .encrypted, .file: return text(term)
        case .multiPicklist: return "'\(multiple(term))'"
        case .boolean: return "true"
        case .integer, .decimal, .real:
            return choice.one(of: [
                "0", "1", "-1", "2", "3", "5", "0.05", "1.0", "1.005", "-10.5", "99.999", "100",
                "12",
                "2024", "2026", "1e3", "123456.7", "100000000000000000000",
            ])
        case .date: return day()
        case .dateTime: return moment()
        case .time: return "12:00:00.000Z"
        }
    }

    private mutating func text(_ term: Term) -> String {
        if case .picklist(let picklist)? = term.field?.type, choice.chance(80),
            let name = choice.any(of: picklist.values.map(\.name))
        {
            return quoted(choice.chance(20) ? name.uppercased() : name)
        }
        if term.text.hasSuffix(".Type") {
            return choice.one(of: ["'User'", "'group'", "'Case'", "'Nope'"])
        }
        return choice.chance(5) ? "''" : quoted(choice.one(of: RandomValues.texts))
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    private mutating func multiple(_ term: Term) -> String {
        let names = term.field?.picklist?.values.map(\.name) ?? []
        return choice.some(of: names, atMost: 2).joined(separator: ";")
    }

    private mutating func pattern() -> String {
        choice.one(of: [
            "%", "_", "__", "a%", "A%", "%a", "%a%", "ALPHA%", "alpha", "stra_e", "stra__e",
            "STRASS%",
            "%ss%", "%ß%", "e\u{301}", "é%", "_s%", "\\\\%", "%\\\\", "a\\\\%b", "a\\_b", "a_b",
            "a\\%b",
            "日%", "%本", "🔥_", "%_a_%", "%e%t", "fi%", "ﬁ%", "\\'%", "i%", "İ%", "%h_b%", "[%",
            "a%b%",
        ])
    }

    private mutating func day() -> String {
        let date = CivilDate(daysSinceEpoch: choice.one(of: RandomValues.days(around: today)))
        return date.map(Self.text) ?? "2026-01-01"
    }

    private static func text(_ date: CivilDate) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private mutating func moment() -> String {
        day()
            + choice.one(of: [
                "T00:00:00Z", "T23:59:59.999Z", "T12:30:00.000+0000", "T00:00:00-05:00",
                "T05:00:00Z",
                "T22:00:00Z",
            ])
    }

    private mutating func dateLiteral() -> String {
        let units = ["WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR"]
        let counted = [
            "DAYS", "WEEKS", "MONTHS", "QUARTERS", "YEARS", "FISCAL_QUARTERS", "FISCAL_YEARS",
        ]
        switch choice.number(1...4) {
        case 1:
            return choice.one(of: [
                "YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS",
            ])
        case 2: return "\(choice.one(of: ["LAST", "THIS", "NEXT"]))_\(choice.one(of: units))"
        case 3:
            return "\(choice.one(of: ["LAST_N", "NEXT_N"]))_\(choice.one(of: counted)):"
                + "\(choice.one(of: [0, 1, 2, 7, 30, 365]))"
        default:
            return "N_\(choice.one(of: counted))_AGO:\(choice.one(of: [0, 1, 2, 3, 12]))"
        }
    }
}
