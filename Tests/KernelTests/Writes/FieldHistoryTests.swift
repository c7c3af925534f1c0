import Kernel
import Metadata
import TestSupport
import Testing

/// What is changed stays known: by whom, when, from what and to what.
@Suite struct FieldHistoryTests {
    private func rows(
        _ org: TestOrg,
        _ condition: String,
        as caller: Caller,
        options: QueryOptions = QueryOptions()
    ) async throws -> [String] {
        try await org.query(
            "SELECT Field, DataType, OldValue, NewValue FROM CaseHistory WHERE \(condition) "
                + "ORDER BY Id",
            as: caller,
            options: options
        )
        .map { row in
            ["Field", "DataType", "OldValue", "NewValue"].map { row.text($0) ?? "-" }
                .joined(separator: " ")
        }
    }

    @Test(
        "a creation is one row, and each change another, with both values",
        arguments: StoreKind.allCases
    )
    func changes(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Lamp", "Status": "New"], as: admin)
        try await org.update(
            "Case",
            id,
            ["Status": "Working", "Hours_Spent__c": "1.50"],
            as: admin
        )
        try await org.update("Case", id, ["Status": "Working"], as: admin)

        #expect(
            try await rows(org, "CaseId = '\(id)'", as: admin) == [
                "created Text - -", "Status DynamicEnum New Working",
                "Hours_Spent__c Double - 1.5",
            ]
        )
        let moments = try await org.query(
            "SELECT CreatedDate, CreatedById, Case.Subject FROM CaseHistory",
            as: admin
        )
        #expect(moments.allSatisfy { $0["CreatedById"] == .id(admin.user) })
        #expect(moments.allSatisfy { $0.text("Case.Subject") == "Lamp" })
    }

    @Test(
        "a lookup has one row with names and one with ids; a long text only says that it changed",
        arguments: StoreKind.allCases
    )
    func lookups(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let one = try await org.create("Account", ["Name": "Hall"], as: admin)
        let id = try await org.create(
            "Case",
            ["Subject": "Lamp", "AccountId": .id(one)],
            as: admin
        )
        let other = try await org.create("Account", ["Name": "Works"], as: admin)
        try await org.update(
            "Case",
            id,
            ["AccountId": .id(other), "Resolution__c": "Replaced.", "Tags__c": "Safety hazard"],
            as: admin
        )

        #expect(
            try await rows(org, "Field != 'created'", as: admin).sorted() == [
                "Account EntityId \(one) \(other)", "Account Text Hall Works",
                "Resolution__c TextArea - -", "Tags__c MultiEnum - -",
            ]
        )
    }

    @Test(
        "a row about a field that the caller may not read is not there for them",
        arguments: StoreKind.allCases
    )
    func hiddenFields(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create(
            "Contact",
            ["LastName": "Doe", "OwnerId": .id(ana.user)],
            as: admin
        )
        try await org.update(
            "Contact",
            id,
            ["Birthdate": "1990-01-01", "Title": "Head"],
            as: admin
        )
        let soql = "SELECT Field FROM ContactHistory"
        func fields(_ soql: String, _ caller: Caller) async throws -> [String] {
            try await org.query(soql, as: caller).compactMap { $0.text("Field") }.sorted()
        }

        #expect(try await fields(soql, admin) == ["Birthdate", "Title", "created"])
        #expect(try await fields(soql, ana) == ["Title", "created"])
        #expect(try await fields(soql + " WHERE Field = 'Birthdate'", ana) == [])
        #expect(try await org.count("SELECT COUNT() FROM ContactHistory", as: ana) == 2)
        let joined = try await org.query(
            "SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM ContactHistory "
                + "WHERE Field = 'Birthdate')",
            as: ana
        )
        #expect(joined.isEmpty)
        let nested = try await org.query(
            "SELECT Id, (SELECT Field FROM Histories ORDER BY Id) FROM Contact",
            as: ana
        )
        #expect(
            nested.first?.children["Histories"]?.map { $0.text("Field") } == ["created", "Title"]
        )
    }

    @Test("who cannot see a record cannot see its history", arguments: StoreKind.allCases)
    func hiddenRecords(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let hers = try await org.create("Case", ["OwnerId": .id(ana.user)], as: admin)
        try await org.create("Case", ["Subject": "Not hers"], as: admin)

        let seen = try await org.query("SELECT CaseId FROM CaseHistory", as: ana)

        #expect(seen.map { $0["CaseId"] } == [.id(hers)])
        #expect(try await org.count("SELECT COUNT() FROM CaseHistory", as: admin) == 2)
    }

    @Test("nobody writes history but the platform", arguments: StoreKind.allCases)
    func readOnly(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Lamp"], as: admin)
        let row = try await org.only("SELECT Id FROM CaseHistory")

        let refusals = [
            await #expect(throws: RecordError.self) {
                try await org.create(
                    "CaseHistory",
                    ["CaseId": .id(id), "Field": "Status"],
                    as: admin
                )
            },
            await #expect(throws: RecordError.self) {
                try await org.update("CaseHistory", row, ["NewValue": "x"], as: admin)
            },
            await #expect(throws: RecordError.self) { try await org.delete(row, as: admin) },
        ]

        #expect(refusals.allSatisfy { $0 != nil })
        #expect(try await rows(org, "CaseId = '\(id)'", as: admin) == ["created Text - -"])
    }

    @Test(
        "history is deleted, brought back and purged with its record",
        arguments: StoreKind.allCases
    )
    func cascade(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Lamp"], as: admin)
        try await org.update("Case", id, ["Status": "Working"], as: admin)
        let all = QueryOptions(includesDeleted: true)
        let before = try await rows(org, "CaseId = '\(id)'", as: admin)

        try await org.delete(id, as: admin)
        #expect(try await rows(org, "CaseId = '\(id)'", as: admin) == [])
        #expect(
            try await rows(org, "CaseId = '\(id)' AND IsDeleted = true", as: admin, options: all)
                == before
        )
        try await org.undelete(id, as: admin)
        #expect(try await rows(org, "CaseId = '\(id)'", as: admin) == before)
        try await org.purge(id, as: admin)
        #expect(try await rows(org, "CaseId = '\(id)'", as: admin, options: all) == [])
    }

    @Test("a save that is refused leaves no history", arguments: StoreKind.allCases)
    func refused(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let results = try await org.save(
            [
                RecordDraft(object: "Case", values: ["Subject": "Lamp"]),
                RecordDraft(object: "Case", values: ["Status": .null]),
            ],
            .create,
            as: org.administrator,
            options: SaveOptions(allOrNone: true)
        )

        #expect(results.allSatisfy { !$0.errors.isEmpty })
        #expect(
            try await org.count("SELECT COUNT() FROM CaseHistory", as: org.administrator) == 0
        )
    }

    @Test("a lookup that a delete clears is a change too", arguments: StoreKind.allCases)
    func cleared(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let whole = try await org.create("Case", ["Subject": "Whole"], as: admin)
        let part = try await org.create(
            "Case",
            ["Subject": "Part", "ParentId": .id(whole)],
            as: admin
        )
        try await org.delete(whole, as: admin)

        let found = try await rows(org, "CaseId = '\(part)' AND DataType = 'EntityId'", as: admin)

        #expect(found == ["Parent EntityId \(whole) -"])
    }
}

