import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Opening hours, compared with a look at every minute's wall clock.
@Suite struct BusinessHoursTests {
    private static let hour = 3_600_000

    private static func instant(_ text: String) -> Instant {
        Instant(milliseconds: CivilText.millisecondsSinceEpoch(text) ?? 0)
    }

    private static func office(
        _ zone: String = "Europe/Berlin",
        slots: [BusinessHours.Slot] = [],
        holidays: [BusinessHours.Holiday] = []
    ) -> BusinessHours {
        let day = 9 * hour..<17 * hour
        return BusinessHours(
            name: "Office",
            timeZone: zone,
            week: [nil, day, day, day, day, day, nil],
            slots: slots,
            holidays: holidays
        )
    }

    @Test("eight business hours from Friday noon end on Monday at noon")
    func acrossAWeekend() {
        let end = Self.office("UTC").moment(
            after: Int64(8 * Self.hour),
            from: Self.instant("2026-03-13T12:00:00Z")
        )
        #expect(end == Self.instant("2026-03-16T12:00:00Z"))
    }

    @Test("nine to five stays nine to five by the wall clock when the clocks change")
    func daylightSaving() {
        let hours = Self.office()
        // Germany's clocks went forward on Sunday, 2026-03-29.
        #expect(
            hours.opening(atOrAfter: Self.instant("2026-03-27T20:00:00Z"))
                == Self.instant("2026-03-30T07:00:00Z")
        )
        #expect(
            hours.opening(atOrAfter: Self.instant("2026-10-23T20:00:00Z"))
                == Self.instant("2026-10-26T08:00:00Z")
        )
    }

    @Test("an hour that the clocks repeat counts twice, and one that they skip not at all")
    func repeatedHour() {
        let night = BusinessHours(
            name: "Night",
            timeZone: "Europe/Berlin",
            week: Array(repeating: 0..<6 * Self.hour, count: 7)
        )
        func hours(_ day: String, _ next: String) -> Int64 {
            night.openTime(
                from: Self.instant("\(day)T12:00:00Z"),
                to: Self.instant("\(next)T12:00:00Z")
            ) / Int64(Self.hour)
        }
        #expect(hours("2026-03-28", "2026-03-29") == 5)
        #expect(hours("2026-10-24", "2026-10-25") == 7)
        #expect(hours("2026-05-01", "2026-05-02") == 6)
    }

    @Test("slots leave the lunch break out, from the day on which they take effect")
    func slots() {
        let first = CivilText.daysSinceEpoch("2026-03-11")
        let slots = (1...5).flatMap { weekday in
            [9 * Self.hour..<12 * Self.hour, 13 * Self.hour..<17 * Self.hour].map {
                BusinessHours.Slot(weekday: weekday, window: $0, firstDay: first)
            }
        }
        let hours = Self.office("UTC", slots: slots)
        #expect(hours.isOpen(at: Self.instant("2026-03-10T12:30:00Z")))
        #expect(!hours.isOpen(at: Self.instant("2026-03-11T12:30:00Z")))
        #expect(hours.isOpen(at: Self.instant("2026-03-11T13:00:00Z")))
        #expect(!hours.isOpen(at: Self.instant("2026-03-11T17:00:00Z")))
    }

    @Test("a holiday that recurs closes its day every year, and part of a day only that part")
    func holidays() {
        let holidays = [
            BusinessHours.Holiday(
                name: "Thanksgiving",
                pattern: .yearlyNth(month: 11, instance: .fourth, weekdays: 1 << 4)
            ),
            BusinessHours.Holiday(
                name: "Christmas Eve",
                pattern: .yearly(month: 12, dayOfMonth: 24),
                window: 12 * Self.hour..<24 * Self.hour
            ),
        ]
        let hours = Self.office("UTC", holidays: holidays)
        #expect(!hours.isOpen(at: Self.instant("2026-11-26T10:00:00Z")))
        #expect(!hours.isOpen(at: Self.instant("2027-11-25T10:00:00Z")))
        #expect(hours.isOpen(at: Self.instant("2027-11-26T10:00:00Z")))
        #expect(hours.isOpen(at: Self.instant("2026-12-24T10:00:00Z")))
        #expect(!hours.isOpen(at: Self.instant("2026-12-24T14:00:00Z")))
    }

    @Test("hours without a window never open, and say so")
    func neverOpen() {
        let closed = BusinessHours(name: "Closed", timeZone: "UTC", week: [])
        let now = Self.instant("2026-03-10T12:00:00Z")
        #expect(closed.opening(atOrAfter: now) == nil)
        #expect(closed.moment(after: 1, from: now) == nil)
        #expect(closed.moment(after: 0, from: now) == now)
        #expect(closed.openTime(from: now, to: Self.instant("2030-01-01T00:00:00Z")) == 0)
    }

    @Test("every hour of a day without an end is a day's length, whichever the zone")
    func always() {
        let always = BusinessHours.always(timeZone: "America/New_York")
        let start = Self.instant("2026-03-07T12:34:00Z")
        let end = Self.instant("2026-11-02T01:02:03Z")
        #expect(always.openTime(from: start, to: end) == end.milliseconds - start.milliseconds)
        #expect(always.moment(after: 90_000, from: start) == start.adding(seconds: 90))
        #expect(always.openTime(from: end, to: start) == 0)
    }

    @Test("any calendar agrees with a look at every minute", arguments: 0..<10)
    func bruteForce(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let calendar = RandomCalendar(&random)
        let minutes = MinuteByMinute(calendar)
        for _ in 0..<3 {
            let start = calendar.moment(&random)
            let length = Int64.random(in: 0...12 * 1_440, using: &random)
            let end = start.adding(seconds: length * 60)
            #expect(calendar.hours.isOpen(at: start) == minutes.isOpen(start))
            #expect(
                calendar.hours.openTime(from: start, to: end)
                    == minutes.openTime(from: start, to: end)
            )
            let wanted = Int64.random(in: 0...2_500, using: &random) * 60_000
            let due = calendar.hours.moment(after: wanted, from: start)
            let expected = minutes.moment(after: wanted, from: start, upTo: 30 * 1_440)
            if let expected {
                #expect(due == expected)
            } else if let due {
                #expect(due > start.adding(seconds: 30 * 86_400))
            }
            if let due { #expect(calendar.hours.openTime(from: start, to: due) == wanted) }
        }
    }
}

