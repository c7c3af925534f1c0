package import Metadata

/// A decimal with a floating point and 38 digits: what formulas compute with.
///
/// Results are rounded half away from zero only where 38 digits do not hold them, so that a sum or
/// a product of stored numbers is exact. Magnitudes from 1e-400 to 1e400.
package struct FormulaNumber: Sendable {
    /// Below 10^38 in magnitude.
    let digits: Int128
    /// The value is `digits` times ten to this power.
    let exponent: Int

    package static let digitsMax = 38
    static let magnitudeMax = 400

    package static let zero = FormulaNumber(digits: 0, exponent: 0)
    static let one = FormulaNumber(digits: 1, exponent: 0)

    private init(digits: Int128, exponent: Int) {
        self.digits = digits
        self.exponent = exponent
    }

    package init(_ value: Int) {
        self.init(digits: Int128(value), exponent: 0)
    }

    package init(_ value: ExactDecimal) {
        self.init(digits: Int128(value.unscaled), exponent: -value.scale)
    }

    /// - Throws: `.range` for infinities and for what is no number.
    init(_ value: Double) throws(FormulaFailure) {
        guard value.isFinite, let number = FormulaNumber(value.description) else {
            throw FormulaFailure(.range, "the result is no number that can be held")
        }
        self = number
    }

    var isZero: Bool { digits == 0 }
    var isNegative: Bool { digits < 0 }
    var negated: FormulaNumber { FormulaNumber(digits: -digits, exponent: exponent) }
    var magnitude: FormulaNumber { isNegative ? negated : self }
    package var double: Double { Double(description) ?? 0 }
}

/// How digits that are cut off change those that stay.
enum FormulaRounding {
    case halfAwayFromZero, towardsZero, awayFromZero, down, up
}

