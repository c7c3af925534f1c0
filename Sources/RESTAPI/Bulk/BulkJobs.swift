package import Kernel
package import Metadata

/// The deployment's bulk jobs: makes them, works on them one turn after the other, shows them.
///
/// `run` does the work and is the program's to keep running. A job that a stop interrupts goes on
/// after the last batch that was done.
package final class BulkJobs: Sendable {
    private struct Waiting {
        /// Jobs that have not been taken up, and those that clients have called off.
        var arrived: [BulkJob] = []
        /// Those that wait or are being worked on.
        var taken: Set<RecordID> = []
        var aborted: Set<RecordID> = []
        var lastSequence: Int64 = 0
    }

    let records: Records
    let store: any BulkJobStore
    private let waiting = Locked(Waiting())
    private let signal: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    package init(records: Records, store: any BulkJobStore) {
        self.records = records
        self.store = store
        (signal, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var now: Instant { records.clock.now() }

    /// An id for a new job: later ones are greater, in this process and the next.
    func newID() -> RecordID {
        let sequence = waiting.withLock { waiting -> Int64 in
            waiting.lastSequence = max(waiting.lastSequence + 1, now.milliseconds)
            return waiting.lastSequence
        }
        return RecordID(prefix: Self.prefix, sequence: sequence)
    }

    private static let prefix = KeyPrefix("750") ?? KeyPrefix(number: 0)

    /// How many jobs an org has begun since midnight, UTC.
    package func jobsToday(of org: OrgID, at moment: Instant) -> (ingest: Int, query: Int) {
        let day = moment.milliseconds / CivilDate.millisecondsPerDay
        let today = ((try? store.jobs(of: org)) ?? []).filter {
            $0.createdDate.milliseconds / CivilDate.millisecondsPerDay == day
        }
        let queries = today.count(where: \.operation.isQuery)
        return (today.count - queries, queries)
    }
}

// MARK: - Changes

extension BulkJobs {
    /// Keeps a new job, and begins with it if all it needs is there.
    func add(_ job: BulkJob) throws {
        try store.put(job)
        if job.state == .uploadComplete { enqueue(job) }
    }

    /// Takes the rows of a job.
    func upload(_ bytes: [UInt8], to job: BulkJob) throws {
        guard bytes.count <= BulkLimits.uploadBytesMax else {
            throw RecordError(
                .limitExceeded,
                "The upload has more than \(BulkLimits.uploadBytesMax) bytes: \(bytes.count)"
            )
        }
        _ = try change(job) { job, _ in
            guard job.state == .open else {
                throw RecordError(
                    .invalidJobState,
                    "Job is in state \(job.state.rawValue); it takes no more data"
                )
            }
            guard !job.hasUpload else {
                throw RecordError(
                    .invalidBatch,
                    "Found multiple contents for job: <\(job.id)>, please 'Close' / 'Abort' / "
                        + "'Delete' the current Job then create a new Job and make sure you only "
                        + "do 'PUT' once on a given Job."
                )
            }
            try store.write(bytes, to: .upload, of: job)
            job.hasUpload = true
        }
    }

    /// Says that all rows are there.
    func close(_ job: BulkJob) throws -> BulkJob {
        let closed = try change(job) { job, _ in
            guard job.state == .open else { throw Self.wrongState(job, "closed") }
            if !job.hasUpload { try store.write([], to: .upload, of: job) }
            job.hasUpload = true
            job.state = .uploadComplete
        }
        enqueue(closed)
        return closed
    }

    /// Calls a job off; what is done stays done.
    func abort(_ job: BulkJob) throws -> BulkJob {
        try change(job) { job, waiting in
            guard !job.state.isFinal else { throw Self.wrongState(job, "aborted") }
            if job.state != .open { waiting.aborted.insert(job.id) }
            job.state = .aborted
        }
    }

    /// Changes a job as it is at present, while nobody else does.
    private func change(
        _ job: BulkJob,
        _ body: (inout BulkJob, inout Waiting) throws -> Void
    ) throws -> BulkJob {
        let moment = now
        return try waiting.withLock { waiting in
            guard var present = try store.job(job.id, of: job.org) else {
                throw RecordError.noSuchResource
            }
            try body(&present, &waiting)
            present.systemModstamp = moment
            try store.put(present)
            return present
        }
    }

    /// Keeps what the work on a job has come to; a job that was called off stays so.
    func keep(_ job: inout BulkJob) throws {
        job.systemModstamp = now
        job = try waiting.withLock { [job] waiting in
            var job = job
            if waiting.aborted.contains(job.id) { job.state = .aborted }
            try store.put(job)
            return job
        }
    }

    /// Removes a job that is not being worked on.
    func remove(_ job: BulkJob) throws {
        guard job.state.isFinal || job.state == .open else {
            throw Self.wrongState(job, "deleted")
        }
        try store.remove(job)
    }

    private static func wrongState(_ job: BulkJob, _ change: String) -> RecordError {
        RecordError(
            .invalidJobState,
            "Job \(job.id) is in state \(job.state.rawValue) and cannot be \(change)"
        )
    }

    private func enqueue(_ job: BulkJob) {
        waiting.withLock { waiting in
            // What is waiting or being worked on is not begun a second time.
            if waiting.taken.insert(job.id).inserted { waiting.arrived.append(job) }
        }
        bell.yield()
    }

    func isAborted(_ job: BulkJob) -> Bool {
        waiting.withLock { $0.aborted.contains(job.id) }
    }
}

// MARK: - Work

extension BulkJobs {
    /// Works on jobs until the task is cancelled; first on those that a stop left unfinished.
    package func run() async {
        removeExpired()
        for job in (try? store.unfinished()) ?? [] { enqueue(job) }
        var works: [any BulkWork] = []
        for await _ in signal {
            repeat {
                works += takeArrived()
                works = await turn(of: works)
            } while !works.isEmpty && !Task.isCancelled
            if Task.isCancelled { return }
        }
    }

    /// Works off all that has arrived, and returns.
    package func runUntilIdle() async {
        for job in (try? store.unfinished()) ?? [] { enqueue(job) }
        var works = takeArrived()
        while !works.isEmpty {
            works = await turn(of: works)
            works += takeArrived()
        }
    }

    /// Removes jobs that are older than jobs are kept.
    package func removeExpired() {
        let moment = now.adding(seconds: -BulkLimits.lifeSeconds)
        // What cannot be removed now is met again the next time.
        for job in (try? store.expired(before: moment)) ?? [] { try? store.remove(job) }
    }

    private func takeArrived() -> [any BulkWork] {
        waiting.withLock { waiting -> [BulkJob] in
            let arrived = waiting.arrived
            waiting.arrived = []
            return arrived
        }.map(work)
    }

    private func work(on job: BulkJob) -> any BulkWork {
        if job.operation.isQuery { QueryWork(job, self) } else { IngestWork(job, self) }
    }

    /// One turn of each; what remains to be done.
    private func turn(of works: [any BulkWork]) async -> [any BulkWork] {
        var remaining: [any BulkWork] = []
        for work in works {
            if Task.isCancelled { return [] }
            if await proceed(work) {
                remaining.append(work)
            } else {
                let id = work.job.id
                waiting.withLock { waiting in
                    waiting.aborted.remove(id)
                    waiting.taken.remove(id)
                }
            }
        }
        return remaining
    }

    /// - Returns: whether there is more to do.
    private func proceed(_ work: any BulkWork) async -> Bool {
        let start = ContinuousClock.now
        do {
            return try await work.proceed(since: start)
        } catch is CancellationError {
            return false
        } catch {
            work.fail(error, since: start)
            return false
        }
    }
}

/// A job being worked on; only the one who runs the jobs touches it.
protocol BulkWork: AnyObject {
    var job: BulkJob { get set }
    var jobs: BulkJobs { get }

    /// Does a turn's worth.
    ///
    /// - Returns: whether there is more to do.
    func proceed(since start: ContinuousClock.Instant) async throws -> Bool
}

extension BulkWork {
    /// Keeps the job in a new state, unless its client has called it off.
    func keep(_ state: BulkJob.State, since start: ContinuousClock.Instant) throws {
        let spent = ContinuousClock.now - start
        job.processingMilliseconds += Int(spent / .milliseconds(1))
        job.state = state
        try jobs.keep(&job)
    }

    func fail(_ error: any Error, since start: ContinuousClock.Instant) {
        job.errorMessage =
            switch error {
            case let error as RecordError: "\(error.code.rawValue) : \(error.message)"
            case let error as CSVFailure: "InvalidBatch : \(error.description)"
            case let error as BulkFailure: error.message
            default: "An unexpected error occurred"
            }
        // Where even this cannot be kept, the job is taken up again after the next start.
        try? keep(.failed, since: start)
    }
}

/// Why a job as a whole cannot be done.
struct BulkFailure: Error {
    let message: String
}
