import Language
import Metadata

/// Text as a SOQL literal.
enum SOQLText {
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    /// Text inside a pattern of `LIKE`: what it holds stands for itself.
    static func pattern(_ text: String) -> String {
        text.replacing("\\", with: "\\\\\\\\").replacing("'", with: "\\'")
            .replacing("%", with: "\\\\%").replacing("_", with: "\\\\_")
    }

    /// A value as a literal; `nil` for one that has none.
    static func literal(_ value: FieldValue) -> String? {
        switch value {
        case .text(let text): quoted(text)
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.description
        case .id(let id): quoted(id.description)
        case .null, .date, .dateTime, .time, .coordinate, .blob: nil
        }
    }
}

/// The criteria of a sharing rule as a condition on the record's own fields.
///
/// The condition is what a query would ask, so that a rule, a list view and a search by the same
/// words find the same records.
struct SharingCriteria {
    /// Why criteria cannot be kept true.
    struct Problem: Error {
        let message: String
        /// The place of the condition; `nil` where it concerns all of them.
        let item: Int?
    }

    private let object: ObjectDefinition
    private let schema: OrgSchema

    init(_ object: ObjectDefinition, _ schema: OrgSchema) {
        self.object = object
        self.schema = schema
    }

    func rows(_ criteria: Criteria) throws(Problem) -> RowPredicate {
        if criteria.formula != nil {
            throw Problem(
                message: "a sharing rule takes `criteriaItems`: a formula could not be followed "
                    + "when what it reads changes",
                item: nil
            )
        }
        guard !criteria.items.isEmpty else {
            throw Problem(message: "needs `criteriaItems`: which records it is about", item: nil)
        }
        var parts: [String] = []
        for (place, item) in criteria.items.enumerated() {
            parts.append("(\(try text(item, place)))")
        }
        let text = try Self.combined(parts, criteria.booleanFilter)
        return try Self.rows(text, object, schema)
    }

    /// A condition in SOQL's words as a predicate on the object's own fields.
    static func rows(
        _ text: String,
        _ object: ObjectDefinition,
        _ schema: OrgSchema
    ) throws(Problem) -> RowPredicate {
        let soql = "SELECT Id FROM \(object.name) WHERE \(text)"
        let query: ResolvedQuery
        do {
            let statement = try SOQLParser.parse(soql)
            query = try Resolver.resolve(statement, in: schema, visible: FullVisibility())
        } catch let error as SyntaxError {
            throw Problem(message: error.message(in: soql), item: nil)
        } catch let error as ResolveError {
            throw Problem(message: error.detail, item: nil)
        } catch {
            throw Problem(message: "\(error)", item: nil)
        }
        guard query.tables.count == 1, let filter = query.filter, !hasSemiJoin(filter),
            query.limit == nil, query.orderBy.isEmpty, query.grouping == nil
        else {
            throw Problem(
                message: "only fields of \(object.name) itself can be asked: a change of another "
                    + "record would not be noticed",
                item: nil
            )
        }
        // Its parts may change without the record, and what decides about access must be stored.
        if let computed = query.formulas.keys.map(\.field.name).min() {
            throw Problem(
                message: "`\(computed)` cannot decide: it is computed when it is read",
                item: nil
            )
        }
        let context = ReadContext(
            user: RecordID(number: 0),
            timeZone: "UTC",
            locale: "en_US",
            calendar: CalendarSettings()
        )
        return .condition(RowPredicate.RowCondition(filter, text: text, context: context))
    }

    private static func hasSemiJoin(_ condition: ResolvedCondition) -> Bool {
        switch condition {
        case .and(let parts), .or(let parts): parts.contains(where: hasSemiJoin)
        case .not(let part): hasSemiJoin(part)
        case .semiJoin: true
        case .compare, .like, .isIn, .includes, .dateLiteral, .constant: false
        }
    }

    private func text(_ item: Criteria.Item, _ place: Int) throws(Problem) -> String {
        guard !item.field.contains(".") else {
            throw Problem(
                message: "`\(item.field)` is a field of another record, whose changes would not "
                    + "be noticed; name a field of \(object.name)",
                item: place
            )
        }
        guard let field = object.field(APIName(item.field)), !field.isHidden else {
            let hint = Suggestion.phrase(
                for: item.field,
                among: object.fields.filter { !$0.isHidden }.map(\.name.text)
            )
            throw Problem(
                message: "\(object.name) has no field `\(item.field)`\(hint)",
                item: place
            )
        }
        guard Self.canDecide(field) else {
            throw Problem(
                message: "`\(field.name)` cannot decide: it is computed, sealed, or too long",
                item: place
            )
        }
        let condition: String
        do throws(Problem) {
            condition = try CriteriaItemText(field: field, item: item).text
            _ = try Self.rows(condition, object, schema)
        } catch {
            throw Problem(message: error.message, item: place)
        }
        return condition
    }

    static func canDecide(_ field: FieldDefinition) -> Bool {
        switch field.type {
        case .formula, .summary, .address, .location, .file, .encryptedText: false
        case .longTextArea(let length): length <= 255
        case .html: false
        case .id, .text, .email, .phone, .url, .checkbox, .number, .currency, .percent, .date,
            .dateTime, .time, .picklist, .multiselectPicklist, .lookup, .masterDetail,
            .autoNumber, .coordinate:
            true
        }
    }

