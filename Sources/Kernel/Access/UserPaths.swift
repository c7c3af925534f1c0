import Language
import Metadata

/// What restriction rules and sharing sets ask of a user: `$User.Department`, `Contact.AccountId`.
struct UserPaths {
    private let schema: OrgSchema

    init(_ schema: OrgSchema) {
        self.schema = schema
    }

    /// The fields on the way of every path, by object: a change of one changes who sees what.
    var fields: [APIName: Set<APIName>] {
        var fields: [APIName: Set<APIName>] = [:]
        let declared = schema.automation.sharing
        let paths =
            declared.sets.flatMap { $0.mappings.map(\.userField) }
            + declared.restrictions.flatMap {
                UserText($0.userCriteria).paths + UserText($0.recordFilter).paths
            }
        for path in paths {
            for step in (try? steps(of: path)) ?? [] {
                fields[step.object.name, default: []].insert(step.field.name)
            }
        }
        return fields
    }

    struct Step {
        let object: ObjectDefinition
        let field: FieldDefinition
    }

    /// The fields that a path from a user goes through.
    func steps(of path: String) throws(SharingCriteria.Problem) -> [Step] {
        try steps(of: path, from: "User")
    }

    /// The fields that a path goes through: lookups by their relationship's name, a field at the end.
    func steps(of path: String, from start: APIName) throws(SharingCriteria.Problem) -> [Step] {
        var steps: [Step] = []
        var object = schema.object(start)
        let segments = path.split(separator: ".").map { APIName(String($0)) }
        for (place, name) in segments.enumerated() {
            let isLast = place == segments.count - 1
            guard let present = object,
                let field = isLast ? present.field(name) : present.parentField(name),
                !field.isHidden
            else {
                let known = object?.fields.filter { !$0.isHidden }.map(\.name.text) ?? []
                throw SharingCriteria.Problem(
                    message: "\(object?.name.text ?? start.text) has no `\(name)`"
                        + Suggestion.phrase(for: name.text, among: known),
                    item: nil
                )
            }
            steps.append(Step(object: present, field: field))
            if isLast { break }
            guard let targets = field.reference?.targets, targets.count == 1 else {
                throw SharingCriteria.Problem(
                    message: "`\(name)` leads to records of several objects",
                    item: nil
                )
            }
            object = schema.object(targets[0])
        }
        guard !steps.isEmpty else {
            throw SharingCriteria.Problem(message: "names no field", item: nil)
        }
        return steps
    }

    /// The objects to whose records a path leads; empty where it does not lead to records.
    func targets(_ steps: [Step]) -> [APIName] {
        guard let last = steps.last else { return [] }
        if case .id = last.field.type { return [last.object.name] }
        return last.field.reference?.targets ?? []
    }

    /// Records whose path leads to one of these.
    func rows(_ steps: ArraySlice<Step>, to ids: [RecordID]) -> RowPredicate {
        guard let first = steps.first else { return .nothing }
        let key = RowPredicate.FieldKey(first.field)
        let rest = steps.dropFirst()
        guard let next = rest.first else { return .fieldIn(key, ids) }
        return .parentVisible(
            key,
            [RowPredicate.ParentRule(object: next.object, rows: rows(rest, to: ids))]
        )
    }
}

/// A condition in which `$User.Path` stands for a value of the user who asks.
struct UserText {
    private enum Part {
        case text(String)
        case path(String)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var plain = ""
        var rest = Substring(text)
        var isQuoted = false
        while let first = rest.first {
            if isQuoted && first == "\\" {
                plain += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if !isQuoted, rest.lowercased().hasPrefix("$user.") {
                let path = rest.dropFirst(6)
                    .prefix { $0 == "." || $0 == "_" || $0.isLetter || $0.isNumber }
                parts += [.text(plain), .path(String(path))]
                plain = ""
                rest = rest.dropFirst(6 + path.count)
            } else {
                if first == "'" { isQuoted.toggle() }
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        self.parts = parts + [.text(plain)]
    }

    var paths: [String] {
        parts.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }

    /// The condition with something in the place of each path; `nil` where there is nothing for one.
    func text(_ value: (String) throws -> String?) rethrows -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .path(let path):
                guard let value = try value(path) else { return nil }
                text += value
            }
        }
        return text
    }
}

extension UserPaths {
    /// One user, of whom paths ask.
    struct Person {
        let id: RecordID
        let profile: RecordID?
        let questions: SystemQuestions

        private var paths: UserPaths { UserPaths(questions.schema) }

        private func value(_ path: String) throws -> FieldValue {
            try questions.rows("SELECT \(path) FROM User WHERE Id = '\(id)'").first?.first ?? .null
        }

        /// What a sharing set brings the user, by object.
        func grants(
            of set: SharingSetDefinition
        ) throws -> [(APIName, CallerSharing.SetGrant)] {
            guard let profile, try isFor(profile, set) else { return [] }
            return try set.mappings.compactMap { mapping in
                guard let steps = try? paths.steps(of: mapping.objectField, from: mapping.object),
                    let target = try value(mapping.userField).id
                else { return nil }
                let grant = CallerSharing.SetGrant(
                    name: set.name,
                    allowsEdit: mapping.allowsEdit,
                    rows: paths.rows(steps[...], to: [target])
                )
                return (mapping.object, grant)
            }
        }

        private func isFor(_ profile: RecordID, _ set: SharingSetDefinition) throws -> Bool {
            let name = try questions.rows("SELECT Name FROM Profile WHERE Id = '\(profile)'")
                .first?.first?.text
            return name.map { name in
                set.profiles.contains { $0.lowercased() == name.lowercased() }
            } ?? false
        }

        /// How a rule narrows what the user sees; `nil` where the user is not one of those it is
        /// about.
        func restriction(
            by rule: RestrictionRuleDefinition
        ) throws -> CallerSharing.Restriction? {
            guard let object = questions.schema.object(rule.object) else { return nil }
            guard
                let condition = UserText(rule.userCriteria).text({ $0 }),
                try !questions.rows("SELECT Id FROM User WHERE Id = '\(id)' AND (\(condition))")
                    .isEmpty
            else { return nil }
            let filter = try UserText(rule.recordFilter).text { path in
                SOQLText.literal(try value(path))
            }
            // A user of whom the filter asks what is not there sees nothing, rather than all.
            let rows = try filter.map {
                do throws(SharingCriteria.Problem) {
                    return try SharingCriteria.rows($0, object, questions.schema)
                } catch {
                    throw RecordError(
                        .unknownException,
                        "the restriction rule \(rule.name) cannot be followed: \(error.message)"
                    )
                }
            }
            return CallerSharing.Restriction(name: rule.name, rows: rows ?? .nothing)
        }
    }
}
