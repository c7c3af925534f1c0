// Objects, their record types and their rules.
extension SalesforceImport {
    /// An object that will be there, and how its file begins.
    struct ObjectPlan {
        let source: SalesforceProject.ObjectSource
        let item: ImportItem
        let kind: ObjectKind
        var fields: [FieldPlan] = []
        var recordTypes: [DraftMap] = []
        var rules: [DraftMap] = []
    }

    enum ObjectKind: Equatable {
        /// One that the org has: fields and rules are added to it.
        case extended
        case custom
        case setting
        case metadataType
        case event
    }

    mutating func convertObjects() {
        var plans: [ObjectPlan] = []
        for source in project.sortedObjects {
            if let plan = plan(source) { plans.append(plan) }
        }
        for index in plans.indices {
            plans[index].fields = fields(of: plans[index])
        }
        settleSummaries(&plans)
        for index in plans.indices {
            for number in plans[index].fields.indices {
                plans[index].fields[number].map = map(plans[index].fields[number], plans[index])
            }
        }
        for index in plans.indices {
            plans[index].recordTypes = recordTypes(of: plans[index])
            plans[index].rules = rules(of: plans[index])
        }
        for plan in plans {
            if let map = map(plan) { draft.files.append(("objects/\(plan.source.name).yaml", map)) }
        }
    }

    private mutating func plan(_ source: SalesforceProject.ObjectSource) -> ObjectPlan? {
        let first = source.heads.first
        let anyPart =
            first ?? source.fields.first ?? source.views.first ?? source.rules.first
            ?? source.recordTypes.first
        let item = ImportItem(
            "object \(source.name)",
            file: anyPart?.file ?? "",
            line: first?.element.line ?? 1
        )
        guard isNamed(source.name, item), !isRefused(item) else { return nil }
        for head in source.heads.dropFirst() {
            remark(
                .note,
                ImportItem(item.name, file: head.file, line: head.element.line),
                "the object is described again; \(item.file) is taken, and the parts of both"
            )
        }
        if world.object(source.name) != nil {
            return ObjectPlan(source: source, item: item, kind: .extended)
        }
        guard let kind = kind(of: source, item) else { return nil }
        var object = ImportWorld.Object(
            name: source.name,
            nameField: kind == .event ? nil : kind == .metadataType ? "MasterLabel" : "Name",
            isGround: false
        )
        for (name, fieldKind, targets) in systemFields(of: source, kind) {
            object.fields[name.lowercased()] = ImportWorld.Field(
                name: name,
                kind: fieldKind,
                targets: targets,
                isWritten: name == "Name" || name == "OwnerId",
                hasHistory: name == "Name" || name == "OwnerId"
            )
        }
        world.add(object)
        return ObjectPlan(source: source, item: item, kind: kind)
    }

    private mutating func kind(
        of source: SalesforceProject.ObjectSource,
        _ item: ImportItem
    ) -> ObjectKind? {
        let head = source.heads.first?.element
        let name = source.name.lowercased()
        if head == nil || head?.string("label") == nil {
            let parts = source.fields.count + source.rules.count + source.views.count
            leaveOut(
                item,
                "this org has no object `\(source.name)` to extend, nor is it declared here; "
                    + "\(parts) fields, rules and list views go with it"
            )
            return nil
        }
        if name.hasSuffix("__c") {
            return head?.string("customSettingsType") == nil ? .custom : .setting
        }
        if name.hasSuffix("__mdt") { return .metadataType }
        if name.hasSuffix("__e") { return .event }
        let advice =
            name.hasSuffix("__b")
            ? "big objects are not taken"
            : name.hasSuffix("__x")
                ? "external objects are not taken"
                : "this org has no object of that name, and only custom objects are made"
        leaveOut(item, advice)
        return nil
    }

    private func systemFields(
        of source: SalesforceProject.ObjectSource,
        _ kind: ObjectKind
    ) -> [(String, ImportWorld.Kind, [String])] {
        var fields: [(String, ImportWorld.Kind, [String])] = [
            ("Id", .reference, []), ("CreatedDate", .dateTime, []),
            ("CreatedById", .reference, ["User"]),
        ]
        if kind == .event { return fields }
        fields += [
            ("IsDeleted", .boolean, []), ("LastModifiedDate", .dateTime, []),
            ("LastModifiedById", .reference, ["User"]), ("SystemModstamp", .dateTime, []),
            (kind == .metadataType ? "MasterLabel" : "Name", .text, []),
        ]
        if kind == .metadataType { fields.append(("DeveloperName", .text, [])) }
        if kind == .custom && !isDetail(source) {
            fields.append(("OwnerId", .reference, ["User", "Group"]))
        }
        if !source.recordTypes.isEmpty && kind == .custom {
            fields.append(("RecordTypeId", .reference, ["RecordType"]))
        }
        return fields
    }

