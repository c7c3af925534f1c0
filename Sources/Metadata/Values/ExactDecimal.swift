/// A decimal number of at most 18 digits, exact: sums of money never drift.
package struct ExactDecimal: Sendable {
    /// The digits, without the point.
    package let unscaled: Int64
    /// How many of them stand behind the point: 0 to 18.
    package let scale: Int

    package init(unscaled: Int64, scale: Int) {
        self.unscaled = unscaled
        self.scale = scale
    }

    package static let digitsMax = 18

    /// Reads `-12.50`, `+3`, `.5`, `1.5e3`; `nil` where the text is no number or needs more digits
    /// than a decimal holds.
    package init?(_ text: String) {
        var digits: Int64 = 0
        var scale = 0
        var count = 0
        var sawPoint = false
        var isNegative = false
        var exponent = 0
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
            isNegative = next == UInt8(ascii: "-")
            next = bytes.next()
        }
        while let byte = next {
            if byte == UInt8(ascii: ".") {
                guard !sawPoint else { return nil }
                sawPoint = true
            } else if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
                count += 1
                let digit = Int64(byte - UInt8(ascii: "0"))
                if scale == ExactDecimal.digitsMax || digits > Int64.max / 10 - 1 {
                    guard sawPoint && digit == 0 else { return nil }
                } else {
                    digits = digits * 10 + digit
                    if sawPoint { scale += 1 }
                }
            } else if byte | 0x20 == UInt8(ascii: "e") {
                guard count > 0, let value = ExactDecimal.exponent(&bytes) else { return nil }
                exponent = value
                break
            } else {
                return nil
            }
            next = bytes.next()
        }
        guard count > 0 else { return nil }
        scale -= exponent
        while scale > 0 && digits % 10 == 0 && digits != 0 && exponent != 0 {
            digits /= 10
            scale -= 1
        }
        while scale < 0 && digits != 0 {
            let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            digits = product
            scale += 1
        }
        if digits == 0 { scale = max(0, min(scale, ExactDecimal.digitsMax)) }
        guard scale <= ExactDecimal.digitsMax else { return nil }
        self.init(unscaled: isNegative ? -digits : digits, scale: scale)
    }

    private static func exponent(_ bytes: inout String.UTF8View.Iterator) -> Int? {
        var value = 0
        var sign = 1
        var count = 0
        while let byte = bytes.next() {
            if count == 0, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), value == 0 {
                sign = byte == UInt8(ascii: "-") ? -1 : 1
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), count < 3 else {
                return nil
            }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            count += 1
        }
        return count == 0 ? nil : value * sign
    }

    /// The digits at another scale; half is rounded away from zero, as the platform does.
    ///
    /// `nil` where the result would not fit.
    package func unscaled(at target: Int) -> Int64? {
        var value = unscaled
        if target >= scale {
            for _ in scale..<target {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            }
            return value
        }
        for step in stride(from: scale, to: target, by: -1) {
            let isLast = step == target + 1
            if isLast {
                let half: Int64 = value < 0 ? -5 : 5
                value = (value + half) / 10
            } else {
                value /= 10
            }
        }
        return value
    }

    /// The digits at another scale, or `nil` where that would round.
    package func exactly(at target: Int) -> Int64? {
        guard target < scale else { return unscaled(at: target) }
        var value = unscaled
        for _ in target..<scale {
            guard value % 10 == 0 else { return nil }
            value /= 10
        }
        return value
    }

    package var double: Double { Double(unscaled) / ExactDecimal.power(scale) }

    /// Ten to the `exponent`, for 0 to 18.
    package static func power(_ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<max(0, exponent) { result *= 10 }
        return result
    }

    /// How many digits stand before the point.
    package var integerDigits: Int {
        var whole = unscaled.magnitude
        for _ in 0..<scale { whole /= 10 }
        var count = 0
        while whole > 0 {
            whole /= 10
            count += 1
        }
        return count
    }
}

extension ExactDecimal: Hashable {
    private var normal: (Int64, Int) {
        var digits = unscaled
        var places = scale
        while places > 0 && digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        return (digits, places)
    }

    package static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.normal == right.normal
    }

    package func hash(into hasher: inout Hasher) {
        let (digits, places) = normal
        hasher.combine(digits)
        hasher.combine(places)
    }
}

extension ExactDecimal: Comparable {
    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let places = max(left.scale, right.scale)
        if let a = left.unscaled(at: places), let b = right.unscaled(at: places) { return a < b }
        return left.double < right.double
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// Plain decimal text with the scale's digits behind the point: `12.50`.
    package var description: String {
        let digits = String(unscaled.magnitude)
        let sign = unscaled < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        let split = padded.index(padded.endIndex, offsetBy: -scale)
        return "\(sign)\(padded[..<split]).\(padded[split...])"
    }
}
