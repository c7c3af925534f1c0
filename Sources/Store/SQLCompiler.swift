package import Kernel
import Language
package import Metadata

/// Turns authorized plans into SQL of one dialect.
///
/// Only names of the org's schema reach the text; every value is bound. What each caller may see is
/// part of the text: there is no filter after the fact.
package struct SQLCompiler: Sendable {
    package let dialect: Dialect
    /// The values of the statement in the making.
    var parameters: [SQLParameter] = []
    /// The select in the making; sub-selects have their own.
    var scope = SelectScope()
    /// Whether the rows are known, so that each is asked whether it counts; else what counts leads
    /// to the rows.
    var asksEachRow = false
    /// How many records a walk in a list's order looks at.
    let walkRecordsMax: Int
    private var tableCount = 0

    package init(_ dialect: Dialect, walkRecordsMax: Int = 5_000) {
        self.dialect = dialect
        self.walkRecordsMax = walkRecordsMax
    }

    /// The statement of the plan itself, without those of its child queries.
    package func compile(_ read: AuthorizedRead, _ selection: RowSelection = .first) -> SQLStatement
    {
        var compiler = self
        let text =
            switch read.query.kind {
            case .records: compiler.records(read, selection)
            case .count: compiler.count(read)
            case .groups: compiler.groups(read)
            }
        return SQLStatement(text, compiler.parameters)
    }
}

/// Which records a statement selects.
package enum RowSelection: Sendable {
    /// The first ones; how many is given.
    case first
    /// The ids of all of them.
    case allIDs
    /// Those of the given ids that the query finds, in the order of the ids.
    case given
    /// The one whose id is given.
    case one
    /// The first ones again, each record asked whether it counts.
    case walked
    /// The children of the given parents, in the order of these; the last column is the parent.
    case children(of: FieldDefinition)
}

/// What the names of a select stand for.
struct SelectScope {
    /// The names of the plan's tables in the text, by their position.
    var aliases: [String] = []
    /// For each table the one that is joined for it: itself, or another that holds the same rows.
    var joined: [Int] = []
    var formulas: [ColumnReference: FormulaUse] = [:]
    var org: RecordID?
    /// The programs of the formulas met so far: one for each place of a formula field.
    var programs: [ColumnReference: FormulaProgram] = [:]
    var context: ReadContext?
    /// The plans of the semi-joins that have not been met yet.
    var semiJoins: ArraySlice<AuthorizedRead> = []
    var keys: [ResolvedExpression] = []
    /// Whether the database itself makes subtotals.
    var hasSubtotals = false
    /// The keys over which one part of a union sums; their value is null.
    var absentKeys: Set<Int> = []
    /// Whether rows are looked at, rather than groups: a key then has its value.
    var isInAggregate = false
}

extension SQLCompiler {
    /// A place for a value of its own.
    mutating func bind(_ parameter: SQLParameter) -> String {
        parameters.append(parameter)
        return dialect.parameter(parameters.count)
    }

    mutating func bind(_ value: SQLValue) -> String { bind(.value(value)) }

    /// A place for a value that stands in several places.
    ///
    /// A grouping key must be the same text wherever it stands.
    mutating func share(_ value: SQLValue) -> String { share(.value(value)) }

    mutating func share(_ parameter: SQLParameter) -> String {
        if let known = parameters.firstIndex(of: parameter) { return dialect.parameter(known + 1) }
        return bind(parameter)
    }

    /// A name for one more table, told apart from all others of the statement.
    mutating func newAlias() -> String {
        defer { tableCount += 1 }
        return "t\(tableCount)"
    }

    /// A column of one of the plan's tables; null where the field has none.
    func column(_ reference: ColumnReference) -> String {
        guard reference.field.columnType != nil, scope.aliases.indices.contains(reference.table)
        else { return "NULL" }
        return "\(scope.aliases[reference.table]).\(dialect.quoted(reference.field.name))"
    }
}

// MARK: - Records

extension SQLCompiler {
    mutating func records(_ read: AuthorizedRead, _ selection: RowSelection) -> String {
        if case .children(let lookup) = selection { return children(read, of: lookup) }
        let query = read.query
        let isIDsOnly = if case .allIDs = selection { true } else { false }
        enter(read)
        let columns = isIDsOnly ? "t0.\"Id\"" : selectList(query.columns)
        let (from, conditions) = source(read, selection, readsColumns: !isIDsOnly)
        var text = "SELECT \(columns)\n\(from)\nWHERE \(conditions)"
        switch selection {
        case .first:
            text += "\nORDER BY \(order(query))\nLIMIT \(bind(.rowsMax))"
            if let offset = query.offset { text += " OFFSET \(bind(.integer(Int64(offset))))" }
        case .allIDs: text += "\nORDER BY \(order(query))\(window(query))"
        case .given: text += "\nORDER BY given.key"
        case .one, .walked, .children: break
        }
        return text
    }

