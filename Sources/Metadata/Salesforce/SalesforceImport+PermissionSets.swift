// Permission sets: what they grant on objects and fields, and the permissions known here.
extension SalesforceImport {
    mutating func convertPermissionSets() {
        var seen = ground.permissionSets
        for part in project.permissionSets {
            let item = ImportItem(
                "permission set \(part.name)",
                file: part.file,
                line: part.element.line
            )
            guard isNamed(part.name, item), !isRefused(item) else { continue }
            guard seen.insert(part.name.lowercased()).inserted else {
                leaveOut(item, "the org has a permission set of that name")
                continue
            }
            draft.files.append(
                ("permission-sets/\(part.name).yaml", permissionSet(part, item))
            )
        }
    }

    private mutating func permissionSet(
        _ part: SalesforceProject.Part,
        _ item: ImportItem
    ) -> DraftMap {
        let source = part.element
        var map = DraftMap(item)
        map.put("permissionSet", text: part.name)
        map.put("label", text: source.string("label") ?? part.name)
        map.put("description", text: source.string("description"))
        var users: [String] = []
        for place in source.all("userPermissions") where place.boolean("enabled") != false {
            guard let name = place.string("name"), !users.contains(name) else { continue }
            if UserPermission(rawValue: name) != nil {
                users.append(name)
            } else {
                change(item, "there is no permission `\(name)`", line: place.line)
            }
        }
        if !users.isEmpty { map.put("userPermissions", .texts(users)) }
        let objects = objectGrants(source, item)
        if !objects.isEmpty { map.put("objectPermissions", .list(objects)) }
        let fields = fieldGrants(source, item)
        if !fields.isEmpty { map.put("fieldPermissions", .list(fields)) }
        remarkGrants(source, item)
        return map
    }

    private mutating func objectGrants(_ source: SourceElement, _ item: ImportItem) -> [DraftMap] {
        var maps: [DraftMap] = []
        var seen: Set<String> = []
        for place in source.all("objectPermissions") {
            let name = place.string("object") ?? ""
            guard let object = world.object(name) else {
                change(
                    item,
                    "it grants nothing on `\(name)`, which is no object here",
                    line: place.line
                )
                continue
            }
            guard seen.insert(object.name.lowercased()).inserted else { continue }
            let grants = [
                "allowRead", "allowCreate", "allowEdit", "allowDelete", "viewAllRecords",
                "modifyAllRecords", "viewAllFields",
            ]
            .filter { place.boolean($0) == true }
            guard !grants.isEmpty else { continue }
            // What may be changed may be read, and changing all is all.
            var all = Set(grants + ["allowRead"])
            if all.contains("modifyAllRecords") {
                all.formUnion(["viewAllRecords", "allowEdit", "allowDelete"])
            }
            if all.contains("allowDelete") { all.insert("allowEdit") }
            var map = DraftMap()
            map.put("object", text: object.name)
            for name in [
                "allowRead", "allowCreate", "allowEdit", "allowDelete", "viewAllRecords",
                "modifyAllRecords", "viewAllFields",
            ] {
                map.put(name, flag: all.contains(name))
            }
            maps.append(map)
        }
        return maps
    }

    private mutating func fieldGrants(_ source: SourceElement, _ item: ImportItem) -> [DraftMap] {
        var maps: [DraftMap] = []
        var seen: Set<String> = []
        /// Names of what is not here, by object, and the line of the first.
        var missing: [String: (names: [String], line: Int)] = [:]
        for place in source.all("fieldPermissions") {
            let path = place.string("field") ?? ""
            let isEditable = place.boolean("editable") == true
            guard isEditable || place.boolean("readable") == true else { continue }
            guard let (object, name) = Self.pair(path), let known = world.object(object),
                let field = world.field(name, of: object)
            else {
                let object = path.split(separator: ".").first.map(String.init) ?? path
                missing[object, default: ([], place.line)].names.append(path)
                continue
            }
            let full = "\(known.name).\(field.name)"
            guard seen.insert(full.lowercased()).inserted else { continue }
            var map = DraftMap()
            map.put("field", text: full)
            map.put("readable", .boolean(true))
            map.put("editable", flag: isEditable && field.isWritten)
            maps.append(map)
        }
        for (_, found) in missing.sorted(by: { $0.value.line < $1.value.line }) {
            let shown = found.names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
            let more = found.names.count > 8 ? " and \(found.names.count - 8) more" : ""
            change(
                item,
                "it grants nothing on fields that are not here: \(shown)\(more)",
                line: found.line
            )
        }
        return maps
    }

    private static let taken: Set<String> = [
        "label", "description", "userPermissions", "objectPermissions", "fieldPermissions",
        "hasActivationRequired", "license", "fullName",
    ]

    private mutating func remarkGrants(_ source: SourceElement, _ item: ImportItem) {
        var counts: [(name: String, count: Int, line: Int)] = []
        for child in source.children where !Self.taken.contains(child.name) {
            if let index = counts.firstIndex(where: { $0.name == child.name }) {
                counts[index].count += 1
            } else {
                counts.append((child.name, 1, child.line))
            }
        }
        guard let first = counts.first else { return }
        let shown = counts.map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
        change(item, "not taken of it: \(shown)", line: first.line)
    }
}
