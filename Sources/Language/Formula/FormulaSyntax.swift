/// A part of a formula as written: names are not looked up yet.
indirect enum FormulaSyntax: Sendable {
    case number(String, at: Int)
    case text(String, at: Int)
    /// A field, a global, a variable, `TRUE`, `FALSE` or `NULL`.
    case name(String, at: Int)
    case call(String, [FormulaSyntax], at: Int)
    case unary(String, FormulaSyntax, at: Int)
    case binary(String, FormulaSyntax, FormulaSyntax, at: Int)

    /// Where an error about the whole part points.
    var offset: Int {
        switch self {
        case .number(_, let at), .text(_, let at), .name(_, let at), .call(_, _, let at),
            .unary(_, _, let at):
            at
        case .binary(_, let left, _, _): left.offset
        }
    }
}

/// Reads a formula; precedence is that of the published language.
///
/// From the loosest: `||`, `&&`, `=` `==` `<>` `!=`, `<` `<=` `>` `>=`, `+` `-` `&`, `*` `/`, `^`,
/// then `-` `+` `!` in front of a value. All join to the left.
struct FormulaParser {
    private let tokens: [FormulaToken]
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    /// How deep parentheses and calls may nest.
    static let depthMax = 100
    /// How many operators may follow each other.
    static let chainMax = 250

    static func parse(_ text: String) throws(FormulaError) -> FormulaSyntax {
        let bytes = Array(text.utf8)
        guard bytes.count <= FormulaCompiler.bytesMax else {
            throw FormulaError("a formula has at most \(FormulaCompiler.bytesMax) characters")
        }
        var parser = FormulaParser(tokens: try FormulaLexer.tokens(text), bytes: bytes)
        if parser.token.kind == .end { throw parser.error("the formula is empty", at: 0) }
        let syntax = try parser.expression(0)
        guard parser.token.kind == .end else { throw parser.unexpected(after: syntax) }
        return syntax
    }

    private init(tokens: [FormulaToken], bytes: [UInt8]) {
        self.tokens = tokens
        self.bytes = bytes
    }

    private var token: FormulaToken { tokens[min(place, tokens.count - 1)] }

    private func error(_ message: String, at offset: Int) -> FormulaError {
        FormulaLexer.error(message, at: offset, in: bytes)
    }

    private func unexpected(after syntax: FormulaSyntax) -> FormulaError {
        if token.kind == .symbol(")") {
            return error("a `)` that closes nothing", at: token.start)
        }
        if token.kind == .symbol(",") {
            return error("a comma outside the parentheses of a function", at: token.start)
        }
        if token.kind == .end { return error("the formula ends too early", at: token.start) }
        let shown = String(decoding: bytes[token.start..<token.end], as: UTF8.self)
        return error("an operator is missing before `\(shown.prefix(40))`", at: token.start)
    }

    private static let levels: [[String]] = [
        ["||"], ["&&"], ["=", "==", "<>", "!="], ["<", "<=", ">", ">="], ["+", "-", "&"],
        ["*", "/"], ["^"],
    ]

    private static func level(_ symbol: String) -> Int? {
        levels.firstIndex { $0.contains(symbol) }
    }

    private mutating func expression(_ least: Int) throws(FormulaError) -> FormulaSyntax {
        var left = try operand()
        var count = 0
        while case .symbol(let symbol) = token.kind, let level = FormulaParser.level(symbol),
            level >= least
        {
            let at = token.start
            count += 1
            guard count <= FormulaParser.chainMax else {
                throw error(
                    "at most \(FormulaParser.chainMax) operators may follow each other",
                    at: at
                )
            }
            place += 1
            let right = try expression(level + 1)
            left = .binary(symbol, left, right, at: at)
        }
        return left
    }

    private mutating func operand() throws(FormulaError) -> FormulaSyntax {
        depth += 1
        defer { depth -= 1 }
        let current = token
        guard depth <= FormulaParser.depthMax else {
            throw error(
                "the formula is nested more than \(FormulaParser.depthMax) deep",
                at: current.start
            )
        }
        place += 1
        switch current.kind {
        case .number: return .number(current.text, at: current.start)
        case .text: return .text(current.text, at: current.start)
        case .name:
            if token.kind == .symbol("(") { return try call(current) }
            return .name(current.text, at: current.start)
        case .symbol("-"), .symbol("!"), .symbol("+"):
            return .unary(current.text, try operand(), at: current.start)
        case .symbol("("):
            let inner = try expression(0)
            guard token.kind == .symbol(")") else {
                if token.kind == .end {
                    throw error("this `(` is not closed", at: current.start)
                }
                throw unexpected(after: inner)
            }
            place += 1
            return inner
        case .end: throw error("the formula ends where a value is expected", at: current.start)
        case .symbol(let symbol):
            throw error("a value is expected before `\(symbol)`", at: current.start)
        }
    }

    private mutating func call(_ name: FormulaToken) throws(FormulaError) -> FormulaSyntax {
        place += 1
        var arguments: [FormulaSyntax] = []
        if token.kind == .symbol(")") {
            place += 1
            return .call(name.text, [], at: name.start)
        }
        while true {
            arguments.append(try expression(0))
            if token.kind == .symbol(",") {
                place += 1
                continue
            }
            if token.kind == .symbol(")") {
                place += 1
                return .call(name.text, arguments, at: name.start)
            }
            if token.kind == .end {
                throw error("the `(` of \(name.text) is not closed", at: name.start)
            }
            throw error("`,` or `)` is expected here, in \(name.text)", at: token.start)
        }
    }
}
