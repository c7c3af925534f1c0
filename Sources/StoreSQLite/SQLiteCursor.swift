import CSQLite
import Kernel

/// The row that a query stands on, as the kernel's sinks look at it; nothing is copied.
struct SQLiteCursor: RowCursor {
    private let statement: OpaquePointer

    init(_ row: borrowing SQLiteRow) {
        statement = row.statement
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, Int32(truncatingIfNeeded: column))
    }

    func real(_ column: Int) -> Double {
        sqlite3_column_double(statement, Int32(truncatingIfNeeded: column))
    }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let column = Int32(truncatingIfNeeded: column)
        // The text is asked for first: that converts the value, and so decides how many bytes.
        let start = sqlite3_column_text(statement, column)
        return UnsafeBufferPointer(
            start: start,
            count: Int(sqlite3_column_bytes(statement, column))
        )
    }
}
