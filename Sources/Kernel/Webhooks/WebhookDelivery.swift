package import Metadata
import UseMeter

/// Delivers webhooks: signed, in order for each record, tried again for about a day.
package struct WebhookDelivery: Sendable {
    package static let kind = "webhook.deliver"

    /// How long an answer may take.
    static let timeoutSeconds = 10
    /// After how long without a single success a webhook is disabled.
    static let disabledAfterSeconds: Int64 = 48 * 3_600
    static let retry = RetryPolicy(attemptsMax: 15, firstSeconds: 10, mostSeconds: 4 * 3_600)

    private let transport: any WebhookTransport
    private let policy: OutboundPolicy

    package init(transport: any WebhookTransport, policy: OutboundPolicy = OutboundPolicy()) {
        self.transport = transport
        self.policy = policy
    }

    /// Puts itself among those who do work.
    package func join(_ handlers: inout JobHandlers) {
        handlers.add(
            WebhookDelivery.kind,
            retry: WebhookDelivery.retry,
            leaseSeconds: 120
        ) { try await deliver($0) }
    }

    private struct Target: Sendable {
        let name: APIName
        let url: OutboundURL
        let secret: String
        let health: WebhookHealth
        let subject: UseSubject
    }

    private func deliver(_ context: JobContext) async throws -> JobEnding? {
        let payload = context.job.payload
        let name = APIName(payload["webhook"]?.string ?? "")
        let body = Array((payload["body"]?.string ?? "").utf8)
        let target = try await context.records.read(as: context.caller, isBrief: true) {
            try $0.holdIfWithheld(.webhook)
            return try self.target(name, $0)
        }
        let failure: String
        do {
            let response = try await transport.send(
                request(target, body, context),
                under: policy
            )
            if (200..<300).contains(response.status) {
                context.count(.webhook, of: target.subject, records: 1, by: .job)
                guard target.health != .sound else { return nil }
                return { try $0.putWebhookHealth(name, nil) }
            }
            failure = WebhookDelivery.words(response)
            if response.status == 410 {
                try await note(failure, target, context, isLast: true)
                throw JobFailure.permanent(failure)
            }
        } catch let error as JobFailure {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try await note("\(error)", target, context, isLast: false)
            throw error
        }
        try await note(failure, target, context, isLast: false)
        throw JobTrouble(failure)
    }

    private static func words(_ response: WebhookResponse) -> String {
        let excerpt = response.excerpt.isEmpty ? "" : ": \(response.excerpt.prefix(300))"
        let redirected =
            (300..<400).contains(response.status) ? " (redirects are not followed)" : ""
        return "the receiver answered \(response.status)\(redirected)\(excerpt)"
    }

    private func target(_ name: APIName, _ reader: RecordReader) throws -> Target {
        guard let webhook = reader.schema.automation.webhooks.first(where: { $0.name == name })
        else { throw JobFailure.permanent("the webhook `\(name)` is not declared any more") }
        let health = try reader.webhookHealth(name)
        if let disabled = health.disabledAt {
            throw JobFailure.permanent(
                "the webhook `\(name)` is disabled since \(disabled.text): \(health.reason ?? "")"
            )
        }
        guard let url = OutboundURL(webhook.endpointURL) else {
            throw JobFailure.permanent("`\(webhook.endpointURL)` is no URL to send to")
        }
        guard url.isSecure || policy.isAllowed(url) else {
            throw JobFailure.permanent(
                "a webhook is sent by https, unless the operator has allowed the host \(url.host)"
            )
        }
        guard let secret = try reader.webhookSecret(webhook.secret) else {
            throw JobTrouble("there is no secret named `\(webhook.secret)`: set it")
        }
        return Target(
            name: name,
            url: url,
            secret: secret,
            health: health,
            subject: reader.snapshot.useSubjects.webhook(name)
        )
    }

    private func request(
        _ target: Target,
        _ body: [UInt8],
        _ context: JobContext
    ) -> WebhookRequest {
        let timestamp = context.now.milliseconds / 1_000
        let signature = WebhookSignature.text(
            secret: target.secret,
            timestamp: timestamp,
            body: body
        )
        return WebhookRequest(
            url: target.url,
            headers: [
                ("Content-Type", "application/json; charset=utf-8"),
                ("User-Agent", "Steward-Webhook/1"), ("Steward-Webhook", target.name.text),
                ("Steward-Delivery", String(context.job.id)),
                ("Steward-Attempt", String(context.job.attempts)),
                ("Steward-Timestamp", String(timestamp)), (WebhookSignature.header, signature),
            ],
            body: body,
            timeoutSeconds: WebhookDelivery.timeoutSeconds
        )
    }

    /// Counts a failure, and disables the webhook where nothing has come through for long.
    private func note(
        _ failure: String,
        _ target: Target,
        _ context: JobContext,
        isLast: Bool
    ) async throws {
        let now = context.records.clock.now()
        try await context.records.write(as: context.caller) { writer in
            // Others may have failed meanwhile, or one may have come through.
            var health = try writer.webhookHealth(target.name)
            let since = health.failingSince ?? now
            health.failingSince = since
            health.failures += 1
            health.reason = String(failure.prefix(500))
            if isLast || since.adding(seconds: WebhookDelivery.disabledAfterSeconds) <= now {
                health.disabledAt = health.disabledAt ?? now
            }
            try writer.putWebhookHealth(target.name, health)
        }
    }
}

extension Instant {
    /// `2026-03-10T09:30:00.000Z`.
    package var text: String {
        var bytes: [UInt8] = []
        guard bytes.appendDatetime(millisecondsSinceEpoch: milliseconds, zone: .zulu) else {
            return String(milliseconds)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
