package import Metadata

/// Work for later, asked for in the transaction of the save: it is there once that is on disk, and
/// is gone with all else where the save is undone.
extension RecordWriter {
    /// Adds an entry to the outbox.
    ///
    /// - Returns: its replay id.
    @discardableResult
    package func stage(_ entry: OutboxEntry) throws -> Int64 {
        let replayID = try writeTransaction.stage(entry, at: now)
        wakeRunner()
        return replayID
    }

    /// Adds a job, in the caller's name.
    ///
    /// - Returns: its id; `nil` where a job with its unique key waits already.
    @discardableResult
    package func enqueue(_ new: NewJob) throws -> Int64? {
        try add(Job(new, as: caller.user, at: now))
    }

    /// Has a job added at a moment; replaces the timer that has the key.
    package func setTimer(key: String, due: Instant, job: NewJob) throws {
        try put(JobTimer(key: key, due: due, job: job, user: caller.user))
    }

    /// Has a job added again and again; replaces the timer that has the key.
    ///
    /// - Throws: `RecordError` where the schedule never comes due again.
    package func setTimer(key: String, schedule: Schedule, job: NewJob) throws {
        guard let due = schedule.next(after: now) else {
            throw RecordError(.invalidInput, "the schedule `\(schedule.text)` never comes due")
        }
        try put(JobTimer(key: key, due: due, schedule: schedule, job: job, user: caller.user))
    }

    /// - Returns: whether the timer was there; one that has fired is not, though its job may wait.
    @discardableResult
    package func cancelTimer(key: String) throws -> Bool {
        try writeTransaction.removeTimer(key)
    }

    /// Cancels all timers whose keys begin with a text: those of one record, say.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func cancelTimers(keyPrefix: String) throws -> Int {
        guard !keyPrefix.isEmpty else { return 0 }
        return try writeTransaction.removeTimers(prefix: keyPrefix)
    }

    private func put(_ timer: JobTimer) throws {
        try writeTransaction.putTimer(timer)
        let org = caller.org
        let wakeUp = wakeUp
        let due = timer.due
        writeTransaction.afterCommit { wakeUp.wake(org, by: due) }
    }

    func add(_ job: Job) throws -> Int64? {
        let id = try JobTransaction(tx: writeTransaction, now: now).add(job)
        wakeRunner()
        return id
    }

    func wakeRunner() {
        let org = caller.org
        let wakeUp = wakeUp
        writeTransaction.afterCommit { wakeUp.wake(org) }
    }
}

extension RecordReader {
    /// When a timer is due; `nil` where there is none of that key.
    package func timerDue(key: String) throws -> Instant? {
        try tx.timer(key)?.due
    }
}
