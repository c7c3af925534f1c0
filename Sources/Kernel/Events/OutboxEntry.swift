package import Metadata

/// Something that happened, to be told once the transaction in which it happened is on disk.
package struct OutboxEntry: Sendable, Hashable {
    /// What it tells of.
    ///
    /// The texts are stored.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A record was created, changed, deleted or brought back.
        case change
        /// A declared event (`__e`) was published.
        case platformEvent = "event"
    }

    package let kind: Kind
    /// The object whose record it was, or the platform event's own.
    package let object: APIName
    package let record: RecordID?
    /// JSON; what it says is the kind's affair.
    package let payload: String

    package init(kind: Kind, object: APIName, record: RecordID?, payload: String) {
        self.kind = kind
        self.object = object
        self.record = record
        self.payload = payload
    }
}

/// An outbox entry with its place.
package struct StagedEntry: Sendable, Hashable {
    /// Grows by one with each entry of the org, in the order of commits.
    package let replayID: Int64
    package let committedAt: Instant
    package let entry: OutboxEntry

    package init(replayID: Int64, committedAt: Instant, entry: OutboxEntry) {
        self.replayID = replayID
        self.committedAt = committedAt
        self.entry = entry
    }
}

/// What a store lets one read of an org's outbox.
package protocol OutboxReading {
    /// Entries behind a replay id, in order.
    func outbox(after replayID: Int64, limit: Int) throws -> [StagedEntry]

    /// The replay ids of the first and the last entry that are kept.
    func outboxRange() throws -> ClosedRange<Int64>?
}

/// What a store lets one write of an org's outbox.
package protocol OutboxWriting {
    /// Adds an entry; its replay id is one more than that of the entry committed before it.
    @discardableResult
    func stage(_ entry: OutboxEntry, at moment: Instant) throws -> Int64

    /// Removes at most so many of the oldest entries, of before a moment. The very last entry stays,
    /// so that its number is not given again.
    ///
    /// - Returns: how many are gone.
    @discardableResult
    func purgeOutbox(before moment: Instant, limit: Int) throws -> Int
}
