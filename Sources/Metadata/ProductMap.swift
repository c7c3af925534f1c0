/// Which product each part of an org belongs to: the package that declared it first.
package struct ProductMap: Sendable, Hashable {
    private var objects: [APIName: String] = [:]
    private var flows: [APIName: String] = [:]
    private var emailTemplates: [APIName: String] = [:]
    private var webhooks: [APIName: String] = [:]

    /// The product of what no package declared.
    package static let platform = "platform"

    package init() {}

    /// - Parameter packages: in the order of their installation.
    init(_ packages: [MetadataPackage]) {
        func names(_ maps: [ShapedMap], _ key: String, _ product: String) -> [APIName: String] {
            Dictionary(
                maps.compactMap { map in map.name(key).map { ($0, product) } },
                uniquingKeysWith: { first, _ in first }
            )
        }
        for package in packages {
            objects.merge(names(package.objects, "object", package.name)) { first, _ in first }
            flows.merge(names(package.declared(in: "flows"), "flow", package.name)) { first, _ in
                first
            }
            emailTemplates.merge(
                names(package.declared(in: "email-templates"), "emailTemplate", package.name)
            ) { first, _ in first }
            webhooks.merge(
                names(package.declared(in: "webhooks"), "webhook", package.name)
            ) { first, _ in first }
        }
    }

    /// The product of an object's records; for history and shares that of what they tell of.
    package func product(of object: ObjectDefinition) -> String? {
        objects[object.historyOf ?? object.sharing.sharedObject ?? object.name]
    }

    package func product(ofObject name: APIName) -> String? { objects[name] }

    package func product(ofFlow name: APIName) -> String? { flows[name] }

    package func product(ofWebhook name: APIName) -> String? { webhooks[name] }

    package func product(ofEmailTemplate name: APIName) -> String? { emailTemplates[name] }
}
