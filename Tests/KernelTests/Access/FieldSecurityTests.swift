import Kernel
import Metadata
import TestSupport
import Testing

/// Objects and fields that a caller may not see fail as if nobody had declared them.
@Suite struct FieldSecurityTests {
    private func error(_ org: TestOrg, _ soql: String, as caller: Caller) async -> RecordError? {
        do {
            _ = try await org.query(soql, as: caller)
            return nil
        } catch {
            return error as? RecordError
        }
    }

    @Test(
        "a hidden field fails like a missing one, wherever a query names it",
        arguments: StoreKind.allCases
    )
    func hiddenField(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        for shape in [
            "SELECT Id, # FROM Contact", "SELECT Id FROM Contact WHERE # != null",
            "SELECT Id FROM Contact ORDER BY #", "SELECT COUNT(Id) FROM Contact GROUP BY #",
            "SELECT MAX(#) FROM Contact", "SELECT Contact.# FROM Case",
            "SELECT Id FROM Case WHERE Contact.# < TODAY",
            "SELECT Id FROM Case WHERE ContactId IN (SELECT Id FROM Contact WHERE # = TODAY)",
            "SELECT Id, (SELECT # FROM Contacts) FROM Account",
            "SELECT CALENDAR_YEAR(#), COUNT(Id) FROM Contact GROUP BY CALENDAR_YEAR(#)",
        ] {
            let hidden = shape.replacing("#", with: "Birthdate")
            let missing = shape.replacing("#", with: "Birthdata")
            let found = try #require(await error(org, hidden, as: ana), "\(hidden)")
            let expected = try #require(await error(org, missing, as: ana), "\(missing)")
            #expect(found.code == .invalidField)
            #expect(found.message.replacing("Birthdate", with: "Birthdata") == expected.message)
            #expect(await error(org, hidden, as: org.administrator) == nil, "\(hidden)")
        }
    }

    @Test(
        "a hidden field cannot be saved, and is not told from a missing one",
        arguments: StoreKind.allCases
    )
    func hiddenFieldInSave(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        var messages: [String] = []
        for name in ["Birthdate", "Birthdata"] {
            let error = await #expect(throws: RecordError.self) {
                try await org.create(
                    "Contact",
                    ["LastName": "Doe", name: "1990-01-01"],
                    as: ana
                )
            }
            #expect(error?.code == .invalidField)
            messages.append(error?.message.replacing("Birthdate", with: "Birthdata") ?? "")
        }
        #expect(messages[0] == messages[1])
    }

    @Test("FIELDS(ALL) gives what the caller may see", arguments: StoreKind.allCases)
    func allFields(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create(
            "Contact",
            ["LastName": "Doe", "Birthdate": "1990-01-01"],
            as: org.administrator
        )
        let soql = "SELECT FIELDS(ALL) FROM Contact LIMIT 10"

        let hers = try #require(try await org.query(soql, as: ana).first)
        let all = try #require(try await org.query(soql, as: org.administrator).first)

        #expect(hers.values["Birthdate"] == nil)
        #expect(all["Birthdate"] == .date(7_305))
        #expect(hers.text("LastName") == "Doe")
    }

    @Test("an object without the right to read it is not there", arguments: StoreKind.allCases)
    func hiddenObject(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        for shape in [
            "SELECT Id FROM #", "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM #)",
        ] {
            let found = try #require(
                await error(org, shape.replacing("#", with: "Case"), as: uma)
            )
            let expected = try #require(
                await error(org, shape.replacing("#", with: "Nope"), as: uma)
            )
            #expect(found.code == .invalidType)
            #expect(
                found.message.replacing("Case", with: "Nope")
                    .replacing("   ^", with: "^") == expected.message.replacing("   ^", with: "^")
            )
        }
        let child = await error(org, "SELECT Id, (SELECT Id FROM Cases) FROM Account", as: uma)
        #expect(child?.code == .invalidType)
        let saved = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "Mine"], as: uma)
        }
        #expect(saved?.code == .invalidType)
    }

    @Test(
        "a field that may be read but not changed is refused in a save",
        arguments: StoreKind.allCases
    )
    func readOnlyField(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create(
            "Case",
            ["Subject": "Pothole", "Estimated_Cost__c": 250, "OwnerId": .id(ana.user)],
            as: org.administrator
        )
        let error = await #expect(throws: RecordError.self) {
            try await org.update("Case", id, ["Estimated_Cost__c": 1], as: ana)
        }

        #expect(error?.code == .invalidFieldForInsertUpdate)
        #expect(error?.fields == ["Estimated_Cost__c"])
        let cost = try await org.query("SELECT Estimated_Cost__c FROM Case", as: ana).first
        #expect(cost?["Estimated_Cost__c"] == .number(ExactDecimal(unscaled: 250, scale: 0)))
    }

    @Test("a permission set adds to what a profile grants", arguments: StoreKind.allCases)
    func permissionSet(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma", permissionSets: ["Support_Readonly"])

        #expect(try await org.count("SELECT COUNT() FROM Case", as: uma) == 0)
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "Mine"], as: uma)
        }
        #expect(error?.code == .cannotInsertUpdateActivateEntity)
    }

    @Test("only administrators change users", arguments: StoreKind.allCases)
    func setupObjects(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        let error = await #expect(throws: RecordError.self) {
            try await org.update("User", uma.user, ["Title": "Queen"], as: uma)
        }

        #expect(error?.code == .cannotInsertUpdateActivateEntity)
    }
}
