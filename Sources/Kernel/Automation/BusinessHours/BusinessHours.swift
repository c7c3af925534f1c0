package import Metadata

/// When work is done: windows of the days of the week in one time zone, without the holidays.
///
/// A moment is open when the clock on the wall of that zone shows a time within a window of that
/// day. So an hour that the clocks repeat counts twice, and one that they skip not at all.
///
/// All of it is arithmetic on stretches of time, never on single minutes: the cost grows with the
/// days between two moments.
package struct BusinessHours: Hashable, Sendable {
    /// A stretch of a day, in milliseconds after midnight; the end is not part of it.
    package typealias Window = Range<Int>

    /// Windows that replace those of a day of the week while they are in effect.
    package struct Slot: Hashable, Sendable {
        /// 0 for Sunday to 6 for Saturday.
        package let weekday: Int
        package let window: Window
        /// The first and the last day, counted from 1970-01-01; `nil` without such an end.
        package let firstDay: Int?
        package let lastDay: Int?

        package init(weekday: Int, window: Window, firstDay: Int? = nil, lastDay: Int? = nil) {
            self.weekday = weekday
            self.window = window
            self.firstDay = firstDay
            self.lastDay = lastDay
        }

        func isInEffect(on day: Int) -> Bool {
            firstDay.map { $0 <= day } ?? true && lastDay.map { day <= $0 } ?? true
        }
    }

    package static let dayMilliseconds = 86_400_000
    /// How far ahead an opening is looked for, in days: fifty years.
    private static let horizonDays = 18_263

    /// The record they were read from; `nil` for hours that nobody has declared.
    package let id: RecordID?
    package let name: String
    /// An IANA name: `Europe/Berlin`.
    package let timeZone: String
    /// One window a day of the week, Sunday first; `nil` for a day off.
    let week: [Window?]
    /// By day of the week: only these parts of the day's window are open while they are in effect.
    let slots: [[Slot]]
    let holidays: [Holiday]
    private let known = KnownHours()

    /// - Parameters:
    ///   - week: seven windows, Sunday first; `nil` for a day off. Days that are not given are off.
    ///   - slots: parts of a day's window; on a day that has some in effect, only they are open.
    package init(
        id: RecordID? = nil,
        name: String,
        timeZone: String,
        week: [Window?],
        slots: [Slot] = [],
        holidays: [Holiday] = []
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.week = (0..<7).map { week.indices.contains($0) ? week[$0] : nil }
        self.slots = (0..<7).map { weekday in slots.filter { $0.weekday == weekday } }
        self.holidays = holidays
    }

    /// Every hour of every day.
    package static func always(timeZone: String = "UTC") -> BusinessHours {
        BusinessHours(
            name: "24/7",
            timeZone: timeZone,
            week: Array(repeating: 0..<dayMilliseconds, count: 7)
        )
    }
}

// MARK: - Questions

extension BusinessHours {
    package func isOpen(at moment: Instant) -> Bool {
        guard CivilDate.milliseconds.contains(moment.milliseconds) else { return false }
        let local = moment.milliseconds + zone.offset(at: moment.milliseconds)
        let day = LocalTime.day(local)
        let time = Int(local - Int64(day) * CivilDate.millisecondsPerDay)
        return windows(on: day).contains { $0.contains(time) }
    }

    /// How many milliseconds between two moments are open; none where the second is the earlier.
    package func openTime(from start: Instant, to end: Instant) -> Int64 {
        var total: Int64 = 0
        forEachOpening(from: start.milliseconds, to: end.milliseconds) { opening in
            total += opening.upperBound - opening.lowerBound
            return true
        }
        return total
    }

    /// The earliest moment by which so many milliseconds have been open since `start`.
    ///
    /// - Returns: `start` itself for none; `nil` where fifty years are not enough.
    package func moment(after milliseconds: Int64, from start: Instant) -> Instant? {
        guard milliseconds > 0 else { return start }
        let question = KnownHours.Question(milliseconds: milliseconds, start: start.milliseconds)
        return known.moment(question) { firstMoment(after: milliseconds, from: start) }
    }

