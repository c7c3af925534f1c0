import Metadata

/// Checks that matching and duplicate rules name what exists and compare what can be compared.
struct DuplicateCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        repeated(schema.automation.matchingRules.map { ($0.name, $0.place) }, "matchingRule")
            + repeated(
                schema.automation.duplicateRules.map { ($0.name, $0.place) },
                "duplicateRule"
            )
            + schema.automation.matchingRules.flatMap(check)
            + schema.automation.duplicateRules.flatMap(check)
    }

    private func repeated(_ names: [(APIName, ShapedMap)], _ key: String) -> [PackageProblem] {
        var seen: Set<APIName> = []
        return names.compactMap { name, place in
            seen.insert(name).inserted
                ? nil : place.problem("`\(name)` is declared twice", at: key)
        }
    }

    private func object(
        _ name: APIName,
        _ place: ShapedMap
    ) -> (ObjectDefinition?, [PackageProblem]) {
        if let object = schema.object(name) { return (object, []) }
        let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
        return (nil, [place.problem("`\(name)` is no object\(hint)", at: "object")])
    }

    private func check(_ rule: MatchingRule) -> [PackageProblem] {
        let (object, problems) = object(rule.object, rule.place)
        guard let object else { return problems }
        return zip(rule.items, rule.place.list("matchingRuleItems")).compactMap { item, place in
            guard let field = object.field(item.field) else {
                let hint = Suggestion.phrase(
                    for: item.field.text,
                    among: object.fields.map(\.name.text)
                )
                return place.problem(
                    "`\(item.field)` is no field of \(object.name)\(hint)",
                    at: "fieldName"
                )
            }
            switch DuplicateCheck.comparison(of: field) {
            case .none:
                return place.problem(
                    "`\(field.name)` cannot be compared: it is encrypted, computed, long, or made "
                        + "of other fields",
                    at: "fieldName"
                )
            case .exact where item.method != .exact:
                return place.problem(
                    "`\(field.name)` is no text: only the method Exact compares it",
                    at: "matchingMethod"
                )
            case .exact, .text: return nil
            }
        }
    }

    private enum Comparison {
        case none, exact, text
    }

    private static func comparison(of field: FieldDefinition) -> Comparison {
        switch field.type {
        case .text, .email, .phone, .url: .text
        case .longTextArea(let length): length <= 255 ? .text : .none
        case .checkbox, .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .masterDetail, .autoNumber:
            .exact
        case .id, .html, .encryptedText, .address, .location, .coordinate, .file, .formula,
            .summary:
            .none
        }
    }

    private func check(_ rule: DuplicateRule) -> [PackageProblem] {
        let (object, problems) = object(rule.object, rule.place)
        guard let object else { return problems }
        return rule.matchingRules.compactMap { name in
            guard let found = schema.automation.matchingRules.first(where: { $0.name == name })
            else {
                let hint = Suggestion.phrase(
                    for: name.text,
                    among: schema.automation.matchingRules.map(\.name.text)
                )
                return rule.place.problem(
                    "`\(name)` is no matching rule\(hint)",
                    at: "matchingRules"
                )
            }
            guard found.object != rule.object || rule.isActive && !found.isActive else {
                return nil
            }
            return rule.place.problem(
                found.object == rule.object
                    ? "the matching rule `\(name)` is not active"
                    : "the matching rule `\(name)` is about \(found.object)",
                at: "matchingRules"
            )
        } + reporting(rule, object)
    }

    /// What a rule reports must have a place in a duplicate record set.
    private func reporting(_ rule: DuplicateRule, _ object: ObjectDefinition) -> [PackageProblem] {
        for (response, key) in [
            (rule.onInsert, "operationsOnInsert"), (rule.onUpdate, "operationsOnUpdate"),
        ] where response.operations.contains(.report) {
            let targets =
                schema.object("DuplicateRecordItem")?.field("RecordId")?.reference?.targets ?? []
            guard !targets.contains(object.name) else { continue }
            return [
                rule.place.problem(
                    "\(object.name) cannot be reported: let `RecordId` of DuplicateRecordItem refer "
                        + "to it, in a file that extends that object",
                    at: key
                )
            ]
        }
        return []
    }
}