/// A calendar as chance would have it, around days on which clocks change.
private struct RandomCalendar {
    let zone: TimeZone
    let week: [Range<Int>?]
    let slots: [BusinessHours.Slot]
    let holidays: [BusinessHours.Holiday]
    let hours: BusinessHours

    private static let zones = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Pacific/Apia", "America/St_Johns", "UTC", "Asia/Tehran", "Africa/Casablanca",
        "Europe/Istanbul",
    ]

    init(_ random: inout SeededRandom) {
        let name = Self.zones.randomElement(using: &random) ?? "UTC"
        zone = TimeZone(identifier: name) ?? .gmt
        week = (0..<7).map { _ in
            Int.random(in: 0..<4, using: &random) == 0 ? nil : Self.window(&random)
        }
        let first = CivilText.daysSinceEpoch("2011-12-01") ?? 0
        slots = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let from = Bool.random(using: &random) ? first + Self.days(&random) : nil
            let to = Bool.random(using: &random) ? first + Self.days(&random) : nil
            return BusinessHours.Slot(
                weekday: Int.random(in: 0..<7, using: &random),
                window: Self.window(&random),
                firstDay: from,
                lastDay: to
            )
        }
        holidays = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            BusinessHours.Holiday(
                name: "Day off",
                pattern: Self.pattern(&random, first),
                window: Bool.random(using: &random) ? 0..<86_400_000 : Self.window(&random),
                firstDay: first - 400
            )
        }
        hours = BusinessHours(
            name: "Random",
            timeZone: name,
            week: week,
            slots: slots,
            holidays: holidays
        )
    }

    private static func days(_ random: inout SeededRandom) -> Int {
        Int.random(in: 0..<6_000, using: &random)
    }

    private static func window(_ random: inout SeededRandom) -> Range<Int> {
        let start = Int.random(in: 0..<1_440, using: &random)
        let end = Int.random(in: start + 1...1_440, using: &random)
        return start * 60_000..<end * 60_000
    }

    private static func pattern(
        _ random: inout SeededRandom,
        _ first: Int
    ) -> BusinessHours.Holiday.Pattern {
        let every = Int.random(in: 1...5, using: &random)
        let mask = Int.random(in: 1..<128, using: &random)
        let instance = BusinessHours.Holiday.Instance.allCases.randomElement(using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return .once(day: first + days(&random))
        case 1: return .daily(every: every)
        case 2: return .weekly(every: every, weekdays: mask)
        case 3: return .monthly(every: every, dayOfMonth: Int.random(in: 1...31, using: &random))
        case 4: return .monthlyNth(every: every, instance: instance ?? .last, weekdays: mask)
        case 5:
            return .yearlyNth(
                month: [1, 3, 10].randomElement(using: &random) ?? 1,
                instance: instance ?? .last,
                weekdays: mask
            )
        default: return .yearly(month: 12, dayOfMonth: 31)
        }
    }

    /// A whole minute near a change of clocks, more often than not.
    func moment(_ random: inout SeededRandom) -> Instant {
        let places = [
            "2026-03-25", "2026-10-22", "2026-03-05", "2026-10-30", "2011-12-25", "2016-09-01",
            "2026-04-01", "2026-02-14",
        ]
        let text = places.randomElement(using: &random) ?? "2026-01-01"
        let start = CivilText.millisecondsSinceEpoch("\(text)T00:00:00Z") ?? 0
        let minutes = Int64.random(in: 0..<10 * 1_440, using: &random)
        return Instant(milliseconds: start + minutes * 60_000)
    }
}

