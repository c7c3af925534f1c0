import Metadata

/// `submit`: a record enters an approval process.
///
/// Source: Actions Developer Guide, "Submit for Approval Actions".
struct SubmitForApproval: InvocableAction {
    let name = "submit"
    let label = "Submit for Approval"
    let summary = "Submits a record for approval."
    let needs: [APIName] = ["ProcessInstance"]
    let inputs = [
        ActionParameter("objectId", .id, required: true, "The record."),
        ActionParameter("comment", .text, "What the approvers read."),
        ActionParameter("nextApproverIds", .collection(.id), "Whom to ask, where it is left open."),
        ActionParameter(
            "processDefinitionNameOrId",
            .text,
            "The process; if missing the first that takes the record."
        ),
        ActionParameter("submitterId", .id, "In whose name; the caller's if missing."),
        ActionParameter("skipEntryCriteria", .boolean, "Whether the record may miss the criteria."),
    ]
    let outputs = [
        ActionParameter("instanceId", .id, "The way of the record through the process."),
        ActionParameter("instanceStatus", .text, "Pending, Approved or Rejected."),
        ActionParameter("newWorkItemIds", .collection(.id), "The requests that wait."),
        ActionParameter("actorIds", .collection(.id), "Who is asked."),
        ActionParameter("entityId", .id, "The record."),
    ]

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        try calls.map { call in
            do {
                return .success(SubmitForApproval.outputs(try writer.submit(try wish(call))))
            } catch let error as RecordError {
                return .failure(error)
            }
        }
    }

    private func wish(_ call: ActionCall) throws -> ApprovalSubmission {
        guard let record = call.id("objectId") else {
            throw RecordError(.missingArgument, "objectId names no record")
        }
        return ApprovalSubmission(
            record: record,
            process: call.text("processDefinitionNameOrId"),
            comments: call.text("comment"),
            submitter: call.id("submitterId"),
            nextApprovers: call.ids("nextApproverIds"),
            skipsEntryCriteria: call.boolean("skipEntryCriteria")
        )
    }

    private static func outputs(_ outcome: ApprovalOutcome) -> [String: FlowValue] {
        func ids(_ ids: [RecordID]) -> FlowValue { .collection(ids.map { .value(.id($0)) }) }
        return [
            "instanceId": .value(.id(outcome.instance)),
            "instanceStatus": .value(.text(outcome.status)),
            "newWorkItemIds": ids(outcome.workitems), "actorIds": ids(outcome.actors),
            "entityId": .value(.id(outcome.record)),
        ]
    }
}
