import Metadata

/// `sendWebhook`: a declared webhook tells its receiver about a record now.
///
/// Only what the webhook's declaration names leaves the org, signed and in order as always.
struct SendWebhook: InvocableAction {
    /// What stands as `event` in the body.
    static let event = "CALL"

    let name = "sendWebhook"
    let label = "Send Webhook"
    let summary = "Sends a declared webhook for a record, after the save."
    let needs: [APIName] = []
    let inputs = [
        ActionParameter("webhook", .text, required: true, "The webhook's developer name."),
        ActionParameter("recordId", .id, "The record; the one that started the flow if missing."),
    ]
    let outputs: [ActionParameter] = []
    let permission: UserPermission? = .customizeApplication

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        var outcomes: [ActionOutcome] = []
        var wanted: [APIName: [RecordID]] = [:]
        for call in calls {
            do throws(RecordError) {
                let (webhook, id) = try aim(call, writer)
                wanted[webhook.object, default: []].append(id)
                outcomes.append(.success([:]))
            } catch {
                outcomes.append(.failure(error))
            }
        }
        let records = try load(wanted, writer)
        for (place, call) in calls.enumerated() {
            guard case .success = outcomes[place] else { continue }
            let (webhook, id) = try aim(call, writer)
            guard let record = records[id] else {
                outcomes[place] = .failure(
                    RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
                )
                continue
            }
            try writer.enqueue(webhook, Self.event, record, changed: [], replayID: nil)
        }
        return outcomes
    }

    private func aim(
        _ call: ActionCall,
        _ writer: RecordWriter
    ) throws(RecordError) -> (WebhookDefinition, RecordID) {
        let webhooks = writer.schema.automation.webhooks
        let name = call.text("webhook") ?? ""
        guard let webhook = webhooks.first(where: { $0.name == APIName(name) }) else {
            let hint = Suggestion.phrase(for: name, among: webhooks.map(\.name.text))
            throw RecordError(.notFound, "there is no webhook `\(name.prefix(80))`\(hint)")
        }
        guard webhook.isActive else {
            throw RecordError(.invalidOperation, "the webhook `\(webhook.name)` is not active")
        }
        guard let id = call.id("recordId") ?? call.record,
            let object = writer.schema.object(webhook.object), id.prefix == object.keyPrefix
        else {
            throw RecordError(
                .invalidCrossReferenceKey,
                "the webhook `\(webhook.name)` tells of records of \(webhook.object)"
            )
        }
        return (webhook, id)
    }

    /// Those that the caller sees, as they are now.
    private func load(
        _ wanted: [APIName: [RecordID]],
        _ writer: RecordWriter
    ) throws -> [RecordID: StoredRecord] {
        var found: [RecordID: StoredRecord] = [:]
        for (name, ids) in wanted {
            guard let object = writer.schema.object(name) else { continue }
            let seen = try writer.visible(Array(Set(ids)).sorted(), of: object)
            for record in try writer.tx.load(object, seen.sorted()) { found[record.id] = record }
        }
        return found
    }
}