extension FormulaNumber {
    /// Ten to the power of 0 to 38.
    private static let powers: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 0..<38 { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    private static func power(_ exponent: Int) -> UInt128 {
        powers[min(max(exponent, 0), 38)]
    }

    private static func count(_ magnitude: UInt128) -> Int {
        var count = 0
        while count < 38, magnitude >= powers[count] { count += 1 }
        return magnitude >= powers[38] ? 39 : count
    }

    /// A number from its parts, rounded to 38 digits and checked for its size.
    private static func make(
        negative: Bool,
        _ magnitude: UInt128,
        _ exponent: Int
    ) throws(FormulaFailure) -> FormulaNumber {
        var magnitude = magnitude
        var exponent = exponent
        if magnitude >= powers[38] {
            let (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: 10)
            magnitude = quotient + (rest >= 5 ? 1 : 0)
            exponent += 1
        }
        if magnitude == 0 { return zero }
        let size = count(magnitude) + exponent
        guard size <= magnitudeMax else {
            throw FormulaFailure(.range, "the result is too large a number")
        }
        if size < -magnitudeMax { return zero }
        let digits = Int128(magnitude)
        return FormulaNumber(digits: negative ? -digits : digits, exponent: exponent)
    }

    /// The same value with as few digits as will do.
    var stripped: FormulaNumber {
        if digits == 0 { return .zero }
        var digits = digits
        var exponent = exponent
        while digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        return FormulaNumber(digits: digits, exponent: exponent)
    }

    func adding(_ other: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        if digits == 0 { return other }
        if other.digits == 0 { return self }
        let (high, low) = exponent >= other.exponent ? (self, other) : (other, self)
        let distance = high.exponent - low.exponent
        let room = FormulaNumber.digitsMax - FormulaNumber.count(high.digits.magnitude)
        let raised = min(distance, room)
        let upper = high.digits * Int128(FormulaNumber.power(raised))
        let lower = low.dropping(distance - raised, .halfAwayFromZero)
        // Both are below 10^38, so the sum of their magnitudes fits.
        let (sum, overflow) = upper.addingReportingOverflow(lower)
        if overflow {
            return try FormulaNumber.make(
                negative: isNegative,
                upper.magnitude + lower.magnitude,
                high.exponent - raised
            )
        }
        return try FormulaNumber.make(negative: sum < 0, sum.magnitude, high.exponent - raised)
    }

    func subtracting(_ other: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        try adding(other.negated)
    }

    func multiplied(by other: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        if digits == 0 || other.digits == 0 { return .zero }
        let a = digits.magnitude
        let b = other.digits.magnitude
        let isNegative = (digits < 0) != (other.digits < 0)
        let exponent = exponent + other.exponent
        let product = a.multipliedFullWidth(by: b)
        // The product's own digits count, not those of its factors: so neither zeros at their ends
        // nor a factor of one digit cut off anything.
        let (first, second) = (FormulaNumber.count(a), FormulaNumber.count(b))
        let carried = FormulaNumber.power(first).multipliedFullWidth(
            by: FormulaNumber.power(second - 1)
        )
        let isCarried = (product.high, product.low) >= (carried.high, carried.low)
        let cut = first + second - (isCarried ? 0 : 1) - FormulaNumber.digitsMax
        guard cut > 0 else {
            return try FormulaNumber.make(negative: isNegative, product.low, exponent)
        }
        let divisor = FormulaNumber.power(cut)
        // The product is below 10^(cut + 38), so the quotient fits.
        guard product.high < divisor else {
            throw FormulaFailure(.range, "the result is too large a number")
        }
        let (quotient, rest) = divisor.dividingFullWidth(product)
        let rounded = quotient + (rest >= divisor - rest ? 1 : 0)
        return try FormulaNumber.make(negative: isNegative, rounded, exponent + cut)
    }

    func divided(by other: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        guard other.digits != 0 else { throw FormulaFailure(.arithmetic, "division by zero") }
        if digits == 0 { return .zero }
        let a = digits.magnitude
        let b = other.digits.magnitude
        let shift = FormulaNumber.digitsMax - FormulaNumber.count(a)
        let lift = FormulaNumber.count(b) - 1
        let numerator = (a * FormulaNumber.power(shift)).multipliedFullWidth(
            by: FormulaNumber.power(lift)
        )
        // The numerator is below 10^38 times the divisor, so the quotient fits.
        guard numerator.high < b else {
            throw FormulaFailure(.range, "the result is too large a number")
        }
        let (quotient, rest) = b.dividingFullWidth(numerator)
        let rounded = quotient + (rest >= b - rest ? 1 : 0)
        return try FormulaNumber.make(
            negative: (digits < 0) != (other.digits < 0),
            rounded,
            exponent - shift - other.exponent - lift
        ).stripped
    }

    /// What a whole quotient leaves, with the sign of this number.
    func remainder(dividingBy other: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        guard other.digits != 0 else { throw FormulaFailure(.arithmetic, "division by zero") }
        let quotient = try divided(by: other).rounded(to: 0, .towardsZero)
        guard FormulaNumber.count(quotient.digits.magnitude) + quotient.exponent <= 36 else {
            throw FormulaFailure(.range, "MOD of numbers that are too far apart")
        }
        let rest = try subtracting(other.multiplied(by: quotient))
        // A quotient that was rounded up to the next whole number.
        if rest.isZero || rest.isNegative == isNegative { return rest }
        return try rest.adding(isNegative == other.isNegative ? other : other.negated)
    }

    /// The digits without the last `count`.
    private func dropping(_ count: Int, _ rounding: FormulaRounding) -> Int128 {
        if count <= 0 { return digits }
        let isNegative = digits < 0
        let (quotient, rest) =
            count > 38
            ? (0, digits.magnitude)
            : digits.magnitude.quotientAndRemainder(dividingBy: FormulaNumber.power(count))
        let isUp =
            switch rounding {
            case .halfAwayFromZero: count <= 38 && rest >= FormulaNumber.power(count) - rest
            case .towardsZero: false
            case .awayFromZero: rest > 0
            case .down: rest > 0 && isNegative
            case .up: rest > 0 && !isNegative
            }
        let magnitude = Int128(quotient) + (isUp ? 1 : 0)
        return isNegative ? -magnitude : magnitude
    }

    /// At most `places` digits behind the point; negative ones round to tens, hundreds, ….
    func rounded(to places: Int, _ rounding: FormulaRounding = .halfAwayFromZero) -> FormulaNumber {
        let places = min(max(places, -1_000), 1_000)
        guard exponent < -places else { return self }
        let kept = dropping(-places - exponent, rounding)
        return kept == 0 ? .zero : FormulaNumber(digits: kept, exponent: -places)
    }

    /// At most `count` digits in all.
    func rounded(toDigits count: Int) -> FormulaNumber {
        let surplus = FormulaNumber.count(digits.magnitude) - count
        guard surplus > 0 else { return self }
        return FormulaNumber(
            digits: dropping(surplus, .halfAwayFromZero),
            exponent: exponent + surplus
        )
    }

    /// To a whole power, with 18 digits.
    func raised(to power: FormulaNumber) throws(FormulaFailure) -> FormulaNumber {
        let whole = power.rounded(to: 0, .towardsZero)
        guard whole == power, let count = whole.integer, abs(count) <= 999_999 else {
            throw FormulaFailure(.arithmetic, "`^` takes whole numbers as exponents")
        }
        if digits == 0 {
            if count < 0 { throw FormulaFailure(.arithmetic, "division by zero") }
            return count == 0 ? .one : .zero
        }
        var result = FormulaNumber.one
        var base = self
        var rest = abs(count)
        while rest > 0 {
            if rest % 2 == 1 { result = try result.multiplied(by: base) }
            rest /= 2
            if result.digits == 0 || (base.digits == 0 && rest > 0) {
                result = .zero
                break
            }
            if rest > 0 { base = try base.multiplied(by: base) }
        }
        if count < 0 {
            if result.digits == 0 {
                throw FormulaFailure(.range, "the result is too large a number")
            }
            result = try FormulaNumber.one.divided(by: result)
        }
        let size = FormulaNumber.count(result.digits.magnitude) + result.exponent
        guard size <= 65 else { throw FormulaFailure(.range, "the result is too large a number") }
        return size < -38 ? .zero : result.rounded(toDigits: 18)
    }

    /// The whole part, where an `Int` holds it.
    var integer: Int? {
        let whole = rounded(to: 0, .towardsZero)
        if whole.digits == 0 { return 0 }
        guard whole.exponent <= 38 else { return nil }
        if whole.exponent > 0 {
            let (value, overflow) = whole.digits.multipliedReportingOverflow(
                by: Int128(FormulaNumber.power(whole.exponent))
            )
            return overflow ? nil : Int(exactly: value)
        }
        return Int(exactly: whole.digits / Int128(FormulaNumber.power(-whole.exponent)))
    }

    /// Rounded to the 18 digits that a stored number has; `nil` where its whole part has more.
    package var exact: ExactDecimal? {
        let plain = stripped
        let size = FormulaNumber.count(plain.digits.magnitude) + plain.exponent
        guard size <= ExactDecimal.digitsMax else { return nil }
        let places = min(ExactDecimal.digitsMax, ExactDecimal.digitsMax - max(size, 0))
        return plain.exact(scale: places)
    }

    /// Rounded to so many digits behind the point; `nil` where it needs more than 18 in all.
    package func exact(scale: Int) -> ExactDecimal? {
        let value = rounded(to: min(max(scale, 0), ExactDecimal.digitsMax)).stripped
        if value.digits == 0 { return ExactDecimal(unscaled: 0, scale: 0) }
        if value.exponent >= 0 {
            guard value.exponent <= 18 else { return nil }
            let (whole, overflow) = value.digits.multipliedReportingOverflow(
                by: Int128(FormulaNumber.power(value.exponent))
            )
            guard !overflow, whole.magnitude < FormulaNumber.powers[18] else { return nil }
            return Int64(exactly: whole).map { ExactDecimal(unscaled: $0, scale: 0) }
        }
        guard value.digits.magnitude < FormulaNumber.powers[18] else { return nil }
        let places = -value.exponent
        return Int64(exactly: value.digits).map { ExactDecimal(unscaled: $0, scale: places) }
    }
}

extension FormulaNumber: Hashable {
    package static func == (left: FormulaNumber, right: FormulaNumber) -> Bool {
        let a = left.stripped
        let b = right.stripped
        return a.digits == b.digits && a.exponent == b.exponent
    }

