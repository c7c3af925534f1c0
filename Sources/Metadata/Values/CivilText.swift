/// Reads the written forms of dates, datetimes and times that Salesforce's APIs exchange.
///
/// Everything is checked: a day or an hour that does not exist, a missing digit or a trailing
/// character gives `nil`, and so does a moment outside the years 1 to 9999.
package enum CivilText {
    /// Reads a date, `2026-01-31`, into days since 1970-01-01.
    package static func daysSinceEpoch(_ text: String) -> Int? {
        var text = text
        return text.withUTF8 { daysSinceEpoch(UnsafeRawBufferPointer($0)) }
    }

    /// Reads a date, `2026-01-31`, into days since 1970-01-01.
    package static func daysSinceEpoch(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var scanner = CivilScanner(bytes)
        guard let days = scanner.date(), scanner.isAtEnd else { return nil }
        return days
    }

    /// Reads a datetime into milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// The date and time are followed by the zone: `Z`, `+00:00`, `+0000` and every other offset up
    /// to 18 hours. Seconds may have a fraction of 1 to 9 digits, cut to milliseconds. A date alone
    /// is its midnight in UTC. A blank stands for the `+` of an offset, since that is what an
    /// unescaped `+` in a URL turns into.
    package static func millisecondsSinceEpoch(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { millisecondsSinceEpoch(UnsafeRawBufferPointer($0)) }
    }

    /// Reads a datetime into milliseconds since 1970-01-01T00:00:00Z; the forms are those of text.
    package static func millisecondsSinceEpoch(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var scanner = CivilScanner(bytes)
        guard let days = scanner.date() else { return nil }
        let midnight = Int64(days) * CivilDate.millisecondsPerDay
        if scanner.isAtEnd { return midnight }
        guard scanner.take(oneOf: "T", "t"),
            let time = scanner.timeOfDay(),
            let offset = scanner.zoneOffset(),
            scanner.isAtEnd
        else { return nil }
        let moment = midnight + Int64(time) - Int64(offset)
        return CivilDate.milliseconds.contains(moment) ? moment : nil
    }

    /// Reads a time of day, `10:30:00` with or without a fraction and `Z`, into milliseconds.
    package static func millisecondsOfDay(_ text: String) -> Int? {
        var text = text
        return text.withUTF8 { millisecondsOfDay(UnsafeRawBufferPointer($0)) }
    }

    /// Reads a time of day, `10:30:00` with or without a fraction and `Z`, into milliseconds.
    package static func millisecondsOfDay(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var scanner = CivilScanner(bytes)
        guard let time = scanner.timeOfDay() else { return nil }
        if !scanner.isAtEnd, !scanner.take(oneOf: "Z", "z") { return nil }
        return scanner.isAtEnd ? time : nil
    }
}

/// Walks over the bytes of a date or time, one part after the other.
private struct CivilScanner {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// Takes `yyyy-mm-dd`, as days since 1970-01-01.
    mutating func date() -> Int? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"),
            let day = digits(2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
    }

    /// Takes `hh:mm:ss` and perhaps a fraction, as milliseconds of the day.
    mutating func timeOfDay() -> Int? {
        guard let hour = digits(2), hour < 24, take(":"),
            let minute = digits(2), minute < 60, take(":"),
            let second = digits(2), second < 60,
            let fraction = fraction()
        else { return nil }
        return ((hour * 60 + minute) * 60 + second) * 1_000 + fraction
    }

    /// Takes `Z`, `±hh:mm` or `±hhmm`, as milliseconds east of UTC.
    mutating func zoneOffset() -> Int? {
        if take(oneOf: "Z", "z") { return 0 }
        let isWest = take("-")
        guard isWest || take(oneOf: "+", " "), let hours = digits(2) else { return nil }
        _ = take(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        let total = hours * 60 + minutes
        guard total <= 18 * 60 else { return nil }
        return (isWest ? -total : total) * 60_000
    }

    mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, UInt32(bytes[offset]) == wanted.value else { return false }
        offset += 1
        return true
    }

    mutating func take(oneOf first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        take(first) || take(second)
    }

    /// Takes a fraction of a second as milliseconds: 0 when there is none.
    private mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var milliseconds = 0
        var weight = 100
        var count = 0
        while let digit = digits(1) {
            milliseconds += digit * weight
            weight /= 10
            count += 1
            if count > 9 { return nil }
        }
        return count > 0 ? milliseconds : nil
    }

    /// Takes exactly `count` digits as a number.
    private mutating func digits(_ count: Int) -> Int? {
        guard bytes.count - offset >= count else { return nil }
        var number = 0
        for index in offset..<offset + count {
            let byte = bytes[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        offset += count
        return number
    }
}
