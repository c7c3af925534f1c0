package import Metadata

/// Who may do what with the records of a small org, worked out by loops from the rules as they are
/// written down, without any of the engine's means.
///
/// The org has boxes, folders that may lie in a box, papers that belong to a folder, and tags that
/// everyone may see.
package struct SharingOracle: Sendable {
    package enum Kind: Sendable { case `internal`, external, guest }
    package enum Level: Int, Sendable, Comparable {
        case none, read, edit, all

        package static func < (left: Level, right: Level) -> Bool {
            left.rawValue < right.rawValue
        }
    }
    package enum Default: String, Sendable, CaseIterable {
        case `private` = "Private"
        case read = "Read"
        case readWrite = "ReadWrite"

        package var width: Int {
            switch self {
            case .private: 0
            case .read: 1
            case .readWrite: 2
            }
        }
    }

    package struct User: Sendable {
        package let id: RecordID
        package var role: Int?
        package let kind: Kind
        package var viewsAllFolders = false
        package var modifiesAllFolders = false

        package init(id: RecordID, role: Int?, kind: Kind) {
            self.id = id
            self.role = role
            self.kind = kind
        }
    }

    /// A set of users, as members of groups and targets of rules are named.
    package enum Party: Sendable, Hashable {
        case user(RecordID)
        case group(Int)
        case role(Int)
        case roleAndBelow(Int)
        case roleAndInternalBelow(Int)
        case everyone
    }

    package struct Group: Sendable {
        package let id: RecordID
        package let name: String
        package let isQueue: Bool
        package let includesBosses: Bool
        package var members: Set<Party> = []

        package init(id: RecordID, name: String, isQueue: Bool, includesBosses: Bool) {
            self.id = id
            self.name = name
            self.isQueue = isQueue
            self.includesBosses = includesBosses
        }
    }

    package struct Box: Sendable {
        package let id: RecordID
        package var owner: RecordID
        package var keeper: RecordID?
        package var isDeleted = false

        package init(id: RecordID, owner: RecordID, keeper: RecordID?) {
            self.id = id
            self.owner = owner
            self.keeper = keeper
        }
    }

    package struct Folder: Sendable {
        package let id: RecordID
        package var owner: RecordID
        package var box: RecordID?
        package var color: String
        package var size: Int
        package var isDeleted = false

        package init(id: RecordID, owner: RecordID, box: RecordID?, color: String, size: Int) {
            self.id = id
            self.owner = owner
            self.box = box
            self.color = color
            self.size = size
        }
    }

    package struct Share: Sendable {
        package let id: RecordID
        package let record: RecordID
        package let party: Party
        package let level: Level
        /// Given by hand, rather than to a member of the team.
        package let isManual: Bool

        package init(id: RecordID, record: RecordID, party: Party, level: Level, isManual: Bool) {
            self.id = id
            self.record = record
            self.party = party
            self.level = level
            self.isManual = isManual
        }
    }

    package enum Source: Sendable, Hashable {
        case party(Party)
        case queue(Int)
    }

    /// A rule for folders.
    package struct Rule: Sendable {
        package enum Which: Sendable {
            case ownedBy(Source)
            case color(String)
            case largerThan(Int)
            case colorOrSize(String, Int)
        }

        package let name: String
        package let which: Which
        package let target: Party
        package let level: Level

        package init(name: String, which: Which, target: Party, level: Level) {
            self.name = name
            self.which = which
            self.target = target
            self.level = level
        }
    }

    /// Users of a role see only folders of a colour, or of their own.
    package struct Restriction: Sendable {
        package enum Which: Sendable {
            case color(String)
            case own
        }

        package let role: Int
        package let which: Which

        package init(role: Int, which: Which) {
            self.role = role
            self.which = which
        }
    }

    package var folderDefault = Default.private
    package var folderExternal = Default.private
    package var boxDefault = Default.private
    package var usesHierarchy = true
    /// The role above each.
    package var roles: [Int?] = []
    package var users: [User] = []
    package var groups: [Group] = []
    package var boxes: [Box] = []
    package var folders: [Folder] = []
    package var shares: [Share] = []
    package var rules: [Rule] = []
    /// The colour that a guest may see.
    package var guestColor: String?
    package var restrictions: [Restriction] = []
    package var hasSharingSet = false

    package init() {}
}

// MARK: - Who is whose

extension SharingOracle {
    package func user(_ id: RecordID) -> User? { users.first { $0.id == id } }

    private func isBelow(_ role: Int?, _ above: Int) -> Bool {
        var next = role.flatMap { roles[$0] }
        while let role = next {
            if role == above { return true }
            next = roles[role]
        }
        return false
    }

    private func isAbove(_ user: User, _ other: User) -> Bool {
        guard user.kind != .guest, let role = user.role else { return false }
        return isBelow(other.role, role)
    }

