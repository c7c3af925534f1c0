package import Metadata
import UseMeter

/// Who does which kind of work.
///
/// Put together once, when the program starts; a job of a kind that is not in here fails, and is
/// tried again like any other that fails.
package struct JobHandlers: Sendable {
    /// Work on records alone.
    ///
    /// It runs in the transaction that also marks the job as done, so what it
    /// writes is there exactly once, whatever fails and however often it is begun.
    package typealias RecordWork = @Sendable (RecordWriter, Job) throws -> Void
    /// Work that reaches outside.
    ///
    /// It may happen twice: a crash between the work and the note that it
    /// is done has it done again. What it returns is written together with that note.
    package typealias OutsideWork = @Sendable (JobContext) async throws -> JobEnding?

    enum Work: Sendable {
        case records(RecordWork)
        case outside(OutsideWork)
    }

    struct Kind: Sendable {
        let work: Work
        let retry: RetryPolicy
        let leaseSeconds: Int64
    }

    /// A job that every org has at certain times.
    struct Scheduled: Sendable {
        let key: String
        let schedule: Schedule
        let job: NewJob
        /// Which orgs have it.
        let isFor: @Sendable (OrgID) async throws -> Bool
    }

    private var kinds: [String: Kind] = [:]
    private(set) var scheduled: [Scheduled] = []
    private(set) var subscribers: [EventSubscriber] = []

    package init() {}

    subscript(kind: String) -> Kind? { kinds[kind] }

    /// Says who does a kind of work that is on records alone.
    package mutating func add(
        _ kind: String,
        retry: RetryPolicy = .standard,
        records work: @escaping RecordWork
    ) {
        kinds[kind] = Kind(work: .records(work), retry: retry, leaseSeconds: 120)
    }

    /// Says who does a kind of work that reaches outside.
    ///
    /// - Parameter leaseSeconds: how long it may take before it counts as lost; the work itself has
    ///   to give up before.
    package mutating func add(
        _ kind: String,
        retry: RetryPolicy = .standard,
        leaseSeconds: Int64 = 300,
        outside work: @escaping OutsideWork
    ) {
        kinds[kind] = Kind(work: .outside(work), retry: retry, leaseSeconds: leaseSeconds)
    }

    /// Has a job added in orgs by a schedule, once each time.
    ///
    /// - Parameter isFor: which orgs have it; every one if left out.
    package mutating func schedule(
        _ key: String,
        _ schedule: Schedule,
        _ job: NewJob,
        where isFor: @escaping @Sendable (OrgID) async throws -> Bool = { _ in true }
    ) {
        scheduled.removeAll { $0.key == key }
        scheduled.append(
            Scheduled(key: "schedule:\(key)", schedule: schedule, job: job, isFor: isFor)
        )
    }

    /// Has a subscriber handed what is staged in the outbox, in order and exactly once.
    package mutating func subscribe(_ subscriber: EventSubscriber) {
        subscribers.removeAll { $0.name == subscriber.name }
        subscribers.append(subscriber)
        add(subscriber.jobKind) { writer, job in try subscriber.run(writer, job) }
    }
}

/// What is written together with the note that work outside is done.
package typealias JobEnding = @Sendable (RecordWriter) throws -> Void

/// What work outside is told.
package struct JobContext: Sendable {
    package let job: Job
    /// The platform, in the name of the user for whom the work is.
    package let caller: Caller
    package let records: Records
    package let now: Instant

    package var org: OrgID { caller.org }

    /// Counts what has gone out.
    func count(
        _ operation: UseOperation,
        of subject: UseSubject,
        records number: Int,
        by surface: UseSurface
    ) {
        let key = UseKey(
            org: org.record.number,
            day: now.useDay,
            subject: subject,
            operation: operation,
            surface: surface
        )
        records.uses.count(key, records: number)
    }
}

/// How a failed job is tried again: each time after about twice the time, until it is given up.
package struct RetryPolicy: Sendable, Hashable {
    package let attemptsMax: Int
    package let firstSeconds: Int64
    package let mostSeconds: Int64

    package init(attemptsMax: Int, firstSeconds: Int64, mostSeconds: Int64) {
        self.attemptsMax = max(1, attemptsMax)
        self.firstSeconds = max(1, firstSeconds)
        self.mostSeconds = max(firstSeconds, mostSeconds)
    }

    /// Ten times within about three hours.
    package static let standard = RetryPolicy(
        attemptsMax: 10,
        firstSeconds: 10,
        mostSeconds: 3_600
    )

    /// How long to wait after an attempt, in milliseconds: up to a fifth more or less than said, so
    /// that what failed together is not tried again together.
    ///
    /// The same seed, job and attempt give
    /// the same.
    func delayMilliseconds(after attempt: Int, job: Int64, seed: UInt64) -> Int64 {
        let doublings = min(max(0, attempt - 1), 30)
        let (raised, overflow) = firstSeconds.multipliedReportingOverflow(by: 1 << doublings)
        let seconds = min(overflow ? mostSeconds : raised, mostSeconds)
        let mixed =
            seed ^ (UInt64(bitPattern: job) &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(clamping: attempt)
        var random = SeededRandom(seed: mixed)
        return seconds * Int64.random(in: 800...1_200, using: &random)
    }
}

/// Why work failed, where that decides what becomes of the job.
package enum JobFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Trying again would change nothing: it is given up at once.
    case permanent(String)
    /// It is tried again at a moment, and this attempt does not count.
    case postponed(until: Instant, String)

    package var description: String {
        switch self {
        case .permanent(let reason), .postponed(_, let reason): reason
        }
    }
}
