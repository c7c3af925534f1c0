/// What an org declares to widen or narrow whose records its users see.
package struct SharingDeclarations: Sendable {
    package var rules: [SharingRuleDefinition] = []
    package var sets: [SharingSetDefinition] = []
    package var restrictions: [RestrictionRuleDefinition] = []
    package var groups: [PublicGroupDefinition] = []

    package init() {}

    init(_ packages: [MetadataPackage]) {
        for package in packages {
            rules += package.declared(in: "sharing-rules").flatMap(SharingRuleDefinition.all)
            sets += package.declared(in: "sharing-sets").map(SharingSetDefinition.init)
            restrictions += package.declared(in: "restriction-rules")
                .map(RestrictionRuleDefinition.init)
            groups += package.groups
        }
    }

    static let shapes: [(folder: String, shape: Shape)] = [
        ("groups", PublicGroupDefinition.shape), ("sharing-rules", SharingRuleDefinition.shape),
        ("sharing-sets", SharingSetDefinition.shape),
        ("restriction-rules", RestrictionRuleDefinition.shape),
    ]

    /// The rules of one object.
    package func rules(of object: APIName) -> [SharingRuleDefinition] {
        rules.filter { $0.object == object }
    }
}

/// A set of users by what they are, as rules and groups name it.
package enum SharingTarget: Sendable, Hashable {
    case group(APIName)
    case queue(APIName)
    case role(APIName)
    case roleAndSubordinates(APIName)
    case roleAndSubordinatesInternal(APIName)
    case allInternalUsers
    /// A guest user, by nickname.
    case guestUser(String)

    static let keys: [Shape.Key] = [
        .init("group", .name, "A public group."),
        .init("queue", .name, "A queue; only as the owner."),
        .init("role", .name, "The users of a role."),
        .init("roleAndSubordinates", .name, "The users of a role and of the roles below it."),
        .init("roleAndSubordinatesInternal", .name, "The same, without users from outside."),
        .init("allInternalUsers", .boolean, "Everyone who works here."),
        .init("guestUser", .text, "A guest user, by nickname; only of a guest rule."),
    ]

    static let shape = Shape(
        title: "a set of users",
        summary: "Exactly one of these.",
        keys: keys
    )

    /// `nil` unless exactly one key says who.
    init?(_ map: ShapedMap) {
        var found: [SharingTarget] = []
        if let name = map.name("group") { found.append(.group(name)) }
        if let name = map.name("queue") { found.append(.queue(name)) }
        if let name = map.name("role") { found.append(.role(name)) }
        if let name = map.name("roleAndSubordinates") { found.append(.roleAndSubordinates(name)) }
        if let name = map.name("roleAndSubordinatesInternal") {
            found.append(.roleAndSubordinatesInternal(name))
        }
        if map.boolean("allInternalUsers") == true { found.append(.allInternalUsers) }
        if let name = map.text("guestUser") { found.append(.guestUser(name)) }
        guard found.count == 1, let only = found.first else { return nil }
        self = only
    }

    /// `role Streets_Agent`, for people.
    package var text: String {
        switch self {
        case .group(let name): "group \(name)"
        case .queue(let name): "queue \(name)"
        case .role(let name): "role \(name)"
        case .roleAndSubordinates(let name): "role \(name) and below"
        case .roleAndSubordinatesInternal(let name): "role \(name) and internal users below"
        case .allInternalUsers: "all internal users"
        case .guestUser(let name): "guest user \(name)"
        }
    }
}

/// Opens some records of an object to a set of users.
package struct SharingRuleDefinition: Sendable {
    package enum Kind: Sendable, Hashable {
        /// The records that one of these owns.
        case ownedBy(SharingTarget)
        /// The records that meet the criteria.
        case criteria(Criteria)
        /// The same, for a guest.
        case guest(Criteria)
    }

    package let object: APIName
    package let name: APIName
    package let label: String
    package let kind: Kind
    package let target: SharingTarget?
    /// Whether it lets them change the records, too.
    package let allowsEdit: Bool
    /// Where it stands, for what is wrong with it.
    package let map: ShapedMap

    package var criteria: Criteria? {
        switch kind {
        case .ownedBy: nil
        case .criteria(let criteria), .guest(let criteria): criteria
        }
    }

    /// `Case.Streets_to_Sanitation`.
    package var key: String { "\(object.folded).\(name.folded)" }

    /// All that it says, as one text: a rule that says something else is another version.
    package var digestText: String {
        "\(object.folded) \(kind) \(target.map(\.text) ?? "") \(allowsEdit)"
    }

    static func all(_ map: ShapedMap) -> [SharingRuleDefinition] {
        let object = map.name("object") ?? ""
        func rules(_ key: String, _ kind: (ShapedMap) -> Kind) -> [SharingRuleDefinition] {
            map.list(key).map { rule in
                SharingRuleDefinition(
                    object: object,
                    name: rule.name("name") ?? "",
                    label: rule.text("label") ?? rule.text("name") ?? "",
                    kind: kind(rule),
                    target: rule.map("sharedTo").flatMap { SharingTarget($0) },
                    allowsEdit: rule.text("accessLevel") == "Edit",
                    map: rule
                )
            }
        }
        return rules("sharingOwnerRules") { rule in
            .ownedBy(
                rule.map("sharedFrom").flatMap { SharingTarget($0) } ?? .group("")
            )
        }
            + rules("sharingCriteriaRules") { .criteria(Criteria($0)) }
            + rules("sharingGuestRules") { .guest(Criteria($0)) }
    }

    private static func shape(_ title: String, _ more: [Shape.Key]) -> Shape {
        Shape(
            title: title,
            summary: "Opens records to a set of users.",
            keys: [
                .init("name", .name, required: true, "Developer name."),
                .init("label", .text, "Name for people."),
                .init("description", .text, "What it is for."),
                .init(
                    "accessLevel",
                    .choice(["Read", "Edit"]),
                    required: true,
                    "What they may do."
                ),
                .init("sharedTo", .map(SharingTarget.shape), required: true, "Who they are."),
            ] + more
        )
    }

    static let shape = Shape(
        title: "sharing rules",
        summary: "What opens records of one object to more than their owners.",
        keys: [
            .init("object", .name, required: true, "The object."),
            .init(
                "sharingOwnerRules",
                .list(
                    shape(
                        "an owner-based sharing rule",
                        [
                            .init(
                                "sharedFrom",
                                .map(SharingTarget.shape),
                                required: true,
                                "Whose records."
                            )
                        ]
                    )
                ),
                "By who owns the record."
            ),
            .init(
                "sharingCriteriaRules",
                .list(shape("a criteria-based sharing rule", Criteria.keys)),
                "By what the record says."
            ),
            .init(
                "sharingGuestRules",
                .list(shape("a guest sharing rule", Criteria.keys)),
                "By what the record says, for a guest; Read only."
            ),
        ]
    )
}
