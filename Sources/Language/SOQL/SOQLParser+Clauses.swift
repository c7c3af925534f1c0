/// `WITH`, `GROUP BY` and `ORDER BY`.
extension SOQLParser {
    /// What stands after `WITH`.
    static func withClause(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.WithClause {
        let first = tokens.current
        if tokens.take(word: "SECURITY_ENFORCED") { return .securityEnforced(first.span) }
        if tokens.take(word: "USER_MODE") { return .userMode(first.span) }
        if tokens.take(word: "SYSTEM_MODE") { return .systemMode(first.span) }
        if tokens.take(.data, .category) {
            let categories = try dataCategories(&tokens)
            return .dataCategory(categories, tokens.span(from: first))
        }
        if tokens.take(word: "RecordVisibilityContext") {
            if tokens.at(.leftParenthesis) { try settings(&tokens) }
            return .recordVisibilityContext(tokens.span(from: first))
        }
        throw tokens.unexpected(
            "expected SECURITY_ENFORCED, USER_MODE, SYSTEM_MODE, DATA CATEGORY or "
                + "RecordVisibilityContext after WITH"
        )
    }

    /// `Geography__c ABOVE (usa__c, uk__c) AND Product__c AT mobile__c`.
    static func dataCategories(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> [SOQLStatement.DataCategory] {
        var categories: [SOQLStatement.DataCategory] = []
        repeat {
            categories.append(try dataCategory(&tokens))
        } while tokens.take(.and)
        return categories
    }

    private static func dataCategory(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.DataCategory {
        let group = try tokens.name("expected a data category group")
        let expectation = "expected AT, ABOVE, BELOW or ABOVE_OR_BELOW"
        let written = tokens.current
        let selector = try tokens.name(expectation).text.uppercased()
        guard ["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"].contains(selector) else {
            throw tokens.error(
                "unexpected token: '\(tokens.text(of: written))'; \(expectation)",
                at: written.span
            )
        }
        var names: [SOQLStatement.Name] = []
        if tokens.take(.leftParenthesis) {
            repeat {
                names.append(try tokens.name("expected a data category"))
            } while tokens.take(.comma)
            try tokens.expect(.rightParenthesis, "expected a comma or ')'")
        } else {
            names.append(try tokens.name("expected a data category"))
        }
        return SOQLStatement.DataCategory(group: group, selector: selector, categories: names)
    }

    /// `(maxDescriptorPerRecord = 100, supportsDomains = true)`; read and not kept.
    static func settings(_ tokens: inout TokenCursor) throws(SyntaxError) {
        try tokens.expect(.leftParenthesis, "expected '('")
        repeat {
            _ = try tokens.name("expected a setting")
            try tokens.expect(.equal, "expected '='")
            _ = try literal(&tokens, isPattern: false)
        } while tokens.take(.comma)
        try tokens.expect(.rightParenthesis, "expected a comma or ')'")
    }

    static func groupByClause(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.GroupByClause {
        let first = tokens.advance()
        try tokens.expect(.by, "expected BY after GROUP")
        let kind = groupingKind(tokens)
        guard kind != .plain else {
            let keys = try groupKeys(&tokens)
            return SOQLStatement.GroupByClause(
                kind: .plain,
                keys: keys,
                span: tokens.span(from: first)
            )
        }

        let opener = tokens.advance()
        tokens.advance()
        let keys = try groupKeys(&tokens)
        guard keys.count <= 3 else {
            throw tokens.error(
                "\(kind.rawValue.uppercased()) takes at most 3 fields",
                at: opener.span
            )
        }
        try tokens.expect(.rightParenthesis, "expected a comma or ')'")
        guard !tokens.at(.comma) else {
            throw tokens.unexpected("nothing stands beside \(kind.rawValue.uppercased())(…)")
        }
        return SOQLStatement.GroupByClause(kind: kind, keys: keys, span: tokens.span(from: first))
    }

    /// Whether the current token opens `ROLLUP(` or `CUBE(`.
    private static func groupingKind(
        _ tokens: TokenCursor
    ) -> SOQLStatement.GroupByClause.Kind {
        guard tokens.peek().kind == .leftParenthesis else { return .plain }
        if tokens.at(.rollup) { return .rollup }
        return tokens.at(.cube) ? .cube : .plain
    }

    private static func groupKeys(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> [SOQLStatement.Expression] {
        var keys: [SOQLStatement.Expression] = []
        repeat {
            guard groupingKind(tokens) == .plain else {
                throw tokens.unexpected("ROLLUP and CUBE stand alone in GROUP BY")
            }
            keys.append(try expression(&tokens))
        } while tokens.take(.comma)
        return keys
    }

    /// `Name DESC NULLS LAST`.
    static func orderKey(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.OrderKey {
        let expression = try expression(&tokens)
        let isDescending = tokens.take(.desc)
        if !isDescending { _ = tokens.take(.asc) }
        var nullsLast: Bool?
        if tokens.take(.nulls) {
            nullsLast = tokens.at(.last)
            guard tokens.take(.last) || tokens.take(.first) else {
                throw tokens.unexpected("expected FIRST or LAST after NULLS")
            }
        }
        return SOQLStatement.OrderKey(
            expression: expression,
            isDescending: isDescending,
            nullsLast: nullsLast
        )
    }
}