    package func hash(into hasher: inout Hasher) {
        let plain = stripped
        hasher.combine(plain.digits)
        hasher.combine(plain.exponent)
    }
}

extension FormulaNumber: Comparable {
    package static func < (left: FormulaNumber, right: FormulaNumber) -> Bool {
        if left.digits == 0 || right.digits == 0 || left.isNegative != right.isNegative {
            return left.digits.signum() < right.digits.signum()
        }
        if left.size != right.size { return (left.size < right.size) != left.isNegative }
        // Of one size, so that 38 digits hold both at the smaller exponent: nothing is rounded.
        let exponent = min(left.exponent, right.exponent)
        return left.raised(to: exponent) < right.raised(to: exponent)
    }

    /// How many digits stand before the point; less than none where zeros follow it.
    private var size: Int { FormulaNumber.count(digits.magnitude) + exponent }

    private func raised(to least: Int) -> Int128 {
        digits * Int128(FormulaNumber.power(exponent - least))
    }
}

extension FormulaNumber: CustomStringConvertible {
    /// Reads `-12.50`, `1.`, `.5`, `1.e3`; digits beyond the thirty-eighth are cut off.
    package init?(_ text: some StringProtocol) {
        var digits: UInt128 = 0
        var exponent = 0
        var seen = false
        var isFraction = false
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        while let byte = bytes.first {
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if byte.isDigit {
                seen = true
                if digits < FormulaNumber.powers[37] {
                    digits = digits * 10 + UInt128(byte & 0x0F)
                    if isFraction { exponent -= 1 }
                } else if !isFraction {
                    exponent += 1
                }
            } else {
                break
            }
            bytes.removeFirst()
        }
        guard seen else { return nil }
        if let byte = bytes.first {
            guard byte | 0x20 == UInt8(ascii: "e"), bytes.count <= 6,
                let power = Int(String(decoding: bytes.dropFirst(), as: UTF8.self))
            else { return nil }
            exponent += power
        }
        guard let number = try? FormulaNumber.make(negative: isNegative, digits, exponent) else {
            return nil
        }
        self = number
    }

    /// Plain digits without an exponent and without zeros at the end.
    package var description: String {
        let plain = stripped
        let text = String(plain.digits.magnitude)
        let sign = plain.isNegative ? "-" : ""
        if plain.exponent >= 0 {
            return sign + text + String(repeating: "0", count: plain.exponent)
        }
        let places = -plain.exponent
        let padded = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
        return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
