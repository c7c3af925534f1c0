private import Foundation
import Language
import Metadata

/// What is found out about texts.
extension FormulaTranslator {
    mutating func ofText(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        if function == .regex { return try match(nodes) }
        let parts = try parts(nodes, .text, .text, .number)
        let first = parts[0].value
        switch function {
        case .isNumber: return test("(steward_value(\(first)) IS NOT NULL)", parts)
        case .begins: return test("starts_with(\(first), \(parts[1].value))", parts)
        case .contains: return test("(strpos(\(first), \(parts[1].value)) > 0)", parts)
        case .value:
            var result = number(
                "steward_value(translate(\(first), \(PostgresFunctions.spaces), ''))",
                parts,
                .unknown,
                canFail: true
            )
            result.isBlankable = true
            return result
        case .ascii:
            let value = "NULLIF(ascii(\(first)), 0)::numeric"
            var result = number(value, parts, FormulaDigits(7, 0), canFail: false)
            result.isBlankable = true
            return result
        case .len: return count("length(\(first))::numeric", parts)
        default:
            let start = parts.count > 2 ? integer(parts[2], blank: 1) : "1"
            return count("steward_find(\(first), \(parts[1].value), \(start))::numeric", parts)
        }
    }

    private func count(_ value: String, _ parts: [FormulaPart]) -> FormulaPart {
        var result = number(value, parts, FormulaDigits(10, 0), canFail: false)
        result.isBlankable = false
        return result
    }

    private mutating func match(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let text = try part(nodes[0], as: .text)
        let pattern = try part(nodes[1], as: .text)
        let source: String
        switch pattern.constant {
        case .text(let written): source = written
        case .null: source = ""
        default: throw FormulaRefusal(reason: "the pattern of REGEX is not written in it")
        }
        guard let translated = PostgresPattern(source) else {
            // What is no regular expression at all fails for every record.
            if (try? NSRegularExpression(pattern: "\\A(?:\(source))\\z")) == nil {
                var failing = test("FALSE", [text])
                failing.failures = FormulaFailures(any: "TRUE")
                failing.failsAsNull = false
                return failing
            }
            throw FormulaRefusal(reason: "REGEX: PostgreSQL has no pattern like `\(source)`")
        }
        let isTooLong = "(octet_length(\(text.value)) > 32768)"
        let isShort = text.bytesMax.map { $0 <= 32_768 } ?? false
        var result = test(matches(text, translated), [text])
        if !isShort {
            let limit = FormulaFailures(any: isTooLong, limit: isTooLong)
            result.failures = .joined([result.failures, limit])
            result.failsAsNull = false
        }
        return result
    }

    private mutating func matches(_ text: FormulaPart, _ pattern: PostgresPattern) -> String {
        let subject = "\(text.value) COLLATE \"und-x-icu\""
        let plain = place(.text(pattern.text))
        guard pattern.ignoresCase else { return "(\(subject) ~ \(plain)::text)" }
        let either = "(\(subject) ~* \(plain)::text)"
        guard let folded = pattern.folded else { return either }
        // Letters that are several when folded, such as ß.
        let lowered = place(.text(folded))
        return "(\(either) OR steward_lower(steward_upper(\(text.value))) ~ \(lowered)::text)"
    }
}
