import Metadata

// One attempt of one job, from the lease to what becomes of it.
extension JobRunner {
    /// Leases jobs that are due; before that, timers add theirs, and lost ones are taken back.
    func claim(_ org: OrgID, limit: Int) async throws -> [Job] {
        let handlers = handlers
        let seed = settings.seed
        let clock = records.clock
        return try await records.store.write(org) { tx in
            let jobs = JobTransaction(tx: tx, now: clock.now())
            for lost in try tx.expiredJobs(at: jobs.now, limit: Limits.jobsPerClaimMax) {
                try jobs.fail(
                    lost,
                    LostLease(),
                    handlers[lost.kind]?.retry ?? .standard,
                    seed: seed
                )
            }
            try jobs.fireTimers(limit: Limits.timersPerClaimMax)
            return try jobs.claim(limit: limit) { handlers[$0]?.leaseSeconds ?? 120 }
        }
    }

    /// Runs a leased job, and notes what became of it.
    func perform(_ job: Job, in org: OrgID) async {
        do {
            try await attempt(job, in: org)
        } catch is LeaseTaken {
            // Another runner has it; what this one did is undone.
        } catch {
            // Whoever stops the runner still has what failed put back.
            let settling = Task { try await settle(job, in: org, error) }
            do {
                try await settling.value
            } catch {
                // The lease ends by itself, and the job is taken again.
                noteTrouble(org, error)
            }
        }
    }

    private func attempt(_ job: Job, in org: OrgID) async throws {
        guard let kind = handlers[job.kind] else {
            throw JobTrouble("nothing here does jobs of the kind `\(job.kind)`")
        }
        let records = records
        let caller = Caller.system(org, as: job.user, because: "job \(job.kind)")
        switch kind.work {
        case .records(let work):
            // A task of its own: to stop the runner is no reason to turn a save away.
            let saving = Task {
                try await records.write(as: caller) { writer in
                    try work(writer, job)
                    try writer.finish(job)
                }
            }
            try await saving.value
        case .outside(let work):
            let context = JobContext(
                job: job,
                caller: caller,
                records: records,
                now: records.clock.now()
            )
            let ending = try await work(context)
            let saving = Task {
                try await records.write(as: caller) { writer in
                    try ending?(writer)
                    try writer.finish(job)
                }
            }
            try await saving.value
        }
    }

    private func settle(_ job: Job, in org: OrgID, _ error: any Error) async throws {
        let retry = handlers[job.kind]?.retry ?? .standard
        let seed = settings.seed
        let clock = records.clock
        try await records.store.write(org) { tx in
            let now = clock.now()
            let reason: any Error =
                error is CancellationError
                ? JobFailure.postponed(until: now, "the program was stopped meanwhile") : error
            try JobTransaction(tx: tx, now: now).fail(job, reason, retry, seed: seed)
        }
        records.wakeUp.wake(org)
    }

    /// Sees to it that every job that is to run by a schedule has its timer.
    func keepSchedules(_ org: OrgID) async throws {
        let wanted = handlers.scheduled
        guard !wanted.isEmpty else { return }
        let present = try await records.store.read(org, isBrief: true) { tx in
            try wanted.map { try tx.timer($0.key) }
        }
        var missing: [JobHandlers.Scheduled] = []
        for (one, timer) in zip(wanted, present) where timer?.schedule != one.schedule {
            if try await one.isFor(org) { missing.append(one) }
        }
        guard !missing.isEmpty else { return }
        let lacking = missing
        let clock = records.clock
        let user = try await platformUser(org)
        try await records.store.write(org) { tx in
            for scheduled in lacking {
                guard let due = scheduled.schedule.next(after: clock.now()) else { continue }
                try tx.putTimer(
                    JobTimer(
                        key: scheduled.key,
                        due: due,
                        schedule: scheduled.schedule,
                        job: scheduled.job,
                        user: user
                    )
                )
            }
        }
    }

    /// In whose name the platform's own jobs write: the first administrator who is active.
    func platformUser(_ org: OrgID) async throws -> RecordID {
        let caller = Caller.system(org, as: org.record, because: "in whose name jobs run")
        let found = try await records.read(as: caller, isBrief: true) { reader in
            try reader.rows(
                "SELECT Id FROM User WHERE Profile.Name = 'System Administrator' "
                    + "AND IsActive = true ORDER BY Id LIMIT 1"
            ).first?.first?.id
        }
        return found ?? org.record
    }
}

extension RecordWriter {
    /// Marks a job as done in the transaction of its work.
    func finish(_ job: Job) throws {
        guard try JobTransaction(tx: writeTransaction, now: now).finish(job) else {
            throw LeaseTaken()
        }
    }
}

/// The lease ended before the work did, and somebody else has begun it again.
struct LeaseTaken: Error {}

private struct LostLease: Error, CustomStringConvertible {
    var description: String {
        "the program ended while the job ran, or it took longer than its lease"
    }
}

/// Why a job could not be begun.
struct JobTrouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
