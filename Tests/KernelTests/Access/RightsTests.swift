import Kernel
import Metadata
import TestSupport
import Testing

/// Who decides who may do what, and for how long it holds.
@Suite struct RightsTests {
    @Test(
        "a permission set that was given until a time is lost then",
        arguments: StoreKind.allCases
    )
    func expiry(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma", profile: "Read Only")
        let set = try await org.only("SELECT Id FROM PermissionSet WHERE Name = 'Support_Manager'")
        try await org.create("Case", ["Subject": "Pothole"], as: org.administrator)
        try await org.create(
            "PermissionSetAssignment",
            [
                "AssigneeId": .id(uma.user), "PermissionSetId": .id(set),
                "ExpirationDate": "2026-03-10T10:30:00Z",
            ],
            as: org.administrator
        )

        #expect(try await org.count("SELECT COUNT() FROM Case", as: uma) == 1)
        org.clock.set("2026-03-10T10:30:00Z")

        let error = await #expect(throws: RecordError.self) {
            try await org.count("SELECT COUNT() FROM Case", as: uma)
        }
        #expect(error?.code == .invalidType)
    }

    @Test("who may customize the org cannot decide who may do what", arguments: StoreKind.allCases)
    func customizing(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let set = try await org.create(
            "PermissionSet",
            [
                "Name": "Builder", "Label": "Builder", "PermissionsCustomizeApplication": true,
                "PermissionsModifyAllData": true,
            ],
            as: org.administrator
        )
        let uma = try await org.user("Uma", permissionSets: ["Builder"])

        let error = await #expect(throws: RecordError.self) {
            try await org.update("PermissionSet", set, ["PermissionsManageUsers": true], as: uma)
        }

        #expect(error?.code == .cannotInsertUpdateActivateEntity)
        try await org.create(
            "BusinessHours",
            ["Name": "Night", "TimeZoneSidKey": "UTC"],
            as: uma
        )
    }

    /// Someone who manages users, and has no other power.
    private func manager(of org: TestOrg) async throws -> Caller {
        let set = try await org.create(
            "PermissionSet",
            ["Name": "User_Desk", "Label": "User Desk", "PermissionsManageUsers": true],
            as: org.administrator
        )
        for object in ["PermissionSetAssignment", "PermissionSet", "User", "ObjectPermissions"] {
            try await org.create(
                "ObjectPermissions",
                [
                    "ParentId": .id(set), "SobjectType": .init(stringLiteral: object),
                    "PermissionsRead": true, "PermissionsCreate": true, "PermissionsEdit": true,
                    "PermissionsViewAllFields": true, "PermissionsEditAllFields": true,
                ],
                as: org.administrator
            )
        }
        return try await org.user("Uma", permissionSets: ["User_Desk"])
    }

    @Test("whoever manages users cannot give what they lack", arguments: StoreKind.allCases)
    func granting(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await manager(of: org)
        let strong = try await org.only(
            "SELECT Id FROM PermissionSet WHERE Name = 'Support_Manager'"
        )
        let profile = try await org.only(
            "SELECT Id FROM Profile WHERE Name = 'System Administrator'"
        )

        let assigned = await #expect(throws: RecordError.self) {
            try await org.create(
                "PermissionSetAssignment",
                ["AssigneeId": .id(uma.user), "PermissionSetId": .id(strong)],
                as: uma
            )
        }
        let promoted = await #expect(throws: RecordError.self) {
            try await org.update("User", uma.user, ["ProfileId": .id(profile)], as: uma)
        }
        let widened = await #expect(throws: RecordError.self) {
            try await org.update(
                "PermissionSet",
                strong,
                ["PermissionsModifyAllData": true],
                as: uma
            )
        }

        #expect(assigned?.code == .insufficientAccessOrReadonly)
        #expect(promoted?.code == .insufficientAccessOrReadonly)
        #expect(widened?.code == .cannotInsertUpdateActivateEntity)
    }
}
