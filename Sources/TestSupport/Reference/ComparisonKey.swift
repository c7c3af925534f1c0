import Language
import Metadata

/// A value in the form in which it is compared: equal, less and greater mean here what a query means.
///
/// Text is its UTF-8 in upper case, unless its type tells cases apart; ids are their numbers, false
/// is less than true, a null less than everything.
enum ComparisonKey: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case bytes([UInt8])

    init(_ value: FieldValue, _ type: ValueType) {
        switch value {
        case .null: self = .null
        case .text(let text): self = .bytes(Self.bytes(text, type))
        case .boolean(let value): self = .integer(value ? 1 : 0)
        case .number(let number): self = .integer(number.unscaled(at: Self.scale(type)) ?? .max)
        case .date(let days): self = .integer(Int64(days))
        case .dateTime(let moment): self = .integer(moment.milliseconds)
        case .time(let milliseconds): self = .integer(Int64(milliseconds))
        case .id(let id): self = .integer(id.number)
        case .coordinate(let number): self = .real(number)
        case .blob(let bytes): self = .bytes(bytes)
        }
    }

    static func bytes(_ text: String, _ type: ValueType) -> [UInt8] {
        switch type {
        case .text(isCaseSensitive: true), .encrypted: Array(text.utf8)
        case .text, .longText, .multiPicklist, .id, .boolean, .integer, .decimal, .real, .date,
            .dateTime, .time, .file:
            Array(text.uppercased().utf8)
        }
    }

    private static func scale(_ type: ValueType) -> Int {
        if case .decimal(let scale) = type { scale } else { 0 }
    }
}

extension ComparisonKey: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): false
        case (.null, _): true
        case (_, .null): false
        case (.integer(let one), .integer(let other)): one < other
        case (.bytes(let one), .bytes(let other)): one.lexicographicallyPrecedes(other)
        case (.integer, _), (.real, _), (.bytes, _): left.number < right.number
        }
    }

    private var number: Double {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .bytes: 0
        }
    }
}

/// How a value stands to a literal of a query.
enum LiteralOrder {
    case less, equal, greater

    init<Value: Comparable>(_ value: Value, _ literal: Value) {
        self = value < literal ? .less : value == literal ? .equal : .greater
    }

    /// `nil` where either is null, or they have nothing to do with each other.
    init?(of value: FieldValue, to literal: ResolvedValue, _ type: ValueType) {
        switch (value, literal) {
        case (.text(let text), .text(let other)):
            let (one, two) = (ComparisonKey.bytes(text, type), ComparisonKey.bytes(other, type))
            self = one == two ? .equal : one.lexicographicallyPrecedes(two) ? .less : .greater
        case (.boolean(let one), .boolean(let two)): self.init(one ? 1 : 0, two ? 1 : 0)
        case (.number(let one), .number(let two)): self.init(Self.digits(one), Self.digits(two))
        case (.number(let one), .real(let two)): self.init(one.double, two)
        case (.coordinate(let one), .number(let two)): self.init(one, two.double)
        case (.coordinate(let one), .real(let two)): self.init(one, two)
        case (.date(let one), .date(let two)): self.init(one, two)
        case (.dateTime(let one), .dateTime(let two)): self.init(one, two)
        case (.time(let one), .time(let two)): self.init(one, two)
        case (.id(let one), .id(let two)): self.init(one, two)
        case (.null, _), (.text, _), (.boolean, _), (.number, _), (.coordinate, _), (.date, _),
            (.dateTime, _), (.time, _), (.id, _), (.blob, _):
            return nil
        }
    }

    /// All 18 digits behind the point, so that nothing is rounded.
    private static func digits(_ number: ExactDecimal) -> Int128 {
        var digits = Int128(number.unscaled)
        for _ in number.scale..<ExactDecimal.digitsMax { digits *= 10 }
        return digits
    }

    func satisfies(_ comparison: Comparison) -> Bool {
        switch comparison {
        case .equal: self == .equal
        case .notEqual: self != .equal
        case .less: self == .less
        case .greater: self == .greater
        case .lessOrEqual: self != .greater
        case .greaterOrEqual: self != .less
        }
    }
}
