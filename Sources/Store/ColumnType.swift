package import Metadata

/// How a field is kept in a table.
package enum ColumnType: Hashable, Sendable {
    /// An id's number.
    case recordID
    case text(isCaseSensitive: Bool)
    /// Never null.
    case boolean
    /// In SQLite the digits without the point; `NUMERIC` in PostgreSQL.
    case decimal(precision: Int, scale: Int)
    /// In SQLite, days since 1970-01-01.
    case date
    /// In SQLite, milliseconds since 1970 in UTC.
    case dateTime
    /// In SQLite, milliseconds since midnight.
    case time
    case real
    /// A file's length; its bytes are in the table of files.
    case byteCount
}

extension FieldDefinition {
    /// How the field is kept; `nil` where it has no column.
    package var columnType: ColumnType? {
        switch type {
        case .id, .lookup, .masterDetail: .recordID
        case .text, .autoNumber: .text(isCaseSensitive: isCaseSensitive)
        case .encryptedText: .text(isCaseSensitive: true)
        case .longTextArea, .html, .email, .phone, .url, .picklist, .multiselectPicklist:
            .text(isCaseSensitive: false)
        case .checkbox: .boolean
        case .number(let precision, let scale), .currency(let precision, let scale),
            .percent(let precision, let scale):
            .decimal(precision: precision, scale: scale)
        case .summary(let summary): summary.columnType
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .coordinate: .real
        case .file: .byteCount
        case .address, .location, .formula: nil
        }
    }

    /// Whether it is a file, whose bytes are kept beside the tables.
    package var isFile: Bool { columnType == .byteCount }

    /// Whether full-text search keeps its words.
    var isIndexedForSearch: Bool {
        guard isSearchable, case .text = columnType else { return false }
        if case .encryptedText = type { return false }
        return true
    }
}

extension FieldType.Summary {
    fileprivate var columnType: ColumnType {
        switch result {
        case .number, .currency, .percent: .decimal(precision: precision, scale: scale)
        case .date: .date
        case .dateTime: .dateTime
        }
    }
}

extension ColumnType {
    /// The type as a table's definition writes it.
    func declaration(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlite: sqliteDeclaration
        case .postgres: postgresDeclaration
        }
    }

    private var sqliteDeclaration: String {
        switch self {
        case .recordID, .decimal, .date, .dateTime, .time, .byteCount: "INTEGER"
        case .text(let isCaseSensitive): isCaseSensitive ? "TEXT" : "TEXT COLLATE STEWARD"
        case .boolean: "INTEGER NOT NULL DEFAULT 0"
        case .real: "REAL"
        }
    }

    private var postgresDeclaration: String {
        switch self {
        case .recordID, .byteCount: "BIGINT"
        case .text: "TEXT"
        case .boolean: "BOOLEAN NOT NULL DEFAULT FALSE"
        case .decimal(let precision, let scale): "NUMERIC(\(precision),\(scale))"
        case .date: "DATE"
        case .dateTime: "TIMESTAMPTZ(3)"
        case .time: "TIME(3)"
        case .real: "DOUBLE PRECISION"
        }
    }
}
