package import Metadata

/// The business hours that an org has declared, with their slots and holidays.
package struct BusinessCalendars: Sendable {
    private let byID: [RecordID: BusinessHours]
    /// Those of every record that names no others; `nil` where the org has declared none.
    package let standard: BusinessHours?

    init(_ hours: [BusinessHours], standard: RecordID?) {
        let known = Dictionary(
            hours.compactMap { hours in hours.id.map { ($0, hours) } },
            uniquingKeysWith: { first, _ in first }
        )
        byID = known
        self.standard = standard.flatMap { known[$0] }
    }

    package subscript(id: RecordID) -> BusinessHours? { byID[id] }

    /// Those of that name, in any letter case.
    package func named(_ name: String) -> BusinessHours? {
        byID.values.filter { $0.name.lowercased() == name.lowercased() }
            .min { ($0.id?.number ?? 0) < ($1.id?.number ?? 0) }
    }

    /// The first of these that there are; else the org's default; else every hour of every day.
    package func first(of ids: [RecordID?]) -> BusinessHours {
        ids.lazy.compactMap { $0 }.compactMap { self.byID[$0] }.first ?? standard ?? .always()
    }
}

extension BusinessCalendars {
    /// Objects whose records make up calendars.
    static let objects: Set<APIName> = [
        "BusinessHours", "BusinessHoursSlot", "Holiday", "BusinessHoursHoliday",
    ]
}

extension RecordReader {
    /// The org's business hours, read once for each snapshot.
    package func calendars() throws -> BusinessCalendars {
        let hasChanged = memory?.hasChanged ?? false
        if !hasChanged, let known = snapshot.calendars ?? memory?.calendars { return known }
        let calendars = try CalendarReading(questions: ownQuestions).calendars()
        guard !hasChanged else { return calendars }
        memory?.keep(calendars)
        let snapshot = snapshot
        onceLasting { snapshot.keep(calendars) }
        return calendars
    }
}

/// Reads business hours out of their records.
private struct CalendarReading {
    let questions: SystemQuestions

    private static let days = BusinessHoursDefinition.weekdays

    func calendars() throws -> BusinessCalendars {
        let times = CalendarReading.days.map { "\($0)StartTime, \($0)EndTime" }
            .joined(separator: ", ")
        let rows = try questions.rows(
            "SELECT Id, Name, IsActive, IsDefault, TimeZoneSidKey, \(times) FROM BusinessHours "
                + "ORDER BY Id"
        )
        guard !rows.isEmpty else { return BusinessCalendars([], standard: nil) }
        let slots = try slots()
        let holidays = try holidays()
        let closings = try closings()
        let named = Set(closings.values.flatMap { $0 })
        let hours = rows.compactMap { row -> BusinessHours? in
            guard let id = row[0].id, row[2].boolean != false else { return nil }
            return BusinessHours(
                id: id,
                name: row[1].text ?? "",
                timeZone: row[4].text ?? "UTC",
                week: (0..<7).map { CalendarReading.window(row[5 + $0 * 2], row[6 + $0 * 2]) },
                slots: slots[id] ?? [],
                holidays: holidays.filter { holiday in
                    closings[id]?.contains(holiday.key) ?? false || !named.contains(holiday.key)
                }.sorted { $0.key < $1.key }.map(\.value)
            )
        }
        let standard = rows.first { $0[3].boolean == true && $0[2].boolean != false }?[0].id
        return BusinessCalendars(hours, standard: standard)
    }

    /// A day's hours; midnight at both ends is the whole day.
    private static func window(_ start: FieldValue, _ end: FieldValue) -> BusinessHours.Window? {
        guard case .time(let start) = start, case .time(let end) = end else { return nil }
        let close = end == 0 ? BusinessHours.dayMilliseconds : end
        return start < close ? start..<close : nil
    }