    /// `1 AND (2 OR 3)` with the conditions in the places of their numbers.
    static func combined(_ parts: [String], _ logic: String?) throws(Problem) -> String {
        guard let logic else { return parts.joined(separator: " AND ") }
        var text = ""
        var rest = Substring(logic)
        while let first = rest.first {
            if first.isASCII, first.isNumber {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits), parts.indices.contains(number - 1) else {
                    throw Problem(
                        message: "`booleanFilter` names the condition \(digits), of "
                            + "\(parts.count)",
                        item: nil
                    )
                }
                text += parts[number - 1]
                rest = rest.dropFirst(digits.count)
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter }
                guard ["and", "or", "not"].contains(word.lowercased()) else {
                    throw Problem(
                        message: "`booleanFilter` takes numbers, AND, OR, NOT and brackets, not "
                            + "`\(word)`",
                        item: nil
                    )
                }
                text += word.uppercased()
                rest = rest.dropFirst(word.count)
            } else if first == "(" || first == ")" || first.isWhitespace {
                text.append(first)
                rest = rest.dropFirst()
            } else {
                throw Problem(
                    message: "`booleanFilter` takes numbers, AND, OR, NOT and brackets, not "
                        + "`\(first)`",
                    item: nil
                )
            }
        }
        return text
    }
}

/// One condition of a rule in SOQL's words.
private struct CriteriaItemText {
    let field: FieldDefinition
    let item: Criteria.Item

    private var values: [String] {
        item.value.split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    var text: String {
        get throws(SharingCriteria.Problem) {
            switch item.operation {
            case .equals: return try membership("IN", isNegated: false)
            case .notEqual: return try membership("NOT IN", isNegated: true)
            case .lessThan: return try comparison("<")
            case .greaterThan: return try comparison(">")
            case .lessOrEqual: return try comparison("<=")
            case .greaterOrEqual: return try comparison(">=")
            case .contains: return try patterns("%", "%").joined(separator: " OR ")
            case .notContain:
                return "NOT (\(try patterns("%", "%").joined(separator: " OR ")))"
            case .startsWith: return try patterns("", "%").joined(separator: " OR ")
            case .includes: return try sets("INCLUDES")
            case .excludes: return try sets("EXCLUDES")
            }
        }
    }

    private func membership(
        _ operation: String,
        isNegated: Bool
    ) throws(SharingCriteria.Problem) -> String {
        if values.isEmpty { return "\(field.name) \(isNegated ? "!=" : "=") null" }
        if case .multiselectPicklist = field.type {
            return "\(field.name) \(isNegated ? "!=" : "=") \(SOQLText.quoted(item.value))"
        }
        if case .checkbox = field.type {
            return "\(field.name) \(isNegated ? "!=" : "=") \(try literal(values[0]))"
        }
        var literals: [String] = []
        for value in values { literals.append(try literal(value)) }
        return "\(field.name) \(operation) (\(literals.joined(separator: ", ")))"
    }

    private func comparison(_ sign: String) throws(SharingCriteria.Problem) -> String {
        guard let only = values.first, values.count == 1 else {
            throw problem("takes one value")
        }
        return "\(field.name) \(sign) \(try literal(only))"
    }

    private func patterns(
        _ before: String,
        _ after: String
    ) throws(SharingCriteria.Problem) -> [String] {
        guard !values.isEmpty else { throw problem("takes a value") }
        return values.map {
            "\(field.name) LIKE '\(before)\(SOQLText.pattern($0))\(after)'"
        }
    }

    private func sets(_ operation: String) throws(SharingCriteria.Problem) -> String {
        guard !values.isEmpty else { throw problem("takes a value") }
        let list = values.map(SOQLText.quoted).joined(separator: ", ")
        return "\(field.name) \(operation) (\(list))"
    }

    private func problem(_ what: String) -> SharingCriteria.Problem {
        SharingCriteria.Problem(message: "`\(item.operation.rawValue)` \(what)", item: nil)
    }

    /// A value as the field's type writes it.
    private func literal(_ value: String) throws(SharingCriteria.Problem) -> String {
        switch field.valueType {
        case .text, .longText, .multiPicklist, .encrypted, .id: return SOQLText.quoted(value)
        case .boolean:
            switch value.lowercased() {
            case "true", "1": return "true"
            case "false", "0": return "false"
            default: throw problem("takes true or false for `\(field.name)`, not `\(value)`")
            }
        case .integer, .decimal, .real:
            guard value.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }) else {
                throw problem("takes a number for `\(field.name)`, not `\(value)`")
            }
            return value
        case .date, .dateTime, .time:
            guard value.first?.isNumber == true,
                value.allSatisfy({ $0.isASCII && ($0.isNumber || "-:.TZ+".contains($0)) })
            else {
                throw problem(
                    "takes a fixed moment for `\(field.name)`: what depends on today would not be "
                        + "noticed"
                )
            }
            return value
        case .file: throw problem("cannot be asked of a file")
        }
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String {
        var text = self.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
