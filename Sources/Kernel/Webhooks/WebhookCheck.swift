import Metadata

/// Whether an org's webhooks say something that can be sent.
struct WebhookCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        var problems: [PackageProblem] = []
        var names: Set<APIName> = []
        for webhook in schema.automation.webhooks {
            if !names.insert(webhook.name).inserted {
                problems.append(
                    webhook.place.problem(
                        "the webhook `\(webhook.name)` is declared twice",
                        at: "webhook"
                    )
                )
            }
            problems += self.problems(webhook)
        }
        return problems
    }

    private func problems(_ webhook: WebhookDefinition) -> [PackageProblem] {
        let map = webhook.place
        var problems: [PackageProblem] = []
        if OutboundURL(webhook.endpointURL) == nil {
            problems.append(
                map.problem(
                    "`\(webhook.endpointURL)` is no URL to send to: `https://host/path`",
                    at: "endpointUrl"
                )
            )
        }
        for text in map.texts("events") where WebhookDefinition.Event(rawValue: text) == nil {
            let known = WebhookDefinition.Event.allCases.map(\.rawValue)
            problems.append(
                map.problem(
                    "`\(text)` is no event\(Suggestion.phrase(for: text, among: known)); one of "
                        + known.joined(separator: ", "),
                    at: "events"
                )
            )
        }
        guard let object = schema.object(webhook.object) else {
            let hint = Suggestion.phrase(
                for: webhook.object.text,
                among: schema.objects.map(\.name.text)
            )
            return problems + [
                map.problem("there is no object `\(webhook.object)`\(hint)", at: "object")
            ]
        }
        if object.isEvent, map.has("events") {
            problems.append(map.problem("a platform event has no `events`", at: "events"))
        }
        if object.traits.event == .immediately {
            problems.append(
                map.problem(
                    "a webhook is sent for what is on disk: `\(object.name)` is published "
                        + "immediately, whatever becomes of its transaction",
                    at: "object"
                )
            )
        }
        for name in webhook.fields {
            if let field = object.field(name) {
                guard !ChangeEvent.isTold(field) else { continue }
                problems.append(map.problem("`\(name)` is never sent", at: "fields"))
            } else {
                let hint = Suggestion.phrase(
                    for: name.text,
                    among: object.fields.map(\.name.text)
                )
                problems.append(
                    map.problem("`\(object.name)` has no field `\(name)`\(hint)", at: "fields")
                )
            }
        }
        return problems
    }
}
