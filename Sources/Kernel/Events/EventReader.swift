import Metadata
import UseMeter

// Reading events, as far as the caller may read what they tell of.
extension RecordReader {
    /// The position from which a subscriber of a channel begins.
    ///
    /// - Throws: `RecordError` where the channel does not exist for the caller, or the replay id is
    ///   of an entry that is not there any more or not yet.
    package func position(_ start: ReplayPosition, on channel: EventChannel) throws -> Int64 {
        try require(channel)
        let range = try tx.outboxRange()
        switch start {
        case .latest: return range?.upperBound ?? 0
        case .earliest: return (range?.lowerBound ?? 1) - 1
        case .after(let replayID):
            let kept = ((range?.lowerBound ?? 1) - 1)...(range?.upperBound ?? 0)
            guard kept.contains(replayID) else {
                throw RecordError(
                    .invalidInput,
                    "The replayId {\(replayID)} you provided was invalid. Please provide a valid "
                        + "ID, -2 to replay all events, or -1 to replay only new events."
                )
            }
            return replayID
        }
    }

    /// Events of a channel behind a position, as the caller may see them.
    ///
    /// What the caller may not read is left out: of an event the fields, and the event as a whole
    /// where the object or the record is not the caller's to read. That is asked when it is read, not
    /// when it happened.
    package func events(
        on channel: EventChannel,
        after position: Int64,
        limit: Int
    ) throws -> EventPage {
        try require(channel)
        var events: [PublishedEvent] = []
        var reached = position
        var scanned = 0
        let stretch = min(max(1, limit), Limits.eventsPerBatchMax)
        while events.count < limit, scanned < Limits.eventsScannedMax {
            let entries = try tx.outbox(after: reached, limit: stretch)
            guard let last = entries.last else { break }
            let taken = entries.filter { channel.takes($0.entry) }
            events += try published(taken)
            reached = last.replayID
            scanned += entries.count
        }
        let end = try tx.outboxRange()?.upperBound ?? 0
        return EventPage(events: events, position: reached, hasMore: reached < end)
    }

    private func require(_ channel: EventChannel) throws {
        let isThere: Bool
        switch channel {
        case .allChanges:
            isThere = schema.objects.contains { $0.traits.hasChangeEvents && access.mayRead($0) }
        case .changes(let name):
            isThere =
                schema.object(name).map { $0.traits.hasChangeEvents && access.mayRead($0) }
                ?? false
        case .platformEvent(let name):
            isThere = schema.object(name).map { $0.isEvent && access.mayRead($0) } ?? false
        }
        guard isThere else {
            throw RecordError(.notFound, "there is no such channel, or it is not open to you")
        }
    }

    private func published(_ entries: [StagedEntry]) throws -> [PublishedEvent] {
        let visible = try visibleRecords(entries)
        let published: [PublishedEvent] = entries.compactMap { staged in
            guard let object = schema.object(staged.entry.object), access.mayRead(object),
                restriction(on: .read, of: object) == nil
            else { return nil }
            let payload = JSONObject(storedText: staged.entry.payload)
            let shown: JSONObject
            switch staged.entry.kind {
            case .platformEvent: shown = readable(payload, of: object)
            case .change:
                // What is staged for a webhook alone is nobody else's.
                guard object.traits.hasChangeEvents, let record = staged.entry.record,
                    visible.contains(record)
                else { return nil }
                shown = change(staged, record, payload, object)
            }
            return PublishedEvent(
                replayID: staged.replayID,
                object: object.name,
                committedAt: staged.committedAt,
                payload: shown
            )
        }
        for (name, events) in Dictionary(grouping: published, by: \.object) {
            guard surface != nil, let object = schema.object(name) else { continue }
            let subject = snapshot.useSubjects.object(object)
            count(.read, of: subject, records: events.count, by: .stream)
        }
        return published
    }

    /// The records among those that were changed which the caller may read, wherever they are now.
    private func visibleRecords(_ entries: [StagedEntry]) throws -> Set<RecordID> {
        var visible: Set<RecordID> = []
        let changes = entries.filter { $0.entry.kind == .change }
        for (name, staged) in Dictionary(grouping: changes, by: \.entry.object) {
            guard let object = schema.object(name), access.mayRead(object) else { continue }
            let ids = Array(Set(staged.compactMap(\.entry.record)))
            if access.isSystem || access.viewsAll(object) {
                visible.formUnion(ids)
                continue
            }
            let rows = authorizer.rows(of: object, for: .read)
            visible.formUnion(try tx.visible(ids, of: object, under: rows))
            // Whoever owned a record hears that it was deleted.
            guard let deleted = object.field("IsDeleted"), let owner = object.ownerField else {
                continue
            }
            for record in try tx.load(object, ids.filter { !visible.contains($0) }) {
                if record[deleted] == .boolean(true),
                    record[owner].id.map(access.owners.contains) ?? false
                {
                    visible.insert(record.id)
                }
            }
        }
        return visible
    }

    private func readable(_ values: JSONObject, of object: ObjectDefinition) -> JSONObject {
        JSONObject(
            values.members.filter { member in
                object.field(APIName(member.name)).map { access.mayRead($0, of: object) } ?? false
            }
        )
    }

    /// A change in the shape in which it is published.
    private func change(
        _ staged: StagedEntry,
        _ record: RecordID,
        _ payload: JSONObject,
        _ object: ObjectDefinition
    ) -> JSONObject {
        func names(_ key: String) -> JSONValue {
            .array(
                (payload[key]?.array ?? []).filter { name in
                    name.string.flatMap { object.field(APIName($0)) }
                        .map { access.mayRead($0, of: object) } ?? false
                }
            )
        }
        let header: JSONObject = [
            "entityName": .string(object.name.text),
            "recordIds": .array([.string(record.description)]),
            "changeType": payload["type"] ?? .string(ChangeEvent.ChangeType.update.rawValue),
            "changeOrigin": payload["origin"] ?? "",
            "transactionKey": payload["transaction"] ?? "",
            "sequenceNumber": payload["sequence"] ?? 1,
            "commitTimestamp": .number(JSONNumber(staged.committedAt.milliseconds)),
            "commitNumber": .number(JSONNumber(staged.replayID)),
            "commitUser": payload["user"] ?? "",
            "nulledFields": names("nulled"),
            "diffFields": .array([]),
            "changedFields": names("changed"),
        ]
        let values = readable(payload["values"]?.object ?? JSONObject(), of: object)
        return JSONObject(
            [JSONObject.Member(name: "ChangeEventHeader", value: .object(header))]
                + values.members
        )
    }
}
