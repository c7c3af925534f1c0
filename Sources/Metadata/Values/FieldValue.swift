/// What one field of one record holds.
package enum FieldValue: Hashable, Sendable {
    case null
    /// Text, picklist, e-mail, multi-select (`a;b` in definition order), …; never empty.
    case text(String)
    case boolean(Bool)
    case number(ExactDecimal)
    /// Days since 1970-01-01.
    case date(Int)
    /// A moment in UTC.
    case dateTime(Instant)
    /// Milliseconds since midnight.
    case time(Int)
    case id(RecordID)
    /// A coordinate, in degrees.
    case coordinate(Double)
    case blob([UInt8])

    package var isNull: Bool { self == .null }

    package var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    package var id: RecordID? {
        if case .id(let value) = self { value } else { nil }
    }

    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }
}
