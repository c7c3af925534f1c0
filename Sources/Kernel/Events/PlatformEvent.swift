import Metadata

// Publishing platform events, which are created like records and never stored as such.
extension SaveOrder {
    /// Puts events into the outbox: with this transaction, or whatever becomes of it.
    func publish(_ batch: inout SaveBatch) throws {
        for entry in batch.entries where entry.isSound {
            guard let next = entry.next else { continue }
            let staged = OutboxEntry(
                kind: .platformEvent,
                object: object.name,
                record: next.id,
                payload: payload(next)
            )
            switch object.traits.event {
            case .immediately: writer.told.tellImmediately(staged)
            case .afterCommit, nil:
                let replayID = try writer.stage(staged)
                try writer.enqueueWebhooks(
                    object,
                    "PUBLISH",
                    next,
                    changed: [],
                    replayID: replayID
                )
            }
        }
    }

    private func payload(_ record: StoredRecord) -> String {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        for field in object.fields {
            if case .id = field.type { continue }
            writer.key(field.name.text)
            writer.told(record[field])
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