/// The same questions, answered by looking at the clock on the wall once a minute.
private struct MinuteByMinute {
    let calendar: RandomCalendar

    init(_ calendar: RandomCalendar) {
        self.calendar = calendar
    }

    func isOpen(_ moment: Instant) -> Bool {
        let seconds = Int(moment.milliseconds / 1_000)
        let date = Date(timeIntervalSince1970: Double(seconds))
        let local = seconds + calendar.zone.secondsFromGMT(for: date)
        let day = Int((Double(local) / 86_400).rounded(.down))
        let time = (local - day * 86_400) * 1_000
        let weekday = ((day + 4) % 7 + 7) % 7
        guard let window = calendar.week[weekday], window.contains(time) else { return false }
        let slots = calendar.slots.filter { slot in
            slot.weekday == weekday && day >= slot.firstDay ?? Int.min
                && day <= slot.lastDay ?? Int.max
        }
        guard slots.isEmpty || slots.contains(where: { $0.window.contains(time) }) else {
            return false
        }
        return !calendar.holidays.contains { $0.occurs(on: day) && $0.window.contains(time) }
    }

    func openTime(from start: Instant, to end: Instant) -> Int64 {
        var total: Int64 = 0
        var moment = start
        while moment < end {
            if isOpen(moment) { total += 60_000 }
            moment = moment.adding(seconds: 60)
        }
        return total
    }

    func moment(after milliseconds: Int64, from start: Instant, upTo minutes: Int) -> Instant? {
        var left = milliseconds
        var moment = start
        for _ in 0..<minutes {
            if left <= 0 { return moment }
            if isOpen(moment) { left -= 60_000 }
            moment = moment.adding(seconds: 60)
        }
        return nil
    }
}
