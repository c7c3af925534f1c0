import Metadata

/// What a field is compared with.
extension SOQLParser {
    static func value(
        _ tokens: inout TokenCursor,
        for comparison: SOQLStatement.Operator
    ) throws(SyntaxError) -> SOQLStatement.Value {
        switch comparison {
        case .in, .notIn:
            if tokens.at(.leftParenthesis), tokens.peek().keyword == .select {
                return .subquery(try semiJoin(&tokens))
            }
            return try listOrBind(&tokens, after: comparison)
        case .includes, .excludes:
            return try listOrBind(&tokens, after: comparison)
        case .like:
            return try literal(&tokens, isPattern: true)
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual:
            guard !tokens.at(.leftParenthesis) else {
                throw tokens.unexpected("expected one value; write IN for a list")
            }
            return try literal(&tokens, isPattern: false)
        }
    }

    private static func semiJoin(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement {
        try tokens.enter(levels: TokenCursor.levelsPerQuery)
        tokens.advance()
        let query = try statement(&tokens, level: 1)
        tokens.leave(levels: TokenCursor.levelsPerQuery)
        try closeQuery(&tokens)
        return query
    }

    private static func listOrBind(
        _ tokens: inout TokenCursor,
        after comparison: SOQLStatement.Operator
    ) throws(SyntaxError) -> SOQLStatement.Value {
        if tokens.at(.colon) {
            let bind = try bind(&tokens)
            return .bind(bind.text, bind.span)
        }
        let first = tokens.current
        try tokens.expect(
            .leftParenthesis,
            "expected a list in parentheses after \(comparison.rawValue)"
        )
        var values: [SOQLStatement.Value] = []
        repeat {
            values.append(try literal(&tokens, isPattern: false))
        } while tokens.take(.comma)
        try tokens.expect(.rightParenthesis, "expected a comma or ')'")
        return .list(values, tokens.span(from: first))
    }

    /// One value that is no list.
    ///
    /// As a pattern, for `LIKE`, a string keeps its escapes of wild cards.
    static func literal(
        _ tokens: inout TokenCursor,
        isPattern: Bool
    ) throws(SyntaxError) -> SOQLStatement.Value {
        let token = tokens.current
        switch token.kind {
        case .string:
            tokens.advance()
            let text = try StringLiteral.text(of: token, in: tokens, isPattern: isPattern)
            return .string(text, token.span)
        case .number:
            tokens.advance()
            return .number(SOQLStatement.NumberLiteral(tokens.text(of: token), span: token.span))
        case .word:
            return try wordValue(&tokens)
        case .date:
            tokens.advance()
            return .date(try CalendarText.date(token, in: tokens), token.span)
        case .dateTime:
            tokens.advance()
            return .dateTime(try CalendarText.dateTime(token, in: tokens), token.span)
        case .time:
            tokens.advance()
            return .time(try CalendarText.time(token, in: tokens), token.span)
        case .colon:
            let bind = try bind(&tokens)
            return .bind(bind.text, bind.span)
        case .comma, .dot, .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket,
            .leftBrace, .rightBrace, .equal, .notEqual, .less, .greater, .lessOrEqual,
            .greaterOrEqual, .unclosedString, .malformedNumber, .malformedDate, .malformedTime,
            .other, .end:
            throw tokens.unexpected("expected a value")
        }
    }

    /// `null`, `true`, `false`, a date literal or an amount in a currency.
    private static func wordValue(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Value {
        let token = tokens.current
        switch token.keyword {
        case .null:
            tokens.advance()
            return .null(token.span)
        case .true, .false:
            tokens.advance()
            return .boolean(token.keyword == .true, token.span)
        default:
            break
        }
        if let currency = try currency(&tokens) { return currency }
        return try dateLiteral(&tokens)
    }

    /// `USD5000`, `EUR-1.5`: a code of three letters and a number, with nothing between them.
    private static func currency(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Value? {
        let token = tokens.current
        let codeEnd = token.span.start + 3
        guard token.span.end >= codeEnd,
            tokens.bytes[token.span.start..<codeEnd].allSatisfy(\.isLetter),
            tokens.bytes[codeEnd..<token.span.end].allSatisfy(\.isDigit)
        else { return nil }

        let next = tokens.peek()
        if token.span.end == codeEnd {
            // Only a signed number can touch a word without being part of it.
            guard next.kind == .number, next.span.start == codeEnd else { return nil }
            tokens.advance()
            tokens.advance()
        } else {
            tokens.advance()
            let fraction = tokens.peek()
            if tokens.at(.dot), next.span.start == token.span.end {
                guard fraction.kind == .number, fraction.span.start == next.span.end,
                    tokens.bytes[fraction.span.start..<fraction.span.end].allSatisfy(\.isDigit)
                else {
                    throw tokens.unexpected("an amount is written USD5000 or USD100.50")
                }
                tokens.advance()
                tokens.advance()
            }
        }
        let span = tokens.span(from: token)
        let amount = tokens.text(codeEnd..<span.end)
        return .currency(
            code: tokens.text(token.span.start..<codeEnd).uppercased(),
            SOQLStatement.NumberLiteral(amount, span: span)
        )
    }

    /// `TODAY`, `LAST_N_DAYS:30`.
    private static func dateLiteral(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> SOQLStatement.Value {
        let token = tokens.current
        let name = tokens.text(of: token).uppercased()
        if DateLiteralNames.plain.contains(name) {
            tokens.advance()
            return .dateLiteral(name: name, count: nil, token.span)
        }
        guard DateLiteralNames.counted.contains(name) else {
            throw unknownValue(name, tokens)
        }
        tokens.advance()
        try tokens.expect(.colon, "\(name) needs a count: \(name):30")
        guard wholeNumber(tokens) != nil else {
            throw tokens.unexpected("\(name) takes a whole number: \(name):30")
        }
        let number = tokens.advance()
        let count = SOQLStatement.NumberLiteral(tokens.text(of: number), span: number.span)
        return .dateLiteral(name: name, count: count, tokens.span(from: token))
    }

    private static func unknownValue(_ name: String, _ tokens: TokenCursor) -> SyntaxError {
        let known = DateLiteralNames.plain.union(DateLiteralNames.counted).sorted()
        if let nearest = Suggestion.nearest(to: name, among: known + ["NULL", "TRUE", "FALSE"]) {
            return tokens.unexpected("did you mean \(nearest)?")
        }
        return tokens.unexpected("expected a value; text stands in single quotes")
    }
}
