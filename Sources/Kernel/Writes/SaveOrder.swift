import Language
import Metadata

/// The order in which one save of records of one object happens, top to bottom.
///
/// Every decision about order is in `save`; each step it names is straight-line code. The order
/// follows "Triggers and Order of Execution" in Salesforce's Apex Developer Guide. All of it runs in
/// one store transaction: the rows and what follows from them are kept together or not at all.
struct SaveOrder {
    let writer: RecordWriter
    let object: ObjectDefinition
    let operation: SaveOperation
    let options: SaveOptions

    /// Saves those records that can be; errors stay with their records.
    func save(_ drafts: [(position: Int, draft: RecordDraft)]) throws -> SaveBatch {
        var batch = SaveBatch(
            object: object,
            entries: drafts.map { SaveBatch.Entry(position: $0.position, draft: $0.draft) }
        )
        decode(&batch)
        try findParents(&batch)
        try identify(&batch)
        try loadStored(&batch)
        authorizeObject(&batch)
        authorizeFields(&batch)
        try authorizeRows(&batch)
        refuseFixedFields(&batch)
        refuseIfModified(&batch)

        merge(&batch)
        derive(&batch)
        try validate(&batch)
        if options.allOrNone && batch.entries.contains(where: { !$0.isSound }) { return batch }

        try number(&batch)
        try write(&batch)
        try followUp(batch)
        return batch
    }

    var access: CallerAccess { writer.access }
    var tx: any WriteTransaction { writer.writeTransaction }
}

// MARK: - What was sent

extension SaveOrder {
    private func decode(_ batch: inout SaveBatch) {
        for index in batch.entries.indices {
            for member in batch.entries[index].draft.values.members {
                if member.name == "attributes" { continue }
                decode(member, &batch.entries[index])
            }
        }
    }

    private func decode(_ member: JSONObject.Member, _ entry: inout SaveBatch.Entry) {
        let name = APIName(member.name)
        if case .object(let nested) = member.value, let field = object.parentField(name) {
            decodeParent(field, nested, member.name, &entry)
            return
        }
        guard let field = object.field(name), access.mayRead(field, of: object) else {
            entry.errors.append(
                RecordError(
                    .invalidField,
                    "No such column '\(member.name.prefix(80))' on sobject of type \(object.name)"
                        + Suggestion.phrase(for: member.name, among: visibleNames),
                    fields: [name]
                )
            )
            return
        }
        if case .id = field.type {
            // The key of the record itself: an update may repeat it, a new record cannot choose it.
            if case .create = operation, !member.value.isNull {
                entry.errors.append(
                    RecordError(
                        .invalidField,
                        "The Id field should not be specified in the sobject data.",
                        fields: [field.name]
                    )
                )
            }
            return
        }
        do {
            entry.input[field.index] = try InputDecoding(field: field, secrets: writer.secrets)
                .value(member.value)
        } catch {
            entry.errors.append(error)
        }
    }

    private var visibleNames: [String] {
        object.fields.filter { access.mayRead($0, of: object) }.map(\.name.text)
    }

    /// `"Account": {"Reference__c": "A-1"}`: a parent by its external id.
    private func decodeParent(
        _ field: FieldDefinition,
        _ nested: JSONObject,
        _ name: String,
        _ entry: inout SaveBatch.Entry
    ) {
        let typeName =
            nested[ignoringCase: "attributes"]?[ignoringCase: "type"]?.string
            ?? nested[ignoringCase: "type"]?.string
        let keys = nested.members.filter { !["attributes", "type"].contains($0.name.lowercased()) }
        let targets = field.reference?.targets ?? []
        let target = typeName.map { APIName($0) } ?? (targets.count == 1 ? targets.first : nil)
        guard let target, targets.contains(target),
            let parent = writer.schema.object(target), access.mayRead(parent),
            let member = keys.first, keys.count == 1,
            let key = parent.field(APIName(member.name)), key.isIDLookup,
            access.mayRead(key, of: parent),
            let value = try? InputDecoding(field: key, secrets: writer.secrets).lookupValue(
                member.value
            ),
            !value.isNull
        else {
            entry.errors.append(
                RecordError(
                    .invalidField,
                    "\(name): a parent is named by one external id field of an object it may be",
                    fields: [field.name]
                )
            )
            return
        }
        entry.parents.append(
            SaveBatch.ParentByKey(field: field, object: parent, key: key, value: value)
        )
    }

    private func findParents(_ batch: inout SaveBatch) throws {
        for index in batch.entries.indices {
            for parent in batch.entries[index].parents {
                let found = try tx.find(parent.object, by: parent.key, [parent.value]).map(\.id)
                let seen = try tx.visible(
                    found,
                    of: parent.object,
                    under: writer.authorizer.rows(of: parent.object, for: .read)
                )
                guard let id = seen.first, seen.count == 1 else {
                    batch.fail(
                        index,
                        seen.isEmpty ? .invalidField : .duplicateExternalID,
                        "Foreign key external ID: \(parent.value.text ?? "") "
                            + (seen.isEmpty ? "not found" : "matches more than one record")
                            + " for field \(parent.key.name) in entity \(parent.object.name)",
                        [parent.field.name]
                    )
                    continue
                }
                batch.entries[index].input[parent.field.index] = .id(id)
            }
        }
    }
}

extension InputDecoding {
    /// A value to look a record up by; ids and texts, whatever their case.
    func lookupValue(_ json: JSONValue) throws(RecordError) -> FieldValue {
        if case .id = field.type {
            guard let text = json.string, let id = try? RecordID(text) else { return .null }
            return .id(id)
        }
        if case .autoNumber = field.type { return json.string.map { .text($0) } ?? .null }
        if case .number(let number) = json, FieldValue.isText(field) {
            return .text(number.literal)
        }
        return try value(json)
    }
}

extension FieldValue {
    static func isText(_ field: FieldDefinition) -> Bool {
        if case .text = field.valueType { true } else { false }
    }
}

// MARK: - Which record

extension SaveOrder {
    private func identify(_ batch: inout SaveBatch) throws {
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

    private func loadStored(_ batch: inout SaveBatch) throws {
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

// MARK: - Rights

extension SaveOrder {
    private func authorizeObject(_ batch: inout SaveBatch) {
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

    private func authorizeFields(_ batch: inout SaveBatch) {
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            let refused = entry.input.keys.sorted().map { object.fields[$0] }
                .filter { !access.mayEdit($0, of: object) }
            refuse(refused, index, &batch)
        }
    }

    /// What only a new record takes keeps its value; asked only where the caller may know the value.
    private func refuseFixedFields(_ batch: inout SaveBatch) {
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

    private func authorizeRows(_ batch: inout SaveBatch) throws {
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

    private func refuseIfModified(_ batch: inout SaveBatch) {
        if options.conditions.areNone { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let stored = batch.entries[index].stored,
                let refusal = options.conditions.refusal(of: stored, object)
            else { continue }
            batch.entries[index].errors.append(refusal)
        }
    }
}
