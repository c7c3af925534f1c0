/// One lexical piece of a formula.
struct FormulaToken: Sendable {
    enum Kind: Hashable, Sendable {
        case number, text, name
        case symbol(String)
        case end
    }

    let kind: Kind
    /// A name as written, the digits of a number, what a text stands for.
    let text: String
    /// UTF-8 offsets in the formula.
    let start: Int
    let end: Int
}

/// Cuts a formula into tokens.
struct FormulaLexer {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The places of errors, by line and column.
    func error(_ message: String, at offset: Int) -> FormulaError {
        FormulaLexer.error(message, at: offset, in: bytes)
    }

    static func error(_ message: String, at offset: Int, in bytes: [UInt8]) -> FormulaError {
        let offset = min(max(offset, 0), bytes.count)
        var line = 1
        var column = 1
        for byte in bytes[..<offset] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if !byte.isContinuation {
                column += 1
            }
        }
        return FormulaError(message, offset: offset, line: line, column: column)
    }

    static func tokens(_ text: String) throws(FormulaError) -> [FormulaToken] {
        var lexer = FormulaLexer(text)
        var tokens: [FormulaToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private func byte(_ distance: Int = 0) -> UInt8? {
        place + distance < bytes.count ? bytes[place + distance] : nil
    }

    private mutating func next() throws(FormulaError) -> FormulaToken {
        try skipBlanks()
        let start = place
        guard let first = byte() else { return token(.end, "", start) }
        if first.isDigit || (first == UInt8(ascii: ".") && byte(1)?.isDigit == true) {
            return number(start)
        }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            return try text(quote: first, start)
        }
        if first.isWordStart || first == UInt8(ascii: "$") { return try name(start) }
        if first == UInt8(ascii: "{"), byte(1) == UInt8(ascii: "!") { return try merged(start) }
        return try symbol(start)
    }

    private func token(_ kind: FormulaToken.Kind, _ text: String, _ start: Int) -> FormulaToken {
        FormulaToken(kind: kind, text: text, start: start, end: place)
    }

    private mutating func skipBlanks() throws(FormulaError) {
        while let current = byte() {
            if current.isWhiteSpace {
                place += 1
            } else if current == 0xC2, byte(1) == 0xA0 {
                place += 2
            } else if current == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF {
                place += 3
            } else if current == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                let start = place
                place += 2
                while let inside = byte(),
                    inside != UInt8(ascii: "*") || byte(1) != UInt8(ascii: "/")
                {
                    place += 1
                }
                guard byte() != nil else {
                    throw error("a comment is not closed; it ends with `*/`", at: start)
                }
                place += 2
            } else {
                return
            }
        }
    }

    private mutating func number(_ start: Int) -> FormulaToken {
        var sawPoint = false
        while let current = byte() {
            if current == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else if !current.isDigit {
                break
            }
            place += 1
        }
        return token(.number, String(decoding: bytes[start..<place], as: UTF8.self), start)
    }

    private mutating func text(quote: UInt8, _ start: Int) throws(FormulaError) -> FormulaToken {
        var value: [UInt8] = []
        place += 1
        while let current = byte() {
            if current == quote {
                place += 1
                return token(.text, String(decoding: value, as: UTF8.self), start)
            }
            if current == UInt8(ascii: "\\"), let escaped = byte(1) {
                switch escaped {
                case UInt8(ascii: "n"): value.append(0x0A)
                case UInt8(ascii: "r"): value.append(0x0D)
                case UInt8(ascii: "t"): value.append(0x09)
                case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"):
                    value.append(escaped)
                default: value += [current, escaped]
                }
                place += 2
            } else {
                value.append(current)
                place += 1
            }
        }
        let mark = quote == UInt8(ascii: "'") ? "'" : "\""
        throw error("a text is not closed; it ends with \(mark)", at: start)
    }

    /// `Status`, `Account.Owner.Name`, `Owner:User.Email`, `$User.Id`.
    private mutating func name(_ start: Int) throws(FormulaError) -> FormulaToken {
        place += 1
        while let current = byte() {
            if current.isWordPart {
                place += 1
            } else if current == UInt8(ascii: ".") || current == UInt8(ascii: ":"),
                let after = byte(1), after.isWordPart
            {
                place += 2
            } else {
                break
            }
        }
        return token(.name, String(decoding: bytes[start..<place], as: UTF8.self), start)
    }

    /// `{!Name}`, as flows write it.
    private mutating func merged(_ start: Int) throws(FormulaError) -> FormulaToken {
        place += 2
        while byte()?.isWhiteSpace == true { place += 1 }
        guard let first = byte(), first.isWordStart || first == UInt8(ascii: "$") else {
            throw error("a name is expected after `{!`", at: place)
        }
        let inner = try name(place)
        while byte()?.isWhiteSpace == true { place += 1 }
        guard byte() == UInt8(ascii: "}") else {
            throw error("`{!\(inner.text)` is not closed; it ends with `}`", at: start)
        }
        place += 1
        return token(.name, inner.text, start)
    }

    private static let symbols = [
        "&&", "||", "==", "!=", "<>", "<=", ">=", "(", ")", ",", "+", "-", "*", "/", "^", "&", "!",
        "=", "<", ">",
    ]

    private mutating func symbol(_ start: Int) throws(FormulaError) -> FormulaToken {
        for symbol in FormulaLexer.symbols where bytes[place...].starts(with: symbol.utf8) {
            place += symbol.utf8.count
            return token(.symbol(symbol), symbol, start)
        }
        let scalar = String(decoding: bytes[place...].prefix(4), as: UTF8.self).unicodeScalars.first
        let shown = scalar.map { String($0) } ?? "?"
        let advice =
            switch shown {
            case "|": "; `||` is or"
            case "“", "”", "‘", "’": "; texts stand in straight quotes"
            case "%": "; a percentage is written as 0.5, and MOD gives a remainder"
            default: ""
            }
        throw error("unexpected character `\(shown)`\(advice)", at: start)
    }
}
