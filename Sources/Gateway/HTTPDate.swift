import Foundation
import Kernel
package import Metadata

/// Moments as HTTP's headers write them: `Tue, 15 Nov 1994 12:45:26 GMT`.
///
/// Source: RFC 9110, section 5.6.7; the two obsolete forms are not read.
package enum HTTPDate {
    private struct Made {
        var second = Int64.min
        var text = ""
    }

    private static let last = Locked(Made())

    /// The present moment, for the `Date` header; made once a second at most.
    static func now() -> String {
        let second = Int64(Date().timeIntervalSince1970)
        return last.withLock { last in
            if last.second != second {
                last = Made(second: second, text: text(of: Instant(milliseconds: second * 1_000)))
            }
            return last.text
        }
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads a date; `nil` where the text is none, as HTTP has unreadable dates ignored.
    package static func parse(_ text: String) -> Instant? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT",
            let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]),
            let date = CivilDate(year: year, month: month + 1, day: day),
            let time = CivilText.millisecondsOfDay(String(words[4]))
        else { return nil }
        let midnight = Int64(date.daysSinceEpoch) * CivilDate.millisecondsPerDay
        return Instant(milliseconds: midnight + Int64(time))
    }

    /// Writes a moment, whose milliseconds are dropped.
    package static func text(of moment: Instant) -> String {
        let perDay = CivilDate.millisecondsPerDay
        var dayNumber = Int(moment.milliseconds / perDay)
        var rest = moment.milliseconds % perDay
        if rest < 0 {
            rest += perDay
            dayNumber -= 1
        }
        guard let date = CivilDate(daysSinceEpoch: dayNumber) else { return "" }
        let weekday = days[((dayNumber % 7) + 7) % 7]
        let seconds = Int(rest / 1_000)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map(two)
            .joined(separator: ":")
        return "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
