package import Metadata

/// Values that clients hand to flows.
struct FlowInput {
    let writer: RecordWriter
    let name: String

    func value(_ json: JSONValue, _ type: FlowType) throws -> FlowValue {
        switch type {
        case .collection(let item):
            if json.isNull { return .collection([]) }
            guard let items = json.array, items.count <= FlowLimits.collectionMax else {
                throw mismatch(type)
            }
            return .collection(try items.map { try value($0, item) })
        case .record(let object): return .record(try record(json, object))
        case .text, .number, .boolean, .date, .dateTime, .time, .id, .picklist, .multipicklist,
            .coordinate:
            if json.isNull { return .empty(type) }
            let text: String? =
                switch json {
                case .string(let text): text
                case .number(let number): number.literal
                case .bool(let value): value ? "true" : "false"
                case .array, .object, .null: nil
                }
            guard let text, let value = FlowConversion.value(of: text, as: type) else {
                throw mismatch(type)
            }
            return .value(value)
        }
    }

    private func record(_ json: JSONValue, _ name: APIName) throws -> FlowRecord? {
        if json.isNull { return nil }
        guard let object = writer.schema.object(name), writer.access.mayRead(object),
            let members = json.object?.members
        else { throw mismatch(.record(name)) }
        var record = FlowRecord(object: object)
        for member in members where member.name != "attributes" {
            guard let field = object.field(APIName(member.name)),
                writer.access.mayRead(field, of: object)
            else {
                throw RecordError(
                    .invalidField,
                    "No such column '\(member.name.prefix(80))' on sobject of type \(object.name)",
                    fields: [APIName(member.name)]
                )
            }
            if case .id = field.type {
                record.id = try member.value.string.map { text in
                    guard let id = try? RecordID(text), id.prefix == object.keyPrefix else {
                        throw RecordError(.malformedID, "malformed id \(text.prefix(80))")
                    }
                    return id
                }
                continue
            }
            record.values[field.index] = try InputDecoding(field: field, secrets: writer.secrets)
                .value(member.value)
            record.changed.insert(field.index)
        }
        return record
    }

    private func mismatch(_ type: FlowType) -> RecordError {
        RecordError(.invalidInput, "the input `\(name)` takes \(type.name)")
    }
}

extension FlowValue {
    /// As clients read it.
    package var json: JSONValue {
        switch self {
        case .value(let value): return FlowConversion.json(value)
        case .collection(let items): return .array(items.map(\.json))
        case .record(nil): return .null
        case .record(let record?):
            var object = JSONObject()
            if let id = record.id {
                object.members.append(JSONObject.Member(name: "Id", value: .string("\(id)")))
            }
            for field in record.object.fields {
                if case .id = field.type { continue }
                guard let value = record.values[field.index] else { continue }
                object.members.append(
                    JSONObject.Member(name: field.name.text, value: FlowConversion.json(value))
                )
            }
            return .object(object)
        }
    }
}
