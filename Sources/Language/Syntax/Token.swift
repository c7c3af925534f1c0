/// One lexical piece of a query text, with its place.
struct Token: Sendable {
    enum Kind: UInt8, Sendable {
        case word, number, date, dateTime, time, string
        case comma, dot, colon
        case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
        case equal, notEqual, less, greater, lessOrEqual, greaterOrEqual
        /// A string without its closing quote; it reaches to the end of the text.
        case unclosedString
        /// Begins like a number, a date or a time and goes on like none.
        case malformedNumber, malformedDate, malformedTime
        /// A character that no language here gives a meaning; one scalar.
        case other
        case end
    }

    let kind: Kind
    /// What a word is as a keyword; `.none` for anything that is no word.
    let keyword: Keyword
    /// Whether a string contains a backslash or a zero and so must be decoded.
    let hasEscapes: Bool
    let span: SourceSpan
}

/// A word to compare with: up to eight ASCII characters, upper-cased, in one integer.
///
/// Every keyword of the languages that decides how to go on has at most eight characters, so a
/// comparison costs one instruction; the few longer words are compared as text.
struct Keyword: Hashable, Sendable {
    let packed: UInt64

    init(packed: UInt64) {
        self.packed = packed
    }

    private init(_ text: StaticString) {
        var packed: UInt64 = 0
        text.withUTF8Buffer { bytes in
            for byte in bytes { packed = packed << 8 | UInt64(byte) }
        }
        self.packed = packed
    }
}

extension Keyword {
    static let none = Keyword(packed: 0)

    static let select = Keyword("SELECT")
    static let from = Keyword("FROM")
    static let `as` = Keyword("AS")
    static let using = Keyword("USING")
    static let scope = Keyword("SCOPE")
    static let `where` = Keyword("WHERE")
    static let with = Keyword("WITH")
    static let group = Keyword("GROUP")
    static let by = Keyword("BY")
    static let rollup = Keyword("ROLLUP")
    static let cube = Keyword("CUBE")
    static let having = Keyword("HAVING")
    static let order = Keyword("ORDER")
    static let asc = Keyword("ASC")
    static let desc = Keyword("DESC")
    static let nulls = Keyword("NULLS")
    static let first = Keyword("FIRST")
    static let last = Keyword("LAST")
    static let limit = Keyword("LIMIT")
    static let offset = Keyword("OFFSET")
    static let `for` = Keyword("FOR")
    static let view = Keyword("VIEW")
    static let update = Keyword("UPDATE")
    static let tracking = Keyword("TRACKING")
    static let viewstat = Keyword("VIEWSTAT")
    static let all = Keyword("ALL")
    static let rows = Keyword("ROWS")

    static let and = Keyword("AND")
    static let or = Keyword("OR")
    static let not = Keyword("NOT")
    static let like = Keyword("LIKE")
    static let `in` = Keyword("IN")
    static let includes = Keyword("INCLUDES")
    static let excludes = Keyword("EXCLUDES")
    static let null = Keyword("NULL")
    static let `true` = Keyword("TRUE")
    static let `false` = Keyword("FALSE")

    static let fields = Keyword("FIELDS")
    static let typeof = Keyword("TYPEOF")
    static let when = Keyword("WHEN")
    static let then = Keyword("THEN")
    static let `else` = Keyword("ELSE")
    /// `END`; another name than `Token.Kind.end`, so that `.end` is one thing.
    static let endOfTypeOf = Keyword("END")
    static let data = Keyword("DATA")
    static let category = Keyword("CATEGORY")
    static let new = Keyword("NEW")

    static let find = Keyword("FIND")
    static let listView = Keyword("LISTVIEW")
}