    /// Whether the records belong to a master's.
    private func isDetail(_ source: SalesforceProject.ObjectSource) -> Bool {
        source.fields.contains { $0.element.string("type") == "MasterDetail" }
    }

    // MARK: Record types and rules

    private mutating func recordTypes(of plan: ObjectPlan) -> [DraftMap] {
        var maps: [DraftMap] = []
        var seen: Set<String> = []
        for part in plan.source.recordTypes {
            let item = ImportItem(
                "record type \(plan.source.name).\(part.name)",
                file: part.file,
                line: part.element.line
            )
            guard isNamed(part.name, item), !isRefused(item) else { continue }
            guard plan.kind == .custom else {
                if world.object(plan.source.name)?.recordTypes.contains(part.name.lowercased())
                    != true
                {
                    leaveOut(
                        item,
                        plan.kind == .extended
                            ? "record types are declared with the object, which is another package's"
                            : "this kind of object has no record types"
                    )
                }
                continue
            }
            guard seen.insert(part.name.lowercased()).inserted else {
                leaveOut(item, "it is declared before")
                continue
            }
            var map = DraftMap(item)
            map.put("name", text: part.name)
            map.put("label", text: part.element.string("label") ?? part.name)
            map.put("description", text: part.element.string("description"))
            if part.element.boolean("active") == false { map.put("active", .boolean(false)) }
            let offers = offers(of: part.element, on: plan.source.name, item)
            if !offers.isEmpty { map.put("picklistValues", .list(offers)) }
            world.add(recordType: part.name, to: plan.source.name)
            maps.append(map)
        }
        return maps
    }

    private mutating func rules(of plan: ObjectPlan) -> [DraftMap] {
        var maps: [DraftMap] = []
        var seen = Set(
            ground.schema.object(APIName(plan.source.name))?.validationRules.map(\.name.folded)
                ?? []
        )
        for part in plan.source.rules {
            let item = ImportItem(
                "validation rule \(plan.source.name).\(part.name)",
                file: part.file,
                line: part.element.line
            )
            guard isNamed(part.name, item), !isRefused(item) else { continue }
            guard plan.kind != .event else {
                leaveOut(item, "a platform event holds no records that a rule could refuse")
                continue
            }
            guard seen.insert(part.name.lowercased()).inserted else {
                leaveOut(item, "the object has a rule of that name")
                continue
            }
            guard let formula = part.element.first("errorConditionFormula"),
                let condition = formula.trimmed
            else {
                leaveOut(item, "it has no formula")
                continue
            }
            var map = DraftMap(item)
            map.put("name", text: part.name)
            if part.element.boolean("active") == false { map.put("active", .boolean(false)) }
            map.put("description", text: part.element.string("description"))
            map.put("errorConditionFormula", text: condition, line: formula.textLine)
            if let field = part.element.string("errorDisplayField") {
                if world.field(field, of: plan.source.name) != nil {
                    map.put("errorDisplayField", text: field)
                } else {
                    change(
                        item,
                        "its message stands at the top: there is no field `\(field)`",
                        line: part.element.first("errorDisplayField")?.line
                    )
                }
            }
            map.put("errorMessage", text: part.element.string("errorMessage") ?? part.name)
            maps.append(map)
        }
        return maps
    }

    // MARK: The file

    private mutating func map(_ plan: ObjectPlan) -> DraftMap? {
        let head = plan.source.heads.first?.element
        var map = DraftMap(plan.item)
        let history = history(of: plan)
        if plan.kind == .extended {
            if plan.fields.isEmpty && plan.rules.isEmpty && history == nil { return nil }
            map.put("extend", text: world.object(plan.source.name)?.name ?? plan.source.name)
        } else {
            map.put("object", text: plan.source.name)
            let label = head?.string("label") ?? plan.source.name
            map.put("label", text: label)
            map.put("pluralLabel", text: head?.string("pluralLabel") ?? label)
            map.put("description", text: head?.string("description"))
            describe(plan, head, &map)
        }
        if let history { map.put("history", .texts(history)) }
        if !plan.recordTypes.isEmpty { map.put("recordTypes", .list(plan.recordTypes)) }
        var fields = plan.fields.map(\.map)
        if plan.kind == .metadataType { fields.insert(Self.developerName, at: 0) }
        if !fields.isEmpty { map.put("fields", .list(fields)) }
        if !plan.rules.isEmpty { map.put("validationRules", .list(plan.rules)) }
        return map
    }

