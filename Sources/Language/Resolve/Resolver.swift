package import Metadata

/// Finds every name of a query in an org's schema, as far as it is visible to who asks.
package enum Resolver {
    /// - Parameters:
    ///   - visible: what exists for who asks; the rest fails as if nobody had declared it.
    ///   - includesDeleted: deleted records too, whether or not the query says `ALL ROWS`.
    /// - Throws: `ResolveError`, with the place in the text.
    package static func resolve(
        _ statement: SOQLStatement,
        in schema: OrgSchema,
        visible: any NameVisibility,
        includesDeleted: Bool = false
    ) throws(ResolveError) -> ResolvedQuery {
        let from = statement.from.object
        guard let name = from.segments.first, from.segments.count == 1 else {
            throw .noObject(from.description, at: from.span)
        }
        guard let object = schema.object(APIName(name.text)), visible.isVisible(object) else {
            throw .noObject(name.text, at: name.span)
        }
        var resolution = QueryResolution(
            schema: schema,
            visible: visible,
            object: object,
            role: .query(includesDeleted: includesDeleted)
        )
        return try resolution.resolve(statement)
    }
}

/// One query level on its way to being resolved: the tables and columns found so far.
struct QueryResolution {
    /// What a query is part of, which decides what it may contain.
    enum Role {
        case query(includesDeleted: Bool)
        /// A child query, so many levels down; the parent's limit.
        case child(depth: Int, includesDeleted: Bool, isParentSingle: Bool)
        case semiJoin(includesDeleted: Bool)
    }

    static let childrenMax = 20
    static let childDepthMax = 5
    static let parentDepthMax = 5
    static let orderKeysMax = 32
    static let offsetMax = 2_000
    static let semiJoinsMax = 2
    /// A few less than SQLite joins at most.
    static let tablesMax = 60

    let schema: OrgSchema
    let visible: any NameVisibility
    let role: Role
    var tables: [ResolvedQuery.Table]
    var joins: [JoinKey: Int] = [:]
    var columns: [ResolvedExpression] = []
    var positions: [ResolvedExpression: Int] = [:]
    var children: [ResolvedQuery.ChildQuery] = []
    var formulas: [ColumnReference: FormulaUse] = [:]
    /// Aliases of the FROM clause, lower-cased, and the relationships they stand for.
    var aliases: [String: [SOQLStatement.Name]] = [:]
    var semiJoinCount = 0
    /// The WHERE clause is being resolved: it sees rows, whether or not the query groups them.
    var isResolvingFilter = false
    var groupKeys: [ResolvedExpression]?

    struct JoinKey: Hashable {
        let from: Int
        let field: APIName
        let target: APIName
        let isForFormulas: Bool
    }

    init(schema: OrgSchema, visible: any NameVisibility, object: ObjectDefinition, role: Role) {
        self.schema = schema
        self.visible = visible
        self.role = role
        tables = [ResolvedQuery.Table(object: object, join: nil)]
    }

    var object: ObjectDefinition { tables[0].object }

    var includesDeleted: Bool {
        switch role {
        case .query(let value), .child(_, let value, _), .semiJoin(let value): value
        }
    }

    mutating func resolve(_ statement: SOQLStatement) throws(ResolveError) -> ResolvedQuery {
        try declareAliases(statement.from)
        try checkClauses(statement)
        let isGrouped = statement.groupBy != nil || statement.select.contains(where: isAggregate)
        if isGrouped {
            return try resolveGroups(statement)
        }
        var query = ResolvedQuery(kind: .records, tables: [], columns: [], shape: [])
        if !role.isSemiJoin { _ = column(.column(idColumn(of: 0))) }
        var shape = ShapeBuilder()
        for item in statement.select {
            try select(item, into: &shape, limit: statement.limit)
        }
        query.shape = shape.items
        try finish(&query, statement)
        return query
    }

    mutating func finish(
        _ query: inout ResolvedQuery,
        _ statement: SOQLStatement
    ) throws(ResolveError) {
        if let filter = statement.filter {
            isResolvingFilter = true
            query.filter = try condition(filter, isTop: true)
            isResolvingFilter = false
        }
        if let having = statement.having { query.having = try condition(having, isTop: false) }
        guard statement.orderBy.count <= QueryResolution.orderKeysMax else {
            throw .malformed(
                "ORDER BY takes at most \(QueryResolution.orderKeysMax) fields",
                at: statement.orderBy[QueryResolution.orderKeysMax].expression.span
            )
        }
        for key in statement.orderBy { query.orderBy.append(try orderKey(key)) }
        query.limit = try limit(statement.limit)
        query.offset = try offset(statement.offset)
        query.includesDeleted = includesDeleted || statement.allRows
        query.scope = try scope(statement.scope)
        query.marksRecent = statement.forClauses.contains { $0 == .view || $0 == .reference }
        guard tables.count <= QueryResolution.tablesMax else {
            throw .malformed(
                "a query reads at most \(QueryResolution.tablesMax) tables, with the parents that "
                    + "its formula fields read",
                at: statement.span
            )
        }
        query.tables = tables
        query.columns = columns
        query.children = children
        query.formulas = formulas
    }

    /// The position of a column; one that was asked for before is not read twice.
    mutating func column(_ expression: ResolvedExpression) -> Int {
        if let position = positions[expression] { return position }
        columns.append(expression)
        positions[expression] = columns.count - 1
        return columns.count - 1
    }

