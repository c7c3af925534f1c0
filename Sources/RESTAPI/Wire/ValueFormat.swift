import Kernel
import Language
import Metadata

/// How one column of a row is written as text: in JSON, in CSV, in a list.
package enum ValueFormat: Hashable, Sendable {
    case id
    case text
    case boolean
    case integer
    case decimal(scale: Int)
    case real
    case date
    case dateTime
    case time
    /// Where a file's bytes are found: the field, and the object and column of the record's id.
    case file(path: [UInt8], field: [UInt8], id: Int)

    /// - Parameter file: what to write for a file, whose own value is not sent.
    init(_ type: ValueType, file: @autoclosure () -> ValueFormat = .text) {
        switch type {
        case .id: self = .id
        case .text, .longText, .multiPicklist, .encrypted: self = .text
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .decimal(let scale): self = .decimal(scale: min(max(scale, 0), 18))
        case .real: self = .real
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .time: self = .time
        case .file: self = file()
        }
    }
}

extension [UInt8] {
    static let null = Array("null".utf8)

    /// Appends the 18 characters of an id.
    mutating func appendID(_ number: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 18) { buffer in
            RecordID(number: number).write(to: buffer)
            append(contentsOf: buffer)
        }
    }

    /// Appends a column's value as JSON.
    mutating func appendJSON(
        _ format: ValueFormat,
        _ column: Int,
        of cursor: some RowCursor
    ) {
        guard !cursor.isNull(column) else {
            append(contentsOf: [UInt8].null)
            return
        }
        switch format {
        case .text: appendJSONString(UnsafeRawBufferPointer(cursor.text(column)))
        case .boolean:
            append(contentsOf: cursor.integer(column) != 0 ? "true".utf8 : "false".utf8)
        case .real:
            if !appendDouble(cursor.real(column)) { append(contentsOf: [UInt8].null) }
        case .integer, .decimal: appendPlain(format, column, of: cursor, zone: .offset)
        case .id, .date, .dateTime, .time, .file:
            append(UInt8(ascii: "\""))
            appendPlain(format, column, of: cursor, zone: .offset)
            append(UInt8(ascii: "\""))
        }
    }

    /// Appends a column's value without quotes or escapes; nothing for a null.
    mutating func appendPlain(
        _ format: ValueFormat,
        _ column: Int,
        of cursor: some RowCursor,
        zone: ZoneForm
    ) {
        guard !cursor.isNull(column) else { return }
        switch format {
        case .id: appendID(cursor.integer(column))
        case .text: append(contentsOf: cursor.text(column))
        case .boolean:
            append(contentsOf: cursor.integer(column) != 0 ? "true".utf8 : "false".utf8)
        case .integer: appendInteger(cursor.integer(column))
        case .decimal(let scale): appendDecimal(cursor.integer(column), scale: scale)
        case .real: _ = appendDouble(cursor.real(column))
        case .date: _ = appendDate(daysSinceEpoch: Int(cursor.integer(column)))
        case .dateTime:
            _ = appendDatetime(millisecondsSinceEpoch: cursor.integer(column), zone: zone)
        case .time: _ = appendTime(millisecondsOfDay: Int(cursor.integer(column)))
        case .file(let path, let field, let id):
            append(contentsOf: path)
            appendID(cursor.integer(id))
            append(contentsOf: field)
        }
    }
}
