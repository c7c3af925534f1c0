import Dispatch

/// Why the writer did not take a body.
package enum SQLiteWriterRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// As many bodies wait as may; the caller should shed load.
    case tooManyWaiting(limit: Int)
    /// `SQLiteWriter.close` has been called.
    case closed

    /// The refusal in words.
    package var description: String {
        switch self {
        case .tooManyWaiting(let limit): "\(limit) writes are waiting for the database already"
        case .closed: "the database has been closed"
        }
    }
}

/// How many bodies share a commit, and how many may wait for one.
package struct SQLiteWriterLimits: Hashable, Sendable {
    /// How many bodies one commit may cover.
    package var bodiesPerGroup: Int
    /// How long a group goes on taking bodies; its first body may wait that much longer.
    package var groupDuration: Duration
    /// How many bodies may wait before more are refused.
    package var waitingBodies: Int

    /// What keeps latency flat under load, unless said otherwise.
    package init(
        bodiesPerGroup: Int = 64,
        groupDuration: Duration = .milliseconds(20),
        waitingBodies: Int = 4_096
    ) {
        self.bodiesPerGroup = bodiesPerGroup
        self.groupDuration = groupDuration
        self.waitingBodies = waitingBodies
    }
}

/// What a writer has done since it was opened.
package struct SQLiteWriterCounts: Hashable, Sendable {
    /// Transactions that were committed.
    package var commits = 0
    /// Bodies whose writes those commits kept.
    package var bodiesKept = 0
    /// Transactions that were lost as a whole.
    package var groupsLost = 0
}

/// The one connection that writes to a database, with shared commits.
///
/// A commit waits for the disk, which costs far more than most writes do. So whoever waits is
/// taken together: each body runs in a savepoint of its own within one transaction, the commit is
/// made durable once, and only then does anyone get an answer. An answer therefore means that the
/// write survives a crash. A body that throws is undone alone. When the transaction itself is lost
/// (a full disk, a failed commit), everyone in it is told.
///
/// `@unchecked Sendable`: only the connection is neither constant nor behind a lock. It is opened
/// in `init`, before anyone else has the writer, and used afterwards only on `queue`, which is
/// serial, or in `deinit`, when nobody has the writer any more.
package final class SQLiteWriter: @unchecked Sendable {
    /// What waits for the queue, and whether the queue is at work.
    struct Backlog {
        /// Oldest first, from `next` on; those before it have been taken.
        var bodies: [SQLitePendingWrite] = []
        var next = 0
        var isDraining = false
        var isClosed = false

        var count: Int { bodies.count - next }
    }

    let connection: SQLiteConnection
    let limits: SQLiteWriterLimits
    let backlog = SQLiteLocked(Backlog())
    let counted = SQLiteLocked(SQLiteWriterCounts())
    private let queue: DispatchQueue

    /// Opens a database to write to it, and creates it if there is none.
    ///
    /// - Parameters:
    ///   - path: The file, which no other writer of this process may have open.
    ///   - options: How much the connection may use.
    ///   - limits: How bodies are grouped, and how many may wait.
    ///   - prepare: Called once, outside any transaction, to register functions of one's own.
    /// - Throws: What `prepare` throws; `SQLiteFailure`, also when commits would not be durable.
    package init(
        path: String,
        options: SQLiteOptions = SQLiteOptions(),
        limits: SQLiteWriterLimits = SQLiteWriterLimits(),
        prepare: (SQLiteConnection) throws -> Void = { _ in }
    ) throws {
        connection = try SQLiteConnection(path: path, access: .create, options: options)
        self.limits = limits
        queue = DispatchQueue(label: "steward.sqlite.writer", qos: .userInitiated)
        try prepare(connection)
    }

    /// Runs a body that writes, and returns once its writes are durable.
    ///
    /// The body shares its transaction with others, so it must not begin, commit or roll back by
    /// itself; savepoints are its own. A task that is cancelled while its body waits still writes:
    /// only a task that is cancelled already is turned away.
    ///
    /// - Returns: What the body returns.
    /// - Throws: What the body throws; `SQLiteFailure` when the shared transaction was lost;
    ///   `SQLiteWriterRefusal`; `CancellationError`.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
    ) async throws -> Result {
        try await submit(.shared, body)
    }

    /// The same in a transaction that no one else shares, for changes to the tables themselves.
    package func exclusive<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
    ) async throws -> Result {
        try await submit(.exclusive, body)
    }

    /// Runs a body between transactions, in none: for checkpoints, checks and settings.
    package func outsideTransaction<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
    ) async throws -> Result {
        try await submit(.outsideTransaction, body)
    }

    /// What has been done so far.
    package var counts: SQLiteWriterCounts { counted.withLock { $0 } }

    /// Refuses further bodies, finishes those that wait, and closes the connection.
    package func close() async {
        let isFirst = backlog.withLock { backlog in
            defer { backlog.isClosed = true }
            return !backlog.isClosed
        }
        guard isFirst else { return }
        await withCheckedContinuation { continuation in
            // The queue is serial: a draining that has been asked for comes before this.
            queue.async {
                self.connection.close()
                continuation.resume()
            }
        }
    }

    private func submit<Result: Sendable>(
        _ kind: SQLitePendingWrite.Kind,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let pending = SQLitePendingWrite(
                kind: kind,
                perform: { connection in
                    let result = try body(connection)
                    return { continuation.resume(returning: result) }
                },
                refuse: { continuation.resume(throwing: $0) }
            )
            if let refusal = enqueue(pending) { continuation.resume(throwing: refusal) }
        }
    }

    private func enqueue(_ pending: SQLitePendingWrite) -> SQLiteWriterRefusal? {
        backlog.withLock { backlog in
            guard !backlog.isClosed else { return .closed }
            guard backlog.count < limits.waitingBodies else {
                return .tooManyWaiting(limit: limits.waitingBodies)
            }
            backlog.bodies.append(pending)
            // Under the lock: outside it, `close` could come between, and be run first.
            if !backlog.isDraining { queue.async { self.drain() } }
            backlog.isDraining = true
            return nil
        }
    }
}
