/// Cuts a query text into tokens, over its UTF-8 bytes.
///
/// It never fails: what is wrong becomes a token of its own kind, so that the first mistake a
/// reader meets is the one that is reported. White space separates and is dropped; there are no
/// comments.
struct Lexer {
    let bytes: [UInt8]
    private(set) var index = 0
    private var row = 1
    private var lineStart = 0
    /// UTF-8 continuation bytes so far in this line: bytes that are no column.
    private var continuations = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// All tokens from here on; the last one, and no other, is `.end`.
    mutating func tokens() -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity((bytes.count - index) / 6 + 8)
        var token = next()
        while token.kind != .end {
            tokens.append(token)
            token = next()
        }
        tokens.append(token)
        return tokens
    }

    mutating func next() -> Token {
        skipWhiteSpace()
        guard index < bytes.count else { return token(.end, from: index) }
        let start = index
        let byte = bytes[index]
        if byte.isWordStart { return word(from: start) }
        if byte.isDigit { return number(from: start) }
        switch byte {
        case UInt8(ascii: "'"): return string(from: start)
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            return at(1).isDigit ? signedNumber(from: start) : symbol(.other)
        case UInt8(ascii: "%"):
            return packagingToken(from: start)
        default: return symbol(kindOfSymbol(byte))
        }
    }

    /// Skips to the brace that closes the one just read and returns what stands between them.
    ///
    /// A backslash takes away the meaning of the character after it.
    ///
    /// - Returns: the bytes' range, or `nil` when the text ends first.
    mutating func skipBraced() -> Range<Int>? {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "}"):
                let end = index
                step()
                return start..<end
            case UInt8(ascii: "\\"):
                step()
                step()
            default: step()
            }
        }
        return nil
    }
}

// MARK: - Kinds of token

extension Lexer {
    private mutating func word(from start: Int) -> Token {
        while at(0).isWordPart { index += 1 }
        return wordToken(from: start)
    }

    /// A name that begins with the placeholder of a namespace: `%%%NAMESPACE%%%Amount__c`.
    ///
    /// Packaged source carries such placeholders in names until it is deployed. They are read as
    /// part of the name, which then resolves to nothing, instead of making the text unreadable.
    private mutating func packagingToken(from start: Int) -> Token {
        let percent = UInt8(ascii: "%")
        guard at(1) == percent, at(2) == percent, at(3).isWordStart else { return symbol(.other) }
        var end = index + 3
        while end < bytes.count, bytes[end].isWordPart { end += 1 }
        for offset in 0..<3 where byte(end + offset) != percent { return symbol(.other) }
        index = end + 3
        while at(0).isWordPart { index += 1 }
        return wordToken(from: start)
    }

    private func wordToken(from start: Int) -> Token {
        var packed: UInt64 = 0
        if index - start <= 8 {
            for position in start..<index {
                packed = packed << 8 | UInt64(bytes[position].upperCased)
            }
        }
        return token(.word, from: start, keyword: Keyword(packed: packed))
    }

    private mutating func signedNumber(from start: Int) -> Token {
        index += 1
        skipDigits()
        return restOfNumber(from: start)
    }

    private mutating func number(from start: Int) -> Token {
        skipDigits()
        if index - start == 4, at(0) == UInt8(ascii: "-"), at(1).isDigit {
            return date(from: start)
        }
        if index - start <= 2, at(0) == UInt8(ascii: ":"), at(1).isDigit {
            return time(from: start)
        }
        return restOfNumber(from: start)
    }

    /// The fraction and the exponent.
    private mutating func restOfNumber(from start: Int) -> Token {
        if at(0) == UInt8(ascii: "."), at(1).isDigit {
            index += 1
            skipDigits()
        }
        if at(0).upperCased == UInt8(ascii: "E") {
            let isSigned = at(1) == UInt8(ascii: "+") || at(1) == UInt8(ascii: "-")
            if at(isSigned ? 2 : 1).isDigit {
                index += isSigned ? 2 : 1
                skipDigits()
            }
        }
        guard !at(0).isWordPart else { return malformed(.malformedNumber, from: start) }
        return token(.number, from: start)
    }

    private mutating func date(from start: Int) -> Token {
        let isWhole = skip("-") && skipTwoDigits() && skip("-") && skipTwoDigits()
        guard isWhole else { return malformed(.malformedDate, from: start) }
        guard at(0).upperCased == UInt8(ascii: "T") else {
            let isOver = !at(0).isWordPart && at(0) != UInt8(ascii: "-")
            return isOver ? token(.date, from: start) : malformed(.malformedDate, from: start)
        }
        index += 1
        let hasClock = skipTwoDigits() && skipClock()
        guard hasClock, skipZone(), !at(0).isWordPart else {
            return malformed(.malformedDate, from: start)
        }
        return token(.dateTime, from: start)
    }

