package import Metadata

/// Which role stands above which.
package struct RoleHierarchy: Sendable {
    private let parents: [RecordID: RecordID]
    private let children: [RecordID: [RecordID]]
    private let names: [APIName: RecordID]
    /// `CaseAccessForAccountOwner` and the like, as far as they bring something.
    private let settings: [RecordID: [APIName: String]]

    init(
        parents: [RecordID: RecordID],
        names: [APIName: RecordID] = [:],
        settings: [RecordID: [APIName: String]] = [:]
    ) {
        self.parents = parents
        self.names = names
        self.settings = settings
        var children: [RecordID: [RecordID]] = [:]
        for (role, parent) in parents { children[parent, default: []].append(role) }
        self.children = children
    }

    /// The role of that developer name.
    package func role(_ name: APIName) -> RecordID? { names[name] }

    /// What a role brings its users of the children of what they own: `None`, `Read`, `Edit`.
    func setting(_ field: APIName, of role: RecordID) -> String? { settings[role]?[field] }

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