    private func slots() throws -> [RecordID: [BusinessHours.Slot]] {
        let rows = try questions.rows(
            "SELECT Id, BusinessHoursId, DayOfWeek, StartTime, EndTime, EffectiveStartDate, "
                + "EffectiveEndDate FROM BusinessHoursSlot"
        )
        var found: [RecordID: [BusinessHours.Slot]] = [:]
        for row in rows {
            guard let hours = row[1].id, let window = CalendarReading.window(row[3], row[4]),
                let weekday = row[2].text.flatMap(CalendarReading.days.firstIndex)
            else { continue }
            found[hours, default: []].append(
                BusinessHours.Slot(
                    weekday: weekday,
                    window: window,
                    firstDay: row[5].day,
                    lastDay: row[6].day
                )
            )
        }
        return found
    }

    private func closings() throws -> [RecordID: Set<RecordID>] {
        var found: [RecordID: Set<RecordID>] = [:]
        for row in try questions.rows(
            "SELECT Id, BusinessHoursId, HolidayId FROM BusinessHoursHoliday"
        ) {
            if let hours = row[1].id, let holiday = row[2].id {
                found[hours, default: []].insert(holiday)
            }
        }
        return found
    }

    private func holidays() throws -> [RecordID: BusinessHours.Holiday] {
        let rows = try questions.rows(
            """
            SELECT Id, Name, ActivityDate, IsAllDay, StartTimeInMinutes, EndTimeInMinutes, \
            IsRecurrence, RecurrenceType, RecurrenceStartDate, RecurrenceEndDateOnly, \
            RecurrenceInterval, RecurrenceDayOfWeekMask, RecurrenceDayOfMonth, \
            RecurrenceInstance, RecurrenceMonthOfYear FROM Holiday
            """
        )
        var found: [RecordID: BusinessHours.Holiday] = [:]
        for row in rows {
            if let id = row[0].id, let holiday = HolidayRow(row).holiday { found[id] = holiday }
        }
        return found
    }
}

/// A holiday's record, as a pattern; `nil` where its fields do not make one.
private struct HolidayRow {
    private let row: [FieldValue]

    init(_ row: [FieldValue]) {
        self.row = row
    }

    var holiday: BusinessHours.Holiday? {
        guard let pattern else { return nil }
        return BusinessHours.Holiday(
            name: row[1].text ?? "",
            pattern: pattern,
            window: window,
            firstDay: row[8].day,
            lastDay: row[9].day
        )
    }

    private var window: BusinessHours.Window {
        let whole = 0..<BusinessHours.dayMilliseconds
        guard row[3].boolean == false else { return whole }
        let start = min(max(row[4].whole ?? 0, 0), 1_440)
        let end = min(max(row[5].whole ?? 1_440, 0), 1_440)
        return start < end ? start * 60_000..<end * 60_000 : whole
    }

    private var pattern: BusinessHours.Holiday.Pattern? {
        guard row[6].boolean == true else { return row[2].day.map { .once(day: $0) } }
        let every = max(1, row[10].whole ?? 1)
        let mask = row[11].whole ?? 0
        let dayOfMonth = row[12].whole ?? 1
        let instance = row[13].text.flatMap(BusinessHours.Holiday.Instance.init) ?? .first
        switch row[7].text {
        case "RecursDaily": return .daily(every: every)
        case "RecursEveryWeekday": return .everyWeekday
        case "RecursWeekly": return .weekly(every: every, weekdays: mask)
        case "RecursMonthly": return .monthly(every: every, dayOfMonth: dayOfMonth)
        case "RecursMonthlyNth":
            return .monthlyNth(every: every, instance: instance, weekdays: mask)
        case "RecursYearly": return month.map { .yearly(month: $0, dayOfMonth: dayOfMonth) }
        case "RecursYearlyNth":
            return month.map { .yearlyNth(month: $0, instance: instance, weekdays: mask) }
        default: return row[2].day.map { .once(day: $0) }
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    private var month: Int? {
        row[14].text.flatMap(HolidayRow.months.firstIndex).map { $0 + 1 }
    }
}

extension FieldValue {
    /// Days since 1970-01-01, if it is a date.
    var day: Int? {
        if case .date(let days) = self { days } else { nil }
    }

    /// The moment, if it is one.
    var moment: Instant? {
        if case .dateTime(let moment) = self { moment } else { nil }
    }

    /// The number, if it is a whole one.
    var whole: Int? {
        guard case .number(let number) = self else { return nil }
        return number.exactly(at: 0).map { Int($0) }
    }
}
