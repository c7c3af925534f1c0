package import Metadata

extension FormulaCompiler {
    /// Criteria, as a formula that is true for the records they are about.
    ///
    /// Texts are compared without regard to case, several values of `equals` are alternatives, an
    /// empty value is a blank, and a named stretch of days is compared as a whole.
    package static func compile(
        _ criteria: Criteria,
        in scope: FormulaScope
    ) throws(FormulaError) -> ResolvedFormula {
        if let formula = criteria.formula {
            return try compile(formula, in: scope, as: .boolean)
        }
        var items: [FormulaNode] = []
        for (index, item) in criteria.items.enumerated() {
            do {
                items.append(try CriteriaItem(item, scope: scope).node())
            } catch {
                throw FormulaError("condition \(index + 1): \(error.message)", item: index)
            }
        }
        let root: FormulaNode
        if let filter = criteria.booleanFilter, !filter.allSatisfy(\.isWhitespace) {
            var logic = CriteriaLogic(filter, items)
            root = try logic.node()
        } else if items.isEmpty {
            root = .literal(.boolean(true), .boolean)
        } else {
            root = items.count == 1 ? items[0] : .and(items)
        }
        return ResolvedFormula(root: root, text: root.text)
    }
}

/// One filter item, compiled.
private struct CriteriaItem {
    private let item: Criteria.Item
    private let scope: FormulaScope

    init(_ item: Criteria.Item, scope: FormulaScope) {
        self.item = item
        var scope = scope
        scope.blanks = .asBlank
        self.scope = scope
    }

    func node() throws(FormulaError) -> FormulaNode {
        var resolver = FormulaResolver(item.field, scope: scope)
        let subject: FormulaNode
        switch try resolver.target(item.field, at: 0) {
        case .path(let path):
            let read = try resolver.field(path, at: 0)
            // Filters count in percent, as people do.
            if case .cast(.fromPercent, let stored) = read {
                subject = stored
            } else {
                subject = path.field.isPercent ? .cast(.toPercent, read) : read
            }
        case .global(let global): subject = .global(global)
        case .variable(let name, let type): subject = .variable(name, type)
        }
        return try condition(subject)
    }

