/// Reads tokens one by one on behalf of a parser, and says what is wrong with them.
struct TokenCursor {
    /// How deep parentheses, `NOT`, function calls and queries may nest, all together.
    ///
    /// Parsers and those who read their trees recurse; this keeps them far from the stack's end.
    static let maxNesting = 100
    /// How many of those levels a query in a query takes: it needs that much more of the stack.
    static let levelsPerQuery = 10
    /// The longest text that is read at all, in characters.
    static let maxCharacters = 100_000

    let bytes: [UInt8]
    /// Invariant: the last token is `.end`, and `index` never passes it.
    let tokens: [Token]
    private(set) var index = 0
    private var nesting = 0
    let errorKind: SyntaxError.Kind

    init(_ lexer: consuming Lexer, errorKind: SyntaxError.Kind) {
        tokens = lexer.tokens()
        bytes = lexer.bytes
        self.errorKind = errorKind
    }

    static func isTooLong(_ text: String) -> Bool {
        // Characters are counted only where there are more bytes than characters are allowed.
        text.utf8.count > maxCharacters && text.unicodeScalars.count > maxCharacters
    }
}

// MARK: - Looking

extension TokenCursor {
    var current: Token { tokens[index] }

    /// The token last taken.
    var previous: Token? { index > 0 ? tokens[index - 1] : nil }

    /// The token `offset` further, or the end.
    func peek(_ offset: Int = 1) -> Token {
        tokens[min(index + offset, tokens.count - 1)]
    }

    func at(_ kind: Token.Kind) -> Bool { current.kind == kind }

    func at(_ keyword: Keyword) -> Bool { current.keyword == keyword }

    func at(_ first: Keyword, _ second: Keyword) -> Bool {
        at(first) && peek().keyword == second
    }

    /// Whether the current token is this word, which may be longer than a `Keyword`.
    func at(word: StaticString) -> Bool {
        guard at(.word), current.span.end - current.span.start == word.utf8CodeUnitCount else {
            return false
        }
        return word.withUTF8Buffer { expected in
            for (offset, byte) in expected.enumerated()
            where bytes[current.span.start + offset].upperCased != byte.upperCased {
                return false
            }
            return true
        }
    }

    func text(of token: Token) -> String {
        text(token.span.start..<token.span.end)
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// From a token to the one last taken.
    func span(from first: Token) -> SourceSpan {
        first.span.to(max(first.span.end, previous?.span.end ?? 0))
    }
}

// MARK: - Taking

extension TokenCursor {
    @discardableResult
    mutating func advance() -> Token {
        let token = tokens[index]
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard at(kind) else { return false }
        advance()
        return true
    }

    mutating func take(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    mutating func take(_ first: Keyword, _ second: Keyword) -> Bool {
        guard at(first, second) else { return false }
        advance()
        advance()
        return true
    }

    mutating func take(word: StaticString) -> Bool {
        guard at(word: word) else { return false }
        advance()
        return true
    }

    mutating func expect(
        _ kind: Token.Kind,
        _ expectation: String
    ) throws(SyntaxError) {
        guard take(kind) else { throw unexpected(expectation) }
    }

    mutating func expect(
        _ keyword: Keyword,
        _ expectation: String
    ) throws(SyntaxError) {
        guard take(keyword) else { throw unexpected(expectation) }
    }

    /// Any word, keyword or not.
    mutating func name(_ expectation: String) throws(SyntaxError) -> SOQLStatement.Name {
        guard at(.word) else { throw unexpected(expectation) }
        let token = advance()
        return SOQLStatement.Name(text(of: token), span: token.span)
    }

    /// Deeper; each call is followed by a call of `leave`, unless an error ends it all.
    mutating func enter(levels: Int = 1) throws(SyntaxError) {
        guard nesting + levels <= Self.maxNesting else {
            throw error("nested too deep; at most \(Self.maxNesting) levels are read")
        }
        nesting += levels
    }

    mutating func leave(levels: Int = 1) {
        nesting -= levels
    }
}

// MARK: - Refusing

extension TokenCursor {
    /// An error at the current token.
    func error(_ detail: String) -> SyntaxError {
        error(detail, at: current.span)
    }

    func error(_ detail: String, at span: SourceSpan) -> SyntaxError {
        SyntaxError(detail, at: span, kind: errorKind)
    }

    /// The current token is not what should stand here.
    ///
    /// The expectation says what would be right and completes "unexpected token: 'x'; …"; where the
    /// token is wrong wherever it stands, that is said instead.
    func unexpected(_ expectation: String) -> SyntaxError {
        error("unexpected token: \(quotedToken); \(tokenHint ?? expectation)")
    }

    /// The current token as a message quotes it, cut short.
    var quotedToken: String {
        guard !at(.end) else { return "'<EOF>'" }
        let text = text(of: current)
        return text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'"
    }

    /// What is wrong with the token itself, wherever it stands.
    private var tokenHint: String? {
        switch current.kind {
        case .unclosedString:
            return "string is not closed: a single quote must end it"
        case .malformedNumber:
            return "a number is written 15, -1.5 or 1.5e3; a name cannot begin with a digit"
        case .malformedDate:
            return "a date is written 2026-01-31, a dateTime 2026-01-31T10:00:00Z"
        case .malformedTime:
            return "a time is written 10:30:00.000Z"
        case .other:
            return characterHint
        default:
            return nil
        }
    }

    private var characterHint: String? {
        switch bytes[current.span.start] {
        case UInt8(ascii: "\""): return "text stands in single quotes"
        case UInt8(ascii: "*"): return "name the fields, or write FIELDS(ALL)"
        case UInt8(ascii: "/"): return "comments are not part of the language"
        case UInt8(ascii: ";"): return "nothing follows the last clause"
        default: return nil
        }
    }
}
