import Metadata

// What a reference names, and the way to it.
extension FlowCompiler {
    /// A path with every name found; a problem where there is none.
    mutating func path(_ text: String, _ map: ShapedMap, _ key: String?) -> FlowPath? {
        do {
            return try path(text)
        } catch {
            problem(map, key, error.message)
            return nil
        }
    }

    /// Why a reference names nothing.
    struct UnknownName: Error {
        let message: String
    }

    mutating func path(_ text: String) throws(UnknownName) -> FlowPath {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = names.first, !names.contains("") else {
            throw UnknownName(message: "`\(text)` is no reference")
        }
        guard first.hasPrefix("$") else { return try named(names, text) }
        let rest = Array(names.dropFirst())
        switch first.lowercased() {
        case "$record":
            guard let object else {
                throw UnknownName(message: "`$Record` is for flows that are about records")
            }
            return try fieldPath(.record, object, rest, text)
        case "$record__prior":
            guard let object, definition.start.trigger.isOfRecord, !isLater,
                definition.start.change != .create
            else {
                throw UnknownName(
                    message: "`$Record__Prior` is what was stored before an update or a delete: it "
                        + "is known in such a save only"
                )
            }
            return try fieldPath(.prior, object, rest, text)
        case "$flow": return try flowMoment(rest, text)
        case "$user": return try ofUser(rest, text)
        case "$profile": return try ofUser(["Profile"] + rest, text)
        case "$userrole": return try ofUser(["UserRole"] + rest, text)
        case "$organization":
            guard let organization = schema.object("Organization") else { break }
            return try fieldPath(.organization, organization, rest, text, mustBeField: true)
        default: break
        }
        let known = ["$Record", "$Record__Prior", "$Flow", "$User", "$Profile", "$Organization"]
        let hint = Suggestion.phrase(for: first, among: known)
        throw UnknownName(message: "`\(first)` is not known\(hint)")
    }

    private func ofUser(_ names: [String], _ text: String) throws(UnknownName) -> FlowPath {
        guard let user = schema.object("User") else {
            throw UnknownName(message: "the org has no object `User`")
        }
        return try fieldPath(.user, user, names, text, mustBeField: true)
    }

    private func flowMoment(_ names: [String], _ text: String) throws(UnknownName) -> FlowPath {
        let moment = FlowPath.Moment.allCases.first {
            names.count == 1 && $0.rawValue.lowercased() == names[0].lowercased()
        }
        guard let moment else {
            let known = FlowPath.Moment.allCases.map { "$Flow.\($0.rawValue)" }
            let hint = Suggestion.phrase(for: text, among: known)
            throw UnknownName(message: "`\(text)` is not known\(hint)")
        }
        let type: FlowType =
            switch moment {
            case .currentDate: .date
            case .currentDateTime, .interviewStartTime: .dateTime
            case .faultMessage: .text
            }
        return FlowPath(root: .moment(moment), type: type, text: text)
    }

    private mutating func named(_ names: [String], _ text: String) throws(UnknownName) -> FlowPath {
        let first = names[0]
        if first.lowercased() == "currentitem", let currentItem {
            return try inSlot(currentItem, Array(names.dropFirst()), text)
        }
        if names.count > 1, let slot = slotsByName["\(first).\(names[1])".lowercased()] {
            return try inSlot(slot, Array(names.dropFirst(2)), text)
        }
        if let slot = slotsByName[first.lowercased()] {
            return try inSlot(slot, Array(names.dropFirst()), text)
        }
        if let index = definition.formulas.firstIndex(where: { $0.name == APIName(first) }) {
            if formulas[index] == nil { formula(index) }
            let type = FlowType(definition.formulas[index].dataType, objectType: nil)
            return try whole(.formula(index), type, names, text)
        }
        if let index = definition.textTemplates.firstIndex(where: { $0.name == APIName(first) }) {
            if templates[index] == nil { template(index) }
            return try whole(.template(index), .text, names, text)
        }
        throw unknown(first)
    }

