import Kernel
import Metadata
import Store

/// The statements about outboxes, jobs and timers, made once.
private let work = WorkTables(.sqlite)

// The outbox, jobs and timers of an org: one row in, one row out.
extension SQLiteReadTransaction {
    func outbox(after replayID: Int64, limit: Int) throws -> [StagedEntry] {
        try translating {
            try connection.all(
                work.outboxReading,
                [.integer(replayID), .integer(Int64(max(0, limit)))]
            ) { row in
                StagedEntry(
                    replayID: row.int64(0),
                    committedAt: Instant(milliseconds: row.int64(5)),
                    entry: OutboxEntry(
                        kind: OutboxEntry.Kind(rawValue: row.string(1)) ?? .change,
                        object: APIName(row.string(2)),
                        record: row.isNull(3) ? nil : RecordID(number: row.int64(3)),
                        payload: row.string(4)
                    )
                )
            }
        }
    }

    func outboxRange() throws -> ClosedRange<Int64>? {
        try translating {
            try connection.one(work.outboxRange) { row -> ClosedRange<Int64>? in
                row.isNull(0) ? nil : row.int64(0)...max(row.int64(0), row.int64(1))
            } ?? nil
        }
    }

    func job(_ id: Int64) throws -> Job? {
        try jobs(work.jobByID, [.integer(id)]).first
    }

    func jobs(_ selection: JobSelection) throws -> [Job] {
        let text = work.jobsListing(
            state: selection.state.rawValue,
            byKind: selection.kind != nil
        )
        let limit = SQLValue.integer(Int64(max(0, selection.limit)))
        return try jobs(text, selection.kind.map { [.text($0), limit] } ?? [limit])
    }

    func dueJobs(at now: Instant, _ priority: JobPriority, limit: Int) throws -> [Job] {
        try jobs(
            work.jobsDue,
            [
                .integer(priority.rawValue), .integer(now.milliseconds),
                .integer(Int64(max(0, limit))),
            ]
        )
    }

    func expiredJobs(at now: Instant, limit: Int) throws -> [Job] {
        try jobs(
            work.jobsExpired,
            [.integer(now.milliseconds), .integer(Int64(max(0, limit)))]
        )
    }

    func firstInLane(_ lane: String) throws -> Job? {
        try jobs(work.jobFirstInLane, [.text(lane)]).first
    }

    func timer(_ key: String) throws -> JobTimer? {
        try timers(work.timerByKey, [.text(key)]).first
    }

    func dueTimers(at now: Instant, limit: Int) throws -> [JobTimer] {
        try timers(
            work.timersDue,
            [.integer(now.milliseconds), .integer(Int64(max(0, limit)))]
        )
    }

    func nextWork() throws -> Instant? {
        let text = work.nextWork(priorities: JobPriority.allCases.map(\.rawValue))
        return try translating {
            try connection.one(text) { row -> Instant? in
                let moments = (0..<row.columnCount).filter { !row.isNull($0) }
                    .map { row.int64($0) }
                return moments.min().map { Instant(milliseconds: $0) }
            } ?? nil
        }
    }

    func jobCount(_ state: JobState) throws -> Int {
        try translating {
            try connection.one(work.jobCounting(state: state.rawValue)) { Int($0.int64(0)) } ?? 0
        }
    }

    private func jobs(_ text: String, _ values: [SQLValue]) throws -> [Job] {
        try translating { try connection.all(text, values) { Job(row: $0) } }
    }

    private func timers(_ text: String, _ values: [SQLValue]) throws -> [JobTimer] {
        try translating { try connection.all(text, values) { JobTimer(row: $0) } }
    }
}

extension SQLiteWriteTransaction {
    func stage(_ entry: OutboxEntry, at moment: Instant) throws -> Int64 {
        try translating {
            let replayID = try connection.one(
                work.staging,
                [
                    .text(entry.kind.rawValue), .text(entry.object.text),
                    entry.record.map { .integer($0.number) } ?? .null, .text(entry.payload),
                    .integer(moment.milliseconds),
                ]
            ) { $0.int64(0) }
            guard let replayID else {
                throw RecordError(.unknownException, "the outbox took no entry")
            }
            return replayID
        }
    }

