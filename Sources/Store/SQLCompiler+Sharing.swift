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
        case .childVisible(let rule): return child(of: "\(alias).\"Id\"", rule)
        case .shared(let key, let shares): return share(of: column(key, alias), shares)
        case .condition(let own):
            let outer = scope
            defer { scope = outer }
            scope = SelectScope(aliases: [alias], context: own.context)
            return "(\(self.condition(own.condition)))"
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
        let rows = predicate(rule.rows, alias)
        if asksEachRow, let rows {
            return """
                EXISTS (SELECT 1 FROM \(table) WHERE \(alias)."Id" = \(lookup) \
                AND \(isLive(alias)) AND \(rows))
                """
        }
        guard let rows else {
            return """
                EXISTS (SELECT 1 FROM \(table) WHERE \(alias)."Id" = \(lookup) AND \(isLive(alias)))
                """
        }
        return """
            \(lookup) IN (SELECT \(alias)."Id" FROM \(table) WHERE \(isLive(alias)) AND \(rows))
            """
    }

    /// Whether a record that counts points to this one.
    private mutating func child(of id: String, _ rule: RowPredicate.ChildRule) -> String {
        let alias = newAlias()
        let table = "\(dialect.quoted(rule.object.name)) \(alias)"
        let lookup = "\(alias).\(dialect.quoted(rule.field.name))"
        let rows = predicate(rule.rows, alias).map { " AND \($0)" } ?? ""
        guard asksEachRow else {
            return """
                \(id) IN (SELECT \(lookup) FROM \(table) \
                WHERE \(lookup) IS NOT NULL AND \(isLive(alias))\(rows))
                """
        }
        return """
            EXISTS (SELECT 1 FROM \(table) WHERE \(lookup) = \(id) AND \(isLive(alias))\(rows))
            """
    }

    /// Whether a record has a share that counts.
    ///
    /// A list is led by the caller's keys, from which an index gives the records. Where the record
    /// is known already, its own few shares are looked at instead. Shares are never in the recycle
    /// bin.
    private mutating func share(of id: String, _ shares: RowPredicate.ShareLookup) -> String {
        guard !shares.keys.isEmpty else { return "FALSE" }
        let alias = newAlias()
        let table = "\(dialect.quoted(shares.share.name)) \(alias)"
        let record = "\(alias).\(dialect.quoted(shares.record.name))"
        let key = isOneOf("\(alias).\(dialect.quoted(shares.key.name))", shares.keys)
        var level = ""
        if let levels = shares.levels {
            let column = "\(alias).\(dialect.quoted(shares.level.name))"
            level = " AND \(column) IN (\(list(levels.map { .text($0) })))"
        }
        guard asksEachRow else {
            return "\(id) IN (SELECT \(record) FROM \(table) WHERE \(key)\(level))"
        }
        return "EXISTS (SELECT 1 FROM \(table) WHERE \(record) = \(id) AND \(key)\(level))"
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
        case .nothing, .fieldIn, .fieldIsNull, .textIn, .parentVisible, .childVisible, .shared,
            .condition:
            false
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
