import CSQLite
package import Store

/// The row that a query stands on, read in place.
///
/// It cannot be copied, and a query lends it for one call only: nothing of it outlives the call but
/// what was copied out. Reading a column as another type than it has converts as SQLite does; NULL
/// reads as 0, as 0.0 and as no bytes.
package struct SQLiteRow: ~Copyable {
    let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    /// How many columns the row has.
    package var columnCount: Int { Int(sqlite3_column_count(statement)) }

    /// The name of a column, as the statement gives it.
    package func columnName(_ column: Int) -> String {
        sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// Whether a column is NULL.
    package func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }

    /// A column as an integer.
    package func int64(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, Int32(column))
    }

    /// A column as a floating-point number.
    package func double(_ column: Int) -> Double {
        sqlite3_column_double(statement, Int32(column))
    }

    /// A column's UTF-8 bytes, in SQLite's own memory.
    ///
    /// They are gone when the row's closure returns, or when the column is read as another type.
    package func textBytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        // The text is asked for first: that converts the value, and so decides how many bytes.
        let start = sqlite3_column_text(statement, Int32(column))
        return UnsafeBufferPointer(
            start: start,
            count: Int(sqlite3_column_bytes(statement, Int32(column)))
        )
    }

    /// A column's bytes, in SQLite's own memory; they last as long as `textBytes` do.
    package func blobBytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_blob(statement, Int32(column))
        return UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self),
            count: Int(sqlite3_column_bytes(statement, Int32(column)))
        )
    }

    /// A copy of a column as text.
    package func string(_ column: Int) -> String {
        String(decoding: textBytes(column), as: UTF8.self)
    }

    /// A copy of a column as it is stored.
    package func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(statement, Int32(column)) {
        case SQLITE_INTEGER: .integer(int64(column))
        case SQLITE_FLOAT: .real(double(column))
        case SQLITE_TEXT: .text(string(column))
        case SQLITE_BLOB: .blob(Array(blobBytes(column)))
        default: .null
        }
    }
}
