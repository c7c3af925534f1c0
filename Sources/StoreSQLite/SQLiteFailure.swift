import CSQLite

/// What SQLite refused to do, and why.
///
/// It carries the statement's text but never the values bound to it, so it may be logged.
package struct SQLiteFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The failures that callers treat differently.
    package enum Kind: Hashable, Sendable {
        /// The disk, or the largest size set for the database, is used up.
        case full
        /// Another connection holds the lock, and kept it for the whole busy timeout.
        case busy
        /// A unique index or primary key already has these values.
        ///
        /// The columns are named without their table. An index over expressions has no columns to
        /// name: then the one entry is the index's own name.
        case constraintUnique(columns: [String])
        /// A column that must have a value got none.
        case constraintNotNull(column: String)
        /// The file is damaged, or is not a database.
        case corrupt
        /// Someone called `SQLiteInterruption.interrupt()`.
        case interrupted
        /// The statement ran longer than `SQLiteConnection.withTimeLimit` allowed.
        case timeLimit
        /// A text, a blob or a row is larger than SQLite takes.
        case tooBig
        /// Anything else; the message says what.
        case other
    }

    /// What kind of failure it is.
    package let kind: Kind
    /// SQLite's extended result code.
    package let code: Int32
    /// SQLite's own words.
    package let message: String
    /// The statement's text, without the values bound to it; empty when there was none.
    package let sql: String

    /// The message, the code and the statement's text.
    package var description: String {
        sql.isEmpty ? "\(message) (SQLite \(code))" : "\(message) (SQLite \(code)) in: \(sql)"
    }
}

extension SQLiteFailure {
    /// A failure as SQLite reports it.
    init(code: Int32, message: String, sql: String, isTimeLimit: Bool = false) {
        kind = Self.kind(code: code, message: message, isTimeLimit: isTimeLimit)
        self.code = code
        self.message = message
        self.sql = sql
    }

    /// A mistake in how SQLite was called, found before SQLite could.
    static func misuse(_ message: String, sql: String) -> Self {
        Self(code: SQLITE_MISUSE, message: message, sql: sql)
    }

    private static func kind(code: Int32, message: String, isTimeLimit: Bool) -> Kind {
        switch code {
        // Two of the constraints' extended codes, whose macros Swift does not import:
        // SQLITE_CONSTRAINT | (n << 8) with n = 5 not null; 6, 8, 10 primary key, unique, row id.
        case SQLITE_CONSTRAINT | (5 << 8):
            return .constraintNotNull(column: columns(in: message).first ?? "")
        case SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (8 << 8),
            SQLITE_CONSTRAINT | (10 << 8):
            return .constraintUnique(columns: columns(in: message))
        default:
            break
        }
        switch code & 0xFF {
        case SQLITE_FULL: return .full
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt
        case SQLITE_INTERRUPT: return isTimeLimit ? .timeLimit : .interrupted
        case SQLITE_TOOBIG: return .tooBig
        default: return .other
        }
    }

    /// The columns in `UNIQUE constraint failed: T.a, T.b`, or the name in `…: index 'name'`.
    private static func columns(in message: String) -> [String] {
        guard let colon = message.firstIndex(of: ":") else { return [] }
        let list = message[message.index(after: colon)...].drop { $0 == " " }
        if list.hasPrefix("index '") {
            return [String(list.dropFirst("index '".count).prefix { $0 != "'" })]
        }
        return list.split(separator: ",").map { entry in
            String(entry.drop { $0 == " " }.split(separator: ".").last ?? "")
        }
    }
}
