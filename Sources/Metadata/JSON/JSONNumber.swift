/// A JSON number as it was written, so that sums of money survive to the last digit.
///
/// Two numbers are equal when they are written alike: `1.0` and `1` differ.
package struct JSONNumber: Hashable, Sendable {
    /// The number's text, in the grammar of RFC 8259.
    package let literal: String

    /// Takes a text that already follows the grammar, as the parser's do.
    init(checked literal: String) {
        self.literal = literal
    }

    /// An integer.
    package init(_ value: Int64) {
        literal = value.description
    }

    /// An exact decimal, with all the digits that its scale has: `12.50`.
    package init(_ value: ExactDecimal) {
        literal = value.description
    }

    /// A binary number; `nil` for infinities and not-a-number, which JSON cannot write.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        literal = value.description
    }

    /// The nearest binary number; `nil` when it is too large for one.
    package var double: Double? {
        guard let value = Double(literal), value.isFinite else { return nil }
        return value
    }

    /// The integer it stands for, `3.0` and `3e2` included; `nil` if not whole or too large.
    package var int64: Int64? {
        if let plain = Int64(literal) { return plain }
        guard let scaled = scaled(to: 0), scaled.isExact else { return nil }
        return scaled.value
    }

    /// The number times ten to the power of `scale`, as an integer.
    ///
    /// Digits beyond the scale are rounded, a half away from zero, and `isExact` tells whether any
    /// of them counted. `nil` when the result does not fit.
    package func scaled(to scale: Int) -> (value: Int64, isExact: Bool)? {
        let parts = DecimalParts(literal.utf8)
        // Invariant: the digits, read as a whole number, times 10^power is the scaled number.
        let (power, overflows) = parts.exponent.addingReportingOverflow(scale)
        guard !overflows else { return parts.digits.isEmpty ? (0, true) : nil }
        let kept = power < 0 ? parts.digits.dropLast(clamping: -power) : parts.digits[...]
        var value: Int64 = 0
        guard Self.append(kept, to: &value, isNegative: parts.isNegative) else { return nil }
        if power >= 0 {
            guard value == 0 || Self.appendZeros(power, to: &value) else { return nil }
            return (value, true)
        }
        // When all digits are gone, the number is below a half unless the last one went alone.
        let leading = -power > parts.digits.count ? 0 : parts.digits[kept.endIndex]
        let isExact = parts.digits.isEmpty
        guard leading >= 5 else { return (value, isExact) }
        let (rounded, overflow) = value.addingReportingOverflow(parts.isNegative ? -1 : 1)
        return overflow ? nil : (rounded, isExact)
    }

    private static func append(
        _ digits: ArraySlice<UInt8>,
        to value: inout Int64,
        isNegative: Bool
    ) -> Bool {
        for digit in digits {
            let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
            let signed = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, sumOverflows) = tenfold.addingReportingOverflow(signed)
            guard !overflows, !sumOverflows else { return false }
            value = sum
        }
        return true
    }

    private static func appendZeros(_ count: Int, to value: inout Int64) -> Bool {
        for _ in 0..<count {
            let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
            guard !overflows else { return false }
            value = tenfold
        }
        return true
    }
}

/// A number's text taken apart: its significant digits and the power of ten of the last one.
private struct DecimalParts {
    var isNegative = false
    /// Without leading and trailing zeros, so none for zero.
    var digits: [UInt8] = []
    var exponent = 0

    init(_ text: String.UTF8View) {
        var isFraction = false
        var written: Substring.UTF8View?
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): written = text[text.index(after: index)...]
            case let byte:
                if byte != 0x30 || !digits.isEmpty { digits.append(byte &- 0x30) }
                if isFraction { exponent -= 1 }
            }
            if written != nil { break }
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if let written { add(exponentWritten: Substring(written)) }
    }

    private mutating func add(exponentWritten text: Substring) {
        // An exponent too long for a machine integer is as good as endless in its direction.
        let endless = text.hasPrefix("-") ? -(Int.max / 4) : Int.max / 4
        let power = Int(text) ?? endless
        exponent += min(max(power, -(Int.max / 4)), Int.max / 4)
    }
}

extension [UInt8] {
    fileprivate func dropLast(clamping count: Int) -> ArraySlice<UInt8> {
        self[..<Swift.max(0, self.count - count)]
    }
}
