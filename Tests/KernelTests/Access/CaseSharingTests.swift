import Kernel
import Metadata
import TestSupport
import Testing

/// Who sees whose records, with the org-wide default for Case set to Private.
@Suite struct CaseSharingTests {
    private static let subjects = "SELECT Subject FROM Case ORDER BY Subject"

    private func subjects(_ org: TestOrg, as caller: Caller) async throws -> [String] {
        try await org.query(Self.subjects, as: caller).compactMap { $0.text("Subject") }
    }

    @Test("an agent does not see a colleague's case", arguments: StoreKind.allCases)
    func privateByDefault(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let ben = try await org.user("Ben", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create("Case", ["Subject": "Printer on fire"], as: ana)

        #expect(try await subjects(org, as: ana) == ["Printer on fire"])
        #expect(try await subjects(org, as: ben).isEmpty)
        #expect(try await org.count("SELECT COUNT() FROM Case", as: ben) == 0)
        #expect(try await org.search("FIND {printer} RETURNING Case", as: ben).isEmpty)
        let error = await #expect(throws: RecordError.self) {
            try await org.update("Case", id, ["Subject": "Mine"], as: ben)
        }
        #expect(error?.code == .invalidCrossReferenceKey)
    }

    @Test(
        "a role sees what the roles below it own, and nothing beside them",
        arguments: StoreKind.allCases
    )
    func roleHierarchy(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let agent = "Support Agent"
        let ana = try await org.user("Ana", profile: agent, role: "Streets_Agent")
        let sam = try await org.user("Sam", profile: agent, role: "Sanitation_Agent")
        let above = try await org.user("Streets", profile: agent, role: "Streets_Supervisor")
        let director = try await org.user("Director", profile: agent, role: "Service_Director")
        try await org.create("Case", ["Subject": "Pothole"], as: ana)
        try await org.create("Case", ["Subject": "Waste"], as: sam)
        try await org.create("Case", ["Subject": "Plan"], as: above)

        #expect(try await subjects(org, as: ana) == ["Pothole"])
        #expect(try await subjects(org, as: above) == ["Plan", "Pothole"])
        #expect(try await subjects(org, as: director) == ["Plan", "Pothole", "Waste"])
    }

    @Test("a supervisor's profile sees every case, whoever owns it", arguments: StoreKind.allCases)
    func viewAll(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let mia = try await org.user("Mia", profile: "Support Manager")
        let id = try await org.create("Case", ["Subject": "Pothole"], as: ana)

        #expect(try await subjects(org, as: mia) == ["Pothole"])
        try await org.update("Case", id, ["Subject": "Big pothole"], as: mia)
        #expect(try await subjects(org, as: ana) == ["Big pothole"])
    }

    @Test(
        "a queue's cases are seen by its members and those above them",
        arguments: StoreKind.allCases
    )
    func queues(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let agent = "Support Agent"
        let ana = try await org.user("Ana", profile: agent, role: "Streets_Agent")
        let sam = try await org.user("Sam", profile: agent, role: "Sanitation_Agent")
        let director = try await org.user("Director", profile: agent, role: "Service_Director")
        let queue = try await org.queue("Streets_Queue")
        let id = try await org.create(
            "Case",
            ["Subject": "Pothole", "OwnerId": .id(queue)],
            as: org.administrator
        )

        #expect(try await subjects(org, as: ana) == ["Pothole"])
        #expect(try await subjects(org, as: sam).isEmpty)
        #expect(try await subjects(org, as: director) == ["Pothole"])
        let mine = try await org.query(
            "SELECT Subject FROM Case USING SCOPE mine_and_my_groups",
            as: ana
        )
        #expect(mine.count == 1)
        #expect(try await org.query("SELECT Id FROM Case USING SCOPE mine", as: ana).isEmpty)

        try await org.update("Case", id, ["OwnerId": .id(ana.user)], as: ana)
        #expect(try await org.query("SELECT Id FROM Case USING SCOPE mine", as: ana).count == 1)
    }

    @Test("a comment is seen by those who see its case", arguments: StoreKind.allCases)
    func controlledByParent(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let ben = try await org.user("Ben", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create("Case", ["Subject": "Pothole"], as: ana)
        let comment = try await org.create(
            "CaseComment",
            ["ParentId": .id(id), "CommentBody": "Deep"],
            as: org.administrator
        )

        #expect(try await org.count("SELECT COUNT() FROM CaseComment", as: ana) == 1)
        #expect(try await org.count("SELECT COUNT() FROM CaseComment", as: ben) == 0)
        let refused = await #expect(throws: RecordError.self) {
            try await org.create(
                "CaseComment",
                ["ParentId": .id(id), "CommentBody": "Mine"],
                as: ben
            )
        }
        #expect(refused?.code == .invalidCrossReferenceKey)
        try await org.update("CaseComment", comment, ["CommentBody": "Deeper"], as: ana)
    }

    @Test("a parent that the caller may not see reads as none", arguments: StoreKind.allCases)
    func hiddenParent(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        let account = try await org.create(
            "Account",
            ["Name": "Secret"],
            as: org.administrator
        )
        try await org.create(
            "Task",
            ["Subject": "Call", "WhatId": .id(account), "OwnerId": .id(uma.user)],
            as: org.administrator
        )

        let task = try #require(
            try await org.query("SELECT Subject, What.Name, What.Type FROM Task", as: uma).first
        )

        #expect(task.text("Subject") == "Call")
        #expect(task["What.Name"] == .null)
        #expect(
            try await org.count("SELECT COUNT() FROM Task WHERE What.Name = 'Secret'", as: uma) == 0
        )
    }

    @Test(
        "a contact goes with its account; one without an account is its owner's",
        arguments: StoreKind.allCases
    )
    func contacts(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        let vic = try await org.user("Vic")
        let account = try await org.create("Account", ["Name": "Hall"], as: uma)
        try await org.create(
            "Contact",
            ["LastName": "With", "AccountId": .id(account)],
            as: uma
        )
        try await org.create("Contact", ["LastName": "Without"], as: vic)
        let names = "SELECT LastName FROM Contact"

        #expect(try await org.query(names, as: uma).map { $0.text("LastName") } == ["With"])
        #expect(try await org.query(names, as: vic).map { $0.text("LastName") } == ["Without"])
        try await org.update(
            "Account",
            account,
            ["OwnerId": .id(vic.user)],
            as: org.administrator
        )
        #expect(try await org.query(names, as: uma).isEmpty)
        #expect(try await org.query(names, as: vic).count == 2)
    }

    @Test("a user who has been made inactive is nobody", arguments: StoreKind.allCases)
    func inactive(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        _ = try await org.query("SELECT Id FROM Account", as: uma)
        try await org.update("User", uma.user, ["IsActive": false], as: org.administrator)

        let error = await #expect(throws: RecordError.self) {
            try await org.query("SELECT Id FROM Account", as: uma)
        }

        #expect(error?.code == .invalidSessionID)
        #expect(org.logins.usernames.inactive == [uma.user])
    }
}
