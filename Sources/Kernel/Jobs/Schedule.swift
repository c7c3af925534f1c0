import Foundation
package import Metadata

/// Moments that come again and again: every so many minutes, or at a time of the day by the clocks of
/// a time zone.
///
/// Where clocks are put forward over the time, it is the moment at which they are; where they are put
/// back over it, the first of the two.
package struct Schedule: Sendable, Hashable {
    package enum Days: Sendable, Hashable {
        case daily
        /// 1 for Monday to 7 for Sunday.
        case weekly(Set<Int>)
        /// 1 to 31; in a shorter month its last day.
        case monthly(Int)
    }

    package enum Beat: Sendable, Hashable {
        /// Counted from midnight in UTC, so that it is the same after a restart.
        case everyMinutes(Int)
        case at(Days, minuteOfDay: Int, zone: String)
    }

    package let beat: Beat

    private init(_ beat: Beat) {
        self.beat = beat
    }

    /// - Parameter minutes: 1 to 1,440.
    package static func every(minutes: Int) -> Schedule? {
        (1...1_440).contains(minutes) ? Schedule(.everyMinutes(minutes)) : nil
    }

    /// - Parameters:
    ///   - zone: an IANA time zone: `Europe/Berlin`.
    /// - Returns: `nil` where there is no such time, day or zone.
    package static func at(
        hour: Int,
        minute: Int,
        _ days: Days = .daily,
        zone: String
    ) -> Schedule? {
        guard (0...23).contains(hour), (0...59).contains(minute), TimeZone(identifier: zone) != nil
        else { return nil }
        switch days {
        case .daily: break
        case .weekly(let set):
            guard !set.isEmpty, set.allSatisfy((1...7).contains) else { return nil }
        case .monthly(let day):
            guard (1...31).contains(day) else { return nil }
        }
        return Schedule(.at(days, minuteOfDay: hour * 60 + minute, zone: zone))
    }

    /// The first moment of the schedule that is later than another.
    package func next(after moment: Instant) -> Instant? {
        switch beat {
        case .everyMinutes(let minutes):
            let step = Int64(minutes) * 60_000
            let day = moment.milliseconds.flooredDivision(by: CivilDate.millisecondsPerDay)
            let midnight = day * CivilDate.millisecondsPerDay
            let steps = (moment.milliseconds - midnight) / step + 1
            // The last stretch of a day is shorter where the minutes do not divide it.
            let next = min(midnight + steps * step, midnight + CivilDate.millisecondsPerDay)
            return Instant(milliseconds: next)
        case .at(let days, let minute, let zone):
            guard let zone = TimeZone(identifier: zone) else { return nil }
            return LocalClock(zone).next(days, minute, after: moment)
        }
    }
}

// MARK: - As text

extension Schedule {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// `every 15 minutes`, `daily 02:30 Europe/Berlin`, `weekly Mon,Fri 02:30 UTC`,
    /// `monthly 31 02:30 UTC`.
    package var text: String {
        switch beat {
        case .everyMinutes(let minutes): return "every \(minutes) minutes"
        case .at(let days, let minute, let zone):
            let time = "\(Self.digits(minute / 60)):\(Self.digits(minute % 60)) \(zone)"
            switch days {
            case .daily: return "daily \(time)"
            case .weekly(let set):
                let names = set.sorted().map { Self.weekdays[$0 - 1] }
                return "weekly \(names.joined(separator: ",")) \(time)"
            case .monthly(let day): return "monthly \(day) \(time)"
            }
        }
    }

    /// Reads what `text` writes; `nil` where it is something else.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard let first = words.first else { return nil }
        var read: Schedule?
        switch (first, words.count) {
        case ("every", 3) where words[2] == "minutes":
            read = Int(words[1]).flatMap { Schedule.every(minutes: $0) }
        case ("daily", 3): read = Self.read(.daily, words[1], words[2])
        case ("weekly", 4):
            let days = words[1].split(separator: ",").map { name in
                (Self.weekdays.firstIndex(of: String(name)) ?? -1) + 1
            }
            read = Self.read(.weekly(Set(days)), words[2], words[3])
        case ("monthly", 4):
            read = Int(words[1]).flatMap { Self.read(.monthly($0), words[2], words[3]) }
        default: break
        }
        guard let read else { return nil }
        self = read
    }

    private static func read(_ days: Days, _ time: String, _ zone: String) -> Schedule? {
        let parts = time.split(separator: ":").map { Int($0) ?? -1 }
        guard parts.count == 2 else { return nil }
        return .at(hour: parts[0], minute: parts[1], days, zone: zone)
    }

    private static func digits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

// MARK: - By the clocks of a zone

/// Moments at which the clocks of a zone show a time.
private struct LocalClock {
    private let zone: TimeZone

    init(_ zone: TimeZone) {
        self.zone = zone
    }

    func next(_ days: Schedule.Days, _ minute: Int, after moment: Instant) -> Instant? {
        guard CivilDate.milliseconds.contains(moment.milliseconds) else { return nil }
        let local = moment.milliseconds + offset(at: moment.milliseconds)
        // The day before too: where clocks were put back over midnight, it comes twice.
        let today = Int(local.flooredDivision(by: CivilDate.millisecondsPerDay)) - 1
        // A month and its last day are at most 62 days away.
        for day in today...(today + 64) where isWanted(day, days) {
            let found = self.moment(day, minute)
            if found > moment.milliseconds { return Instant(milliseconds: found) }
        }
        return nil
    }

    private func isWanted(_ day: Int, _ days: Schedule.Days) -> Bool {
        switch days {
        case .daily: return true
        case .weekly(let set):
            // 1970-01-01, day 0, was a Thursday.
            return set.contains(((day + 3) % 7 + 7) % 7 + 1)
        case .monthly(let wanted):
            guard let date = CivilDate(daysSinceEpoch: day) else { return false }
            return date.day == min(wanted, CivilDate.daysInMonth(date.month, of: date.year))
        }
    }

    /// When the clocks show a minute of a day, in milliseconds since 1970 in UTC.
    private func moment(_ day: Int, _ minute: Int) -> Int64 {
        let local = Int64(day) * CivilDate.millisecondsPerDay + Int64(minute) * 60_000
        let before = offset(at: local - CivilDate.millisecondsPerDay)
        let after = offset(at: local + CivilDate.millisecondsPerDay)
        if offset(at: local - before) == before { return local - before }
        if offset(at: local - after) == after { return local - after }
        // No clock shows it. The change lies between the two, since it goes over the time.
        var early = min(local - after, local - before)
        var late = max(local - after, local - before)
        let changed = offset(at: late)
        while late - early > 1 {
            let middle = early + (late - early) / 2
            if offset(at: middle) == changed { late = middle } else { early = middle }
        }
        return late
    }

    private func offset(at milliseconds: Int64) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        return Int64(zone.secondsFromGMT(for: date)) * 1_000
    }
}

extension Int64 {
    /// Rounded down also below zero.
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
