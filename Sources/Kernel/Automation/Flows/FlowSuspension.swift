import Metadata

/// A flow that waits: what it holds, kept in the job that goes on with it.
enum FlowSuspension {
    static func keep(
        _ interview: FlowInterview,
        at position: [Int],
        until due: Instant,
        by run: FlowRun
    ) throws {
        var payload = FlowJobs.payload(
            run.plan.name,
            nil,
            (interview.record?.id).map { [$0] } ?? []
        )
        payload.members.append(
            JSONObject.Member(
                name: "position",
                value: .array(position.map { .number(JSONNumber(Int64($0))) })
            )
        )
        var held = JSONObject()
        for (slot, value) in zip(run.plan.slots, interview.slots) where !value.isNull {
            held.members.append(JSONObject.Member(name: slot.name, value: json(value)))
        }
        payload.members.append(JSONObject.Member(name: "held", value: .object(held)))
        let origin = run.writer.flowWork.origin ?? run.writer
        try origin.enqueue(
            NewJob(kind: FlowJobs.resumeKind, payload: payload, runAfter: due, priority: .high)
        )
    }

    /// The interview as it was, and where it goes on; `$Record` is read anew.
    static func restore(
        _ payload: JSONObject,
        _ plan: FlowPlan,
        by user: RecordWriter
    ) throws -> (interview: FlowInterview, position: [Int]) {
        let position = (payload["position"]?.array ?? []).compactMap { $0.number?.int64 }
            .compactMap { Int(exactly: $0) }
        let id = (payload["ids"]?.array?.first?.string).flatMap { try? RecordID($0) }
        var record: FlowRecord?
        if let id, let object = plan.object {
            record = try FlowLoading.records([id], of: object, plan, by: user).first
            guard record != nil else {
                throw JobFailure.permanent(
                    "the record \(id) is gone, or the user may no longer see it"
                )
            }
        }
        var interview = FlowInterview(
            plan,
            record: record,
            prior: nil,
            isNew: false,
            at: user.now
        )
        let held = payload["held"]?.object ?? JSONObject()
        for (slot, declared) in plan.slots.enumerated() {
            guard let json = held[declared.name] else { continue }
            interview.slots[slot] = value(json, declared.type, user.schema)
        }
        return (interview, position)
    }

    private static func json(_ value: FlowValue) -> JSONValue {
        switch value {
        case .value(let value): return FlowConversion.text(value).map { .string($0) } ?? .null
        case .collection(let items): return .array(items.map(json))
        case .record(nil): return .null
        case .record(let record?):
            var values = JSONObject()
            for field in record.object.fields {
                guard let value = record.values[field.index] else { continue }
                let text = FlowConversion.text(value)
                values.members.append(
                    JSONObject.Member(
                        name: field.name.text,
                        value: text.map { .string($0) } ?? .null
                    )
                )
            }
            let changed = record.object.fields.filter { record.changed.contains($0.index) }
            return .object([
                "id": record.id.map { .string($0.description) } ?? .null,
                "values": .object(values),
                "changed": .array(changed.map { .string($0.name.text) }),
            ])
        }
    }

    private static func value(
        _ json: JSONValue,
        _ type: FlowType,
        _ schema: OrgSchema
    ) -> FlowValue {
        switch type {
        case .collection(let item):
            return .collection((json.array ?? []).map { value($0, item, schema) })
        case .record(let name):
            guard let object = schema.object(name), let stored = json.object else {
                return .record(nil)
            }
            var record = FlowRecord(
                object: object,
                id: (stored["id"]?.string).flatMap { try? RecordID($0) }
            )
            for member in stored["values"]?.object?.members ?? [] {
                guard let field = object.field(APIName(member.name)), let type = FlowType(field)
                else { continue }
                record.values[field.index] =
                    FlowConversion.value(of: member.value.string ?? "", as: type) ?? .null
            }
            for name in stored["changed"]?.array ?? [] {
                if let field = object.field(APIName(name.string ?? "")) {
                    record.changed.insert(field.index)
                }
            }
            return .record(record)
        case .text, .number, .boolean, .date, .dateTime, .time, .id, .picklist, .multipicklist,
            .coordinate:
            return .value(FlowConversion.value(of: json.string ?? "", as: type) ?? .null)
        }
    }
}
