/// What users from outside may do with records that belong to the same account or contact.
package struct SharingSetDefinition: Sendable {
    /// `$User.<userField>` = `<object>.<objectField>`.
    package struct Mapping: Sendable {
        package let object: APIName
        /// A lookup of the object, or a path of lookups: `ContactId`, `Contact.AccountId`.
        package let objectField: String
        /// A lookup of the user, or a path of lookups: `AccountId`, `Contact.AccountId`.
        package let userField: String
        package let allowsEdit: Bool
        package let map: ShapedMap
    }

    package let name: APIName
    package let label: String
    /// The profiles whose users it is for, by their names or labels.
    package let profiles: [String]
    package let mappings: [Mapping]
    package let map: ShapedMap

    init(_ map: ShapedMap) {
        name = map.name("sharingSet") ?? ""
        label = map.text("label") ?? ""
        profiles = map.texts("profiles")
        mappings = map.list("accessMappings").map { mapping in
            Mapping(
                object: mapping.name("object") ?? "",
                objectField: mapping.text("objectField") ?? "",
                userField: mapping.text("userField") ?? "",
                allowsEdit: mapping.text("accessLevel") == "Edit",
                map: mapping
            )
        }
        self.map = map
    }

    static let mappingShape = Shape(
        title: "an access mapping",
        summary: "Records whose field leads to where the user's leads.",
        keys: [
            .init("object", .name, required: true, "The object."),
            .init("objectField", .text, required: true, "`ContactId`, `Contact.AccountId`, `Id`."),
            .init("userField", .text, required: true, "`ContactId`, `AccountId`, `Id`."),
            .init("accessLevel", .choice(["Read", "Edit"]), required: true, "What they may do."),
        ]
    )

    static let shape = Shape(
        title: "a sharing set",
        summary: "Which records users from outside have by belonging to an account or a contact.",
        keys: [
            .init("sharingSet", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("profiles", .texts, required: true, "Profiles whose users it is for."),
            .init("accessMappings", .list(mappingShape), required: true, "Which records."),
        ]
    )
}

/// Narrows what some users see of an object, whatever else lets them.
package struct RestrictionRuleDefinition: Sendable {
    package let name: APIName
    package let label: String
    package let object: APIName
    package let isActive: Bool
    /// Who is narrowed: `$User.Department = 'Sales'`.
    package let userCriteria: String
    /// What they still see: `OwnerId = $User.Id`.
    package let recordFilter: String
    package let map: ShapedMap

    init(_ map: ShapedMap) {
        name = map.name("restrictionRule") ?? ""
        label = map.text("label") ?? ""
        object = map.name("targetEntity") ?? ""
        isActive = map.boolean("active") ?? true
        userCriteria = map.text("userCriteria") ?? ""
        recordFilter = map.text("recordFilter") ?? ""
        self.map = map
    }

    static let shape = Shape(
        title: "a restriction rule",
        summary: "Narrows what some users see of an object.",
        keys: [
            .init("restrictionRule", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("targetEntity", .name, required: true, "The object."),
            .init("active", .boolean, "True where it is missing."),
            .init("enforcementType", .choice(["Restrict"]), "What it does."),
            .init("userCriteria", .text, required: true, "`$User.Department = 'Sales'`."),
            .init("recordFilter", .text, required: true, "`OwnerId = $User.Id`."),
        ]
    )
}
