import Metadata

/// The functions of dates and times.
enum FormulaDates {
    static func checked(days: Int) throws(FormulaFailure) -> Int {
        guard CivilDate.days.contains(days) else {
            throw FormulaFailure(.range, "the date is outside the years 1 to 9999")
        }
        return days
    }

    static func checked(moment: Int64) throws(FormulaFailure) -> Int64 {
        guard CivilDate.milliseconds.contains(moment) else {
            throw FormulaFailure(.range, "the moment is outside the years 1 to 9999")
        }
        return moment
    }

    static func call(
        _ function: FormulaFunction,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaValue {
        if function == .formatDuration { return duration(arguments) }
        guard !arguments.hasNull else { return .null }
        switch function {
        case .date: return try date(arguments)
        case .addMonths: return try addMonths(arguments)
        case .dateValue: return .date(try day(arguments[0], function))
        case .dateTimeValue: return .dateTime(try moment(arguments[0]))
        case .timeValue: return .time(try time(arguments[0]))
        case .fromUnixTime:
            let seconds = arguments.number(0)?.integer ?? Int.max
            guard abs(seconds) <= 300_000_000_000 else {
                throw FormulaFailure(.range, "the moment is outside the years 1 to 9999")
            }
            return .dateTime(try checked(moment: Int64(seconds) * 1_000))
        case .unixTimestamp: return timestamp(arguments[0])
        case .hour, .minute, .second, .millisecond:
            guard case .time(let time) = arguments[0] else { return .null }
            return .number(FormulaNumber(part(function, ofTime: time)))
        default:
            let days = try day(arguments[0], function)
            guard let date = CivilDate(daysSinceEpoch: days) else { return .null }
            return .number(FormulaNumber(part(function, of: date, days)))
        }
    }

    private static func part(_ function: FormulaFunction, ofTime time: Int) -> Int {
        switch function {
        case .hour: time / 3_600_000
        case .minute: time / 60_000 % 60
        case .second: time / 1_000 % 60
        default: time % 1_000
        }
    }

    private static func part(_ function: FormulaFunction, of date: CivilDate, _ days: Int) -> Int {
        switch function {
        case .day: return date.day
        case .month: return date.month
        case .year: return date.year
        case .dayOfYear: return dayOfYear(date, days)
        // 1970-01-01 was a Thursday.
        case .weekday: return ((days % 7) + 11) % 7 + 1
        default:
            // The week of a day is that of its Thursday.
            let monday = ((days % 7) + 10) % 7
            let thursday = days - monday + 3
            guard let anchor = CivilDate(daysSinceEpoch: thursday) else { return date.year }
            if function == .isoYear { return anchor.year }
            return (dayOfYear(anchor, thursday) - 1) / 7 + 1
        }
    }

    private static func dayOfYear(_ date: CivilDate, _ days: Int) -> Int {
        let first = CivilDate(year: date.year, month: 1, day: 1)?.daysSinceEpoch ?? days
        return days - first + 1
    }

    private static func date(_ arguments: FormulaArguments) throws(FormulaFailure) -> FormulaValue {
        guard let year = arguments.integer(0), let month = arguments.integer(1),
            let day = arguments.integer(2),
            let date = CivilDate(year: year, month: month, day: day)
        else { throw FormulaFailure(.range, "DATE of a day that does not exist") }
        return .date(date.daysSinceEpoch)
    }

    private static func addMonths(
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaValue {
        guard let count = arguments.integer(1) else { return .null }
        if case .dateTime(let moment) = arguments[0] {
            let (days, rest) = FormulaFormat.split(moment)
            let moved = try addMonths(days, count)
            return .dateTime(Int64(moved) * CivilDate.millisecondsPerDay + Int64(rest))
        }
        return .date(try addMonths(try day(arguments[0], .addMonths), count))
    }

    private static func addMonths(_ days: Int, _ count: Int) throws(FormulaFailure) -> Int {
        guard let date = CivilDate(daysSinceEpoch: days) else { return days }
        let months = date.year * 12 + date.month - 1 + count
        let year = months >= 0 ? months / 12 : -1
        let month = months % 12 + 1
        let last = CivilDate.daysInMonth(month, of: year)
        let isLast = date.day == CivilDate.daysInMonth(date.month, of: date.year)
        let day = count != 0 && isLast ? last : min(date.day, last)
        guard let moved = CivilDate(year: year, month: month, day: day) else {
            throw FormulaFailure(.range, "the date is outside the years 1 to 9999")
        }
        return moved.daysSinceEpoch
    }

    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    private static func day(
        _ value: FormulaValue,
        _ function: FormulaFunction
    ) throws(FormulaFailure) -> Int {
        switch value {
        case .date(let days): return days
        case .dateTime(let moment): return FormulaFormat.split(moment).days
        case .text(let text):
            if let day = FormulaFormat.day(trimmed(text)) { return day }
            throw FormulaFailure(.conversion, "\(function.rawValue): the text is no date")
        default:
            throw FormulaFailure(.conversion, "\(function.rawValue): the value is no date")
        }
    }

    private static func moment(_ value: FormulaValue) throws(FormulaFailure) -> Int64 {
        switch value {
        case .dateTime(let moment): return moment
        case .date(let days): return Int64(days) * CivilDate.millisecondsPerDay
        case .text(let text):
            if let moment = FormulaFormat.moment(trimmed(text)) { return moment }
            throw FormulaFailure(.conversion, "DATETIMEVALUE: the text is no date and time")
        default: throw FormulaFailure(.conversion, "DATETIMEVALUE: the value is no moment")
        }
    }

    private static func time(_ value: FormulaValue) throws(FormulaFailure) -> Int {
        switch value {
        case .time(let time): return time
        case .dateTime(let moment): return FormulaFormat.split(moment).rest
        case .text(let text):
            if let time = FormulaFormat.timeOfDay(trimmed(text)) { return time }
            throw FormulaFailure(.conversion, "TIMEVALUE: the text is no time")
        default: throw FormulaFailure(.conversion, "TIMEVALUE: the value is no time")
        }
    }

    private static func timestamp(_ value: FormulaValue) -> FormulaValue {
        switch value {
        case .date(let days): return .number(FormulaNumber(days * 86_400))
        case .dateTime(let moment):
            let (days, rest) = FormulaFormat.split(moment)
            return .number(FormulaNumber(days * 86_400 + rest / 1_000))
        case .time(let time): return .number(FormulaNumber(time / 1_000))
        default: return .null
        }
    }

    private static func duration(_ arguments: FormulaArguments) -> FormulaValue {
        let seconds: Int
        switch (arguments[0], arguments[1]) {
        case (.dateTime(let a), .dateTime(let b)):
            seconds = Int(max(a, b) / 1_000) - Int(min(a, b) / 1_000)
        case (.time(let a), .time(let b)): seconds = abs(a - b) / 1_000
        case (.number, _): seconds = abs(arguments.integer(0) ?? 0)
        default: return .null
        }
        let clock = { (hours: Int) in
            "\(FormulaFormat.padded(hours, 2)):\(FormulaFormat.padded(seconds / 60 % 60, 2)):"
                + FormulaFormat.padded(seconds % 60, 2)
        }
        guard arguments[1].isTrue else { return .text(clock(seconds / 3_600)) }
        return .text("\(seconds / 86_400):\(clock(seconds / 3_600 % 24))")
    }
}
