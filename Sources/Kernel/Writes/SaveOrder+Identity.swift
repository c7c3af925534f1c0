import Metadata

// Which record each draft is about, and how it is stored now.
extension SaveOrder {
    func identify(_ batch: inout SaveBatch) throws {
        switch operation {
        case .create: return
        case .update:
            for index in batch.entries.indices { identify(index, &batch) }
        case .upsert(let name):
            try identify(&batch, by: name)
        }
        refuseRepeated(&batch)
    }

    private func identify(_ index: Int, _ batch: inout SaveBatch) {
        guard let text = batch.entries[index].draft.id, !text.isEmpty else {
            batch.fail(index, .missingArgument, "Id not specified in an update call")
            return
        }
        guard let id = try? RecordID(text) else {
            batch.fail(index, .malformedID, "malformed id \(text.prefix(80))", ["Id"])
            return
        }
        guard id.prefix == object.keyPrefix else {
            batch.fail(
                index,
                .malformedID,
                "Record ID: id value of incorrect type: \(text.prefix(80))",
                ["Id"]
            )
            return
        }
        batch.entries[index].id = id
    }

    private func identify(_ batch: inout SaveBatch, by name: String) throws {
        guard let field = object.field(APIName(name)), access.mayRead(field, of: object),
            field.isIDLookup
        else {
            throw RecordError(
                .notFound,
                "Provided external ID field does not exist or is not accessible: \(name.prefix(80))"
            )
        }
        if case .id = field.type {
            for index in batch.entries.indices where batch.entries[index].draft.id?.isEmpty == false
            {
                identify(index, &batch)
            }
            return
        }
        for index in batch.entries.indices where batch.entries[index].isSound {
            try identify(index, &batch, by: field)
        }
    }

    private func identify(
        _ index: Int,
        _ batch: inout SaveBatch,
        by field: FieldDefinition
    ) throws {
        guard let value = batch.entries[index].input[field.index], !value.isNull else {
            batch.fail(
                index,
                .missingArgument,
                "\(field.name) not specified",
                [field.name]
            )
            return
        }
        var found = try tx.find(object, by: field, [value]).map(\.id)
        if found.count > 1 { found = try writer.visible(found, of: object) }
        if found.count > 1 {
            batch.fail(
                index,
                .duplicateExternalID,
                "\(field.name): more than one record found for external id field: "
                    + found.prefix(5).map(\.description).joined(separator: ", "),
                [field.name]
            )
        }
        batch.entries[index].id = found.first
        if found.isEmpty && options.updateOnly {
            batch.fail(index, .notFound, "The requested resource does not exist")
        }
    }

    /// One save cannot change a record twice, nor create two with one external id.
    private func refuseRepeated(_ batch: inout SaveBatch) {
        var ids: Set<RecordID> = []
        var keys: Set<FieldValue> = []
        let key: FieldDefinition? =
            if case .upsert(let name) = operation { object.field(APIName(name)) } else { nil }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            if let id = entry.id, !ids.insert(id).inserted {
                batch.fail(index, .duplicateValue, "duplicate id in list: \(id)", ["Id"])
            } else if entry.id == nil, let key, let value = entry.input[key.index],
                !keys.insert(FieldMatching.folded(value, of: key)).inserted
            {
                batch.fail(
                    index,
                    .duplicateExternalID,
                    "a user-specified foreign key external ID, \(value.text ?? ""), matched multiple "
                        + "entities in this call",
                    [key.name]
                )
            }
        }
    }

    func loadStored(_ batch: inout SaveBatch) throws {
        let ids = batch.sound.compactMap(\.id)
        guard !ids.isEmpty else { return }
        let stored = Dictionary(
            try tx.load(object, ids).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let id = batch.entries[index].id else { continue }
            guard let record = stored[id] else {
                batch.fail(index, .invalidCrossReferenceKey, "invalid cross reference id")
                continue
            }
            batch.entries[index].stored = record
        }
    }
}
