/// What SOQL's date functions take from a date, by the names used in SQL.
///
/// Weeks are counted from the first day of the month or year, not from a weekday: week 1 is days
/// 1 to 7. Source: SOQL and SOSL Reference, "Date Functions".
enum DatePart: String, CaseIterable {
    case calendarYear = "calendar_year"
    case calendarQuarter = "calendar_quarter"
    case calendarMonth = "calendar_month"
    case dayInYear = "day_in_year"
    case dayInMonth = "day_in_month"
    /// 1 is Sunday.
    case dayInWeek = "day_in_week"
    case hourInDay = "hour_in_day"
    case weekInMonth = "week_in_month"
    case weekInYear = "week_in_year"
    /// The date itself, in days since 1970-01-01.
    case dayOnly = "day_only"

    /// The part of a moment, given in seconds since 1970-01-01T00:00 on the local clock.
    ///
    /// - Returns: `nil` outside the years 1 to 9999.
    func value(localSeconds: Int64) -> Int64? {
        let days = localSeconds.flooredDivision(by: 86_400)
        guard let date = CivilDate(days: days) else { return nil }
        switch self {
        case .calendarYear: return date.year
        case .calendarQuarter: return (date.month - 1) / 3 + 1
        case .calendarMonth: return date.month
        case .dayInYear: return date.dayInYear
        case .dayInMonth: return date.day
        // Day 0 was a Thursday.
        case .dayInWeek: return (days + 4).flooredRemainder(by: 7) + 1
        case .hourInDay: return localSeconds.flooredRemainder(by: 86_400) / 3_600
        case .weekInMonth: return (date.day - 1) / 7 + 1
        case .weekInYear: return (date.dayInYear - 1) / 7 + 1
        case .dayOnly: return days
        }
    }
}

/// A date of the Gregorian calendar, which is also used for the time before there was one.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64
    let dayInYear: Int64

    /// - Parameter days: Since 1970-01-01.
    init?(days: Int64) {
        // 0001-01-01 to 9999-12-31.
        guard (-719_162...2_932_896).contains(days) else { return nil }
        // Counted in years that begin in March, a leap day comes last, and the lengths of months
        // repeat every five: 153 days.
        let daysSinceMarchOfYear0 = days + 719_468
        let era = daysSinceMarchOfYear0 / 146_097
        let dayOfEra = daysSinceMarchOfYear0 % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfMarchYear + 2) / 153

        day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        // January and February are days 306 to 365 of the year that began last March.
        dayInYear =
            month <= 2 ? dayOfMarchYear - 305 : dayOfMarchYear + (isLeapYear ? 61 : 60)
    }
}

extension Int64 {
    /// Division that rounds down, before 1970 too.
    func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// What `flooredDivision` leaves: never negative.
    func flooredRemainder(by divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
