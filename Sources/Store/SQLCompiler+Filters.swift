import Kernel
import Language
import Metadata

/// Conditions of a query.
///
/// A resolved condition is true or false, an SQL one may be unknown as well. `AND` and `OR` carry
/// the unknown to where it counts as false, so that only what is negated has to be settled first:
/// `(…) IS NOT TRUE`.
extension SQLCompiler {
    /// The parts all of which must hold.
    mutating func conjunction(_ condition: ResolvedCondition) -> [String] {
        guard case .and(let parts) = condition else { return [self.condition(condition)] }
        var conditions: [String] = []
        for part in parts { conditions += conjunction(part) }
        return conditions
    }

    mutating func condition(_ condition: ResolvedCondition) -> String {
        switch condition {
        case .and(let parts):
            var conditions: [String] = []
            for part in parts { conditions.append(self.condition(part)) }
            return conditions.isEmpty ? "TRUE" : "(\(conditions.joined(separator: " AND ")))"
        case .or(let parts):
            var conditions: [String] = []
            for part in parts { conditions.append(self.condition(part)) }
            return disjunction(conditions)
        case .not(let part): return not(self.condition(part))
        case .compare(let expression, let comparison, let value):
            return compare(expression, comparison, value)
        case .like(let expression, let pattern): return like(expression, pattern)
        case .isIn(let expression, let values, let includesNull, let isNegated):
            let isIn = self.isIn(expression, values, includesNull: includesNull)
            return isNegated ? not(isIn) : isIn
        case .includes(let expression, let sets, let isNegated):
            let includes = self.includes(expression, sets)
            return isNegated ? not(includes) : includes
        case .dateLiteral(let expression, let comparison, let literal):
            return dateLiteral(expression, comparison, literal)
        case .semiJoin(let expression, _, let isNegated):
            let isIn = semiJoin(expression)
            return isNegated ? not(isIn) : isIn
        case .constant(let value): return value ? "TRUE" : "FALSE"
        }
    }

    /// True where the condition is false or unknown.
    private func not(_ condition: String) -> String {
        switch condition {
        case "TRUE": "FALSE"
        case "FALSE": "TRUE"
        default: "(\(condition)) IS NOT TRUE"
        }
    }
}

// MARK: - Comparisons

extension SQLCompiler {
    private mutating func compare(
        _ expression: ResolvedExpression,
        _ comparison: Comparison,
        _ value: ResolvedValue
    ) -> String {
        if case .null = value { return compareWithNull(expression, comparison) }
        if case .objectName(let column, let objects) = expression, case .text(let name) = value,
            let condition = compareObject(column, objects, comparison, name)
        {
            return condition
        }
        if let number = Self.number(value), let scale = scale(of: expression.type) {
            return compareDigits(self.value(expression), comparison, number, scale)
        }
        switch comparison {
        case .equal, .notEqual:
            let left = compared(expression)
            let sign = comparison == .equal ? "=" : dialect.isDistinctFrom
            return "\(left) \(sign) \(bind(value, against: expression.type))"
        case .less, .greater, .lessOrEqual, .greaterOrEqual:
            let left = ordered(expression)
            return "\(left) \(comparison.rawValue) \(bind(value, against: expression.type))"
        }
    }

    private mutating func compareWithNull(
        _ expression: ResolvedExpression,
        _ comparison: Comparison
    ) -> String {
        switch comparison {
        case .equal: "\(value(expression)) IS NULL"
        case .notEqual: "\(value(expression)) IS NOT NULL"
        case .less, .greater, .lessOrEqual, .greaterOrEqual: "FALSE"
        }
    }

    /// Which object a lookup points to, as a stretch of ids, which an index can find.
    private mutating func compareObject(
        _ lookup: ColumnReference,
        _ objects: [ResolvedExpression.ObjectReference],
        _ comparison: Comparison,
        _ name: String
    ) -> String? {
        guard comparison == .equal || comparison == .notEqual else { return nil }
        let object = objects.first { $0.name.lowercased() == name.lowercased() }
        guard let range = object?.prefix.range else {
            return comparison == .equal ? "FALSE" : "TRUE"
        }
        let isThat = """
            \(column(lookup)) BETWEEN \(bind(.integer(range.lowerBound))) \
            AND \(bind(.integer(range.upperBound)))
            """
        return comparison == .equal ? isThat : not(isThat)
    }

    private static func number(_ value: ResolvedValue) -> ExactDecimal? {
        switch value {
        case .number(let number): number
        case .real(let real): ExactDecimal(String(real))
        case .null, .text, .boolean, .date, .dateTime, .time, .id: nil
        }
    }

    /// How many digits behind the point the database's integers have; `nil` for other types, and
    /// where the database has exact decimals of its own.
    private func scale(of type: ValueType) -> Int? {
        switch (type, dialect) {
        case (.integer, _): 0
        case (.decimal(let scale), .sqlite): scale
        case (.decimal, .postgres), (.id, _), (.text, _), (.longText, _), (.multiPicklist, _),
            (.boolean, _), (.real, _), (.date, _), (.dateTime, _), (.time, _), (.encrypted, _),
            (.file, _):
            nil
        }
    }

