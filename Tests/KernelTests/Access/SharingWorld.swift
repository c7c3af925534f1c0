import Metadata
import TestSupport

@testable import Kernel

/// A random small org, kept twice: in the engine, and in the oracle's words.
final class SharingWorld {
    let org: TestOrg
    var oracle = SharingOracle()
    var random: SeededRandom
    private var roleIDs: [RecordID] = []
    private var viewAllID = RecordID(number: 0)
    private var modifyAllID = RecordID(number: 0)

    static let colors = ["Red", "Green", "Blue"]

    init(on kind: StoreKind, seed: UInt64) async throws {
        org = try await TestOrg(on: kind, apps: ["platform"])
        random = SeededRandom(seed: seed)
        let files = SharingWorldFiles(oracle).files
        _ = try await Deployment(org.records).apply(
            files,
            in: org.id,
            as: org.administrator.user
        )
        viewAllID = try await set("Seeing_All")
        modifyAllID = try await set("Changing_All")
        try await makeRoles()
        try await makeUsers()
        try await makeGroups()
        for _ in 0..<6 { try await addBox() }
        for _ in 0..<14 { try await addFolder() }
        try await redeploy()
    }

    var admin: Caller { org.administrator }

    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    private func set(_ name: String) async throws -> RecordID {
        try await org.only("SELECT Id FROM PermissionSet WHERE Name = '\(name)'")
    }

    // MARK: People

    private func makeRoles() async throws {
        for number in 0..<6 {
            var values: JSONObject = [
                "Name": .string("Role \(number)"), "DeveloperName": .string("R\(number)"),
            ]
            let parent =
                number == 0 || chance(15) ? nil : Int.random(in: 0..<number, using: &random)
            if let parent {
                values.members.append(
                    JSONObject.Member(name: "ParentRoleId", value: .id(roleIDs[parent]))
                )
            }
            roleIDs.append(try await org.create("UserRole", values, as: admin))
            oracle.roles.append(parent)
        }
    }

    private func makeUsers() async throws {
        for number in 0..<8 {
            let kind: SharingOracle.Kind = number < 6 ? .internal : number == 6 ? .external : .guest
            let profile =
                switch kind {
                case .internal: "Standard User"
                case .external: "Portal"
                case .guest: "Visitor"
                }
            let role = kind == .guest || chance(20) ? nil : Int.random(in: 0..<6, using: &random)
            let caller = try await org.user(
                "User\(number)",
                profile: profile,
                role: role.map { "R\($0)" },
                permissionSets: ["Keeping"]
            )
            oracle.users.append(.init(id: caller.user, role: role, kind: kind))
        }
        if chance(50) {
            try await grant(viewAllID, to: 0)
            oracle.users[0].viewsAllFolders = true
        }
        if chance(30) {
            try await grant(modifyAllID, to: 1)
            oracle.users[1].modifiesAllFolders = true
        }
    }

    private func grant(_ set: RecordID, to user: Int) async throws {
        try await org.create(
            "PermissionSetAssignment",
            ["AssigneeId": .id(oracle.users[user].id), "PermissionSetId": .id(set)],
            as: admin
        )
    }

    private func makeGroups() async throws {
        for number in 0..<4 {
            let isQueue = number == 3
            let bosses = chance(60)
            let id = try await org.create(
                "Group",
                [
                    "Name": .string("G\(number)"), "DeveloperName": .string("G\(number)"),
                    "Type": .string(isQueue ? "Queue" : "Regular"),
                    "DoesIncludeBosses": .bool(bosses),
                ],
                as: admin
            )
            if isQueue {
                try await org.create(
                    "QueueSobject",
                    ["QueueId": .id(id), "SobjectType": .string("Folder__c")],
                    as: admin
                )
            }
            oracle.groups.append(
                .init(id: id, name: "G\(number)", isQueue: isQueue, includesBosses: bosses)
            )
        }
        for number in oracle.groups.indices {
            for _ in 0..<2 { try await addMember(to: number) }
        }
    }

    /// A random set of users; only of groups before a given one, so that none is in itself.
    private func party(groupsBelow limit: Int = 3) -> SharingOracle.Party {
        let role = Int.random(in: 0..<6, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: if limit > 0 { return .group(Int.random(in: 0..<limit, using: &random)) }
        case 2: return .roleAndBelow(role)
        case 3: return .roleAndInternalBelow(role)
        case 4: return chance(25) ? .everyone : .role(role)
        default: break
        }
        return .role(role)
    }

    func id(of party: SharingOracle.Party) async throws -> RecordID {
        func standing(_ type: String, _ role: Int) async throws -> RecordID {
            try await org.only(
                "SELECT Id FROM Group WHERE Type = '\(type)' AND RelatedId = '\(roleIDs[role])'"
            )
        }
        switch party {
        case .user(let id): return id
        case .group(let group): return oracle.groups[group].id
        case .role(let role): return try await standing("Role", role)
        case .roleAndBelow(let role): return try await standing("RoleAndSubordinates", role)
        case .roleAndInternalBelow(let role):
            return try await standing("RoleAndSubordinatesInternal", role)
        case .everyone:
            return try await org.only("SELECT Id FROM Group WHERE Type = 'Organization'")
        }
    }