/// What can be declared about history, and what is refused.
@Suite struct HistoryDeclarationTests {
    private func files(_ object: String) -> [MetadataPackage.File] {
        [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: sites\nlabel: Sites\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            MetadataPackage.File(path: "objects/Site__c.yaml", text: object),
        ]
    }

    private func site(_ history: String) -> String {
        """
        object: Site__c
        label: Site
        pluralLabel: Sites
        history: \(history)
        fields:
          - { name: Code__c, type: Text, length: 10 }
          - { name: Secret__c, type: EncryptedText, length: 20 }
          - { name: Account__c, type: Lookup, referenceTo: [Account], relationshipName: Sites }
        """
    }

    @Test(
        "a custom object has its own history, by the published names",
        arguments: StoreKind.allCases
    )
    func custom(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(
            files(site("[Code__c, Account__c]")),
            in: org.id,
            as: admin.user
        )
        let account = try await org.create("Account", ["Name": "Hall"], as: admin)
        let id = try await org.create("Site__c", ["Name": "North"], as: admin)
        try await org.update(
            "Site__c",
            id,
            ["Name": "South", "Code__c": "S", "Account__c": .id(account)],
            as: admin
        )

        let found = try await org.query(
            "SELECT Field, NewValue, Parent.Name FROM Site__History ORDER BY Id",
            as: admin
        )

        #expect(
            found.map { $0.text("Field") } == ["created", "Code__c", "Account__c", "Account__c"]
        )
        #expect(found.allSatisfy { $0.text("Parent.Name") == "South" })
        let prefix = try await org.records.read(as: admin) {
            try $0.object("Site__History").keyPrefix
        }
        _ = try await Deployment(org.records).apply(
            files(site("all")),
            in: org.id,
            as: admin.user
        )
        #expect(
            try await org.records.read(as: admin) { try $0.object("Site__History").keyPrefix }
                == prefix
        )
        try await org.update("Site__c", id, ["Name": "East"], as: admin)
        #expect(
            try await org.count(
                "SELECT COUNT() FROM Site__History WHERE Field = 'Name'",
                as: admin
            ) == 1
        )
    }

    @Test(
        "what has no history is refused, with its place",
        arguments: ["[Secret__c]", "[CreatedDate]", "[Codes__c]"]
    )
    func refused(_ history: String) async throws {
        let org = try await TestOrg(apps: ["platform"])

        let problems = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(files(site(history)), in: org.id)
        }

        let problem = try #require(problems?.problems.first)
        #expect(problem.file == "objects/Site__c.yaml")
        #expect(problem.line == 4)
    }
}
