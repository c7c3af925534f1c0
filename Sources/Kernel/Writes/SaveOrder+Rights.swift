import Metadata

// What the caller may do: with the object, its fields, and each record.
extension SaveOrder {
    func authorizeObject(_ batch: inout SaveBatch) {
        let mayCreate = access.mayCreate(object)
        let mayEdit = access.mayEdit(object)
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard entry.isCreated ? mayCreate : mayEdit else {
                let verb = entry.isCreated ? "create" : "edit"
                batch.fail(
                    index,
                    .cannotInsertUpdateActivateEntity,
                    "entity type \(object.name) does not allow you to \(verb) records"
                )
                continue
            }
        }
    }

    /// What a use restriction withholds, whoever asks; rows that the platform keeps for itself follow
    /// from what was allowed.
    func restrict(_ batch: inout SaveBatch) {
        if writer.snapshot.restrictions.all.isEmpty || options.isOwn { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            let operation: UseRestriction.Operation = entry.isCreated ? .create : .edit
            if let restriction = writer.restriction(on: operation, of: object) {
                batch.entries[index].errors.append(RecordError(restriction))
                continue
            }
            if entry.isCreated,
                let (restriction, _) = writer.snapshot.restrictions.exhausted(
                    .create,
                    in: writer.caller.org,
                    at: writer.now
                )
            {
                batch.entries[index].errors.append(RecordError(restriction))
                continue
            }
            for field in entry.input.keys.sorted().map({ object.fields[$0] }) {
                let use = RestrictedUse.field(object: object.name, field: field.name)
                guard let restriction = writer.restriction(on: use) else { continue }
                batch.entries[index].errors.append(RecordError(restriction, fields: [field.name]))
            }
        }
    }

    func authorizeFields(_ batch: inout SaveBatch) {
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            let refused = entry.input.keys.sorted().map { object.fields[$0] }
                .filter { !access.mayEdit($0, of: object) }
            refuse(refused, index, &batch)
        }
    }

    /// What only a new record takes keeps its value; asked only where the caller may know the value.
    func refuseFixedFields(_ batch: inout SaveBatch) {
        if access.isSystem { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard let stored = entry.stored else { continue }
            let refused = entry.input.keys.sorted().map { object.fields[$0] }
                .filter { $0.writing == .onCreate && stored[$0] != entry.input[$0.index] }
            refuse(refused, index, &batch)
        }
    }

    private func refuse(_ fields: [FieldDefinition], _ index: Int, _ batch: inout SaveBatch) {
        guard !fields.isEmpty else { return }
        batch.fail(
            index,
            .invalidFieldForInsertUpdate,
            "Unable to create/update fields: \(fields.map(\.name.text).joined(separator: ", ")). "
                + "Please check the security settings of this field and verify that it is "
                + "read/write for your profile or permission set.",
            fields.map(\.name)
        )
    }

    func authorizeRows(_ batch: inout SaveBatch) throws {
        let ids = batch.sound.compactMap { $0.stored?.id }
        guard !ids.isEmpty else { return }
        let readable = try tx.visible(
            ids,
            of: object,
            under: writer.authorizer.rows(of: object, for: .read)
        )
        let editable = try tx.visible(
            ids,
            of: object,
            under: writer.authorizer.rows(of: object, for: .edit)
        )
        let transferable = try tx.visible(
            ids,
            of: object,
            under: writer.authorizer.rows(of: object, for: .delete)
        )
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let stored = batch.entries[index].stored else { continue }
            let id = stored.id
            if writer.isDeleted(stored, object), writer.isOwn(deleted: stored, object) {
                batch.fail(index, .entityIsDeleted, "entity is deleted")
            } else if !readable.contains(id) {
                batch.fail(index, .invalidCrossReferenceKey, "invalid cross reference id")
            } else if !editable.contains(id) {
                batch.fail(
                    index,
                    .insufficientAccessOrReadonly,
                    "insufficient access rights on object id"
                )
            } else if !transferable.contains(id), isTransferred(batch.entries[index], stored) {
                // Whoever could take a record could then delete it.
                batch.fail(
                    index,
                    .insufficientAccessOrReadonly,
                    "only its owner and those above may give a record to another owner",
                    ["OwnerId"]
                )
            }
        }
    }

    private func isTransferred(_ entry: SaveBatch.Entry, _ stored: StoredRecord) -> Bool {
        guard let owner = object.ownerField, let given = entry.input[owner.index] else {
            return false
        }
        return given != stored[owner]
    }

    func refuseIfModified(_ batch: inout SaveBatch) {
        if options.conditions.areNone { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let stored = batch.entries[index].stored,
                let refusal = options.conditions.refusal(of: stored, object)
            else { continue }
            batch.entries[index].errors.append(refusal)
        }
    }
}
