/// Puts the packages of an org together into one schema, and checks that every name refers.
package struct SchemaAssembler {
    var problems: [PackageProblem] = []
    var drafts: [APIName: Draft] = [:]
    var order: [APIName] = []
    private var fieldAssembly = FieldAssembly()

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
            automation: rules.automation
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
            derivation: field.derivation,
            isSearchable: field.isSearchable
        )
    }
}

// MARK: - Objects

extension SchemaAssembler {
    private mutating func assignPrefixes(_ kept: [APIName: KeyPrefix]) -> [APIName: KeyPrefix] {
        var assigned: [APIName: KeyPrefix] = [:]
        var used = Set(kept.values)
        for name in order {
            guard let map = drafts[name]?.map, let text = map.text("keyPrefix") else { continue }
            guard let prefix = KeyPrefix(text) else {
                problems.append(
                    map.problem("`keyPrefix` must be three letters or digits", at: "keyPrefix")
                )
                continue
            }
            if let other = assigned.first(where: { $0.value == prefix })?.key {
                problems.append(
                    map.problem("the key prefix `\(text)` is that of `\(other)`", at: "keyPrefix")
                )
            }
            assigned[name] = prefix
            used.insert(prefix)
        }
        for name in order where assigned[name] == nil {
            if let prefix = kept[name] {
                assigned[name] = prefix
                continue
            }
            let isEvent = drafts[name]?.map.has("eventType") ?? false
            var next = KeyPrefix(isEvent ? "e00" : "a00")?.number ?? 0
            while used.contains(KeyPrefix(number: next)) { next += 1 }
            assigned[name] = KeyPrefix(number: next)
            used.insert(KeyPrefix(number: next))
        }
        assignHistoryPrefixes(kept, &assigned, &used)
        return assigned
    }

    /// Objects that hold history are given prefixes of their own, from another range.
    private func assignHistoryPrefixes(
        _ kept: [APIName: KeyPrefix],
        _ assigned: inout [APIName: KeyPrefix],
        _ used: inout Set<KeyPrefix>
    ) {
        var next = KeyPrefix("h00")?.number ?? 0
        for name in order where drafts[name]?.histories.isEmpty == false {
            let history = HistoryAssembly.name(of: name)
            if let prefix = kept[history] {
                assigned[history] = prefix
                continue
            }
            while used.contains(KeyPrefix(number: next)) { next += 1 }
            assigned[history] = KeyPrefix(number: next)
            used.insert(KeyPrefix(number: next))
        }
    }

    /// The objects that hold the history of others.
    private mutating func histories(
        of objects: [ObjectDefinition],
        _ prefixes: [APIName: KeyPrefix]
    ) -> [ObjectDefinition] {
        objects.compactMap { object in
            guard let draft = drafts[object.name], let place = draft.histories.first else {
                return nil
            }
            let name = HistoryAssembly.name(of: object.name)
            if drafts[name] != nil {
                problems.append(
                    place.problem(
                        "the history needs the name `\(name)`, which is taken",
                        at: "history"
                    )
                )
            }
            return HistoryAssembly.object(of: object, prefixes[name] ?? KeyPrefix(number: 0))
        }
    }

    private mutating func object(
        _ name: APIName,
        _ draft: Draft,
        _ prefixes: [APIName: KeyPrefix]
    ) -> ObjectDefinition {
        let map = draft.map
        let owners = map.texts("owners").compactMap { text in
            let kind = ObjectDefinition.OwnerKind(rawValue: text)
            if kind == nil {
                problems.append(
                    map.problem("an owner is User or Queue, not `\(text)`", at: "owners")
                )
            }
            return kind
        }
        let recordTypes = map.list("recordTypes").map { type in
            RecordTypeDefinition(
                developerName: type.name("name") ?? "",
                label: type.text("label") ?? "",
                description: type.text("description"),
                isActive: type.boolean("active") ?? true,
                isDefault: type.boolean("default") ?? false
            )
        }
        if map.has("eventType") {
            return event(name, map, draft.fields, prefixes[name] ?? KeyPrefix(number: 0))
        }
        let isSetup = map.boolean("setup") ?? false
        let fields =
            SystemFields.leading(owners: owners, hasRecordTypes: !recordTypes.isEmpty)
            + (map.boolean("mergeable") == true ? [SystemFields.master(of: name)] : [])
            + nameField(map) + draft.fields + SystemFields.trailing
        var history = HistoryAssembly(fields: fields)
        for map in draft.histories { history.add(map) }
        problems += history.problems
        return ObjectDefinition(
            name: name,
            label: map.text("label") ?? name.text,
            pluralLabel: map.text("pluralLabel") ?? name.text,
            description: map.text("description"),
            keyPrefix: prefixes[name] ?? KeyPrefix(number: 0),
            sharingModel: map.text("sharingModel").flatMap(ObjectDefinition.SharingModel.init)
                ?? .readWrite,
            sharingParent: map.name("sharingParent"),
            sharing: sharing(map, isSetup: isSetup),
            owners: owners,
            traits: ObjectDefinition.Traits(
                isSearchable: map.boolean("searchable") ?? !isSetup,
                isCreateable: map.boolean("createable") ?? true,
                isUpdateable: map.boolean("updateable") ?? true,
                isDeletable: map.boolean("deletable") ?? true,
                isSetup: isSetup,
                allowsActivities: map.boolean("activities") ?? !isSetup,
                hasChangeEvents: draft.hasChangeEvents,
                isMergeable: map.boolean("mergeable") ?? false,
                isComputed: map.boolean("computed") ?? false
            ),
            dataCategories: map.texts("dataCategories"),
            recordTypes: recordTypes,
            validationRules: draft.rules,
            fields: fields,
            tracked: history.tracked,
            survivorship: survivorship(draft, fields)
        )
    }

