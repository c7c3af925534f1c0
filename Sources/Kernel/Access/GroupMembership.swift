package import Metadata

/// The users of an org as groups, roles and rules need them.
package struct UserDirectory: Sendable {
    package struct Entry: Sendable {
        let id: RecordID
        let role: RecordID?
        let kind: CallerSharing.Kind
    }

    let users: [RecordID: Entry]
    private let byRole: [RecordID: [Entry]]

    init(_ users: [Entry] = []) {
        self.users = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byRole = Dictionary(grouping: users.filter { $0.role != nil }) { $0.role ?? $0.id }
    }

    func users(in role: RecordID) -> [Entry] { byRole[role] ?? [] }

    /// Everyone who works here.
    var `internal`: [RecordID] { users.values.filter { $0.kind == .internal }.map(\.id) }
}

extension CallerSharing.Kind {
    /// By a profile's user type; a user whose profile says nothing works here.
    init(userType: String?) {
        switch userType {
        case nil, "Standard": self = .internal
        case "Guest": self = .guest
        default: self = .external
        }
    }
}

/// Who belongs to which group and queue, directly, by role, or through another group.
package struct GroupMembership: Sendable {
    struct Entry: Sendable {
        let id: RecordID
        /// `Queue`, `Regular`, `Role`, `RoleAndSubordinates`, `Organization`, ….
        let type: String
        let name: APIName
        /// The role it stands for.
        let related: RecordID?
        /// Whether those above its members have what is shared with it.
        let includesBosses: Bool

        init(
            id: RecordID,
            type: String,
            name: APIName = "",
            related: RecordID? = nil,
            includesBosses: Bool = true
        ) {
            self.id = id
            self.type = type
            self.name = name
            self.related = related
            self.includesBosses = includesBosses
        }
    }

    private let entries: [RecordID: Entry]
    /// Member (user or group) → groups it is in.
    private let containers: [RecordID: [RecordID]]
    /// Group → its members.
    private let members: [RecordID: [RecordID]]
    private let byRole: [RecordID: [Entry]]
    private let everyone: [RecordID]

    init(entries: [Entry], members: [(group: RecordID, member: RecordID)]) {
        self.entries = Dictionary(
            entries.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var containers: [RecordID: [RecordID]] = [:]
        for (group, member) in members { containers[member, default: []].append(group) }
        self.containers = containers
        self.members = Dictionary(grouping: members, by: \.group)
            .mapValues { $0.map(\.member) }
        byRole = Dictionary(grouping: entries.filter { $0.related != nil }) {
            $0.related ?? $0.id
        }
        everyone = entries.filter { $0.type == "Organization" }.map(\.id)
    }

    /// Every group and queue a user is in.
    package func groups(
        of user: RecordID,
        role: RecordID?,
        kind: CallerSharing.Kind = .internal,
        roles: RoleHierarchy
    ) -> Set<RecordID> {
        guard kind != .guest else { return [] }
        var found: Set<RecordID> = []
        var waiting = containers[user] ?? []
        if kind == .internal { waiting += everyone }
        if let role {
            for above in roles.upward(from: role) {
                waiting += (byRole[above] ?? []).filter { entry in
                    switch entry.type {
                    case "Role": above == role
                    case "RoleAndSubordinates": true
                    case "RoleAndSubordinatesInternal": kind == .internal
                    default: false
                    }
                }.map(\.id)
            }
        }
        while let group = waiting.popLast() {
            guard found.insert(group).inserted else { continue }
            waiting += containers[group] ?? []
        }
        return found
    }

    package func isQueue(_ group: RecordID) -> Bool { entries[group]?.type == "Queue" }

    func includesBosses(_ group: RecordID) -> Bool { entries[group]?.includesBosses ?? false }

    /// The group that stands for a set of users; `nil` where there is none.
    func group(of target: SharingTarget, roles: RoleHierarchy) -> RecordID? {
        func named(_ type: String, _ name: APIName) -> RecordID? {
            entries.values.filter { $0.type == type && $0.name == name }.map(\.id).min()
        }
        func standing(_ type: String, for name: APIName) -> RecordID? {
            roles.role(name).flatMap { role in
                byRole[role]?.filter { $0.type == type }.map(\.id).min()
            }
        }
        switch target {
        case .group(let name): return named("Regular", name)
        case .queue(let name): return named("Queue", name)
        case .role(let name): return standing("Role", for: name)
        case .roleAndSubordinates(let name): return standing("RoleAndSubordinates", for: name)
        case .roleAndSubordinatesInternal(let name):
            return standing("RoleAndSubordinatesInternal", for: name)
        case .allInternalUsers: return everyone.min()
        case .guestUser: return nil
        }
    }

    /// Who owns records on behalf of a group: its users, those of the groups in it, and queues.
    func owners(
        in group: RecordID,
        roles: RoleHierarchy,
        users: UserDirectory
    ) -> Set<RecordID> {
        var owners: Set<RecordID> = []
        var seen: Set<RecordID> = []
        var waiting = [group]
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            guard let entry = entries[next] else {
                owners.insert(next)
                continue
            }
            // What a queue owns is the queue's, not its members'.
            if entry.type != "Queue" { waiting += members[next] ?? [] }
            switch entry.type {
            case "Queue": owners.insert(next)
            case "Organization": owners.formUnion(users.internal)
            case "Role":
                if let role = entry.related { owners.formUnion(users.users(in: role).map(\.id)) }
            case "RoleAndSubordinates", "RoleAndSubordinatesInternal":
                guard let role = entry.related else { continue }
                for below in roles.below(role).union([role]) {
                    owners.formUnion(
                        users.users(in: below)
                            .filter { entry.type == "RoleAndSubordinates" || $0.kind == .internal }
                            .map(\.id)
                    )
                }
            default: continue
            }
        }
        return owners
    }
}
