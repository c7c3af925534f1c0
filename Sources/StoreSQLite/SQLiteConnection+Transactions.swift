import CSQLite

extension SQLiteConnection {
    /// Whether a transaction will write.
    package enum TransactionKind: Sendable {
        /// It only reads: all statements see the database as it was at the first of them.
        case read
        /// It takes the write lock at once, so that it cannot fail half way for want of it.
        case write
    }

    /// Runs a body in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Returns: What the body returns.
    /// - Throws: What the body throws; `SQLiteFailure` when the transaction could not begin or
    ///   commit, or when SQLite has rolled it back by itself (a full disk, for one).
    package func transaction<Result>(
        _ kind: TransactionKind,
        _ body: () throws -> Result
    ) throws
        -> Result
    {
        try begin(kind)
        let result: Result
        do {
            result = try body()
            try commit()
        } catch {
            rollback()
            throw error
        }
        runCommitHooks()
        return result
    }

    /// Runs a body in a savepoint: when it throws, what it wrote is undone, and nothing else.
    ///
    /// The name is for statements and messages only; savepoints of one name may be nested.
    package func savepoint<Result>(
        _ name: StaticString,
        _ body: () throws -> Result
    ) throws -> Result {
        let quotedName = "\"\(name)\""
        let hookCount = commitHooks.count
        try execute("SAVEPOINT \(quotedName)", [])
        do {
            let result = try body()
            try execute("RELEASE \(quotedName)", [])
            return result
        } catch {
            commitHooks.removeLast(commitHooks.count - hookCount)
            // Without a transaction there is nothing left to roll back to.
            if isInTransaction {
                try execute("ROLLBACK TO \(quotedName)", [])
                try execute("RELEASE \(quotedName)", [])
            }
            throw error
        }
    }

    /// Has a closure run once the open transaction has been committed; never, if it is not.
    ///
    /// Where no transaction is open, everything is committed already, and it runs at once.
    ///
    /// For what must follow the stored truth, such as version numbers kept in memory. It runs on
    /// the connection's thread before the caller gets its answer, so it should be short.
    package func afterCommit(_ hook: @escaping () -> Void) {
        if isInTransaction { commitHooks.append(hook) } else { hook() }
    }
}

extension SQLiteConnection {
    func begin(_ kind: TransactionKind) throws {
        try execute(kind == .write ? "BEGIN IMMEDIATE" : "BEGIN", [])
        isTransactionExpected = true
        lastFailure = nil
    }

    /// Commits, leaving the hooks to be run.
    func commit() throws {
        try execute("COMMIT", [])
        isTransactionExpected = false
    }

    /// Ends the transaction without keeping anything, whatever state it is in.
    func rollback() {
        isTransactionExpected = false
        commitHooks.removeAll()
        guard isInTransaction else { return }
        // A rollback that reports a failure has still ended the transaction.
        try? execute("ROLLBACK", [])
    }

    func runCommitHooks() {
        let hooks = commitHooks
        commitHooks.removeAll()
        for hook in hooks { hook() }
    }

    /// Why there is no transaction any more, in the words of the failure that ended it.
    func transactionLoss(sql: String) -> SQLiteFailure {
        lastFailure ?? .misuse("the transaction was ended by one of its own statements", sql: sql)
    }
}
