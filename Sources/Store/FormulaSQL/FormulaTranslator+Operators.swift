import Language
import Metadata

/// What stands between two operands.
extension FormulaTranslator {
    mutating func binary(
        _ operation: FormulaOperation,
        _ left: FormulaNode,
        _ right: FormulaNode
    ) throws(FormulaRefusal) -> FormulaPart {
        if operation == .concatenate {
            return joined(try part(left, as: .text), try part(right, as: .text))
        }
        if operation.isComparison { return try compared(operation, left, right) }
        let (a, b) = (left.type, right.type)
        if operation == .subtract, a == b || a == .null, [.date, .dateTime, .time].contains(b) {
            return between(try part(left, as: b), try part(right, as: b))
        }
        if [.date, .dateTime, .time].contains(a) {
            return shifted(try part(left), operation, try part(right, as: .number))
        }
        if [.date, .dateTime, .time].contains(b) {
            return shifted(try part(right), operation, try part(left, as: .number))
        }
        let numbers = (try part(left, as: .number), try part(right, as: .number))
        return computed(operation, numbers.0, numbers.1)
    }

    // MARK: Numbers

    private func computed(
        _ operation: FormulaOperation,
        _ a: FormulaPart,
        _ b: FormulaPart
    ) -> FormulaPart {
        let (x, y) = (a.digits ?? .unknown, b.digits ?? .unknown)
        switch operation {
        case .add, .subtract:
            let digits = FormulaDigits(
                max(x.before, y.before) + 1,
                x.after.flatMap { places in y.after.map { max(places, $0) } }
            )
            let sign = operation == .add ? "+" : "-"
            let subtrahend = operation == .add ? b.value : "- \(b.value)"
            return number(
                digits.isExact
                    ? "(\(a.value) \(sign) \(b.value))"
                    : "steward_add(\(a.value), \(subtrahend))",
                [a, b],
                digits,
                canFail: digits.mayOverflow
            )
        case .multiply:
            let digits = FormulaDigits(
                x.before + y.before,
                x.after.flatMap { places in y.after.map { places + $0 } }
            )
            let isExact = digits.isExact && x.isExact && y.isExact
            return number(
                isExact
                    ? "(\(a.value) * \(b.value))" : "steward_multiply(\(a.value), \(b.value))",
                [a, b],
                isExact ? digits : FormulaDigits(digits.before, nil),
                canFail: digits.mayOverflow
            )
        case .divide:
            let before = y.after.map { x.before + $0 + 1 } ?? FormulaDigits.beforeMax + 1
            var isZero = true
            if case .number(let divisor) = b.constant, divisor.unscaled != 0 { isZero = false }
            return number(
                "steward_divide(\(a.value), \(b.value))",
                [a, b],
                FormulaDigits(before, nil),
                canFail: isZero || before > FormulaDigits.beforeMax
            )
        default:
            return number(
                "steward_power(\(a.value), \(b.value))",
                [a, b],
                FormulaDigits(65, nil),
                canFail: true
            )
        }
    }

    /// A number that is blank where one of its parts is, and null where it fails by itself.
    func number(
        _ value: String,
        _ parts: [FormulaPart],
        _ digits: FormulaDigits,
        canFail: Bool
    ) -> FormulaPart {
        var result = strict(value, parts, .number, canFail: canFail)
        result.digits = FormulaDigits(min(digits.before, FormulaDigits.beforeMax), digits.after)
        return result
    }

    /// A value that is blank where one of its parts is, and null where it fails by itself.
    func strict(
        _ value: String,
        _ parts: [FormulaPart],
        _ type: FormulaType,
        canFail: Bool
    ) -> FormulaPart {
        var failures = parts.map(\.failures)
        if canFail {
            let conditions = parts.compactMap(\.isThere) + ["\(value) IS NULL"]
            failures.append(FormulaFailures(any: "(\(conditions.joined(separator: " AND ")))"))
        }
        return FormulaPart(
            value: value,
            type: type,
            failures: .joined(failures),
            failsAsNull: parts.allSatisfy(\.failsAsNull),
            isBlankable: parts.contains { $0.isThere != nil }
        )
    }

    // MARK: Dates

    /// Days between dates and between moments, milliseconds between times.
    private func between(_ a: FormulaPart, _ b: FormulaPart) -> FormulaPart {
        let (value, digits): (String, FormulaDigits) =
            switch a.type {
            case .date: ("(\(a.value) - \(b.value))::numeric", FormulaDigits(7, 0))
            case .time:
                (
                    "(steward_milliseconds(\(a.value)) - steward_milliseconds(\(b.value)))::numeric",
                    FormulaDigits(8, 0)
                )
            default:
                (
                    """
                    steward_divide((steward_milliseconds(\(a.value)) \
                    - steward_milliseconds(\(b.value)))::numeric, 86400000)
                    """,
                    FormulaDigits(7, nil)
                )
            }
        return number(value, [a, b], digits, canFail: false)
    }

    private func shifted(
        _ part: FormulaPart,
        _ operation: FormulaOperation,
        _ amount: FormulaPart
    ) -> FormulaPart {
        let sign = operation == .subtract ? "- " : ""
        return strict(
            "steward_add(\(part.value), \(sign)\(amount.value))",
            [part, amount],
            part.type,
            canFail: true
        )
    }

    // MARK: Texts

    private func joined(_ a: FormulaPart, _ b: FormulaPart) -> FormulaPart {
        let length = a.lengthMax.flatMap { first in b.lengthMax.map { first + $0 } }
        if let length, length * 4 <= FormulaEvaluator.textMax {
            return text("(\(a.value) || \(b.value))", [a, b], length)
        }
        return text("steward_joined(\(a.value), \(b.value))", [a, b], length, canBeTooLong: true)
    }

    /// A text that is null where one of its parts is.
    func text(
        _ value: String,
        _ parts: [FormulaPart],
        _ length: Int?,
        canBeTooLong: Bool = false
    ) -> FormulaPart {
        var failures = parts.map(\.failures)
        if canBeTooLong {
            failures.append(FormulaFailures(any: "\(value) IS NULL", limit: "\(value) IS NULL"))
        }
        return FormulaPart(
            value: value,
            type: .text,
            failures: .joined(failures),
            failsAsNull: parts.allSatisfy(\.failsAsNull),
            lengthMax: length
        )
    }

    // MARK: Comparisons

    private mutating func compared(
        _ operation: FormulaOperation,
        _ left: FormulaNode,
        _ right: FormulaNode
    ) throws(FormulaRefusal) -> FormulaPart {
        let type = left.type == .null ? right.type : left.type
        let (a, b) = (try part(left, as: type), try part(right, as: type))
        let isEquality = operation == .equal || operation == .notEqual
        let sign = operation.rawValue
        switch (type, isEquality) {
        case (.text, true): return test("(\(plain(a)) \(sign) \(plain(b)))", [a, b])
        case (.id, true):
            let isEqual = "\(a.value) IS NOT DISTINCT FROM \(b.value)"
            return test(operation == .equal ? "(\(isEqual))" : "(NOT \(isEqual))", [a, b])
        case (.text, false):
            let order = "steward_text_order(\(a.value), \(b.value))"
            return strict("(\(order) \(sign) 0)", [a, b], .boolean, canFail: false)
        default:
            return strict("(\(a.value) \(sign) \(b.value))", [a, b], .boolean, canFail: false)
        }
    }
}
