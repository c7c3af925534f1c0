/// Decodes what stands between single quotes.
enum StringLiteral {
    /// The text that a string token means.
    ///
    /// For a pattern, one that `LIKE` compares with, `\%`, `\_` and `\\` stay as they are.
    static func text(
        of token: Token,
        in tokens: TokenCursor,
        isPattern: Bool
    ) throws(SyntaxError) -> String {
        let content = (token.span.start + 1)..<(token.span.end - 1)
        guard token.hasEscapes else { return tokens.text(content) }
        return try decode(content, of: token, in: tokens, isPattern: isPattern)
    }

    private static func decode(
        _ content: Range<Int>,
        of token: Token,
        in tokens: TokenCursor,
        isPattern: Bool
    ) throws(SyntaxError) -> String {
        let bytes = tokens.bytes
        let backslash = UInt8(ascii: "\\")
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var index = content.lowerBound
        while index < content.upperBound {
            let byte = bytes[index]
            index += 1
            guard byte == backslash else {
                guard byte != 0 else { throw zeroCharacter(token, tokens) }
                text.append(byte)
                continue
            }
            // The lexer took the character behind a backslash into the string, so there is one.
            let escaped = bytes[index]
            index += 1
            switch escaped {
            case UInt8(ascii: "n"), UInt8(ascii: "N"): text.append(0x0A)
            case UInt8(ascii: "r"), UInt8(ascii: "R"): text.append(0x0D)
            case UInt8(ascii: "t"), UInt8(ascii: "T"): text.append(0x09)
            case UInt8(ascii: "b"), UInt8(ascii: "B"): text.append(0x08)
            case UInt8(ascii: "f"), UInt8(ascii: "F"): text.append(0x0C)
            case UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(escaped)
            case backslash, UInt8(ascii: "%"), UInt8(ascii: "_"):
                if isPattern { text.append(backslash) }
                text.append(escaped)
            case UInt8(ascii: "u"):
                let scalar = try scalar(at: &index, before: content.upperBound, token, tokens)
                if isPattern, scalar == "\\" { text.append(backslash) }
                text.append(contentsOf: String(Character(scalar)).utf8)
            default:
                throw illegalEscape(from: index - 2, token, tokens)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `XXXX` of `\uXXXX`, and the second half of a pair of surrogates with it.
    private static func scalar(
        at index: inout Int,
        before end: Int,
        _ token: Token,
        _ tokens: TokenCursor
    ) throws(SyntaxError) -> Unicode.Scalar {
        let start = index - 2
        guard let first = unit(at: &index, before: end, tokens) else {
            throw illegalEscape(from: start, token, tokens)
        }
        if let scalar = Unicode.Scalar(first), first != 0 { return scalar }
        guard UTF16.isLeadSurrogate(first), index + 1 < end,
            tokens.bytes[index] == UInt8(ascii: "\\"), tokens.bytes[index + 1] == UInt8(ascii: "u")
        else { throw illegalEscape(from: start, token, tokens) }
        index += 2
        guard let second = unit(at: &index, before: end, tokens), UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
            )
        else { throw illegalEscape(from: start, token, tokens) }
        return scalar
    }

    /// Four hexadecimal digits.
    private static func unit(
        at index: inout Int,
        before end: Int,
        _ tokens: TokenCursor
    ) -> UInt16? {
        guard index + 4 <= end else { return nil }
        var unit: UInt16 = 0
        for byte in tokens.bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        index += 4
        return unit
    }

    /// No database keeps a zero character in a text.
    private static func zeroCharacter(_ token: Token, _ tokens: TokenCursor) -> SyntaxError {
        tokens.error("a string cannot contain the character U+0000", at: token.span)
    }

    private static func illegalEscape(
        from start: Int,
        _ token: Token,
        _ tokens: TokenCursor
    ) -> SyntaxError {
        let isUnicode = tokens.bytes[start + 1] == UInt8(ascii: "u")
        var end = min(start + (isUnicode ? 6 : 2), token.span.end - 1)
        while tokens.bytes[end].isContinuation { end += 1 }
        let hint =
            isUnicode ? "\\u takes four hexadecimal digits of a character" : "write \\\\ for \\"
        return tokens.error(
            "illegal character sequence '\(tokens.text(start..<end))' in string literal; \(hint)",
            at: token.span
        )
    }
}