    /// A platform event: it has the fields it declares, and who published it when.
    private mutating func event(
        _ name: APIName,
        _ map: ShapedMap,
        _ fields: [FieldDefinition],
        _ prefix: KeyPrefix
    ) -> ObjectDefinition {
        if !name.folded.hasSuffix("__e") {
            problems.append(
                map.problem("the name of a platform event ends in `__e`", at: "object")
            )
        }
        for key in ["nameField", "sharingParent", "owners", "recordTypes", "changeEvents"]
        where map.has(key) {
            problems.append(
                map.problem("a platform event holds no records: it has no `\(key)`", at: key)
            )
        }
        for field in fields where !field.type.isInEvents {
            let place = drafts[name]?.places[field.name] ?? map
            problems.append(
                place.problem(
                    "a field of a platform event is Text, LongTextArea, Number, Checkbox, Date or "
                        + "DateTime",
                    at: "type"
                )
            )
        }
        let behavior = map.text("publishBehavior").flatMap(ObjectDefinition.PublishBehavior.init)
        return ObjectDefinition(
            name: name,
            label: map.text("label") ?? name.text,
            pluralLabel: map.text("pluralLabel") ?? name.text,
            description: map.text("description"),
            keyPrefix: prefix,
            sharingModel: .readWrite,
            sharingParent: nil,
            owners: [],
            traits: ObjectDefinition.Traits(
                isSearchable: false,
                isUpdateable: false,
                isDeletable: false,
                allowsActivities: false,
                event: behavior ?? .afterCommit
            ),
            dataCategories: map.texts("dataCategories"),
            recordTypes: [],
            fields: SystemFields.leading(owners: [], hasRecordTypes: false)
                .filter { $0.name == "Id" } + fields
                + SystemFields.trailing.filter { $0.name.text.hasPrefix("Created") }
        )
    }

    private mutating func survivorship(
        _ draft: Draft,
        _ fields: [FieldDefinition]
    ) -> [APIName: Survivorship] {
        var rules: [APIName: Survivorship] = [:]
        for map in draft.survivorship {
            guard let keep = map.text("keep").flatMap(Survivorship.init) else { continue }
            for name in map.texts("fields").map({ APIName($0) }) {
                let parts = fields.filter { $0.compound == name }
                let found = parts.isEmpty ? fields.filter { $0.name == name } : parts
                if found.isEmpty || !found.allSatisfy(SchemaAssembler.maySurvive) {
                    let hint = Suggestion.phrase(for: name.text, among: fields.map(\.name.text))
                    let message =
                        found.isEmpty
                        ? "there is no field `\(name)`\(hint)"
                        : "`\(name)` is not for people to write: a merge cannot choose its value"
                    problems.append(map.problem(message, at: "fields"))
                }
                for field in found { rules[field.name] = keep }
            }
        }
        return rules
    }

    private static func maySurvive(_ field: FieldDefinition) -> Bool {
        if case .file = field.type { return false }
        if case .encryptedText = field.type { return false }
        return field.writing == .always && field.isStored && field.derivation == nil
    }

