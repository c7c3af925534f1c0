import Metadata

/// How jobs go from one state to the next, within a transaction.
struct JobTransaction {
    let tx: any WriteTransaction
    let now: Instant

    /// Adds a job: behind those of its lane that are not finished.
    ///
    /// - Returns: its id; `nil` where a job with its unique key waits already.
    func add(_ job: Job) throws -> Int64? {
        var job = job
        if let lane = job.lane, try tx.firstInLane(lane) != nil { job.state = .parked }
        return try tx.addJob(job)
    }

    /// Adds the jobs of timers that are due.
    ///
    /// One that was due more than once adds one job.
    func fireTimers(limit: Int) throws {
        for timer in try tx.dueTimers(at: now, limit: limit) {
            _ = try add(Job(timer.job, as: timer.user, at: now, due: timer.due))
            if let next = timer.schedule?.next(after: now) {
                var again = timer
                again.due = next
                try tx.putTimer(again)
            } else {
                try tx.removeTimer(timer.key)
            }
        }
    }

    /// Leases jobs that are due, those of higher priority first.
    ///
    /// - Parameter lease: how long a kind of job may take.
    func claim(limit: Int, lease: (String) -> Int64) throws -> [Job] {
        var claimed: [Job] = []
        for priority in JobPriority.allCases where claimed.count < limit {
            let due = try tx.dueJobs(at: now, priority, limit: limit - claimed.count)
            for job in due {
                var leased = job
                leased.state = .running
                leased.attempts += 1
                leased.leaseUntil = now.adding(seconds: lease(job.kind))
                // From here on another of its key is new work.
                leased.uniqueKey = nil
                if try tx.replaceJob(leased, in: .waiting, attempts: job.attempts) {
                    claimed.append(leased)
                }
            }
        }
        return claimed
    }

    /// Notes that a job is done, and lets the next of its lane go on.
    ///
    /// - Returns: false where the lease was lost to another runner.
    func finish(_ job: Job) throws -> Bool {
        var done = job
        done.state = .done
        return try end(done, of: job)
    }

    /// Puts a job that failed back, or gives it up.
    func fail(_ job: Job, _ error: any Error, _ retry: RetryPolicy, seed: UInt64) throws {
        var failed = job
        failed.error = String(String(describing: error).prefix(2_000))
        if case .postponed(let until, _)? = error as? JobFailure {
            return try putBack(failed, of: job, at: until, attempts: job.attempts - 1)
        }
        var isOver = job.attempts >= retry.attemptsMax
        if case .permanent? = error as? JobFailure { isOver = true }
        if isOver {
            failed.state = .dead
            _ = try end(failed, of: job)
            return
        }
        let delay = retry.delayMilliseconds(after: job.attempts, job: job.id, seed: seed)
        try putBack(
            failed,
            of: job,
            at: Instant(milliseconds: now.milliseconds + delay),
            attempts: job.attempts
        )
    }

    private func putBack(_ failed: Job, of job: Job, at moment: Instant, attempts: Int) throws {
        var waiting = failed
        waiting.state = .waiting
        waiting.attempts = attempts
        waiting.runAfter = moment
        waiting.leaseUntil = nil
        _ = try tx.replaceJob(waiting, in: .running, attempts: job.attempts)
    }

    private func end(_ ended: Job, of job: Job) throws -> Bool {
        var ended = ended
        ended.finishedAt = now
        ended.leaseUntil = nil
        guard try tx.replaceJob(ended, in: .running, attempts: job.attempts) else { return false }
        try unpark(job.lane)
        return true
    }

    /// Lets the first of a lane go on, if it stands there.
    func unpark(_ lane: String?) throws {
        guard let lane, let next = try tx.firstInLane(lane), next.state == .parked else { return }
        var waiting = next
        waiting.state = .waiting
        _ = try tx.replaceJob(waiting, in: .parked, attempts: next.attempts)
    }
}
