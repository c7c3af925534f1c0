import Kernel
import Language
import Metadata

/// What a select reads from: its tables and the rows of them that count.
extension SQLCompiler {
    /// Begins the select of a plan: its tables get their names.
    mutating func enter(_ read: AuthorizedRead) {
        let joined = read.joinedTables
        var aliases = read.query.tables.map { _ in "" }
        for (position, table) in joined.enumerated() where position == table {
            aliases[position] = newAlias()
        }
        scope = SelectScope(
            aliases: joined.map { aliases[$0] },
            joined: joined,
            formulas: read.query.formulas,
            org: read.org.record,
            context: read.context,
            semiJoins: read.semiJoins[...]
        )
    }

    /// `FROM` with its joins, and the conditions of `WHERE`.
    mutating func source(
        _ read: AuthorizedRead,
        _ selection: RowSelection,
        readsColumns: Bool,
        isOrdered: Bool = true
    ) -> (from: String, conditions: String) {
        let query = read.query
        var lines = [first(query, selection)]
        var used = TablesUsed(query)
        used.addConditions()
        if readsColumns { used.addColumns() }
        if isOrdered { used.addOrder() }
        used.addShared(scope.joined)
        // What only formulas read comes last: it may hang on any of the query's own tables.
        let own = query.tables.indices.dropFirst().filter { !query.tables[$0].isForFormulas }
        let others = query.tables.indices.filter { query.tables[$0].isForFormulas }
        for position in own + others
        where used.contains(position) && scope.joined[position] == position {
            lines.append(join(position, read))
        }
        return (lines.joined(separator: "\n"), conditions(read, selection))
    }

    /// The object of the query, and before it the ids that lead to its records.
    private mutating func first(_ query: ResolvedQuery, _ selection: RowSelection) -> String {
        let alias = scope.aliases[0]
        let table = "\(dialect.quoted(query.object.name)) \(alias)"
        switch selection {
        case .first, .allIDs, .one, .walked: return "FROM \(table)"
        case .given: return given(table, "\(alias).\"Id\"")
        case .children(let lookup): return given(table, "\(alias).\(dialect.quoted(lookup.name))")
        }
    }

    private mutating func given(_ table: String, _ column: String) -> String {
        let ids = bind(.givenIDs)
        return switch dialect {
        // A cross join is never turned round: the ids lead, and an index finds the records.
        case .sqlite: "FROM json_each(\(ids)) given CROSS JOIN \(table) ON \(column) = given.value"
        case .postgres:
            """
            FROM unnest(\(ids)::bigint[]) WITH ORDINALITY AS given(value, key)
            JOIN \(table) ON \(column) = given.value
            """
        }
    }

    /// A parent; a record without a parent that the caller may see stays.
    private mutating func join(_ position: Int, _ read: AuthorizedRead) -> String {
        let table = read.query.tables[position]
        let alias = scope.aliases[position]
        var conditions: [String] = []
        if let join = table.join {
            let lookup = column(ColumnReference(table: join.from, field: join.field))
            conditions.append("\(alias).\"Id\" = \(lookup)")
        } else {
            // The row of the caller, or of the caller's org, which formulas read.
            let id = table.object.name == "Organization" ? scope.org : scope.context?.user
            conditions.append("\(alias).\"Id\" = \(share(id.map { .integer($0.number) } ?? .null))")
        }
        if !read.query.includesDeleted { conditions.append(isLive(alias)) }
        let outer = asksEachRow
        defer { asksEachRow = outer }
        asksEachRow = true
        if let visible = predicate(read.visible[safely: position], alias) {
            conditions.append(visible)
        }
        return """
            LEFT JOIN \(dialect.quoted(table.object.name)) \(alias) \
            ON \(conditions.joined(separator: " AND "))
            """
    }

