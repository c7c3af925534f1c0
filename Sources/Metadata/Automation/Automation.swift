/// What an org has declared to happen by itself: rules, flows and processes; immutable.
package struct Automation: Sendable {
    package internal(set) var flows: [FlowDefinition] = []
    package var service = ServiceRules()
    package internal(set) var webhooks: [WebhookDefinition] = []

    package init() {}
}

/// Gathers the declared automation of an org's packages, and what is wrong in it.
///
/// Names that must refer to objects and fields are checked when a package is deployed, since that
/// depends on the other packages of the org.
struct AutomationAssembly {
    private(set) var automation = Automation()
    private(set) var problems: [PackageProblem] = []

    init(_ packages: [MetadataPackage]) {
        automation.flows = packages.flatMap { $0.declared(in: "flows") }
            .map { FlowDefinition($0, &problems) }
        automation.service = ServiceRules(packages)
        problems += automation.service.problems
        automation.webhooks = packages.flatMap { $0.declared(in: "webhooks") }
            .map { WebhookDefinition($0) }
    }
}
