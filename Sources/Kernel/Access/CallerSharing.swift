package import Metadata

/// What sharing makes of one caller: who they are to groups, rules and shares.
///
/// It is worked out from the snapshot, so that a right that is taken away is gone with the next
/// snapshot, whatever is still stored.
package struct CallerSharing: Sendable {
    package enum Kind: Sendable, Hashable {
        /// Works here.
        case `internal`
        /// Comes from outside, with a login.
        case external
        /// Has not logged in.
        case guest
    }

    package var kind: Kind = .internal
    /// The caller and every group they are in; sorted.
    package var principals: [RecordID] = []
    /// The users in roles below, and those of their groups that include who stands above; sorted.
    package var principalsBelow: [RecordID] = []
    /// What each sharing rule in force brings, by object.
    var rules: [APIName: [RuleGrant]] = [:]
    /// Whose accounts bring their children, by the child's object.
    var parentOwners: [APIName: ParentOwners] = [:]
    var sets: [APIName: [SetGrant]] = [:]
    var restrictions: [APIName: [Restriction]] = [:]

    package init() {}

    /// A rule that is in force for the caller.
    struct RuleGrant: Sendable {
        let name: APIName
        let allowsEdit: Bool
        /// Whether it is in force for users below, and not for the caller.
        let isFromBelow: Bool
        let what: What

        enum What: Sendable {
            /// The records of these.
            case owners([RecordID])
            /// The records with a share of this key.
            case key(RecordID)
        }
    }

    /// The users, of the caller and those below, whose role brings the children of what they own.
    struct ParentOwners: Sendable {
        var read: [RecordID] = []
        var edit: [RecordID] = []
    }

    /// A sharing set's mapping for the caller.
    struct SetGrant: Sendable {
        let name: APIName
        let allowsEdit: Bool
        let rows: RowPredicate
    }

    /// A restriction rule that narrows what the caller sees.
    struct Restriction: Sendable {
        let name: APIName
        let rows: RowPredicate
    }

    /// The keys of shares that count.
    func keys(usingHierarchy: Bool) -> [RecordID] {
        guard usingHierarchy, !principalsBelow.isEmpty else { return principals }
        return Array(Set(principals).union(principalsBelow)).sorted()
    }
}
