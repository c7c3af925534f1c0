// Layouts: sections of fields, and related lists.
extension SalesforceImport {
    mutating func convertLayouts() {
        let assigned = layoutAssignments()
        var seen: Set<String> = []
        for part in project.layouts {
            let name = Self.unescaped(part.name)
            let halves = name.split(separator: "-", maxSplits: 1).map(String.init)
            guard halves.count == 2 else {
                let item = ImportItem("layout \(name)", file: part.file, line: part.element.line)
                leaveOut(item, "its name does not say of which object it is")
                continue
            }
            let item = ImportItem(
                "layout \(world.object(halves[0])?.name ?? halves[0]) \(halves[1])",
                file: part.file,
                line: part.element.line
            )
            guard let object = world.object(halves[0]) else {
                leaveOut(item, "there is no object `\(halves[0])` here")
                continue
            }
            guard !isRefused(item) else { continue }
            guard seen.insert(item.key).inserted else {
                leaveOut(item, "the object has a layout of that name")
                continue
            }
            let recordType = assigned[name.lowercased()].flatMap { type in
                object.recordTypes.contains(type.lowercased()) ? type : nil
            }
            let layout = layout(part, item, object.name, halves[1], recordType)
            if let layout {
                let file = Self.fileName("\(object.name)-\(halves[1])")
                let number = draft.files.filter { $0.path.hasPrefix("layouts/\(file)") }.count
                draft.files.append(
                    ("layouts/\(file)\(number == 0 ? "" : "-\(number + 1)").yaml", layout)
                )
            }
        }
    }

