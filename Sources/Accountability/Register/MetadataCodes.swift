package import Metadata

/// What an org's definitions say about its use, as codes of closed lists.
///
/// Worked out inside of the org from what is declared, never from what records say. Names of
/// objects, fields, flows and hosts stay inside. Definitions can be named innocently; the register
/// sees what is declared and nothing else.
package struct MetadataCodes: Sendable, Hashable {
    /// Installed products.
    package private(set) var products: Set<String> = []
    /// Kinds of personal data by product, special ones among them.
    package private(set) var dataCategories: [String: Set<String>] = [:]
    /// Fields by how carefully they are to be handled: the levels that occur.
    package private(set) var securityClassifications: Set<String> = []
    package private(set) var complianceGroups: Set<String> = []
    /// Whether data of children is declared; `false` says only that none is.
    package private(set) var hasChildren = false
    /// What guests may do: `guest-reads`, `guest-creates`, `guest-edits`, `guest-deletes`,
    /// `guest-reads-confidential`, `guest-reads-personal`.
    package private(set) var exposure: Set<String> = []
    /// Classes of hosts to which something is sent.
    package private(set) var integrations: Set<String> = []
    /// What happens by itself.
    package private(set) var automation: Set<String> = []

    package init(packages: [MetadataPackage], schema: OrgSchema) {
        products = Set(packages.map { RegisterVocabulary.product($0.name) })
        for object in schema.objects { add(object, schema) }
        for package in packages {
            for set in package.permissionSets where set.userType == "Guest" {
                add(guests: set, schema)
            }
        }
        for rule in schema.automation.sharing.rules {
            if case .guest = rule.kind { exposure.insert("guest-reads") }
        }
        integrations = Set(
            schema.automation.webhooks.filter(\.isActive)
                .map { HostClass(ofURL: $0.endpointURL).rawValue }
        )
        for flow in schema.automation.flows where flow.status == .active { add(flow) }
        if !schema.automation.service.approvals.isEmpty { automation.insert("approvals") }
        if !schema.automation.webhooks.isEmpty { automation.insert("sends-webhooks") }
    }

    /// The special ones among all kinds of data.
    package var specialCategories: Set<String> {
        Set(dataCategories.values.joined()).intersection(RegisterVocabulary.specialCategories)
    }

    private mutating func add(_ object: ObjectDefinition, _ schema: OrgSchema) {
        let product = RegisterVocabulary.product(
            schema.products.product(of: object) ?? ProductMap.platform
        )
        var categories = Set(object.dataCategories.map(RegisterVocabulary.category))
        for field in object.fields {
            let said = field.classification
            categories.formUnion(said.categories.map(RegisterVocabulary.category))
            if let level = said.level { securityClassifications.insert(level.rawValue) }
            complianceGroups.formUnion(said.groups.map(\.rawValue))
            if said.groups.contains(.coppa) { hasChildren = true }
            if said.groups.contains(.hipaa) { categories.insert("health") }
            if said.groups.contains(.pci) { categories.insert("payments") }
        }
        if categories.contains("children") { hasChildren = true }
        if !categories.isEmpty { dataCategories[product, default: []].formUnion(categories) }
    }

    private mutating func add(guests set: PermissionSetDefinition, _ schema: OrgSchema) {
        for permissions in set.objects {
            if permissions.allowCreate { exposure.insert("guest-creates") }
            if permissions.allowEdit { exposure.insert("guest-edits") }
            if permissions.allowDelete { exposure.insert("guest-deletes") }
            guard permissions.allowRead else { continue }
            exposure.insert("guest-reads")
            guard let object = schema.object(permissions.object) else { continue }
            if !object.dataCategories.isEmpty { exposure.insert("guest-reads-personal") }
            for field in object.fields where permissions.viewAllFields { expose(field) }
        }
        for permissions in set.fields where permissions.readable {
            if let field = schema.object(permissions.object)?.field(permissions.field) {
                expose(field)
            }
        }
    }

    private mutating func expose(_ field: FieldDefinition) {
        switch field.classification.level {
        case .confidential, .restricted, .missionCritical:
            exposure.insert("guest-reads-confidential")
        case .public, .internal, nil: break
        }
        if !field.classification.groups.isEmpty || !field.classification.categories.isEmpty {
            exposure.insert("guest-reads-personal")
        }
    }

    private mutating func add(_ flow: FlowDefinition) {
        switch flow.start.trigger {
        case .none: break
        case .recordBeforeSave, .recordAfterSave, .recordBeforeDelete:
            automation.insert("record-triggered")
        case .scheduled: automation.insert("scheduled")
        case .platformEvent: automation.insert("event-triggered")
        }
        if case .system = flow.runMode { automation.insert("with-every-right") }
        add(flow.steps)
        for path in flow.start.scheduledPaths { add(path.steps) }
    }

    /// What reaches outside, by the names of actions in small letters.
    private static let actions = ["emailsimple": "sends-mail", "sendwebhook": "sends-webhooks"]

    private mutating func add(_ steps: [FlowStep]) {
        for step in steps {
            switch step.element {
            case .decision(let rules, let otherwise):
                for rule in rules { add(rule.steps) }
                add(otherwise)
            case .loop(_, _, let inner): add(inner)
            case .recordDelete: automation.insert("deletes")
            case .actionCall(let action, _, _):
                let code = MetadataCodes.actions[action.lowercased()]
                if let code { automation.insert(code) }
            case .assignment, .collectionFilter, .collectionSort, .transform, .recordLookup,
                .recordCreate, .recordUpdate, .subflow, .wait, .customError, .end:
                break
            }
            if let fault = step.fault { add(fault) }
        }
    }
}
