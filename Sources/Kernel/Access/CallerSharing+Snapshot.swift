import Metadata

extension CallerSharing {
    /// - Parameter profile: the user's.
    init(
        _ place: UserPlace,
        profile: RecordID?,
        _ snapshot: OrgSnapshot,
        _ questions: SystemQuestions
    ) throws {
        kind = place.user.kind
        principals = place.groups.union([place.user.id]).sorted()
        principalsBelow = place.groupsBelow.union(place.below.map(\.id)).sorted()
        if kind != .guest {
            addOwnerRules(place, snapshot)
            addParentOwners(place, snapshot)
        }
        try addCriteriaRules(place, snapshot, questions)
        let person = UserPaths.Person(id: place.user.id, profile: profile, questions: questions)
        let declared = snapshot.schema.automation.sharing
        if kind == .external {
            for set in declared.sets {
                for (object, grant) in try person.grants(of: set) {
                    sets[object, default: []].append(grant)
                }
            }
        }
        for rule in declared.restrictions where rule.isActive {
            guard let restriction = try person.restriction(by: rule) else { continue }
            restrictions[rule.object, default: []].append(restriction)
        }
    }

    /// Whether a rule's users are the caller's, or those below.
    private func isFromBelow(_ target: RecordID, _ place: UserPlace) -> Bool? {
        if place.groups.contains(target) || place.user.id == target { return false }
        return place.groupsBelow.contains(target) ? true : nil
    }

    private mutating func addOwnerRules(_ place: UserPlace, _ snapshot: OrgSnapshot) {
        for rule in snapshot.sharing.byOwner {
            guard case .ownedBy(let from) = rule.kind,
                let target = rule.target.flatMap({
                    snapshot.groups.group(of: $0, roles: snapshot.roles)
                }),
                let isFromBelow = isFromBelow(target, place),
                let source = snapshot.groups.group(of: from, roles: snapshot.roles)
            else { continue }
            let owners = snapshot.groups.owners(
                in: source,
                roles: snapshot.roles,
                users: snapshot.users
            )
            rules[rule.object, default: []].append(
                RuleGrant(
                    name: rule.name,
                    allowsEdit: rule.allowsEdit,
                    isFromBelow: isFromBelow,
                    what: .owners(owners.sorted())
                )
            )
        }
    }

    private mutating func addCriteriaRules(
        _ place: UserPlace,
        _ snapshot: OrgSnapshot,
        _ questions: SystemQuestions
    ) throws {
        for rule in snapshot.sharing.all {
            let isFromBelow: Bool?
            switch (rule.definition.kind, rule.definition.target, kind) {
            case (.guest, .guestUser(let name)?, .guest):
                let user = try questions.guest(name)
                isFromBelow = user == place.user.id ? false : nil
            case (.criteria, let target?, .internal), (.criteria, let target?, .external):
                isFromBelow = snapshot.groups.group(of: target, roles: snapshot.roles)
                    .flatMap { self.isFromBelow($0, place) }
            case (.guest, _, _), (.criteria, _, _), (.ownedBy, _, _): isFromBelow = nil
            }
            guard let isFromBelow else { continue }
            rules[rule.definition.object, default: []].append(
                RuleGrant(
                    name: rule.definition.name,
                    allowsEdit: rule.definition.allowsEdit,
                    isFromBelow: isFromBelow,
                    what: .key(rule.key)
                )
            )
        }
    }

    /// The caller and those below, by what their roles bring of the children of what they own.
    private mutating func addParentOwners(_ place: UserPlace, _ snapshot: OrgSnapshot) {
        let children = snapshot.schema.objects.filter { object in
            object.canBeShared
                && object.fields.contains { $0.reference?.sharesImplicitly ?? false }
        }
        for child in children {
            let setting = APIName("\(child.name)AccessForAccountOwner")
            var owners = ParentOwners()
            for user in [place.user] + place.below {
                guard let role = user.role,
                    let level = snapshot.roles.setting(setting, of: role), level != "None"
                else { continue }
                owners.read.append(user.id)
                if level == "Edit" { owners.edit.append(user.id) }
            }
            owners.read.sort()
            owners.edit.sort()
            if !owners.read.isEmpty { parentOwners[child.name] = owners }
        }
    }
}

extension SystemQuestions {
    /// The guest user of that nickname.
    func guest(_ nickname: String) throws -> RecordID? {
        try rows(
            "SELECT Id FROM User WHERE CommunityNickname = \(SOQLText.quoted(nickname)) "
                + "AND Profile.UserType = 'Guest'"
        ).first?.first?.id
    }
}
