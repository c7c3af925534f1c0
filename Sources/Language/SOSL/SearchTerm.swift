/// Reads the term of a search: words, phrases, wild cards and operators.
///
/// `NOT` binds closest, then `AND`, then `OR`; parentheses group. Words side by side must all be
/// found. The operators have no case. A reserved character that does nothing here (`& | ! { } [ ] ^
/// ~ : ' + -`) stands for itself even without a backslash, so that `555-0100` needs none.
///
/// Source: SOQL and SOSL Reference, "FIND {SearchQuery}" and "Reserved Characters".
struct SearchTerm {
    /// From here on, operators and parentheses lose their meaning, and any word suffices.
    static let maxCharactersWithOperators = 4_000
    /// From here on nothing is found.
    static let maxCharacters = 10_000

    private enum Piece {
        case word([SOSLStatement.WordPart])
        case phrase(String)
        case and, or, not, open, close, end
    }

    private let bytes: [UInt8]
    private let range: Range<Int>
    /// Where the term stands as a whole, if its bytes are not those of the text.
    private let place: SourceSpan?
    private var index: Int
    private var pieceStart: Int
    private var piece = Piece.end
    private var nesting = 0

    init(_ bytes: [UInt8], _ range: Range<Int>, place: SourceSpan? = nil) {
        self.bytes = bytes
        self.range = range
        self.place = place
        index = range.lowerBound
        pieceStart = range.lowerBound
    }

    /// The whole term.
    consuming func parsed() throws(SyntaxError) -> SOSLStatement.Term {
        let length = bytes[range].lazy.filter { !$0.isContinuation }.count
        guard length <= Self.maxCharacters else { return .or([]) }
        var reader = self
        try reader.advance()
        if length > Self.maxCharactersWithOperators { return try reader.anyWord() }
        let term = try reader.alternatives()
        guard case .end = reader.piece else {
            throw reader.error("unexpected token: ')'; there is no '(' for it")
        }
        guard reader.literalCharacters > 1 else { throw reader.tooShort() }
        return term
    }

    /// Letters and whatever else is looked for literally; counted while reading.
    private var literalCharacters = 0
}

// MARK: - Grammar

extension SearchTerm {
    /// `a OR b`.
    private mutating func alternatives() throws(SyntaxError) -> SOSLStatement.Term {
        var terms = [try sequence()]
        while case .or = piece {
            try advance()
            terms.append(try sequence())
        }
        return terms.count == 1 ? terms[0] : .or(terms)
    }

    /// `a b`, `a AND b`, `a AND NOT b`.
    private mutating func sequence() throws(SyntaxError) -> SOSLStatement.Term {
        var terms = [try unit()]
        while true {
            switch piece {
            case .or, .close, .end:
                return Self.all(terms)
            case .not:
                try advance()
                terms = [.andNot(Self.all(terms), try unit())]
            case .and:
                try advance()
                if case .not = piece { continue }
                terms.append(try unit())
            case .word, .phrase, .open:
                terms.append(try unit())
            }
        }
    }

    private static func all(_ terms: [SOSLStatement.Term]) -> SOSLStatement.Term {
        terms.count == 1 ? terms[0] : .and(terms)
    }

    private mutating func unit() throws(SyntaxError) -> SOSLStatement.Term {
        switch piece {
        case .word(let parts):
            try advance()
            return .word(parts)
        case .phrase(let text):
            try advance()
            return .phrase(text)
        case .open:
            guard nesting < TokenCursor.maxNesting else {
                throw error("nested too deep; at most \(TokenCursor.maxNesting) levels are read")
            }
            nesting += 1
            try advance()
            let inner = try alternatives()
            guard case .close = piece else { throw error("expected ')' in the search term") }
            nesting -= 1
            try advance()
            return inner
        case .not:
            throw error("unexpected token: 'NOT'; a term must stand before it: a AND NOT b")
        case .and, .or, .close, .end:
            throw isBlank
                ? tooShort() : error("expected a word or a phrase in the search term")
        }
    }

    /// Every word and phrase of a term that is too long for operators.
    private mutating func anyWord() throws(SyntaxError) -> SOSLStatement.Term {
        var terms: [SOSLStatement.Term] = []
        while true {
            switch piece {
            case .word(let parts): terms.append(.word(parts))
            case .phrase(let text): terms.append(.phrase(text))
            case .and, .or, .not, .open, .close: break
            case .end: return .or(terms)
            }
            try advance()
        }
    }
}