    private mutating func time(from start: Int) -> Token {
        guard index - start == 2, skipClock() else {
            return malformed(.malformedTime, from: start)
        }
        if at(0).upperCased == UInt8(ascii: "Z") { index += 1 }
        guard !at(0).isWordPart else { return malformed(.malformedTime, from: start) }
        return token(.time, from: start)
    }

    private mutating func string(from start: Int) -> Token {
        let place = self.place(of: start)
        var hasEscapes = false
        step()
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "'"):
                step()
                return Token(
                    kind: .string,
                    keyword: .none,
                    hasEscapes: hasEscapes,
                    span: place.to(index)
                )
            case UInt8(ascii: "\\"):
                hasEscapes = true
                step()
                step()
            case 0:
                // So that it is looked at closely, and refused.
                hasEscapes = true
                step()
            default: step()
            }
        }
        return Token(
            kind: .unclosedString,
            keyword: .none,
            hasEscapes: hasEscapes,
            span: place.to(index)
        )
    }

    private func kindOfSymbol(_ byte: UInt8) -> Token.Kind {
        let isBeforeEqual = at(1) == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: "."): return .dot
        case UInt8(ascii: ":"): return .colon
        case UInt8(ascii: "("): return .leftParenthesis
        case UInt8(ascii: ")"): return .rightParenthesis
        case UInt8(ascii: "["): return .leftBracket
        case UInt8(ascii: "]"): return .rightBracket
        case UInt8(ascii: "{"): return .leftBrace
        case UInt8(ascii: "}"): return .rightBrace
        case UInt8(ascii: "="): return .equal
        case UInt8(ascii: "!"): return isBeforeEqual ? .notEqual : .other
        case UInt8(ascii: ">"): return isBeforeEqual ? .greaterOrEqual : .greater
        case UInt8(ascii: "<"):
            if at(1) == UInt8(ascii: ">") { return .notEqual }
            return isBeforeEqual ? .lessOrEqual : .less
        default: return .other
        }
    }

    private mutating func symbol(_ kind: Token.Kind) -> Token {
        let place = self.place(of: index)
        step()
        switch kind {
        case .notEqual, .lessOrEqual, .greaterOrEqual: step()
        case .other:
            while at(0).isContinuation { step() }
        default: break
        }
        return Token(kind: kind, keyword: .none, hasEscapes: false, span: place.to(index))
    }

    /// Takes all that touches, so that the message quotes what the writer thinks of as one literal.
    private mutating func malformed(_ kind: Token.Kind, from start: Int) -> Token {
        while at(0).isWordPart || at(0) == UInt8(ascii: "-") || at(0) == UInt8(ascii: ":") {
            index += 1
        }
        return token(kind, from: start)
    }
}

// MARK: - Pieces of a token

extension Lexer {
    private mutating func skipDigits() {
        while at(0).isDigit { index += 1 }
    }

    private mutating func skipTwoDigits() -> Bool {
        guard at(0).isDigit, at(1).isDigit else { return false }
        index += 2
        return true
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard at(0) == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    /// `:mm:ss` and any fraction; the hour is already read.
    private mutating func skipClock() -> Bool {
        guard skip(":"), skipTwoDigits(), skip(":"), skipTwoDigits() else { return false }
        if at(0) == UInt8(ascii: "."), at(1).isDigit {
            index += 1
            skipDigits()
        }
        return true
    }

    /// `Z`, `+hh:mm`, `-hhmm`; a blank stands for a plus that URL decoding has turned into one.
    private mutating func skipZone() -> Bool {
        switch at(0) {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            index += 1
            return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: " "):
            let start = index
            index += 1
            if skipTwoDigits() {
                _ = skip(":")
                if skipTwoDigits() { return true }
            }
            index = start
            return false
        default:
            return false
        }
    }

    private mutating func skipWhiteSpace() {
        while index < bytes.count, bytes[index].isWhiteSpace { step() }
    }

    /// One byte further, keeping count of rows and columns.
    private mutating func step() {
        guard index < bytes.count else { return }
        if bytes[index] == UInt8(ascii: "\n") {
            row += 1
            lineStart = index + 1
            continuations = 0
        } else if bytes[index].isContinuation {
            continuations += 1
        }
        index += 1
    }

    /// The byte `offset` further, or zero behind the end: zero belongs to no token.
    private func at(_ offset: Int) -> UInt8 {
        byte(index + offset)
    }

    private func byte(_ position: Int) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    /// A token without line breaks and without characters beyond ASCII.
    private func token(_ kind: Token.Kind, from start: Int, keyword: Keyword = .none) -> Token {
        Token(kind: kind, keyword: keyword, hasEscapes: false, span: place(of: start).to(index))
    }

    /// Where a token starts that is on the line now being read.
    private func place(of start: Int) -> SourceSpan {
        SourceSpan(
            start: start,
            end: start,
            row: row,
            column: start - lineStart - continuations + 1
        )
    }
}
