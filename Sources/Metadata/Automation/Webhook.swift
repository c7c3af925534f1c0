/// What an org sends to another system when something happens.
///
/// Key names are those of the Metadata API's outbound messages where it has them. Values leave the
/// org only where `fields` names them.
package struct WebhookDefinition: Sendable {
    package enum Event: String, Sendable, CaseIterable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case undelete = "UNDELETE"
    }

    package let name: APIName
    package let label: String
    package let description: String?
    package let endpointURL: String
    /// An object, or a platform event.
    package let object: APIName
    package let events: Set<Event>
    package let fields: [APIName]
    /// Under which name the secret is kept that signs; never the secret itself.
    package let secret: String
    package let isActive: Bool
    /// Where it is declared, for what a later check finds.
    package let place: ShapedMap

    init(_ map: ShapedMap) {
        name = map.name("webhook") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        endpointURL = map.text("endpointUrl") ?? ""
        object = map.name("object") ?? ""
        let named = map.texts("events").compactMap(Event.init)
        events = Set(map.has("events") ? named : Event.allCases)
        fields = map.texts("fields").map { APIName($0) }
        secret = map.text("secret") ?? ""
        isActive = map.boolean("active") ?? true
        place = map
    }

    package static let shape = Shape(
        title: "a webhook",
        summary: "What is sent to another system when something happens to records of an object.",
        keys: [
            .init("webhook", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What the other system does with it."),
            .init("endpointUrl", .text, required: true, "Where it is sent: `https://…`."),
            .init("object", .name, required: true, "The object, or the platform event."),
            .init("events", .texts, "CREATE, UPDATE, DELETE, UNDELETE; all where it is missing."),
            .init("fields", .texts, "Fields whose values are sent; none where it is missing."),
            .init("secret", .text, required: true, "The name of the secret that signs."),
            .init("active", .boolean, "Whether it is sent; true where it is missing."),
        ]
    )
}
