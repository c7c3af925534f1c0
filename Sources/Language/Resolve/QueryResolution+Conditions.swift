import Metadata

extension QueryResolution {
    /// - Parameter isTop: whether the condition is joined to the whole by AND alone, where a
    ///   semi-join may stand.
    mutating func condition(
        _ condition: SOQLStatement.Condition,
        isTop: Bool
    ) throws(ResolveError) -> ResolvedCondition {
        switch condition {
        case .and(let terms, _):
            var resolved: [ResolvedCondition] = []
            for term in terms { resolved.append(try self.condition(term, isTop: isTop)) }
            return .and(resolved)
        case .or(let terms, _):
            var resolved: [ResolvedCondition] = []
            for term in terms { resolved.append(try self.condition(term, isTop: false)) }
            return .or(resolved)
        case .not(let term, _):
            return .not(try self.condition(term, isTop: false))
        case .comparison(let left, let `operator`, let value, let span):
            return try comparison(left, `operator`, value, span, isTop: isTop)
        }
    }

    private mutating func comparison(
        _ left: SOQLStatement.Expression,
        _ operation: SOQLStatement.Operator,
        _ value: SOQLStatement.Value,
        _ span: SourceSpan,
        isTop: Bool
    ) throws(ResolveError) -> ResolvedCondition {
        if case .bind = value {
            throw .malformed("Bind variables only allowed in Apex code", at: value.span)
        }
        let expression = try expression(left, in: isResolvingFilter ? .filter : .having)
        if let keys = groupKeys, !isResolvingFilter, !expression.isAggregate,
            !keys.contains(expression)
        {
            throw .malformed("Field must be grouped or aggregated: \(left)", at: left.span)
        }
        if case .subquery(let statement) = value {
            return try semiJoin(expression, left, operation, statement, isTop: isTop)
        }
        if case .label(let column) = expression {
            return try labelComparison(column, operation, value, span)
        }
        switch operation {
        case .in, .notIn: return try membership(expression, left, operation, value)
        case .includes, .excludes: return try includes(expression, left, operation, value)
        case .like: return try like(expression, left, value)
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual:
            return try ordered(expression, left, operation.comparison, value)
        }
    }

    private func ordered(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ comparison: Comparison,
        _ value: SOQLStatement.Value
    ) throws(ResolveError) -> ResolvedCondition {
        if case .distance = expression, comparison != .less, comparison != .greater,
            comparison != .lessOrEqual, comparison != .greaterOrEqual
        {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "DISTANCE() is compared by < or >",
                at: left.span
            )
        }
        if case .dateLiteral(let name, let count, let span) = value {
            return .dateLiteral(
                expression,
                comparison,
                try dateLiteral(name, count, span, for: expression, left)
            )
        }
        let typed = try self.value(value, for: expression, left)
        if expression.type == .boolean, comparison != .equal, comparison != .notEqual {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "a checkbox is compared by = or !=",
                at: left.span
            )
        }
        guard case .null = typed else { return .compare(expression, comparison, typed) }
        return QueryResolution.nullComparison(
            expression,
            comparison,
            isEmptyText: value.isEmptyText
        )
    }

    /// A comparison with null: only equality means something, and `> ''` that there is a text.
    private static func nullComparison(
        _ expression: ResolvedExpression,
        _ comparison: Comparison,
        isEmptyText: Bool
    ) -> ResolvedCondition {
        switch comparison {
        case .equal, .notEqual: .compare(expression, comparison, .null)
        case .greater: isEmptyText ? .compare(expression, .notEqual, .null) : .constant(false)
        case .greaterOrEqual: .constant(isEmptyText)
        case .lessOrEqual: isEmptyText ? .compare(expression, .equal, .null) : .constant(false)
        case .less: .constant(false)
        }
    }

    private func like(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ value: SOQLStatement.Value
    ) throws(ResolveError) -> ResolvedCondition {
        guard case .text = expression.type else {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "invalid operator on \(expression.type.wireName) field: LIKE takes a text field",
                at: left.span
            )
        }
        guard case .string(let pattern, _) = value else {
            throw mismatch(expression, left, value.span)
        }
        return .like(expression, pattern: pattern)
    }

    private func membership(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ operation: SOQLStatement.Operator,
        _ value: SOQLStatement.Value
    ) throws(ResolveError) -> ResolvedCondition {
        guard case .list(let items, _) = value else {
            throw .malformed("\(operation.rawValue) takes a list in parentheses", at: value.span)
        }
        var values: [ResolvedValue] = []
        var includesNull = false
        var literals: [ResolvedCondition] = []
        for item in items {
            if case .bind = item {
                throw .malformed("Bind variables only allowed in Apex code", at: item.span)
            }
            if case .dateLiteral(let name, let count, let span) = item {
                let literal = try dateLiteral(name, count, span, for: expression, left)
                literals.append(.dateLiteral(expression, .equal, literal))
                continue
            }
            let typed = try self.value(item, for: expression, left)
            if typed == .null { includesNull = true } else { values.append(typed) }
        }
        let isNegated = operation == .notIn
        let list = ResolvedCondition.isIn(
            expression,
            values,
            includesNull: includesNull,
            isNegated: isNegated
        )
        guard !literals.isEmpty else { return list }
        let either = ResolvedCondition.or(
            literals + [.isIn(expression, values, includesNull: includesNull, isNegated: false)]
        )
        return isNegated ? .not(either) : either
    }

    private func includes(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ operation: SOQLStatement.Operator,
        _ value: SOQLStatement.Value
    ) throws(ResolveError) -> ResolvedCondition {
        guard expression.type == .multiPicklist, case .list(let items, _) = value else {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "\(operation.rawValue) takes a multi-select picklist and a list",
                at: left.span
            )
        }
        var sets: [[String]] = []
        for item in items {
            guard case .string(let text, _) = item else {
                throw mismatch(expression, left, item.span)
            }
            sets.append(text.split(separator: ";").map(String.init))
        }
        return .includes(expression, sets, isNegated: operation == .excludes)
    }

    /// `toLabel(Status) = 'Neu'`: the values whose label it is.
    private func labelComparison(
        _ column: ColumnReference,
        _ operation: SOQLStatement.Operator,
        _ value: SOQLStatement.Value,
        _ span: SourceSpan
    ) throws(ResolveError) -> ResolvedCondition {
        var texts: [String] = []
        let items = if case .list(let items, _) = value { items } else { [value] }
        for item in items {
            guard case .string(let text, _) = item else {
                throw mismatch(.column(column), .path(.init([], span: span)), item.span)
            }
            texts.append(text.lowercased())
        }
        let isNegated = operation == .notEqual || operation == .notIn
        guard isNegated || operation == .equal || operation == .in else {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "toLabel() is compared by =, !=, IN or NOT IN",
                at: span
            )
        }
        let values = column.field.picklist?.values ?? []
        let names = values.filter { texts.contains($0.label.lowercased()) }.map(\.name)
        let matching = values.isEmpty ? texts : names
        return .isIn(
            .column(column),
            matching.map { .text($0) },
            includesNull: false,
            isNegated: isNegated
        )
    }
}

