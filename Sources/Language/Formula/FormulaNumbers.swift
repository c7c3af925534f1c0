import Foundation
import Metadata

/// The functions of numbers and places.
enum FormulaNumbers {
    /// Digits that count when a whole number is made: a quotient such as 8/11 times 11 is 8.
    private static let digitsOfWhole = 33

    static func call(
        _ function: FormulaFunction,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaValue {
        switch function {
        case .pi: return .number(try FormulaNumber(Double.pi))
        case .geolocation: return try place(arguments)
        case .distance: return try distance(arguments)
        case .currencyRate:
            return arguments.text(0).isEmpty ? .null : .number(.one)
        default: break
        }
        guard !arguments.hasNull, let first = arguments.number(0) else { return .null }
        if let result = try exact(function, first, arguments) { return .number(result) }
        return .number(
            try FormulaNumber(approximate(function, first.double, arguments.number(1)?.double))
        )
    }

    private static func exact(
        _ function: FormulaFunction,
        _ first: FormulaNumber,
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaNumber? {
        let whole = first.rounded(toDigits: digitsOfWhole)
        switch function {
        case .abs: return first.magnitude
        case .ceiling: return whole.rounded(to: 0, .awayFromZero)
        case .floor: return whole.rounded(to: 0, .towardsZero)
        case .mceiling: return whole.rounded(to: 0, .up)
        case .mfloor: return whole.rounded(to: 0, .down)
        case .round: return first.rounded(to: arguments.integer(1) ?? 0)
        case .trunc: return first.rounded(to: arguments.integer(1) ?? 0, .towardsZero)
        case .mod: return try first.remainder(dividingBy: arguments.number(1) ?? .zero)
        case .max, .min:
            var result = first
            for index in 1..<max(1, arguments.count) {
                guard let next = arguments.number(index) else { continue }
                if function == .max ? result < next : next < result { result = next }
            }
            return result
        default: return nil
        }
    }

    private static func approximate(
        _ function: FormulaFunction,
        _ x: Double,
        _ y: Double?
    ) throws(FormulaFailure) -> Double {
        switch function {
        case .sqrt:
            guard x >= 0 else {
                throw FormulaFailure(.arithmetic, "SQRT of a negative number")
            }
            return x.squareRoot()
        case .exp: return Foundation.exp(x)
        case .ln, .log:
            guard x > 0 else {
                throw FormulaFailure(
                    .arithmetic,
                    "\(function.rawValue) of a number that is not greater than 0"
                )
            }
            return function == .ln ? Foundation.log(x) : Foundation.log10(x)
        case .sin: return Foundation.sin(x)
        case .cos: return Foundation.cos(x)
        case .tan: return Foundation.tan(x)
        case .asin, .acos:
            guard abs(x) <= 1 else {
                throw FormulaFailure(
                    .arithmetic,
                    "\(function.rawValue) takes numbers from -1 to 1"
                )
            }
            return function == .asin ? Foundation.asin(x) : Foundation.acos(x)
        case .atan: return Foundation.atan(x)
        default: return Foundation.atan2(x, y ?? 0)
        }
    }

    private static func place(_ arguments: FormulaArguments) throws(FormulaFailure) -> FormulaValue
    {
        let latitude = arguments.number(0)?.double
        let longitude = arguments.number(1)?.double
        if latitude == nil, longitude == nil { return .null }
        guard let latitude, let longitude else {
            throw FormulaFailure(.arithmetic, "a place needs a latitude and a longitude")
        }
        guard abs(latitude) <= 90, abs(longitude) <= 180 else {
            throw FormulaFailure(
                .range,
                "a latitude is -90 to 90 degrees, a longitude -180 to 180"
            )
        }
        return .geolocation(latitude: latitude, longitude: longitude)
    }

    /// The great circle on a sphere of the earth's mean radius, rounded in each unit as published.
    private static func distance(
        _ arguments: FormulaArguments
    ) throws(FormulaFailure) -> FormulaValue {
        let unit = arguments.text(2).lowercased()
        guard unit == "mi" || unit == "km" else {
            throw FormulaFailure(.conversion, "DISTANCE counts in `mi` or `km`")
        }
        guard case .geolocation(let latitude, let longitude) = arguments[0],
            case .geolocation(let otherLatitude, let otherLongitude) = arguments[1]
        else { return .null }
        let radians = Double.pi / 180
        let (a, b) = (latitude * radians, otherLatitude * radians)
        let half = Foundation.sin((b - a) / 2)
        let side = Foundation.sin((otherLongitude - longitude) * radians / 2)
        let chord = half * half + Foundation.cos(a) * Foundation.cos(b) * side * side
        let angle = 2 * Foundation.asin(min(1, chord.squareRoot()))
        let radius = unit == "mi" ? 3_958.761 : 6_371.009
        return .number(try FormulaNumber(radius * angle))
    }
}
