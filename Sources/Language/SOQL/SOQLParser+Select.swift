/// What a query selects, and the names and calls it consists of.
extension SOQLParser {
    static func selectItems(
        _ tokens: inout TokenCursor,
        level: Int
    ) throws(SyntaxError) -> [SOQLStatement.SelectItem] {
        var items: [SOQLStatement.SelectItem] = []
        repeat {
            items.append(try selectItem(&tokens, level: level))
        } while tokens.take(.comma)
        return items
    }

    private static func selectItem(
        _ tokens: inout TokenCursor,
        level: Int
    ) throws(SyntaxError) -> SOQLStatement.SelectItem {
        if tokens.at(.leftParenthesis) {
            return .child(try childQuery(&tokens, level: level + 1))
        }
        if tokens.at(.typeof), tokens.peek().kind == .word, tokens.peek().keyword != .from {
            return .typeOf(try typeOf(&tokens))
        }
        if tokens.at(.fields), tokens.peek().kind == .leftParenthesis {
            return try fieldsItem(&tokens)
        }
        let expression = try expression(&tokens)
        guard tokens.at(.word), !tokens.at(.from), !beginsClause(tokens) else {
            return .expression(expression, alias: nil)
        }
        return .expression(expression, alias: try tokens.name("expected an alias"))
    }

    private static func childQuery(
        _ tokens: inout TokenCursor,
        level: Int
    ) throws(SyntaxError) -> SOQLStatement {
        try tokens.expect(.leftParenthesis, "expected a child query in parentheses")
        guard tokens.at(.select) else {
            throw tokens.unexpected("expected SELECT: parentheses here hold a child query")
        }
        guard level <= maxChildLevels else {
            throw tokens.error("child queries nest at most \(maxChildLevels) levels")
        }
        try tokens.enter(levels: TokenCursor.levelsPerQuery)
        let child = try statement(&tokens, level: level)
        tokens.leave(levels: TokenCursor.levelsPerQuery)
        try closeQuery(&tokens)
        return child
    }

    /// The parenthesis behind a child query or a semi-join.
    static func closeQuery(_ tokens: inout TokenCursor) throws(SyntaxError) {
        guard !tokens.take(.rightParenthesis) else { return }
        guard !tokens.at(.end) else {
            throw tokens.unexpected("expected ')' to close the query in parentheses")
        }
        throw unexpectedClause(tokens)
    }

    /// `TYPEOF What WHEN Account THEN Phone, Name ELSE Name END`.
    private static func typeOf(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.TypeOf {
        let first = tokens.advance()
        let path = try path(&tokens, expecting: "a relationship after TYPEOF")
        var branches: [SOQLStatement.TypeOf.Branch] = []
        guard tokens.at(.when) else { throw tokens.unexpected("expected WHEN") }
        while tokens.take(.when) {
            let type = try tokens.name("expected an object name after WHEN")
            try tokens.expect(.then, "expected THEN")
            let fields = try paths(&tokens)
            branches.append(SOQLStatement.TypeOf.Branch(type: type, fields: fields))
        }
        let otherwise = tokens.take(.else) ? try paths(&tokens) : []
        try tokens.expect(.endOfTypeOf, "expected a comma, WHEN, ELSE or END")
        return SOQLStatement.TypeOf(
            path: path,
            branches: branches,
            otherwise: otherwise,
            span: tokens.span(from: first)
        )
    }

    private static func paths(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> [SOQLStatement.Path] {
        var paths: [SOQLStatement.Path] = []
        repeat {
            paths.append(try path(&tokens, expecting: "a field name"))
        } while tokens.take(.comma)
        return paths
    }

    /// `FIELDS(ALL)`.
    private static func fieldsItem(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.SelectItem {
        let first = tokens.advance()
        tokens.advance()
        let expectation = "expected ALL, STANDARD or CUSTOM"
        let written = tokens.current
        let name = try tokens.name(expectation)
        guard let kind = SOQLStatement.FieldsKind(rawValue: name.text.lowercased()) else {
            throw tokens.error(
                "unexpected token: '\(name.text)'; \(expectation)",
                at: written.span
            )
        }
        try tokens.expect(.rightParenthesis, "expected ')'")
        return .fields(kind, span: tokens.span(from: first))
    }
}

// MARK: - Names and calls

extension SOQLParser {
    /// A dotted path or a call.
    static func expression(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Expression {
        if tokens.at(.word), tokens.peek().kind == .leftParenthesis {
            return .call(try call(&tokens))
        }
        return .path(try path(&tokens, expecting: "a field name"))
    }

    static func path(
        _ tokens: inout TokenCursor,
        expecting what: String
    ) throws(SyntaxError) -> SOQLStatement.Path {
        guard tokens.at(.word), !beginsClause(tokens) else {
            throw tokens.unexpected("expected \(what)")
        }
        let first = tokens.current
        var segments = [try tokens.name("expected \(what)")]
        while tokens.take(.dot) {
            segments.append(try tokens.name("expected a name after the dot"))
        }
        return SOQLStatement.Path(segments, span: tokens.span(from: first))
    }

    private static func call(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Call {
        try tokens.enter()
        let first = tokens.current
        let function = try tokens.name("expected a function")
        try tokens.expect(.leftParenthesis, "expected '('")
        var arguments: [SOQLStatement.Expression] = []
        if !tokens.at(.rightParenthesis) {
            repeat {
                arguments.append(try argument(&tokens))
            } while tokens.take(.comma)
        }
        try tokens.expect(.rightParenthesis, "expected a comma or ')'")
        tokens.leave()
        return SOQLStatement.Call(
            function: function,
            arguments: arguments,
            span: tokens.span(from: first)
        )
    }

    private static func argument(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Expression {
        guard tokens.at(.word) else {
            return .literal(try literal(&tokens, isPattern: false))
        }
        let isConstant =
            switch tokens.current.keyword {
            case .null, .true, .false: tokens.peek().kind != .dot
            default: false
            }
        guard isConstant else { return try expression(&tokens) }
        return .literal(try literal(&tokens, isPattern: false))
    }
}