    private func firstMoment(after milliseconds: Int64, from start: Instant) -> Instant? {
        var left = milliseconds
        var found: Int64?
        forEachOpening(from: start.milliseconds, to: horizon(of: start)) { opening in
            let length = opening.upperBound - opening.lowerBound
            guard length < left else {
                found = opening.lowerBound + left
                return false
            }
            left -= length
            return true
        }
        return found.map { Instant(milliseconds: $0) }
    }

    /// The moment itself where it is open, or the next that is; `nil` where none is in sight.
    package func opening(atOrAfter start: Instant) -> Instant? {
        var found: Int64?
        forEachOpening(from: start.milliseconds, to: horizon(of: start)) { opening in
            found = opening.lowerBound
            return false
        }
        return found.map { Instant(milliseconds: $0) }
    }

    private var zone: ZoneOffsets { ZoneOffsets(identifier: timeZone) }

    private func horizon(of start: Instant) -> Int64 {
        let days = Int64(BusinessHours.horizonDays) * CivilDate.millisecondsPerDay
        let (end, isOver) = start.milliseconds.addingReportingOverflow(days)
        return isOver ? CivilDate.milliseconds.upperBound : end
    }
}

// MARK: - Openings

extension BusinessHours {
    /// Hands over the open stretches of a range in order, until the body says no.
    private func forEachOpening(
        from start: Int64,
        to end: Int64,
        _ body: (Range<Int64>) -> Bool
    ) {
        let start = max(start, CivilDate.milliseconds.lowerBound)
        let end = min(end, CivilDate.milliseconds.upperBound)
        guard start < end, week.contains(where: { $0 != nil }) else { return }
        var from = start
        // A year at a time, so that a near answer does not read zones of far years.
        while from < end {
            let to = min(end, from + 366 * CivilDate.millisecondsPerDay)
            for stretch in zone.stretches(in: from..<to) {
                guard forEachOpening(in: stretch, body) else { return }
            }
            from = to
        }
    }

    private func forEachOpening(
        in stretch: ZoneOffsets.Stretch,
        _ body: (Range<Int64>) -> Bool
    ) -> Bool {
        let first = LocalTime.day(stretch.range.lowerBound + stretch.offset)
        let last = LocalTime.day(stretch.range.upperBound - 1 + stretch.offset)
        for day in first...max(first, last) {
            let midnight = Int64(day) * CivilDate.millisecondsPerDay - stretch.offset
            for window in windows(on: day) {
                let start = midnight + Int64(window.lowerBound)
                let end = midnight + Int64(window.upperBound)
                let part = (start..<max(start, end)).clamped(to: stretch.range)
                if !part.isEmpty && !body(part) { return false }
            }
        }
        return true
    }

    /// What is open on a local day: in order, none touching another.
    private func windows(on day: Int) -> [Window] {
        known.windows(day) { declaredWindows(on: day) }
    }

    private func declaredWindows(on day: Int) -> [Window] {
        let weekday = LocalTime.weekday(day)
        guard let whole = week[weekday] else { return [] }
        var open = [whole]
        let inEffect = slots[weekday].filter { $0.isInEffect(on: day) }
        if !inEffect.isEmpty {
            open = BusinessHours.united(inEffect.map { $0.window.clamped(to: whole) })
        }
        for holiday in holidays where holiday.occurs(on: day) {
            open = open.flatMap { BusinessHours.without(holiday.window, in: $0) }
        }
        return open.filter { !$0.isEmpty }
    }

    private static func united(_ windows: [Window]) -> [Window] {
        var found: [Window] = []
        for window in windows.sorted(by: { $0.lowerBound < $1.lowerBound }) where !window.isEmpty {
            if let last = found.last, window.lowerBound <= last.upperBound {
                found[found.count - 1] =
                    last.lowerBound..<max(last.upperBound, window.upperBound)
            } else {
                found.append(window)
            }
        }
        return found
    }

    private static func without(_ hole: Window, in window: Window) -> [Window] {
        guard window.overlaps(hole) else { return [window] }
        return [
            window.lowerBound..<max(window.lowerBound, hole.lowerBound),
            min(window.upperBound, hole.upperBound)..<window.upperBound,
        ]
    }
}
