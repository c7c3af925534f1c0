internal import Metadata

extension BusinessHours {
    /// A day, or part of one, on which nobody works; once, or again and again.
    ///
    /// The ways to recur are those of the object `Holiday`.
    package struct Holiday: Hashable, Sendable {
        package enum Instance: String, CaseIterable, Sendable {
            case first = "First"
            case second = "Second"
            case third = "Third"
            case fourth = "Fourth"
            case last = "Last"
        }

        /// The days on which it falls; days count from 1970-01-01, weekdays are bits, Sunday 1.
        package enum Pattern: Hashable, Sendable {
            case once(day: Int)
            case daily(every: Int)
            case everyWeekday
            case weekly(every: Int, weekdays: Int)
            case monthly(every: Int, dayOfMonth: Int)
            case monthlyNth(every: Int, instance: Instance, weekdays: Int)
            case yearly(month: Int, dayOfMonth: Int)
            case yearlyNth(month: Int, instance: Instance, weekdays: Int)
        }

        package let name: String
        package let pattern: Pattern
        /// What is closed, in milliseconds after midnight.
        package let window: Window
        /// Where a recurrence begins and ends; the first day also starts its count.
        package let firstDay: Int?
        package let lastDay: Int?

        package init(
            name: String,
            pattern: Pattern,
            window: Window = 0..<BusinessHours.dayMilliseconds,
            firstDay: Int? = nil,
            lastDay: Int? = nil
        ) {
            self.name = name
            self.pattern = pattern
            self.window = window
            self.firstDay = firstDay
            self.lastDay = lastDay
        }

        package func occurs(on day: Int) -> Bool {
            if case .once(let only) = pattern { return day == only }
            if let firstDay, day < firstDay { return false }
            if let lastDay, day > lastDay { return false }
            guard let date = CivilDate(daysSinceEpoch: day) else { return false }
            return matches(date, day)
        }
    }
}

extension BusinessHours.Holiday {
    private func matches(_ date: CivilDate, _ day: Int) -> Bool {
        switch pattern {
        case .once(let only):
            day == only
        case .daily(let every):
            (day - (firstDay ?? 0)) % max(1, every) == 0
        case .everyWeekday:
            (1...5).contains(LocalTime.weekday(day))
        case .weekly(let every, let weekdays):
            falls(day, on: weekdays) && weeks(to: day) % max(1, every) == 0
        case .monthly(let every, let dayOfMonth):
            date.day == dayOfMonth && months(to: date) % max(1, every) == 0
        case .monthlyNth(let every, let instance, let weekdays):
            isInstance(instance, of: weekdays, date, day) && months(to: date) % max(1, every) == 0
        case .yearly(let month, let dayOfMonth):
            date.month == month && date.day == dayOfMonth
        case .yearlyNth(let month, let instance, let weekdays):
            date.month == month && isInstance(instance, of: weekdays, date, day)
        }
    }

    private func falls(_ day: Int, on weekdays: Int) -> Bool {
        weekdays & (1 << LocalTime.weekday(day)) != 0
    }

    /// Weeks, from Sunday, between that of the first day and that of this one.
    private func weeks(to day: Int) -> Int {
        let first = firstDay ?? 0
        return ((day - LocalTime.weekday(day)) - (first - LocalTime.weekday(first))) / 7
    }

    private func months(to date: CivilDate) -> Int {
        guard let first = CivilDate(daysSinceEpoch: firstDay ?? 0) else { return 0 }
        return (date.year - first.year) * 12 + date.month - first.month
    }

    /// Whether the day is the month's first, second, … of those weekdays.
    ///
    /// With several weekdays, as for "the first working day", they are counted together.
    private func isInstance(
        _ instance: Instance,
        of weekdays: Int,
        _ date: CivilDate,
        _ day: Int
    ) -> Bool {
        guard falls(day, on: weekdays) else { return false }
        let first = day - date.day + 1
        if instance == .last {
            let last = first + CivilDate.daysInMonth(date.month, of: date.year) - 1
            return day == last || !(day + 1...last).contains { falls($0, on: weekdays) }
        }
        let number = (first...day).count { falls($0, on: weekdays) }
        return number == (Instance.allCases.firstIndex(of: instance) ?? 0) + 1
    }
}
