/// Reads SOSL: text to a tree whose term is parsed and whose names are not resolved yet.
package enum SOSLParser {
    /// Reads one search: `FIND {term} IN … RETURNING … WITH … LIMIT …`.
    ///
    /// - Parameter text: at most 100,000 characters.
    /// - Returns: the search as written.
    /// - Throws: the first mistake in the order of the text, with its place.
    /// - Complexity: linear in the length of the text; recursion is bounded.
    package static func parse(_ text: String) throws(SyntaxError) -> SOSLStatement {
        guard !TokenCursor.isTooLong(text) else {
            throw SyntaxError("SOSL statement is too long", at: nil, kind: .malformedSearch)
        }
        var lexer = Lexer(text)
        var ahead = lexer
        guard ahead.next().keyword == .find else {
            throw TokenCursor(lexer, errorKind: .malformedSearch).unexpected("expected FIND")
        }
        lexer = ahead
        let opener = ahead.next()
        guard opener.kind == .leftBrace else {
            var tokens = TokenCursor(lexer, errorKind: .malformedSearch)
            let term = try writtenOtherwise(&tokens)
            return try statement(term, &tokens)
        }
        guard let range = ahead.skipBraced() else {
            throw SyntaxError(
                "the search term is not closed: '}' must end it",
                at: opener.span,
                kind: .malformedSearch
            )
        }
        let term = try SearchTerm(ahead.bytes, range).parsed()
        var tokens = TokenCursor(ahead, errorKind: .malformedSearch)
        return try statement(term, &tokens)
    }

    /// Reads a term that stands by itself, without braces, as in a parameterized search.
    ///
    /// - Throws: the first mistake, with its place in `text`.
    package static func parseTerm(_ text: String) throws(SyntaxError) -> SOSLStatement.Term {
        guard !TokenCursor.isTooLong(text) else {
            throw SyntaxError("search term is too long", at: nil, kind: .malformedSearch)
        }
        let bytes = Array(text.utf8)
        return try SearchTerm(bytes, 0..<bytes.count).parsed()
    }

    /// `FIND 'term'` and `FIND :name`, the forms in package code.
    private static func writtenOtherwise(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOSLStatement.Term {
        if tokens.at(.string) {
            let token = tokens.advance()
            let text = try StringLiteral.text(of: token, in: tokens, isPattern: false)
            let bytes = Array(text.utf8)
            return try SearchTerm(bytes, 0..<bytes.count, place: token.span).parsed()
        }
        guard tokens.at(.colon) else {
            throw tokens.unexpected("the search term stands in braces: FIND {term}")
        }
        return .bind(try SOQLParser.bind(&tokens).text)
    }

    /// All after the term.
    private static func statement(
        _ term: SOSLStatement.Term,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOSLStatement {
        var statement = SOSLStatement(term: term)
        if tokens.take(.in) {
            statement.group = try group(&tokens)
        }
        if tokens.take(word: "RETURNING") {
            repeat {
                statement.returning.append(try returning(&tokens))
            } while tokens.take(.comma)
        }
        while tokens.take(.with) {
            statement.with.append(try withClause(&statement, &tokens))
        }
        if tokens.take(.limit) {
            statement.limit = try count(
                &statement,
                try SOQLParser.rowCount(&tokens, after: "LIMIT")
            )
        }
        if tokens.take(.offset) {
            let offset = try SOQLParser.rowCount(&tokens, after: "OFFSET")
            try checkSize(of: offset)
            statement.offset = try count(&statement, offset)
        }
        try updateClause(&tokens)
        guard tokens.at(.end) else {
            throw tokens.unexpected("expected another clause or the end of the search")
        }
        try checkOffset(statement)
        return statement
    }

    /// Notes a bind variable, or returns the number.
    private static func count(
        _ statement: inout SOSLStatement,
        _ literal: SOQLStatement.NumberLiteral
    ) throws(SyntaxError) -> Int? {
        guard literal.isBind else { return Int(literal.text) }
        statement.binds.append(String(literal.text.dropFirst()))
        return nil
    }

    /// `UPDATE TRACKING`, `UPDATE VIEWSTAT`; read and not kept.
    private static func updateClause(_ tokens: inout TokenCursor) throws(SyntaxError) {
        guard tokens.take(.update) else { return }
        repeat {
            guard tokens.take(.tracking) || tokens.take(.viewstat) else {
                throw tokens.unexpected("expected TRACKING or VIEWSTAT after UPDATE")
            }
        } while tokens.take(.comma)
    }

    /// Source: SOQL and SOSL Reference, "OFFSET".
    private static func checkSize(
        of offset: SOQLStatement.NumberLiteral
    ) throws(SyntaxError) {
        guard let value = Int(offset.text), value > 2_000 else { return }
        throw SyntaxError(
            "SOSL offset should be between 0 to 2000",
            at: offset.span,
            kind: .malformedSearch
        )
    }

    /// An offset counts the records of one object, so there must be only one.
    private static func checkOffset(_ statement: SOSLStatement) throws(SyntaxError) {
        let inside = statement.returning.lazy.compactMap(\.query?.offset).first
        guard statement.offset != nil || inside != nil, statement.returning.count != 1 else {
            return
        }
        throw SyntaxError(
            "OFFSET needs a RETURNING clause with exactly one object",
            at: inside?.span,
            kind: .malformedSearch
        )
    }
}

// MARK: - Clauses

extension SOSLParser {
    /// `ALL FIELDS`; `IN` is already read.
    private static func group(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOSLStatement.Group {
        let expectation = "expected ALL, NAME, EMAIL, PHONE or SIDEBAR and FIELDS"
        let written = tokens.current
        let name = try tokens.name(expectation)
        guard let group = SOSLStatement.Group(rawValue: name.text.lowercased()) else {
            throw tokens.error(
                "unexpected token: '\(name.text)'; \(expectation)",
                at: written.span
            )
        }
        try tokens.expect(.fields, "expected FIELDS")
        return group
    }

    /// `Account`, `Contact(Id, Name USING ListView = Recent WHERE … ORDER BY … LIMIT … OFFSET …)`.
    private static func returning(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOSLStatement.Returning {
        let first = tokens.current
        let object = try tokens.name("expected an object name")
        guard tokens.take(.leftParenthesis) else {
            return SOSLStatement.Returning(object: object, query: nil)
        }
        let items = try SOQLParser.selectItems(&tokens, level: 1)
        for case .child(let child) in items {
            throw tokens.error("a search returns no child queries", at: child.span)
        }
        let from = SOQLStatement.FromClause(object: SOQLStatement.Path([object], span: object.span))
        var query = SOQLStatement(select: items, from: from, span: first.span)
        var listView: SOQLStatement.Name?
        if tokens.take(.using) {
            try tokens.expect(.listView, "expected ListView after USING")
            try tokens.expect(.equal, "expected '='")
            listView = try tokens.name("expected the name of a list view")
        }
        if tokens.take(.where) {
            query.filter = try SOQLParser.condition(&tokens)
        }
        try SOQLParser.orderAndLimits(&query, &tokens)
        if let offset = query.offset { try checkSize(of: offset) }
        try tokens.expect(
            .rightParenthesis,
            "expected a comma, WHERE, ORDER BY, LIMIT, OFFSET or ')'"
        )
        query.span = tokens.span(from: first)
        return SOSLStatement.Returning(object: object, query: query, listView: listView)
    }

    /// What stands after `WITH`; its values are read and not kept.
    ///
    /// - Returns: its first word, upper-cased.
    private static func withClause(
        _ statement: inout SOSLStatement,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> String {
        let first = tokens.current
        let name = try tokens.name("expected a word such as SNIPPET after WITH").text.uppercased()
        switch name {
        case "HIGHLIGHT", "USER_MODE", "SYSTEM_MODE", "SECURITY_ENFORCED":
            break
        case "SNIPPET":
            if tokens.at(.leftParenthesis) { try SOQLParser.settings(&tokens) }
        case "DATA":
            try tokens.expect(.category, "expected CATEGORY after DATA")
            _ = try SOQLParser.dataCategories(&tokens)
        case "NETWORK", "DIVISION", "PRICEBOOKID", "METADATA", "SPELL_CORRECTION":
            try withValue(&statement, &tokens)
        default:
            throw tokens.error(
                "unexpected token: '\(tokens.text(of: first))'; expected DIVISION, DATA CATEGORY, "
                    + "SNIPPET, HIGHLIGHT, SPELL_CORRECTION, NETWORK, PricebookId or METADATA",
                at: first.span
            )
        }
        return name
    }

    /// `= 'value'`, `IN ('value', …)`.
    private static func withValue(
        _ statement: inout SOSLStatement,
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) {
        let isList = tokens.take(.in)
        if !isList { try tokens.expect(.equal, "expected '='") }
        let value = try SOQLParser.value(&tokens, for: isList ? .in : .equal)
        if case .bind(let text, _) = value { statement.binds.append(text) }
    }
}
