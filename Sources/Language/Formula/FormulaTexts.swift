import Foundation
import Metadata

/// The functions of text; characters are Unicode scalars, as the stores count them.
enum FormulaTexts {
    static func call(
        _ function: FormulaFunction,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaValue {
        let first = arguments.text(0)
        switch function {
        case .begins: return .boolean(first.unicodeScalars.starts(with: scalars(arguments, 1)))
        case .contains:
            return .boolean(place(of: scalars(arguments, 1), in: scalars(arguments, 0)) != nil)
        case .isNumber: return .boolean(FormulaNumber(first) != nil)
        case .regex:
            return .boolean(try FormulaPattern.matches(first, pattern: arguments.text(1)))
        case .find: return .number(FormulaNumber(find(arguments)))
        case .len: return .number(FormulaNumber(first.unicodeScalars.count))
        case .br: return .text("<br>")
        case .value:
            if first.isEmpty { return .null }
            let plain = first.filter { !$0.isWhitespace }
            guard let number = FormulaNumber(plain) else {
                throw FormulaFailure(.conversion, "VALUE: the text is no number")
            }
            return .number(number)
        case .ascii:
            guard let scalar = first.unicodeScalars.first else { return .null }
            return .number(FormulaNumber(Int(scalar.value)))
        case .chr:
            guard let code = arguments.integer(0) else { return .null }
            guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
                throw FormulaFailure(.range, "CHR: there is no character \(code)")
            }
            return .text(String(scalar))
        case .text: return .text(orNull: text(arguments[0]))
        case .caseSafeID: return try caseSafe(arguments[0])
        case .formatCurrency: return FormulaFormat.currency(first, arguments.number(1))
        case .jsonValue, .jsonPathValue:
            return FormulaJSON.value(
                in: first,
                at: arguments.text(1),
                isPath: function != .jsonValue
            )
        default:
            let made = try made(function, first, arguments)
            guard made.utf8.count <= FormulaEvaluator.textMax else {
                throw FormulaFailure(.limit, "the formula makes too long a text")
            }
            return .text(orNull: made)
        }
    }

