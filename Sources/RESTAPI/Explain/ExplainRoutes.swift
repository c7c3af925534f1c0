import Gateway
import Kernel
import Metadata

/// Why something is as it is: `steward/explain/…`, a resource of our own.
enum ExplainRoutes {
    /// `GET steward/explain/access?record=ID&user=ID`: every grant that applies, and the one that
    /// decides; the caller's own where no user is named.
    @Sendable static func access(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let record = try reader.recordID(try call.required("record"))
        let user = try call.request.parameter("user").map { try reader.recordID($0) }
        let found = try reader.explainAccess(of: user ?? reader.caller.user, to: record)
        return .json { writer in
            writer.beginObject()
            writer.member("user", found.user.description)
            writer.member("record", found.record.description)
            writer.member("object", found.object.text)
            writer.member("level", found.level.rawValue)
            writer.member("mayDelete", found.mayDelete)
            writer.member("mayTransfer", found.mayTransfer)
            writer.key("objectPermissions")
            writer.strings(found.objectRights)
            writer.key("decisive")
            if let grant = found.decisive { write(grant, to: &writer) } else { writer.null() }
            writer.key("grants")
            writer.beginArray()
            for grant in found.grants { write(grant, to: &writer) }
            writer.endArray()
            writer.key("refusals")
            writer.strings(found.refusals.map(\.text))
            writer.endObject()
        }
    }

    private static func write(_ grant: AccessExplanation.Grant, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("level", grant.level.rawValue)
        writer.member("text", grant.text)
        if let record = grant.record { writer.member("record", record.description) }
        writer.endObject()
    }

    /// `GET steward/explain/flow?flow=NAME&record=ID`: what the flow would do, and why; nothing of it
    /// stays.
    @Sendable static func flow(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let name = try call.required("flow")
        let ids = try (call.list("record") ?? []).map { text in
            guard let id = try? RecordID(text) else {
                throw RecordError(.malformedID, "malformed id \(text.prefix(80))")
            }
            return id
        }
        let traces = try await call.parts.records.explainFlow(name, for: ids, as: caller)
        return .json { writer in
            writer.beginArray()
            for trace in traces { write(trace, to: &writer) }
            writer.endArray()
        }
    }

    private static func write(_ trace: FlowTrace, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("flow", trace.flow.text)
        writer.member("label", trace.label)
        if let record = trace.record { writer.member("record", record.description) }
        writer.member("outcome", trace.outcome.rawValue)
        if let error = trace.error { writer.member("error", error) }
        writer.key("steps")
        writer.beginArray()
        for entry in trace.entries {
            writer.beginObject()
            writer.member("element", entry.element)
            writer.member("kind", entry.kind)
            writer.member("what", entry.what)
            writer.member("depth", entry.depth)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    /// `GET steward/explain/assignment?record=ID&rule=NAME`: what each entry of the rule says of the
    /// record as it is now.
    @Sendable static func assignment(_ call: APICall, _ reader: RecordReader) throws -> APIResponse
    {
        let ids = try (call.list("record") ?? []).map { try reader.recordID($0) }
        let rule = call.request.parameter("rule").map { APIName($0) }
        let found = try reader.explainAssignment(of: ids, by: rule)
        return .json { writer in
            writer.beginArray()
            for explanation in found {
                writer.beginObject()
                writer.member("record", explanation.record.description)
                writer.member("rule", explanation.rule.text)
                writer.member("outcome", explanation.outcome)
                writer.key("entries")
                writer.beginArray()
                for entry in explanation.entries {
                    writer.beginObject()
                    writer.member("number", entry.number)
                    writer.member("criteria", entry.criteria)
                    writer.member("holds", entry.holds)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
        }
    }
}
