import Metadata
import TestSupport
import Testing

@testable import Kernel

/// Records that are shared by hand, by teams, and by belonging to each other.
@Suite struct ShareTests {
    private static let cases = "SELECT Subject FROM Case ORDER BY Subject"

    private func subjects(_ org: TestOrg, as caller: Caller) async throws -> [String] {
        try await org.query(Self.cases, as: caller).compactMap { $0.text("Subject") }
    }

    private func share(
        _ id: RecordID,
        with grantee: RecordID,
        _ level: String,
        in org: TestOrg,
        as caller: Caller
    ) async throws -> RecordID {
        try await org.create(
            "CaseShare",
            [
                "CaseId": .id(id), "UserOrGroupId": .id(grantee),
                "CaseAccessLevel": .string(level),
            ],
            as: caller
        )
    }

    private struct Desk {
        let org: TestOrg
        let ana: Caller
        let ben: Caller
        let above: Caller
        let id: RecordID

        init(_ kind: StoreKind) async throws {
            org = try await TestOrg(on: kind)
            let agent = "Support Agent"
            ana = try await org.user("Ana", profile: agent, role: "Streets_Agent")
            ben = try await org.user("Ben", profile: agent, role: "Sanitation_Agent")
            above = try await org.user("Mia", profile: agent, role: "Sanitation_Supervisor")
            id = try await org.create("Case", ["Subject": "Pothole"], as: ana)
        }
    }

