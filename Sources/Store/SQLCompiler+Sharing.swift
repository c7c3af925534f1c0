import Kernel
import Metadata

/// Which rows the caller may see, as conditions.
extension SQLCompiler {
    /// The condition on a table; `nil` where every row counts.
    mutating func predicate(_ predicate: RowPredicate, _ alias: String) -> String? {
        predicate.isEverything ? nil : condition(predicate, alias)
    }

    private mutating func condition(_ predicate: RowPredicate, _ alias: String) -> String {
        switch predicate {
        case .everything: return "TRUE"
        case .nothing: return "FALSE"
        case .fieldIn(let key, let ids): return isOneOf(column(key, alias), ids)
        case .fieldIsNull(let key): return "\(column(key, alias)) IS NULL"
        case .textIn(let key, let texts):
            guard !texts.isEmpty else { return "FALSE" }
            return "\(column(key, alias)) IN (\(list(texts.map { .text($0) })))"
        case .parentVisible(let key, let rules):
            var conditions: [String] = []
            for rule in rules { conditions.append(parent(of: column(key, alias), rule)) }
            return disjunction(conditions)
        case .any(let parts):
            var conditions: [String] = []
            for part in parts where part != .nothing { conditions.append(condition(part, alias)) }
            return disjunction(conditions)
        case .all(let parts):
            var conditions: [String] = []
            for part in parts where !part.isEverything { conditions.append(condition(part, alias)) }
            return conditions.joined(separator: " AND ")
        }
    }

    private func column(_ key: RowPredicate.FieldKey, _ alias: String) -> String {
        "\(alias).\(dialect.quoted(key.field.name))"
    }

    /// Few ids stand in the text, rounded up to a power of two, so that callers share statements.
    mutating func isOneOf(_ column: String, _ ids: [RecordID]) -> String {
        guard let last = ids.last else { return "FALSE" }
        let numbers = ids.map(\.number)
        guard dialect == .sqlite else {
            return "\(column) = ANY(\(bind(.integers(numbers)))::bigint[])"
        }
        guard numbers.count <= 32 else {
            return "\(column) IN (SELECT value FROM json_each(\(bind(.integers(numbers)))))"
        }
        if numbers.count == 1 { return "\(column) = \(bind(.integer(last.number)))" }
        let missing = numbers.count.roundedUpToPowerOfTwo - numbers.count
        let padded = numbers + Array(repeating: last.number, count: missing)
        return "\(column) IN (\(list(padded.map { .integer($0) })))"
    }

    /// Whether a lookup points to a record that counts.
    ///
    /// A narrow rule gives the list of parents, from which an index leads to their children. One
    /// that lets every parent count is asked of each child's own parent instead: its list would be
    /// the whole table.
    private mutating func parent(of lookup: String, _ rule: RowPredicate.ParentRule) -> String {
        let alias = newAlias()
        let table = "\(dialect.quoted(rule.object.name)) \(alias)"
        guard let rows = predicate(rule.rows, alias) else {
            return """
                EXISTS (SELECT 1 FROM \(table) WHERE \(alias)."Id" = \(lookup) AND \(isLive(alias)))
                """
        }
        return """
            \(lookup) IN (SELECT \(alias)."Id" FROM \(table) WHERE \(isLive(alias)) AND \(rows))
            """
    }

    /// One of these; false without any.
    func disjunction(_ conditions: [String]) -> String {
        switch conditions.count {
        case 0: "FALSE"
        case 1: conditions[0]
        default: "(\(SQLCompiler.joined(conditions[...], "OR")))"
        }
    }

    /// So many conditions stand side by side; more are put into brackets by halves.
    private static let conditionsSideBySideMax = 100

    /// Conditions joined by `AND` or `OR`.
    ///
    /// A database reads `a OR b OR c` as a tree as deep as it is long, and allows only so deep a one.
    static func joined(_ conditions: ArraySlice<String>, _ operation: String) -> String {
        guard conditions.count > conditionsSideBySideMax else {
            return conditions.joined(separator: " \(operation) ")
        }
        let middle = conditions.startIndex + conditions.count / 2
        let halves = [conditions[..<middle], conditions[middle...]]
        return halves.map { "(\(joined($0, operation)))" }.joined(separator: " \(operation) ")
    }
}

extension RowPredicate {
    /// Whether it leaves no row out; decided before anything is bound.
    fileprivate var isEverything: Bool {
        switch self {
        case .everything: true
        case .any(let parts): parts.contains(where: \.isEverything)
        case .all(let parts): parts.allSatisfy(\.isEverything)
        case .nothing, .fieldIn, .fieldIsNull, .textIn, .parentVisible: false
        }
    }
}

extension Int {
    var roundedUpToPowerOfTwo: Int {
        var power = 1
        while power < self, power < 1 << 30 { power <<= 1 }
        return Swift.max(power, self)
    }
}