    private func addMember(to group: Int) async throws {
        let internals = oracle.users.filter { $0.kind != .guest }
        let member: SharingOracle.Party =
            chance(50)
            ? .user(pick(internals)?.id ?? admin.user) : party(groupsBelow: min(group, 3))
        guard oracle.groups[group].members.insert(member).inserted else { return }
        try await org.create(
            "GroupMember",
            [
                "GroupId": .id(oracle.groups[group].id),
                "UserOrGroupId": .id(try await id(of: member)),
            ],
            as: admin
        )
    }

    private func removeMember(from group: Int) async throws {
        guard let member = pick(oracle.groups[group].members.sorted { "\($0)" < "\($1)" }) else {
            return
        }
        oracle.groups[group].members.remove(member)
        let id = try await org.only(
            "SELECT Id FROM GroupMember WHERE GroupId = '\(oracle.groups[group].id)' "
                + "AND UserOrGroupId = '\(try await id(of: member))'"
        )
        try await org.delete(id, as: admin)
    }

    // MARK: Records

    private func owner(orQueue: Bool) -> RecordID {
        if orQueue && chance(20) { return oracle.groups[3].id }
        return pick(oracle.users.filter { $0.kind != .guest })?.id ?? admin.user
    }

    private func addBox() async throws {
        let owner = owner(orQueue: false)
        let keeper = chance(40) ? oracle.users[6].id : nil
        let id = try await org.create(
            "Box__c",
            [
                "Name": .string("A box"), "OwnerId": .id(owner),
                "Keeper__c": keeper.map { .id($0) } ?? .null,
            ],
            as: admin
        )
        oracle.boxes.append(.init(id: id, owner: owner, keeper: keeper))
    }

    private func addFolder() async throws {
        let owner = owner(orQueue: true)
        let box = chance(70) ? pick(oracle.boxes.filter { !$0.isDeleted })?.id : nil
        let color = pick(Self.colors) ?? ""
        let size = Int.random(in: 0..<10, using: &random)
        let id = try await org.create(
            "Folder__c",
            [
                "Name": .string("A plan"), "OwnerId": .id(owner), "Color__c": .string(color),
                "Size__c": .number(JSONNumber(Int64(size))), "Box__c": box.map { .id($0) } ?? .null,
            ],
            as: admin
        )
        oracle.folders.append(.init(id: id, owner: owner, box: box, color: color, size: size))
        try await org.create(
            "Paper__c",
            ["Name": .string("A paper"), "Folder__c": .id(id)],
            as: admin
        )
        try await org.create(
            "Tag__c",
            ["Name": .string("A tag"), "Folder__c": .id(id)],
            as: admin
        )
    }

    private func liveFolder() -> Int? {
        pick(oracle.folders.indices.filter { !oracle.folders[$0].isDeleted })
    }

    private func share() async throws {
        let isBox = chance(25)
        let record = isBox ? pick(oracle.boxes)?.id : liveFolder().map { oracle.folders[$0].id }
        guard let record else { return }
        let level: SharingOracle.Level = chance(50) ? .read : .edit
        let people = oracle.users.filter { $0.kind != .guest }
        let isTeam = !isBox && chance(30)
        let party: SharingOracle.Party =
            isTeam || chance(40) ? .user(pick(people)?.id ?? admin.user) : party()
        guard
            !oracle.shares.contains(where: {
                $0.record == record && $0.party == party && $0.isManual != isTeam
            })
        else { return }
        let text = JSONValue.string(level == .edit ? "Edit" : "Read")
        let grantee = try await id(of: party)
        let id: RecordID
        if isTeam {
            id = try await org.create(
                "Folder_Member__c",
                ["Folder__c": .id(record), "User__c": .id(grantee), "Level__c": text],
                as: admin
            )
        } else {
            id = try await org.create(
                isBox ? "Box__Share" : "Folder__Share",
                [
                    "ParentId": .id(record), "UserOrGroupId": .id(grantee), "AccessLevel": text,
                ],
                as: admin
            )
        }
        oracle.shares.append(
            .init(id: id, record: record, party: party, level: level, isManual: !isTeam)
        )
    }

    // MARK: Metadata

