/// Reads SOQL: text to a tree whose names are not resolved yet.
///
/// Recursive descent over the grammar of the SOQL and SOSL Reference; the clauses stand below in
/// the order of the text. Keywords have no case and are keywords only where they begin something:
/// objects, fields and aliases may be called `Group`, `Order`, `Type` or `Count`.
package enum SOQLParser {
    /// How many queries may stand in one another as child queries, the outermost included.
    static let maxChildLevels = 5

    /// Reads one query.
    ///
    /// - Parameter text: at most 100,000 characters; white space and line breaks are free.
    /// - Returns: the query as written.
    /// - Throws: the first mistake in the order of the text, with its place.
    /// - Complexity: linear in the length of the text; recursion is bounded.
    package static func parse(_ text: String) throws(SyntaxError) -> SOQLStatement {
        guard !TokenCursor.isTooLong(text) else {
            throw SyntaxError("SOQL statement is too long", at: nil)
        }
        var tokens = TokenCursor(Lexer(text), errorKind: .malformedQuery)
        let statement = try statement(&tokens, level: 1)
        guard tokens.at(.end) else { throw unexpectedClause(tokens) }
        return statement
    }

    /// One query, at level 1 or, as a child of others, at one more than its parent's.
    static func statement(
        _ tokens: inout TokenCursor,
        level: Int
    ) throws(SyntaxError) -> SOQLStatement {
        let first = tokens.current
        guard tokens.take(.select) else { throw expectedKeyword("SELECT", tokens) }
        let items = try selectItems(&tokens, level: level)
        guard tokens.take(.from) else { throw expectedFrom(tokens) }
        var statement = SOQLStatement(
            select: items,
            from: try fromClause(&tokens),
            span: first.span
        )
        try clausesAfterFrom(&statement, &tokens)
        statement.span = tokens.span(from: first)
        return statement
    }

    /// `USING SCOPE … ALL ROWS`, each clause optional and in this order.
    private static func clausesAfterFrom(
        _ statement: inout SOQLStatement,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) {
        if tokens.take(.using) {
            try tokens.expect(.scope, "expected SCOPE after USING")
            statement.scope = try tokens.name("expected a scope such as mine or everything")
        }
        if tokens.take(.where) {
            statement.filter = try condition(&tokens)
        }
        if tokens.take(.with) {
            statement.with = try withClause(&tokens)
            while tokens.take(.with) {
                statement.furtherWith.append(try withClause(&tokens))
            }
        }
        if tokens.at(.group) {
            statement.groupBy = try groupByClause(&tokens)
        }
        if tokens.at(.having) {
            guard statement.groupBy != nil else {
                throw tokens.error("unexpected token: 'HAVING'; it needs a GROUP BY before it")
            }
            tokens.advance()
            statement.having = try condition(&tokens)
        }
        try orderAndLimits(&statement, &tokens)
        try closingClauses(&statement, &tokens)
    }

    /// `ORDER BY … LIMIT … OFFSET …`.
    static func orderAndLimits(
        _ statement: inout SOQLStatement,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) {
        if tokens.take(.order) {
            try tokens.expect(.by, "expected BY after ORDER")
            repeat {
                statement.orderBy.append(try orderKey(&tokens))
            } while tokens.take(.comma)
        }
        if tokens.take(.limit) {
            statement.limit = try rowCount(&tokens, after: "LIMIT")
        }
        if tokens.take(.offset) {
            statement.offset = try rowCount(&tokens, after: "OFFSET")
        }
    }

    /// `FOR … UPDATE … ALL ROWS`.
    private static func closingClauses(
        _ statement: inout SOQLStatement,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) {
        // Apex lets ALL ROWS stand before FOR as well as at the end.
        statement.allRows = tokens.take(.all, .rows)
        while tokens.take(.for) {
            statement.forClauses.append(try forClause(&tokens))
        }
        if tokens.take(.update) {
            statement.updateClauses = try updateClauses(&tokens)
        }
        if !statement.allRows {
            statement.allRows = tokens.take(.all, .rows)
        }
    }
}

// MARK: - FROM

extension SOQLParser {
    private static func fromClause(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.FromClause {
        let object = try path(&tokens, expecting: "an object name")
        var clause = SOQLStatement.FromClause(object: object, alias: try fromAlias(&tokens))
        while tokens.take(.comma) {
            let path = try path(&tokens, expecting: "a relationship of the object")
            let alias = try fromAlias(&tokens)
            clause.relationships.append(SOQLStatement.AliasedPath(path: path, alias: alias))
        }
        return clause
    }

    private static func fromAlias(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Name? {
        if tokens.take(.as) {
            guard tokens.at(.word), !beginsClause(tokens) else {
                throw tokens.unexpected("expected an alias after AS")
            }
            return try tokens.name("expected an alias after AS")
        }
        guard tokens.at(.word), mayBeFromAlias(tokens) else { return nil }
        return try tokens.name("expected an alias")
    }

    /// Whether the word after an object is its alias and not the next clause.
    private static func mayBeFromAlias(_ tokens: TokenCursor) -> Bool {
        switch tokens.current.keyword {
        case .group, .order, .all:
            // `FROM Order order WHERE …`: an alias where nothing of its clause follows.
            switch tokens.peek().kind {
            case .comma, .rightParenthesis: true
            default: isClauseWord(tokens.peek().keyword)
            }
        default:
            !isClauseWord(tokens.current.keyword)
        }
    }
}

// MARK: - Counts and the clauses at the end

extension SOQLParser {
    static func rowCount(
        _ tokens: inout TokenCursor,
        after clause: String
    ) throws(SyntaxError) -> SOQLStatement.NumberLiteral {
        if tokens.at(.colon) {
            let bind = try bind(&tokens)
            return SOQLStatement.NumberLiteral(":\(bind.text)", span: bind.span)
        }
        guard wholeNumber(tokens) != nil else {
            throw tokens.unexpected(
                "\(clause) takes a whole number from 0 to \(Int32.max), written in digits"
            )
        }
        let token = tokens.advance()
        return SOQLStatement.NumberLiteral(tokens.text(of: token), span: token.span)
    }

    /// The current token's value where it consists of digits and an `Int32` holds it.
    static func wholeNumber(_ tokens: TokenCursor) -> Int? {
        guard tokens.at(.number) else { return nil }
        var value: Int32 = 0
        for byte in tokens.bytes[tokens.current.span.start..<tokens.current.span.end] {
            guard byte.isDigit else { return nil }
            let (tens, isTooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooBigToo) = tens.addingReportingOverflow(Int32(byte & 0x0F))
            guard !isTooBig, !isTooBigToo else { return nil }
            value = sum
        }
        return Int(value)
    }

    private static func forClause(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.ForClause {
        if tokens.take(.view) { return .view }
        if tokens.take(.update) { return .update }
        if tokens.take(word: "REFERENCE") { return .reference }
        throw tokens.unexpected("expected VIEW, REFERENCE or UPDATE after FOR")
    }

    private static func updateClauses(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> [SOQLStatement.UpdateClause] {
        var clauses: [SOQLStatement.UpdateClause] = []
        repeat {
            if tokens.take(.tracking) {
                clauses.append(.tracking)
            } else if tokens.take(.viewstat) {
                clauses.append(.viewstat)
            } else {
                throw tokens.unexpected("expected TRACKING or VIEWSTAT after UPDATE")
            }
        } while tokens.take(.comma)
        return clauses
    }
}
