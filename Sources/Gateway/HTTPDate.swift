import Foundation
import Kernel

/// The `Date` header, made once a second at most.
enum HTTPDate {
    private struct Made {
        var second = Int64.min
        var text = ""
    }

    private static let last = Locked(Made())

    /// The present moment: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func now() -> String {
        let second = Int64(Date().timeIntervalSince1970)
        return last.withLock { last in
            if last.second != second { last = Made(second: second, text: text(of: second)) }
            return last.text
        }
    }

    /// A moment in the form of RFC 9110, section 5.6.7.
    ///
    /// `second`: seconds since 1970.
    static func text(of second: Int64) -> String {
        var time = tm()
        var moment = time_t(second)
        guard gmtime_r(&moment, &time) != nil else { return "" }
        let day = name(at: time.tm_wday, in: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"])
        let month = name(
            at: time.tm_mon,
            in: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ]
        )
        let clock = [time.tm_hour, time.tm_min, time.tm_sec].map(padded).joined(separator: ":")
        return "\(day), \(padded(time.tm_mday)) \(month) \(time.tm_year + 1_900) \(clock) GMT"
    }

    private static func name(at index: Int32, in names: [String]) -> String {
        names.indices.contains(Int(index)) ? names[Int(index)] : ""
    }

    private static func padded(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