    private static func scalars(_ arguments: FormulaArguments, _ index: Int) -> [Unicode.Scalar] {
        Array(arguments.text(index).unicodeScalars)
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private static func made(
        _ function: FormulaFunction,
        _ first: String,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> String {
        let locale = { arguments.text(1).isEmpty ? nil : Locale(identifier: arguments.text(1)) }
        switch function {
        case .lower: return locale().map { first.lowercased(with: $0) } ?? first.lowercased()
        case .upper: return locale().map { first.uppercased(with: $0) } ?? first.uppercased()
        case .initCap: return capitalized(first)
        case .reverse: return string(first.unicodeScalars.reversed())
        case .left: return string(first.unicodeScalars.prefix(max(0, arguments.integer(1) ?? 0)))
        case .right: return string(first.unicodeScalars.suffix(max(0, arguments.integer(1) ?? 0)))
        case .mid, .substr: return middle(function, first, arguments)
        case .lpad, .rpad: return try padded(function, arguments)
        case .substitute: return try substituted(arguments)
        case .trim:
            return first.trimmingCharacters(in: .whitespacesAndNewlines)
        case .hyperlink:
            let target = arguments.text(2)
            let attribute = target.isEmpty ? "" : " target=\"\(target)\""
            return "<a href=\"\(first)\"\(attribute)>\(arguments.text(1))</a>"
        case .image:
            var image = "<img src=\"\(first)\" alt=\"\(arguments.text(1))\""
            if let height = arguments.integer(2) { image += " height=\"\(height)\"" }
            if let width = arguments.integer(3) { image += " width=\"\(width)\"" }
            return image + "/>"
        case .htmlEncode: return FormulaEncoding.html(first)
        case .jsEncode: return FormulaEncoding.script(first)
        case .jsInHTMLEncode: return FormulaEncoding.script(FormulaEncoding.html(first))
        case .urlEncode: return FormulaEncoding.url(first)
        default: return first
        }
    }

    private static func text(_ value: FormulaValue) -> String {
        switch value {
        case .number(let number): number.description
        case .date(let days): CivilDate(daysSinceEpoch: days).map(FormulaFormat.date) ?? ""
        case .dateTime(let moment): FormulaFormat.dateTime(moment)
        case .time(let time): FormulaFormat.time(time)
        case .text(let text): text
        case .id(let id): id.short
        case .null, .boolean, .geolocation: ""
        }
    }

    private static func caseSafe(_ value: FormulaValue) throws(FormulaFailure) -> FormulaValue {
        switch value {
        case .id(let id): return .text(id.description)
        case .text(let text):
            guard let id = try? RecordID(text) else { return .text(text) }
            return .text(id.description)
        default: return .null
        }
    }

    /// The index of a part, at or after a start.
    private static func place(
        of part: [Unicode.Scalar],
        in text: [Unicode.Scalar],
        from start: Int = 0
    ) -> Int? {
        guard start >= 0, part.count <= text.count - start else { return nil }
        if part.isEmpty { return start }
        for index in start...(text.count - part.count)
        where text[index] == part[0] && text[index..<(index + part.count)].elementsEqual(part) {
            return index
        }
        return nil
    }

    private static func find(_ arguments: FormulaArguments) -> Int {
        let part = scalars(arguments, 0)
        guard !part.isEmpty else { return 0 }
        let start = max(1, arguments.integer(2) ?? 1)
        return place(of: part, in: scalars(arguments, 1), from: start - 1).map { $0 + 1 } ?? 0
    }

    private static func middle(
        _ function: FormulaFunction,
        _ first: String,
        _ arguments: FormulaArguments
    ) -> String {
        guard let start = arguments.integer(1) else { return "" }
        let rest = first.unicodeScalars.dropFirst(max(0, start - 1))
        if function == .substr, arguments.count == 2 { return string(rest) }
        return string(rest.prefix(max(0, arguments.integer(2) ?? 0)))
    }

    private static func padded(
        _ function: FormulaFunction,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> String {
        let text = scalars(arguments, 0)
        guard let length = arguments.integer(1), length > 0 else { return "" }
        if text.count >= length || text.isEmpty { return string(text.prefix(length)) }
        guard length <= FormulaEvaluator.textMax else {
            throw FormulaFailure(.limit, "the formula makes too long a text")
        }
        let fill = arguments.count > 2 ? scalars(arguments, 2) : [" "]
        guard !fill.isEmpty else { return string(text) }
        let added = (0..<(length - text.count)).map { fill[$0 % fill.count] }
        return string(function == .lpad ? added + text : text + added)
    }

    private static func substituted(_ arguments: FormulaArguments) throws(FormulaFailure) -> String
    {
        let old = scalars(arguments, 1)
        let text = scalars(arguments, 0)
        guard !old.isEmpty else { return arguments.text(0) }
        let new = scalars(arguments, 2)
        var result: [Unicode.Scalar] = []
        var start = 0
        while let found = place(of: old, in: text, from: start) {
            result += text[start..<found] + new
            start = found + old.count
            guard result.count <= FormulaEvaluator.textMax else {
                throw FormulaFailure(.limit, "the formula makes too long a text")
            }
        }
        return string(result + text[start...])
    }

    /// Each run of letters and digits begins with a capital.
    private static func capitalized(_ text: String) -> String {
        var result = ""
        var isInside = false
        for character in text {
            let isWord = character.isLetter || character.isNumber
            result += isInside ? character.lowercased() : title(character)
            isInside = isWord
        }
        return result
    }

    private static func title(_ character: Character) -> String {
        character.unicodeScalars.map(\.properties.titlecaseMapping).joined()
    }
}

/// Texts made safe for where they are put.
enum FormulaEncoding {
    static func html(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func script(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "'": result += "\\'"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "/": result += "\\/"
            case "<": result += "\\u003C"
            case ">": result += "\\u003E"
            case "\u{2028}": result += "\\u2028"
            case "\u{2029}": result += "\\u2029"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As a form sends it: a blank is a `+`.
    static func url(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if byte.isLetter || byte.isDigit || "-_.*".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else if byte == 0x20 {
                result += "+"
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}

extension FormulaFormat {
    private static let withoutDecimals: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
        "VUV", "XAF", "XOF", "XPF",
    ]
    private static let withThreeDecimals: Set<String> = [
        "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND",
    ]

    /// `USD 1,000.00`.
    static func currency(_ code: String, _ amount: FormulaNumber?) -> FormulaValue {
        guard let amount else { return .null }
        let code = code.uppercased()
        let places = withoutDecimals.contains(code) ? 0 : withThreeDecimals.contains(code) ? 3 : 2
        let rounded = amount.rounded(to: places)
        let parts = rounded.magnitude.description.split(separator: ".")
        var whole = ""
        for (index, digit) in (parts.first ?? "0").reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { whole.append(",") }
            whole.append(digit)
        }
        var text = String(whole.reversed())
        if places > 0 {
            let decimals = parts.count > 1 ? String(parts[1]) : ""
            text += "." + decimals + String(repeating: "0", count: max(0, places - decimals.count))
        }
        let signed = rounded.isNegative ? "-\(text)" : text
        return .text(code.isEmpty ? signed : "\(code) \(signed)")
    }
}
