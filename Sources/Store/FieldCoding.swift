package import Kernel
package import Metadata

extension FieldDefinition {
    /// A value of the field as its column keeps it.
    ///
    /// Of a file it is the length; the bytes go to the table of files.
    ///
    /// - Throws: `RecordError` where the field cannot hold such a value.
    package func stored(_ value: FieldValue) throws -> SQLValue {
        guard let type = columnType else { return .null }
        switch (type, value) {
        case (.boolean, .null): return .integer(0)
        case (_, .null): return .null
        case (.boolean, .boolean(let value)): return .integer(value ? 1 : 0)
        case (.recordID, .id(let id)): return .integer(id.number)
        case (.text, .text(let text)): return .text(text)
        case (.decimal(_, let scale), .number(let number)):
            guard let digits = number.unscaled(at: scale) else {
                throw RecordError(
                    .numberOutsideValidRange,
                    "\(label): the number has too many digits",
                    fields: [name]
                )
            }
            return .integer(digits)
        case (.date, .date(let days)): return .integer(Int64(days))
        case (.dateTime, .dateTime(let instant)): return .integer(instant.milliseconds)
        case (.time, .time(let milliseconds)): return .integer(Int64(milliseconds))
        case (.real, .coordinate(let degrees)): return .real(degrees)
        case (.byteCount, .blob(let bytes)): return .integer(Int64(bytes.count))
        // A file as it was loaded: there is one, of that size.
        case (.byteCount, .number(let size)): return .integer(size.unscaled(at: 0) ?? 0)
        case (.recordID, _), (.text, _), (.boolean, _), (.decimal, _), (.date, _), (.dateTime, _),
            (.time, _), (.real, _), (.byteCount, _):
            throw RecordError(
                .invalidTypeOnField,
                "\(label): value not of required type",
                fields: [name]
            )
        }
    }

    /// The value that a column holds.
    ///
    /// A file reads as the number of its bytes.
    package func value(in cursor: some RowCursor, column: Int) -> FieldValue {
        guard let type = columnType, !cursor.isNull(column) else { return .null }
        switch type {
        case .recordID: return .id(RecordID(number: cursor.integer(column)))
        case .text: return .text(String(decoding: cursor.text(column), as: UTF8.self))
        case .boolean: return .boolean(cursor.integer(column) != 0)
        case .decimal(_, let scale):
            return .number(ExactDecimal(unscaled: cursor.integer(column), scale: scale))
        case .date: return .date(Int(cursor.integer(column)))
        case .dateTime: return .dateTime(Instant(milliseconds: cursor.integer(column)))
        case .time: return .time(Int(cursor.integer(column)))
        case .real: return .coordinate(cursor.real(column))
        case .byteCount: return .number(ExactDecimal(unscaled: cursor.integer(column), scale: 0))
        }
    }
}