    /// Compares digits at a scale with a number that may have more of them.
    private mutating func compareDigits(
        _ left: String,
        _ comparison: Comparison,
        _ number: ExactDecimal,
        _ scale: Int
    ) -> String {
        let (digits, isExact) = number.flooredDigits(at: scale)
        func place() -> String { bind(.integer(digits)) }
        switch (comparison, isExact) {
        case (.equal, false): return "FALSE"
        case (.notEqual, false): return "TRUE"
        case (.equal, true): return "\(left) = \(place())"
        case (.notEqual, true): return "\(left) \(dialect.isDistinctFrom) \(place())"
        // Between two steps of the scale, less is less than or equal to the lower one.
        case (.less, false), (.lessOrEqual, _): return "\(left) <= \(place())"
        case (.greaterOrEqual, false), (.greater, _): return "\(left) > \(place())"
        case (.less, true): return "\(left) < \(place())"
        case (.greaterOrEqual, true): return "\(left) >= \(place())"
        }
    }

    /// A place for a value that an expression of a type is compared with.
    private mutating func bind(_ value: ResolvedValue, against type: ValueType) -> String {
        switch value {
        case .null: return "NULL"
        case .boolean(let value): return dialect.boolean(value)
        case .text(let text):
            let place = bind(.text(text))
            return dialect == .postgres && isFolded(type) ? "upper(\(place))" : place
        case .id(let id): return bind(.integer(id.number))
        case .number(let number):
            guard dialect == .postgres, case .decimal = type else {
                return bind(.real(number.double))
            }
            return "\(bind(.text(number.description)))::numeric"
        case .real(let real): return bind(.real(real))
        case .date(let days): return moment(bind(.integer(Int64(days))), .date)
        case .dateTime(let instant): return moment(bind(.integer(instant.milliseconds)), .dateTime)
        case .time(let milliseconds): return moment(bind(.integer(Int64(milliseconds))), .time)
        }
    }

    /// A bound number of days or milliseconds as the database's own type.
    private func moment(_ place: String, _ type: ValueType) -> String {
        switch (dialect, type) {
        case (.postgres, .date): "(DATE 'epoch' + \(place)::integer)"
        case (.postgres, .dateTime):
            "(TIMESTAMPTZ 'epoch' + \(place)::bigint * INTERVAL '1 millisecond')"
        case (.postgres, .time): "(TIME '00:00' + \(place)::bigint * INTERVAL '1 millisecond')"
        case (.sqlite, _), (.postgres, _): place
        }
    }

    private mutating func dateLiteral(
        _ expression: ResolvedExpression,
        _ comparison: Comparison,
        _ literal: DateLiteral
    ) -> String {
        let left = value(expression)
        let isDateTime = expression.type == .dateTime
        func edge(_ edge: SQLParameter.Edge) -> String {
            let place = bind(.dateLiteral(literal, edge, isDateTime: isDateTime))
            return moment(place, isDateTime ? .dateTime : .date)
        }
        switch comparison {
        case .equal: return "(\(left) >= \(edge(.start)) AND \(left) < \(edge(.end)))"
        case .notEqual: return not("\(left) >= \(edge(.start)) AND \(left) < \(edge(.end))")
        case .less: return "\(left) < \(edge(.start))"
        case .greater: return "\(left) >= \(edge(.end))"
        case .lessOrEqual: return "\(left) < \(edge(.end))"
        case .greaterOrEqual: return "\(left) >= \(edge(.start))"
        }
    }
}

// MARK: - Sets

extension SQLCompiler {
    private mutating func isIn(
        _ expression: ResolvedExpression,
        _ values: [ResolvedValue],
        includesNull: Bool
    ) -> String {
        var conditions: [String] = []
        let ids = values.compactMap { if case .id(let id) = $0 { id } else { nil } }
        if ids.count == values.count, !ids.isEmpty {
            conditions.append(isOneOf(value(expression), ids))
        } else if let list = members(values, of: expression.type), !list.isEmpty {
            conditions.append("\(compared(expression)) IN (\(self.list(list, of: expression.type)))")
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

    private mutating func includes(_ expression: ResolvedExpression, _ sets: [[String]]) -> String {
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
    private mutating func semiJoin(_ expression: ResolvedExpression) -> String {
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
    private mutating func like(_ expression: ResolvedExpression, _ pattern: String) -> String {
        let pattern = LikeText(pattern)
        switch dialect {
        case .postgres:
            return "upper(\(value(expression))) LIKE upper(\(bind(.text(pattern.text)))) ESCAPE '\\'"
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

/// A pattern of `LIKE`, taken apart as far as an index needs it.
struct LikeText {
    let text: String
    /// What stands before the first wild card, without escapes.
    let prefix: String
    /// Whether there is no wild card.
    let isPlain: Bool
    /// Whether a `%` at the end is the only one.
    let isPrefixOnly: Bool

    init(_ pattern: String) {
        text = pattern
        var prefix = String.UnicodeScalarView()
        var scalars = Substring(pattern).unicodeScalars
        while let next = scalars.first, next != "%", next != "_" {
            scalars.removeFirst()
            // A backslash at the very end stands for itself.
            prefix.append(next == "\\" ? scalars.popFirst() ?? next : next)
        }
        self.prefix = String(prefix)
        isPlain = scalars.isEmpty
        isPrefixOnly = scalars.count == 1 && scalars.first == "%"
    }

    /// Text as a pattern that only it fits.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

extension ExactDecimal {
    /// The digits at a scale, rounded down, and whether nothing was rounded.
    ///
    /// A number beyond what digits can say becomes the nearest there is, and is not exact.
    func flooredDigits(at target: Int) -> (digits: Int64, isExact: Bool) {
        if let digits = exactly(at: target) { return (digits, true) }
        guard target < scale else { return (unscaled < 0 ? .min : .max, false) }
        var digits = unscaled
        for _ in target..<scale {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            digits = remainder < 0 ? quotient - 1 : quotient
        }
        return (digits, false)
    }
}
