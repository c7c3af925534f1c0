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
            return conditions.isEmpty ? "TRUE" : "(\(SQLCompiler.joined(conditions[...], "AND")))"
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
    func not(_ condition: String) -> String {
        switch condition {
        case "TRUE": "FALSE"
        case "FALSE": "TRUE"
        default: "(\(condition)) IS NOT TRUE"
        }
    }
}

// MARK: - Comparisons

extension SQLCompiler {
    mutating func compare(
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
            return compareDigits(expression, comparison, number, scale)
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

    static func number(_ value: ResolvedValue) -> ExactDecimal? {
        switch value {
        case .number(let number): number
        case .real(let real): ExactDecimal(String(real))
        case .null, .text, .boolean, .date, .dateTime, .time, .id: nil
        }
    }

    /// How many digits behind the point the database's integers have; `nil` for other types, and
    /// where the database has exact decimals of its own.
    func scale(of type: ValueType) -> Int? {
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
        _ expression: ResolvedExpression,
        _ comparison: Comparison,
        _ number: ExactDecimal,
        _ scale: Int
    ) -> String {
        let (digits, isExact) = number.flooredDigits(at: scale)
        // Decided without the expression: what it binds would stand nowhere.
        if !isExact, comparison == .equal { return "FALSE" }
        if !isExact, comparison == .notEqual { return "TRUE" }
        let left = value(expression)
        func place() -> String { bind(.integer(digits)) }
        switch (comparison, isExact) {
        case (.equal, _): return "\(left) = \(place())"
        case (.notEqual, _): return "\(left) \(dialect.isDistinctFrom) \(place())"
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