    /// The values, split at commas; quotes keep a comma inside one.
    private var values: [String] {
        var values: [String] = []
        var current = ""
        var isQuoted = false
        for character in item.value {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                values.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        values.append(current)
        return values.map { value in
            String(
                value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
                    .reversed()
            )
        }
    }

    private func condition(_ subject: FormulaNode) throws(FormulaError) -> FormulaNode {
        let values = values
        switch item.operation {
        case .equals:
            return try any(values) { value throws(FormulaError) in
                try compare(.equal, subject, value)
            }
        case .notEqual:
            return .not(
                try any(values) { value throws(FormulaError) in
                    try compare(.equal, subject, value)
                }
            )
        case .lessThan: return try one(.less, subject, values)
        case .greaterThan: return try one(.greater, subject, values)
        case .lessOrEqual: return try one(.lessOrEqual, subject, values)
        case .greaterOrEqual: return try one(.greaterOrEqual, subject, values)
        case .contains:
            return try any(values) { value throws(FormulaError) in
                try part(.contains, subject, value)
            }
        case .notContain:
            return .not(
                try any(values) { value throws(FormulaError) in
                    try part(.contains, subject, value)
                }
            )
        case .startsWith:
            return try any(values) { value throws(FormulaError) in
                try part(.begins, subject, value)
            }
        case .includes:
            return try any(values) { value throws(FormulaError) in
                try chosen(subject, value)
            }
        case .excludes:
            return .not(
                try any(values) { value throws(FormulaError) in
                    try chosen(subject, value)
                }
            )
        }
    }

    private func any(
        _ values: [String],
        _ make: (String) throws(FormulaError) -> FormulaNode
    ) throws(FormulaError) -> FormulaNode {
        var nodes: [FormulaNode] = []
        for value in values { nodes.append(try make(value)) }
        // One alternative is kept as `or` too: a blank comparison counts as no.
        return .or(nodes)
    }

    private func one(
        _ operation: FormulaOperation,
        _ subject: FormulaNode,
        _ values: [String]
    ) throws(FormulaError) -> FormulaNode {
        guard values.count == 1, let value = values.first, !value.isEmpty else {
            throw FormulaError("\(item.operation.rawValue) takes one value")
        }
        return try compare(operation, subject, value)
    }

    private func folded(_ subject: FormulaNode) -> FormulaNode {
        let text: FormulaNode =
            subject.type == .picklist || subject.type == .multiselect
            ? .cast(.picklistToText, subject) : subject
        return .call(.lower, [text], .text)
    }

    private func literal(_ value: String) -> FormulaNode {
        .literal(value.isEmpty ? .null : .text(value.lowercased()), .text)
    }

    private func part(
        _ function: FormulaFunction,
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        guard [.text, .picklist, .multiselect].contains(subject.type) else {
            throw FormulaError(
                "\(item.operation.rawValue) compares text, and `\(item.field)` is "
                    + subject.type.title
            )
        }
        if value.isEmpty { return .call(.isBlank, [subject], .boolean) }
        return .call(function, [folded(subject), literal(value)], .boolean)
    }

    private func chosen(
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        guard subject.type == .multiselect else {
            throw FormulaError(
                "\(item.operation.rawValue) needs a multi-select picklist, and `\(item.field)` is "
                    + subject.type.title
            )
        }
        if value.isEmpty { return .call(.isBlank, [subject], .boolean) }
        // `a;b` asks for both.
        let all = value.split(separator: ";").map { part in
            FormulaNode.call(.includes, [subject, .literal(.text(String(part)), .text)], .boolean)
        }
        return all.count == 1 ? all[0] : .and(all)
    }

    private func compare(
        _ operation: FormulaOperation,
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        if value.isEmpty, subject.type != .boolean {
            return .call(.isBlank, [subject], .boolean)
        }
        try refuseUnknown(value, of: subject)
        switch subject.type {
        case .text, .picklist, .multiselect:
            return .binary(operation, folded(subject), literal(value))
        case .number:
            guard let number = ExactDecimal(value.filter { $0 != "_" }) else {
                throw FormulaError("`\(value)` is no number, and `\(item.field)` is Number")
            }
            return .binary(operation, subject, .literal(.number(number), .number))
        case .boolean: return try flag(operation, subject, value)
        case .id: return try identity(operation, subject, value)
        case .date, .dateTime: return try moment(operation, subject, value)
        case .time:
            guard let time = CivilText.millisecondsOfDay(value) else {
                throw FormulaError("`\(value)` is no time such as 10:30:00")
            }
            return .binary(operation, subject, .literal(.time(time), .time))
        case .geolocation, .null:
            throw FormulaError("`\(item.field)` cannot be compared")
        }
    }

    /// A value that a restricted picklist never has can only be a slip.
    private func refuseUnknown(
        _ value: String,
        of subject: FormulaNode
    ) throws(FormulaError) {
        guard case .field(let path) = subject, case .picklist(let picklist) = path.field.type,
            picklist.isRestricted, picklist.value(named: value) == nil
        else { return }
        let hint = Suggestion.phrase(for: value, among: picklist.values.map(\.name))
        throw FormulaError("`\(value)` is no value of `\(item.field)`\(hint)")
    }

    private func flag(
        _ operation: FormulaOperation,
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        guard operation == .equal else {
            throw FormulaError("`\(item.field)` is a checkbox: compare it with equals or notEqual")
        }
        switch value.lowercased() {
        case "true", "1": return .binary(.equal, subject, .literal(.boolean(true), .boolean))
        case "false", "0", "":
            return .binary(.equal, subject, .literal(.boolean(false), .boolean))
        default: throw FormulaError("`\(value)` is neither True nor False")
        }
    }

    private func identity(
        _ operation: FormulaOperation,
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        guard operation == .equal else {
            throw FormulaError("`\(item.field)` is an id: compare it with equals or notEqual")
        }
        guard let id = try? RecordID(value) else {
            throw FormulaError("`\(value)` is no record id of 15 or 18 characters")
        }
        return .binary(.equal, subject, .literal(.id(id), .id))
    }

    private func moment(
        _ operation: FormulaOperation,
        _ subject: FormulaNode,
        _ value: String
    ) throws(FormulaError) -> FormulaNode {
        let parts = value.split(separator: ":", maxSplits: 1).map(String.init)
        let count = parts.count == 2 ? Int(parts[1].trimmingBlanks) : nil
        if let name = parts.first?.trimmingBlanks.replacing(" ", with: "_"),
            parts.count == 1 || count != nil,
            let literal = DateLiteral(name: name, count: count)
        {
            return .during(operation, subject, .literal(literal))
        }
        if let day = CivilText.daysSinceEpoch(value) ?? CriteriaItem.american(value) {
            if subject.type == .dateTime { return .during(operation, subject, .day(day)) }
            return .binary(operation, subject, .literal(.date(day), .date))
        }
        if subject.type == .dateTime, let moment = CivilText.millisecondsSinceEpoch(value) {
            let instant = Instant(milliseconds: moment)
            return .binary(operation, subject, .literal(.dateTime(instant), .dateTime))
        }
        throw FormulaError(
            "`\(value)` is no date such as 2026-01-31, and no stretch of days such as TODAY or "
                + "LAST_N_DAYS:30"
        )
    }

    /// `1/31/2026`, as the setup pages of the reference platform write it.
    private static func american(_ value: String) -> Int? {
        let parts = value.split(separator: "/", omittingEmptySubsequences: false).compactMap {
            Int($0)
        }
        guard parts.count == 3 else { return nil }
        return CivilDate(year: parts[2], month: parts[0], day: parts[1])?.daysSinceEpoch
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    fileprivate var trimmingBlanks: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// `1 AND (2 OR NOT 3)`.
private struct CriteriaLogic {
    private let bytes: [UInt8]
    private let items: [FormulaNode]
    private var place = 0
    private var depth = 0

    init(_ text: String, _ items: [FormulaNode]) {
        bytes = Array(text.utf8)
        self.items = items
    }

    private func error(_ message: String, at offset: Int? = nil) -> FormulaError {
        FormulaLexer.error("booleanFilter: \(message)", at: offset ?? place, in: bytes)
    }

    mutating func node() throws(FormulaError) -> FormulaNode {
        guard bytes.count <= 4_000 else { throw error("it is too long", at: 0) }
        let root = try either()
        skipBlanks()
        guard place == bytes.count else { throw error("AND, OR or the end is expected here") }
        return root
    }

    private mutating func skipBlanks() {
        while place < bytes.count, bytes[place].isWhiteSpace { place += 1 }
    }

    private mutating func take(_ word: String) -> Bool {
        skipBlanks()
        let upper = bytes[place...].prefix(word.utf8.count).map(\.upperCased)
        let end = place + word.utf8.count
        guard upper.elementsEqual(word.utf8) else { return false }
        if end < bytes.count, bytes[place].isLetter, bytes[end].isLetter { return false }
        place = end
        return true
    }

    private mutating func either() throws(FormulaError) -> FormulaNode {
        var nodes = [try both()]
        while take("OR") { nodes.append(try both()) }
        return nodes.count == 1 ? nodes[0] : .or(nodes)
    }

    private mutating func both() throws(FormulaError) -> FormulaNode {
        var nodes = [try single()]
        while take("AND") { nodes.append(try single()) }
        return nodes.count == 1 ? nodes[0] : .and(nodes)
    }

    private mutating func single() throws(FormulaError) -> FormulaNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 100 else { throw error("it is nested too deep") }
        if take("NOT") { return .not(.or([try single()])) }
        if take("(") {
            let inner = try either()
            guard take(")") else { throw error("a `)` is missing") }
            return inner
        }
        skipBlanks()
        let start = place
        while place < bytes.count, bytes[place].isDigit { place += 1 }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        guard let number = Int(digits) else {
            throw error("the number of a condition is expected here", at: start)
        }
        guard number >= 1, number <= items.count else {
            throw error("there is no condition \(number); there are \(items.count)", at: start)
        }
        return items[number - 1]
    }
}
