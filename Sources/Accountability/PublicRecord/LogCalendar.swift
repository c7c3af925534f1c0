package import Metadata

/// Moments and days as the log writes them, and the sums that its clocks do with them.
package enum LogCalendar {
    package static let dayMilliseconds: Int64 = 86_400_000

    /// Reads `2026-11-24T10:00:00.000Z`, or a day, which is its midnight in UTC.
    package static func moment(_ text: String) -> Instant? {
        CivilText.millisecondsSinceEpoch(text).map { Instant(milliseconds: $0) }
    }

    /// `2026-11-24T10:00:00.000Z`.
    package static func text(of moment: Instant) -> String {
        var bytes: [UInt8] = []
        guard bytes.appendDatetime(millisecondsSinceEpoch: moment.milliseconds, zone: .zulu) else {
            return String(moment.milliseconds)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-11-24`.
    package static func dayText(of moment: Instant) -> String {
        String(text(of: moment).prefix(10))
    }

    /// `2026-11-24`, for the number of a day since 1970.
    package static func dayText(_ day: Int) -> String {
        var bytes: [UInt8] = []
        guard bytes.appendDate(daysSinceEpoch: day) else { return String(day) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number of the day that a moment is in, since 1970.
    package static func day(of moment: Instant) -> Int {
        let quotient = moment.milliseconds / dayMilliseconds
        let isBelow = moment.milliseconds % dayMilliseconds < 0
        return Int(quotient) - (isBelow ? 1 : 0)
    }

    /// The first moment of a day.
    package static func start(of day: Int) -> Instant {
        Instant(milliseconds: Int64(clamping: day).multipliedSafely(by: dayMilliseconds))
    }

    /// The first moment after a day: what is due on a day is late from here on.
    package static func end(of day: Int) -> Instant { start(of: day + 1) }

    package static func adding(days: Int, to moment: Instant) -> Instant {
        adding(
            milliseconds: Int64(clamping: days).multipliedSafely(by: dayMilliseconds),
            to: moment
        )
    }

    package static func adding(hours: Int, to moment: Instant) -> Instant {
        adding(milliseconds: Int64(clamping: hours).multipliedSafely(by: 3_600_000), to: moment)
    }

    package static func adding(milliseconds: Int64, to moment: Instant) -> Instant {
        let (sum, overflows) = moment.milliseconds.addingReportingOverflow(milliseconds)
        return overflows ? moment : Instant(milliseconds: sum)
    }

    /// The same moment some calendar months later; the month's last day where it has no such day.
    package static func adding(months: Int, to moment: Instant) -> Instant {
        let day = day(of: moment)
        guard let date = CivilDate(daysSinceEpoch: day) else { return moment }
        let month = date.month - 1 + months
        let year = date.year + month / 12
        let first = CivilDate(year: year, month: month % 12 + 1, day: 1)
        let fitting = (28...31).reversed().lazy.compactMap {
            CivilDate(year: year, month: month % 12 + 1, day: min($0, date.day))
        }.first
        guard let target = fitting ?? first else { return moment }
        return adding(days: target.daysSinceEpoch - day, to: moment)
    }

    /// How long it is from one moment to a later one, in days rounded up; 0 where it is not later.
    package static func days(from start: Instant, to end: Instant) -> Int {
        end > start
            ? daysBegun(from: start, to: Instant(milliseconds: end.milliseconds - 1)) : 0
    }

    /// The number of the day, counted from a moment, in which a later one is: 1 for the first.
    package static func daysBegun(from start: Instant, to end: Instant) -> Int {
        let (length, overflows) = end.milliseconds
            .subtractingReportingOverflow(start.milliseconds)
        return overflows ? Int.max : Int(max(0, length) / dayMilliseconds) + 1
    }
}

extension Int64 {
    /// The product; as much as can be told where it is larger.
    fileprivate func multipliedSafely(by other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? (self < 0 ? Int64.min : Int64.max) : product
    }
}
