package import Language
package import Metadata

/// Collects rows as values, for the kernel's own questions and for small results.
package struct TableSink: RowSink, Sendable {
    private let types: [ValueType]
    /// One value for each of the query's columns.
    package private(set) var rows: [[FieldValue]] = []

    package init(_ plan: AuthorizedRead) {
        types = plan.query.columns.map(\.type)
    }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard node == 0 else { return }
        rows.append(types.enumerated().map { cursor.value($0.offset, as: $0.element) })
    }
}

extension RowCursor {
    /// One column as a value.
    package func value(_ column: Int, as type: ValueType) -> FieldValue {
        if isNull(column) { return .null }
        switch type {
        case .id: return .id(RecordID(number: integer(column)))
        case .text, .longText, .multiPicklist, .encrypted:
            return .text(String(decoding: text(column), as: UTF8.self))
        case .boolean: return .boolean(integer(column) != 0)
        case .integer: return .number(ExactDecimal(unscaled: integer(column), scale: 0))
        case .decimal(let scale):
            return .number(ExactDecimal(unscaled: integer(column), scale: scale))
        case .real: return .coordinate(real(column))
        case .date: return .date(Int(integer(column)))
        case .dateTime: return .dateTime(Instant(milliseconds: integer(column)))
        case .time: return .time(Int(integer(column)))
        case .file: return .number(ExactDecimal(unscaled: integer(column), scale: 0))
        }
    }
}
