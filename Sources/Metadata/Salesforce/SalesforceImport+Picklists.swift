// The values of picklists.
extension SalesforceImport {
    /// One value as the source has it.
    struct SourceValue {
        let name: String
        let label: String
        let isDefault: Bool
        let isActive: Bool
        let line: Int
        /// The controlling values, where they stand beside the value itself.
        let controlling: [String]

        init?(_ element: SourceElement) {
            guard let name = element.string("fullName") else { return nil }
            self.name = name
            label = element.string("label") ?? name
            isDefault = element.boolean("default") ?? false
            isActive = element.boolean("isActive") ?? true
            line = element.line
            controlling = element.all("controllingFieldValues").compactMap(\.trimmed)
        }
    }

    /// The values that a picklist will have: each once, and none that cannot be.
    func picklistValues(_ source: SourceElement) -> [SourceValue] {
        var seen: Set<String> = []
        return sourceValues(source).filter {
            !$0.name.contains(";") && seen.insert($0.name.lowercased()).inserted
        }
    }

    private func sourceValues(_ source: SourceElement) -> [SourceValue] {
        let set = source.first("valueSet")
        if let definition = set?.first("valueSetDefinition") {
            return definition.all("value").compactMap(SourceValue.init)
        }
        if let name = set?.string("valueSetName") {
            guard let shared = valueSet(name) else { return [] }
            return (shared.all("customValue") + shared.all("globalPicklistValues"))
                .compactMap(SourceValue.init)
        }
        return source.first("picklist")?.all("picklistValues").compactMap(SourceValue.init) ?? []
    }

    private func valueSet(_ name: String) -> SourceElement? {
        let known = name.lowercased().replacing("__gvs", with: "")
        return project.valueSets.first {
            $0.name.lowercased().replacing("__gvs", with: "") == known
        }?.element
    }

    mutating func putPicklist(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        let set = source.first("valueSet") ?? source.first("picklist")
        let values = picklistValues(source)
        let isRestricted =
            (set?.boolean("restricted") ?? set?.boolean("restrictedPicklist") ?? false)
            && !values.isEmpty
        remarkValues(field, values)
        let object = field.item.name.dropFirst("field ".count).split(separator: ".").first
        let controller = controller(of: field, set, on: object.map(String.init) ?? "")
        var hasDefault = false
        let maps = values.map { value in
            var map = DraftMap()
            map.put("name", text: value.name, line: value.line)
            if value.label != value.name { map.put("label", text: value.label) }
            if value.isDefault && !hasDefault {
                map.put("default", .boolean(true))
                hasDefault = true
            }
            map.put("active", value.isActive ? nil : .boolean(false))
            if let allowed = controller?.allowed[value.name], !allowed.isEmpty {
                map.put("controllingFieldValues", .texts(allowed))
            }
            return map
        }
        map.put("restricted", .boolean(isRestricted))
        map.put("controllingField", text: controller?.name)
        if !maps.isEmpty { map.put("values", .list(maps)) }
    }

    private mutating func remarkValues(_ field: FieldPlan, _ values: [SourceValue]) {
        let all = sourceValues(field.source)
        if let place = field.source.first("valueSet")?.first("valueSetName"),
            let name = place.trimmed, valueSet(name) == nil
        {
            change(
                field.item,
                "it takes any value: the value set `\(name)` is not in the project",
                line: place.line
            )
        }
        let kept = Set(values.map(\.name))
        for value in all where !kept.contains(value.name) {
            change(
                field.item,
                "its value `\(value.name)` is left out: "
                    + (value.name.contains(";") ? "it has a `;`" : "it stands twice"),
                line: value.line
            )
        }
    }

    /// The field that narrows the values, and under which of its values each is offered.
    private mutating func controller(
        of field: FieldPlan,
        _ set: SourceElement?,
        on object: String
    ) -> (name: String, allowed: [String: [String]])? {
        guard let place = set?.first("controllingField"), let name = place.trimmed else {
            return nil
        }
        guard let other = world.field(name, of: object), other.name != field.known.name,
            other.kind == .picklist || other.kind == .boolean
        else {
            change(
                field.item,
                "all of its values are offered: there is no picklist or checkbox `\(name)`",
                line: place.line
            )
            return nil
        }
        let offered = other.kind == .boolean ? ["true", "false"] : other.values ?? []
        var allowed: [String: [String]] = [:]
        for value in picklistValues(field.source) { allowed[value.name] = value.controlling }
        for setting in set?.all("valueSettings") ?? [] {
            guard let value = setting.string("valueName") else { continue }
            allowed[value, default: []] += setting.all("controllingFieldValue").compactMap(
                \.trimmed
            )
        }
        for (value, names) in allowed {
            allowed[value] = names.map { name in
                switch (other.kind, name.lowercased()) {
                case (.boolean, "checked"): "true"
                case (.boolean, "unchecked"): "false"
                default: name
                }
            }
            .filter { offered.contains($0) }
        }
        let open = picklistValues(field.source).filter { allowed[$0.name]?.isEmpty ?? true }
        if !open.isEmpty {
            change(
                field.item,
                "values that no value of `\(other.name)` offered are offered under all: "
                    + open.prefix(5).map { "`\($0.name)`" }.joined(separator: ", ")
                    + (open.count > 5 ? " and \(open.count - 5) more" : ""),
                line: place.line
            )
        }
        return (other.name, allowed)
    }
}
