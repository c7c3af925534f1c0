/// How the records of an object make their members part of another record's team.
///
/// An `AccountTeamMember` gives its `UserId` a right to its `AccountId`: it is kept as a share of the
/// account, and goes with the member.
package struct TeamDefinition: Sendable, Hashable {
    /// The lookup to the record that the team works on.
    package let record: APIName
    /// The lookup to the user, or to the group.
    package let member: APIName
    /// The picklist that says which right; or the lookup to the record that says it.
    package let level: APIName
    /// The picklist of the record that `level` points to.
    package let levelThrough: APIName?

    static let shape = Shape(
        title: "a team",
        summary: "Records of the object give their member a right to another record.",
        keys: [
            .init("record", .name, required: true, "The lookup to the record."),
            .init("member", .name, required: true, "The lookup to the user."),
            .init(
                "accessLevel",
                .text,
                required: true,
                "The picklist that says which right; a lookup's one as `Lookup.Field`."
            ),
        ]
    )

    init(_ map: ShapedMap) {
        record = map.name("record") ?? ""
        member = map.name("member") ?? ""
        let parts = (map.text("accessLevel") ?? "").split(separator: ".", maxSplits: 1)
            .map { APIName(String($0)) }
        level = parts.first ?? ""
        levelThrough = parts.count > 1 ? parts[1] : nil
    }
}
