/// Opening hours that a package brings: they become a record of `BusinessHours`, with its slots and
/// holidays.
///
/// The names are those of the Metadata API's `BusinessHoursEntry` and `Holiday`.
package struct BusinessHoursDefinition: Sendable {
    /// The days of the week, Sunday first, as records name them.
    package static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]

    package struct Day: Sendable {
        /// One of `weekdays`.
        package let name: String
        /// `09:00`, and `00:00` at the end for midnight.
        package let start: String
        package let end: String
    }

    package struct Slot: Sendable {
        package let days: [String]
        package let start: String
        package let end: String
        /// `2026-06-01`; the first and the last day.
        package let firstDate: String?
        package let lastDate: String?
    }

    /// A holiday as the fields of its record, by their names.
    package struct Holiday: Sendable {
        package let name: String
        package let values: [(field: String, value: String)]
    }

    package let name: String
    package let isActive: Bool
    package let isDefault: Bool
    package let timeZone: String
    package let days: [Day]
    package let slots: [Slot]
    package let holidays: [Holiday]
    package let source: ShapedMap

    static let shape = Shape(
        title: "business hours",
        summary: "When work is done; they become a record of Business Hours.",
        keys: [
            .init("businessHours", .text, required: true, "Name."),
            .init("active", .boolean, "True where it is missing."),
            .init("default", .boolean, "The hours of every record that names no others."),
            .init("timeZoneId", .text, required: true, "`Europe/Berlin`."),
        ]
            + weekdays.flatMap { day in
                [
                    Shape.Key("\(day.lowercased())StartTime", .text, "`09:00`; a day off without."),
                    Shape.Key("\(day.lowercased())EndTime", .text, "`17:00`; `00:00` is midnight."),
                ]
            } + [
                .init(
                    "slots",
                    .list(slotShape),
                    "Parts of a day: only they are open in their time."
                ),
                .init("holidays", .list(holidayShape), "Days off."),
            ]
    )

    private static let slotShape = Shape(
        title: "a slot",
        summary: "A part of some days of the week that is open.",
        keys: [
            .init("dayOfWeek", .texts, required: true, "Monday, …."),
            .init("startTime", .text, required: true, "`09:00`."),
            .init("endTime", .text, required: true, "`12:00`; `00:00` is midnight."),
            .init("effectiveStartDate", .text, "The first day on which it counts."),
            .init("effectiveEndDate", .text, "The last day on which it counts."),
        ]
    )

    /// Keys of a holiday, and the fields of its record.
    private static let holidayKeys = [
        ("description", "Description"), ("activityDate", "ActivityDate"),
        ("isRecurring", "IsRecurrence"), ("recurrenceType", "RecurrenceType"),
        ("recurrenceStartDate", "RecurrenceStartDate"),
        ("recurrenceEndDate", "RecurrenceEndDateOnly"),
        ("recurrenceInterval", "RecurrenceInterval"),
        ("recurrenceDayOfWeekMask", "RecurrenceDayOfWeekMask"),
        ("recurrenceDayOfMonth", "RecurrenceDayOfMonth"),
        ("recurrenceInstance", "RecurrenceInstance"),
        ("recurrenceMonthOfYear", "RecurrenceMonthOfYear"),
        ("startTimeInMinutes", "StartTimeInMinutes"), ("endTimeInMinutes", "EndTimeInMinutes"),
    ]

    private static let holidayShape = Shape(
        title: "a holiday",
        summary: "A day, or part of one, on which nobody works; the fields of Holiday.",
        keys: [Shape.Key("name", .text, required: true, "Its name.")]
            + holidayKeys.map { Shape.Key($0.0, .scalar, "The field \($0.1).") }
    )

    init(_ map: ShapedMap) {
        name = map.text("businessHours") ?? ""
        isActive = map.boolean("active") ?? true
        isDefault = map.boolean("default") ?? false
        timeZone = map.text("timeZoneId") ?? "UTC"
        days = BusinessHoursDefinition.weekdays.compactMap { day in
            guard let start = map.text("\(day.lowercased())StartTime"),
                let end = map.text("\(day.lowercased())EndTime")
            else { return nil }
            return Day(name: day, start: start, end: end)
        }
        slots = map.list("slots").map { slot in
            Slot(
                days: slot.texts("dayOfWeek"),
                start: slot.text("startTime") ?? "",
                end: slot.text("endTime") ?? "",
                firstDate: slot.text("effectiveStartDate"),
                lastDate: slot.text("effectiveEndDate")
            )
        }
        holidays = map.list("holidays").map { holiday in
            Holiday(
                name: holiday.text("name") ?? "",
                values: BusinessHoursDefinition.holidayKeys.compactMap { key, field in
                    holiday.text(key).map { (field, $0) }
                }
            )
        }
        source = map
    }

    /// A time of day, `09:00` or with seconds, in the form that records take; `nil` if it is none.
    package static func time(_ text: String) -> String? {
        let full = text.split(separator: ":").count == 2 ? "\(text):00.000" : text
        return CivilText.millisecondsOfDay(full) == nil ? nil : full
    }

    var problems: [PackageProblem] {
        var found: [PackageProblem] = []
        for day in BusinessHoursDefinition.weekdays.map({ $0.lowercased() }) {
            let keys = ["\(day)StartTime", "\(day)EndTime"]
            if source.has(keys[0]) != source.has(keys[1]) {
                found.append(source.problem("`\(keys[0])` and `\(keys[1])` stand together"))
            }
            for key in keys {
                guard let text = source.text(key), BusinessHoursDefinition.time(text) == nil else {
                    continue
                }
                found.append(source.problem("`\(text)` is no time of day: `09:00`", at: key))
            }
        }
        for slot in source.list("slots") {
            for key in ["startTime", "endTime"] {
                guard let text = slot.text(key), BusinessHoursDefinition.time(text) == nil else {
                    continue
                }
                found.append(slot.problem("`\(text)` is no time of day: `09:00`", at: key))
            }
            for day in slot.texts("dayOfWeek")
            where !BusinessHoursDefinition.weekdays.contains(day) {
                let hint = Suggestion.phrase(for: day, among: BusinessHoursDefinition.weekdays)
                found.append(slot.problem("`\(day)` is no day of the week\(hint)", at: "dayOfWeek"))
            }
            for key in ["effectiveStartDate", "effectiveEndDate"] {
                guard let text = slot.text(key), CivilText.daysSinceEpoch(text) == nil else {
                    continue
                }
                found.append(slot.problem("`\(text)` is no date: `2026-06-01`", at: key))
            }
        }
        return found
    }
}
