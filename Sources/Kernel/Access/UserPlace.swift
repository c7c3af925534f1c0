import Metadata

/// Where a user stands: who is below them, and what they and those below belong to.
struct UserPlace {
    let user: UserDirectory.Entry
    /// Every group and queue the user is in.
    let groups: Set<RecordID>
    /// The users in roles below.
    let below: [UserDirectory.Entry]
    /// The groups and queues of those below, as far as these include who stands above.
    let groupsBelow: Set<RecordID>
    let queues: [RecordID]
    /// The user, the users below, and the queues of all of them.
    let owners: [RecordID]

    init(
        _ user: UserDirectory.Entry,
        roles: RoleHierarchy,
        groups: GroupMembership,
        users: UserDirectory
    ) {
        self.user = user
        let own = groups.groups(of: user.id, role: user.role, kind: user.kind, roles: roles)
        self.groups = own
        let below =
            user.kind == .guest
            ? [] : (user.role.map(roles.below) ?? []).flatMap(users.users)
        self.below = below
        var groupsBelow: Set<RecordID> = []
        for other in below {
            let theirs = groups.groups(
                of: other.id,
                role: other.role,
                kind: other.kind,
                roles: roles
            )
            groupsBelow.formUnion(theirs.filter(groups.includesBosses))
        }
        self.groupsBelow = groupsBelow
        queues = own.filter(groups.isQueue).sorted()
        owners = Set(queues).union([user.id]).union(below.map(\.id))
            .union(groupsBelow.filter(groups.isQueue)).sorted()
    }
}
