// Which fields there will be, and of what kind.
extension SalesforceImport {
    /// A field that will be there.
    struct FieldPlan {
        let item: ImportItem
        let source: SourceElement
        /// The type here: `Text`, `Formula`, ….
        let type: String
        var known: ImportWorld.Field
        var map = DraftMap()
    }

    /// Types of the source format, and what they are here.
    private static let types: [String: String] = [
        "Text": "Text", "TextArea": "LongTextArea", "LongTextArea": "LongTextArea", "Html": "Html",
        "EncryptedText": "EncryptedText", "Email": "Email", "Phone": "Phone", "Url": "Url",
        "Checkbox": "Checkbox", "Number": "Number", "Currency": "Currency", "Percent": "Percent",
        "Date": "Date", "DateTime": "DateTime", "Time": "Time", "Picklist": "Picklist",
        "MultiselectPicklist": "MultiselectPicklist", "Lookup": "Lookup", "Hierarchy": "Lookup",
        "MetadataRelationship": "Lookup", "MasterDetail": "MasterDetail",
        "AutoNumber": "AutoNumber", "Location": "Location", "Address": "Address",
        "Summary": "Summary",
    ]

    private static let eventTypes: Set<String> = [
        "Text", "LongTextArea", "Number", "Checkbox", "Date", "DateTime",
    ]

    /// The fields of an object, as far as they can be told from their own files.
    mutating func fields(of plan: ObjectPlan) -> [FieldPlan] {
        var fields: [FieldPlan] = []
        var known: [String: ImportItem] = [:]
        var standardCount = 0
        for part in plan.source.fields {
            let item = ImportItem(
                "field \(plan.source.name).\(part.name)",
                file: part.file,
                line: part.element.line
            )
            if let other = known[part.name.lowercased()] {
                leaveOut(item, "it is declared in \(other.file)")
                continue
            }
            if world.field(part.name, of: plan.source.name) != nil {
                if part.name.hasSuffix("__c") {
                    remark(.note, item, "this org has the field, and keeps it as it is")
                } else {
                    standardCount += 1
                }
                continue
            }
            guard isNamed(part.name, item), !isRefused(item),
                let field = field(part, item, plan)
            else { continue }
            known[part.name.lowercased()] = item
            fields.append(field)
            world.add(field.known, to: plan.source.name)
        }
        if standardCount > 0 {
            remark(
                .note,
                plan.item,
                "\(standardCount) standard fields are kept as this org has them"
            )
        }
        return fields
    }

    private mutating func field(
        _ part: SalesforceProject.Part,
        _ item: ImportItem,
        _ plan: ObjectPlan
    ) -> FieldPlan? {
        let source = part.element
        let typeLine = source.first("type")?.line
        guard part.name.lowercased().hasSuffix("__c") else {
            leaveOut(item, "this org has no standard field of that name")
            return nil
        }
        guard let named = source.string("type") else {
            leaveOut(item, "it has no type: it belongs to a package that is not here")
            return nil
        }
        var known = ImportWorld.Field(name: part.name, kind: .other)
        if source.first("formula") != nil {
            guard let returns = FieldType.Formula.Result(rawValue: named) else {
                leaveOut(item, "a formula cannot give `\(named)`", line: typeLine)
                return nil
            }
            known = ImportWorld.Field(name: part.name, kind: ImportWorld.kind(of: returns))
            known.isWritten = false
            known.hasHistory = false
            guard plan.kind != .event else {
                leaveOut(item, "a platform event has no formulas", line: typeLine)
                return nil
            }
            return FieldPlan(item: item, source: source, type: "Formula", known: known)
        }
        guard let type = Self.types[named] else {
            leaveOut(item, "fields of type `\(named)` are not taken", line: typeLine)
            return nil
        }
        if plan.kind == .event && !Self.eventTypes.contains(type) {
            leaveOut(item, "a platform event has no field of type `\(named)`", line: typeLine)
            return nil
        }
        known.isWritten = !["AutoNumber", "Summary", "Location", "Address"].contains(type)
        known.hasHistory = !["AutoNumber", "Summary", "EncryptedText"].contains(type)
        switch type {
        case "Lookup", "MasterDetail":
            guard refer(&known, source, item, isMaster: type == "MasterDetail", named) else {
                return nil
            }
        case "Picklist", "MultiselectPicklist":
            known = ImportWorld.Field(
                name: part.name,
                kind: type == "Picklist" ? .picklist : .multiselect,
                values: picklistValues(source).map(\.name)
            )
        default:
            known = ImportWorld.Field(
                name: part.name,
                kind: Self.kind(of: type),
                isWritten: known.isWritten,
                hasHistory: known.hasHistory
            )
        }
        return FieldPlan(item: item, source: source, type: type, known: known)
    }