    /// `Site %28new%29` → `Site (new)`.
    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let hex = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), hex.utf8.count == 2, let code = UInt8(hex, radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func fileName(_ text: String) -> String {
        String(
            text.map { character in
                character.isASCII && (character.isLetter || character.isNumber)
                    || character == "_" || character == "-" ? character : "_"
            }
        )
    }

    /// Which record type a layout is for, as the first profile assigns it.
    private func layoutAssignments() -> [String: String] {
        var assigned: [String: String] = [:]
        let profiles = project.profiles.sorted { left, right in
            (left.name == "Admin" ? 0 : 1, left.name) < (right.name == "Admin" ? 0 : 1, right.name)
        }
        for profile in profiles {
            for entry in profile.element.all("layoutAssignments") {
                guard let layout = entry.string("layout"),
                    let type = Self.pair(entry.string("recordType"))?.1
                else { continue }
                let key = Self.unescaped(layout).lowercased()
                if assigned[key] == nil { assigned[key] = type }
            }
        }
        return assigned
    }

    private mutating func layout(
        _ part: SalesforceProject.Part,
        _ item: ImportItem,
        _ object: String,
        _ name: String,
        _ recordType: String?
    ) -> DraftMap? {
        var sections: [DraftMap] = []
        for source in part.element.all("layoutSections") {
            if let section = section(source, item, object) { sections.append(section) }
        }
        guard !sections.isEmpty else {
            leaveOut(item, "none of its sections has a field that is here")
            return nil
        }
        if ground.schema.presentation.layouts.contains(where: {
            $0.object.folded == object.lowercased() && $0.recordType?.text == recordType
        }) {
            change(item, "another package's layout of \(object) is shown before it")
        }
        var map = DraftMap(item)
        map.put("object", text: object)
        map.put("layout", text: name)
        map.put("recordType", text: recordType)
        map.put("sections", .list(sections))
        let lists = part.element.all("relatedLists").compactMap { relatedList($0, item, object) }
        if !lists.isEmpty { map.put("relatedLists", .list(lists)) }
        remarkParts(part.element, item)
        return map
    }

    private static let otherParts = [
        "customButtons", "excludeButtons", "quickActionList", "platformActionList",
        "feedLayout", "miniLayout", "summaryLayout", "customConsoleComponents", "headers",
    ]

    private mutating func remarkParts(_ source: SourceElement, _ item: ImportItem) {
        let found = Self.otherParts.filter { source.first($0) != nil }
        guard let first = found.first else { return }
        change(
            item,
            "not taken of it: \(found.joined(separator: ", "))",
            line: source.first(first)?.line
        )
    }

    private mutating func section(
        _ source: SourceElement,
        _ item: ImportItem,
        _ object: String
    ) -> DraftMap? {
        let columns = source.all("layoutColumns").map { $0.all("layoutItems") }
        var fields: [String] = []
        // Fields side by side are read together.
        for row in 0..<(columns.map(\.count).max() ?? 0) {
            for column in columns where column.indices.contains(row) {
                if let name = field(column[row], item, object), !fields.contains(name) {
                    fields.append(name)
                }
            }
        }
        guard !fields.isEmpty else { return nil }
        var map = DraftMap()
        map.put("label", text: source.string("label") ?? "Information")
        map.put("columns", .integer(columns.filter { !$0.isEmpty }.count > 1 ? 2 : 1))
        map.put("fields", .texts(fields))
        return map
    }

    private mutating func field(
        _ place: SourceElement,
        _ item: ImportItem,
        _ object: String
    ) -> String? {
        guard let name = place.string("field") else {
            let parts = ["page", "component", "customLink", "scontrol", "analyticsCloudComponent"]
            if let part = parts.first(where: { place.first($0) != nil }) {
                change(item, "there is no place for its \(part)", line: place.line)
            }
            return nil
        }
        if let field = world.field(name, of: object) { return field.name }
        // Who did it and when stand in two fields here.
        switch name {
        case "CreatedBy": return "CreatedById"
        case "LastModifiedBy": return "LastModifiedById"
        default:
            change(item, "there is no field `\(name)` for it", line: place.line)
            return nil
        }
    }

    private static let standardLists = [
        "RelatedContactList": "Contacts", "RelatedCaseList": "Cases",
        "RelatedActivityList": "Tasks", "RelatedFileList": "ContentDocumentLinks",
        "RelatedContentList": "ContentDocumentLinks", "RelatedNoteList": "Notes",
        "RelatedAttachmentList": "Attachments", "RelatedCommentsList": "CaseComments",
        "RelatedCaseCommentsList": "CaseComments", "RelatedOpportunityList": "Opportunities",
        "RelatedSubsidiaryList": "ChildAccounts",
    ]

    private mutating func relatedList(
        _ source: SourceElement,
        _ item: ImportItem,
        _ object: String
    ) -> DraftMap? {
        let name = source.string("relatedList") ?? ""
        guard let (child, relationship) = children(name, of: object) else {
            change(
                item,
                "it has no related list `\(name)`: no such children are here",
                line: source.line
            )
            return nil
        }
        let names = ColumnNames(world: world)
        var fields: [String] = []
        for place in source.all("fields") {
            guard let name = place.trimmed else { continue }
            if let column = names.column(name, of: child) {
                if !fields.contains(column.path) { fields.append(column.path) }
            } else {
                change(item, "its list of \(child) has no column `\(name)`", line: place.line)
            }
        }
        if fields.isEmpty { fields = [world.object(child)?.nameField ?? "Id"] }
        var map = DraftMap()
        map.put("relationship", text: relationship, line: source.line)
        map.put("fields", .texts(fields))
        return map
    }

    /// The children of a related list: their object, and their relationship's name.
    private func children(
        _ name: String,
        of object: String
    ) -> (object: String, relationship: String)? {
        if let standard = Self.standardLists[name] {
            return world.relationships["\(object).\(standard)".lowercased()]
                .map { ($0.object, $0.name) }
        }
        guard let (child, lookup) = Self.pair(name),
            let field = world.field(lookup, of: child) ?? world.field(lookup + "Id", of: child),
            field.targets.contains(where: { $0.lowercased() == object.lowercased() }),
            let relationship = field.childRelationship, let found = world.object(child)
        else { return nil }
        return (found.name, relationship)
    }
}
