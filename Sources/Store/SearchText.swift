import Language

/// A search term in the words of a database's full-text search.
///
/// Every word is quoted, so that nothing a user writes is an operator of the database. A wild card
/// at the end of a word looks for words that begin so. One inside a word is beyond full-text
/// search: there the words that begin like it are found, and their texts looked at afterwards
/// (`SQLCompiler.verification`). A wild card that a word begins with is passed over.
struct SearchText {
    let dialect: Dialect

    /// The term; `nil` where it finds nothing.
    func match(_ term: SOSLStatement.Term) -> String? {
        switch term {
        case .word(let parts): return word(WordPattern(parts))
        case .phrase(let text): return quoted(text)
        case .and(let terms):
            // A sign between words, as in `AT & T`, asks for nothing.
            let all = terms.filter { !$0.isMute }.map(match)
            // What cannot be found cannot be found together with others.
            return joined(all.compactMap { $0 }, by: and, isComplete: !all.contains(nil))
        case .or(let terms): return joined(terms.compactMap(match), by: " OR ", isComplete: true)
        case .andNot(let wanted, let unwanted):
            guard let first = match(wanted) else { return nil }
            // Words that only begin like an unwanted one must not be left out.
            guard !unwanted.needsVerification, let second = match(unwanted) else { return first }
            return dialect == .sqlite ? "(\(first) NOT \(second))" : "(\(first) & !\(second))"
        case .bind: return nil
        }
    }

    private var and: String { dialect == .sqlite ? " AND " : " & " }

    private func joined(_ texts: [String], by conjunction: String, isComplete: Bool) -> String? {
        guard isComplete, let first = texts.first else { return nil }
        let sign = dialect == .postgres && conjunction == " OR " ? " | " : conjunction
        return texts.count == 1 ? first : "(\(texts.joined(separator: sign)))"
    }

    private func word(_ pattern: WordPattern) -> String? {
        guard !pattern.prefix.isEmpty, let text = quoted(pattern.prefix) else { return nil }
        guard !pattern.isWhole else { return text }
        return dialect == .sqlite ? "\(text) *" : "\(text):*"
    }

    private func quoted(_ text: String) -> String? {
        let clean = text.replacing("\0", with: " ")
        guard clean.isSearchable else { return nil }
        return switch dialect {
        case .sqlite: "\"\(clean.replacing("\"", with: "\"\""))\""
        case .postgres: "'\(clean.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
        }
    }
}

/// One word, taken apart at its first wild card.
struct WordPattern {
    /// What stands before the first wild card.
    let prefix: String
    /// Whether there is no wild card.
    let isWhole: Bool
    /// Whether something stands after a wild card, or it is for one character only.
    let needsVerification: Bool
    /// A pattern of `LIKE` for a text with such a word.
    let like: String

    init(_ parts: [SOSLStatement.WordPart]) {
        let wanted = parts.drop { if case .text = $0 { false } else { true } }
        var prefix = ""
        var rest: [SOSLStatement.WordPart] = []
        var like = ""
        for part in wanted {
            switch part {
            case .text(let text):
                like += LikeText.escaped(text)
                if rest.isEmpty { prefix += text } else { rest.append(part) }
            case .anyCharacters:
                like += "%"
                rest.append(part)
            case .oneCharacter:
                like += "_"
                rest.append(part)
            }
        }
        self.prefix = prefix
        isWhole = rest.isEmpty
        needsVerification = rest.contains { $0 != .anyCharacters }
        self.like = "%\(like)%"
    }
}

extension String {
    /// Whether there is anything in it that full-text search keeps.
    fileprivate var isSearchable: Bool { contains { $0.isLetter || $0.isNumber } }
}

extension SOSLStatement.Term {
    /// Whether it is a word or a phrase of signs alone.
    fileprivate var isMute: Bool {
        switch self {
        case .word(let parts): !WordPattern(parts).prefix.isSearchable
        case .phrase(let text): !text.isSearchable
        case .and, .or, .andNot, .bind: false
        }
    }

    /// Whether a word in it has a wild card that full-text search does not know.
    var needsVerification: Bool {
        switch self {
        case .word(let parts): WordPattern(parts).needsVerification
        case .phrase, .bind: false
        case .and(let terms), .or(let terms): terms.contains(where: \.needsVerification)
        case .andNot(let wanted, let unwanted):
            wanted.needsVerification || unwanted.needsVerification
        }
    }
}
