import Kernel
import Language
import Metadata

/// Groups and what is computed of them.
extension SQLCompiler {
    mutating func groups(_ read: AuthorizedRead) -> String {
        guard let grouping = read.query.grouping else { return groups(read, keys: [], lists: []) }
        switch (grouping.kind, dialect) {
        case (.plain, _): return groups(read, keys: grouping.keys, lists: [])
        case (.rollup, .postgres): return groups(read, keys: grouping.keys, lists: ["ROLLUP"])
        case (.cube, .postgres): return groups(read, keys: grouping.keys, lists: ["CUBE"])
        case (.rollup, .sqlite), (.cube, .sqlite): return union(read, grouping)
        }
    }

    /// One select: the groups of all keys, in PostgreSQL with their subtotals.
    private mutating func groups(
        _ read: AuthorizedRead,
        keys: [ResolvedExpression],
        lists: [String]
    ) -> String {
        enter(read)
        scope.keys = keys
        scope.hasSubtotals = !lists.isEmpty
        var columns: [String] = []
        for column in read.query.columns { columns.append(selected(column)) }
        if columns.isEmpty { columns = ["1"] }
        var text = "SELECT \(columns.joined(separator: ", "))\n" + body(read, keys, lists.first)
        if !read.query.orderBy.isEmpty {
            var order: [String] = []
            for key in read.query.orderBy { order.append(orderKey(key)) }
            text += "\nORDER BY \(order.joined(separator: ", "))"
        }
        return text + groupWindow(read.query)
    }

    private mutating func groupWindow(_ query: ResolvedQuery) -> String {
        var text = "\nLIMIT \(bind(.rowsMax))"
        if let offset = query.offset { text += " OFFSET \(bind(.integer(Int64(offset))))" }
        return text
    }

    /// `FROM … WHERE … GROUP BY … HAVING …`.
    private mutating func body(
        _ read: AuthorizedRead,
        _ keys: [ResolvedExpression],
        _ list: String?
    ) -> String {
        // Rows are filtered before they are groups: there a key that is summed over has its value.
        scope.isInAggregate = true
        let (from, conditions) = source(read, .first, readsColumns: true)
        scope.isInAggregate = false
        var text = "\(from)\nWHERE \(conditions)"
        var names: [String] = []
        for key in keys { names.append(compared(key)) }
        if !names.isEmpty {
            let all = names.joined(separator: ", ")
            text += "\nGROUP BY \(list.map { "\($0) (\(all))" } ?? all)"
        }
        if let having = read.query.having {
            text += "\nHAVING \(SQLCompiler.joined(conjunction(having)[...], "AND"))"
        }
        return text
    }
}

// MARK: - Subtotals in SQLite

extension SQLCompiler {
    /// SQLite has no subtotals: each set of keys is a select of its own, with nulls for the others.
    private mutating func union(
        _ read: AuthorizedRead,
        _ grouping: ResolvedQuery.Grouping
    ) -> String {
        let query = read.query
        var parts: [String] = []
        for absent in Self.absentKeys(grouping) {
            parts.append(part(read, grouping.keys, absent))
        }
        let columns = query.columns.indices.map { "c\($0)" }
        var text = """
            SELECT \(columns.isEmpty ? "1" : columns.joined(separator: ", ")) FROM (
            \(parts.joined(separator: "\nUNION ALL\n"))
            )
            """
        if !query.orderBy.isEmpty {
            let keys = query.orderBy.enumerated().map { position, key in
                // The result of a union has lost its columns' collations.
                let collation = isFolded(key.expression.type) ? " COLLATE STEWARD" : ""
                return "o\(position)\(collation)\(direction(key))"
            }
            text += "\nORDER BY \(keys.joined(separator: ", "))"
        }
        return text + groupWindow(query)
    }

    private mutating func part(
        _ read: AuthorizedRead,
        _ keys: [ResolvedExpression],
        _ absent: Set<Int>
    ) -> String {
        enter(read)
        scope.keys = keys
        scope.absentKeys = absent
        var columns: [String] = []
        for (position, column) in read.query.columns.enumerated() {
            columns.append("\(value(column)) AS c\(position)")
        }
        for (position, key) in read.query.orderBy.enumerated() {
            columns.append("\(value(key.expression)) AS o\(position)")
        }
        // Without an aggregate the total would be as many rows as there are records.
        if !read.query.columns.contains(where: \.isAggregate) { columns.append("COUNT(*)") }
        let present = keys.enumerated().filter { !absent.contains($0.offset) }.map(\.element)
        return "SELECT \(columns.joined(separator: ", "))\n\(body(read, present, nil))"
    }

    /// Which keys are summed over, from the finest groups to the total.
    private static func absentKeys(_ grouping: ResolvedQuery.Grouping) -> [Set<Int>] {
        let count = grouping.keys.count
        switch grouping.kind {
        case .plain: return [[]]
        case .rollup: return (0...count).map { Set((count - $0)..<count) }
        case .cube:
            return (0..<(1 << min(count, 8))).map { mask in
                Set((0..<count).filter { mask & (1 << $0) != 0 })
            }
        }
    }
}

// MARK: - Functions

extension SQLCompiler {
    mutating func aggregate(
        _ function: AggregateFunction,
        _ argument: ResolvedExpression?
    ) -> String {
        guard let argument else { return "COUNT(*)" }
        let wasInAggregate = scope.isInAggregate
        scope.isInAggregate = true
        defer { scope.isInAggregate = wasInAggregate }
        switch function {
        case .count: return "COUNT(\(value(argument)))"
        case .countDistinct: return "COUNT(DISTINCT \(compared(argument)))"
        case .sum: return "SUM(\(value(argument)))"
        case .average: return average(argument)
        case .minimum: return extreme("MIN", argument, isDescending: false)
        case .maximum: return extreme("MAX", argument, isDescending: true)
        }
    }

    /// The exact sum, divided once.
    private mutating func average(_ argument: ResolvedExpression) -> String {
        let text = value(argument)
        guard dialect == .sqlite else { return "AVG(\(text))::double precision" }
        guard case .decimal(let scale) = argument.type, scale > 0 else {
            return "CAST(SUM(\(text)) AS REAL) / COUNT(\(text))"
        }
        let divisor = "1" + String(repeating: "0", count: scale) + ".0"
        return "SUM(\(text)) / (COUNT(\(text)) * \(divisor))"
    }

    private mutating func extreme(
        _ function: String,
        _ argument: ResolvedExpression,
        isDescending: Bool
    ) -> String {
        guard isText(argument.type), dialect == .postgres else {
            return "\(function)(\(compared(argument)))"
        }
        let direction = isDescending ? " DESC" : ""
        return """
            (array_agg(\(value(argument)) ORDER BY \(ordered(argument))\(direction) NULLS LAST))[1]
            """
    }

    /// 1 where a group sums over the key.
    mutating func isSubtotal(_ key: Int) -> String {
        guard scope.keys.indices.contains(key) else { return "0" }
        if scope.absentKeys.contains(key) { return "1" }
        return scope.hasSubtotals ? "GROUPING(\(compared(scope.keys[key])))" : "0"
    }
}
