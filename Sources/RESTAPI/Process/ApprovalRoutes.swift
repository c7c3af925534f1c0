import Gateway
import Kernel
import Metadata

/// Approvals: `process/approvals`.
///
/// Source: REST API Developer Guide, "Process Approvals".
enum ApprovalRoutes {
    /// `GET process/approvals`: the processes, by object.
    @Sendable static func list(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        guard let object = reader.snapshot.schema.object("ProcessDefinition"),
            reader.access.mayRead(object)
        else { return body([:]) }
        let page = try reader.query(
            """
            SELECT TableEnumOrId, Id, DeveloperName, Name, Description FROM ProcessDefinition \
            WHERE State = 'Active' ORDER BY TableEnumOrId, Name
            """,
            { TextRowSink($0.query) }
        )
        let rows = page.sink.rows.filter { row in
            guard let name = row.first ?? nil else { return false }
            return reader.snapshot.schema.object(APIName(name)).map(reader.access.mayRead) ?? false
        }
        return body(Dictionary(grouping: rows) { ($0.first ?? nil) ?? "" })
    }

    private static func body(_ processes: [String: [[String?]]]) -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.key("approvals")
            writer.beginObject()
            for (object, rows) in processes.sorted(by: { $0.key < $1.key }) {
                writer.key(JSONKey(object))
                writer.beginArray()
                for (order, row) in rows.enumerated() where row.count == 5 {
                    writer.beginObject()
                    writer.member("id", row[1] ?? "")
                    writer.member("name", row[3] ?? row[2] ?? "")
                    writer.member("object", object)
                    writer.member("description", row[4] ?? "")
                    writer.member("sortOrder", order + 1)
                    writer.endObject()
                }
                writer.endArray()
            }
            writer.endObject()
            writer.endObject()
        }
    }

    /// `POST process/approvals` with `{"requests": […]}`: each is answered by itself.
    @Sendable static func act(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        guard let requests = try call.jsonObject()["requests"]?.array, !requests.isEmpty else {
            throw RecordError(.missingArgument, "requests must be a list of approval requests")
        }
        guard requests.count <= Limits.saveBatchMax else {
            throw RecordError(
                .exceededIDLimit,
                "at most \(Limits.saveBatchMax) approval requests at once"
            )
        }
        let results = requests.map { request in
            Result { try outcome(request.object ?? [:], writer) }
        }
        return .json { json in
            json.beginArray()
            for (request, result) in zip(requests, results) {
                write(result, of: request.object ?? [:], to: &json)
            }
            json.endArray()
        }
    }

    private static func outcome(
        _ request: JSONObject,
        _ writer: RecordWriter
    ) throws -> ApprovalOutcome {
        func text(_ name: String) -> String? { request[ignoringCase: name]?.string }
        func id(_ name: String) throws -> RecordID {
            guard let value = text(name) else {
                throw RecordError(.missingArgument, "\(name) is missing in an approval request")
            }
            return try writer.recordID(value)
        }
        let next = try (request[ignoringCase: "nextApproverIds"]?.array ?? []).map { value in
            try writer.recordID(value.string ?? "")
        }
        let comments = text("comments")
        switch text("actionType")?.lowercased() {
        case "submit":
            return try writer.submit(
                ApprovalSubmission(
                    record: try id("contextId"),
                    process: text("processDefinitionNameOrId"),
                    comments: comments,
                    submitter: try text("contextActorId").map { try writer.recordID($0) },
                    nextApprovers: next,
                    skipsEntryCriteria: request[ignoringCase: "skipEntryCriteria"]
                        == .bool(true)
                )
            )
        case "approve":
            return try writer.answer(
                .approve,
                to: try id("contextId"),
                comments: comments,
                nextApprovers: next
            )
        case "reject":
            return try writer.answer(
                .reject,
                to: try id("contextId"),
                comments: comments,
                nextApprovers: next
            )
        case "removed":
            return try writer.recallApproval(of: try id("contextId"), comments: comments)
        default:
            throw RecordError(
                .invalidInput,
                "actionType is Submit, Approve, Reject or Removed, not \(text("actionType") ?? "")"
            )
        }
    }

    private static func write(
        _ result: Result<ApprovalOutcome, any Error>,
        of request: JSONObject,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        switch result {
        case .success(let outcome):
            writer.key("actorIds")
            writer.strings(outcome.actors.map(\.description))
            writer.member("entityId", outcome.record.description)
            writer.key("errors")
            writer.null()
            writer.member("instanceId", outcome.instance.description)
            writer.member("instanceStatus", outcome.status)
            writer.key("newWorkitemIds")
            writer.strings(outcome.workitems.map(\.description))
            writer.member("success", true)
        case .failure(let error):
            writer.key("actorIds")
            writer.null()
            writer.member("entityId", request[ignoringCase: "contextId"]?.string ?? "")
            writer.key("errors")
            writer.beginArray()
            let known =
                error as? RecordError
                ?? RecordError(.unknownException, ErrorResponses.unexpectedText(error))
            writer.resultError(known)
            writer.endArray()
            writer.key("instanceId")
            writer.null()
            writer.key("instanceStatus")
            writer.null()
            writer.key("newWorkitemIds")
            writer.null()
            writer.member("success", false)
        }
        writer.endObject()
    }
}
