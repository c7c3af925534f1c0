import Metadata

/// What a text with a mistake in it was probably meant to say.
extension SOQLParser {
    /// Whether the current word begins a clause where a name could stand.
    ///
    /// Most keywords are names unless what follows makes them a keyword: `ORDER BY`, `LIMIT 5`.
    static func beginsClause(_ tokens: TokenCursor) -> Bool {
        let next = tokens.peek()
        switch tokens.current.keyword {
        case .none:
            return false
        case .from, .where, .having, .with, .using, .and, .or, .select:
            return true
        case .order, .group:
            return next.keyword == .by
        case .limit, .offset:
            switch next.kind {
            case .number, .malformedNumber, .string, .colon, .end: return true
            default: return false
            }
        case .for:
            return next.kind == .word && next.keyword != .from
        case .update:
            return next.keyword == .tracking || next.keyword == .viewstat
        case .all:
            return next.keyword == .rows
        default:
            return false
        }
    }

    /// Whether a word begins a clause and therefore is no alias of an object.
    static func isClauseWord(_ keyword: Keyword) -> Bool {
        switch keyword {
        case .none: false
        case .select, .from, .using, .where, .with, .group, .having, .order, .limit, .offset,
            .for, .update, .all, .and, .or:
            true
        default: false
        }
    }

    private static let clauses = [
        "WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "USING", "UPDATE",
    ]

    /// The select list ended, and no `FROM` follows.
    static func expectedFrom(_ tokens: TokenCursor) -> SyntaxError {
        expectedKeyword("FROM", tokens, otherwise: "expected a comma or FROM")
    }

    /// A keyword should stand here.
    ///
    /// The word before may be the one meant: `SELECT Id FRM Account` has `FRM` read as an alias.
    static func expectedKeyword(
        _ keyword: String,
        _ tokens: TokenCursor,
        otherwise: String? = nil
    ) -> SyntaxError {
        if let meant = meant(tokens.previous, in: tokens, among: [keyword]) {
            return misread(meant, tokens)
        }
        if let meant = meant(tokens.current, in: tokens, among: [keyword]) {
            return tokens.unexpected("did you mean \(meant)?")
        }
        return tokens.unexpected(otherwise ?? "expected \(keyword)")
    }

    /// A query is over as far as the grammar goes, but its text is not.
    static func unexpectedClause(_ tokens: TokenCursor) -> SyntaxError {
        if tokens.at(.rightParenthesis) {
            return tokens.unexpected("there is no '(' for it")
        }
        if isClauseWord(tokens.current.keyword) {
            return tokens.unexpected(
                "the clauses, each at most once and in this order, are SELECT, FROM, "
                    + "USING SCOPE, WHERE, WITH, GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, FOR, "
                    + "UPDATE, ALL ROWS"
            )
        }
        if let meant = meant(tokens.current, in: tokens, among: clauses) {
            return tokens.unexpected("did you mean \(meant)?")
        }
        if let meant = meant(tokens.previous, in: tokens, among: clauses) {
            return misread(meant, tokens)
        }
        return tokens.unexpected("expected another clause or the end of the query")
    }

    /// The word before the current token was taken for a name but is a misspelt keyword.
    private static func misread(_ meant: String, _ tokens: TokenCursor) -> SyntaxError {
        guard let previous = tokens.previous else { return tokens.unexpected(meant) }
        let written = tokens.text(of: previous)
        let question = "did you mean \(meant) instead of '\(written)'?"
        return tokens.error(
            "unexpected token: \(tokens.quotedToken); \(question)",
            at: previous.span
        )
    }

    /// The keyword that a word resembles, or begins with: `OFFSET 100` for `OFFSET100`.
    private static func meant(
        _ token: Token?,
        in tokens: TokenCursor,
        among keywords: [String]
    ) -> String? {
        guard let token, token.kind == .word else { return nil }
        let word = tokens.text(of: token)
        let upper = word.uppercased()
        guard !keywords.contains(upper) else { return nil }
        for keyword in keywords where upper.hasPrefix(keyword) {
            return "\(keyword) \(word.dropFirst(keyword.count))"
        }
        return Suggestion.nearest(to: upper, among: keywords)
    }
}
