import Metadata
import UseMeter

/// The names under which uses of an org's objects, flows and webhooks are counted, made once for
/// each schema.
struct UseSubjects: Sendable {
    private let objects: [ObjectIdentifier: UseSubject]
    private let flows: [APIName: UseSubject]
    private let webhooks: [APIName: UseSubject]
    /// What is of no object.
    static let nothing = UseSubject(product: ProductMap.platform, name: "none")

    init(_ schema: OrgSchema) {
        let products = schema.products
        objects = Dictionary(
            schema.objects.map { object in
                (
                    ObjectIdentifier(object),
                    UseSubject(
                        product: products.product(of: object) ?? ProductMap.platform,
                        name: object.name.text
                    )
                )
            },
            uniquingKeysWith: { first, _ in first }
        )
        flows = Dictionary(
            schema.automation.flows.map { flow in
                (
                    flow.name,
                    UseSubject(
                        product: products.product(ofFlow: flow.name) ?? ProductMap.platform,
                        name: flow.name.text
                    )
                )
            },
            uniquingKeysWith: { first, _ in first }
        )
        webhooks = Dictionary(
            schema.automation.webhooks.map { webhook in
                let product = products.product(ofWebhook: webhook.name) ?? ProductMap.platform
                return (webhook.name, UseSubject(product: product, name: webhook.name.text))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func object(_ object: ObjectDefinition) -> UseSubject {
        objects[ObjectIdentifier(object)] ?? UseSubjects.nothing
    }

    func flow(_ name: APIName) -> UseSubject { flows[name] ?? UseSubjects.nothing }

    func emailTemplate(_ name: APIName, _ schema: OrgSchema) -> UseSubject {
        let product = schema.products.product(ofEmailTemplate: name) ?? ProductMap.platform
        return UseSubject(product: product, name: name.text)
    }

    func webhook(_ name: APIName) -> UseSubject { webhooks[name] ?? UseSubjects.nothing }
}
