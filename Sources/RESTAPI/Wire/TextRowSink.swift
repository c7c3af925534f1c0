package import Kernel
package import Language
import Metadata

/// Keeps rows as texts, for the few places that need to look at values: list views, small look-ups.
package struct TextRowSink: RowSink {
    package let columns: [FlatColumn]
    /// For each row, a text for each column; `nil` for a null.
    package private(set) var rows: [[String?]] = []

    package init(_ query: ResolvedQuery) {
        columns = FlatColumn.all(of: query)
    }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard node == 0 else { return }
        rows.append(
            columns.map { column in
                guard !cursor.isNull(column.column) else { return nil }
                var bytes: [UInt8] = []
                bytes.appendPlain(column.format, column.column, of: cursor, zone: .zulu)
                return String(decoding: bytes, as: UTF8.self)
            }
        )
    }
}

/// Takes no rows, where only their number is wanted.
package struct CountingSink: RowSink {
    package init() {}

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {}
}
