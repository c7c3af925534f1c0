package import Metadata

/// What happened to one record, as the outbox keeps it and as it is published.
///
/// The values are those of the fields that have changed (of a new record, all that are filled).
/// Encrypted texts and files are never among them.
package enum ChangeEvent {
    package enum ChangeType: String, Sendable, CaseIterable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case undelete = "UNDELETE"
    }

    /// The names under which the payload keeps what is not in columns of its own.
    enum Key {
        static let type = JSONKey("type")
        static let user = JSONKey("user")
        static let origin = JSONKey("origin")
        static let transaction = JSONKey("transaction")
        static let sequence = JSONKey("sequence")
        static let changed = JSONKey("changed")
        static let nulled = JSONKey("nulled")
        static let values = JSONKey("values")
    }

    /// The fields of which subscribers hear, where they have changed.
    static func isTold(_ field: FieldDefinition) -> Bool {
        guard field.isStored, field.name != "SystemModstamp", field.name != "IsDeleted" else {
            return false
        }
        switch field.type {
        case .id, .encryptedText, .file: return false
        case .text, .longTextArea, .html, .email, .phone, .url, .checkbox, .number, .currency,
            .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .autoNumber, .address, .location, .coordinate, .formula, .summary:
            return true
        }
    }

    static func payload(
        _ object: ObjectDefinition,
        _ type: ChangeType,
        changed: [FieldDefinition],
        after: StoredRecord,
        caller: Caller,
        transaction: String,
        sequence: Int
    ) -> String {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.key(Key.type)
        writer.string(type.rawValue)
        writer.key(Key.user)
        writer.string(caller.user.description)
        if case .system(let reason) = caller.mode {
            writer.key(Key.origin)
            writer.string(reason)
        }
        writer.key(Key.transaction)
        writer.string(transaction)
        writer.key(Key.sequence)
        writer.int(sequence)
        if type != .delete { fields(type, changed, after, to: &writer) }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The fields of which subscribers hear: those that differ, and all that are filled of a record
    /// that is new or brought back.
    static func changed(
        _ object: ObjectDefinition,
        _ type: ChangeType,
        before: StoredRecord?,
        after: StoredRecord
    ) -> [FieldDefinition] {
        let known = type == .update ? before : nil
        return object.fields.filter { field in
            let isDifferent = known.map { $0[field] != after[field] } ?? !after[field].isNull
            return isDifferent && isTold(field)
        }
    }

    private static func fields(
        _ type: ChangeType,
        _ changed: [FieldDefinition],
        _ after: StoredRecord,
        to writer: inout JSONWriter
    ) {
        if type == .update {
            writer.key(Key.changed)
            writer.beginArray()
            for field in changed { writer.string(field.name.text) }
            writer.endArray()
            let nulled = changed.filter { after[$0].isNull }
            if !nulled.isEmpty {
                writer.key(Key.nulled)
                writer.beginArray()
                for field in nulled { writer.string(field.name.text) }
                writer.endArray()
            }
        }
        writer.key(Key.values)
        writer.beginObject()
        for field in changed {
            writer.key(field.name.text)
            writer.told(after[field])
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// A value in the form in which the APIs show it.
    package mutating func told(_ value: FieldValue) {
        switch value {
        case .null, .blob: null()
        case .text(let text): string(text)
        case .boolean(let bool): self.bool(bool)
        case .number(let number): decimal(number.unscaled, scale: number.scale)
        case .date(let days): date(daysSinceEpoch: days)
        case .dateTime(let moment):
            datetime(millisecondsSinceEpoch: moment.milliseconds, zone: .zulu)
        case .time(let milliseconds): time(millisecondsOfDay: milliseconds)
        case .id(let id): string(id.description)
        case .coordinate(let degrees): double(degrees)
        }
    }
}

/// What is told of one transaction: which its events are, in which order, and which of them are told
/// even if it is undone.
///
/// A reference, since all writers of a transaction share it. Used by one thread at a time, within the
/// transaction and after it.
final class TransactionTelling: Sendable {
    private struct State {
        var key: String?
        var sequence = 0
        var immediate: [OutboxEntry] = []
    }

    private let state = Locked(State())
    let memory = TransactionMemory()
    let uses = UseTally()

    /// The transaction's key, and the number of its next event from 1 on.
    func next() -> (key: String, sequence: Int) {
        state.withLock { state in
            state.sequence += 1
            let key = state.key ?? Base64URL.encode(RandomBytes.make(16))
            state.key = key
            return (key, state.sequence)
        }
    }

    func tellImmediately(_ entry: OutboxEntry) {
        state.withLock { $0.immediate.append(entry) }
    }

    func takeImmediate() -> [OutboxEntry] {
        state.withLock { state in
            defer { state.immediate = [] }
            return state.immediate
        }
    }
}

extension SaveOrder {
    /// Puts what has become of the records into the outbox, where somebody is to hear of it.
    func stageChangeEvents(_ batch: inout SaveBatch) throws {
        guard writer.tells(object) else { return }
        for entry in batch.entries where entry.isSound {
            guard let next = entry.next else { continue }
            try writer.stageChange(
                of: object,
                entry.isCreated ? .create : .update,
                before: entry.stored,
                after: next
            )
        }
    }
}

extension RecordWriter {
    /// Whether anybody is told of changes of the object's records.
    func tells(_ object: ObjectDefinition) -> Bool {
        object.traits.hasChangeEvents
            || schema.automation.webhooks.contains { $0.object == object.name }
    }

    /// Stages what happened to a record.
    ///
    /// Whoever writes records beside the save order calls it.
    func stageChange(
        of object: ObjectDefinition,
        _ type: ChangeEvent.ChangeType,
        before: StoredRecord?,
        after: StoredRecord
    ) throws {
        guard tells(object) else { return }
        let (key, sequence) = told.next()
        let changed = ChangeEvent.changed(object, type, before: before, after: after)
        let payload = ChangeEvent.payload(
            object,
            type,
            changed: changed,
            after: after,
            caller: caller,
            transaction: key,
            sequence: sequence
        )
        let replayID = try stage(
            OutboxEntry(kind: .change, object: object.name, record: after.id, payload: payload)
        )
        try enqueueWebhooks(
            object,
            type.rawValue,
            after,
            changed: changed,
            replayID: replayID
        )
    }
}
