import Kernel
import Language
import Metadata

/// What is written in the formula, and what it reads.
extension FormulaTranslator {
    mutating func literal(_ value: FieldValue, _ type: FormulaType) -> FormulaPart {
        var part = FormulaPart(value: "", type: type, isBlankable: false, constant: value)
        switch value {
        case .null, .blob:
            part.value = type.isKeptAsText ? "''" : "NULL::\(type.sqlType)"
            part.isBlankable = true
            part.lengthMax = 0
            part.digits = FormulaDigits(0, 0)
        case .text(let text):
            part.value = text.isEmpty ? "''" : "\(place(.text(text)))::text"
            part.lengthMax = text.unicodeScalars.count
            if text.isEmpty { part.constant = .null }
        case .boolean(let flag): part.value = flag ? "TRUE" : "FALSE"
        case .number(let number):
            part.value = "\(number.description)::numeric"
            if number.unscaled < 0 { part.value = "(\(part.value))" }
            part.digits = FormulaDigits(number.integerDigits, number.scale)
        case .date(let days): part.value = "(DATE 'epoch' + \(days))"
        case .dateTime(let moment): part.value = "steward_moment(\(moment.milliseconds))"
        case .time(let milliseconds): part.value = "steward_time(\(milliseconds))"
        case .id(let id): part.value = "\(place(.integer(id.number)))::bigint"
        case .coordinate(let degrees):
            part.value = "steward_decimal(\(degrees))"
            part.digits = FormulaDigits(3, nil)
        }
        return part
    }

    mutating func field(_ path: FormulaPath) -> FormulaPart {
        let type = path.field.formulaType ?? .text
        guard let reference = use.columns[path] else { return literal(.null, type) }
        return column(reference, type)
    }

    /// A value of the user's profile or role, of the org, or of the caller's rights.
    mutating func global(_ global: FormulaGlobal) -> FormulaPart {
        guard let path = use.formula.globals[global] else {
            return literal(context.value(of: global), global.type)
        }
        return field(path)
    }

    private func column(_ reference: ColumnReference, _ type: FormulaType) -> FormulaPart {
        let column = compiler.column(reference)
        guard column != "NULL" else {
            let value = type.isKeptAsText ? "''" : "NULL::\(type.sqlType)"
            return FormulaPart(value: value, type: type, digits: FormulaDigits(0, 0), lengthMax: 0)
        }
        switch reference.field.columnType {
        case .text:
            return FormulaPart(
                value: "COALESCE(\(column), '')",
                type: type,
                lengthMax: reference.field.lengthMax
            )
        case .decimal(let precision, let scale):
            let digits = FormulaDigits(precision - scale, scale)
            return FormulaPart(value: column, type: type, digits: digits)
        case .real:
            return FormulaPart(
                value: "steward_decimal(\(column))",
                type: type,
                digits: FormulaDigits(309, nil)
            )
        case .recordID, .boolean, .date, .dateTime, .time, .byteCount, nil:
            return FormulaPart(value: column, type: type)
        }
    }

    /// The present moment.
    mutating func now() -> FormulaPart {
        FormulaPart(
            value: "steward_moment(\(place(.now))::bigint)",
            type: .dateTime,
            isBlankable: false
        )
    }

    /// The present day in the caller's zone.
    mutating func today() -> FormulaPart {
        let literal = DateLiteral(unit: .day, position: .whole(0))
        let days = place(.dateLiteral(literal, .start, isDateTime: false))
        return FormulaPart(
            value: "(DATE 'epoch' + \(days)::integer)",
            type: .date,
            isBlankable: false
        )
    }

    // MARK: Casts

    mutating func converted(
        _ cast: FormulaCast,
        _ inner: FormulaNode
    ) throws(FormulaRefusal) -> FormulaPart {
        let part = try part(inner, as: cast.source)
        guard part.type == cast.source || part.type.isKeptAsText && cast.source.isKeptAsText
        else { return part }
        switch cast {
        case .blankToZero: return filled(part, with: "0")
        case .blankToFalse: return filled(part, with: "FALSE")
        case .fromPercent: return scaled(part, by: "0.01", -2)
        case .toPercent: return scaled(part, by: "100", 3)
        case .picklistToText:
            var text = part
            text.type = .text
            return text
        case .idToText: return identifier(part, "steward_id(\(part.value))", 18)
        case .idToShortText: return identifier(part, "left(steward_id(\(part.value)), 15)", 15)
        case .dateToDateTime: return derived(part, .dateTime, "steward_start_of(\(part.value))")
        case .dateTimeToDate: return derived(part, .date, "steward_day_of(\(part.value))")
        case .textToID:
            // No record has this id: a text that is none is equal to none.
            let id = "COALESCE(steward_identified(\(part.value)), -1)"
            return FormulaPart(
                value: "CASE WHEN \(part.value) <> '' THEN \(id) END",
                type: .id,
                failures: part.failures,
                failsAsNull: part.failsAsNull
            )
        }
    }

    private func filled(_ part: FormulaPart, with value: String) -> FormulaPart {
        guard part.isBlankable else { return part }
        var filled = part
        filled.value = "COALESCE(\(part.value), \(value))"
        filled.isBlankable = false
        filled.failsAsNull = part.failures.isNever
        filled.constant = nil
        return filled
    }

    /// A percentage as a part of one, or back.
    private func scaled(_ part: FormulaPart, by factor: String, _ places: Int) -> FormulaPart {
        var result = part
        result.constant = nil
        var digits = part.digits ?? .unknown
        if places < 0 {
            digits.after = digits.after.map { $0 - places }
        } else {
            digits.before += places
        }
        result.digits = digits
        if digits.isExact {
            result.value = "(\(part.value) * \(factor))"
            return result
        }
        result.digits?.after = nil
        result.value =
            places < 0
            ? "steward_divide(\(part.value), 100)" : "steward_multiply(\(part.value), 100)"
        return result
    }

    private func identifier(_ part: FormulaPart, _ value: String, _ length: Int) -> FormulaPart {
        FormulaPart(
            value: "COALESCE(\(value), '')",
            type: .text,
            failures: part.failures,
            failsAsNull: part.failures.isNever,
            lengthMax: length
        )
    }

    /// A value that is blank, or fails, where another is.
    func derived(_ part: FormulaPart, _ type: FormulaType, _ value: String) -> FormulaPart {
        var result = part
        result.value = value
        result.type = type
        result.constant = nil
        result.digits = nil
        result.lengthMax = nil
        return result
    }
}

extension FormulaCast {
    /// What it is made from.
    fileprivate var source: FormulaType {
        switch self {
        case .blankToZero, .fromPercent, .toPercent: .number
        case .picklistToText, .textToID: .text
        case .idToText, .idToShortText: .id
        case .dateToDateTime: .date
        case .dateTimeToDate: .dateTime
        case .blankToFalse: .boolean
        }
    }
}
