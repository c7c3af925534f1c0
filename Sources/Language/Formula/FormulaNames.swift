import Metadata

/// What a name in a formula turns out to be.
enum FormulaNameTarget {
    case path(FormulaPath)
    case global(FormulaGlobal)
    case variable(String, FormulaType)
}

/// Looks names up: fields, parents, variables and globals.
struct FormulaNames {
    struct Problem: Error {
        let message: String
    }

    let scope: FormulaScope
    let root: FormulaPath.Root
    let base: ObjectDefinition?
    let prefix: [FormulaPath.Step]

    /// How many lookups a path may follow.
    static let stepsMax = 10

    func target(_ name: String) -> Result<FormulaNameTarget, Problem> {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = segments.first, !segments.contains("") else {
            return problem("`\(name)` is no name")
        }
        if first.hasPrefix("$") { return global(first, Array(segments.dropFirst()), name) }
        if let variable = variable(first, Array(segments.dropFirst()), name) { return variable }
        guard let object = scope.object else {
            return problem(
                "there is no `\(name)` here"
                    + Suggestion.phrase(for: first, among: Array(scope.variables.keys))
            )
        }
        return field(segments, of: object, root: root, base: base ?? object, prefix: prefix)
    }

    private func problem(_ message: String) -> Result<FormulaNameTarget, Problem> {
        .failure(Problem(message: message))
    }

    private func variable(
        _ first: String,
        _ rest: [String],
        _ name: String
    ) -> Result<FormulaNameTarget, Problem>? {
        let known = scope.variables.first { $0.key.lowercased() == first.lowercased() }
        guard let (declared, variable) = known else { return nil }
        switch variable {
        case .value(let type):
            guard rest.isEmpty else {
                return problem("`\(declared)` is a value and has no field `\(rest[0])`")
            }
            return .success(.variable(declared, type))
        case .record(let object):
            guard !rest.isEmpty else {
                return problem("`\(declared)` is a record; name a field of it: \(declared).Id")
            }
            return field(rest, of: object, root: .variable(declared), base: object, prefix: [])
        }
    }

    // MARK: Fields

    private func field(
        _ segments: [String],
        of object: ObjectDefinition,
        root: FormulaPath.Root,
        base: ObjectDefinition,
        prefix: [FormulaPath.Step]
    ) -> Result<FormulaNameTarget, Problem> {
        var segments = segments[...]
        // `Case.Status` in a formula about cases.
        if segments.count > 1, let first = segments.first, APIName(first) == object.name,
            object.parentField(APIName(first)) == nil
        {
            segments.removeFirst()
        }
        var place = object
        var steps = prefix
        while segments.count > 1, let segment = segments.first {
            segments.removeFirst()
            switch step(segment, then: segments.first ?? "", from: place) {
            case .success(let step):
                steps.append(step)
                place = step.target
            case .failure(let problem): return .failure(problem)
            }
        }
        guard steps.count <= FormulaNames.stepsMax else {
            return problem("a path goes at most \(FormulaNames.stepsMax) levels up")
        }
        guard let last = segments.first else { return problem("a field is missing") }
        if let field = place.field(APIName(last)) {
            return .success(.path(FormulaPath(root: root, base: base, steps: steps, field: field)))
        }
        if place.parentField(APIName(last)) != nil || last.contains(":") {
            return problem("`\(last)` is a parent record; name a field of it: \(last).Name")
        }
        let known = place.fields.map(\.name.text)
        let others = Array(scope.variables.keys) + known
        return problem(
            "\(place.name.text) has no field `\(last)`"
                + Suggestion.phrase(for: last, among: others)
        )
    }

    private func step(
        _ segment: String,
        then next: String,
        from object: ObjectDefinition
    ) -> Result<FormulaPath.Step, Problem> {
        let parts = segment.split(separator: ":").map(String.init)
        let relationship = parts.first ?? segment
        let lookup =
            object.parentField(APIName(relationship))
            // `Account__c.Name` for `Account__r.Name`, as older formulas have it.
            ?? object.field(APIName(relationship)).flatMap { $0.reference == nil ? nil : $0 }
        guard let lookup, let reference = lookup.reference else {
            let names = object.fields.compactMap(\.parentRelationshipName?.text)
            return .failure(
                Problem(
                    message: "\(object.name.text) has no parent `\(relationship)`"
                        + Suggestion.phrase(for: relationship, among: names)
                )
            )
        }
        let targets = reference.targets.compactMap { scope.schema.object($0) }
        if parts.count > 1 {
            let wanted = APIName(parts[1] == "Queue" ? "Group" : parts[1])
            guard let target = targets.first(where: { $0.name == wanted }) else {
                let names = reference.targets.map(\.text)
                return .failure(
                    Problem(
                        message: "`\(relationship)` does not point to `\(parts[1])`"
                            + Suggestion.phrase(for: parts[1], among: names)
                    )
                )
            }
            return .success(.init(lookup: lookup, target: target))
        }
        if targets.count == 1, let target = targets.first {
            return .success(.init(lookup: lookup, target: target))
        }
        let able = targets.filter { target in
            target.field(APIName(next)) != nil || target.parentField(APIName(next)) != nil
        }
        if able.count == 1, let target = able.first {
            return .success(.init(lookup: lookup, target: target))
        }
        let forms = targets.map { "`\(relationship):\($0.name.text).\(next)`" }
        return .failure(
            Problem(
                message: "`\(relationship)` may point to several objects; write "
                    + forms.joined(separator: " or ")
            )
        )
    }

