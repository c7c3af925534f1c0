import Metadata

/// A record before and after a save.
struct RecordChange: Sendable {
    /// `nil` where it is new.
    let before: StoredRecord?
    let after: StoredRecord

    /// How long ago a record may have been created and still be new, in milliseconds.
    private static let newMaxMilliseconds: Int64 = 3_600_000

    /// Whether the record is not new but was brought in with its history: created earlier, by its own
    /// account, than it is saved for the first time.
    ///
    /// It is answered nowhere and waits for nobody.
    func isBroughtIn(_ object: ObjectDefinition, at now: Instant) -> Bool {
        guard before == nil, let field = object.field("CreatedDate"),
            let created = after[field].moment
        else { return false }
        return now.milliseconds - created.milliseconds > RecordChange.newMaxMilliseconds
    }
}

extension SaveBatch.Entry {
    /// What the save makes of the record; `nil` before that is known.
    var change: RecordChange? {
        next.map { RecordChange(before: stored, after: $0) }
    }
}