// MARK: - Semi-joins

extension QueryResolution {
    private mutating func semiJoin(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ operation: SOQLStatement.Operator,
        _ statement: SOQLStatement,
        isTop: Bool
    ) throws(ResolveError) -> ResolvedCondition {
        guard operation == .in || operation == .notIn else {
            throw .malformed("a sub-select follows IN or NOT IN", at: statement.span)
        }
        guard isTop, !role.isSemiJoin else {
            throw .malformed(
                "Semi join sub-selects are only allowed at the top level WHERE expressions and not "
                    + "in nested WHERE expressions.",
                at: statement.span
            )
        }
        semiJoinCount += 1
        guard semiJoinCount <= QueryResolution.semiJoinsMax else {
            throw .malformed(
                "a query has at most \(QueryResolution.semiJoinsMax) semi-joins",
                at: statement.span
            )
        }
        guard case .column(let column) = expression, expression.type == .id else {
            throw .malformed("the left side of a semi-join is an id or a reference", at: left.span)
        }
        let name = statement.from.object
        guard name.segments.count == 1, let object = schema.object(APIName(name.description)),
            visible.isVisible(object)
        else { throw .noObject(name.description, at: name.span) }
        var inner = QueryResolution(
            schema: schema,
            visible: visible,
            object: object,
            role: .semiJoin(includesDeleted: includesDeleted)
        )
        let query = try inner.resolve(statement)
        guard query.columns.count == 1, case .column(let result)? = query.columns.first,
            result.field.valueType == .id
        else {
            throw .malformed(
                "a sub-select in WHERE selects one id or reference",
                at: statement.span
            )
        }
        let wanted = QueryResolution.targets(column, tables)
        let offered = QueryResolution.targets(result, inner.tables)
        guard !wanted.isDisjoint(with: offered) else {
            throw .malformed(
                "the sub-select gives ids of \(offered.map(\.text).sorted().joined(separator: ", ")),"
                    + " not of \(wanted.map(\.text).sorted().joined(separator: ", "))",
                at: statement.span
            )
        }
        return .semiJoin(expression, query, isNegated: operation == .notIn)
    }

