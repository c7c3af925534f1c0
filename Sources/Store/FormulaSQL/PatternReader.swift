/// Reads a pattern and writes it anew.
struct PatternReader {
    var rest: Substring.UnicodeScalarView
    private var depth = 0
    /// Whether something read stands for any of several characters.
    var hasSets = false

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
}
