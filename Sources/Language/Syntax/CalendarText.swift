/// Checks that dates and times are written with numbers that a calendar and a clock have.
///
/// The lexer has checked the shape. What passes here can be read without a further question.
enum CalendarText {
    /// `2026-01-31`.
    static func date(_ token: Token, in tokens: TokenCursor) throws(SyntaxError) -> String {
        try checkDay(token, in: tokens)
        return tokens.text(of: token)
    }

    /// `2026-01-31T10:00:00Z`, with `T` and `Z` in upper case and a blank before the zone a `+`.
    static func dateTime(_ token: Token, in tokens: TokenCursor) throws(SyntaxError) -> String {
        try checkDay(token, in: tokens)
        try checkClock(token, at: 11, in: tokens)
        let text = Array(tokens.bytes[token.span.start..<token.span.end])
        if let sign = text.lastIndex(where: { !$0.isDigit && $0 != UInt8(ascii: ":") }),
            !text[sign].isLetter
        {
            let hours = number(text[sign + 1], text[sign + 2])
            let minutes = number(text[text.count - 2], text[text.count - 1])
            guard hours <= 18, minutes < 60 else {
                throw outOfRange("no time zone is that far from UTC", token, tokens)
            }
        }
        let plain = text.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "+") : $0.upperCased }
        return String(decoding: plain, as: UTF8.self)
    }

    /// `10:30:00.000Z`, with `Z` in upper case.
    static func time(_ token: Token, in tokens: TokenCursor) throws(SyntaxError) -> String {
        try checkClock(token, at: 0, in: tokens)
        return tokens.text(of: token).uppercased()
    }

    private static func checkDay(
        _ token: Token,
        in tokens: TokenCursor
    ) throws(SyntaxError) {
        let digits = tokens.bytes[token.span.start..<(token.span.start + 10)]
        let start = digits.startIndex
        let year =
            number(digits[start], digits[start + 1]) * 100
            + number(digits[start + 2], digits[start + 3])
        let month = number(digits[start + 5], digits[start + 6])
        let day = number(digits[start + 8], digits[start + 9])
        guard (1...12).contains(month), (1...days(in: month, of: year)).contains(day) else {
            throw outOfRange("the calendar has no such day", token, tokens)
        }
    }

    private static func checkClock(
        _ token: Token,
        at offset: Int,
        in tokens: TokenCursor
    ) throws(SyntaxError) {
        let start = token.span.start + offset
        let bytes = tokens.bytes
        let hour = number(bytes[start], bytes[start + 1])
        let minute = number(bytes[start + 3], bytes[start + 4])
        let second = number(bytes[start + 6], bytes[start + 7])
        guard hour < 24, minute < 60, second < 60 else {
            throw outOfRange("no clock shows such a time", token, tokens)
        }
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2:
            year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
                ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of two ASCII digits.
    private static func number(_ tens: UInt8, _ ones: UInt8) -> Int {
        Int(tens & 0x0F) * 10 + Int(ones & 0x0F)
    }

    private static func outOfRange(
        _ reason: String,
        _ token: Token,
        _ tokens: TokenCursor
    ) -> SyntaxError {
        tokens.error("unexpected token: '\(tokens.text(of: token))'; \(reason)", at: token.span)
    }
}
