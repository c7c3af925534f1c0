import Language
import Metadata

/// Which translation a function has.
extension FormulaTranslator {
    mutating func call(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .if, .case, .ifError, .isBlank, .isNull, .blankValue, .nullValue, .isPickVal,
            .includes, .isIn:
            return try logic(function, nodes, type)
        case .isNew, .isClone, .isChanged, .priorValue, .vlookup:
            throw FormulaRefusal(reason: "\(function.rawValue) belongs to saves")
        case .isNumber, .begins, .contains, .find, .len, .value, .ascii, .regex:
            return try ofText(function, nodes)
        case .br, .caseSafeID, .hyperlink, .image, .initCap, .left, .lower, .lpad, .mid, .substr,
            .reverse, .right, .rpad, .substitute, .text, .trim, .upper, .chr, .htmlEncode,
            .jsEncode, .jsInHTMLEncode, .urlEncode, .formatCurrency, .jsonValue, .jsonPathValue:
            return try made(function, nodes)
        case .abs, .ceiling, .floor, .mceiling, .mfloor, .round, .trunc, .mod, .max, .min:
            return try exact(function, nodes)
        case .sqrt, .exp, .ln, .log, .pi, .sin, .cos, .tan, .asin, .acos, .atan, .atan2, .distance,
            .geolocation, .currencyRate:
            return try approximate(function, nodes)
        case .addMonths, .date, .dateValue, .dateTimeValue, .timeValue, .now, .today, .timeNow,
            .fromUnixTime:
            return try moment(function, nodes)
        case .day, .month, .year, .dayOfYear, .weekday, .isoWeek, .isoYear, .hour, .minute, .second,
            .millisecond, .unixTimestamp, .formatDuration:
            return try ofMoment(function, nodes)
        }
    }

    /// The arguments, each of its function's type.
    mutating func parts(
        _ nodes: [FormulaNode],
        _ types: FormulaType...
    ) throws(FormulaRefusal) -> [FormulaPart] {
        var parts: [FormulaPart] = []
        for (place, node) in nodes.enumerated() {
            let type = place < types.count ? types[place] : types.last
            parts.append(try part(node, as: type))
        }
        return parts
    }

    /// The whole part of a number, to count with; `nil` of the argument stands for a blank.
    func integer(_ part: FormulaPart, blank: Int) -> String {
        if let constant = wholeConstant(part) { return "\(constant)" }
        let value = "steward_integer(\(part.value))"
        return part.isBlankable ? "COALESCE(\(value), \(blank))" : value
    }

    /// A whole number that the formula itself says, or the negative of one.
    func wholeConstant(_ part: FormulaPart) -> Int? {
        guard case .number(let number) = part.constant, let whole = number.exactly(at: 0),
            whole.magnitude <= 1_000_000_000
        else { return nil }
        return Int(whole)
    }
}
