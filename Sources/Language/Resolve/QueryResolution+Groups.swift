import Metadata

extension QueryResolution {
    /// A query of groups, or of a count.
    mutating func resolveGroups(_ statement: SOQLStatement) throws(ResolveError) -> ResolvedQuery {
        if role.isSemiJoin {
            throw .malformed("a sub-select in WHERE cannot aggregate", at: statement.span)
        }
        if isBareCount(statement) { return try resolveCount(statement) }
        var query = ResolvedQuery(kind: .groups, tables: [], columns: [], shape: [])
        let grouping = try grouping(statement.groupBy)
        groupKeys = grouping.keys
        query.grouping = grouping
        var shape = ShapeBuilder()
        var unnamed = 0
        for item in statement.select {
            try selectGroup(item, into: &shape, &unnamed, statement.groupBy == nil)
        }
        query.shape = shape.items
        if statement.groupBy == nil, let limit = statement.limit {
            throw .malformed("LIMIT with an aggregate needs GROUP BY", at: limit.span)
        }
        try finish(&query, statement)
        return query
    }

    private func isBareCount(_ statement: SOQLStatement) -> Bool {
        guard statement.select.count == 1, statement.groupBy == nil,
            case .expression(.call(let call), nil)? = statement.select.first
        else { return false }
        return call.function.text.uppercased() == "COUNT" && call.arguments.isEmpty
    }

    private mutating func resolveCount(
        _ statement: SOQLStatement
    ) throws(ResolveError) -> ResolvedQuery {
        if let key = statement.orderBy.first {
            throw .malformed("COUNT() takes no ORDER BY", at: key.expression.span)
        }
        var query = ResolvedQuery(kind: .count, tables: [], columns: [], shape: [])
        try finish(&query, statement)
        return query
    }

    private mutating func grouping(
        _ clause: SOQLStatement.GroupByClause?
    ) throws(ResolveError) -> ResolvedQuery.Grouping {
        guard let clause else { return ResolvedQuery.Grouping(kind: .plain, keys: []) }
        let kind: ResolvedQuery.Grouping.Kind =
            switch clause.kind {
            case .plain: .plain
            case .rollup: .rollup
            case .cube: .cube
            }
        if kind != .plain && clause.keys.count > 3 {
            throw .malformed("ROLLUP and CUBE take at most 3 fields", at: clause.span)
        }
        var keys: [ResolvedExpression] = []
        for key in clause.keys {
            let expression = try expression(key, in: .group)
            if expression.isAggregate {
                throw .malformed("Grouped field should not be aggregated: \(key)", at: key.span)
            }
            if keys.contains(expression) {
                guard kind == .plain else {
                    throw .malformed("ROLLUP and CUBE take a field once: \(key)", at: key.span)
                }
                continue
            }
            keys.append(expression)
        }
        return ResolvedQuery.Grouping(kind: kind, keys: keys)
    }

    private mutating func selectGroup(
        _ item: SOQLStatement.SelectItem,
        into shape: inout ShapeBuilder,
        _ unnamed: inout Int,
        _ isWhole: Bool
    ) throws(ResolveError) {
        guard case .expression(let source, let alias) = item else {
            throw .malformed(
                "a query that groups selects grouped fields and aggregates only",
                at: nil
            )
        }
        let expression = try expression(source, in: .select)
        try checkGrouped(expression, source)
        let key: String
        if let alias {
            key = alias.text
        } else if case .path(let path) = source {
            key = speltKey(expression, path)
        } else {
            key = "expr\(unnamed)"
            unnamed += 1
        }
        let item = OutputItem.value(key: key, column: column(expression), type: expression.type)
        guard shape.add(item, key: key, under: []) else {
            throw .malformed("duplicate alias: \(key)", at: alias?.span ?? source.span)
        }
    }

    private func speltKey(_ expression: ResolvedExpression, _ path: SOQLStatement.Path) -> String {
        if case .column(let reference) = expression { return reference.field.name.text }
        return path.segments.last?.text ?? path.description
    }

    private func checkGrouped(
        _ expression: ResolvedExpression,
        _ source: SOQLStatement.Expression
    ) throws(ResolveError) {
        let keys = groupKeys ?? []
        switch expression {
        case .aggregate(_, let argument):
            if let argument, keys.contains(argument), case .call(let call) = source,
                call.function.text.uppercased() != "COUNT"
            {
                return
            }
        case .isSubtotal: return
        case .formatted(let inner):
            try checkGrouped(inner, source)
        case .label(let column):
            guard keys.contains(.column(column)) || keys.contains(expression) else {
                throw .malformed("Field must be grouped or aggregated: \(source)", at: source.span)
            }
        case .column, .firstOf, .objectName, .datePart, .distance:
            guard keys.contains(expression) else {
                throw .malformed("Field must be grouped or aggregated: \(source)", at: source.span)
            }
        }
    }
}
