// The variants of an object, and what its picklists offer in each.
extension SchemaAssembler {
    mutating func recordTypes(
        _ maps: [ShapedMap],
        _ fields: [FieldDefinition]
    ) -> [RecordTypeDefinition] {
        var types: [RecordTypeDefinition] = []
        for map in maps {
            let type = RecordTypeDefinition(
                developerName: map.name("name") ?? "",
                label: map.text("label") ?? "",
                description: map.text("description"),
                isActive: map.boolean("active") ?? true,
                isDefault: map.boolean("default") ?? false,
                offers: offers(map.list("picklistValues"), fields)
            )
            if types.contains(where: { $0.developerName == type.developerName }) {
                problems.append(
                    map.problem(
                        "the record type `\(type.developerName)` is declared twice",
                        at: "name"
                    )
                )
            }
            if type.isDefault, let other = types.first(where: \.isDefault) {
                problems.append(
                    map.problem(
                        "only one record type is the default: `\(other.developerName)` is too",
                        at: "default"
                    )
                )
            }
            types.append(type)
        }
        return types
    }

    private mutating func offers(
        _ maps: [ShapedMap],
        _ fields: [FieldDefinition]
    ) -> [APIName: RecordTypeDefinition.Offer] {
        var offers: [APIName: RecordTypeDefinition.Offer] = [:]
        for map in maps {
            guard let name = map.name("picklist") else { continue }
            guard let picklist = fields.first(where: { $0.name == name })?.picklist else {
                let names = fields.filter { $0.picklist != nil }.map(\.name.text)
                let hint = Suggestion.phrase(for: name.text, among: names)
                problems.append(map.problem("`\(name)` is no picklist\(hint)", at: "picklist"))
                continue
            }
            if offers[name] != nil {
                problems.append(map.problem("`\(name)` is named twice", at: "picklist"))
            }
            let wanted = map.texts("values")
            let known = picklist.values.map(\.name)
            for value in wanted where !known.contains(value) {
                let hint = Suggestion.phrase(for: value, among: known)
                problems.append(
                    map.problem("`\(value)` is no value of `\(name)`\(hint)", at: "values")
                )
            }
            let standard = map.text("default")
            if let standard, !wanted.contains(standard) {
                let hint = Suggestion.phrase(for: standard, among: wanted)
                problems.append(
                    map.problem(
                        "the default `\(standard)` is not among the values\(hint)",
                        at: "default"
                    )
                )
            }
            offers[name] = RecordTypeDefinition.Offer(
                values: known.filter(wanted.contains),
                defaultValue: standard
            )
        }
        return offers
    }
}
