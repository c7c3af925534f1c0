package import Metadata

/// Work to be done after the transaction that asks for it, once that is on disk.
package struct NewJob: Sendable, Hashable {
    /// What kind of work, under which `JobHandlers` knows who does it: `webhook.deliver`.
    package var kind: String
    /// What the work is about; ids and names rather than values, since records may change meanwhile.
    package var payload: JSONObject
    /// Not before this moment; at once where it is missing.
    package var runAfter: Instant?
    package var priority: JobPriority
    /// Jobs of one lane run one after the other, in the order in which they were asked for: a later
    /// one waits until the earlier one is done or given up.
    package var lane: String?
    /// While a job with this key waits to be begun, another with the same key is not added: the one
    /// that waits does the work of both.
    package var uniqueKey: String?

    package init(
        kind: String,
        payload: JSONObject = JSONObject(),
        runAfter: Instant? = nil,
        priority: JobPriority = .normal,
        lane: String? = nil,
        uniqueKey: String? = nil
    ) {
        self.kind = kind
        self.payload = payload
        self.runAfter = runAfter
        self.priority = priority
        self.lane = lane
        self.uniqueKey = uniqueKey
    }
}

/// Which of the jobs that are due comes first.
package enum JobPriority: Int64, Sendable, Hashable, CaseIterable, Comparable {
    /// Somebody waits for it: mail, an async path of a flow.
    case high = 0
    case normal = 1
    /// Nobody minds some hours: purging, rebuilding.
    case low = 2

    package static func < (left: JobPriority, right: JobPriority) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Where a job is in its life.
///
/// The numbers are stored.
package enum JobState: Int64, Sendable, Hashable, CaseIterable {
    /// For its time, or for its next attempt.
    case waiting = 0
    /// Leased to a runner.
    case running = 1
    /// Behind another job of its lane.
    case parked = 2
    case done = 3
    /// Given up after its last attempt; a person decides what becomes of it.
    case dead = 4

    /// What people read.
    package var name: String {
        switch self {
        case .waiting: "Waiting"
        case .running: "Running"
        case .parked: "Parked"
        case .done: "Done"
        case .dead: "Dead"
        }
    }
}

/// A job as it is stored.
package struct Job: Sendable, Hashable {
    /// In the order in which jobs were added; zero before that.
    package var id: Int64
    package var kind: String
    package var payload: JSONObject
    /// In whose name it was asked for.
    package var user: RecordID
    package var priority: JobPriority
    package var lane: String?
    package var uniqueKey: String?
    package var state: JobState
    /// How often it has been begun; which one of these holds the lease.
    package var attempts: Int
    package var enqueuedAt: Instant
    /// When it was wanted at first; what it waited beyond this is its lateness.
    package var dueAt: Instant
    /// When it may be begun next.
    package var runAfter: Instant
    package var leaseUntil: Instant?
    package var finishedAt: Instant?
    /// Why the last attempt failed.
    package var error: String?

    package init(
        id: Int64 = 0,
        kind: String,
        payload: JSONObject,
        user: RecordID,
        priority: JobPriority = .normal,
        lane: String? = nil,
        uniqueKey: String? = nil,
        state: JobState = .waiting,
        attempts: Int = 0,
        enqueuedAt: Instant,
        dueAt: Instant,
        runAfter: Instant,
        leaseUntil: Instant? = nil,
        finishedAt: Instant? = nil,
        error: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.user = user
        self.priority = priority
        self.lane = lane
        self.uniqueKey = uniqueKey
        self.state = state
        self.attempts = attempts
        self.enqueuedAt = enqueuedAt
        self.dueAt = dueAt
        self.runAfter = runAfter
        self.leaseUntil = leaseUntil
        self.finishedAt = finishedAt
        self.error = error
    }

    init(_ new: NewJob, as user: RecordID, at now: Instant, due: Instant? = nil) {
        let wanted = due ?? new.runAfter ?? now
        self.init(
            kind: new.kind,
            payload: new.payload,
            user: user,
            priority: new.priority,
            lane: new.lane,
            uniqueKey: new.uniqueKey,
            enqueuedAt: now,
            dueAt: wanted,
            runAfter: max(wanted, new.runAfter ?? wanted)
        )
    }

    /// How long after it was wanted a moment is, in seconds; zero before.
    package func latenessSeconds(at moment: Instant) -> Int64 {
        max(0, (moment.milliseconds - dueAt.milliseconds) / 1_000)
    }
}

/// A job that is added by itself at a moment, or again and again.
package struct JobTimer: Sendable, Hashable {
    /// An org has one timer of a key; setting it again replaces it.
    package var key: String
    package var due: Instant
    /// When it is due again; `nil` for a timer that is gone once it has fired.
    package var schedule: Schedule?
    /// Its `runAfter` counts for nothing.
    package var job: NewJob
    package var user: RecordID

    package init(
        key: String,
        due: Instant,
        schedule: Schedule? = nil,
        job: NewJob,
        user: RecordID
    ) {
        self.key = key
        self.due = due
        self.schedule = schedule
        self.job = job
        self.user = user
    }
}

extension JSONObject {
    /// A payload as it is stored; empty where the text is none.
    package init(storedText text: String) {
        self = (try? JSONParser.parse(text))?.object ?? JSONObject()
    }

    /// The text by which a payload is stored.
    package var storedText: String {
        var writer = JSONWriter(capacity: 256)
        writer.value(.object(self))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
