package import Metadata

/// What a caller knows of a record and would have unchanged before they change or delete it.
package struct EditConditions: Sendable, Hashable {
    /// Refuse records that were changed after this moment.
    package var unmodifiedSince: Instant?
    /// Refuse records that were not changed after this moment.
    package var modifiedSince: Instant?
    /// Refuse records whose state is none of these.
    package var states: [RecordState]?

    package init(
        unmodifiedSince: Instant? = nil,
        modifiedSince: Instant? = nil,
        states: [RecordState]? = nil
    ) {
        self.unmodifiedSince = unmodifiedSince
        self.modifiedSince = modifiedSince
        self.states = states
    }

    var areNone: Bool { unmodifiedSince == nil && modifiedSince == nil && states == nil }

    /// Why a stored record is not as the caller would have it; `nil` where it is.
    func refusal(of stored: StoredRecord, _ object: ObjectDefinition) -> RecordError? {
        guard !areNone else { return nil }
        var isRefused = false
        if let field = object.field("LastModifiedDate"), case .dateTime(let moment) = stored[field]
        {
            // HTTP's dates have whole seconds.
            let second = moment.milliseconds / 1_000
            isRefused =
                unmodifiedSince.map { second > $0.milliseconds / 1_000 } ?? false
                || modifiedSince.map { second <= $0.milliseconds / 1_000 } ?? false
        }
        if let states {
            let present = RecordState(of: stored, object)
            isRefused = isRefused || !(present.map(states.contains) ?? false)
        }
        guard isRefused else { return nil }
        return RecordError(
            .entityFailedIfLastModifiedOnUpdate,
            "Entity was changed since; read it again before you change it"
        )
    }
}

/// One state of one record: it differs from every state before and after.
package struct RecordState: Sendable, Hashable {
    package let id: RecordID
    /// `SystemModstamp`, which every save moves on.
    package let stamp: Instant

    package init(id: RecordID, stamp: Instant) {
        self.id = id
        self.stamp = stamp
    }

    init?(of stored: StoredRecord, _ object: ObjectDefinition) {
        guard let field = object.field("SystemModstamp"), case .dateTime(let stamp) = stored[field]
        else { return nil }
        self.init(id: stored.id, stamp: stamp)
    }
}