    private func sharing(_ map: ShapedMap, isSetup: Bool) -> ObjectDefinition.Sharing {
        let model =
            map.text("sharingModel").flatMap(ObjectDefinition.SharingModel.init) ?? .readWrite
        let external = map.text("externalSharingModel")
            .flatMap(ObjectDefinition.SharingModel.init)
        return ObjectDefinition.Sharing(
            externalModel: external
                ?? (isSetup || model == .controlledByParent ? model : .private),
            usesHierarchy: map.boolean("grantAccessUsingHierarchies") ?? true,
            team: map.map("team").map(TeamDefinition.init)
        )
    }

    private mutating func nameField(_ map: ShapedMap) -> [FieldDefinition] {
        if map.boolean("hasName") == false { return [] }
        guard let declared = map.map("nameField") else {
            return [
                FieldDefinition(
                    name: "Name",
                    label: "Name",
                    type: .text(length: 80),
                    isRequired: true,
                    isNameField: true,
                    isSearchable: true
                )
            ]
        }
        guard let field = fieldAssembly.fields(declared).first else { return [] }
        return [
            FieldDefinition(
                name: field.name,
                label: field.label,
                type: field.type,
                help: field.help,
                description: field.description,
                isRequired: declared.boolean("required") ?? (field.writing == .always),
                isUnique: field.isUnique,
                isCaseSensitive: field.isCaseSensitive,
                isNameField: true,
                writing: field.writing,
                derivation: field.derivation,
                isSearchable: true
            )
        ]
    }
}

// MARK: - Checks across objects

extension SchemaAssembler {
    private mutating func check(_ objects: [ObjectDefinition]) {
        let known = Set(objects.map(\.name))
        for object in objects {
            checkReferences(object, known)
            checkDerivations(object)
            checkSharing(object)
        }
        checkRelationshipNames(objects)
    }

    private func place(_ object: ObjectDefinition, _ field: APIName? = nil) -> ShapedMap? {
        guard let draft = drafts[object.name] else { return nil }
        return field.flatMap { draft.places[$0] } ?? draft.map
    }

    private mutating func report(
        _ message: String,
        _ object: ObjectDefinition,
        _ field: APIName? = nil,
        key: String? = nil
    ) {
        guard let place = place(object, field) else { return }
        problems.append(place.problem(message, at: key))
    }

    private mutating func checkReferences(_ object: ObjectDefinition, _ known: Set<APIName>) {
        for field in object.fields where !field.isSystem {
            for target in field.reference?.targets ?? [] where !known.contains(target) {
                let hint = Suggestion.phrase(for: target.text, among: known.map(\.text))
                report(
                    "`\(field.name)` refers to `\(target)`, which is no object\(hint)",
                    object,
                    field.name,
                    key: "referenceTo"
                )
            }
            if let controlling = field.picklist?.controllingField {
                checkControlling(controlling, of: field, on: object)
            }
        }
    }

    private mutating func checkControlling(
        _ controlling: APIName,
        of field: FieldDefinition,
        on object: ObjectDefinition
    ) {
        guard let other = object.field(controlling), other.name != field.name else {
            let hint = Suggestion.phrase(
                for: controlling.text,
                among: object.fields.map(\.name.text)
            )
            report(
                "there is no field `\(controlling)` to control `\(field.name)`\(hint)",
                object,
                field.name,
                key: "controllingField"
            )
            return
        }
        let allowed = other.picklist.map { Set($0.values.map(\.name)) } ?? ["true", "false"]
        for value in field.picklist?.values ?? [] {
            for name in value.controllingValues where !allowed.contains(name) {
                report(
                    "`\(name)` is no value of `\(controlling)`",
                    object,
                    field.name,
                    key: "values"
                )
            }
        }
    }

    private mutating func checkDerivations(_ object: ObjectDefinition) {
        for field in object.fields {
            let sources: [APIName]
            switch field.derivation {
            case .mark(let source, _): sources = [source]
            case .stamp(let source): sources = [source]
            case .joined(let parts): sources = parts
            case nil: sources = []
            }
            for source in sources where object.field(source) == nil {
                let hint = Suggestion.phrase(
                    for: source.text,
                    among: object.fields.map(\.name.text)
                )
                report(
                    "`\(field.name)` derives from `\(source)`, which is no field\(hint)",
                    object,
                    field.name
                )
            }
        }
    }

    private mutating func checkSharing(_ object: ObjectDefinition) {
        checkExternalModel(object)
        if !object.sharing.usesHierarchy && !object.isCustom {
            report(
                "only a custom object can keep its records from the roles above",
                object,
                key: "grantAccessUsingHierarchies"
            )
        }
        checkTeam(object)
        guard object.sharingModel == .controlledByParent else { return }
        guard let parent = object.sharingParent else {
            report("ControlledByParent needs `sharingParent`", object, key: "sharingModel")
            return
        }
        if object.field(parent)?.reference == nil {
            report("`sharingParent` must be a lookup of the object", object, key: "sharingParent")
        }
    }