    func idColumn(of table: Int) -> ColumnReference {
        ColumnReference(table: table, field: tables[table].object.fields[0])
    }
}

extension QueryResolution.Role {
    var isSemiJoin: Bool {
        if case .semiJoin = self { true } else { false }
    }

    var childDepth: Int {
        if case .child(let depth, _, _) = self { depth } else { 0 }
    }
}

// MARK: - Clauses

extension QueryResolution {
    private mutating func declareAliases(_ from: SOQLStatement.FromClause) throws(ResolveError) {
        if let alias = from.alias { aliases[alias.text.lowercased()] = [] }
        for relationship in from.relationships {
            let segments = relationship.path.segments
            guard let first = segments.first, segments.count > 1,
                let base = aliases[first.text.lowercased()]
                    ?? (APIName(first.text) == object.name ? [] : nil)
            else {
                throw .malformed(
                    "A driving SObject type has already been set, all other entity types in the "
                        + "FROM clause must be relationships to the initial object. The driving "
                        + "object is \(object.name)",
                    at: relationship.path.span
                )
            }
            let path = base + segments.dropFirst()
            _ = try walk(path, span: relationship.path.span)
            if let alias = relationship.alias { aliases[alias.text.lowercased()] = Array(path) }
        }
    }

    private func checkClauses(_ statement: SOQLStatement) throws(ResolveError) {
        for clause in [statement.with].compactMap({ $0 }) + statement.furtherWith {
            switch clause {
            case .dataCategory(_, let span):
                throw .malformed(
                    "WITH DATA CATEGORY needs an object with data categories",
                    at: span
                )
            case .recordVisibilityContext(let span):
                throw .malformed("RecordVisibilityContext is not supported", at: span)
            case .securityEnforced, .userMode, .systemMode: break
            }
        }
        if let first = statement.updateClauses.first {
            throw .malformed(
                "UPDATE \(first.rawValue.uppercased()) is for knowledge articles only",
                at: statement.span
            )
        }
        if role.isSemiJoin {
            guard statement.orderBy.isEmpty, statement.limit == nil, statement.offset == nil,
                statement.groupBy == nil
            else {
                throw .malformed(
                    "a sub-select in WHERE takes no GROUP BY, ORDER BY, LIMIT or OFFSET",
                    at: statement.span
                )
            }
        }
        if case .child(_, _, let isParentSingle) = role, let offset = statement.offset,
            !isParentSingle
        {
            throw .malformed(
                "OFFSET in a child query needs LIMIT 1 in the parent query",
                at: offset.span
            )
        }
    }

    private func refuseBind(_ literal: SOQLStatement.NumberLiteral) throws(ResolveError) {
        if literal.isBind {
            throw .malformed("Bind variables only allowed in Apex code", at: literal.span)
        }
    }

    private func limit(
        _ literal: SOQLStatement.NumberLiteral?
    ) throws(ResolveError) -> Int? {
        guard let literal else { return nil }
        try refuseBind(literal)
        guard let value = Int(literal.text), value >= 0 else {
            throw .malformed("LIMIT takes a whole number, not '\(literal.text)'", at: literal.span)
        }
        return value
    }

    private func offset(
        _ literal: SOQLStatement.NumberLiteral?
    ) throws(ResolveError) -> Int? {
        guard let literal else { return nil }
        try refuseBind(literal)
        guard let value = Int(literal.text), value >= 0 else {
            throw .malformed("OFFSET takes a whole number, not '\(literal.text)'", at: literal.span)
        }
        guard value <= QueryResolution.offsetMax else {
            throw ResolveError(
                .numberOutsideValidRange,
                "Maximum SOQL offset allowed is 2000",
                at: nil
            )
        }
        return value
    }

    private func scope(
        _ name: SOQLStatement.Name?
    ) throws(ResolveError) -> ResolvedQuery.Scope {
        guard let name else { return .everything }
        guard
            let scope = ResolvedQuery.Scope.allCases.first(where: {
                $0.rawValue.lowercased() == name.text.lowercased()
            })
        else {
            let names = ResolvedQuery.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformed("unknown scope '\(name.text)'; one of \(names)", at: name.span)
        }
        switch scope {
        case .everything: return scope
        case .mine, .mineAndMyGroups:
            guard object.ownerField != nil else {
                throw .malformed(
                    "\(object.name) has no owner: scope '\(name.text)' is not available",
                    at: name.span
                )
            }
            return scope
        case .delegated, .team, .myTerritory, .myTeamTerritory, .scopingRule:
            throw .malformed(
                "scope '\(name.text)' is not available for \(object.name)",
                at: name.span
            )
        }
    }

    private mutating func orderKey(
        _ key: SOQLStatement.OrderKey
    ) throws(ResolveError) -> ResolvedOrderKey {
        let expression = try expression(key.expression, in: .order)
        if let keys = groupKeys, !expression.isAggregate, !keys.contains(expression) {
            if case .isSubtotal = expression {
            } else {
                throw .malformed(
                    "Ordered field must be grouped or aggregated: \(key.expression)",
                    at: key.expression.span
                )
            }
        }
        return ResolvedOrderKey(
            expression: expression,
            isDescending: key.isDescending,
            areNullsLast: key.nullsLast ?? false
        )
    }
}