    private func whole(
        _ root: FlowPath.Root,
        _ type: FlowType,
        _ names: [String],
        _ text: String
    ) throws(UnknownName) -> FlowPath {
        guard names.count == 1 else {
            throw UnknownName(message: "`\(names[0])` is \(type.name) and has no fields")
        }
        return FlowPath(root: root, type: type, text: text)
    }

    private func unknown(_ name: String) -> UnknownName {
        if definition.allSteps.contains(where: { $0.name == APIName(name) }) {
            return UnknownName(
                message: "`\(name)` has no value here: it comes later, or gives none"
            )
        }
        let known =
            slots.map(\.name) + definition.formulas.map(\.name.text)
            + definition.textTemplates.map(\.name.text)
        var hint = Suggestion.phrase(for: name, among: known)
        if hint.isEmpty, object?.field(APIName(name)) != nil {
            hint = "; the record's field is `$Record.\(name)`"
        }
        return UnknownName(message: "nothing in this flow is called `\(name)`\(hint)")
    }

    private func inSlot(
        _ slot: Int,
        _ names: [String],
        _ text: String
    ) throws(UnknownName) -> FlowPath {
        let type = slots[slot].type
        if case .record(let name) = type, let object = schema.object(name) {
            return try fieldPath(.slot(slot), object, names, text)
        }
        guard names.isEmpty else {
            let advice = type.isCollection ? ": loop over its items" : " and has no fields"
            throw UnknownName(message: "`\(slots[slot].name)` is \(type.name)\(advice)")
        }
        return FlowPath(root: .slot(slot), type: type, text: text)
    }

    private func fieldPath(
        _ root: FlowPath.Root,
        _ object: ObjectDefinition,
        _ names: [String],
        _ text: String,
        mustBeField: Bool = false
    ) throws(UnknownName) -> FlowPath {
        guard let last = names.last else {
            if mustBeField { throw UnknownName(message: "`\(text)` needs a field behind it") }
            return FlowPath(root: root, object: object, type: .record(object.name), text: text)
        }
        var candidates = [object]
        var lookup: FieldDefinition?
        for name in names.dropLast() {
            guard let field = candidates.lazy.compactMap({ $0.parentField(APIName(name)) }).first
            else { throw noParent(name, candidates) }
            if lookup == nil { lookup = field }
            candidates = (field.reference?.targets ?? []).compactMap { schema.object($0) }
        }
        guard names.count <= FlowLimits.pathLengthMax else {
            throw UnknownName(message: "`\(text)` goes over too many lookups")
        }
        guard let field = candidates.lazy.compactMap({ $0.field(APIName(last)) }).first else {
            let names = candidates.flatMap { $0.fields.map(\.name.text) }
            let hint = Suggestion.phrase(for: last, among: names)
            let owners = candidates.map(\.name.text).joined(separator: " or ")
            throw UnknownName(message: "`\(last)` is no field of \(owners)\(hint)")
        }
        guard let type = FlowType(field) else {
            throw UnknownName(message: "a flow cannot hold `\(last)`: ask for one of its parts")
        }
        if !field.isStored, names.count == 1, !isComputedKnown(root) {
            throw UnknownName(
                message: "`\(text)` is computed from what is stored, and not known here; use "
                    + "what it is computed from"
            )
        }
        return FlowPath(
            root: root,
            object: object,
            parents: names.dropLast().map { APIName($0) },
            field: field,
            lookup: lookup,
            type: type,
            text: text
        )
    }

    /// Whether the store can be asked for a computed field of the record that the root holds.
    private func isComputedKnown(_ root: FlowPath.Root) -> Bool {
        switch root {
        case .prior: false
        case .record: definition.start.trigger != .recordBeforeSave
        case .slot, .user, .organization, .formula, .template, .moment: true
        }
    }

    private func noParent(_ name: String, _ candidates: [ObjectDefinition]) -> UnknownName {
        let known = candidates.flatMap { $0.fields.compactMap(\.parentRelationshipName?.text) }
        let hint = Suggestion.phrase(for: name, among: known)
        let owners = candidates.map(\.name.text).joined(separator: " or ")
        return UnknownName(message: "`\(name)` is no relationship of \(owners)\(hint)")
    }
}
