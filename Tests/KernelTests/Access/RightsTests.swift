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
}
