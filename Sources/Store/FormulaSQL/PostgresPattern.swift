/// A pattern of `REGEX`, as PostgreSQL's regular expressions write it.
///
/// The whole text must match, so it does not matter which of several matches is found first.
struct PostgresPattern {
    /// Fits the whole text.
    private(set) var text = ""
    private(set) var ignoresCase = false
    /// The same over folded letters, where a letter of the pattern may be several when folded.
    private(set) var folded: String?

    /// `nil` for what PostgreSQL has no way to write.
    init?(_ source: String) {
        guard source.utf8.count <= 2_000 else { return nil }
        var reader = PatternReader(source)
        if reader.take("(?i)") { ignoresCase = true }
        guard let body = reader.alternatives(), reader.isAtEnd else { return nil }
        text = "^(?:\(body))$"
        guard ignoresCase else { return }
        var rest = PatternReader(source.lowercasedLetters)
        guard rest.take("(?i)"), let lowered = rest.plainAlternatives() else { return }
        folded = "^(?:\(lowered))$"
    }
}

extension String {
    /// With the letters of a pattern folded; escapes stay what they are.
    fileprivate var lowercasedLetters: String {
        var result = ""
        var isEscaped = false
        for scalar in unicodeScalars {
            if isEscaped {
                result.unicodeScalars.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                result.unicodeScalars.append(scalar)
                isEscaped = true
            } else {
                result += String(scalar).uppercased().lowercased()
            }
        }
        return result
    }
}

/// Reads a pattern and writes it anew.
private struct PatternReader {
    private var rest: Substring.UnicodeScalarView
    private var depth = 0
    /// Whether something read stands for any of several characters.
    private var hasSets = false

    /// Brackets within brackets.
    private static let depthMax = 50
    /// PostgreSQL counts no further.
    private static let countMax = 255

