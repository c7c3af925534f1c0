/// A body that waits to be run, with the way to answer its caller.
struct SQLitePendingWrite: Sendable {
    enum Kind: Sendable {
        case shared
        case exclusive
        case outsideTransaction
    }

    let kind: Kind
    /// Runs the body, and returns what will hand its result to the caller.
    let perform: @Sendable (SQLiteConnection) throws -> @Sendable () -> Void
    let refuse: @Sendable (any Error) -> Void
}

extension SQLiteWriter {
    /// Runs everything that waits; called on the queue.
    func drain() {
        while let first = takeNext({ _ in true }, stopWhenEmpty: true) {
            switch first.kind {
            case .shared, .exclusive: runGroup(startingWith: first)
            case .outsideTransaction: runOutsideTransaction(first)
            }
        }
    }

    private func runOutsideTransaction(_ pending: SQLitePendingWrite) {
        do {
            let answer = try pending.perform(connection)
            // Left open, a transaction would take in the next group and never be committed.
            guard !connection.isInTransaction else {
                throw SQLiteFailure.misuse("a transaction was left open", sql: "")
            }
            answer()
        } catch {
            connection.rollback()
            pending.refuse(error)
        }
    }

    /// One transaction, from its beginning to the last answer.
    private func runGroup(startingWith first: SQLitePendingWrite) {
        do {
            try connection.begin(.write)
        } catch {
            // What kept this one out keeps them all out: one busy timeout is enough for a group.
            for pending in takeWaitingShared(besides: first) { pending.refuse(error) }
            countLostGroup()
            return
        }
        var group = SQLiteWriteGroup()
        do {
            try run(first, in: &group)
            if first.kind == .shared { try runFollowers(in: &group) }
            try connection.commit()
        } catch {
            connection.rollback()
            countLostGroup()
            for refuse in group.refusals { refuse(error) }
            return
        }
        countCommit(of: group)
        connection.runCommitHooks()
        for answer in group.answers { answer() }
    }

    /// Runs those that wait as well, until the group is full or has taken its time.
    private func runFollowers(in group: inout SQLiteWriteGroup) throws {
        let deadline = ContinuousClock.now + limits.groupDuration
        var count = 1
        while count < limits.bodiesPerGroup, ContinuousClock.now < deadline,
            let pending = takeNext({ $0.kind == .shared }, stopWhenEmpty: false)
        {
            try run(pending, in: &group)
            count += 1
        }
    }

    /// Runs one body in a savepoint of its own.
    ///
    /// - Throws: Only what costs everyone the transaction; a body that fails alone is answered.
    private func run(_ pending: SQLitePendingWrite, in group: inout SQLiteWriteGroup) throws {
        do {
            let answer = try connection.savepoint("body") { try pending.perform(connection) }
            group.answers.append(answer)
            group.refusals.append(pending.refuse)
        } catch {
            if !connection.isInTransaction {
                // SQLite has rolled everything back: the disk is full, or worse. The cause is
                // SQLite's own failure, whatever the body made of it.
                group.refusals.append(pending.refuse)
                throw connection.transactionLoss(sql: "")
            }
            // Not answered before the commit: until then it holds that nobody gets an answer
            // that depends on what may yet be lost.
            group.answers.append { pending.refuse(error) }
            group.failedAlone += 1
            group.refusals.append(pending.refuse)
        }
    }
}

/// The bodies of one transaction, and what is to be told to whom.
private struct SQLiteWriteGroup {
    /// For when the transaction is committed: results, and the errors of bodies that failed alone.
    var answers: [@Sendable () -> Void] = []
    /// For when it is lost.
    var refusals: [@Sendable (any Error) -> Void] = []
    var failedAlone = 0
}

extension SQLiteWriter {
    /// Takes the oldest body that waits, if it may be taken now.
    ///
    /// - Parameters:
    ///   - mayTake: Whether it may be taken now.
    ///   - stopWhenEmpty: Whether the queue goes idle when nothing waits, so that the next body has
    ///     to wake it. Decided under the lock, or a body could slip in between and wait.
    /// - Returns: `nil` when nothing waits, or when what waits may not be taken.
    private func takeNext(
        _ mayTake: (SQLitePendingWrite) -> Bool,
        stopWhenEmpty: Bool
    )
        -> SQLitePendingWrite?
    {
        backlog.withLock { backlog in
            guard backlog.next < backlog.bodies.count else {
                if stopWhenEmpty { backlog.isDraining = false }
                return nil
            }
            let pending = backlog.bodies[backlog.next]
            guard mayTake(pending) else { return nil }
            backlog.next += 1
            // Taken bodies are let go in blocks: one at a time would move all others each time.
            if backlog.next == backlog.bodies.count || backlog.next >= 256 {
                backlog.bodies.removeFirst(backlog.next)
                backlog.next = 0
            }
            return pending
        }
    }

    private func takeWaitingShared(besides first: SQLitePendingWrite) -> [SQLitePendingWrite] {
        var taken = [first]
        while first.kind == .shared, taken.count < limits.bodiesPerGroup,
            let pending = takeNext({ $0.kind == .shared }, stopWhenEmpty: false)
        {
            taken.append(pending)
        }
        return taken
    }

    private func countLostGroup() {
        counted.withLock { $0.groupsLost += 1 }
    }

    private func countCommit(of group: SQLiteWriteGroup) {
        counted.withLock { counts in
            counts.commits += 1
            counts.bodiesKept += group.answers.count - group.failedAlone
        }
    }
}