    mutating func count(_ read: AuthorizedRead) -> String {
        enter(read)
        let (from, conditions) = source(read, .first, readsColumns: false, isOrdered: false)
        let window = window(read.query)
        guard !window.isEmpty else { return "SELECT COUNT(*)\n\(from)\nWHERE \(conditions)" }
        return
            "SELECT COUNT(*) FROM (\nSELECT 1\n\(from)\nWHERE \(conditions)\(window)\n) AS counted"
    }

    /// The children of many parents at once; a limit counts for each parent.
    private mutating func children(_ read: AuthorizedRead, of lookup: FieldDefinition) -> String {
        let query = read.query
        enter(read)
        let parent = "t0.\(dialect.quoted(lookup.name))"
        let columns = query.columns.map { selected($0) }
        let (from, conditions) = source(read, .children(of: lookup), readsColumns: true)
        let order = order(query)
        guard query.limit != nil || query.offset != nil else {
            return """
                SELECT \((columns + [parent]).joined(separator: ", "))
                \(from)
                WHERE \(conditions)
                ORDER BY given.key, \(order)
                """
        }
        let named = columns.enumerated().map { "\($0.element) AS c\($0.offset)" }
        let names = columns.indices.map { "c\($0)" }
        let offset = query.offset ?? 0
        var places = "place > \(bind(.integer(Int64(offset))))"
        if let limit = query.limit {
            let (last, overflow) = offset.addingReportingOverflow(limit)
            places += " AND place <= \(bind(.integer(overflow ? .max : Int64(last))))"
        }
        return """
            SELECT \((names + ["parent"]).joined(separator: ", ")) FROM (
            SELECT \((named + ["\(parent) AS parent"]).joined(separator: ", ")),
                given.key AS family,
                ROW_NUMBER() OVER (PARTITION BY given.key ORDER BY \(order)) AS place
            \(from)
            WHERE \(conditions)
            ) AS ranked
            WHERE \(places)
            ORDER BY family, place
            """
    }

    private mutating func selectList(_ columns: [ResolvedExpression]) -> String {
        columns.isEmpty ? "1" : columns.map { selected($0) }.joined(separator: ", ")
    }

    /// `LIMIT … OFFSET …` of the query itself, with a line break before it; empty without.
    mutating func window(_ query: ResolvedQuery) -> String {
        guard query.limit != nil || query.offset != nil else { return "" }
        var text = "\n"
        switch (query.limit, dialect) {
        case (let limit?, _): text += "LIMIT \(bind(.integer(Int64(limit))))"
        case (nil, .sqlite): text += "LIMIT -1"
        case (nil, .postgres): text += "LIMIT ALL"
        }
        if let offset = query.offset { text += " OFFSET \(bind(.integer(Int64(offset))))" }
        return text
    }
}

// MARK: - Order

extension SQLCompiler {
    /// The order of records, made complete by the id.
    ///
    /// The id goes the way of the last key: then one index gives the whole order.
    mutating func order(_ query: ResolvedQuery) -> String {
        var keys = query.orderBy.map { orderKey($0) }
        let isDescending = query.orderBy.last?.isDescending ?? false
        if case .column(let last) = query.orderBy.last?.expression, last.table == 0,
            case .id = last.field.type
        {
            return keys.joined(separator: ", ")
        }
        keys.append(isDescending ? "t0.\"Id\" DESC" : "t0.\"Id\"")
        return keys.joined(separator: ", ")
    }

    mutating func orderKey(_ key: ResolvedOrderKey) -> String {
        ordered(key.expression) + direction(key)
    }

    /// Which way, and where nulls are, as far as it is not what the database does by itself.
    func direction(_ key: ResolvedOrderKey) -> String {
        let areLastByThemselves =
            switch dialect {
            case .sqlite: key.isDescending
            case .postgres: !key.isDescending
            }
        var text = key.isDescending ? " DESC" : ""
        if key.areNullsLast != areLastByThemselves {
            text += key.areNullsLast ? " NULLS LAST" : " NULLS FIRST"
        }
        return text
    }
}
