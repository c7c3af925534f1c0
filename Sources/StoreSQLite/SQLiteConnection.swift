import CSQLite
import Store

/// One open SQLite database, used by one thread at a time.
///
/// It is opened without SQLite's own locks, and deliberately not `Sendable`: the writer keeps its
/// connection on one queue, the reader pool lends each of its own to one caller at a time.
package final class SQLiteConnection {
    /// The file's path.
    package let path: String
    let database: OpaquePointer
    /// Stops this connection's running statement from any thread.
    package let interruption: SQLiteInterruption

    var statements: SQLiteStatementCache
    let timeLimit = SQLiteTimeLimit()
    /// Invariant: true from a successful `BEGIN` of ours until we end that transaction ourselves.
    ///
    /// So when it is true while SQLite is in autocommit mode, SQLite has rolled back on its own.
    var isTransactionExpected = false
    /// The closures to run after the open transaction has been committed.
    var commitHooks: [() -> Void] = []
    /// What last failed, to explain a transaction that SQLite has rolled back on its own.
    var lastFailure: SQLiteFailure?
    private var isClosed = false

    /// Opens a database in write-ahead-log mode, with durable commits and Steward's functions.
    ///
    /// - Parameters:
    ///   - path: A file. There are no in-memory databases here, since those have no log.
    ///   - access: What is to be done with it.
    ///   - options: How much the connection may use.
    /// - Throws: `SQLiteFailure`, also when SQLite did not take a setting that durability needs.
    package init(
        path: String,
        access: SQLiteAccess,
        options: SQLiteOptions = SQLiteOptions()
    )
        throws
    {
        self.path = path
        database = try Self.open(path, access)
        interruption = SQLiteInterruption(database)
        statements = SQLiteStatementCache(capacity: options.statementCacheCapacity)
        try configure(access, options)
        try registerStewardFunctions()
    }

    deinit {
        close()
    }

    /// What is said to SQLite once, before its first use; where it is too late nothing is lost.
    private static let isBegun = csqlite_begin() == SQLITE_OK

    private static func open(_ path: String, _ access: SQLiteAccess) throws -> OpaquePointer {
        _ = isBegun
        let flags: Int32 =
            switch access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        var database: OpaquePointer?
        let code = sqlite3_open_v2(
            path,
            &database,
            flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
            nil
        )
        guard code == SQLITE_OK, let database else {
            // A connection that failed to open still has to be closed, after it said why.
            let message = database.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(database)
            throw SQLiteFailure(code: code, message: message, sql: "")
        }
        return database
    }

    /// Closes the database, after which nothing else may be asked of it.
    ///
    /// Closing twice does nothing.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        interruption.disconnect()
        statements.removeAll()
        // With v2, a statement that is still alive delays the closing instead of preventing it.
        sqlite3_close_v2(database)
    }

    /// How many rows the last `INSERT`, `UPDATE` or `DELETE` changed, triggers left out.
    package var changes: Int { Int(sqlite3_changes64(database)) }

    /// SQLite's text for what last went wrong.
    package var lastErrorMessage: String { String(cString: sqlite3_errmsg(database)) }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// The failure that SQLite reports now, remembered for those it happens to as well.
    func failure(_ code: Int32, sql: String) -> SQLiteFailure {
        let failure = SQLiteFailure(
            code: code,
            message: lastErrorMessage,
            sql: sql,
            isTimeLimit: timeLimit.hasRunOut
        )
        lastFailure = failure
        return failure
    }
}

extension SQLiteConnection {
    private func configure(_ access: SQLiteAccess, _ options: SQLiteOptions) throws {
        sqlite3_busy_timeout(database, Int32(clamping: options.busyTimeout.milliseconds))
        // One connection, one org: with no room for attached databases, SQL cannot name another.
        sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0)
        try switchOption(SQLITE_DBCONFIG_DEFENSIVE, true)
        try switchOption(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
        // A misspelt quoted name is then an error, and not a text.
        try switchOption(SQLITE_DBCONFIG_DQS_DML, false)
        try switchOption(SQLITE_DBCONFIG_DQS_DDL, false)
        // References are the kernel's to keep: it knows recycle bins, cascades and merges.
        try switchOption(SQLITE_DBCONFIG_ENABLE_FKEY, false)
        try execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(options.cacheKibibytes)")
        switch access {
        case .create, .readWrite:
            try execute("PRAGMA mmap_size = 0")
            try requireDurableCommits()
        case .readOnly:
            try execute("PRAGMA mmap_size = \(options.memoryMapBytes); PRAGMA query_only = ON")
        }
    }

    private func switchOption(_ option: Int32, _ isOn: Bool) throws {
        let code = csqlite_switch(database, option, isOn ? 1 : 0)
        guard code == SQLITE_OK else { throw failure(code, sql: "") }
    }

    /// Turns durability on and reads it back: both settings can be refused without an error.
    private func requireDurableCommits() throws {
        try require("PRAGMA journal_mode = WAL", answers: .text("wal"))
        try execute("PRAGMA synchronous = FULL")
        try require("PRAGMA synchronous", answers: .integer(2))
    }

    private func require(_ sql: String, answers expected: SQLValue) throws {
        let answer = try one(sql) { $0.value(0) }
        guard answer == expected else {
            throw SQLiteFailure.misuse("the setting was not taken: \(answer ?? .null)", sql: sql)
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
