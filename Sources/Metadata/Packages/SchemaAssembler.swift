/// Puts the packages of an org together into one schema, and checks that every name refers.
package struct SchemaAssembler {
    var problems: [PackageProblem] = []
    var drafts: [APIName: Draft] = [:]
    var order: [APIName] = []
    var fieldAssembly = FieldAssembly()

    /// An object being put together: its own declaration and those that extend it.
    struct Draft {
        let map: ShapedMap
        var fields: [FieldDefinition]
        var places: [APIName: ShapedMap]
        var hasChangeEvents: Bool
        /// The declarations that say whose changes are kept.
        var histories: [ShapedMap] = []
        var survivorship: [ShapedMap] = []
        var rules: [ValidationRuleDefinition] = []
    }

    /// - Parameters:
    ///   - packages: in the order of their installation.
    ///   - prefixes: key prefixes given to custom objects before; an object keeps its own for ever.
    ///   - version: the schema's version.
    /// - Throws: `PackageProblems`, with all that is wrong.
    package static func assemble(
        _ packages: [MetadataPackage],
        prefixes: [APIName: KeyPrefix],
        version: Int
    ) throws -> OrgSchema {
        var assembler = SchemaAssembler()
        return try assembler.assemble(packages, prefixes, version)
    }

    private mutating func assemble(
        _ packages: [MetadataPackage],
        _ prefixes: [APIName: KeyPrefix],
        _ version: Int
    ) throws -> OrgSchema {
        for map in packages.flatMap(\.objects) where map.has("object") { declare(map) }
        for map in packages.flatMap(\.objects) where !map.has("object") { extend(map) }
        resolveSummaries()
        let assigned = assignPrefixes(prefixes)
        let declared = order.compactMap { name in drafts[name].map { object(name, $0, assigned) } }
        let histories = histories(of: declared, assigned)
        let taken = Set(assigned.values).union(histories.map(\.keyPrefix))
        let shares = ShareAssembly(declared, kept: prefixes, taken: taken).objects
        let objects = declared + histories + shares
        check(objects)
        let rules = AutomationAssembly(packages)
        let problems = problems + fieldAssembly.problems + rules.problems
        guard problems.isEmpty else { throw PackageProblems(problems) }
        var presentation = Presentation()
        for package in packages {
            presentation.listViews += package.presentation.listViews
            presentation.layouts += package.presentation.layouts
            presentation.apps += package.presentation.apps
        }
        return OrgSchema(
            version: version,
            objects: objects,
            presentation: presentation,
            automation: rules.automation,
            products: ProductMap(packages)
        )
    }

    private mutating func declare(_ map: ShapedMap) {
        guard let name = map.name("object") else { return }
        if map.has("extend") {
            problems.append(map.problem("has both `object` and `extend`", at: "extend"))
        }
        if drafts[name] != nil {
            problems.append(map.problem("the object `\(name)` is declared twice", at: "object"))
            return
        }
        for key in ["label", "pluralLabel"] where !map.has(key) {
            problems.append(map.problem("an object needs the key `\(key)`"))
        }
        var draft = Draft(
            map: map,
            fields: [],
            places: [:],
            hasChangeEvents: map.boolean("changeEvents") ?? false
        )
        if map.has("history") { draft.histories.append(map) }
        draft.survivorship += map.list("survivorship")
        add(map.list("fields"), to: &draft)
        add(rules: map.list("validationRules"), to: &draft)
        drafts[name] = draft
        order.append(name)
    }

    private mutating func extend(_ map: ShapedMap) {
        guard let name = map.name("extend") else {
            problems.append(map.problem("needs `object` or `extend`"))
            return
        }
        guard var draft = drafts[name] else {
            let hint = Suggestion.phrase(for: name.text, among: drafts.keys.map(\.text))
            problems.append(
                map.problem("there is no object `\(name)` to extend\(hint)", at: "extend")
            )
            return
        }
        if map.has("history") { draft.histories.append(map) }
        draft.survivorship += map.list("survivorship")
        add(map.list("fields"), to: &draft)
        if map.boolean("changeEvents") == true { draft.hasChangeEvents = true }
        add(rules: map.list("validationRules"), to: &draft)
        drafts[name] = draft
    }

    private mutating func add(_ maps: [ShapedMap], to draft: inout Draft) {
        for map in maps {
            for field in fieldAssembly.fields(map) {
                if let index = draft.fields.firstIndex(where: { $0.name == field.name }) {
                    guard let wider = SchemaAssembler.widened(draft.fields[index], by: field) else {
                        problems.append(
                            map.problem("the field `\(field.name)` is declared twice", at: "name")
                        )
                        continue
                    }
                    draft.fields[index] = wider
                } else {
                    draft.fields.append(field)
                    draft.places[field.name] = map
                }
            }
        }
    }

    private mutating func add(rules maps: [ShapedMap], to draft: inout Draft) {
        for map in maps {
            let rule = ValidationRuleDefinition(map)
            if draft.rules.contains(where: { $0.name == rule.name }) {
                problems.append(
                    map.problem("the validation rule `\(rule.name)` is declared twice", at: "name")
                )
            } else {
                draft.rules.append(rule)
            }
        }
    }

    /// A lookup that also points to what another package adds.
    private static func widened(
        _ field: FieldDefinition,
        by other: FieldDefinition
    ) -> FieldDefinition? {
        guard case .lookup(let reference) = field.type, case .lookup(let added) = other.type
        else { return nil }
        let targets = reference.targets + added.targets.filter { !reference.targets.contains($0) }
        return FieldDefinition(
            name: field.name,
            label: field.label,
            type: .lookup(
                Reference(
                    targets: targets,
                    childRelationshipName: reference.childRelationshipName,
                    deleteConstraint: reference.deleteConstraint,
                    sharesImplicitly: reference.sharesImplicitly
                )
            ),
            help: field.help,
            description: field.description,
            isRequired: field.isRequired,
            isUnique: field.isUnique,
            isExternalID: field.isExternalID,
            writing: field.writing,
            defaultFormula: field.defaultFormula,
            derivation: field.derivation,
            isSearchable: field.isSearchable,
            classification: field.classification.adding(other.classification)
        )
    }
}
