package import Metadata

/// Which role stands above which.
package struct RoleHierarchy: Sendable {
    private let parents: [RecordID: RecordID]
    private let children: [RecordID: [RecordID]]

    init(parents: [RecordID: RecordID]) {
        self.parents = parents
        var children: [RecordID: [RecordID]] = [:]
        for (role, parent) in parents { children[parent, default: []].append(role) }
        self.children = children
    }

    /// The roles below one, at any distance; without the role itself.
    package func below(_ role: RecordID) -> Set<RecordID> {
        var found: Set<RecordID> = []
        var waiting = children[role] ?? []
        while let next = waiting.popLast() {
            guard next != role, found.insert(next).inserted else { continue }
            waiting += children[next] ?? []
        }
        return found
    }

    /// A role and those above it.
    package func upward(from role: RecordID) -> Set<RecordID> {
        var found: Set<RecordID> = [role]
        var next = parents[role]
        while let role = next, found.insert(role).inserted { next = parents[role] }
        return found
    }
}

/// Who belongs to which group and queue, directly, by role, or through another group.
package struct GroupMembership: Sendable {
    struct Entry: Sendable {
        let id: RecordID
        /// `Queue`, `Regular`, `Role`, `RoleAndSubordinates`, ….
        let type: String
        /// The role it stands for.
        let related: RecordID?
    }

    private let entries: [RecordID: Entry]
    /// Member (user or group) → groups it is in.
    private let containers: [RecordID: [RecordID]]
    private let byRole: [RecordID: [Entry]]

    init(entries: [Entry], members: [(group: RecordID, member: RecordID)]) {
        self.entries = Dictionary(
            entries.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var containers: [RecordID: [RecordID]] = [:]
        for (group, member) in members { containers[member, default: []].append(group) }
        self.containers = containers
        byRole = Dictionary(grouping: entries.filter { $0.related != nil }) {
            $0.related ?? $0.id
        }
    }

    /// Every group and queue a user is in.
    package func groups(of user: RecordID, role: RecordID?, roles: RoleHierarchy) -> Set<RecordID> {
        var found: Set<RecordID> = []
        var waiting = containers[user] ?? []
        if let role {
            waiting += (byRole[role] ?? []).map(\.id)
            for above in roles.upward(from: role) where above != role {
                waiting += (byRole[above] ?? [])
                    .filter { $0.type.hasPrefix("RoleAndSubordinates") }.map(\.id)
            }
        }
        while let group = waiting.popLast() {
            guard found.insert(group).inserted else { continue }
            waiting += containers[group] ?? []
        }
        return found
    }

    package func isQueue(_ group: RecordID) -> Bool { entries[group]?.type == "Queue" }
}
