/// Why the reader pool lent no connection.
package enum SQLitePoolRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// As many connections are in use as there may ever be.
    case exhausted(limit: Int)
    /// `SQLiteReaderPool.close` has been called.
    case closed

    /// The refusal in words.
    package var description: String {
        switch self {
        case .exhausted(let limit): "all \(limit) reading connections of the database are in use"
        case .closed: "the database has been closed"
        }
    }
}

/// Read-only connections to one database, opened when they are first needed.
///
/// Reading is synchronous, on the caller's own thread: a hop to another would cost more than most
/// queries. Nobody ever waits for a connection, since that would block a thread of Swift's
/// cooperative pool, which the holder of the connection may need to go on. When all are lent, an
/// extra one is opened and closed again on return.
package final class SQLiteReaderPool: Sendable {
    private struct State {
        /// The connections that nobody has; the last one was used last, and is the warmest.
        var idle: [SQLiteConnection] = []
        /// How many connections there are, lent ones included.
        var openCount = 0
        var isClosed = false
    }

    private let path: String
    private let options: SQLiteOptions
    private let keptConnections: Int
    private let greatestConnections: Int
    private let prepare: @Sendable (SQLiteConnection) throws -> Void
    private let state = SQLiteLocked(State())

    /// - Parameters:
    ///   - path: A database that a `SQLiteWriter` has opened, and keeps open.
    ///   - options: How much each connection may use.
    ///   - keptConnections: How many stay open for the next reader.
    ///   - greatestConnections: How many there may be at one time; more is an error.
    ///   - prepare: Called once for each new connection, to register functions of one's own.
    package init(
        path: String,
        options: SQLiteOptions = SQLiteOptions(),
        keptConnections: Int = 4,
        greatestConnections: Int = 64,
        prepare: @escaping @Sendable (SQLiteConnection) throws -> Void = { _ in }
    ) {
        self.path = path
        self.options = options
        self.keptConnections = keptConnections
        self.greatestConnections = greatestConnections
        self.prepare = prepare
    }

    /// Runs a body within one read transaction: all its statements see the same state.
    ///
    /// - Parameters:
    ///   - timeLimit: How long its statements may take together; `nil` for no limit.
    ///   - body: Must not keep the connection, nor suspend while it has it.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, `SQLiteFailure`, or `SQLitePoolRefusal`.
    package func read<Result>(
        timeLimit: Duration? = nil,
        _ body: (SQLiteConnection) throws -> Result
    ) throws -> Result {
        let connection = try borrow()
        defer { giveBack(connection) }
        guard let timeLimit else {
            return try connection.transaction(.read) { try body(connection) }
        }
        return try connection.withTimeLimit(timeLimit) {
            try connection.transaction(.read) { try body(connection) }
        }
    }

    /// How many connections are open, lent ones included.
    package var openCount: Int { state.withLock { $0.openCount } }

    /// Closes the connections that nobody has, for the memory they take; reading goes on.
    package func closeIdle() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            state.openCount -= state.idle.count
            return state.idle
        }
        for connection in idle { connection.close() }
    }

    /// Closes the pool; connections that are lent are closed when they come back.
    package func close() {
        state.withLock { $0.isClosed = true }
        closeIdle()
    }

    private func borrow() throws -> SQLiteConnection {
        let idle = try state.withLock { state -> SQLiteConnection? in
            guard !state.isClosed else { throw SQLitePoolRefusal.closed }
            if let connection = state.idle.popLast() { return connection }
            guard state.openCount < greatestConnections else {
                throw SQLitePoolRefusal.exhausted(limit: greatestConnections)
            }
            // Counted before it is opened, so that the lock is not held while a file is read.
            state.openCount += 1
            return nil
        }
        if let idle { return idle }
        do {
            let connection = try SQLiteConnection(path: path, access: .readOnly, options: options)
            try prepare(connection)
            return connection
        } catch {
            state.withLock { $0.openCount -= 1 }
            throw error
        }
    }

    private func giveBack(_ connection: SQLiteConnection) {
        let isKept = state.withLock { state in
            guard !state.isClosed, state.idle.count < keptConnections else {
                state.openCount -= 1
                return false
            }
            state.idle.append(connection)
            return true
        }
        if !isKept { connection.close() }
    }
}