    private static func kind(of type: String) -> ImportWorld.Kind {
        switch type {
        case "Checkbox": .boolean
        case "Number", "Currency", "Percent", "Summary": .number
        case "Date": .date
        case "DateTime": .dateTime
        case "Time", "Location", "Address": .other
        default: .text
        }
    }

    /// Whether what a lookup points to will be there.
    private mutating func refer(
        _ known: inout ImportWorld.Field,
        _ source: SourceElement,
        _ item: ImportItem,
        isMaster: Bool,
        _ type: String
    ) -> Bool {
        let place = source.first("referenceTo")
        let target = source.string("referenceTo") ?? (type == "Hierarchy" ? "User" : "")
        guard let object = world.object(target) else {
            leaveOut(
                item,
                target.isEmpty
                    ? "it does not say to which object it refers"
                    : "it refers to `\(target)`, which is no object of this org or this project",
                line: place?.line
            )
            return false
        }
        known = ImportWorld.Field(name: known.name, kind: .reference, targets: [object.name])
        known.isMaster = isMaster
        guard let name = source.string("relationshipName") else { return true }
        let relationship = name.hasSuffix("__r") ? name : name + "__r"
        let line = source.first("relationshipName")?.line
        if !APIName.isWellFormed(relationship) {
            change(item, "`\(name)` cannot be the name of its children", line: line)
        } else if let other = world.relationships["\(object.name).\(relationship)".lowercased()] {
            change(
                item,
                "\(object.name) has `\(name)` already, from \(other.object).\(other.field): "
                    + "these children have no name",
                line: line
            )
        } else {
            known.childRelationship = relationship
        }
        return true
    }

    // MARK: Summaries

    /// Leaves out summaries of what will not be there, until all that remain have what they count.
    mutating func settleSummaries(_ plans: inout [ObjectPlan]) {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in plans.indices {
                let object = plans[index].source.name
                let kept = plans[index].fields.filter { field in
                    guard field.type == "Summary",
                        let (reason, line) = obstacle(of: field, on: object)
                    else { return true }
                    leaveOut(field.item, reason, line: line)
                    world.remove(field: field.known.name, of: object)
                    return false
                }
                if kept.count < plans[index].fields.count { isSettled = false }
                plans[index].fields = kept
            }
        }
    }

    private func obstacle(of field: FieldPlan, on object: String) -> (String, Int?)? {
        let source = field.source
        let key = source.first("summaryForeignKey")
        guard let (child, lookup) = Self.pair(source.string("summaryForeignKey")) else {
            return ("it does not say which children it counts", key?.line)
        }
        guard let parent = world.field(lookup, of: child),
            parent.targets.contains(where: { $0.lowercased() == object.lowercased() })
        else {
            return ("`\(child).\(lookup)` is no lookup to \(object) here", key?.line)
        }
        if let (_, summed) = Self.pair(source.string("summarizedField")),
            world.field(summed, of: child) == nil
        {
            let line = source.first("summarizedField")?.line
            return ("\(child) has no field `\(summed)` here", line)
        }
        for filter in source.all("summaryFilterItems") {
            guard let (_, name) = Self.pair(filter.string("field")),
                world.field(name, of: child) != nil
            else {
                let name = filter.string("field") ?? ""
                return ("its filter needs `\(name)`, which is no field here", filter.line)
            }
            if filter.string("valueField") != nil {
                return ("its filter compares two fields", filter.line)
            }
            guard let operation = filter.string("operation"),
                Criteria.Operation(rawValue: operation) != nil
            else {
                return ("its filter has an operation that is not known", filter.line)
            }
        }
        return nil
    }

    /// `Child__c.Parent__c` in its two parts.
    static func pair(_ text: String?) -> (String, String)? {
        let parts = (text ?? "").split(separator: ".").map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}