    private mutating func checkExternalModel(_ object: ObjectDefinition) {
        let external = object.sharing.externalModel
        if external.width > object.sharingModel.width
            || (external == .controlledByParent) != (object.sharingModel == .controlledByParent)
        {
            report(
                "users from outside cannot have \(external.rawValue) where the org's own have "
                    + object.sharingModel.rawValue,
                object,
                key: "externalSharingModel"
            )
        }
    }

    private mutating func checkTeam(_ object: ObjectDefinition) {
        guard let team = object.sharing.team else { return }
        func refuse(_ message: String, _ key: String) {
            problems.append(
                (place(object)?.map("team")?.problem(message, at: key))
                    ?? PackageProblem(file: "", line: 0, column: 0, message: message)
            )
        }
        if object.field(team.record)?.reference == nil {
            refuse("`\(team.record)` is no lookup of the object", "record")
        }
        if object.field(team.member)?.reference == nil {
            refuse("`\(team.member)` is no lookup of the object", "member")
        }
        let level = object.field(team.level)
        if team.levelThrough == nil ? level?.picklist == nil : level?.reference == nil {
            refuse("`accessLevel` names a picklist, or one of a lookup's object", "accessLevel")
        }
    }

    private mutating func checkRelationshipNames(_ objects: [ObjectDefinition]) {
        var seen: [String: APIName] = [:]
        for object in objects {
            for field in object.fields {
                guard let reference = field.reference, let name = reference.childRelationshipName
                else { continue }
                for target in reference.targets {
                    let key = "\(target.folded).\(name.folded)"
                    if let other = seen.updateValue(object.name, forKey: key) {
                        report(
                            "`\(target)` has the child relationship `\(name)` already, from `\(other)`",
                            object,
                            field.name,
                            key: "relationshipName"
                        )
                    }
                }
            }
        }
    }
}

/// The fields that the platform keeps on every record.
enum SystemFields {
    static func leading(
        owners: [ObjectDefinition.OwnerKind],
        hasRecordTypes: Bool
    ) -> [FieldDefinition] {
        var fields = [
            FieldDefinition(
                name: "Id",
                label: "Record ID",
                type: .id,
                writing: .never,
                isSystem: true
            ),
            FieldDefinition(
                name: "IsDeleted",
                label: "Deleted",
                type: .checkbox,
                writing: .never,
                defaultValue: .boolean(false),
                isSystem: true
            ),
        ]
        if !owners.isEmpty {
            let targets = owners.map { $0 == .user ? APIName("User") : APIName("Group") }
            fields.append(
                FieldDefinition(
                    name: "OwnerId",
                    label: "Owner ID",
                    type: .lookup(
                        Reference(
                            targets: targets,
                            childRelationshipName: nil,
                            deleteConstraint: .restrict
                        )
                    ),
                    isSystem: true
                )
            )
        }
        if hasRecordTypes {
            fields.append(
                FieldDefinition(
                    name: "RecordTypeId",
                    label: "Record Type ID",
                    type: .lookup(
                        Reference(
                            targets: ["RecordType"],
                            childRelationshipName: nil,
                            deleteConstraint: .restrict
                        )
                    ),
                    isSystem: true
                )
            )
        }
        return fields
    }

    /// The record into which another was merged.
    static func master(of object: APIName) -> FieldDefinition {
        FieldDefinition(
            name: "MasterRecordId",
            label: "Master Record ID",
            type: .lookup(
                Reference(targets: [object], childRelationshipName: nil, deleteConstraint: .setNull)
            ),
            writing: .never,
            isSystem: true
        )
    }

    /// Of those that nobody changes again, these are all.
    static let created: [FieldDefinition] = [
        stamp("CreatedDate", "Created Date"), user("CreatedById", "Created By ID"),
    ]

    static let trailing: [FieldDefinition] =
        created + [
            stamp("LastModifiedDate", "Last Modified Date"),
            user("LastModifiedById", "Last Modified By ID"),
            stamp("SystemModstamp", "System Modstamp"),
        ]

    private static func stamp(_ name: APIName, _ label: String) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: .dateTime,
            writing: .never,
            isSystem: true
        )
    }

    private static func user(_ name: APIName, _ label: String) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: .lookup(
                Reference(
                    targets: ["User"],
                    childRelationshipName: nil,
                    deleteConstraint: .restrict
                )
            ),
            writing: .never,
            isSystem: true
        )
    }
}
