package import Metadata

/// What lets one of the operator's people read some records of an org, for some hours.
///
/// One asks, another approves, and the org approves as well; it alone may be told later, where the law
/// bars the notice or a life is at stake, and then it is told by the clock.
package struct BreakGlassGrant: Hashable, Sendable {
    /// Why an operator may ask; examining what an org does is deliberately not among them.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case support = "CUSTOMER_SUPPORT_REQUEST"
        case incident = "SECURITY_INCIDENT"
        case recovery = "DATA_RECOVERY"
        case legal = "LEGAL_PROCESS"
        case life = "SAFETY_OF_LIFE"

        /// Whether the org's approval can be replaced by a later notice.
        package var mayDelayNotice: Bool { self == .legal || self == .life }
    }

    /// Why the org is told later, and when.
    package struct Bar: Hashable, Sendable {
        package let until: Instant
        package let because: String
    }

    /// Somebody's answer.
    package struct Answer: Hashable, Sendable {
        package let by: RecordID
        package let at: Instant
    }

    package enum State: String, Hashable, Sendable {
        case requested, approved, open, over, closed, refused, revoked, lapsed
    }

    package static let hoursMax = 4
    package static let barDaysMax: Int64 = 90
    package static let objectsMax = 20
    package static let recordsMax = 200
    static let textMaxBytes = 4_000
    /// How long a request waits for its approvals, and for being opened.
    static let waitHours: Int64 = 72

    package let id: String
    package let org: OrgID
    package let reason: Reason
    /// The objects that may be read.
    package let objects: [APIName]
    /// The records that may be read; empty for all of the objects.
    package let records: [RecordID]
    package let hours: Int
    /// What happened and what is needed, for the org.
    package let explanation: String
    package let bar: Bar?
    /// Who of the operator's people asks, and reads.
    package let requested: Answer
    /// The other one of the operator's people.
    package internal(set) var approved: Answer?
    package internal(set) var approvedByOrg: Answer?
    package internal(set) var refused: Answer?
    package internal(set) var openedAt: Instant?
    package internal(set) var revoked: Answer?
    package internal(set) var closed: Answer?
    package internal(set) var report: String?

    /// The first moment at which nothing can be read any more, once it is open.
    package var endsAt: Instant? { openedAt?.adding(seconds: Int64(hours) * 3_600) }

    package func state(at now: Instant) -> State {
        if closed != nil { return .closed }
        if revoked != nil { return .revoked }
        if refused != nil { return .refused }
        if let endsAt { return now < endsAt ? .open : .over }
        if now >= requested.at.adding(seconds: Self.waitHours * 3_600) { return .lapsed }
        return approved != nil && (bar != nil || approvedByOrg != nil) ? .approved : .requested
    }

    /// Whether the org may know of it.
    package func isTold(at now: Instant) -> Bool { bar.map { $0.until <= now } ?? true }
}

// MARK: - Its steps

extension BreakGlassGrant {
    /// One of the operator's people, who did not ask for it, approves.
    mutating func approve(by user: RecordID, at now: Instant) throws {
        try require(.requested, at: now)
        guard user != requested.by else {
            throw RecordError(
                .insufficientAccess,
                "who asks for a grant does not approve it: another person does"
            )
        }
        approved = approved ?? Answer(by: user, at: now)
    }

    mutating func approveByOrg(_ user: RecordID, at now: Instant) throws {
        try require(.requested, at: now)
        approvedByOrg = approvedByOrg ?? Answer(by: user, at: now)
    }

    mutating func refuse(by user: RecordID, at now: Instant) throws {
        guard [.requested, .approved].contains(state(at: now)) else { throw wrongState(at: now) }
        refused = Answer(by: user, at: now)
    }

    /// The org ends what is open, or takes its approval back.
    mutating func revoke(by user: RecordID, at now: Instant) throws {
        guard [.requested, .approved, .open].contains(state(at: now)) else {
            throw wrongState(at: now)
        }
        revoked = Answer(by: user, at: now)
    }

    /// The hours begin.
    mutating func open(by user: RecordID, at now: Instant) throws {
        try requireRequester(user)
        try require(.approved, at: now)
        openedAt = now
    }

    /// What was read and found is reported, which ends it.
    mutating func close(by user: RecordID, report text: String, at now: Instant) throws {
        try requireRequester(user)
        guard openedAt != nil, closed == nil else { throw wrongState(at: now) }
        report = text
        closed = Answer(by: user, at: now)
    }

    /// - Throws: `RecordError` for everybody but who asked, and whenever it is not open.
    func requireOpen(to user: RecordID, at now: Instant) throws {
        try requireRequester(user)
        try require(.open, at: now)
    }

    private func requireRequester(_ user: RecordID) throws {
        guard user == requested.by else {
            throw RecordError(.insufficientAccess, "the grant \(id) is another person's")
        }
    }

    private func require(_ wanted: State, at now: Instant) throws {
        guard state(at: now) == wanted else { throw wrongState(at: now) }
    }

    private func wrongState(at now: Instant) -> RecordError {
        RecordError(.invalidOperation, "the grant \(id) is \(state(at: now).rawValue)")
    }
}
