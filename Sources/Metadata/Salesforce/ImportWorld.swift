/// The objects and fields that will be there: the org's own and those that are brought in.
struct ImportWorld {
    /// How a field's values are written in a condition.
    enum Kind {
        case text, picklist, multiselect, boolean, number, date, dateTime, reference, other
    }

    struct Field {
        let name: String
        let kind: Kind
        var targets: [String] = []
        /// A picklist's values.
        var values: [String]?
        /// The name by which the parent finds these children.
        var childRelationship: String?
        var isMaster = false
        /// Whether people write it.
        var isWritten = true
        var hasHistory = true
    }

    struct Object {
        let name: String
        var nameField: String?
        /// By lower-case name.
        var fields: [String: Field] = [:]
        var recordTypes: Set<String> = []
        /// Whether the org has it without the import.
        let isGround: Bool
    }

    /// By lower-case name.
    private(set) var objects: [String: Object] = [:]
    /// `parent.relationship`, lower-case, to the child and its lookup.
    private(set) var relationships: [String: (object: String, field: String, name: String)] = [:]

    init(_ schema: OrgSchema) {
        for definition in schema.objects {
            var object = Object(
                name: definition.name.text,
                nameField: definition.fields.first(where: \.isNameField)?.name.text,
                isGround: true
            )
            object.recordTypes = Set(definition.recordTypes.map(\.developerName.folded))
            for field in definition.fields {
                object.fields[field.name.folded] = Field(
                    name: field.name.text,
                    kind: Self.kind(of: field.type),
                    targets: field.reference?.targets.map(\.text) ?? [],
                    values: field.picklist?.values.map(\.name),
                    childRelationship: field.reference?.childRelationshipName?.text,
                    isWritten: field.writing != .never,
                    hasHistory: !field.isSystem && Self.hasHistory(field.type)
                )
            }
            add(object)
        }
    }

    func object(_ name: String) -> Object? { objects[name.lowercased()] }

    func field(_ name: String, of object: String) -> Field? {
        objects[object.lowercased()]?.fields[name.lowercased()]
    }

    mutating func add(_ object: Object) {
        objects[object.name.lowercased()] = object
        for field in object.fields.values { note(field, of: object.name) }
    }

    mutating func add(_ field: Field, to object: String) {
        objects[object.lowercased()]?.fields[field.name.lowercased()] = field
        note(field, of: object)
    }

    mutating func add(recordType name: String, to object: String) {
        objects[object.lowercased()]?.recordTypes.insert(name.lowercased())
    }

    mutating func remove(field name: String, of object: String) {
        let field = objects[object.lowercased()]?.fields.removeValue(forKey: name.lowercased())
        guard let relationship = field?.childRelationship else { return }
        for target in field?.targets ?? [] {
            relationships["\(target).\(relationship)".lowercased()] = nil
        }
    }

    private mutating func note(_ field: Field, of object: String) {
        guard let name = field.childRelationship else { return }
        for target in field.targets {
            relationships["\(target).\(name)".lowercased()] = (object, field.name, name)
        }
    }

    /// The field at the end of a path of lookups.
    func field(atPath path: String, of object: String) -> Field? {
        let parts = path.split(separator: ".").map(String.init)
        guard let last = parts.last else { return nil }
        var at = object
        for part in parts.dropLast() {
            guard let next = parent(part, of: at) else { return nil }
            at = next
        }
        if let field = field(last, of: at) { return field }
        // Owners of several kinds have a name in common.
        return parts.count > 1 && last.lowercased() == "name"
            ? field(self.object(at)?.nameField ?? "", of: at) : nil
    }

    private func parent(_ relationship: String, of object: String) -> String? {
        let lookup =
            relationship.lowercased().hasSuffix("__r")
            ? relationship.dropLast() + "c" : relationship + "Id"
        return field(String(lookup), of: object)?.targets.first
    }

    /// The path to the name of what a lookup points to: `Site__r.Name`.
    func namePath(of field: Field) -> String? {
        guard let target = field.targets.first, let name = object(target)?.nameField else {
            return nil
        }
        if field.name.lowercased().hasSuffix("__c") { return "\(field.name.dropLast())r.\(name)" }
        guard field.name.hasSuffix("Id"), field.name.count > 2 else { return nil }
        return "\(field.name.dropLast(2)).\(field.targets.count > 1 ? "Name" : name)"
    }

    private static func hasHistory(_ type: FieldType) -> Bool {
        switch type {
        case .id, .encryptedText, .autoNumber, .file, .formula, .summary: false
        case .text, .longTextArea, .html, .email, .phone, .url, .checkbox, .number, .currency,
            .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .address, .location, .coordinate:
            true
        }
    }

    static func kind(of type: FieldType) -> Kind {
        switch type {
        case .text, .longTextArea, .html, .email, .phone, .url, .autoNumber, .encryptedText: .text
        case .checkbox: .boolean
        case .number, .currency, .percent, .coordinate: .number
        case .date: .date
        case .dateTime: .dateTime
        case .picklist: .picklist
        case .multiselectPicklist: .multiselect
        case .id, .lookup, .masterDetail: .reference
        case .time, .address, .location, .file: .other
        case .formula(let formula): kind(of: formula.returns)
        case .summary(let summary):
            switch summary.result {
            case .date: .date
            case .dateTime: .dateTime
            default: .number
            }
        }
    }

    static func kind(of result: FieldType.Formula.Result) -> Kind {
        switch result {
        case .checkbox: .boolean
        case .currency, .number, .percent: .number
        case .date: .date
        case .dateTime: .dateTime
        case .text: .text
        case .time: .other
        }
    }
}
