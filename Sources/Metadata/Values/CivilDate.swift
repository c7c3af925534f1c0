/// A day of the Gregorian calendar, without a time or a zone.
///
/// Years 1 to 9999, the Gregorian rules applied backwards before 1582, as SQL and ISO 8601 do.
/// Days are counted from 1970-01-01, which is day 0.
package struct CivilDate: Hashable, Sendable {
    /// 1 to 9999.
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to the length of the month.
    package let day: Int

    /// A date from its parts; `nil` when the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date a number of days after 1970-01-01; `nil` outside the years 1 to 9999.
    package init?(daysSinceEpoch: Int) {
        guard Self.days.contains(daysSinceEpoch) else { return nil }
        // The year is taken to begin in March, so that the leap day is its last. Eras are the
        // 400 years after which the calendar repeats.
        let shifted = daysSinceEpoch + Self.daysFromMarchZeroToEpoch
        let era = shifted / Self.daysPerEra
        let dayOfEra = shifted % Self.daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// Days after 1970-01-01, negative before it.
    package var daysSinceEpoch: Int {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let era = yearFromMarch / 400
        let yearOfEra = yearFromMarch % 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysPerEra + dayOfEra - Self.daysFromMarchZeroToEpoch
    }
}

extension CivilDate {
    /// The years that can be written with four digits.
    package static let years = 1...9999

    /// The days of those years, 0001-01-01 to 9999-12-31, counted from 1970-01-01.
    package static let days = -719_162...2_932_896

    /// The milliseconds of those years, counted from 1970-01-01T00:00:00Z.
    package static let milliseconds: ClosedRange<Int64> =
        -62_135_596_800_000...253_402_300_799_999

    /// How many milliseconds a day has; there are no leap seconds.
    package static let millisecondsPerDay: Int64 = 86_400_000

    /// Whether a year has a 29 February.
    package static func isLeapYear(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// How many days a month has; 0 for a month that does not exist.
    package static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeapYear(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1...12: 31
        default: 0
        }
    }

    private static let daysPerEra = 146_097
    /// From 0000-03-01, where eras begin, to 1970-01-01.
    private static let daysFromMarchZeroToEpoch = 719_468
}

extension CivilDate: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
