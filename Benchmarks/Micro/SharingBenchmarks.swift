import Foundation
import Kernel
import Metadata
import TestSupport

/// What sharing costs: a list of those who see little and much, and a change in a large group.
extension Microbenchmarks {
    static func sharing(_ stopwatch: Stopwatch) async throws {
        guard stopwatch.isWanted("shared") else { return }
        let org = try await TestOrg(on: .sqlite, apps: ["platform"])
        _ = try await Deployment(org.records).apply(files, in: org.id, as: org.administrator.user)
        let few = try await org.user("Few", permissionSets: ["Matters"])
        let some = try await org.user("Some", permissionSets: ["Matters"])
        try await fill(org, [(few, 1), (some, 100)], of: 1_000)
        let page = "SELECT Id, Name, CreatedDate FROM Matter__c ORDER BY CreatedDate DESC LIMIT 50"
        for (caller, share) in [(few, "0.1 %"), (some, "10 %"), (org.administrator, "100 %")] {
            try await stopwatch.measure("a page of a list, \(share) shared") {
                keep(try await org.query(page, as: caller))
            }
        }
        try await largeGroup(stopwatch, org, few)
    }

    /// Matters, of which each owner has so many in every `round`; the rest are the administrator's.
    private static func fill(
        _ org: TestOrg,
        _ owners: [(Caller, Int)],
        of round: Int
    ) async throws {
        for _ in 0..<(mattersCount / round) {
            var drafts: [RecordDraft] = []
            for number in 0..<round {
                var place = number
                var owner = org.administrator.user
                for (caller, count) in owners {
                    if place >= 0, place < count { owner = caller.user }
                    place -= count
                }
                drafts.append(
                    RecordDraft(
                        object: "Matter__c",
                        values: ["Name": .string("Matter \(number)"), "OwnerId": .id(owner)]
                    )
                )
            }
            for start in stride(from: 0, to: round, by: 200) {
                // As in life, what is saved later has a later date.
                org.clock.advance(seconds: 1)
                let part = Array(drafts[start..<min(start + 200, round)])
                _ = try await org.save(part, .create, as: org.administrator)
            }
        }
    }

    /// More with `SHARED_RECORDS`: a million takes about two minutes to make.
    private static let mattersCount =
        ProcessInfo.processInfo.environment["SHARED_RECORDS"].flatMap { Int($0) } ?? 100_000

    private static func largeGroup(
        _ stopwatch: Stopwatch,
        _ org: TestOrg,
        _ caller: Caller
    ) async throws {
        let group = try await org.create(
            "Group",
            ["Name": "Everybody", "DeveloperName": "Everybody", "Type": "Regular"],
            as: org.administrator
        )
        let profile = try await org.query(
            "SELECT Id FROM Profile WHERE Name = 'Standard User'",
            as: org.administrator
        )
        guard let profileID = profile.first?["Id"].id else { return }
        for start in stride(from: 0, to: 10_000, by: 200) {
            let users = (start..<(start + 200)).map { number in
                RecordDraft(
                    object: "User",
                    values: [
                        "LastName": .string("U\(number)"), "Alias": .string("u\(number)"),
                        "Username": .string("u\(number)@springfield.example"),
                        "Email": .string("u\(number)@springfield.example"),
                        "CommunityNickname": .string("u\(number)"),
                        "TimeZoneSidKey": "UTC", "LocaleSidKey": "en_US",
                        "LanguageLocaleKey": "en_US", "EmailEncodingKey": "UTF-8",
                        "ProfileId": .id(profileID),
                    ]
                )
            }
            let ids = try await org.save(users, .create, as: org.administrator).compactMap(\.id)
            let members = ids.map { id in
                RecordDraft(
                    object: "GroupMember",
                    values: ["GroupId": .id(group), "UserOrGroupId": .id(id)]
                )
            }
            _ = try await org.save(members, .create, as: org.administrator)
        }
        try await stopwatch.measure("one in a shared group of 10,000 less and more, and a read") {
            let member = try await org.create(
                "GroupMember",
                ["GroupId": .id(group), "UserOrGroupId": .id(caller.user)],
                as: org.administrator
            )
            keep(try await org.query("SELECT Id FROM Matter__c LIMIT 1", as: caller))
            _ = try await org.records.write(as: org.administrator) { writer in
                try writer.delete([member.description])
            }
            keep(try await org.query("SELECT Id FROM Matter__c LIMIT 1", as: caller))
        }
    }

    private static let files = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: matters\nlabel: Matters\nversion: 1.0.0\nneeds: [platform]\n"
        ),
        MetadataPackage.File(
            path: "objects/Matter__c.yaml",
            text: """
                object: Matter__c
                label: Matter
                pluralLabel: Matters
                owners: [User]
                sharingModel: Private
                """
        ),
        MetadataPackage.File(
            path: "permission-sets/Matters.yaml",
            text: """
                permissionSet: Matters
                label: Matters
                objectPermissions:
                  - { object: Matter__c, allowRead: true, viewAllFields: true }
                """
        ),
    ]
}
