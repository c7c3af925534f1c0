package import Metadata

/// Computes a formula for one record.
///
/// A comparison with a blank is blank, `NOT` of a blank is blank, and `AND`, `OR` and `IF` count a
/// blank as false. Two texts are always compared: a blank is the empty text.
package struct FormulaEvaluator: Sendable {
    package init() {}

    /// The longest text that a formula may make on its way, in UTF-8 bytes.
    package static let textMax = 200_000

    /// The value, with numbers rounded to the digits that a decimal holds.
    package func value(
        of formula: ResolvedFormula,
        in context: some FormulaContext
    ) throws(FormulaFailure) -> FieldValue {
        try evaluate(formula, in: context).fieldValue()
    }

    /// The value with all the digits of the computation.
    package func evaluate(
        _ formula: ResolvedFormula,
        in context: some FormulaContext
    ) throws(FormulaFailure) -> FormulaValue {
        let value = try FormulaRun(context: context).value(formula.root)
        if formula.type == .boolean, value.isNull { return .boolean(false) }
        return value
    }

    /// Whether a boolean formula holds; blank counts as no.
    package func isTrue(
        _ formula: ResolvedFormula,
        in context: some FormulaContext
    ) throws(FormulaFailure) -> Bool {
        try FormulaRun(context: context).value(formula.root).isTrue
    }
}

/// One evaluation.
struct FormulaRun<Context: FormulaContext> {
    let context: Context