    func purgeOutbox(before moment: Instant, limit: Int) throws -> Int {
        try translating {
            try connection.execute(
                work.outboxPurging,
                [.integer(moment.milliseconds), .integer(Int64(max(0, limit)))]
            )
            return connection.changes
        }
    }

    func addJob(_ job: Job) throws -> Int64? {
        try translating { try connection.one(work.jobAdding, job.values) { $0.int64(0) } }
    }

    func replaceJob(_ job: Job, in state: JobState, attempts: Int) throws -> Bool {
        let condition: [SQLValue] = [
            .integer(job.id), .integer(state.rawValue), .integer(Int64(attempts)),
        ]
        return try translating {
            try connection.one(work.jobReplacing, job.values + condition) { $0.int64(0) } != nil
        }
    }

    func removeJob(_ id: Int64) throws {
        try translating { try connection.execute(work.jobRemoving, [.integer(id)]) }
    }

    func putTimer(_ timer: JobTimer) throws {
        try translating { try connection.execute(work.timerPutting, timer.values) }
    }

    func removeTimer(_ key: String) throws -> Bool {
        try translating {
            try connection.one(work.timerRemoving, [.text(key)]) { _ in true } ?? false
        }
    }

    func removeTimers(prefix: String) throws -> Int {
        // No text that begins with the prefix is behind it and the last character there is.
        let values: [SQLValue] = [.text(prefix), .text(prefix + "\u{10FFFF}")]
        return try translating {
            try connection.all(work.timersRemoving, values) { _ in true }.count
        }
    }

    func purgeJobs(
        _ state: JobState,
        finishedBefore moment: Instant,
        limit: Int
    ) throws -> Int {
        guard state == .done || state == .dead else { return 0 }
        return try translating {
            try connection.execute(
                work.jobsPurging(state: state.rawValue),
                [.integer(moment.milliseconds), .integer(Int64(max(0, limit)))]
            )
            return connection.changes
        }
    }
}

// MARK: - Rows

extension Job {
    /// The id, then the columns of `WorkTables.jobColumns`.
    fileprivate init(row: borrowing SQLiteRow) {
        self.init(
            id: row.int64(0),
            kind: row.string(1),
            payload: JSONObject(storedText: row.string(2)),
            user: RecordID(number: row.int64(3)),
            priority: JobPriority(rawValue: row.int64(4)) ?? .normal,
            lane: row.optionalString(5),
            uniqueKey: row.optionalString(6),
            state: JobState(rawValue: row.int64(7)) ?? .waiting,
            attempts: Int(row.int64(8)),
            enqueuedAt: Instant(milliseconds: row.int64(9)),
            dueAt: Instant(milliseconds: row.int64(10)),
            runAfter: Instant(milliseconds: row.int64(11)),
            leaseUntil: row.optionalInstant(12),
            finishedAt: row.optionalInstant(13),
            error: row.optionalString(14)
        )
    }

    /// The columns of `WorkTables.jobColumns`.
    fileprivate var values: [SQLValue] {
        [
            .text(kind), .text(payload.storedText), .integer(user.number),
            .integer(priority.rawValue), .optional(lane), .optional(uniqueKey),
            .integer(state.rawValue), .integer(Int64(attempts)), .integer(enqueuedAt.milliseconds),
            .integer(dueAt.milliseconds), .integer(runAfter.milliseconds), .optional(leaseUntil),
            .optional(finishedAt), .optional(error),
        ]
    }
}

extension JobTimer {
    /// The columns of `WorkTables.timerColumns`.
    fileprivate init(row: borrowing SQLiteRow) {
        self.init(
            key: row.string(0),
            due: Instant(milliseconds: row.int64(1)),
            schedule: row.optionalString(2).flatMap { Schedule($0) },
            job: NewJob(
                kind: row.string(3),
                payload: JSONObject(storedText: row.string(4)),
                priority: JobPriority(rawValue: row.int64(6)) ?? .normal,
                lane: row.optionalString(7),
                uniqueKey: row.optionalString(8)
            ),
            user: RecordID(number: row.int64(5))
        )
    }

    /// The columns of `WorkTables.timerColumns`.
    fileprivate var values: [SQLValue] {
        [
            .text(key), .integer(due.milliseconds), .optional(schedule?.text), .text(job.kind),
            .text(job.payload.storedText), .integer(user.number), .integer(job.priority.rawValue),
            .optional(job.lane), .optional(job.uniqueKey),
        ]
    }
}
