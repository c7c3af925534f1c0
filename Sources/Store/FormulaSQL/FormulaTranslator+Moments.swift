import Language
import Metadata

/// The functions of dates and times.
extension FormulaTranslator {
    mutating func moment(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .now: return now()
        case .today: return today()
        case .timeNow: return derived(now(), .time, "steward_time_of(\(now().value))")
        case .date:
            let parts = try parts(nodes, .number)
            let list = parts.map { strictInteger($0) }.joined(separator: ", ")
            return strict("steward_date(\(list))", parts, .date, canFail: true)
        case .fromUnixTime:
            let part = try part(nodes[0], as: .number)
            return strict("steward_unix(\(part.value))", [part], .dateTime, canFail: true)
        case .addMonths: return try addMonths(nodes)
        default: return try read(function, try part(nodes[0], as: .text))
        }
    }

    /// A whole number, null where it is blank.
    private func strictInteger(_ part: FormulaPart) -> String {
        wholeConstant(part).map { "\($0)" } ?? "steward_integer(\(part.value))"
    }

    private mutating func addMonths(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .date, .number)
        let (moment, count) = (parts[0].value, strictInteger(parts[1]))
        guard parts[0].type == .dateTime else {
            return strict("steward_add_months(\(moment), \(count))", parts, .date, canFail: true)
        }
        let day = "steward_add_months(steward_day_of(\(moment)), \(count))"
        return strict(
            "((\(day) + steward_time_of(\(moment))) AT TIME ZONE 'UTC')",
            parts,
            .dateTime,
            canFail: true
        )
    }

    /// `DATEVALUE`, `DATETIMEVALUE` and `TIMEVALUE`.
    private func read(
        _ function: FormulaFunction,
        _ part: FormulaPart
    ) throws(FormulaRefusal) -> FormulaPart {
        let value = part.value
        switch (function, part.type) {
        case (.dateValue, .text):
            return strict("steward_read_day(\(value))", [part], .date, canFail: true)
        case (.dateValue, .dateTime): return derived(part, .date, "steward_day_of(\(value))")
        case (.dateTimeValue, .text):
            return strict("steward_read_moment(\(value))", [part], .dateTime, canFail: true)
        case (.dateTimeValue, .date): return derived(part, .dateTime, "steward_start_of(\(value))")
        case (.timeValue, .text):
            let time = "steward_time(steward_read_time(steward_trim_spaces(\(value))))"
            return strict(time, [part], .time, canFail: true)
        case (.timeValue, .dateTime): return derived(part, .time, "steward_time_of(\(value))")
        case (.dateValue, .date), (.dateTimeValue, .dateTime), (.timeValue, .time): return part
        default: throw FormulaRefusal(reason: "\(function.rawValue) of a \(part.type.title)")
        }
    }

    /// A number that a day, a moment or a time of day has.
    mutating func ofMoment(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .formatDuration: return try duration(nodes)
        case .unixTimestamp: return try timestamp(try part(nodes[0], as: .date))
        case .hour, .minute, .second, .millisecond:
            let part = try part(nodes[0], as: .time)
            let milliseconds = "steward_milliseconds(\(part.value))"
            let value =
                switch function {
                case .hour: "\(milliseconds) / 3600000"
                case .minute: "\(milliseconds) / 60000 % 60"
                case .second: "\(milliseconds) / 1000 % 60"
                default: "\(milliseconds) % 1000"
                }
            return number("(\(value))::numeric", [part], FormulaDigits(4, 0), canFail: false)
        default:
            let part = try part(nodes[0], as: .date)
            let day =
                part.type == .dateTime ? "(\(part.value) AT TIME ZONE 'UTC')" : part.value
            let unit =
                switch function {
                case .day: "DAY"
                case .month: "MONTH"
                case .year: "YEAR"
                case .dayOfYear: "DOY"
                case .weekday: "DOW"
                case .isoWeek: "WEEK"
                default: "ISOYEAR"
                }
            let value = "EXTRACT(\(unit) FROM \(day))::numeric"
            let shifted = function == .weekday ? "(\(value) + 1)" : value
            return number(shifted, [part], FormulaDigits(5, 0), canFail: false)
        }
    }

    private func timestamp(_ part: FormulaPart) throws(FormulaRefusal) -> FormulaPart {
        let seconds =
            switch part.type {
            case .date: "((\(part.value) - DATE 'epoch') * 86400::numeric)"
            case .time: "trunc(steward_milliseconds(\(part.value)) / 1000::numeric)"
            default: "floor(steward_milliseconds(\(part.value)) / 1000::numeric)"
            }
        return number(seconds, [part], FormulaDigits(12, 0), canFail: false)
    }

    private mutating func duration(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        var parts: [FormulaPart] = []
        for node in nodes { parts.append(try part(node, as: .number)) }
        let first = parts[0].value
        let seconds: String
        var hasDays = "FALSE"
        switch parts[0].type {
        case .dateTime, .time:
            let both = parts.map { "steward_milliseconds(\($0.value))" }
            seconds =
                parts[0].type == .time
                ? "abs(\(both[0]) - \(both[1])) / 1000"
                : "(greatest(\(both[0]), \(both[1])) / 1000 - least(\(both[0]), \(both[1])) / 1000)"
        default:
            seconds = "abs(steward_integer(\(first)))::bigint"
            if parts.count > 1 { hasDays = "COALESCE(\(parts[1].value), FALSE)" }
        }
        let isSpan = [.dateTime, .time].contains(parts[0].type)
        let blanks = isSpan ? parts.compactMap { $0.isBlankable ? $0.isBlank : nil } : []
        let value = "COALESCE(steward_duration(\(seconds), \(hasDays)), '')"
        var result = text(
            blanks.isEmpty
                ? value : "CASE WHEN \(blanks.joined(separator: " OR ")) THEN '' ELSE \(value) END",
            parts,
            30
        )
        result.failsAsNull = result.failures.isNever
        return result
    }
}
