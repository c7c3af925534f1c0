// Makes each declared object out of what its packages say of it.
extension SchemaAssembler {
    mutating func assignPrefixes(_ kept: [APIName: KeyPrefix]) -> [APIName: KeyPrefix] {
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
    mutating func histories(
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

    mutating func object(
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
        if map.has("eventType") {
            return event(name, map, draft.fields, prefixes[name] ?? KeyPrefix(number: 0))
        }
        let isSetup = map.boolean("setup") ?? false
        let fields =
            SystemFields.leading(owners: owners, hasRecordTypes: map.has("recordTypes"))
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
            recordTypes: recordTypes(map.list("recordTypes"), draft.fields),
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
                defaultFormula: field.defaultFormula,
                derivation: field.derivation,
                isSearchable: true
            )
        ]
    }
}
