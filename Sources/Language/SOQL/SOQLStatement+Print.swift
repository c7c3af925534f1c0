/// The query as text again, in one line and with upper-case keywords.
///
/// Reading what is printed gives the same tree, but for the places in the text.
extension SOQLStatement: CustomStringConvertible {
    package var description: String {
        var clauses = ["SELECT \(commaSeparated(select))", "FROM \(from)"]
        if let scope { clauses.append("USING SCOPE \(scope)") }
        if let filter { clauses.append("WHERE \(filter)") }
        if let with { clauses.append("WITH \(with)") }
        clauses += furtherWith.map { "WITH \($0)" }
        if let groupBy { clauses.append("GROUP BY \(groupBy)") }
        if let having { clauses.append("HAVING \(having)") }
        if !orderBy.isEmpty { clauses.append("ORDER BY \(commaSeparated(orderBy))") }
        if let limit { clauses.append("LIMIT \(limit)") }
        if let offset { clauses.append("OFFSET \(offset)") }
        clauses += forClauses.map { "FOR \($0.rawValue.uppercased())" }
        if !updateClauses.isEmpty {
            let words = updateClauses.map { $0.rawValue.uppercased() }
            clauses.append("UPDATE \(words.joined(separator: ", "))")
        }
        if allRows { clauses.append("ALL ROWS") }
        return clauses.joined(separator: " ")
    }
}

private func commaSeparated(_ items: [some CustomStringConvertible]) -> String {
    items.map(\.description).joined(separator: ", ")
}

// MARK: - Names and selection

extension SOQLStatement.Name: CustomStringConvertible {
    package var description: String { text }
}

extension SOQLStatement.Path: CustomStringConvertible {
    package var description: String { segments.map(\.text).joined(separator: ".") }
}

extension SOQLStatement.NumberLiteral: CustomStringConvertible {
    package var description: String { text }
}

extension SOQLStatement.SelectItem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expression(let expression, let alias):
            alias.map { "\(expression) \($0)" } ?? expression.description
        case .child(let query): "(\(query))"
        case .typeOf(let typeOf): typeOf.description
        case .fields(let kind, _): "FIELDS(\(kind.rawValue.uppercased()))"
        }
    }
}

extension SOQLStatement.TypeOf: CustomStringConvertible {
    package var description: String {
        var text = "TYPEOF \(path)"
        for branch in branches {
            text += " WHEN \(branch.type) THEN \(commaSeparated(branch.fields))"
        }
        if !otherwise.isEmpty { text += " ELSE \(commaSeparated(otherwise))" }
        return text + " END"
    }
}

extension SOQLStatement.Expression: CustomStringConvertible {
    package var description: String {
        switch self {
        case .path(let path): path.description
        case .call(let call): "\(call.function)(\(commaSeparated(call.arguments)))"
        case .literal(let value): value.description
        }
    }
}

extension SOQLStatement.FromClause: CustomStringConvertible {
    package var description: String {
        commaSeparated([SOQLStatement.AliasedPath(path: object, alias: alias)] + relationships)
    }
}

extension SOQLStatement.AliasedPath: CustomStringConvertible {
    package var description: String { alias.map { "\(path) \($0)" } ?? path.description }
}

// MARK: - Conditions and values

extension SOQLStatement.Condition: CustomStringConvertible {
    package var description: String {
        switch self {
        case .and(let terms, _): terms.map(\.asTerm).joined(separator: " AND ")
        case .or(let terms, _): terms.map(\.asTerm).joined(separator: " OR ")
        case .not(let term, _): "NOT \(term.asTerm)"
        case .comparison(let operand, let comparison, let value, _):
            "\(operand) \(comparison.rawValue) \(value.text(isPattern: comparison == .like))"
        }
    }

    /// In parentheses where it would fall apart beside others.
    private var asTerm: String {
        switch self {
        case .and, .or: "(\(self))"
        case .not, .comparison: description
        }
    }
}

extension SOQLStatement.Value: CustomStringConvertible {
    package var description: String { text(isPattern: false) }

    /// As it is written; a pattern stands after `LIKE` and has its escapes of wild cards already.
    fileprivate func text(isPattern: Bool) -> String {
        switch self {
        case .null: "NULL"
        case .boolean(let value, _): value ? "TRUE" : "FALSE"
        case .string(let text, _): quoted(text, isPattern: isPattern)
        case .number(let number): number.text
        case .currency(let code, let number): code + number.text
        case .date(let text, _), .dateTime(let text, _), .time(let text, _): text
        case .dateLiteral(let name, let count, _): count.map { "\(name):\($0)" } ?? name
        case .list(let values, _): "(\(commaSeparated(values)))"
        case .subquery(let query): "(\(query))"
        case .bind(let text, _): ":\(text)"
        }
    }

    private func quoted(_ text: String, isPattern: Bool) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": quoted += "\\'"
            case "\\": quoted += isPattern ? "\\" : "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "'"
    }
}

// MARK: - Clauses

extension SOQLStatement.WithClause: CustomStringConvertible {
    package var description: String {
        switch self {
        case .securityEnforced: "SECURITY_ENFORCED"
        case .userMode: "USER_MODE"
        case .systemMode: "SYSTEM_MODE"
        case .dataCategory(let categories, _):
            "DATA CATEGORY \(categories.map(\.description).joined(separator: " AND "))"
        case .recordVisibilityContext: "RecordVisibilityContext"
        }
    }
}

extension SOQLStatement.DataCategory: CustomStringConvertible {
    package var description: String {
        categories.count == 1
            ? "\(group) \(selector) \(commaSeparated(categories))"
            : "\(group) \(selector) (\(commaSeparated(categories)))"
    }
}

extension SOQLStatement.GroupByClause: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .plain: commaSeparated(keys)
        case .rollup, .cube: "\(kind.rawValue.uppercased())(\(commaSeparated(keys)))"
        }
    }
}

extension SOQLStatement.OrderKey: CustomStringConvertible {
    package var description: String {
        let direction = isDescending ? " DESC" : ""
        let nulls = nullsLast.map { $0 ? " NULLS LAST" : " NULLS FIRST" } ?? ""
        return "\(expression)\(direction)\(nulls)"
    }
}
