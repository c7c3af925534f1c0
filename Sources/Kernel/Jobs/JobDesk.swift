import Metadata

// What an administrator sees of jobs, and decides about those that were given up.
extension RecordReader {
    /// Jobs of one state; for who may see the setup.
    package func jobs(_ state: JobState, kind: String? = nil, limit: Int) throws -> [Job] {
        try requireSetup()
        return try tx.jobs(
            JobSelection(state, kind: kind, limit: min(max(0, limit), Limits.jobsListedMax))
        )
    }

    /// A job; for who may see the setup.
    package func job(_ id: Int64) throws -> Job? {
        try requireSetup()
        return try tx.job(id)
    }

    /// How many jobs there are of each state; for who may see the setup.
    package func jobCounts() throws -> [JobState: Int] {
        try requireSetup()
        var counts: [JobState: Int] = [:]
        for state in JobState.allCases { counts[state] = try tx.jobCount(state) }
        return counts
    }

    private func requireSetup() throws {
        guard access.isSystem || access.has(.viewSetup) else {
            throw RecordError(.insufficientAccess, "looking at jobs needs ViewSetup")
        }
    }
}

extension RecordWriter {
    /// Has a job that was given up run again, as if it had never been begun; behind the jobs of its
    /// lane that are not finished.
    package func runAgain(_ id: Int64) throws {
        let dead = try deadJob(id)
        var waiting = dead
        waiting.state = .waiting
        if let lane = dead.lane, try tx.firstInLane(lane) != nil { waiting.state = .parked }
        waiting.attempts = 0
        waiting.runAfter = now
        waiting.finishedAt = nil
        _ = try writeTransaction.replaceJob(waiting, in: .dead, attempts: dead.attempts)
        wakeRunner()
    }

    /// Removes a job that was given up.
    package func discard(_ id: Int64) throws {
        try writeTransaction.removeJob(try deadJob(id).id)
    }

    private func deadJob(_ id: Int64) throws -> Job {
        guard access.isSystem || access.has(.modifyAllData) else {
            throw RecordError(
                .insufficientAccess,
                "deciding about jobs that were given up needs ModifyAllData"
            )
        }
        guard let job = try tx.job(id) else {
            throw RecordError(.notFound, "there is no job \(id)")
        }
        guard job.state == .dead else {
            throw RecordError(
                .invalidJobState,
                "the job \(id) is \(job.state.name.lowercased()), and only those given up are run "
                    + "again or discarded"
            )
        }
        return job
    }
}