    private static var developerName: DraftMap {
        var map = DraftMap()
        map.put("name", text: "DeveloperName")
        map.put("type", text: "Text")
        map.put("length", .integer(40))
        map.put("unique", .boolean(true))
        map.put("required", .boolean(true))
        return map
    }

    private mutating func describe(
        _ plan: ObjectPlan,
        _ head: SourceElement?,
        _ map: inout DraftMap
    ) {
        switch plan.kind {
        case .extended: break
        case .event:
            map.put("eventType", text: "HighVolume")
            if head?.string("publishBehavior") == "PublishImmediately" {
                map.put("publishBehavior", text: "PublishImmediately")
            }
        case .setting, .metadataType:
            change(
                plan.item,
                plan.kind == .setting
                    ? "a custom setting becomes an object whose records administrators write"
                    : "a custom metadata type becomes an object whose records administrators write"
            )
            if plan.kind == .metadataType {
                var name = DraftMap()
                name.put("name", text: "MasterLabel")
                name.put("label", text: "Label")
                name.put("type", text: "Text")
                name.put("length", .integer(40))
                map.put("nameField", .map(name))
            }
            map.put("setup", .boolean(true))
            map.put("sharingModel", text: "Read")
        case .custom:
            if let name = nameField(plan, head) { map.put("nameField", .map(name)) }
            share(plan, head, &map)
            if head?.boolean("enableSearch") == false { map.put("searchable", .boolean(false)) }
            if head?.boolean("enableActivities") == false {
                map.put("activities", .boolean(false))
            }
            if head?.string("deploymentStatus") == "InDevelopment" {
                change(plan.item, "it was in development, and is deployed here")
            }
        }
    }

    private mutating func nameField(_ plan: ObjectPlan, _ head: SourceElement?) -> DraftMap? {
        guard let source = head?.first("nameField") else { return nil }
        var map = DraftMap()
        map.put("name", text: "Name")
        map.put("label", text: source.string("label"))
        if source.string("type") == "AutoNumber" {
            map.put("type", text: "AutoNumber")
            map.put("displayFormat", text: displayFormat(source, plan.item))
        } else {
            map.put("type", text: "Text")
            map.put("length", .integer(80))
        }
        return map
    }

    private mutating func share(
        _ plan: ObjectPlan,
        _ head: SourceElement?,
        _ map: inout DraftMap
    ) {
        let master = plan.fields.first { $0.known.isMaster }
        if isDetail(plan.source), let master {
            map.put("sharingModel", text: "ControlledByParent")
            map.put("sharingParent", text: master.known.name)
            return
        }
        let wanted = head?.string("sharingModel")
        let model: String
        switch wanted {
        case "Read", "Private", "ReadWrite": model = wanted ?? "Private"
        case nil, "ReadWriteTransfer", "FullAccess": model = "ReadWrite"
        case "ControlledByParent" where isDetail(plan.source):
            // The master was left out, and the records need owners in its place.
            model = "Private"
            world.add(
                ImportWorld.Field(name: "OwnerId", kind: .reference, targets: ["User", "Group"]),
                to: plan.source.name
            )
            change(plan.item, "its master is missing: its records are private, and have owners")
        default:
            model = "Private"
            change(
                plan.item,
                "nobody but owners sees its records: there is no `\(wanted ?? "")` without a parent",
                line: head?.first("sharingModel")?.line
            )
        }
        map.put("sharingModel", text: model)
        let widths = ["Private", "Read", "ReadWrite"]
        if let external = head?.string("externalSharingModel"),
            let outside = widths.firstIndex(of: external),
            let inside = widths.firstIndex(of: model), outside <= inside
        {
            map.put("externalSharingModel", text: external)
        }
        map.put("owners", .texts(["User", "Queue"]))
    }

    private func history(of plan: ObjectPlan) -> [String]? {
        guard plan.kind == .extended || plan.kind == .custom else { return nil }
        let head = plan.source.heads.first?.element
        guard plan.kind == .extended || head?.boolean("enableHistory") != false else { return nil }
        var names: [String] = []
        for part in plan.source.fields where part.element.boolean("trackHistory") == true {
            guard let field = world.field(part.name, of: plan.source.name), field.hasHistory,
                !names.contains(field.name)
            else { continue }
            let isOurs = plan.fields.contains { $0.known.name == field.name }
            let wasThere = ground.schema.object(APIName(plan.source.name))?.field(
                APIName(field.name)
            )
            if isOurs || wasThere != nil { names.append(field.name) }
        }
        if plan.kind == .custom, head?.first("nameField")?.boolean("trackHistory") == true,
            head?.first("nameField")?.string("type") != "AutoNumber"
        {
            names.insert("Name", at: 0)
        }
        return names.isEmpty ? nil : names
    }
}
