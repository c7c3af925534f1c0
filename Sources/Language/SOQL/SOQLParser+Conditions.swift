/// `WHERE` and `HAVING`.
extension SOQLParser {
    /// Terms with `AND` between them, or with `OR`, but not with both.
    static func condition(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Condition {
        let first = tokens.current
        let term = try conditionTerm(&tokens)
        let joint = tokens.current.keyword
        guard joint == .and || joint == .or else { return term }
        var terms = [term]
        while tokens.take(joint) {
            terms.append(try conditionTerm(&tokens))
        }
        guard !tokens.at(.and), !tokens.at(.or) else {
            throw tokens.unexpected("AND and OR side by side need parentheses")
        }
        let span = tokens.span(from: first)
        return joint == .and ? .and(terms, span: span) : .or(terms, span: span)
    }

    /// A comparison, a condition in parentheses, or `NOT` before one of them.
    private static func conditionTerm(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Condition {
        if tokens.at(.leftParenthesis) {
            try tokens.enter()
            tokens.advance()
            let inner = try condition(&tokens)
            try tokens.expect(.rightParenthesis, "expected AND, OR or ')'")
            tokens.leave()
            return inner
        }
        if tokens.at(.not), comparisonOperator(after: tokens) == nil {
            try tokens.enter()
            let first = tokens.advance()
            let inner = try conditionTerm(&tokens)
            tokens.leave()
            return .not(inner, span: tokens.span(from: first))
        }
        return try comparison(&tokens)
    }

    private static func comparison(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Condition {
        let first = tokens.current
        let operand = try expression(&tokens)
        guard let comparison = takeOperator(&tokens) else {
            throw tokens.unexpected("expected an operator such as =, LIKE or IN")
        }
        let value = try value(&tokens, for: comparison)
        return .comparison(operand, comparison, value, span: tokens.span(from: first))
    }

    private static func takeOperator(_ tokens: inout TokenCursor) -> SOQLStatement.Operator? {
        if tokens.take(.not, .in) { return .notIn }
        guard let found = comparisonOperator(tokens.current) else { return nil }
        tokens.advance()
        return found
    }

    /// The operator behind the current word: a field may well be called `Not`.
    private static func comparisonOperator(
        after tokens: TokenCursor
    ) -> SOQLStatement.Operator? {
        // `NOT Like = 'x'`: a word that could be an operator is a field before another operator.
        let second = tokens.peek(2)
        let isNotIn = second.keyword == .not && tokens.peek(3).keyword == .in
        guard comparisonOperator(second) == nil, second.kind != .dot, !isNotIn else { return nil }
        return comparisonOperator(tokens.peek())
    }

    private static func comparisonOperator(_ token: Token) -> SOQLStatement.Operator? {
        switch token.kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .greater: .greater
        case .lessOrEqual: .lessOrEqual
        case .greaterOrEqual: .greaterOrEqual
        case .word:
            switch token.keyword {
            case .like: .like
            case .in: .in
            case .includes: .includes
            case .excludes: .excludes
            default: nil
            }
        default: nil
        }
    }
}
