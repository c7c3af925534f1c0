package import Metadata

/// Which jobs are listed.
package struct JobSelection: Sendable, Hashable {
    package var state: JobState
    package var kind: String?
    package var limit: Int

    /// Jobs of one state: those that wait by their time, finished ones from the latest on.
    package init(_ state: JobState, kind: String? = nil, limit: Int) {
        self.state = state
        self.kind = kind
        self.limit = limit
    }
}

/// What a store lets one read of an org's jobs and timers.
package protocol JobReading {
    func job(_ id: Int64) throws -> Job?

    func jobs(_ selection: JobSelection) throws -> [Job]

    /// Waiting jobs whose time has come, the longest due first.
    func dueJobs(at now: Instant, _ priority: JobPriority, limit: Int) throws -> [Job]

    /// Running jobs whose lease has ended.
    func expiredJobs(at now: Instant, limit: Int) throws -> [Job]

    /// The earliest job of a lane that is not finished.
    func firstInLane(_ lane: String) throws -> Job?

    func timer(_ key: String) throws -> JobTimer?

    /// Timers whose moment has come, the longest due first.
    func dueTimers(at now: Instant, limit: Int) throws -> [JobTimer]

    /// When the next job, timer or lease needs somebody; `nil` where nothing waits.
    func nextWork() throws -> Instant?

    func jobCount(_ state: JobState) throws -> Int
}

/// What a store lets one write of an org's jobs and timers.
package protocol JobWriting {
    /// Adds a job, whose id is given to it.
    ///
    /// - Returns: the id; `nil` where a job with its unique key waits already.
    func addJob(_ job: Job) throws -> Int64?

    /// Puts a job in place of the one of its id, if that is in this state of this attempt.
    ///
    /// - Returns: whether it was.
    func replaceJob(_ job: Job, in state: JobState, attempts: Int) throws -> Bool

    func removeJob(_ id: Int64) throws

    /// Puts a timer in place of the one of its key, if there is one.
    func putTimer(_ timer: JobTimer) throws

    /// - Returns: whether there was one.
    @discardableResult
    func removeTimer(_ key: String) throws -> Bool

    /// Removes all timers whose keys begin with a text.
    ///
    /// - Returns: how many.
    @discardableResult
    func removeTimers(prefix: String) throws -> Int

    /// Removes at most so many finished jobs of before a moment.
    ///
    /// - Returns: how many are gone.
    @discardableResult
    func purgeJobs(_ state: JobState, finishedBefore moment: Instant, limit: Int) throws -> Int
}