    func value(_ node: FormulaNode) throws(FormulaFailure) -> FormulaValue {
        switch node {
        case .literal(let value, _): return try FormulaValue(value)
        case .field(let path):
            return try FormulaValue(
                path.root == .priorRecord ? context.priorValue(path) : context.value(path)
            )
        case .computed(_, let body): return try value(body)
        case .global(let global): return try FormulaValue(context.global(global))
        case .variable(let name, _): return try FormulaValue(context.variable(name))
        case .cast(let cast, let inner): return try converted(cast, value(inner))
        case .negate(let inner):
            guard case .number(let number) = try value(inner) else { return .null }
            return .number(number.negated)
        case .not(let inner):
            guard case .boolean(let flag) = try value(inner) else { return .null }
            return .boolean(!flag)
        case .and(let nodes):
            for node in nodes where try !value(node).isTrue { return .boolean(false) }
            return .boolean(true)
        case .or(let nodes):
            for node in nodes where try value(node).isTrue { return .boolean(true) }
            return .boolean(false)
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right)
        case .call(let function, let nodes, let type): return try call(function, nodes, type)
        case .during(let operation, let inner, let days):
            return during(operation, try value(inner), days)
        }
    }

    private func converted(
        _ cast: FormulaCast,
        _ value: FormulaValue
    ) throws(FormulaFailure) -> FormulaValue {
        switch (cast, value) {
        case (.blankToZero, .null): return .number(.zero)
        case (.blankToFalse, .null): return .boolean(false)
        case (.blankToZero, _), (.blankToFalse, _), (_, .null): return value
        case (.fromPercent, .number(let number)):
            return .number(try number.divided(by: FormulaNumber(100)))
        case (.toPercent, .number(let number)):
            return .number(try number.multiplied(by: FormulaNumber(100)))
        case (.idToText, .id(let id)): return .text(id.description)
        case (.idToShortText, .id(let id)): return .text(id.short)
        case (.dateToDateTime, .date(let days)):
            return .dateTime(Int64(days) * CivilDate.millisecondsPerDay)
        case (.dateTimeToDate, .dateTime(let moment)):
            return .date(FormulaFormat.split(moment).days)
        case (.textToID, .text(let text)):
            // No record has this id: a text that is none is equal to none.
            return .id((try? RecordID(text)) ?? RecordID(number: -1))
        default: return value
        }
    }

    // MARK: Operators

    private func binary(
        _ operation: FormulaOperation,
        _ leftNode: FormulaNode,
        _ rightNode: FormulaNode
    ) throws(FormulaFailure) -> FormulaValue {
        let left = try value(leftNode)
        let right = try value(rightNode)
        if operation == .concatenate { return try joined(left, right) }
        if operation.isComparison {
            let isText = [leftNode.type, rightNode.type].contains { $0 == .text || $0 == .id }
            return compared(operation, left, right, isText: isText)
        }
        if left.isNull || right.isNull { return .null }
        switch (left, right) {
        case (.number(let a), .number(let b)): return .number(try computed(operation, a, b))
        case (.date(let a), .date(let b)): return .number(FormulaNumber(a - b))
        case (.dateTime(let a), .dateTime(let b)):
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            guard !overflow else { throw FormulaFailure(.range, "the moments are too far apart") }
            return .number(
                try FormulaNumber(Int(difference))
                    .divided(by: FormulaNumber(Int(CivilDate.millisecondsPerDay)))
            )
        case (.time(let a), .time(let b)): return .number(FormulaNumber(a - b))
        case (_, .number(let amount)):
            return try shifted(left, operation == .subtract ? amount.negated : amount)
        case (.number(let amount), _): return try shifted(right, amount)
        default: return .null
        }
    }

    private func computed(
        _ operation: FormulaOperation,
        _ a: FormulaNumber,
        _ b: FormulaNumber
    ) throws(FormulaFailure) -> FormulaNumber {
        switch operation {
        case .add: try a.adding(b)
        case .subtract: try a.subtracting(b)
        case .multiply: try a.multiplied(by: b)
        case .divide: try a.divided(by: b)
        default: try a.raised(to: b)
        }
    }

    private func joined(
        _ left: FormulaValue,
        _ right: FormulaValue
    ) throws(FormulaFailure) -> FormulaValue {
        let (a, b) = (plain(left), plain(right))
        guard a.utf8.count + b.utf8.count <= FormulaEvaluator.textMax else {
            throw FormulaFailure(.limit, "the formula makes too long a text")
        }
        return .text(orNull: a + b)
    }

    private func plain(_ value: FormulaValue) -> String {
        switch value {
        case .text(let text): text
        case .id(let id): id.short
        default: ""
        }
    }

    func compared(
        _ operation: FormulaOperation,
        _ left: FormulaValue,
        _ right: FormulaValue,
        isText: Bool
    ) -> FormulaValue {
        if operation == .equal || operation == .notEqual {
            if !isText, left.isNull || right.isNull { return .null }
            return .boolean((left == right) == (operation == .equal))
        }
        guard let order = FormulaRun.order(left, right) else { return .null }
        return switch operation {
        case .less: .boolean(order < 0)
        case .lessOrEqual: .boolean(order <= 0)
        case .greater: .boolean(order > 0)
        default: .boolean(order >= 0)
        }
    }

    private static func order(_ left: FormulaValue, _ right: FormulaValue) -> Int? {
        func of<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : a == b ? 0 : 1 }
        return switch (left, right) {
        case (.number(let a), .number(let b)): of(a, b)
        case (.date(let a), .date(let b)): of(a, b)
        case (.dateTime(let a), .dateTime(let b)): of(a, b)
        case (.time(let a), .time(let b)): of(a, b)
        case (.text(let a), .text(let b)):
            // By code, as the reference platform does: capitals before small letters.
            a == b ? 0 : a.utf16.lexicographicallyPrecedes(b.utf16) ? -1 : 1
        default: nil
        }
    }

    /// Days to a date or moment, milliseconds to a time.
    private func shifted(
        _ value: FormulaValue,
        _ amount: FormulaNumber
    ) throws(FormulaFailure) -> FormulaValue {
        switch value {
        case .date(let days):
            guard let count = amount.integer, abs(count) <= 10_000_000 else {
                throw FormulaFailure(.range, "the date is beyond the calendar")
            }
            return .date(try FormulaDates.checked(days: days + count))
        case .dateTime(let moment):
            let seconds = try amount.multiplied(by: FormulaNumber(86_400)).rounded(to: 0)
            guard let count = seconds.integer, abs(count) <= 1_000_000_000_000 else {
                throw FormulaFailure(.range, "the moment is beyond the calendar")
            }
            return .dateTime(try FormulaDates.checked(moment: moment + Int64(count) * 1_000))
        case .time(let time):
            guard let count = amount.integer, abs(count) <= 1_000_000_000_000, time + count >= 0
            else { throw FormulaFailure(.range, "the time is before midnight") }
            return .time((time + count) % Int(CivilDate.millisecondsPerDay))
        default: return .null
        }
    }

    /// Criteria: a date or moment and a stretch of days in the caller's zone.
    private func during(
        _ operation: FormulaOperation,
        _ value: FormulaValue,
        _ days: FormulaDays
    ) -> FormulaValue {
        let day: Int
        switch value {
        case .date(let days): day = days
        case .dateTime(let moment): day = localDay(moment)
        default: return .null
        }
        let range =
            switch days {
            case .day(let day): day..<(day + 1)
            case .literal(let literal):
                literal.days(from: localDay(context.now.milliseconds), settings: context.calendar)
            }
        return switch operation {
        case .equal: .boolean(range.contains(day))
        case .notEqual: .boolean(!range.contains(day))
        case .less: .boolean(day < range.lowerBound)
        case .lessOrEqual: .boolean(day < range.upperBound)
        case .greater: .boolean(day >= range.upperBound)
        default: .boolean(day >= range.lowerBound)
        }
    }
}