    init(_ source: String) {
        rest = source[...].unicodeScalars
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    /// Those alternatives in which nothing stands for one character of several: where letters are
    /// folded, one may have become two.
    mutating func plainAlternatives() -> String? {
        var kept: [String] = []
        while true {
            hasSets = false
            guard let alternative = sequence() else { return nil }
            if !hasSets { kept.append(alternative) }
            guard take("|") else { break }
        }
        return kept.isEmpty || !isAtEnd ? nil : kept.joined(separator: "|")
    }

    /// Alternatives, up to a closing bracket or to the end.
    mutating func alternatives() -> String? {
        guard var result = sequence() else { return nil }
        while take("|") {
            guard let next = sequence() else { return nil }
            result += "|" + next
        }
        return result
    }

    /// What follows one another, up to the end of an alternative.
    private mutating func sequence() -> String? {
        var result = ""
        while let next = rest.first, next != ")", next != "|" {
            guard let item = item() else { return nil }
            guard let counted = counted(item.text, item.isCountable) else { return nil }
            result += counted
        }
        return result
    }

    /// One thing that can be counted, or a place in the text.
    private mutating func item() -> (text: String, isCountable: Bool)? {
        guard let next = rest.popFirst() else { return nil }
        switch next {
        case "(": return group()
        case "[":
            hasSets = true
            return set().map { ($0, true) }
        case ".":
            hasSets = true
            return (#"[^\n\u000B\f\r\u0085\u2028\u2029]"#, true)
        case "^": return ("^", false)
        case "$":
            // Elsewhere it may stand before a line's end.
            guard rest.isEmpty || rest.first == "|" || rest.first == ")" else { return nil }
            return ("$", false)
        case "\\": return escape()
        case "*", "+", "?", "{", "}": return nil
        default: return (Self.literal(next), true)
        }
    }

    private mutating func group() -> (text: String, isCountable: Bool)? {
        guard depth < Self.depthMax else { return nil }
        depth += 1
        defer { depth -= 1 }
        var opening = "("
        var isCountable = true
        for look in ["?:", "?=", "?!", "?<=", "?<!"] where take(look) {
            opening += look
            isCountable = look == "?:"
            break
        }
        guard opening.count > 1 || rest.first != "?" else { return nil }
        guard let inner = alternatives(), take(")") else { return nil }
        return ("\(opening)\(inner))", isCountable)
    }

    // MARK: Counts

    /// How often it may stand there; lazily or not is all one.
    private mutating func counted(_ item: String, _ isCountable: Bool) -> String? {
        var result = item
        if take("*") {
            result += "*"
        } else if take("+") {
            result += "+"
        } else if take("?") {
            result += "?"
        } else if take("{") {
            guard let (least, most) = bounds() else { return nil }
            result = Self.times(item, least, most)
        } else {
            return result
        }
        _ = take("?")
        // `a*+` gives nothing back, and what is counted twice has no meaning.
        guard isCountable, let next = rest.first else { return isCountable ? result : nil }
        return "*+?{".unicodeScalars.contains(next) ? nil : result
    }

    private mutating func bounds() -> (least: Int, most: Int?)? {
        guard let least = number() else { return nil }
        if take("}") { return (least, least) }
        guard take(",") else { return nil }
        if take("}") { return (least, nil) }
        guard let most = number(), most >= least, take("}") else { return nil }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let next = rest.first, ("0"..."9").contains(next), digits.count < 4 {
            digits.unicodeScalars.append(next)
            rest.removeFirst()
        }
        return Int(digits)
    }

    private static func times(_ item: String, _ least: Int, _ most: Int?) -> String {
        if let most, most <= countMax { return "\(item){\(least),\(most)}" }
        if most == nil, least <= countMax { return "\(item){\(least),}" }
        var result = ""
        let (rounds, rest) = least.quotientAndRemainder(dividingBy: countMax)
        if rounds > 0 { result += "(?:\(item){\(countMax)}){\(rounds)}" }
        if rest > 0 { result += "\(item){\(rest)}" }
        guard let most else { return "(?:\(result)\(item)*)" }
        let (more, few) = (most - least).quotientAndRemainder(dividingBy: countMax)
        if more > 0 { result += "(?:\(item){0,\(countMax)}){0,\(more)}" }
        if few > 0 { result += "\(item){0,\(few)}" }
        return "(?:\(result))"
    }

    // MARK: Escapes

    private static let digit = "[:digit:]"
    private static let word = #"[:alnum:]_\u0300-\u036F\u200C\u200D\u203F\u2040"#
    private static let space =
        #"\t\n\u000B\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"#

    /// Classes of PostgreSQL that are just those properties.
    private static let properties = [
        "L": "[:alpha:]", "Lu": "[:upper:]", "Ll": "[:lower:]", "Nd": "[:digit:]", "P": "[:punct:]",
    ]

    /// `{Lu}` after `\p`.
    private mutating func property() -> String? {
        for (name, text) in Self.properties where take("{\(name)}") { return text }
        return nil
    }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain = scalar.properties.isAlphabetic || scalar.value >= 0x80 || scalar == " "
        let isDigit = ("0"..."9").contains(scalar)
        return isPlain || isDigit ? String(scalar) : "\\u" + hex(scalar)
    }

    /// The four digits of a character of ASCII.
    private static func hex(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private mutating func escape() -> (text: String, isCountable: Bool)? {
        guard let next = rest.popFirst() else { return nil }
        hasSets = hasSets || "dDwWsSpP".unicodeScalars.contains(next)
        switch next {
        case "d": return ("[\(Self.digit)]", true)
        case "D": return ("[^\(Self.digit)]", true)
        case "w": return ("[\(Self.word)]", true)
        case "W": return ("[^\(Self.word)]", true)
        case "s": return ("[\(Self.space)]", true)
        case "S": return ("[^\(Self.space)]", true)
        case "p": return property().map { ("[\($0)]", true) }
        case "P": return property().map { ("[^\($0)]", true) }
        case "b": return (#"\y"#, false)
        case "B": return (#"\Y"#, false)
        case "A": return ("^", false)
        case "z": return ("$", false)
        case "1"..."9":
            if let digit = rest.first, ("0"..."9").contains(digit) { return nil }
            return ("\\\(next)", true)
        default:
            guard let scalar = escaped(next) else { return nil }
            return (Self.literal(scalar), true)
        }
    }

    /// The character that an escape stands for.
    private mutating func escaped(_ letter: Unicode.Scalar) -> Unicode.Scalar? {
        switch letter {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{0C}"
        case "e": return "\u{1B}"
        case "a": return "\u{07}"
        case "u": return hexadecimal(4)
        case "x": return hexadecimal(2)
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return letter
        }
    }

    private mutating func hexadecimal(_ count: Int) -> Unicode.Scalar? {
        let digits = String(String.UnicodeScalarView(rest.prefix(count)))
        guard digits.utf8.count == count, let code = UInt32(digits, radix: 16), code > 0 else {
            return nil
        }
        rest = rest.dropFirst(count)
        return Unicode.Scalar(code)
    }

    // MARK: Sets

    private mutating func set() -> String? {
        var result = take("^") ? "[^" : "["
        var isEmpty = true
        while let next = rest.popFirst() {
            switch next {
            case "]" where !isEmpty: return result + "]"
            // Sets within sets, and what they have in common.
            case "[", "]", "&": return nil
            case "\\":
                guard let letter = rest.popFirst() else { return nil }
                switch letter {
                case "d": result += Self.digit
                case "w": result += Self.word
                case "s": result += Self.space
                case "p":
                    guard let property = property() else { return nil }
                    result += property
                default:
                    guard let low = escaped(letter), let text = range(from: low) else { return nil }
                    result += text
                }
            default:
                guard let text = range(from: next) else { return nil }
                result += text
            }
            isEmpty = false
        }
        return nil
    }

    /// A character of a set, or a stretch that begins with it.
    private mutating func range(from low: Unicode.Scalar) -> String? {
        guard rest.first == "-", let after = rest.dropFirst().first, after != "]" else {
            return Self.literal(low)
        }
        rest.removeFirst()
        guard var high = rest.popFirst(), high != "[" else { return nil }
        if high == "\\" {
            guard let letter = rest.popFirst(), let scalar = escaped(letter) else { return nil }
            high = scalar
        }
        guard low.value <= high.value else { return nil }
        return "\(Self.literal(low))-\(Self.literal(high))"
    }
}
