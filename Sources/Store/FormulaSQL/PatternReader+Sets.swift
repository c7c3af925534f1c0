/// Escapes, and characters that stand in sets.
extension PatternReader {
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

    static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain = scalar.properties.isAlphabetic || scalar.value >= 0x80 || scalar == " "
        let isDigit = ("0"..."9").contains(scalar)
        return isPlain || isDigit ? String(scalar) : "\\u" + hex(scalar)
    }

    /// The four digits of a character of ASCII.
    private static func hex(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    mutating func escape() -> (text: String, isCountable: Bool)? {
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

    mutating func set() -> String? {
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
