package import Metadata

/// What a part of a formula gives while it is evaluated.
///
/// Numbers keep 38 digits between the steps; a `FieldValue` has 18.
package enum FormulaValue: Sendable, Hashable {
    case null
    /// Never empty: an empty text is blank.
    case text(String)
    case number(FormulaNumber)
    case boolean(Bool)
    /// Days since 1970-01-01.
    case date(Int)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case dateTime(Int64)
    /// Milliseconds since midnight.
    case time(Int)
    case id(RecordID)
    case geolocation(latitude: Double, longitude: Double)

    /// - Throws: `.range` for a coordinate that is no finite number.
    init(_ value: FieldValue) throws(FormulaFailure) {
        switch value {
        case .null, .blob: self = .null
        case .text(let text): self = text.isEmpty ? .null : .text(text)
        case .boolean(let flag): self = .boolean(flag)
        case .number(let number): self = .number(FormulaNumber(number))
        case .date(let days): self = .date(days)
        case .dateTime(let instant): self = .dateTime(instant.milliseconds)
        case .time(let milliseconds): self = .time(milliseconds)
        case .id(let id): self = .id(id)
        case .coordinate(let degrees): self = .number(try FormulaNumber(degrees))
        }
    }

    /// The value as a field holds it.
    ///
    /// - Throws: `.range` for a number with more than 18 digits before the point.
    package func fieldValue() throws(FormulaFailure) -> FieldValue {
        switch self {
        case .null: return .null
        case .text(let text): return .text(text)
        case .number(let number):
            guard let exact = number.exact else {
                throw FormulaFailure(.range, "the result has more than 18 digits")
            }
            return .number(exact)
        case .boolean(let flag): return .boolean(flag)
        case .date(let days): return .date(days)
        case .dateTime(let moment): return .dateTime(Instant(milliseconds: moment))
        case .time(let milliseconds): return .time(milliseconds)
        case .id(let id): return .id(id)
        case .geolocation(let latitude, let longitude):
            return .text("\(latitude), \(longitude)")
        }
    }

    static func text(orNull text: String) -> FormulaValue { text.isEmpty ? .null : .text(text) }

    var isNull: Bool { self == .null }
    var isTrue: Bool { self == .boolean(true) }
}