    /// Deploys what the oracle says of defaults and rules.
    func redeploy() async throws {
        oracle.folderDefault = pick([.private, .private, .private, .read, .readWrite]) ?? .private
        let narrower = SharingOracle.Default.allCases.filter {
            $0.width <= oracle.folderDefault.width && $0 != .readWrite
        }
        oracle.folderExternal = chance(70) ? .private : pick(narrower) ?? .private
        oracle.boxDefault = chance(80) ? .private : .read
        oracle.usesHierarchy = chance(80)
        oracle.rules = (0..<Int.random(in: 0..<5, using: &random)).map { rule($0) }
        oracle.guestColor = chance(60) ? pick(Self.colors) : nil
        oracle.hasSharingSet = chance(60)
        oracle.restrictions =
            chance(40)
            ? [
                .init(
                    role: Int.random(in: 0..<6, using: &random),
                    which: chance(50) ? .own : .color(pick(Self.colors) ?? "")
                )
            ] : []
        _ = try await Deployment(org.records).apply(
            SharingWorldFiles(oracle).files,
            in: org.id,
            as: admin.user,
            allowDataLoss: true
        )
    }

    private func rule(_ number: Int) -> SharingOracle.Rule {
        let which: SharingOracle.Rule.Which
        switch Int.random(in: 0..<4, using: &random) {
        case 0: which = .ownedBy(chance(25) ? .queue(3) : .party(party()))
        case 1: which = .color(pick(Self.colors) ?? "")
        case 2: which = .largerThan(Int.random(in: 0..<10, using: &random))
        default:
            which = .colorOrSize(pick(Self.colors) ?? "", Int.random(in: 3..<10, using: &random))
        }
        return .init(
            name: "Rule_\(number)",
            which: which,
            target: party(),
            level: chance(50) ? .read : .edit
        )
    }

    // MARK: Changes

    /// Changes something at random, here and there.
    ///
    /// - Returns: what it was, for whoever looks for the reason of a difference.
    func change() async throws -> String {
        switch Int.random(in: 0..<13, using: &random) {
        case 0:
            guard let place = liveFolder() else { break }
            let owner = owner(orQueue: true)
            let before = oracle.folders[place].owner
            try await org.update(
                "Folder__c",
                oracle.folders[place].id,
                ["OwnerId": .id(owner)],
                as: admin
            )
            oracle.folders[place].owner = owner
            let id = oracle.folders[place].id
            if owner != before { oracle.shares.removeAll { $0.record == id && $0.isManual } }
            return "owner"
        case 1:
            guard let place = liveFolder() else { break }
            oracle.folders[place].color = pick(Self.colors) ?? ""
            oracle.folders[place].size = Int.random(in: 0..<10, using: &random)
            try await org.update(
                "Folder__c",
                oracle.folders[place].id,
                [
                    "Color__c": .string(oracle.folders[place].color),
                    "Size__c": .number(JSONNumber(Int64(oracle.folders[place].size))),
                ],
                as: admin
            )
            return "color"
        case 2, 3, 4:
            try await share()
            return "share"
        case 5:
            guard
                let share = pick(
                    oracle.shares.filter { share in
                        !oracle.folders.contains { $0.id == share.record && $0.isDeleted }
                            && !oracle.boxes.contains { $0.id == share.record && $0.isDeleted }
                    }
                )
            else { break }
            oracle.shares.removeAll { $0.id == share.id }
            try await org.delete(share.id, as: admin)
            return "unshare"
        case 6:
            guard let place = liveFolder() else { break }
            try await org.delete(oracle.folders[place].id, as: admin)
            oracle.folders[place].isDeleted = true
            return "delete"
        case 7:
            let gone = oracle.folders.indices.filter { oracle.folders[$0].isDeleted }
            guard let place = pick(gone) else { break }
            try await org.undelete(oracle.folders[place].id, as: admin)
            oracle.folders[place].isDeleted = false
            return "undelete"
        case 8: return try await moveUser()
        case 9: return try await moveRole()
        case 10:
            try await addMember(to: Int.random(in: 0..<4, using: &random))
            return "member"
        case 11:
            try await removeMember(from: Int.random(in: 0..<4, using: &random))
            return "no member"
        default:
            try await dropShares()
            return "redeploy"
        }
        return "nothing"
    }

    /// A deploy that closes sharing drops the table of shares; the world does not follow that.
    private func dropShares() async throws {
        let before = oracle.folderDefault
        try await redeploy()
        if oracle.folderDefault == .readWrite, oracle.folderExternal == .readWrite,
            before != .readWrite
        {
            oracle.shares.removeAll { share in oracle.folders.contains { $0.id == share.record } }
        }
    }

    private func moveUser() async throws -> String {
        guard let place = pick(oracle.users.indices.filter { oracle.users[$0].kind != .guest })
        else { return "nothing" }
        let role = chance(20) ? nil : Int.random(in: 0..<6, using: &random)
        oracle.users[place].role = role
        try await org.update(
            "User",
            oracle.users[place].id,
            ["UserRoleId": role.map { .id(roleIDs[$0]) } ?? .null],
            as: admin
        )
        return "user's role"
    }

    private func moveRole() async throws -> String {
        let role = Int.random(in: 1..<6, using: &random)
        let above = Int.random(in: 0..<role, using: &random)
        oracle.roles[role] = above
        try await org.update(
            "UserRole",
            roleIDs[role],
            ["ParentRoleId": .id(roleIDs[above])],
            as: admin
        )
        return "role's place"
    }
}
