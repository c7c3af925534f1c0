// List views: their columns, and their filters as conditions of a query.
extension SalesforceImport {
    mutating func convertListViews() {
        for source in project.sortedObjects {
            guard let object = world.object(source.name) else { continue }
            let declared = ground.schema.presentation.listViews
                .filter { $0.object.folded == object.name.lowercased() }
            var seen = Set(declared.map(\.developerName.folded))
            for part in source.views {
                let item = ImportItem(
                    "list view \(object.name).\(part.name)",
                    file: part.file,
                    line: part.element.line
                )
                guard isNamed(part.name, item), !isRefused(item) else { continue }
                guard seen.insert(part.name.lowercased()).inserted else {
                    leaveOut(item, "the org has a list view of that name")
                    continue
                }
                if let map = listView(part, item, object.name) {
                    let path = "list-views/\(object.name)-\(part.name).yaml"
                    draft.files.append((path, map))
                }
            }
        }
    }

    private mutating func listView(
        _ part: SalesforceProject.Part,
        _ item: ImportItem,
        _ object: String
    ) -> DraftMap? {
        let source = part.element
        let names = ColumnNames(world: world)
        var map = DraftMap(item)
        map.put("object", text: object)
        map.put("listView", text: part.name)
        map.put("label", text: source.string("label") ?? part.name)
        switch source.string("filterScope") ?? "Everything" {
        case "Everything": map.put("filterScope", text: "Everything")
        case "Mine": map.put("filterScope", text: "Mine")
        case "Queue":
            guard let queue = source.string("queue"), APIName.isWellFormed(queue) else {
                leaveOut(item, "it does not name its queue")
                return nil
            }
            map.put("filterScope", text: "Queue")
            map.put("queue", text: queue)
        case let scope:
            leaveOut(
                item,
                "there is no scope `\(scope)`",
                line: source.first("filterScope")?.line
            )
            return nil
        }
        do throws(FilterFault) {
            map.put("filter", text: try filter(source, object, names))
        } catch {
            leaveOut(item, error.message, line: error.line)
            return nil
        }
        var columns: [String] = []
        for place in source.all("columns") {
            guard let name = place.trimmed else { continue }
            if let column = names.column(name, of: object) {
                if !columns.contains(column.path) { columns.append(column.path) }
            } else {
                change(item, "it has no column `\(name)`: no such field is here", line: place.line)
            }
        }
        if columns.isEmpty, let name = world.object(object)?.nameField { columns = [name] }
        guard !columns.isEmpty else {
            leaveOut(item, "none of its columns is here")
            return nil
        }
        map.put("columns", .texts(columns))
        if let shared = source.first("sharedTo") {
            change(item, "everybody sees it: it is not kept to groups", line: shared.line)
        }
        return map
    }

    /// Why a filter cannot be said here.
    struct FilterFault: Error {
        let message: String
        let line: Int
    }

    private func filter(
        _ source: SourceElement,
        _ object: String,
        _ names: ColumnNames
    ) throws(FilterFault) -> String? {
        var conditions: [String] = []
        for item in source.all("filters") {
            let name = item.string("field") ?? ""
            guard let column = names.column(name, of: object) else {
                throw FilterFault(
                    message: "its filter needs `\(name)`, which is no field here",
                    line: item.line
                )
            }
            let condition = ListCondition(
                column: column,
                operation: item.string("operation") ?? "equals",
                value: item.string("value") ?? ""
            )
            guard let text = condition.soql else {
                throw FilterFault(
                    message: "its filter `\(name) \(condition.operation) "
                        + "\(condition.value.prefix(60))` cannot be said here",
                    line: item.line
                )
            }
            conditions.append(text)
        }
        guard !conditions.isEmpty else { return nil }
        guard let logic = source.first("booleanFilter"), let text = logic.trimmed else {
            return conditions.joined(separator: " AND ")
        }
        guard let joined = Self.joined(conditions, by: text) else {
            throw FilterFault(message: "its logic `\(text)` is not understood", line: logic.line)
        }
        return joined
    }

    /// `1 AND (2 OR 3)` with the conditions in the places of their numbers.
    static func joined(_ conditions: [String], by logic: String) -> String? {
        var words: [String] = []
        var word = ""
        for character in logic + " " {
            if character.isASCII && (character.isLetter || character.isNumber) {
                word.append(character)
                continue
            }
            if !word.isEmpty {
                if let number = Int(word) {
                    guard conditions.indices.contains(number - 1) else { return nil }
                    words.append(conditions[number - 1])
                } else if ["AND", "OR", "NOT"].contains(word.uppercased()) {
                    words.append(word.uppercased())
                } else {
                    return nil
                }
                word = ""
            }
            if character == "(" || character == ")" {
                words.append(String(character))
            } else if !character.isWhitespace {
                return nil
            }
        }
        return words.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
    }
}

/// One condition of a list view.
struct ListCondition {
    let column: ColumnNames.Column
    let operation: String
    let value: String

    /// The condition in a query; `nil` where there is none for it.
    var soql: String? {
        let path = column.path
        if value.isEmpty {
            switch operation {
            case "equals": return "\(path) = null"
            case "notEqual": return "\(path) != null"
            default: return nil
            }
        }
        switch column.field.kind {
        case .boolean: return boolean
        case .number: return compared(values.map(Self.number))
        case .date: return compared(values.map { Self.date($0, isMoment: false) })
        case .dateTime: return compared(values.map { Self.date($0, isMoment: true) })
        case .multiselect: return multiselect
        case .text, .picklist: return text
        case .reference: return operation == "equals" || operation == "notEqual" ? text : nil
        case .other: return nil
        }
    }

