package import Metadata

/// Runs the jobs of all orgs: those that are due, with a lease, until they are done or given up.
///
/// Several may run for the same orgs; each job is leased to one of them at a time.
package struct JobRunner: Sendable {
    package struct Settings: Sendable {
        /// Jobs at a time, over all orgs.
        package var width = 16
        /// Jobs of one org at a time, so that no org takes all.
        package var widthPerOrg = 8
        /// Where the differences between waiting times come from.
        package var seed: UInt64 = 0

        package init() {}
    }

    let records: Records
    let handlers: JobHandlers
    let settings: Settings
    private let orgs: @Sendable () async throws -> [OrgID]
    private let report: @Sendable (OrgID?, any Error) -> Void

    /// - Parameters:
    ///   - orgs: all orgs there are; asked at the beginning, and now and then.
    ///   - report: what the runner itself could not do; why a job failed is kept with the job.
    package init(
        records: Records,
        handlers: JobHandlers,
        settings: Settings = Settings(),
        orgs: @escaping @Sendable () async throws -> [OrgID],
        report: @escaping @Sendable (OrgID?, any Error) -> Void = { _, _ in }
    ) {
        self.records = records
        self.handlers = handlers
        self.settings = settings
        self.orgs = orgs
        self.report = report
    }

    /// Runs what is due by the clock now, and what follows from it and is due too; one job after the
    /// other, the orgs in turn.
    ///
    /// - Returns: how many attempts that were.
    @discardableResult
    package func runDue(attemptsMax: Int = 10_000) async throws -> Int {
        let all = try await orgs()
        for org in all { try await keepSchedules(org) }
        var attempts = 0
        var waiting = all
        while !waiting.isEmpty, attempts < attemptsMax {
            var next: [OrgID] = []
            for org in waiting where try await hasWork(org) {
                let jobs = try await claim(org, limit: 1)
                for job in jobs { await perform(job, in: org) }
                attempts += jobs.count
                next.append(org)
            }
            waiting = next
        }
        return attempts
    }

    /// Runs jobs as they come due, until the task is cancelled; what is running then is finished.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var turns = OrgTurns(perOrg: settings.widthPerOrg)
            let running = Locked<[OrgID: Int]>([:])
            while !Task.isCancelled {
                await lookAround(&turns)
                while let org = turns.next(running: running.withLock { $0 }),
                    !Task.isCancelled
                {
                    let busy = running.withLock { $0 }
                    let free = settings.width - busy.values.reduce(0, +)
                    guard free > 0 else {
                        turns.putBack(org)
                        break
                    }
                    let limit = min(free, settings.widthPerOrg - (busy[org] ?? 0), 4)
                    let jobs = await claimed(org, limit, &turns)
                    for job in jobs {
                        running.withLock { $0[org, default: 0] += 1 }
                        group.addTask {
                            await perform(job, in: org)
                            running.withLock { counts in
                                counts[org] = counts[org].flatMap { $0 > 1 ? $0 - 1 : nil }
                            }
                            records.wakeUp.wake(org)
                        }
                    }
                }
                await sleep(until: turns.nextDue)
            }
        }
    }
}

// MARK: - Which org next

extension JobRunner {
    func noteTrouble(_ org: OrgID?, _ error: any Error) { report(org, error) }

    /// How long the runner sleeps at most, and how often it looks at every org.
    private static let sleepMaxSeconds: Int64 = 30
    private static let roundSeconds: Int64 = 600

    private func lookAround(_ turns: inout OrgTurns) async {
        let now = records.clock.now()
        let calls = records.wakeUp.take()
        if calls.isEveryOrg
            || turns.lastRound.map({
                $0.adding(seconds: JobRunner.roundSeconds) <= now
            }) ?? true
        {
            do {
                for org in try await orgs() {
                    if turns.isNew(org) { try await keepSchedules(org) }
                    turns.call(org)
                }
                turns.lastRound = now
            } catch {
                report(nil, error)
            }
        }
        for org in calls.orgs { turns.call(org) }
        for (org, moment) in calls.due { turns.look(at: org, noLaterThan: moment) }
        turns.callDue(at: now)
    }

    /// Leases jobs of an org, and notes when it needs another look.
    private func claimed(_ org: OrgID, _ limit: Int, _ turns: inout OrgTurns) async -> [Job] {
        do {
            guard try await hasWork(org) else {
                turns.look(at: org, by: try await nextWork(org))
                return []
            }
            let jobs = try await claim(org, limit: limit)
            // There may be more; what was not leased has its turn after the other orgs.
            turns.putBack(org)
            return jobs
        } catch {
            report(org, error)
            turns.look(at: org, by: records.clock.now().adding(seconds: 30))
            return []
        }
    }

    private func nextWork(_ org: OrgID) async throws -> Instant? {
        try await records.store.read(org, isBrief: true) { try $0.nextWork() }
    }

    private func hasWork(_ org: OrgID) async throws -> Bool {
        let now = records.clock.now()
        if let next = try await nextWork(org), next <= now { return true }
        return try await stageSubscriptions(org)
    }

    /// Sleeps until a moment, until somebody calls, or for half a minute.
    private func sleep(until due: Instant?) async {
        let now = records.clock.now()
        let latest = now.adding(seconds: JobRunner.sleepMaxSeconds)
        let end = max(now.milliseconds, min(due ?? latest, latest).milliseconds)
        let wakeUp = records.wakeUp
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await wakeUp.wait(until: Instant(milliseconds: end)) }
            group.addTask { try? await Task.sleep(for: .milliseconds(end - now.milliseconds)) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Whose turn it is: each org after the others, those with something due.
private struct OrgTurns {
    private let perOrg: Int
    private var ready: [OrgID] = []
    private var isReady: Set<OrgID> = []
    private var due: [OrgID: Instant] = [:]
    private var known: Set<OrgID> = []
    var lastRound: Instant?

    init(perOrg: Int) {
        self.perOrg = perOrg
    }

    mutating func isNew(_ org: OrgID) -> Bool { known.insert(org).inserted }

    /// The org may have something to do.
    mutating func call(_ org: OrgID) {
        if isReady.insert(org).inserted { ready.append(org) }
    }

    mutating func putBack(_ org: OrgID) { call(org) }

    mutating func look(at org: OrgID, by moment: Instant?) { due[org] = moment }

    mutating func look(at org: OrgID, noLaterThan moment: Instant) {
        due[org] = min(due[org] ?? moment, moment)
    }

    mutating func callDue(at now: Instant) {
        for (org, moment) in due where moment <= now {
            due[org] = nil
            call(org)
        }
    }

    /// The first org that may run one more job.
    mutating func next(running: [OrgID: Int]) -> OrgID? {
        guard let index = ready.firstIndex(where: { (running[$0] ?? 0) < perOrg }) else {
            return nil
        }
        let org = ready.remove(at: index)
        isReady.remove(org)
        due[org] = nil
        return org
    }

    /// When to look next, if nobody calls.
    var nextDue: Instant? { due.values.min() }
}
