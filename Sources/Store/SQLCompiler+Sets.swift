import Kernel
import Language
import Metadata

/// Conditions about lists, sets of values, other queries and patterns.
extension SQLCompiler {
    mutating func isIn(
        _ expression: ResolvedExpression,
        _ values: [ResolvedValue],
        includesNull: Bool
    ) -> String {
        var conditions: [String] = []
        let ids = values.compactMap { if case .id(let id) = $0 { id } else { nil } }
        if ids.count == values.count, !ids.isEmpty {
            conditions.append(isOneOf(value(expression), ids))
        } else if let list = members(values, of: expression.type), !list.isEmpty {
            conditions.append(
                "\(compared(expression)) IN (\(self.list(list, of: expression.type)))"
            )
        } else {
            for value in values { conditions.append(compare(expression, .equal, value)) }
        }
        if includesNull { conditions.append("\(value(expression)) IS NULL") }
        return disjunction(conditions.filter { $0 != "FALSE" })
    }

    /// Values that stand in a list without more ado; `nil` where each needs its own comparison.
    private func members(_ values: [ResolvedValue], of type: ValueType) -> [SQLValue]? {
        var members: [SQLValue] = []
        for value in values {
            if case .text(let text) = value, isText(type) {
                members.append(.text(text))
            } else if let number = Self.number(value), let scale = scale(of: type) {
                // What has more digits than the field is equal to none of its values.
                let (digits, isExact) = number.flooredDigits(at: scale)
                if isExact { members.append(.integer(digits)) }
            } else if dialect == .sqlite, let count = Self.count(value) {
                members.append(.integer(count))
            } else {
                return nil
            }
        }
        return members
    }

    /// A date or a time as the number it is kept as.
    private static func count(_ value: ResolvedValue) -> Int64? {
        switch value {
        case .date(let days): Int64(days)
        case .dateTime(let instant): instant.milliseconds
        case .time(let milliseconds): Int64(milliseconds)
        case .null, .text, .boolean, .number, .real, .id: nil
        }
    }

    /// Bound values between commas, rounded up to a power of two by repeating the last.
    private mutating func list(_ values: [SQLValue], of type: ValueType) -> String {
        guard let last = values.last, values.count < 1_000 else { return list(values, type) }
        let missing = values.count.roundedUpToPowerOfTwo - values.count
        return list(values + Array(repeating: last, count: missing), type)
    }

    private mutating func list(_ values: [SQLValue], _ type: ValueType) -> String {
        guard dialect == .postgres, isFolded(type) else { return list(values) }
        return values.map { "upper(\(bind($0)))" }.joined(separator: ", ")
    }

    mutating func list(_ values: [SQLValue]) -> String {
        values.map { bind($0) }.joined(separator: ", ")
    }

    mutating func includes(_ expression: ResolvedExpression, _ sets: [[String]]) -> String {
        var alternatives: [String] = []
        for set in sets {
            let left = value(expression)
            var all: [String] = []
            for member in set {
                let place = bind(.text("%;\(LikeText.escaped(member));%"))
                switch dialect {
                case .sqlite: all.append("steward_like(';' || \(left) || ';', \(place))")
                case .postgres:
                    all.append("upper(';' || \(left) || ';') LIKE upper(\(place)) ESCAPE '\\'")
                }
            }
            alternatives.append(all.isEmpty ? "TRUE" : all.joined(separator: " AND "))
        }
        return disjunction(alternatives)
    }

    /// The plan's next semi-join: plans and conditions stand in the same order.
    mutating func semiJoin(_ expression: ResolvedExpression) -> String {
        let left = value(expression)
        guard let read = scope.semiJoins.popFirst(), let only = read.query.columns.first else {
            return "FALSE"
        }
        let outer = scope
        defer { scope = outer }
        enter(read)
        let column = value(only)
        let (from, conditions) = source(read, .first, readsColumns: true, isOrdered: false)
        return """
            \(left) IN (
            SELECT \(column)
            \(from)
            WHERE \(conditions) AND \(column) IS NOT NULL
            )
            """
    }
}

// MARK: - Patterns

extension SQLCompiler {
    mutating func like(_ expression: ResolvedExpression, _ pattern: String) -> String {
        let pattern = LikeText(pattern)
        switch dialect {
        case .postgres:
            return
                "upper(\(value(expression))) LIKE upper(\(bind(.text(pattern.text)))) ESCAPE '\\'"
        case .sqlite:
            let left = value(expression)
            guard isFolded(expression.type), isColumn(expression), !pattern.prefix.isEmpty else {
                return "steward_like(\(left), \(bind(.text(pattern.text))))"
            }
            if pattern.isPlain { return "\(left) = \(bind(.text(pattern.prefix)))" }
            // What begins with the prefix lies between it and the prefix with the last character
            // there is: a stretch that an index finds.
            let start = bind(.text(pattern.prefix))
            let end = bind(.text(pattern.prefix + "\u{10FFFF}"))
            if pattern.isPrefixOnly { return "(\(left) >= \(start) AND \(left) < \(end))" }
            let whole = bind(.text(pattern.text))
            return """
                (\(left) >= \(start) AND \(left) < \(end) AND steward_like(\(left), \(whole)))
                """
        }
    }
}
