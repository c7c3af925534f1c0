/// Bind variables: places that package code fills.
extension SOQLParser {
    /// `:name`, `:record.Account.Id`, `:list[0].field`, `:ids.keySet()`, `:(a == '' ? '%' : a)`.
    ///
    /// What stands after the colon is an expression of another language: its extent is found, its
    /// meaning is not looked at.
    ///
    /// - Returns: the text after the colon as written, and the place of colon and text.
    static func bind(
        _ tokens: inout TokenCursor
    ) throws(SyntaxError) -> (text: String, span: SourceSpan) {
        let colon = tokens.advance()
        let start = tokens.current.span.start
        try bindOperand(&tokens)
        while takeArithmetic(&tokens) {
            try bindOperand(&tokens)
        }
        let span = tokens.span(from: colon)
        return (tokens.text(start..<span.end), span)
    }

    private static func bindOperand(_ tokens: inout TokenCursor) throws(SyntaxError) {
        let isNew = tokens.at(.new) && tokens.peek().kind == .word
        if isNew { tokens.advance() }
        switch tokens.current.kind {
        case .word, .number, .string: tokens.advance()
        case .leftParenthesis: try skipBrackets(&tokens)
        default: throw tokens.unexpected("expected a variable's name after ':'")
        }
        while true {
            switch tokens.current.kind {
            case .dot:
                tokens.advance()
                _ = try tokens.name("expected a name after the dot")
            case .other where tokens.peek().kind == .dot && tokens.text(of: tokens.current) == "?":
                tokens.advance()
            case .leftParenthesis, .leftBracket:
                try skipBrackets(&tokens)
            case .leftBrace where isNew, .less where isNew:
                try skipBrackets(&tokens)
            default:
                return
            }
        }
    }

    /// Whether another operand follows: `:count + 1`.
    private static func takeArithmetic(_ tokens: inout TokenCursor) -> Bool {
        switch tokens.current.kind {
        case .number:
            // `:count -1`: the sign was read as the number's. The number is the operand.
            !tokens.bytes[tokens.current.span.start].isDigit
        case .other:
            switch tokens.bytes[tokens.current.span.start] {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"):
                tokens.take(.other)
            default: false
            }
        default: false
        }
    }

    /// From an opening bracket to the one that closes it, whatever stands between.
    private static func skipBrackets(_ tokens: inout TokenCursor) throws(SyntaxError) {
        var closers: [Token.Kind] = []
        repeat {
            switch tokens.current.kind {
            case .leftParenthesis: closers.append(.rightParenthesis)
            case .leftBracket: closers.append(.rightBracket)
            case .leftBrace: closers.append(.rightBrace)
            case .less where closers.isEmpty || closers.last == .greater:
                // Only outside of parentheses is it the list of a type's parameters.
                closers.append(.greater)
            case .unclosedString, .end: throw tokens.unexpected("expected a closing bracket")
            case closers.last: closers.removeLast()
            case .rightParenthesis, .rightBracket, .rightBrace:
                throw tokens.unexpected("it does not close the bracket last opened")
            default: break
            }
            tokens.advance()
        } while !closers.isEmpty
    }
}