    /// The values: separated by commas, in quotes where they hold one.
    private var values: [String] {
        var values: [String] = []
        var value = ""
        var isQuoted = false
        for character in self.value {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == "," && !isQuoted {
                values.append(value)
                value = ""
            } else {
                value.append(character)
            }
        }
        values.append(value)
        return values.map { String($0.drop { $0 == " " }) }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            .replacing("\n", with: "\\n").replacing("\r", with: "")
        return "'\(escaped)'"
    }

    private var boolean: String? {
        let wanted: Bool
        switch value.lowercased() {
        case "1", "true": wanted = true
        case "0", "false": wanted = false
        default: return nil
        }
        switch operation {
        case "equals": return "\(column.path) = \(wanted)"
        case "notEqual": return "\(column.path) = \(!wanted)"
        default: return nil
        }
    }

    private static let comparisons = [
        "lessThan": "<", "greaterThan": ">", "lessOrEqual": "<=", "greaterOrEqual": ">=",
    ]

    private func compared(_ literals: [String?]) -> String? {
        let literals = literals.compactMap(\.self)
        guard let first = literals.first, literals.count == values.count else { return nil }
        let path = column.path
        switch operation {
        case "equals":
            return Self.either(literals.map { "\(path) = \($0)" })
        case "notEqual":
            return literals.map { "\(path) != \($0)" }.joined(separator: " AND ")
        default:
            guard let sign = Self.comparisons[operation], literals.count == 1 else { return nil }
            return "\(path) \(sign) \(first)"
        }
    }

    private static func either(_ conditions: [String]) -> String {
        conditions.count == 1 ? conditions[0] : "(\(conditions.joined(separator: " OR ")))"
    }

    private var multiselect: String? {
        let list = values.map(Self.quoted).joined(separator: ", ")
        switch operation {
        case "includes", "contains": return "\(column.path) INCLUDES (\(list))"
        case "excludes", "notContain": return "\(column.path) EXCLUDES (\(list))"
        case "equals": return values.count == 1 ? "\(column.path) = \(list)" : nil
        default: return nil
        }
    }

    private var text: String? {
        let path = column.path
        let literals = values.map(Self.quoted)
        switch operation {
        case "equals", "includes":
            return literals.count == 1
                ? "\(path) = \(literals[0])" : "\(path) IN (\(literals.joined(separator: ", ")))"
        case "notEqual", "excludes":
            return literals.count == 1
                ? "\(path) != \(literals[0])"
                : "\(path) NOT IN (\(literals.joined(separator: ", ")))"
        case "contains":
            return Self.either(values.map { "\(path) LIKE \(Self.pattern("%", $0, "%"))" })
        case "startsWith":
            return Self.either(values.map { "\(path) LIKE \(Self.pattern("", $0, "%"))" })
        case "notContain":
            let likes = values.map { "\(path) LIKE \(Self.pattern("%", $0, "%"))" }
            return "(NOT \(Self.either(likes)))"
        default:
            guard let sign = Self.comparisons[operation], literals.count == 1 else { return nil }
            return "\(path) \(sign) \(literals[0])"
        }
    }

    private static func pattern(_ before: String, _ text: String, _ after: String) -> String {
        let escaped = quoted(text).dropFirst().dropLast()
            .replacing("%", with: "\\%").replacing("_", with: "\\_")
        return "'\(before)\(escaped)\(after)'"
    }

    private static func number(_ text: String) -> String? {
        let digits = text.filter { $0 != " " && $0 != "%" && $0 != "$" }
        return ExactDecimal(digits) == nil ? nil : digits
    }

    private static let relative: Set<String> = [
        "TODAY", "YESTERDAY", "TOMORROW", "LAST_WEEK", "THIS_WEEK", "NEXT_WEEK", "LAST_MONTH",
        "THIS_MONTH", "NEXT_MONTH", "LAST_90_DAYS", "NEXT_90_DAYS", "THIS_QUARTER", "LAST_QUARTER",
        "NEXT_QUARTER", "THIS_YEAR", "LAST_YEAR", "NEXT_YEAR", "THIS_FISCAL_QUARTER",
        "LAST_FISCAL_QUARTER", "NEXT_FISCAL_QUARTER", "THIS_FISCAL_YEAR", "LAST_FISCAL_YEAR",
        "NEXT_FISCAL_YEAR",
    ]

    /// `LAST_N_DAYS:30`, `last 30 days`, `2024-01-31`, `1/31/2024`.
    private static func date(_ text: String, isMoment: Bool) -> String? {
        let word = text.uppercased().replacing(" ", with: "_")
        if relative.contains(word) { return word }
        if let colon = word.firstIndex(of: ":"), Int(word[word.index(after: colon)...]) != nil,
            word.hasPrefix("LAST_N_") || word.hasPrefix("NEXT_N_")
        {
            return word
        }
        let parts = word.split(separator: "_").map(String.init)
        if parts.count == 3, ["LAST", "NEXT"].contains(parts[0]), let count = Int(parts[1]),
            ["DAYS", "WEEKS", "MONTHS", "QUARTERS", "YEARS"].contains(parts[2])
        {
            return "\(parts[0])_N_\(parts[2]):\(count)"
        }
        guard let day = day(text) else { return nil }
        return isMoment ? "\(day)T00:00:00Z" : day
    }

    private static func day(_ text: String) -> String? {
        let isISO = text.contains("-")
        let numbers = text.split(separator: isISO ? "-" : "/").map { Int($0) }
        guard numbers.count == 3, let first = numbers[0], let second = numbers[1],
            let third = numbers[2]
        else { return nil }
        let (year, month, day) = isISO ? (first, second, third) : (third, first, second)
        guard (1000...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(pad(month))-\(pad(day))"
    }
}
