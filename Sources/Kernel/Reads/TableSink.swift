package import Language
package import Metadata

/// Collects rows as values in the order of the SELECT clause, for the kernel's own questions and for
/// small results.
package struct TableSink: RowSink, Sendable {
    private let columns: [(position: Int, type: ValueType)]
    package private(set) var rows: [[FieldValue]] = []

    package init(_ plan: AuthorizedRead) {
        columns = plan.query.shape.flatMap(TableSink.columns)
    }

    private static func columns(_ item: OutputItem) -> [(position: Int, type: ValueType)] {
        switch item {
        case .value(_, let column, let type): [(column, type)]
        case .parent(_, _, _, let items): items.flatMap(columns)
        case .compound(_, let parts): parts.map { ($0.column, $0.type) }
        case .child, .typeOf: []
        }
    }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard node == 0 else { return }
        rows.append(columns.map { cursor.value($0.position, as: $0.type) })
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
