/// What an org has declared to happen by itself: rules, flows and processes; immutable.
package struct Automation: Sendable {
    package internal(set) var flows: [FlowDefinition] = []
    package var service = ServiceRules()
    package internal(set) var webhooks: [WebhookDefinition] = []
    package internal(set) var matchingRules: [MatchingRule] = []
    package internal(set) var duplicateRules: [DuplicateRule] = []
    package internal(set) var conversions: [RecordConversion] = []
    package internal(set) var sharing = SharingDeclarations()

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
        automation.sharing = SharingDeclarations(packages)
        automation.matchingRules = read("matching-rules", packages, MatchingRule.init)
        automation.conversions = read("conversions", packages, RecordConversion.init)
        automation.duplicateRules = read("duplicate-rules", packages, DuplicateRule.init)
    }

    /// The rules of one kind, each with the problem that it may have.
    private mutating func read<Rule>(
        _ folder: String,
        _ packages: [MetadataPackage],
        _ rule: (ShapedMap) throws(PackageProblem) -> Rule
    ) -> [Rule] {
        var rules: [Rule] = []
        for map in packages.flatMap({ $0.declared(in: folder) }) {
            do {
                rules.append(try rule(map))
            } catch {
                problems.append(error)
            }
        }
        return rules
    }
}
