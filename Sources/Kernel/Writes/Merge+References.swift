import Metadata

// Every reference to a merged record becomes one to the master.
extension Merge {
    /// One lookup of one record that points to a merged one.
    private struct Pointer {
        let record: StoredRecord
        let parent: RecordID
    }

    /// Follows the schema, not a list: whatever object refers to the merged ones, by whatever field.
    func moveReferences() throws {
        for relationship in writer.schema.childRelationships(of: object.name)
        where relationship.child.historyOf == nil
            && relationship.child.sharing.sharedObject == nil
            && relationship.field.name != "MasterRecordId"
        {
            try move(relationship.child, relationship.field)
        }
    }

    private func move(_ child: ObjectDefinition, _ field: FieldDefinition) throws {
        let pointers = try pointers(child, field)
        guard !pointers.isEmpty else { return }
        var live = pointers.filter { !writer.isDeleted($0.record, child) }
        if child.name == object.name {
            // A record that points to what it becomes would point to itself.
            let own = live.filter { $0.record.id == master.id }
            live.removeAll { $0.record.id == master.id }
            try set(own, child, field, to: nil)
        }
        live = try withoutTwins(live, child, field)
        try set(live, child, field, to: master.id)
        // What is in the recycle bin is found there as before, with another parent.
        for pointer in pointers where writer.isDeleted(pointer.record, child) {
            note(pointer, field, to: master.id)
            try writer.setLookup(field, of: child, [pointer.record.id], to: master.id)
        }
    }

    private func pointers(_ child: ObjectDefinition, _ field: FieldDefinition) throws -> [Pointer] {
        let goners = Set(merged.map(\.id))
        let list = goners.sorted().map { "'\($0)'" }.joined(separator: ", ")
        let room = Limits.mergeMovesMax - journal.moves.count
        let ids = try SystemQuestions(org: writer.caller.org, schema: writer.schema, tx: writer.tx)
            .rows(
                "SELECT Id FROM \(child.name) WHERE \(field.name) IN (\(list)) "
                    + "ORDER BY Id LIMIT \(room + 1) ALL ROWS"
            )
            .compactMap { $0.first?.id }
        guard ids.count <= room else {
            throw RecordError(
                .mergeFailed,
                "more than \(Limits.mergeMovesMax) records refer to those that would be merged"
            )
        }
        var found: [Pointer] = []
        for start in stride(from: 0, to: ids.count, by: 1_000) {
            let some = Array(ids[start..<min(start + 1_000, ids.count)])
            for record in try writer.tx.load(child, some) where !goners.contains(record.id) {
                guard let parent = record[field].id else { continue }
                found.append(Pointer(record: record, parent: parent))
            }
        }
        return found
    }

    /// Through the pipeline, so that what follows from a change follows; who changed the record last,
    /// and when, stays as it was.
    private func set(
        _ pointers: [Pointer],
        _ child: ObjectDefinition,
        _ field: FieldDefinition,
        to parent: RecordID?
    ) throws {
        var options = SaveOptions()
        options.duplicates.isOff = true
        options.movesReferences = true
        try save(
            pointers.map { pointer in
                let values: [JSONObject.Member] = [
                    .init(
                        name: field.name.text,
                        value: parent.map { .string($0.description) } ?? .null
                    )
                ]
                return RecordDraft(
                    object: child.name.text,
                    id: pointer.record.id.description,
                    values: JSONObject(values + ReferenceStamps.kept(of: pointer.record, child))
                )
            },
            by: system,
            options
        )
        for pointer in pointers where pointer.record.id != master.id {
            note(pointer, field, to: parent)
        }
    }

    private func note(_ pointer: Pointer, _ field: FieldDefinition, to parent: RecordID?) {
        journal.moves.append(
            .init(
                record: pointer.record.id,
                field: field.name,
                before: .string(pointer.parent.description),
                after: parent.map { .string($0.description) } ?? .null
            )
        )
    }
}

/// Who changed a record last, and when: a change of its lookups by the platform does not count.
enum ReferenceStamps {
    static func kept(of record: StoredRecord, _ object: ObjectDefinition) -> [JSONObject.Member] {
        ["LastModifiedDate", "LastModifiedById"].compactMap { name in
            object.field(name).flatMap { field in
                record[field].isNull
                    ? nil : .init(name: name.text, value: record[field].draftJSON(field))
            }
        }
    }
}

// MARK: - Records that would say the same twice

extension Merge {
    /// Those that can be moved; the others are deleted, since the master has the same already.
    private func withoutTwins(
        _ pointers: [Pointer],
        _ child: ObjectDefinition,
        _ field: FieldDefinition
    ) throws -> [Pointer] {
        guard let key = TwinKey(child, field) else { return pointers }
        let present = try writer.tx.children(
            child,
            by: field,
            of: [master.id],
            limit: Limits.mergeMovesMax
        )
        var seen: Set<[FieldValue]> = []
        for start in stride(from: 0, to: present.count, by: 1_000) {
            let ids = present[start..<min(start + 1_000, present.count)].map(\.id)
            seen.formUnion(try writer.tx.load(child, ids).map { key.value(of: $0, master.id) })
        }
        return try pointers.filter { pointer in
            if seen.insert(key.value(of: pointer.record, master.id)).inserted { return true }
            var tree = DeletedTree()
            try system.take(pointer.record.id, child, into: &tree, depth: 0)
            try writer.writeTransaction.putDocument(
                kind: DeletedTree.documentKind,
                key: pointer.record.id.description,
                text: tree.text
            )
            journal.removed.append(pointer.record.id)
            return false
        }
    }

    /// Lookups among records of the object itself may lead around in a circle now; the master's own
    /// is cleared then.
    func openCircles() throws {
        for relationship in writer.schema.childRelationships(of: object.name)
        where relationship.child.name == object.name && !relationship.field.isSystem {
            let field = relationship.field
            guard var record = try writer.tx.load(object, [master.id]).first else { return }
            var seen: Set<RecordID> = []
            while let next = record[field].id, seen.insert(next).inserted {
                if next == master.id {
                    let changes = try writer.setLookup(field, of: object, [master.id], to: nil)
                    try writer.keepSummaries(of: object, after: changes)
                    break
                }
                guard let found = try writer.tx.load(object, [next]).first else { break }
                record = found
            }
        }
    }
}

/// What tells the records of a junction apart: all that they link, and whatever they must hold.
private struct TwinKey {
    private let fields: [FieldDefinition]
    private let moved: FieldDefinition

    /// `nil` for an object of which one record may have several that look alike.
    init?(_ object: ObjectDefinition, _ moved: FieldDefinition) {
        let links = object.fields.filter { $0.reference != nil && !$0.isSystem && $0.isRequired }
        let isJunction = links.count >= 2 && links.contains { $0.name == moved.name }
        guard isJunction || moved.isUnique else { return nil }
        self.moved = moved
        fields =
            moved.isUnique
            ? [moved]
            : object.fields.filter { field in
                !field.isSystem && field.isStored
                    && (field.reference != nil || field.isRequired && !field.isNameField)
            }
    }

    func value(of record: StoredRecord, _ master: RecordID) -> [FieldValue] {
        fields.map { $0.name == moved.name ? .id(master) : record[$0] }
    }
}
