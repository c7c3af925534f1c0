import Language
import Metadata

/// Whether an org's record conversions name what is there.
struct ConversionCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        var names: Set<APIName> = []
        return schema.automation.conversions.flatMap { conversion -> [PackageProblem] in
            guard names.insert(conversion.name).inserted else {
                return [
                    conversion.map.problem(
                        "the conversion `\(conversion.name)` is declared twice",
                        at: "conversion"
                    )
                ]
            }
            return problems(conversion)
        }
    }

    private func problems(_ conversion: RecordConversion) -> [PackageProblem] {
        guard let object = schema.object(conversion.object) else {
            return [unknown(conversion.object, conversion.map)]
        }
        var problems: [PackageProblem] = []
        if let name = conversion.convertedField {
            let field = object.field(name)
            if field?.valueType != .boolean || field?.writing == .never {
                problems.append(
                    conversion.map.problem(
                        "`\(name)` is no checkbox of \(object.name) that can be set",
                        at: "convertedField"
                    )
                )
            }
        }
        var earlier: [APIName: ObjectDefinition] = [:]
        var objects: Set<APIName> = []
        for target in conversion.targets {
            guard let made = schema.object(target.object) else {
                problems.append(unknown(target.object, target.map))
                continue
            }
            if !objects.insert(made.name).inserted {
                problems.append(
                    target.map.problem("another target is a \(made.name) already", at: "object")
                )
            }
            problems += self.problems(target, made, object, earlier)
            if earlier.updateValue(made, forKey: target.name) != nil {
                problems.append(
                    target.map.problem("another target has the name `\(target.name)`", at: "name")
                )
            }
        }
        problems += self.problems(conversion.assignments, object, object, earlier)
        return problems
    }

    private func problems(
        _ target: RecordConversion.Target,
        _ made: ObjectDefinition,
        _ object: ObjectDefinition,
        _ earlier: [APIName: ObjectDefinition]
    ) -> [PackageProblem] {
        var problems = self.problems(target.assignments, made, object, earlier)
        for name in target.matchBy
        where !target.assignments.contains(where: { $0.field == name }) {
            problems.append(
                target.map.problem("`\(name)` is given no value by `assignments`", at: "matchBy")
            )
        }
        for name in target.matchBy {
            guard let field = made.field(name), !isFilterable(field) else { continue }
            problems.append(
                target.map.problem("nothing can be found by `\(field.name)`", at: "matchBy")
            )
        }
        if let name = target.sourceLookup {
            let targets = object.field(name)?.reference?.targets ?? []
            if !targets.contains(made.name) {
                problems.append(
                    target.map.problem(
                        "`\(object.name).\(name)` is no lookup to \(made.name)",
                        at: "sourceLookup"
                    )
                )
            }
        }
        for name in target.moves {
            let known = schema.childRelationships(of: object.name)
            guard let relationship = known.first(where: { $0.name == name }) else {
                let hint = Suggestion.phrase(
                    for: name.text,
                    among: known.compactMap(\.name?.text)
                )
                problems.append(
                    target.map.problem(
                        "\(object.name) has no relationship `\(name)`\(hint)",
                        at: "moves"
                    )
                )
                continue
            }
            let lookup = relationship.field
            if !(lookup.reference?.targets.contains(made.name) ?? false)
                || lookup.writing != .always
            {
                problems.append(
                    target.map.problem(
                        "`\(relationship.child.name).\(lookup.name)` cannot be moved to a "
                            + "\(made.name)",
                        at: "moves"
                    )
                )
            }
        }
        return problems
    }

    private func isFilterable(_ field: FieldDefinition) -> Bool {
        switch field.type {
        case .longTextArea, .html, .encryptedText, .file, .address, .location, .formula: false
        default: true
        }
    }

    private func problems(
        _ assignments: [RecordConversion.Assignment],
        _ made: ObjectDefinition,
        _ object: ObjectDefinition,
        _ earlier: [APIName: ObjectDefinition]
    ) -> [PackageProblem] {
        assignments.compactMap { assignment in
            guard let field = made.field(assignment.field), field.writing != .never else {
                let hint = Suggestion.phrase(
                    for: assignment.field.text,
                    among: made.fields.filter { $0.writing != .never }.map(\.name.text)
                )
                return assignment.map.problem(
                    "\(made.name) has no field `\(assignment.field)` to be set\(hint)",
                    at: "field"
                )
            }
            switch assignment.source {
            case .value(let text):
                guard let type = FlowType(field), FlowConversion.value(of: text, as: type) != nil
                else {
                    return assignment.map.problem(
                        "`\(text)` is no value for `\(field.name)`",
                        at: "value"
                    )
                }
                return nil
            case .target(let name):
                guard let other = earlier[name],
                    field.reference?.targets.contains(other.name) ?? false
                else {
                    return assignment.map.problem(
                        "`\(name)` is no target above to which `\(field.name)` can point",
                        at: "target"
                    )
                }
                return nil
            case .field(let path): return problem(path, field, object, assignment)
            }
        }
    }

    private func problem(
        _ path: String,
        _ field: FieldDefinition,
        _ object: ObjectDefinition,
        _ assignment: RecordConversion.Assignment
    ) -> PackageProblem? {
        do {
            let query = try Resolver.resolve(
                try SOQLParser.parse("SELECT \(path) FROM \(object.name)"),
                in: schema,
                visible: FullVisibility()
            )
            guard query.tables.count >= 1, query.shape.count == 1 else {
                return assignment.map.problem("`\(path)` is no field", at: "sourceField")
            }
            return nil
        } catch let error as ResolveError {
            return assignment.map.problem(error.detail, at: "sourceField")
        } catch {
            return assignment.map.problem("`\(path)` is no field's path", at: "sourceField")
        }
    }

    private func unknown(_ name: APIName, _ map: ShapedMap) -> PackageProblem {
        let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
        return map.problem("there is no object `\(name)`\(hint)", at: "object")
    }
}