    package func isMember(_ user: User, of party: Party) -> Bool {
        if user.kind == .guest { return false }
        switch party {
        case .user(let id): return user.id == id
        case .group(let group): return groups[group].members.contains { isMember(user, of: $0) }
        case .role(let role): return user.role == role
        case .roleAndBelow(let role): return user.role == role || isBelow(user.role, role)
        case .roleAndInternalBelow(let role):
            return user.kind == .internal && (user.role == role || isBelow(user.role, role))
        case .everyone: return user.kind == .internal
        }
    }

    private func includesBosses(_ party: Party) -> Bool {
        if case .group(let group) = party { groups[group].includesBosses } else { true }
    }

    /// Whether something given to a party reaches a user: as one of it, or as someone above.
    private func reaches(_ user: User, _ party: Party, hierarchy: Bool) -> Bool {
        if isMember(user, of: party) { return true }
        guard hierarchy else { return false }
        return users.contains { other in
            guard isAbove(user, other) else { return false }
            if case .user(let id) = party { return other.id == id }
            return isMember(other, of: party) && includesBosses(party)
        }
    }

    private func owns(_ user: User, _ owner: RecordID, hierarchy: Bool) -> Bool {
        if user.kind == .guest { return false }
        if let queue = groups.firstIndex(where: { $0.id == owner }) {
            return reaches(user, .group(queue), hierarchy: hierarchy)
        }
        return reaches(user, .user(owner), hierarchy: hierarchy)
    }
}

// MARK: - What they may do

extension SharingOracle {
    /// What a user may do with a folder that is not in the recycle bin.
    package func level(_ user: User, _ folder: Folder) -> Level {
        if user.modifiesAllFolders { return .all }
        let given = folder.isDeleted ? .none : max(personal(user, folder), open(user))
        if user.viewsAllFolders { return max(given, .read) }
        return isLeftOut(folder, for: user) ? .none : given
    }

    private func open(_ user: User) -> Level {
        let model: Default =
            switch user.kind {
            case .internal: folderDefault
            case .external: folderExternal
            case .guest: .private
            }
        switch model {
        case .private: return .none
        case .read: return .read
        case .readWrite: return .edit
        }
    }

    private func isLeftOut(_ folder: Folder, for user: User) -> Bool {
        restrictions.contains { restriction in
            guard user.role == restriction.role else { return false }
            switch restriction.which {
            case .color(let color): return folder.color != color
            case .own: return folder.owner != user.id
            }
        }
    }

    private func personal(_ user: User, _ folder: Folder) -> Level {
        var level = Level.none
        if user.kind == .guest { return folder.color == guestColor ? .read : .none }
        if owns(user, folder.owner, hierarchy: usesHierarchy) { level = .all }
        for rule in rules where meets(folder, rule.which) {
            if reaches(user, rule.target, hierarchy: usesHierarchy) {
                level = max(level, rule.level)
            }
        }
        for share in shares where share.record == folder.id {
            if reaches(user, share.party, hierarchy: usesHierarchy) {
                level = max(level, share.level)
            }
        }
        if hasSharingSet, user.kind == .external,
            let box = boxes.first(where: { $0.id == folder.box }), !box.isDeleted,
            box.keeper == user.id
        {
            level = max(level, .edit)
        }
        return level
    }

    private func meets(_ folder: Folder, _ which: Rule.Which) -> Bool {
        switch which {
        case .ownedBy(.queue(let queue)): folder.owner == groups[queue].id
        case .ownedBy(.party(let party)):
            user(folder.owner).map { isMember($0, of: party) } ?? false
        case .color(let color): folder.color == color
        case .largerThan(let size): folder.size > size
        case .colorOrSize(let color, let size): folder.color == color || folder.size > size
        }
    }

    /// What a user may do with a box that is not in the recycle bin.
    package func level(_ user: User, _ box: Box) -> Level {
        if box.isDeleted { return .none }
        var level = Level.none
        if user.kind == .internal {
            switch boxDefault {
            case .private: break
            case .read: level = .read
            case .readWrite: level = .edit
            }
        }
        if owns(user, box.owner, hierarchy: true) { level = .all }
        for share in shares where share.record == box.id {
            if reaches(user, share.party, hierarchy: true) { level = max(level, share.level) }
        }
        if hasSharingSet, user.kind == .external, box.keeper == user.id {
            level = max(level, .read)
        }
        if boxDefault == .readWrite && user.kind == .internal { level = max(level, .edit) }
        let isHeld = folders.contains { folder in
            folder.box == box.id && !folder.isDeleted && personal(user, folder) >= .read
                && (!isLeftOut(folder, for: user) || user.viewsAllFolders
                    || user.modifiesAllFolders)
        }
        return isHeld ? max(level, .read) : level
    }
}
