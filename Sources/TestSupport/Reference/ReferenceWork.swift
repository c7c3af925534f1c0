import Kernel
import Metadata

// Outbox, jobs and timers as plain collections.
extension ReferenceReadTransaction {
    func outbox(after replayID: Int64, limit: Int) throws -> [StagedEntry] {
        Array(state.outbox.filter { $0.replayID > replayID }.prefix(max(0, limit)))
    }

    func outboxRange() throws -> ClosedRange<Int64>? {
        guard let first = state.outbox.first, let last = state.outbox.last else { return nil }
        return first.replayID...last.replayID
    }

    func job(_ id: Int64) throws -> Job? { state.jobs[id] }

    func jobs(_ selection: JobSelection) throws -> [Job] {
        let found = state.jobs.values.filter { job in
            job.state == selection.state && selection.kind.map { $0 == job.kind } ?? true
        }
        let isFinished = selection.state == .done || selection.state == .dead
        let sorted =
            isFinished
            ? found.sorted { ($0.finished, $0.id) > ($1.finished, $1.id) }
            : found.sorted { ($0.runAfter, $0.id) < ($1.runAfter, $1.id) }
        return Array(sorted.prefix(max(0, selection.limit)))
    }

    func dueJobs(at now: Instant, _ priority: JobPriority, limit: Int) throws -> [Job] {
        let due = state.jobs.values.filter {
            $0.state == .waiting && $0.priority == priority && $0.runAfter <= now
        }
        return Array(
            due.sorted { ($0.runAfter, $0.id) < ($1.runAfter, $1.id) }.prefix(max(0, limit))
        )
    }

    func expiredJobs(at now: Instant, limit: Int) throws -> [Job] {
        let expired = state.jobs.values.filter { job in
            job.state == .running && job.leaseUntil.map { $0 <= now } ?? false
        }
        return Array(expired.sorted { $0.id < $1.id }.prefix(max(0, limit)))
    }

    func firstInLane(_ lane: String) throws -> Job? {
        state.jobs.values.filter { $0.lane == lane && $0.state.rawValue < 3 }
            .min { $0.id < $1.id }
    }

    func timer(_ key: String) throws -> JobTimer? { state.timers[key] }

    func dueTimers(at now: Instant, limit: Int) throws -> [JobTimer] {
        let due = state.timers.values.filter { $0.due <= now }
        return Array(due.sorted { ($0.due, $0.key) < ($1.due, $1.key) }.prefix(max(0, limit)))
    }

    func nextWork() throws -> Instant? {
        let waiting = state.jobs.values.filter { $0.state == .waiting }.map(\.runAfter)
        let leases = state.jobs.values.filter { $0.state == .running }.compactMap(\.leaseUntil)
        return (waiting + leases + state.timers.values.map(\.due)).min()
    }

    func jobCount(_ state: JobState) throws -> Int {
        self.state.jobs.values.count { $0.state == state }
    }
}

extension ReferenceWriteTransaction {
    func stage(_ entry: OutboxEntry, at moment: Instant) throws -> Int64 {
        let replayID = (state.outbox.last?.replayID ?? 0) + 1
        state.outbox.append(StagedEntry(replayID: replayID, committedAt: moment, entry: entry))
        return replayID
    }

    func purgeOutbox(before moment: Instant, limit: Int) throws -> Int {
        let oldest = state.outbox.dropLast().prefix(max(0, limit))
        let gone = Set(oldest.filter { $0.committedAt < moment }.map(\.replayID))
        state.outbox.removeAll { gone.contains($0.replayID) }
        return gone.count
    }

    func addJob(_ job: Job) throws -> Int64? {
        if let key = job.uniqueKey,
            state.jobs.values.contains(where: {
                $0.uniqueKey == key && ($0.state == .waiting || $0.state == .parked)
            })
        {
            return nil
        }
        state.lastJob += 1
        var kept = job
        kept.id = state.lastJob
        state.jobs[kept.id] = kept
        return kept.id
    }

    func replaceJob(_ job: Job, in state: JobState, attempts: Int) throws -> Bool {
        guard let present = self.state.jobs[job.id], present.state == state,
            present.attempts == attempts
        else { return false }
        self.state.jobs[job.id] = job
        return true
    }

    func removeJob(_ id: Int64) throws { state.jobs[id] = nil }

    func putTimer(_ timer: JobTimer) throws {
        var kept = timer
        kept.job.runAfter = nil
        state.timers[timer.key] = kept
    }

    func removeTimer(_ key: String) throws -> Bool {
        state.timers.removeValue(forKey: key) != nil
    }

    func removeTimers(prefix: String) throws -> Int {
        let keys = state.timers.keys.filter { $0.hasPrefix(prefix) }
        for key in keys { state.timers[key] = nil }
        return keys.count
    }

    func purgeJobs(
        _ state: JobState,
        finishedBefore moment: Instant,
        limit: Int
    ) throws -> Int {
        let old = self.state.jobs.values
            .filter { $0.state == state && $0.finishedAt.map { $0 < moment } ?? false }
            .sorted { ($0.finished, $0.id) < ($1.finished, $1.id) }
            .prefix(max(0, limit))
        for job in old { self.state.jobs[job.id] = nil }
        return old.count
    }
}

extension Job {
    fileprivate var finished: Instant { finishedAt ?? Instant(milliseconds: 0) }
}
