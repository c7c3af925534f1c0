// What must hold between the fields and objects of an org.
extension SchemaAssembler {
    mutating func check(_ objects: [ObjectDefinition]) {
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