    // MARK: Globals

    private func global(
        _ first: String,
        _ rest: [String],
        _ name: String
    ) -> Result<FormulaNameTarget, Problem> {
        let kinds = FormulaGlobal.Kind.allCases
        guard let kind = kinds.first(where: { $0.rawValue.lowercased() == first.lowercased() })
        else {
            return problem(
                "there is no `\(first)`"
                    + Suggestion.phrase(for: first, among: kinds.map(\.rawValue))
            )
        }
        guard scope.globals.contains(kind) else {
            return problem("\(kind.rawValue) cannot be used here")
        }
        guard let next = rest.first else { return problem("`\(name)` needs a name behind a dot") }
        switch kind {
        case .record, .priorRecord:
            guard let object = scope.object else { return problem("there is no record here") }
            if kind == .priorRecord, !scope.hasPriorRecord {
                return problem("there is no earlier version of the record here")
            }
            let root = kind == .record ? root : FormulaPath.Root.priorRecord
            return field(rest, of: object, root: root, base: base ?? object, prefix: prefix)
        case .user:
            guard let user = scope.schema.object("User") else {
                return problem("this org has no object User")
            }
            return field(rest, of: user, root: .user, base: user, prefix: [])
        case .profile: return field(kind, rest, of: "Profile")
        case .userRole: return field(kind, rest, of: "UserRole")
        case .organization: return field(kind, rest, of: "Organization")
        case .permission: return plain(kind, [next], .boolean)
        case .label, .api: return plain(kind, rest, .text)
        case .system:
            guard next.lowercased() == "origindatetime" else {
                return problem("$System has only `OriginDateTime`")
            }
            return plain(kind, ["OriginDateTime"], .dateTime)
        case .flow: return flow(next)
        case .setup:
            guard rest.count == 2 else { return problem("write $Setup.Object__c.Field__c") }
            return field(kind, [rest[1]], of: next, path: rest)
        case .customMetadata:
            guard rest.count == 3 else {
                return problem("write $CustomMetadata.Type__mdt.Record.Field__c")
            }
            return field(kind, [rest[2]], of: next, path: rest)
        }
    }

    private func plain(
        _ kind: FormulaGlobal.Kind,
        _ path: [String],
        _ type: FormulaType
    ) -> Result<FormulaNameTarget, Problem> {
        .success(.global(FormulaGlobal(kind: kind, path: path, type: type)))
    }

    private func flow(_ name: String) -> Result<FormulaNameTarget, Problem> {
        let known: [(String, FormulaType)] = [
            ("CurrentDate", .date), ("CurrentDateTime", .dateTime), ("FaultMessage", .text),
            ("InterviewStartTime", .dateTime), ("CurrentRecord", .id), ("InterviewGuid", .text),
        ]
        guard let found = known.first(where: { $0.0.lowercased() == name.lowercased() }) else {
            return problem(
                "$Flow has no `\(name)`" + Suggestion.phrase(for: name, among: known.map(\.0))
            )
        }
        return plain(.flow, [found.0], found.1)
    }

    private func field(
        _ kind: FormulaGlobal.Kind,
        _ rest: [String],
        of object: String,
        path: [String]? = nil
    ) -> Result<FormulaNameTarget, Problem> {
        guard let declared = scope.schema.object(APIName(object)) else {
            return problem("this org has no object \(object)")
        }
        guard rest.count == 1, let field = declared.field(APIName(rest[0])) else {
            return problem(
                "\(declared.name.text) has no field `\(rest.joined(separator: "."))`"
                    + Suggestion.phrase(
                        for: rest.first ?? "",
                        among: declared.fields.map(\.name.text)
                    )
            )
        }
        guard let type = field.formulaType else {
            return problem("no formula may read \(declared.name.text).\(field.name.text)")
        }
        return plain(kind, path ?? [field.name.text], type)
    }
}
