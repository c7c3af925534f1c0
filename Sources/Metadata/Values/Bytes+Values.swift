/// How values are written as ASCII: in JSON, in CSV and in XML alike.
extension [UInt8] {
    /// How a datetime names its zone, which is always UTC.
    package enum ZoneForm: Sendable {
        /// `2026-01-01T00:00:00.000+0000`, as in JSON of the REST API.
        case offset
        /// `2026-01-01T00:00:00.000Z`, as in CSV and SOAP.
        case zulu
    }

    /// Appends a date, `2026-01-31`.
    ///
    /// - Returns: `false`, and nothing is appended, outside the years 1 to 9999.
    package mutating func appendDate(daysSinceEpoch: Int) -> Bool {
        guard let date = CivilDate(daysSinceEpoch: daysSinceEpoch) else { return false }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { buffer in
            var pen = DigitPen(buffer)
            pen.date(date)
            append(contentsOf: pen.written)
        }
        return true
    }

    /// Appends a datetime in UTC with milliseconds.
    ///
    /// - Returns: `false`, and nothing is appended, outside the years 1 to 9999.
    package mutating func appendDatetime(
        millisecondsSinceEpoch: Int64,
        zone: ZoneForm
    ) -> Bool {
        guard CivilDate.milliseconds.contains(millisecondsSinceEpoch) else { return false }
        let perDay = CivilDate.millisecondsPerDay
        // Rounded down, not towards zero: before 1970 the time of day still counts forward.
        var days = Int(millisecondsSinceEpoch / perDay)
        var rest = Int(millisecondsSinceEpoch % perDay)
        if rest < 0 {
            rest += Int(perDay)
            days -= 1
        }
        guard let date = CivilDate(daysSinceEpoch: days) else { return false }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 28) { buffer in
            var pen = DigitPen(buffer)
            pen.date(date)
            pen.character("T")
            pen.time(rest)
            switch zone {
            case .offset:
                pen.character("+")
                pen.two(0)
                pen.two(0)
            case .zulu:
                pen.character("Z")
            }
            append(contentsOf: pen.written)
        }
        return true
    }

    /// Appends a time of day, `10:30:00.000Z`.
    ///
    /// - Returns: `false`, and nothing is appended, for what is not a moment of one day.
    package mutating func appendTime(millisecondsOfDay: Int) -> Bool {
        guard millisecondsOfDay >= 0, millisecondsOfDay < Int(CivilDate.millisecondsPerDay) else {
            return false
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 13) { buffer in
            var pen = DigitPen(buffer)
            pen.time(millisecondsOfDay)
            pen.character("Z")
            append(contentsOf: pen.written)
        }
        return true
    }

    /// Appends an integer in decimal digits.
    package mutating func appendInteger(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendMagnitude(value.magnitude)
    }

    /// Appends an exact decimal, `value` divided by ten to the power of `scale`.
    ///
    /// At least one decimal is written and no further trailing zeros: `100.0`, `1.25`, `-0.5`. The
    /// scale is 0 to 18.
    package mutating func appendDecimal(_ value: Int64, scale: Int) {
        precondition((0...18).contains(scale), "a decimal has 0 to 18 decimals")
        var power: UInt64 = 1
        for _ in 0..<scale { power *= 10 }
        // Invariant: decimals < power <= 10^18, so ten times as much still fits.
        let whole = value.magnitude / power
        var decimals = value.magnitude % power
        if value < 0 { append(UInt8(ascii: "-")) }
        appendMagnitude(whole)
        append(UInt8(ascii: "."))
        repeat {
            decimals *= 10
            append(UInt8(truncatingIfNeeded: decimals / power) + 0x30)
            decimals %= power
        } while decimals > 0
    }

    /// Appends a finite binary number in the shortest form that reads back the same.
    ///
    /// - Returns: `false`, and nothing is appended, for infinities and not-a-number.
    package mutating func appendDouble(_ value: Double) -> Bool {
        guard value.isFinite else { return false }
        append(contentsOf: value.description.utf8)
        return true
    }

    private mutating func appendMagnitude(_ value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            var start = 20
            var rest = value
            repeat {
                start -= 1
                buffer[start] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
        }
    }
}

/// Writes fixed-width digits into a small buffer.
private struct DigitPen {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    var written: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: buffer[..<count])
    }

    mutating func date(_ date: CivilDate) {
        two(date.year / 100)
        two(date.year % 100)
        character("-")
        two(date.month)
        character("-")
        two(date.day)
    }

    /// `10:30:00.000` from milliseconds of a day.
    mutating func time(_ milliseconds: Int) {
        let seconds = milliseconds / 1_000
        two(seconds / 3_600)
        character(":")
        two(seconds / 60 % 60)
        character(":")
        two(seconds % 60)
        character(".")
        digit(milliseconds / 100 % 10)
        two(milliseconds % 100)
    }

    mutating func two(_ number: Int) {
        digit(number / 10)
        digit(number % 10)
    }

    mutating func character(_ character: Unicode.Scalar) {
        buffer[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }

    private mutating func digit(_ number: Int) {
        buffer[count] = UInt8(truncatingIfNeeded: number) &+ 0x30
        count += 1
    }
}
