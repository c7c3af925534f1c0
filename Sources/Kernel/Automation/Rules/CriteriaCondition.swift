import Metadata

/// One condition on one field, with its values read as the field's type has them.
struct CriteriaCondition: Sendable {
    let path: RecordPath
    private let operation: Criteria.Operation
    private let values: [FieldValue]

    init(
        _ item: Criteria.Item,
        on object: ObjectDefinition,
        in schema: OrgSchema
    ) throws(RecordPath.Failure) {
        path = try RecordPath(item.field, on: object, in: schema)
        operation = item.operation
        let field = path.definition
        guard CriteriaCondition.operations(of: field).contains(item.operation) else {
            throw RecordPath.Failure(
                message: "`\(item.field)` cannot be compared by \(item.operation.rawValue)"
            )
        }
        let texts = CriteriaCondition.texts(item.value)
        var values: [FieldValue] = []
        for text in texts {
            guard let value = CriteriaCondition.value(text, of: field) else {
                throw RecordPath.Failure(
                    message: "`\(text)` is no value of `\(item.field)`"
                        + Suggestion.phrase(
                            for: text,
                            among: field.picklist?.values.map(\.name) ?? []
                        )
                )
            }
            values.append(value)
        }
        self.values = values.isEmpty ? [.null] : values
    }

    /// Several values are separated by commas; quotation marks keep a comma in a value.
    private static func texts(_ value: String) -> [String] {
        var found: [String] = []
        var text = ""
        var isQuoted = false
        for character in value {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                found.append(text)
                text = ""
            } else {
                text.append(character)
            }
        }
        found.append(text)
        return found.map { text in
            let start = text.drop(while: \.isWhitespace)
            let end = start.reversed().drop(while: \.isWhitespace)
            return String(end.reversed())
        }
    }

    private static func operations(of field: FieldDefinition) -> Set<Criteria.Operation> {
        switch field.type {
        case .text, .longTextArea, .html, .email, .phone, .url, .autoNumber, .encryptedText:
            [
                .equals, .notEqual, .contains, .notContain, .startsWith, .lessThan, .lessOrEqual,
                .greaterThan, .greaterOrEqual,
            ]
        case .picklist: [.equals, .notEqual, .contains, .notContain, .startsWith]
        case .multiselectPicklist: [.equals, .notEqual, .includes, .excludes]
        case .checkbox, .id, .lookup, .masterDetail: [.equals, .notEqual]
        case .number, .currency, .percent, .date, .dateTime, .time, .coordinate:
            [.equals, .notEqual, .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual]
        case .address, .location, .file, .formula, .summary: []
        }
    }

    /// A written value as the field holds it; `nil` where it cannot.
    private static func value(_ text: String, of field: FieldDefinition) -> FieldValue? {
        if text.isEmpty { return .null }
        switch field.type {
        case .text, .longTextArea, .html, .email, .phone, .url, .autoNumber, .encryptedText:
            return .text(text)
        case .picklist(let picklist), .multiselectPicklist(let picklist):
            if let value = picklist.value(named: text) { return .text(value.name) }
            return picklist.isRestricted ? nil : .text(text)
        case .checkbox:
            return switch text.lowercased() {
            case "true", "1": .boolean(true)
            case "false", "0": .boolean(false)
            default: nil
            }
        case .number, .currency, .percent: return ExactDecimal(text).map { .number($0) }
        case .coordinate: return Double(text).map { .coordinate($0) }
        case .date: return CivilText.daysSinceEpoch(text).map { .date($0) }
        case .dateTime:
            return CivilText.millisecondsSinceEpoch(text)
                .map { .dateTime(Instant(milliseconds: $0)) }
        case .time:
            return BusinessHoursDefinition.time(text)
                .flatMap { CivilText.millisecondsOfDay($0) }.map { .time($0) }
        case .id, .lookup, .masterDetail: return (try? RecordID(text)).map { .id($0) }
        case .address, .location, .file, .formula, .summary: return nil
        }
    }
}

// MARK: - Asking

extension CriteriaCondition {
    /// Whether it holds of a value.
    ///
    /// Of several values, one has to be equal, or none for a negation.
    func holds(_ value: FieldValue) -> Bool {
        switch operation {
        case .equals: values.contains { CriteriaCondition.isEqual(value, $0) }
        case .notEqual: !values.contains { CriteriaCondition.isEqual(value, $0) }
        case .contains: values.contains { CriteriaCondition.contains(value, $0) }
        case .notContain: !values.contains { CriteriaCondition.contains(value, $0) }
        case .startsWith:
            values.contains { other in
                guard let text = value.text, let other = other.text else { return false }
                return text.lowercased().hasPrefix(other.lowercased())
            }
        case .includes: values.contains { CriteriaCondition.includes(value, $0) }
        case .excludes: !values.contains { CriteriaCondition.includes(value, $0) }
        case .lessThan: values.contains { CriteriaCondition.order(value, $0) == -1 }
        case .greaterThan: values.contains { CriteriaCondition.order(value, $0) == 1 }
        case .lessOrEqual:
            values.contains { CriteriaCondition.order(value, $0).map { $0 <= 0 } ?? false }
        case .greaterOrEqual:
            values.contains { CriteriaCondition.order(value, $0).map { $0 >= 0 } ?? false }
        }
    }

    private static func isEqual(_ left: FieldValue, _ right: FieldValue) -> Bool {
        if let left = left.text, let right = right.text {
            return left.lowercased() == right.lowercased()
        }
        if case .number(let left) = left, case .number(let right) = right { return left == right }
        // A checkbox that nobody has set is not checked.
        if case .boolean(let right) = right, left.isNull { return !right }
        return left == right
    }

    private static func contains(_ value: FieldValue, _ part: FieldValue) -> Bool {
        guard let text = value.text, let part = part.text else { return false }
        return text.lowercased().contains(part.lowercased())
    }

    private static func includes(_ value: FieldValue, _ one: FieldValue) -> Bool {
        guard let one = one.text?.lowercased() else { return value.isNull }
        return value.text?.split(separator: ";").contains { $0.lowercased() == one } ?? false
    }

    /// -1, 0 or 1; `nil` where one is empty or they cannot be compared.
    private static func order(_ left: FieldValue, _ right: FieldValue) -> Int? {
        func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
            left < right ? -1 : left > right ? 1 : 0
        }
        switch (left, right) {
        case (.text(let left), .text(let right)):
            return sign(left.lowercased(), right.lowercased())
        case (.number(let left), .number(let right)): return sign(left, right)
        case (.date(let left), .date(let right)): return sign(left, right)
        case (.dateTime(let left), .dateTime(let right)): return sign(left, right)
        case (.time(let left), .time(let right)): return sign(left, right)
        case (.coordinate(let left), .coordinate(let right)): return sign(left, right)
        default: return nil
        }
    }
}
