import Metadata

/// Somebody who is handed what an org's outbox holds, in order and exactly once.
///
/// Its position is kept in the org, and moves in the transaction of its work. Where the work fails it
/// is tried again from the same place; a subscriber that has been given up stands among the dead
/// jobs, and goes on from there when that job is run again.
package struct EventSubscriber: Sendable {
    package typealias Work = @Sendable (RecordWriter, [StagedEntry]) throws -> Void

    /// By which its position is kept; it never changes.
    package let name: String
    let isWanted: @Sendable (OutboxEntry) -> Bool
    let work: Work

    /// - Parameters:
    ///   - isWanted: which entries it is handed; it is asked about every one.
    ///   - work: gets up to 200 entries at a time, never none.
    package init(
        _ name: String,
        where isWanted: @escaping @Sendable (OutboxEntry) -> Bool = { _ in true },
        work: @escaping Work
    ) {
        self.name = name
        self.isWanted = isWanted
        self.work = work
    }

    var jobKind: String { "subscriber.\(name)" }

    static let positionKind = "event-position"

    func position(_ tx: any ReadTransaction) throws -> Int64 {
        try tx.document(kind: EventSubscriber.positionKind, key: name).flatMap { Int64($0) } ?? 0
    }

    /// Hands over the next entries, moves on, and asks to be run again where there are more.
    func run(_ writer: RecordWriter, _ job: Job) throws {
        let entries = try writer.tx.outbox(
            after: try position(writer.tx),
            limit: Limits.eventsPerBatchMax
        )
        guard let last = entries.last else { return }
        let wanted = entries.filter { isWanted($0.entry) }
        if !wanted.isEmpty { try work(writer, wanted) }
        try writer.writeTransaction.putDocument(
            kind: EventSubscriber.positionKind,
            key: name,
            text: String(last.replayID)
        )
        // One that is there is no second job: another entry may have been added by the work itself.
        if let end = try writer.tx.outboxRange()?.upperBound, end > last.replayID {
            _ = try writer.add(newJob(user: job.user, at: writer.now))
        }
    }

    func newJob(user: RecordID, at now: Instant) -> Job {
        let new = NewJob(kind: jobKind, lane: jobKind, uniqueKey: jobKind)
        return Job(new, as: user, at: now)
    }
}

extension JobRunner {
    /// Adds the jobs of subscribers for which something is in the outbox.
    ///
    /// - Returns: whether there is one to be run.
    func stageSubscriptions(_ org: OrgID) async throws -> Bool {
        let subscribers = handlers.subscribers
        guard !subscribers.isEmpty else { return false }
        let behind = try await records.store.read(org, isBrief: true) { tx in
            guard let end = try tx.outboxRange()?.upperBound else { return [EventSubscriber]() }
            // One whose job is not finished will come to the new entries by itself.
            return try subscribers.filter {
                try $0.position(tx) < end && tx.firstInLane($0.jobKind) == nil
                    && !$0.isGivenUp(tx)
            }
        }
        guard !behind.isEmpty else { return false }
        let clock = records.clock
        let user = try await platformUser(org)
        return try await records.store.write(org) { tx in
            let jobs = JobTransaction(tx: tx, now: clock.now())
            for subscriber in behind {
                _ = try jobs.add(subscriber.newJob(user: user, at: jobs.now))
            }
            return true
        }
    }
}

extension EventSubscriber {
    /// Whether its last job stands among the dead, where a person decides.
    fileprivate func isGivenUp(_ tx: any ReadTransaction) throws -> Bool {
        try !tx.jobs(JobSelection(.dead, kind: jobKind, limit: 1)).isEmpty
    }
}