    private mutating func conditions(_ read: AuthorizedRead, _ selection: RowSelection) -> String {
        let alias = scope.aliases[0]
        var conditions: [String] = []
        if case .one = selection { conditions.append("\(alias).\"Id\" = \(bind(.givenID))") }
        if !read.query.includesDeleted { conditions.append(isLive(alias)) }
        let outer = asksEachRow
        defer { asksEachRow = outer }
        switch selection {
        case .first, .allIDs: asksEachRow = false
        case .given, .one, .walked, .children: asksEachRow = true
        }
        if let visible = predicate(read.visible[safely: 0], alias) { conditions.append(visible) }
        if let scope = predicate(read.scope, alias) { conditions.append(scope) }
        if let filter = read.query.filter { conditions += conjunction(filter) }
        return conditions.isEmpty ? "TRUE" : SQLCompiler.joined(conditions[...], "AND")
    }

    /// Whether a record is not in the recycle bin.
    func isLive(_ alias: String) -> String { "\(alias).\"IsDeleted\" = \(dialect.boolean(false))" }
}

/// Which of a query's tables a statement needs: a parent that only the output would read is not
/// joined to count, or to list ids.
struct TablesUsed {
    private let query: ResolvedQuery
    private var positions: Set<Int> = []

    init(_ query: ResolvedQuery) {
        self.query = query
    }

    func contains(_ position: Int) -> Bool { positions.contains(position) }

    mutating func addColumns() {
        for column in query.columns { add(column) }
    }

    mutating func addOrder() {
        for key in query.orderBy { add(key.expression) }
    }

    mutating func addConditions() {
        if let filter = query.filter { add(filter) }
        if let having = query.having { add(having) }
        for key in query.grouping?.keys ?? [] { add(key) }
    }

    private mutating func add(_ condition: ResolvedCondition) {
        switch condition {
        case .and(let parts), .or(let parts): for part in parts { add(part) }
        case .not(let part): add(part)
        case .compare(let expression, _, _), .like(let expression, _),
            .isIn(let expression, _, _, _), .includes(let expression, _, _),
            .dateLiteral(let expression, _, _), .semiJoin(let expression, _, _):
            add(expression)
        case .constant: break
        }
    }

    private mutating func add(_ expression: ResolvedExpression) {
        switch expression {
        case .column(let column), .objectName(let column, _), .label(let column): add(column)
        case .firstOf(let columns): for column in columns { add(column) }
        case .aggregate(_, let argument): if let argument { add(argument) }
        case .datePart(_, let inner, _), .formatted(let inner): add(inner)
        case .distance(let from, let to, _):
            add(from)
            add(to)
        case .isSubtotal: break
        }
    }

    private mutating func add(_ place: ResolvedExpression.Place) {
        switch place {
        case .columns(let latitude, let longitude):
            add(latitude)
            add(longitude)
        case .point: break
        }
    }

    private mutating func add(_ column: ColumnReference) {
        add(table: column.table)
        for read in query.formulas[column]?.tables ?? [] { add(table: read) }
    }

    /// The tables that are joined for others of which something is used.
    mutating func addShared(_ joined: [Int]) {
        for position in positions where joined.indices.contains(position) {
            add(table: joined[position])
        }
    }

    private mutating func add(table: Int) {
        var position = table
        // A parent is reached through the tables before it.
        while positions.insert(position).inserted, query.tables.indices.contains(position),
            let join = query.tables[position].join
        {
            position = join.from
        }
    }
}

extension AuthorizedRead {
    /// For each table the one that is joined for it.
    ///
    /// A parent that formulas read is that of the query's own paths, where the caller may see all
    /// of its rows.
    fileprivate var joinedTables: [Int] {
        var joined = Array(query.tables.indices)
        for (position, table) in query.tables.enumerated() where table.isForFormulas {
            guard let join = table.join else { continue }
            let from = joined[join.from]
            let same = query.tables.indices.first { other in
                guard other != position, let own = query.tables[other].join,
                    joined[other] == other, !query.tables[other].isForFormulas || other < position
                else { return false }
                return visible[safely: other] == .everything && joined[own.from] == from
                    && own.field.name == join.field.name
                    && query.tables[other].object.name == table.object.name
            }
            joined[position] = same ?? position
        }
        return joined
    }
}

extension Array where Element == RowPredicate {
    /// What the caller may see of a table; nothing, where the plan does not say.
    subscript(safely position: Int) -> RowPredicate {
        indices.contains(position) ? self[position] : .nothing
    }
}
