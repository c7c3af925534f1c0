package import Metadata

/// Whether a webhook's receiver has been answering, as the org keeps it.
package struct WebhookHealth: Sendable, Hashable {
    /// Since when every delivery has failed.
    package var failingSince: Instant?
    package var failures: Int
    package var disabledAt: Instant?
    /// What the last failure was, in words.
    package var reason: String?

    static let sound = WebhookHealth(failures: 0)

    init(
        failingSince: Instant? = nil,
        failures: Int,
        disabledAt: Instant? = nil,
        reason: String? = nil
    ) {
        self.failingSince = failingSince
        self.failures = failures
        self.disabledAt = disabledAt
        self.reason = reason
    }

    init(storedText text: String) {
        let object = JSONObject(storedText: text)
        func moment(_ name: String) -> Instant? {
            object[name]?.number?.int64.map { Instant(milliseconds: $0) }
        }
        self.init(
            failingSince: moment("failingSince"),
            failures: Int(clamping: object["failures"]?.number?.int64 ?? 0),
            disabledAt: moment("disabledAt"),
            reason: object["reason"]?.string
        )
    }

    var storedText: String {
        func moment(_ instant: Instant?) -> JSONValue {
            instant.map { .number(JSONNumber($0.milliseconds)) } ?? .null
        }
        let object: JSONObject = [
            "failingSince": moment(failingSince), "failures": .number(JSONNumber(Int64(failures))),
            "disabledAt": moment(disabledAt), "reason": reason.map { .string($0) } ?? .null,
        ]
        return object.storedText
    }
}

/// Where an org keeps what belongs to its webhooks and is no metadata.
enum WebhookDocument {
    /// Key: the secret's name; text: the secret, sealed.
    static let secret = "webhook-secret"
    /// Key: the webhook's name; text: its health.
    static let health = "webhook-health"

    /// What a sealed secret is bound to.
    static func context(_ org: OrgID, _ name: String) -> String { "webhook-secret:\(org):\(name)" }
}

extension RecordReader {
    /// How a webhook has been doing.
    package func webhookHealth(_ name: APIName) throws -> WebhookHealth {
        guard access.isSystem || access.has(.viewSetup) else {
            throw RecordError(.insufficientAccess, "looking at webhooks needs ViewSetup")
        }
        return try tx.document(kind: WebhookDocument.health, key: name.folded)
            .map { WebhookHealth(storedText: $0) } ?? .sound
    }

    func webhookSecret(_ name: String) throws -> String? {
        guard let sealed = try tx.document(kind: WebhookDocument.secret, key: name) else {
            return nil
        }
        return try secrets.open(sealed, for: WebhookDocument.context(caller.org, name))
    }
}

extension RecordWriter {
    /// Keeps the secret that signs webhooks under a name, sealed; nobody can read it back.
    package func setWebhookSecret(_ name: String, _ secret: String) throws {
        try requireCustomization()
        guard !name.isEmpty, name.count <= 80 else {
            throw RecordError(.invalidInput, "a secret's name has 1 to 80 characters")
        }
        guard (24...512).contains(secret.utf8.count) else {
            throw RecordError(.invalidInput, "a webhook's secret has 24 to 512 bytes")
        }
        try writeTransaction.putDocument(
            kind: WebhookDocument.secret,
            key: name,
            text: try secrets.seal(secret, for: WebhookDocument.context(caller.org, name))
        )
    }

    /// Has a webhook sent again that long failure has disabled.
    ///
    /// What was given up meanwhile stands
    /// among the dead jobs.
    package func enableWebhook(_ name: APIName) throws {
        try requireCustomization()
        try putWebhookHealth(name, nil)
    }

    func putWebhookHealth(_ name: APIName, _ health: WebhookHealth?) throws {
        try writeTransaction.putDocument(
            kind: WebhookDocument.health,
            key: name.folded,
            text: health?.storedText
        )
    }

    private func requireCustomization() throws {
        guard access.isSystem || access.has(.customizeApplication) else {
            throw RecordError(
                .insufficientAccess,
                "changing webhooks needs CustomizeApplication"
            )
        }
    }
}

// MARK: - What is sent

extension RecordWriter {
    /// Asks for the deliveries of what happened to a record, or of a published event.
    func enqueueWebhooks(
        _ object: ObjectDefinition,
        _ event: String,
        _ record: StoredRecord,
        changed: [FieldDefinition],
        replayID: Int64
    ) throws {
        for webhook in schema.automation.webhooks
        where webhook.isActive && webhook.object == object.name {
            let isWanted =
                object.isEvent
                || WebhookDefinition.Event(rawValue: event).map(webhook.events.contains) ?? false
            guard isWanted else { continue }
            try self.enqueue(webhook, event, record, changed: changed, replayID: replayID)
        }
    }

    /// Asks for the delivery of one webhook about a record of its object.
    ///
    /// - Parameter replayID: of the event; `nil` where no event is told.
    func enqueue(
        _ webhook: WebhookDefinition,
        _ event: String,
        _ record: StoredRecord,
        changed: [FieldDefinition],
        replayID: Int64?
    ) throws {
        guard let object = schema.object(webhook.object) else { return }
        try enqueue(
            NewJob(
                kind: WebhookDelivery.kind,
                payload: [
                    "webhook": .string(webhook.name.text),
                    "body": .string(body(webhook, object, event, record, changed, replayID)),
                ],
                lane: "webhook:\(webhook.name.folded):\(record.id)"
            )
        )
    }

    private func body(
        _ webhook: WebhookDefinition,
        _ object: ObjectDefinition,
        _ event: String,
        _ record: StoredRecord,
        _ changed: [FieldDefinition],
        _ replayID: Int64?
    ) -> String {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.key("webhook")
        writer.string(webhook.name.text)
        writer.key("organizationId")
        writer.string(caller.org.description)
        writer.key("replayId")
        if let replayID { writer.int(replayID) } else { writer.null() }
        writer.key("committedAt")
        writer.datetime(millisecondsSinceEpoch: now.milliseconds, zone: .zulu)
        writer.key("event")
        writer.string(event)
        writer.key("object")
        writer.string(object.name.text)
        writer.key("recordId")
        writer.string(record.id.description)
        writer.key("changedFields")
        writer.beginArray()
        for field in changed where webhook.fields.contains(field.name) {
            writer.string(field.name.text)
        }
        writer.endArray()
        writer.key("values")
        writer.beginObject()
        for field in webhook.fields.compactMap({ object.field($0) })
        where ChangeEvent.isTold(field) && event != ChangeEvent.ChangeType.delete.rawValue {
            writer.key(field.name.text)
            writer.told(record[field])
        }
        writer.endObject()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
