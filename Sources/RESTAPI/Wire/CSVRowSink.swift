package import Kernel
package import Language
import Metadata

/// Writes rows as CSV: a header of paths, then a cell for each value.
package struct CSVRowSink: RowSink {
    package private(set) var writer: CSVWriter
    /// How many rows there are, the header aside.
    package private(set) var count = 0
    private let columns: [FlatColumn]
    private var cell: [UInt8] = []

    /// - Parameters:
    ///   - query: what is read; it must be without a `FlatColumn.obstacle`.
    ///   - delimiter: what separates cells.
    ///   - lineEnding: what ends rows.
    package init(
        _ query: ResolvedQuery,
        delimiter: CSVDelimiter = .comma,
        lineEnding: CSVLineEnding = .lineFeed,
        hasHeader: Bool = true
    ) {
        columns = FlatColumn.all(of: query)
        writer = CSVWriter(
            capacity: 64 * 1_024,
            delimiter: delimiter,
            lineEnding: lineEnding,
            quoting: .all
        )
        if hasHeader { writer.row(columns.map(\.path)) }
    }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard node == 0 else { return }
        for column in columns { write(column, cursor) }
        writer.endRow()
        count += 1
    }

    /// The CSV text so far, which the sink then no longer holds.
    package mutating func takeBytes() -> [UInt8] { writer.takeBytes() }

    private mutating func write(_ column: FlatColumn, _ cursor: some RowCursor) {
        guard !cursor.isNull(column.column) else {
            writer.null()
            return
        }
        switch column.format {
        case .text: writer.cell(utf8: UnsafeRawBufferPointer(cursor.text(column.column)))
        case .id, .boolean, .integer, .decimal, .real, .date, .dateTime, .time, .file:
            cell.removeAll(keepingCapacity: true)
            cell.appendPlain(column.format, column.column, of: cursor, zone: .zulu)
            cell.withUnsafeBytes { writer.cell(utf8: $0) }
        }
    }
}
