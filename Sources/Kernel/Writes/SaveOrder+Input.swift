import Language
import Metadata

// What was sent: names, values, and parents named by an external id.
extension SaveOrder {
    func decode(_ batch: inout SaveBatch) {
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

    func findParents(_ batch: inout SaveBatch) throws {
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
