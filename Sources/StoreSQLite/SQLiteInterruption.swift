import CSQLite

/// Stops what a connection is running, from another thread.
package final class SQLiteInterruption: Sendable {
    private let database: SQLiteLocked<OpaquePointer?>

    init(_ database: OpaquePointer) {
        self.database = SQLiteLocked(database)
    }

    /// Makes the running statement, if there is one, fail as `.interrupted`.
    ///
    /// A statement that was writing takes its whole transaction with it.
    package func interrupt() {
        // Under the lock, so that the connection cannot be closed in between.
        database.withLock { database in
            if let database { sqlite3_interrupt(database) }
        }
    }

    func disconnect() {
        database.withLock { $0 = nil }
    }
}

/// When the running statements of a connection must end.
final class SQLiteTimeLimit {
    fileprivate(set) var deadline: ContinuousClock.Instant?
    /// Whether a statement was stopped because the deadline had passed.
    fileprivate(set) var hasRunOut = false
}

extension SQLiteConnection {
    /// Runs a body whose statements fail as `.timeLimit` once it has taken longer than `limit`.
    ///
    /// The limit counts while SQLite works: a body that only waits is not stopped. Within another
    /// limit, the earlier deadline counts.
    package func withTimeLimit<Result>(
        _ limit: Duration,
        _ body: () throws -> Result
    ) rethrows
        -> Result
    {
        let outer = timeLimit.deadline
        let deadline = ContinuousClock.now + limit
        timeLimit.deadline = outer.map { min($0, deadline) } ?? deadline
        timeLimit.hasRunOut = false
        watchDeadline()
        defer {
            timeLimit.deadline = outer
            timeLimit.hasRunOut = false
            if outer == nil { sqlite3_progress_handler(database, 0, nil, nil) }
        }
        return try body()
    }

    private func watchDeadline() {
        // Some thousand steps of SQLite's machine take tens of microseconds: a clock that often
        // costs nothing, and no statement overstays by more than anyone notices.
        let stepsBetweenLooks: Int32 = 4_000
        let limit = Unmanaged.passUnretained(timeLimit).toOpaque()
        sqlite3_progress_handler(
            database,
            stepsBetweenLooks,
            { context in
                guard let context else { return 0 }
                let limit = Unmanaged<SQLiteTimeLimit>.fromOpaque(context).takeUnretainedValue()
                guard let deadline = limit.deadline, ContinuousClock.now >= deadline else {
                    return 0
                }
                limit.hasRunOut = true
                return 1
            },
            limit
        )
    }
}