// MARK: - Pieces

extension SearchTerm {
    /// Reads the next piece.
    private mutating func advance() throws(SyntaxError) {
        while true {
            while index < range.upperBound, bytes[index].isWhiteSpace { index += 1 }
            pieceStart = index
            guard index < range.upperBound else {
                piece = .end
                return
            }
            switch bytes[index] {
            case UInt8(ascii: "("):
                index += 1
                piece = .open
                return
            case UInt8(ascii: ")"):
                index += 1
                piece = .close
                return
            case UInt8(ascii: "\""):
                if let text = try phrase() {
                    piece = .phrase(text)
                    return
                }
            default:
                if let word = try word() {
                    piece = word
                    return
                }
            }
        }
    }

    /// What stands between double quotes, or `nil` where nothing does.
    private mutating func phrase() throws(SyntaxError) -> String? {
        index += 1
        var text: [UInt8] = []
        while index < range.upperBound, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound { index += 1 }
            text.append(bytes[index])
            index += 1
        }
        guard index < range.upperBound else {
            throw error("phrase is not closed: a double quote must end it")
        }
        index += 1
        guard text.contains(where: { !$0.isWhiteSpace }) else { return nil }
        count(text)
        return String(decoding: text, as: UTF8.self)
    }

    /// A word or an operator, or `nil` for reserved characters that say nothing on their own.
    private mutating func word() throws(SyntaxError) -> Piece? {
        var parts: [SOSLStatement.WordPart] = []
        var text: [UInt8] = []
        var isSaying = false
        var isPlain = true
        reading: while index < range.upperBound {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\\") where index + 1 < range.upperBound:
                text.append(bytes[index + 1])
                index += 1
                isPlain = false
                isSaying = true
            case UInt8(ascii: "*"), UInt8(ascii: "?"):
                guard !text.isEmpty || !parts.isEmpty else {
                    throw error("a wild card cannot come first in a word")
                }
                if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
                count(text)
                text = []
                parts.append(byte == UInt8(ascii: "*") ? .anyCharacters : .oneCharacter)
                isPlain = false
            case UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"):
                break reading
            case _ where byte.isWhiteSpace:
                break reading
            default:
                text.append(byte)
                if !byte.isReservedInSearch { isSaying = true }
            }
            index += 1
        }
        guard isSaying else { return nil }
        if isPlain, let found = Self.joint(text) { return found }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        count(text)
        return .word(parts)
    }

    private static func joint(_ word: [UInt8]) -> Piece? {
        guard word.count <= 3 else { return nil }
        switch String(decoding: word, as: UTF8.self).uppercased() {
        case "AND": return .and
        case "OR": return .or
        case "NOT": return .not
        default: return nil
        }
    }

    private mutating func count(_ text: [UInt8]) {
        for byte in text where !byte.isContinuation && !byte.isWhiteSpace {
            literalCharacters += 1
        }
    }
}

// MARK: - Mistakes

extension SearchTerm {
    private var isBlank: Bool { bytes[range].allSatisfy(\.isWhiteSpace) }

    private func tooShort() -> SyntaxError {
        let text = String(decoding: bytes[range], as: UTF8.self)
        return SyntaxError(
            "search term must be longer than one character: \(text)",
            at: place ?? SourceSpan(range, in: bytes),
            kind: .malformedSearch
        )
    }

    /// An error at the current piece.
    private func error(_ detail: String) -> SyntaxError {
        let end = max(pieceStart, index)
        return SyntaxError(
            detail,
            at: place ?? SourceSpan(pieceStart..<end, in: bytes),
            kind: .malformedSearch
        )
    }
}

extension SourceSpan {
    /// The span of some bytes of a text; row and column are counted from the start.
    fileprivate init(_ range: Range<Int>, in bytes: [UInt8]) {
        let before = bytes[..<range.lowerBound]
        let newline = UInt8(ascii: "\n")
        let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        self.init(
            start: range.lowerBound,
            end: range.upperBound,
            row: before.lazy.filter { $0 == newline }.count + 1,
            column: before[lineStart...].lazy.filter { !$0.isContinuation }.count + 1
        )
    }
}

extension UInt8 {
    /// ASCII punctuation that is written with a backslash in a search term.
    fileprivate var isReservedInSearch: Bool {
        switch self {
        case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "!"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "^"),
            UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "'"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
