import Metadata

/// How formulas write dates and times, and read them.
enum FormulaFormat {
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, width - digits.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }

    /// `2026-01-31`.
    static func date(_ date: CivilDate) -> String {
        "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    /// `10:30:00.000`.
    static func time(_ milliseconds: Int) -> String {
        let seconds = milliseconds / 1_000
        return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):"
            + "\(padded(seconds % 60, 2)).\(padded(milliseconds % 1_000, 3))"
    }

    /// `2026-01-31 10:30:00Z`; empty outside the years 1 to 9999.
    static func dateTime(_ milliseconds: Int64) -> String {
        let (days, rest) = split(milliseconds)
        guard let day = CivilDate(daysSinceEpoch: days) else { return "" }
        return "\(date(day)) \(time(rest).dropLast(4))Z"
    }

    /// A moment as its day and the milliseconds of it, in UTC.
    static func split(_ milliseconds: Int64) -> (days: Int, rest: Int) {
        let perDay = CivilDate.millisecondsPerDay
        let rest = ((milliseconds % perDay) + perDay) % perDay
        return (Int((milliseconds - rest) / perDay), Int(rest))
    }

    /// Reads `2026-1-31`.
    static func day(_ text: Substring) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = digits(parts[0], 4...4),
            let month = digits(parts[1], 1...2), let day = digits(parts[2], 1...2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
    }

    /// Reads `10:30`, `9:30:00`, `10:30:00.000`.
    static func timeOfDay(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 2, let hour = digits(parts[0], 1...2),
            let minute = digits(parts[1], 1...2), hour < 24, minute < 60
        else { return nil }
        var result = (hour * 60 + minute) * 60_000
        guard parts.count == 3 else { return result }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard let second = digits(seconds[0], 1...2), second < 60, seconds.count <= 2 else {
            return nil
        }
        result += second * 1_000
        guard seconds.count == 2 else { return result }
        guard let fraction = digits(seconds[1], 1...3) else { return nil }
        return result + fraction * [100, 10, 1][seconds[1].utf8.count - 1]
    }

    /// Reads `2026-01-31 10:30:00`, with `T` for the blank and a `Z` too.
    static func moment(_ text: Substring) -> Int64? {
        let plain = text.last == "Z" ? text.dropLast() : text
        let parts = plain.split(maxSplits: 1) { $0 == " " || $0 == "T" }
        guard let first = parts.first, let day = day(first) else { return nil }
        var time = 0
        if parts.count == 2 {
            guard let read = timeOfDay(parts[1]) else { return nil }
            time = read
        }
        return Int64(day) * CivilDate.millisecondsPerDay + Int64(time)
    }

    private static func digits(_ text: Substring, _ count: ClosedRange<Int>) -> Int? {
        let bytes = text.utf8
        guard count.contains(bytes.count), bytes.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }
}