    @Test(
        "an owner shares a case; the colleague and those above them have it until it is taken back",
        arguments: StoreKind.allCases
    )
    func manual(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        let share = try await share(desk.id, with: desk.ben.user, "Read", in: org, as: desk.ana)

        #expect(try await subjects(org, as: desk.ben) == ["Pothole"])
        #expect(try await subjects(org, as: desk.above) == ["Pothole"])
        let refused = await #expect(throws: RecordError.self) {
            try await org.update("Case", desk.id, ["Subject": "Mine"], as: desk.ben)
        }
        #expect(refused?.code == .insufficientAccessOrReadonly)
        try await org.update("CaseShare", share, ["CaseAccessLevel": "Edit"], as: desk.ana)
        try await org.update("Case", desk.id, ["Subject": "Ours"], as: desk.ben)
        let again = await #expect(throws: RecordError.self) {
            _ = try await self.share(desk.id, with: desk.ben.user, "Read", in: org, as: desk.ana)
        }
        #expect(again?.code == .duplicateValue)
        try await org.delete(share, as: desk.ana)
        #expect(try await subjects(org, as: desk.ben).isEmpty)
    }

    @Test(
        "who was shared a case cannot share it on, nor write what only the platform writes",
        arguments: StoreKind.allCases
    )
    func notOn(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        let given = try await share(desk.id, with: desk.ben.user, "Edit", in: org, as: desk.ana)
        let further = await #expect(throws: RecordError.self) {
            _ = try await self.share(desk.id, with: desk.above.user, "Read", in: org, as: desk.ben)
        }
        #expect(further?.code == .insufficientAccessOrReadonly)
        let taken = await #expect(throws: RecordError.self) {
            try await org.delete(given, as: desk.ben)
        }
        #expect(taken?.code == .insufficientAccessOrReadonly)
        for values: JSONObject in [
            ["RowCause": "Rule", "CaseAccessLevel": "Read"], ["CaseAccessLevel": "All"],
        ] {
            var draft = values
            draft.members += [
                .init(name: "CaseId", value: .id(desk.id)),
                .init(name: "UserOrGroupId", value: .id(desk.above.user)),
            ]
            let fixed = draft
            let error = await #expect(throws: RecordError.self) {
                try await org.create("CaseShare", fixed, as: desk.ana)
            }
            #expect(error?.code == .fieldIntegrityException)
        }
        let hidden = await #expect(throws: RecordError.self) {
            try await org.query("SELECT KeyId FROM CaseShare", as: org.administrator)
        }
        #expect(hidden?.code == .invalidField)
    }

    @Test("shares are seen by those who see the record", arguments: StoreKind.allCases)
    func shareRows(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        _ = try await share(desk.id, with: desk.ben.user, "Read", in: org, as: desk.ana)
        let count = "SELECT COUNT() FROM CaseShare"
        let stranger = try await org.user("Cid", profile: "Support Agent")

        #expect(try await org.count(count, as: desk.ana) == 1)
        #expect(try await org.count(count, as: desk.ben) == 1)
        #expect(try await org.count(count, as: stranger) == 0)
        let rows = try await org.query(
            "SELECT Id, (SELECT RowCause FROM Shares) FROM Case",
            as: desk.ben
        )
        #expect(rows.first?.children["Shares"]?.first?.text("RowCause") == "Manual")
    }

    @Test("manual shares go with the owner", arguments: StoreKind.allCases)
    func newOwner(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        _ = try await share(desk.id, with: desk.ben.user, "Read", in: org, as: desk.ana)
        let other = try await org.user("Cid", profile: "Support Agent")
        try await org.update(
            "Case",
            desk.id,
            ["OwnerId": .id(other.user)],
            as: org.administrator
        )

        #expect(try await subjects(org, as: desk.ben).isEmpty)
        #expect(try await subjects(org, as: other) == ["Pothole"])
    }

    @Test(
        "a member of a case's team has what the role says, as long as they are in it",
        arguments: StoreKind.allCases
    )
    func caseTeam(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        let role = try await org.create(
            "CaseTeamRole",
            ["Name": "Helper", "AccessLevel": "Edit"],
            as: org.administrator
        )
        let member = try await org.create(
            "CaseTeamMember",
            ["ParentId": .id(desk.id), "MemberId": .id(desk.ben.user), "TeamRoleId": .id(role)],
            as: desk.ana
        )
        try await org.update("Case", desk.id, ["Subject": "Ours"], as: desk.ben)
        try await org.update("CaseTeamRole", role, ["AccessLevel": "Read"], as: org.administrator)
        let refused = await #expect(throws: RecordError.self) {
            try await org.update("Case", desk.id, ["Subject": "Mine"], as: desk.ben)
        }
        #expect(refused?.code == .insufficientAccessOrReadonly)
        let joined = await #expect(throws: RecordError.self) {
            try await org.create(
                "CaseTeamMember",
                [
                    "ParentId": .id(desk.id), "MemberId": .id(desk.above.user),
                    "TeamRoleId": .id(role),
                ],
                as: desk.ben
            )
        }
        #expect(joined?.code == .insufficientAccessOrReadonly)
        try await org.delete(member, as: desk.ana)
        #expect(try await subjects(org, as: desk.ben).isEmpty)
    }

    @Test(
        "an account's team and its owner have its cases, as far as they are to",
        arguments: StoreKind.allCases
    )
    func accounts(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let sets = ["Support_Agent"]
        let uma = try await org.user("Uma", role: "Streets_Agent", permissionSets: sets)
        let vic = try await org.user("Vic", permissionSets: sets)
        let account = try await org.create("Account", ["Name": "Hall"], as: uma)
        try await org.create(
            "Case",
            ["Subject": "Roof", "AccountId": .id(account)],
            as: org.administrator
        )

        #expect(try await subjects(org, as: uma).isEmpty)
        let role = try await org.only(
            "SELECT Id FROM UserRole WHERE DeveloperName = 'Streets_Agent'"
        )
        try await org.update(
            "UserRole",
            role,
            ["CaseAccessForAccountOwner": "Read"],
            as: org.administrator
        )
        #expect(try await subjects(org, as: uma) == ["Roof"])

        try await org.create(
            "AccountTeamMember",
            [
                "AccountId": .id(account), "UserId": .id(vic.user), "AccountAccessLevel": "Read",
                "CaseAccessLevel": "Edit",
            ],
            as: org.administrator
        )
        let id = try await org.only("SELECT Id FROM Case")
        try await org.update("Case", id, ["Subject": "Wall"], as: vic)
        #expect(try await subjects(org, as: vic) == ["Wall"])
    }

    @Test("who was given a case reads its account, and no other", arguments: StoreKind.allCases)
    func implicitParent(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        try await org.create(
            "PermissionSet",
            ["Name": "Cases", "Label": "Cases"],
            as: org.administrator
        )
        let set = try await org.only("SELECT Id FROM PermissionSet WHERE Name = 'Cases'")
        try await org.create(
            "ObjectPermissions",
            ["ParentId": .id(set), "SobjectType": "Case", "PermissionsRead": true],
            as: org.administrator
        )
        try await org.create(
            "PermissionSetAssignment",
            ["AssigneeId": .id(uma.user), "PermissionSetId": .id(set)],
            as: org.administrator
        )
        let names = "SELECT Name FROM Account"
        for name in ["Hall", "Mill"] {
            let account = try await org.create(
                "Account",
                ["Name": .string(name)],
                as: org.administrator
            )
            let owner = name == "Hall" ? uma.user : org.administrator.user
            try await org.create(
                "Case",
                ["AccountId": .id(account), "OwnerId": .id(owner)],
                as: org.administrator
            )
        }

        #expect(try await org.query(names, as: uma).map { $0.text("Name") } == ["Hall"])
        let account = try await org.only("SELECT Id FROM Account WHERE Name = 'Hall'")
        let refused = await #expect(throws: RecordError.self) {
            try await org.update("Account", account, ["Name": "Mine"], as: uma)
        }
        #expect(refused?.code == .insufficientAccessOrReadonly)
    }

    @Test("what a user may do with a record can be asked, and why", arguments: StoreKind.allCases)
    func asking(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let org = desk.org
        _ = try await share(desk.id, with: desk.ben.user, "Edit", in: org, as: desk.ana)
        func most(_ caller: Caller) async throws -> String? {
            try await org.query(
                "SELECT MaxAccessLevel FROM UserRecordAccess WHERE UserId = '\(caller.user)' "
                    + "AND RecordId = '\(desk.id)'",
                as: org.administrator
            ).first?.text("MaxAccessLevel")
        }

        #expect(try await most(desk.ana) == "Transfer")
        #expect(try await most(desk.ben) == "Edit")
        #expect(try await most(org.administrator) == "All")
        let stranger = try await org.user("Cid", profile: "Support Agent")
        #expect(try await most(stranger) == "None")
        let ben = desk.ben.user
        let id = desk.id
        let why = try await org.records.read(as: org.administrator) {
            try $0.explainAccess(of: ben, to: id)
        }
        #expect(why.level == .edit)
        #expect(why.decisive?.source == .share)
        #expect(why.decisive?.text == "shared with the user (Manual)")
        for soql in [
            "SELECT RecordId FROM UserRecordAccess",
            "SELECT COUNT() FROM UserRecordAccess",
            "SELECT Id FROM Case WHERE Id IN (SELECT UserId FROM UserRecordAccess)",
        ] {
            await #expect(throws: RecordError.self) {
                try await org.query(soql, as: org.administrator)
            }
        }
        let other = await #expect(throws: RecordError.self) {
            try await org.records.read(as: stranger) { _ = try $0.explainAccess(of: ben, to: id) }
        }
        #expect(other?.code == .insufficientAccess)
    }
}
