/// A set of users with whom records are shared.
package struct PublicGroupDefinition: Sendable {
    package let developerName: APIName
    package let label: String
    package let description: String?
    /// Whether those above its members have what is shared with it.
    package let includesBosses: Bool
    package let members: [SharingTarget]
    package let map: ShapedMap

    init(_ map: ShapedMap) {
        developerName = map.name("group") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        includesBosses = map.boolean("doesIncludeBosses") ?? true
        func names(_ key: String) -> [APIName] { map.texts(key).map { APIName($0) } }
        members =
            names("publicGroups").map { .group($0) } + names("roles").map { .role($0) }
            + names("roleAndSubordinates").map { .roleAndSubordinates($0) }
            + names("roleAndSubordinatesInternal").map { .roleAndSubordinatesInternal($0) }
            + (map.boolean("allInternalUsers") == true ? [.allInternalUsers] : [])
        self.map = map
    }

    static let shape = Shape(
        title: "a public group",
        summary: "A set of users with whom records are shared.",
        keys: [
            .init("group", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("doesIncludeBosses", .boolean, "Whether those above the members count."),
            .init("publicGroups", .texts, "Groups whose members are members."),
            .init("roles", .texts, "Roles whose users are members."),
            .init("roleAndSubordinates", .texts, "Roles that are members with those below."),
            .init("roleAndSubordinatesInternal", .texts, "The same, without users from outside."),
            .init("allInternalUsers", .boolean, "Everyone who works here is a member."),
        ]
    )
}
