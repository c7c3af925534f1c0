import Metadata

/// A record before and after a save.
struct RecordChange: Sendable {
    /// `nil` where it is new.
    let before: StoredRecord?
    let after: StoredRecord
}

extension SaveBatch.Entry {
    /// What the save makes of the record; `nil` before that is known.
    var change: RecordChange? {
        next.map { RecordChange(before: stored, after: $0) }
    }
}
