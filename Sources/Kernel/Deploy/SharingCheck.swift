import Language
import Metadata

/// Checks that sharing rules, sharing sets and restriction rules name what exists and can be kept.
struct SharingCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        let declared = schema.automation.sharing
        return declared.rules.flatMap(check) + repeated(declared.rules)
            + declared.sets.flatMap(check) + declared.restrictions.flatMap(check)
            + declared.groups.flatMap(check)
    }

    private func noObject(_ name: APIName, _ map: ShapedMap, at key: String) -> PackageProblem {
        let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
        return map.problem("`\(name)` is no object\(hint)", at: key)
    }

    private func repeated(_ rules: [SharingRuleDefinition]) -> [PackageProblem] {
        var seen: Set<String> = []
        return rules.filter { !seen.insert($0.key).inserted }.map {
            $0.map.problem("\($0.object) has a rule `\($0.name)` already", at: "name")
        }
    }

    private func check(_ rule: SharingRuleDefinition) -> [PackageProblem] {
        guard let object = schema.object(rule.object) else {
            return [noObject(rule.object, rule.map, at: "name")]
        }
        guard object.canBeShared else {
            return [
                rule.map.problem(
                    object.sharingModel == .controlledByParent
                        ? "\(object.name) is shared as its parent is: share the parent"
                        : "everyone may read and write \(object.name): there is nothing to open",
                    at: "name"
                )
            ]
        }
        return targets(of: rule) + criteria(of: rule, object)
    }

    private func targets(of rule: SharingRuleDefinition) -> [PackageProblem] {
        var problems: [PackageProblem] = []
        func report(_ message: String, _ key: String) {
            problems.append(rule.map.problem(message, at: key))
        }
        switch (rule.kind, rule.target) {
        case (_, nil): report("`sharedTo` names exactly one set of users", "sharedTo")
        case (.guest, .guestUser?):
            if rule.allowsEdit { report("a guest may only read", "accessLevel") }
        case (.guest, _?): report("a guest rule is for a `guestUser`", "sharedTo")
        case (_, .guestUser?):
            report("only a guest rule (`sharingGuestRules`) is for a guest", "sharedTo")
        case (_, .queue?): report("a queue owns records; share with a group", "sharedTo")
        case (_, _?): break
        }
        if case .ownedBy(let source) = rule.kind {
            switch source {
            case .group(let name) where name.text.isEmpty:
                report("`sharedFrom` names exactly one set of users", "sharedFrom")
            case .guestUser: report("a guest owns nothing", "sharedFrom")
            case .group, .queue, .role, .roleAndSubordinates, .roleAndSubordinatesInternal,
                .allInternalUsers:
                break
            }
        }
        return problems
    }

    private func criteria(
        of rule: SharingRuleDefinition,
        _ object: ObjectDefinition
    ) -> [PackageProblem] {
        guard let criteria = rule.criteria else { return [] }
        do throws(SharingCriteria.Problem) {
            _ = try SharingCriteria(object, schema).rows(criteria)
            return []
        } catch {
            let items = rule.map.list("criteriaItems")
            if let place = error.item, items.indices.contains(place) {
                return [items[place].problem(error.message, at: "field")]
            }
            let key = rule.map.has("booleanFilter") ? "booleanFilter" : "name"
            return [rule.map.problem(error.message, at: rule.map.has("formula") ? "formula" : key)]
        }
    }

    private func check(_ group: PublicGroupDefinition) -> [PackageProblem] {
        group.members.contains(.group(group.developerName))
            ? [group.map.problem("a group cannot be in itself", at: "publicGroups")] : []
    }

    private func check(_ set: SharingSetDefinition) -> [PackageProblem] {
        set.mappings.compactMap { mapping in
            guard let object = schema.object(mapping.object) else {
                return noObject(mapping.object, mapping.map, at: "object")
            }
            guard object.canBeShared else {
                return mapping.map.problem("\(object.name) cannot be shared", at: "object")
            }
            let paths = UserPaths(schema)
            var key = "userField"
            do throws(SharingCriteria.Problem) {
                let from = paths.targets(try paths.steps(of: mapping.userField))
                key = "objectField"
                let steps = try paths.steps(of: mapping.objectField, from: object.name)
                let to = paths.targets(steps)
                guard to.contains(where: from.contains) else {
                    return mapping.map.problem(
                        "`\(mapping.objectField)` leads to "
                            + (to.isEmpty
                                ? "no record" : to.map(\.text).joined(separator: " or "))
                            + ", `\(mapping.userField)` of the user to "
                            + (from.isEmpty
                                ? "no record" : from.map(\.text).joined(separator: " or ")),
                        at: key
                    )
                }
                return nil
            } catch {
                return mapping.map.problem(error.message, at: key)
            }
        }
    }

    private func check(_ rule: RestrictionRuleDefinition) -> [PackageProblem] {
        guard let object = schema.object(rule.object) else {
            return [noObject(rule.object, rule.map, at: "targetEntity")]
        }
        guard !object.traits.isSetup, object.historyOf == nil,
            object.sharing.sharedObject == nil, object.sharing.team == nil
        else {
            return [
                rule.map.problem(
                    "\(object.name) cannot be narrowed by itself",
                    at: "targetEntity"
                )
            ]
        }
        return userCriteria(of: rule) + recordFilter(of: rule, object)
    }

    private func userCriteria(of rule: RestrictionRuleDefinition) -> [PackageProblem] {
        let text = UserText(rule.userCriteria)
        guard !text.paths.isEmpty, let condition = text.text({ $0 }) else {
            return [rule.map.problem("asks nothing of `$User`", at: "userCriteria")]
        }
        let soql = "SELECT Id FROM User WHERE Id != null AND (\(condition))"
        do {
            let statement = try SOQLParser.parse(soql)
            _ = try Resolver.resolve(statement, in: schema, visible: FullVisibility())
            for path in text.paths { _ = try UserPaths(schema).steps(of: path) }
            return []
        } catch let error as SyntaxError {
            return [rule.map.problem(error.message(in: soql), at: "userCriteria")]
        } catch let error as ResolveError {
            return [rule.map.problem(error.detail, at: "userCriteria")]
        } catch let error as SharingCriteria.Problem {
            return [rule.map.problem(error.message, at: "userCriteria")]
        } catch {
            return [rule.map.problem("\(error)", at: "userCriteria")]
        }
    }

    private func recordFilter(
        of rule: RestrictionRuleDefinition,
        _ object: ObjectDefinition
    ) -> [PackageProblem] {
        do {
            let filter = try UserText(rule.recordFilter).text { try sample($0) }
            _ = try SharingCriteria.rows(filter ?? "", object, schema)
            return []
        } catch let error as SharingCriteria.Problem {
            return [rule.map.problem(error.message, at: "recordFilter")]
        } catch {
            return [rule.map.problem("\(error)", at: "recordFilter")]
        }
    }

    /// A value of the type that a user's field has.
    private func sample(_ path: String) throws(SharingCriteria.Problem) -> String {
        guard let field = try UserPaths(schema).steps(of: path).last?.field else { return "''" }
        switch field.valueType {
        case .id: return SOQLText.quoted(RecordID(number: 0).description)
        case .text: return "'x'"
        case .boolean: return "true"
        case .integer, .decimal: return "1"
        case .longText, .multiPicklist, .encrypted, .real, .date, .dateTime, .time, .file:
            throw SharingCriteria.Problem(
                message: "`$User.\(path)` is no text, number, checkbox or lookup",
                item: nil
            )
        }
    }
}
