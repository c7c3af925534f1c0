import Metadata

/// When things come in: by season, weekday and hour, over the months before a given moment.
struct DemoCalendar: Sendable {
    static let hour: Int64 = 3_600_000
    static let day = CivilDate.millisecondsPerDay
    /// Eighteen months.
    static let dayCount = 548

    let now: Int64
    /// When the first case may have come in.
    let start: Int64
    private let offset: Int64
    private let hours: DemoWeights
    private let storms: Set<Int>

    init(now: Instant, hoursFromUTC: Int64, random: SeededRandom) {
        self.now = now.milliseconds
        let offset = hoursFromUTC * DemoCalendar.hour
        self.offset = offset
        let lastDay = Int(DemoCalendar.floored(now.milliseconds + offset, by: DemoCalendar.day))
        let firstDay = lastDay - DemoCalendar.dayCount
        let start = Int64(firstDay) * DemoCalendar.day - offset
        self.start = start
        var random = random
        let storms = Set((firstDay...lastDay).filter { _ in random.below(60) == 0 })
        self.storms = storms
        let hourCount = Int((now.milliseconds - start) / DemoCalendar.hour)
        hours = DemoWeights(
            (0..<max(1, hourCount)).map { hour in
                let day = firstDay + hour / 24
                let growth = 85 + 30 * (day - firstDay) / DemoCalendar.dayCount
                let weather = storms.contains(day) ? 3 : 1
                return DemoCalendar.weight(ofDay: day) * DemoCalendar.hourWeights[hour % 24]
                    * growth * weather / 100
            }
        )
    }

    /// When the case at `index` of `count` came in; later ones never before earlier ones.
    func moment(of index: Int, among count: Int, _ random: inout SeededRandom) -> Int64 {
        let number = (index * hours.total + random.below(hours.total)) / max(1, count)
        let position = hours.position(of: number)
        let width = hours.sum(before: position + 1) - hours.sum(before: position)
        let within = Int64(number - hours.sum(before: position)) * DemoCalendar.hour
        let blur = Int64(random.below(Int(DemoCalendar.hour) / max(1, width)))
        return start + Int64(position) * DemoCalendar.hour + within / Int64(max(1, width)) + blur
    }

    /// Days since 1970-01-01, in local time.
    func localDay(_ moment: Int64) -> Int {
        Int(DemoCalendar.floored(moment + offset, by: DemoCalendar.day))
    }

    func localHour(_ moment: Int64) -> Int {
        Int((moment + offset - Int64(localDay(moment)) * DemoCalendar.day) / DemoCalendar.hour)
    }

    func isStormy(_ moment: Int64) -> Bool { storms.contains(localDay(moment)) }

    /// 0 for January.
    func month(_ moment: Int64) -> Int { DemoCalendar.month(ofDay: localDay(moment)) }

    func year(_ moment: Int64) -> Int { CivilDate(daysSinceEpoch: localDay(moment))?.year ?? 1_970 }

    /// Whether somebody is at the desk.
    func isWorkingTime(_ moment: Int64) -> Bool {
        !DemoCalendar.isWeekend(localDay(moment)) && (8..<17).contains(localHour(moment))
    }

    /// The moment itself, or one in the first hours of the next working day.
    func workingTime(from moment: Int64) -> Int64 {
        if isWorkingTime(moment) { return moment }
        var day = localDay(moment)
        if localHour(moment) >= 17 { day += 1 }
        while DemoCalendar.isWeekend(day) { day += 1 }
        // What waited over night is done one after the other, not all of it at eight o'clock sharp.
        let morning = Int64(day) * DemoCalendar.day - offset + 8 * DemoCalendar.hour
        return morning + DemoCalendar.remainder(moment, by: 3 * DemoCalendar.hour)
    }
}

extension DemoCalendar {
    /// As the REST API writes it.
    static func text(_ moment: Int64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(28)
        let isWritten = bytes.appendDatetime(millisecondsSinceEpoch: moment, zone: .zulu)
        return isWritten ? String(decoding: bytes, as: UTF8.self) : ""
    }

    static func text(ofDay day: Int) -> String {
        var bytes: [UInt8] = []
        let isWritten = bytes.appendDate(daysSinceEpoch: day)
        return isWritten ? String(decoding: bytes, as: UTF8.self) : ""
    }

    private static let hourWeights = [
        4, 3, 2, 2, 3, 6, 16, 38, 70, 92, 100, 94, 74, 80, 86, 80, 72, 60, 48, 40, 34, 26, 16, 8,
    ]
    /// Monday first.
    private static let weekdayWeights = [130, 116, 108, 104, 98, 46, 36]
    private static let monthWeights = [112, 108, 118, 110, 104, 100, 96, 92, 100, 106, 98, 90]

    private static func weight(ofDay day: Int) -> Int {
        weekdayWeights[weekday(day)] * monthWeights[month(ofDay: day)] / 100
    }

    private static func month(ofDay day: Int) -> Int {
        (CivilDate(daysSinceEpoch: day)?.month ?? 1) - 1
    }

    /// 0 for Monday; 1970-01-01 was a Thursday.
    private static func weekday(_ day: Int) -> Int { Int(remainder(Int64(day) + 3, by: 7)) }

    private static func isWeekend(_ day: Int) -> Bool { weekday(day) >= 5 }

    /// Rounded down, before 1970 too.
    private static func floored(_ number: Int64, by divisor: Int64) -> Int64 {
        (number - remainder(number, by: divisor)) / divisor
    }

    private static func remainder(_ number: Int64, by divisor: Int64) -> Int64 {
        let rest = number % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
