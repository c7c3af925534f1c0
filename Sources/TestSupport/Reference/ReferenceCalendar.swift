import Foundation
import Kernel
import Language
import Metadata

/// Days, and what a query's date functions take from them.
struct ReferenceCalendar {
    private let settings: CalendarSettings

    init(_ settings: CalendarSettings) {
        self.settings = settings
    }

    /// The day on which a moment falls, since 1970-01-01.
    ///
    /// - Parameter zone: an IANA name; `nil` for UTC.
    static func day(of moment: Instant, in zone: String?) -> Int {
        let seconds = localSeconds(of: moment, in: zone)
        return Int((Double(seconds) / 86_400).rounded(.down))
    }

    /// Seconds since 1970-01-01T00:00 on the zone's clock.
    private static func localSeconds(of moment: Instant, in zone: String?) -> Int {
        let seconds = Int((Double(moment.milliseconds) / 1_000).rounded(.down))
        guard let zone, let zone = TimeZone(identifier: zone) else { return seconds }
        return seconds + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

    /// The part of a date, or of a moment on the zone's clock.
    func value(_ part: DatePart, of value: FieldValue, in zone: String?) -> FieldValue {
        let day: Int
        var hour = 0
        switch value {
        case .date(let days): day = days
        case .dateTime(let moment):
            day = Self.day(of: moment, in: zone)
            hour = (Self.localSeconds(of: moment, in: zone) - day * 86_400) / 3_600
        case .null, .text, .boolean, .number, .time, .id, .coordinate, .blob: return .null
        }
        guard let date = CivilDate(daysSinceEpoch: day) else { return .null }
        if part == .dayOnly { return .date(day) }
        let number = part == .hourInDay ? hour : number(part, date)
        return .number(ExactDecimal(unscaled: Int64(number), scale: 0))
    }

    private func number(_ part: DatePart, _ date: CivilDate) -> Int {
        let newYear = CivilDate(year: date.year, month: 1, day: 1)?.daysSinceEpoch ?? 0
        let dayInYear = date.daysSinceEpoch - newYear + 1
        // How many months of the fiscal year are over.
        let fiscalMonths = (date.month - settings.fiscalYearStartMonth + 12) % 12
        switch part {
        case .calendarYear: return date.year
        case .calendarQuarter: return (date.month + 2) / 3
        case .calendarMonth: return date.month
        case .fiscalYear: return fiscalYear(date)
        case .fiscalQuarter: return fiscalMonths / 3 + 1
        case .fiscalMonth: return fiscalMonths + 1
        case .dayInYear: return dayInYear
        case .dayInMonth: return date.day
        // Sunday is 1, and 1970-01-01 was a Thursday.
        case .dayInWeek: return ((date.daysSinceEpoch + 4) % 7 + 7) % 7 + 1
        case .weekInMonth: return (date.day + 6) / 7
        case .weekInYear: return (dayInYear + 6) / 7
        case .dayOnly, .hourInDay: return 0
        }
    }

    /// A fiscal year is named for the year in which it ends, or for that in which it begins.
    private func fiscalYear(_ date: CivilDate) -> Int {
        let start = settings.fiscalYearStartMonth
        guard start > 1 else { return date.year }
        let begins = date.month >= start ? date.year : date.year - 1
        return settings.namesFiscalYearByEnd ? begins + 1 : begins
    }
}
