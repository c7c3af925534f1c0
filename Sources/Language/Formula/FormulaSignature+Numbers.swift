// What the functions of numbers and places take and give.
extension FormulaFunction {
    var numberSignature: FormulaSignature {
        switch self {
        case .abs: Signature(.number, "ABS(number)", [.number], .number, "Without its sign.")
        case .ceiling:
            Signature(
                .number,
                "CEILING(number)",
                [.number],
                .number,
                "To the next whole number away from zero."
            )
        case .floor:
            Signature(
                .number,
                "FLOOR(number)",
                [.number],
                .number,
                "To the next whole number towards zero."
            )
        case .mceiling:
            Signature(
                .number,
                "MCEILING(number)",
                [.number],
                .number,
                "To the next greater whole number."
            )
        case .mfloor:
            Signature(
                .number,
                "MFLOOR(number)",
                [.number],
                .number,
                "To the next smaller whole number."
            )
        case .round:
            Signature(
                .number,
                "ROUND(number, decimals)",
                [.number, .number],
                .number,
                "Half is rounded away from zero."
            )
        case .trunc:
            Signature(
                .number,
                "TRUNC(number[, decimals])",
                [.number, .number],
                .number,
                required: 1,
                "Further decimals are cut off."
            )
        case .mod:
            Signature(
                .number,
                "MOD(number, divisor)",
                [.number, .number],
                .number,
                "What a whole division leaves, with the number's sign."
            )
        case .max:
            Signature(
                .number,
                "MAX(number, …)",
                [.number],
                .number,
                repeats: true,
                "The greatest."
            )
        case .min:
            Signature(
                .number,
                "MIN(number, …)",
                [.number],
                .number,
                repeats: true,
                "The least."
            )
        case .sqrt: Signature(.number, "SQRT(number)", [.number], .number, "The square root.")
        case .exp: Signature(.number, "EXP(number)", [.number], .number, "e to that power.")
        case .ln: Signature(.number, "LN(number)", [.number], .number, "The natural logarithm.")
        case .log:
            Signature(.number, "LOG(number)", [.number], .number, "The logarithm to base 10.")
        case .pi: Signature(.number, "PI()", [], .number, "3.14159…")
        case .sin: Signature(.number, "SIN(radians)", [.number], .number, "The sine.")
        case .cos: Signature(.number, "COS(radians)", [.number], .number, "The cosine.")
        case .tan: Signature(.number, "TAN(radians)", [.number], .number, "The tangent.")
        case .asin: Signature(.number, "ASIN(number)", [.number], .number, "The arc sine.")
        case .acos: Signature(.number, "ACOS(number)", [.number], .number, "The arc cosine.")
        case .atan: Signature(.number, "ATAN(number)", [.number], .number, "The arc tangent.")
        case .atan2:
            Signature(
                .number,
                "ATAN2(y, x)",
                [.number, .number],
                .number,
                "The angle of a point."
            )
        case .distance:
            Signature(
                .number,
                "DISTANCE(place, place, unit)",
                [.geolocation, .geolocation, .text],
                .number,
                "How far apart places are, in `mi` or `km`."
            )
        case .geolocation:
            Signature(
                .number,
                "GEOLOCATION(latitude, longitude)",
                [.number, .number],
                .geolocation,
                "A place, in degrees."
            )
        default:
            Signature(
                .number,
                "CURRENCYRATE(code)",
                [.text],
                .number,
                "The rate of a currency; 1, since an org has one currency."
            )
        }
    }
}
