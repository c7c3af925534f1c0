import Language
import Metadata

/// The conditions of a roll-up summary as a SOQL condition on the child.
struct RollUpFilter {
    let child: ObjectDefinition
    let items: [Criteria.Item]

    /// `nil` where every child counts.
    ///
    /// - Throws: `RecordError` with what is wrong in an item.
    func condition() throws(RecordError) -> String? {
        var conditions: [String] = []
        for item in items { conditions.append(try condition(item)) }
        return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
    }

    private func condition(_ item: Criteria.Item) throws(RecordError) -> String {
        guard let field = child.field(APIName(item.field)) else {
            let hint = Suggestion.phrase(for: item.field, among: child.fields.map(\.name.text))
            throw problem("`\(child.name)` has no field `\(item.field)`\(hint)")
        }
        let name = field.name.text
        let texts = RollUpFilter.values(item.value)
        switch item.operation {
        case .equals, .notEqual:
            let isNegated = item.operation == .notEqual
            var literals: [String] = []
            for text in texts { literals.append(try literal(text, field)) }
            let isBlank = literals.isEmpty
            if isBlank { return "\(name) \(isNegated ? "!=" : "=") null" }
            let list = literals.joined(separator: ", ")
            // A blank is not equal to any value, as people read it.
            return isNegated
                ? "(\(name) NOT IN (\(list)) OR \(name) = null)" : "\(name) IN (\(list))"
        case .lessThan: return "\(name) < \(try only(texts, field, item))"
        case .lessOrEqual: return "\(name) <= \(try only(texts, field, item))"
        case .greaterThan: return "\(name) > \(try only(texts, field, item))"
        case .greaterOrEqual: return "\(name) >= \(try only(texts, field, item))"
        case .startsWith: return try like(texts, field, item, before: "", isNegated: false)
        case .contains: return try like(texts, field, item, before: "%", isNegated: false)
        case .notContain: return try like(texts, field, item, before: "%", isNegated: true)
        case .includes, .excludes:
            guard !texts.isEmpty else { throw problem("`\(name)`: a value is missing") }
            let list = texts.map(RollUpFilter.quoted).joined(separator: ", ")
            let word = item.operation == .includes ? "INCLUDES" : "EXCLUDES"
            return "\(name) \(word) (\(list))"
        }
    }

    private func like(
        _ texts: [String],
        _ field: FieldDefinition,
        _ item: Criteria.Item,
        before: String,
        isNegated: Bool
    ) throws(RecordError) -> String {
        guard field.valueType.isTextual else {
            throw problem("`\(field.name)` is no text: `\(item.operation.rawValue)` asks of texts")
        }
        guard !texts.isEmpty else { throw problem("`\(field.name)`: a value is missing") }
        let conditions = texts.map { text in
            let pattern = RollUpFilter.quoted(text, isPattern: true)
            return "\(field.name) LIKE '\(before)\(pattern.dropFirst().dropLast())%'"
        }
        let any = conditions.joined(separator: " OR ")
        return isNegated ? "(NOT (\(any)) OR \(field.name) = null)" : "(\(any))"
    }

    private func only(
        _ texts: [String],
        _ field: FieldDefinition,
        _ item: Criteria.Item
    ) throws(RecordError) -> String {
        guard let text = texts.first, texts.count == 1 else {
            throw problem("`\(field.name)`: `\(item.operation.rawValue)` takes one value")
        }
        return try literal(text, field)
    }

    private func literal(_ text: String, _ field: FieldDefinition) throws(RecordError) -> String {
        let name = field.name
        switch field.valueType {
        case .text, .id, .multiPicklist: return RollUpFilter.quoted(text)
        case .boolean:
            switch text.lowercased() {
            case "true", "1": return "true"
            case "false", "0": return "false"
            default: throw problem("`\(name)` is true or false, not `\(text)`")
            }
        case .integer, .decimal, .real:
            guard let number = ExactDecimal(text) else {
                throw problem("`\(text)` is no number for `\(name)`")
            }
            return number.description
        case .date:
            guard CivilText.daysSinceEpoch(text) != nil else {
                throw problem("`\(text)` is no date for `\(name)`: write it as 2026-01-31")
            }
            return text
        case .dateTime:
            guard CivilText.millisecondsSinceEpoch(text) != nil else {
                throw problem(
                    "`\(text)` is no moment for `\(name)`: write it as 2026-01-31T08:00:00Z"
                )
            }
            return text
        case .time, .longText, .encrypted, .file:
            throw problem("a roll-up summary cannot be filtered by `\(name)`")
        }
    }

    private func problem(_ message: String) -> RecordError {
        RecordError(.invalidQueryFilterOperator, message)
    }

    /// Values are separated by commas; blanks around them do not count.
    static func values(_ text: String) -> [String] {
        text.split(separator: ",").map { part in
            var part = part
            while part.first?.isWhitespace == true { part.removeFirst() }
            while part.last?.isWhitespace == true { part.removeLast() }
            return String(part)
        }
        .filter { !$0.isEmpty }
    }

    /// A SOQL string.
    static func quoted(_ text: String) -> String { quoted(text, isPattern: false) }

    private static func quoted(_ text: String, isPattern: Bool) -> String {
        var quoted = "'"
        for character in text {
            switch character {
            case "\\": quoted += isPattern ? "\\\\\\\\" : "\\\\"
            case "'": quoted += "\\'"
            case "%" where isPattern: quoted += "\\%"
            case "_" where isPattern: quoted += "\\_"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.append(character)
            }
        }
        return quoted + "'"
    }
}

extension ValueType {
    fileprivate var isTextual: Bool {
        switch self {
        case .text: true
        case .id, .longText, .multiPicklist, .encrypted, .boolean, .integer, .decimal, .real, .date,
            .dateTime, .time, .file:
            false
        }
    }
}
