import Language
import Metadata

/// The functions of numbers and places.
extension FormulaTranslator {
    mutating func exact(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .number)
        let digits = parts[0].digits ?? .unknown
        switch function {
        case .abs: return number("abs(\(parts[0].value))", parts, digits, canFail: false)
        case .ceiling, .floor, .mceiling, .mfloor: return whole(function, parts[0], digits)
        case .round, .trunc: return rounded(function, parts, digits)
        case .mod:
            let value = "steward_mod(\(parts[0].value), \(parts[1].value))"
            return number(value, parts, FormulaDigits(digits.before, nil), canFail: true)
        default: return extreme(function, parts)
        }
    }

    private func whole(
        _ function: FormulaFunction,
        _ part: FormulaPart,
        _ digits: FormulaDigits
    ) -> FormulaPart {
        // Digits that count when a whole number is made: a quotient such as 8/11 times 11 is 8.
        let isShort = digits.after.map { max(digits.before, 0) + $0 <= 33 } ?? false
        let value = isShort ? part.value : "steward_digits(\(part.value), 33)"
        let text =
            switch function {
            case .ceiling: "sign(\(part.value)) * ceil(abs(\(value)))"
            case .floor: "trunc(\(value))"
            case .mceiling: "ceil(\(value))"
            default: "floor(\(value))"
            }
        let result = FormulaDigits(max(digits.before, 0) + 1, 0)
        return number("(\(text))", [part], result, canFail: false)
    }

    private func rounded(
        _ function: FormulaFunction,
        _ parts: [FormulaPart],
        _ digits: FormulaDigits
    ) -> FormulaPart {
        let name = function == .round ? "round" : "trunc"
        let places = parts.count > 1 ? wholeConstant(parts[1]) : 0
        if let places, -30...30 ~= places {
            let after = min(digits.after ?? .max, max(places, 0))
            let result = FormulaDigits(max(digits.before, 0) + 1, after)
            return number(
                "\(name)(\(parts[0].value), \(places))",
                parts,
                result,
                canFail: false
            )
        }
        let text = integer(parts[1], blank: 0)
        let guarded = parts[1].isBlankable ? "steward_integer(\(parts[1].value))" : text
        return number(
            "steward_\(name)(\(parts[0].value), \(guarded))",
            parts,
            FormulaDigits(max(digits.before, 0) + 1, digits.after),
            canFail: false
        )
    }

    private func extreme(_ function: FormulaFunction, _ parts: [FormulaPart]) -> FormulaPart {
        let list = parts.map(\.value).joined(separator: ", ")
        let name = function == .max ? "greatest" : "least"
        // PostgreSQL's own pass over nulls.
        let mayBeNull = parts.contains { $0.isBlankable || !$0.failures.isNever }
        let places = parts.compactMap { $0.digits?.after }
        let digits = FormulaDigits(
            parts.map { $0.digits?.before ?? FormulaDigits.beforeMax }.max() ?? 0,
            places.count == parts.count ? places.max() : nil
        )
        let value = "\(mayBeNull && parts.count > 1 ? "steward_" : "")\(name)(\(list))"
        return number(value, parts, digits, canFail: false)
    }

    mutating func approximate(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .pi:
            let value = "\(Double.pi)"
            var result = number(value, [], FormulaDigits(1, 15), canFail: false)
            result.isBlankable = false
            return result
        case .geolocation: return try place(nodes)
        case .distance: return try distance(nodes)
        case .currencyRate:
            let part = try part(nodes[0], as: .text)
            var result = derived(part, .number, "CASE WHEN \(part.value) <> '' THEN 1::numeric END")
            result.isBlankable = true
            result.digits = FormulaDigits(1, 0)
            return result
        default:
            let parts = try parts(nodes, .number)
            let second = parts.count > 1 ? parts[1].value : "0"
            let value = "steward_approximate('\(function.rawValue)', \(parts[0].value), \(second))"
            // Angles of numbers that are not too large have no other way to fail.
            let digits = parts[0].digits ?? .unknown
            let isSafe: Bool =
                switch function {
                case .sin, .cos, .tan: digits.before < 308
                case .atan, .atan2: true
                default: false
                }
            return number(value, parts, FormulaDigits(309, nil), canFail: !isSafe)
        }
    }

    private mutating func place(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .number)
        var result = strict(
            "steward_place(\(parts[0].value), \(parts[1].value))",
            parts,
            .geolocation,
            canFail: false
        )
        result.isBlankable = true
        // A place needs both; without either it is blank.
        let isGiven = parts.compactMap(\.isThere)
        let isPartial = isGiven.count < 2 ? "TRUE" : "(\(isGiven.joined(separator: " OR ")))"
        let own = FormulaFailures(any: "(\(isPartial) AND \(result.value) IS NULL)")
        result.failures = .joined([result.failures, own])
        return result
    }

    private mutating func distance(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .geolocation, .geolocation, .text)
        let list = parts.map(\.value).joined(separator: ", ")
        var result = number(
            "steward_places_apart(\(list))",
            parts,
            FormulaDigits(6, nil),
            canFail: false
        )
        var isUnit = false
        if case .text(let unit) = parts[2].constant {
            isUnit = ["mi", "km"].contains(unit.lowercased())
        }
        if !isUnit {
            let own = "(steward_lower(\(parts[2].value)) NOT IN ('mi', 'km'))"
            result.failures = .joined([result.failures, FormulaFailures(any: own)])
        }
        return result
    }
}