    private static func targets(
        _ column: ColumnReference,
        _ tables: [ResolvedQuery.Table]
    ) -> Set<APIName> {
        Set(column.field.reference?.targets ?? [tables[column.table].object.name])
    }
}

// MARK: - Values

extension QueryResolution {
    func dateLiteral(
        _ name: String,
        _ count: SOQLStatement.NumberLiteral?,
        _ span: SourceSpan,
        for expression: ResolvedExpression,
        _ left: SOQLStatement.Expression
    ) throws(ResolveError) -> DateLiteral {
        guard expression.type == .date || expression.type == .dateTime else {
            throw mismatch(expression, left, span)
        }
        guard let literal = DateLiteral(name: name, count: count.flatMap { Int($0.text) }) else {
            throw .malformed(
                "'\(name)' is no date literal, or its number is out of range",
                at: span
            )
        }
        return literal
    }

    func mismatch(
        _ expression: ResolvedExpression,
        _ left: SOQLStatement.Expression,
        _ span: SourceSpan
    ) -> ResolveError {
        let type = expression.type
        return ResolveError(
            .invalidField,
            "value of filter criterion for field '\(left)' must be of type \(type.wireName) and "
                + "should \(type.isQuoted ? "" : "not ")be enclosed in quotes",
            at: span
        )
    }

    func value(
        _ value: SOQLStatement.Value,
        for expression: ResolvedExpression,
        _ left: SOQLStatement.Expression
    ) throws(ResolveError) -> ResolvedValue {
        if case .null = value { return expression.type == .boolean ? .boolean(false) : .null }
        switch (expression.type, value) {
        case (.id, .string(let text, let span)):
            return try id(text, span)
        case (.text, .string(let text, _)), (.longText, .string(let text, _)),
            (.encrypted, .string(let text, _)), (.file, .string(let text, _)):
            return text.isEmpty ? .null : .text(text)
        case (.multiPicklist, .string(let text, _)):
            return text.isEmpty ? .null : .text(QueryResolution.inOrder(text, of: expression))
        case (.boolean, .boolean(let boolean, _)): return .boolean(boolean)
        case (.integer, .number(let literal)), (.decimal, .number(let literal)):
            guard let number = ExactDecimal(literal.text) else {
                guard let real = Double(literal.text), real.isFinite else {
                    throw mismatch(expression, left, literal.span)
                }
                return .real(real)
            }
            return .number(number)
        case (.real, .number(let literal)):
            guard let real = Double(literal.text), real.isFinite else {
                throw mismatch(expression, left, literal.span)
            }
            return .real(real)
        case (.date, .date(let text, _)):
            if let days = CivilText.daysSinceEpoch(text) { return .date(days) }
        case (.dateTime, .dateTime(let text, _)):
            if let moment = CivilText.millisecondsSinceEpoch(text) {
                return .dateTime(Instant(milliseconds: moment))
            }
        case (.time, .time(let text, _)):
            if let time = CivilText.millisecondsOfDay(text) { return .time(time) }
        case (.id, _), (.text, _), (.longText, _), (.encrypted, _), (.file, _),
            (.multiPicklist, _), (.boolean, _), (.integer, _), (.decimal, _), (.real, _),
            (.date, _), (.dateTime, _), (.time, _):
            break
        }
        throw mismatch(expression, left, value.span)
    }

    private func id(_ text: String, _ span: SourceSpan) throws(ResolveError) -> ResolvedValue {
        if text.isEmpty { return .null }
        guard let id = try? RecordID(text) else {
            throw ResolveError(
                .invalidQueryFilterOperator,
                "invalid ID field: \(text.prefix(80))",
                at: span
            )
        }
        return .id(id)
    }

    /// A set's values in the order in which they are stored.
    private static func inOrder(_ text: String, of expression: ResolvedExpression) -> String {
        guard case .column(let column) = expression, let picklist = column.field.picklist else {
            return text
        }
        let names = picklist.values.map { $0.name.lowercased() }
        let parts = text.split(separator: ";").map(String.init)
        let order = { (part: String) in names.firstIndex(of: part.lowercased()) ?? Int.max }
        return parts.enumerated()
            .sorted { (order($0.element), $0.offset) < (order($1.element), $1.offset) }
            .map(\.element).joined(separator: ";")
    }
}

extension SOQLStatement.Value {
    var isEmptyText: Bool {
        if case .string(let text, _) = self { text.isEmpty } else { false }
    }
}

extension SOQLStatement.Operator {
    var comparison: Comparison {
        switch self {
        case .equal, .like, .in, .includes: .equal
        case .notEqual, .notIn, .excludes: .notEqual
        case .less: .less
        case .greater: .greater
        case .lessOrEqual: .lessOrEqual
        case .greaterOrEqual: .greaterOrEqual
        }
    }
}
