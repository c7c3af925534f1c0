import Kernel
import Metadata
import TestSupport
import Testing

/// Records that are there already are found when they are saved again.
@Suite struct DuplicateRuleTests {
    /// A package with one object whose rule does as the test says.
    private func files(
        rule: String,
        sharing: String = "ReadWrite",
        match: String = "{ fieldName: Email__c, matchingMethod: Email }"
    ) -> [MetadataPackage.File] {
        let texts = [
            "package.yaml": "package: people\nlabel: People\nversion: 1.0.0\nneeds: [platform]\n",
            "objects/Person__c.yaml": """
            object: Person__c
            label: Person
            pluralLabel: People
            sharingModel: \(sharing)
            owners: [User]
            fields:
              - { name: Email__c, type: Email }
              - { name: City__c, type: Text, length: 40 }
              - { name: Pin__c, type: EncryptedText, length: 20 }
            """,
            "objects/DuplicateRecordItem.yaml": """
            extend: DuplicateRecordItem
            fields:
              - { name: RecordId, type: Lookup, referenceTo: [Person__c] }
            """,
            "matching-rules/People.yaml": """
            matchingRule: People
            object: Person__c
            label: People
            matchingRuleItems:
              - \(match)
            """,
            "duplicate-rules/People.yaml": """
            duplicateRule: People
            object: Person__c
            label: People
            matchingRules: [People]
            \(rule)
            """,
            "permission-sets/People.yaml": """
            permissionSet: People
            label: People
            objectPermissions:
              - object: Person__c
                allowRead: true
                allowCreate: true
                allowEdit: true
                editAllFields: true
            """,
        ]
        return texts.map { MetadataPackage.File(path: $0.key, text: $0.value) }
    }

    private func org(_ kind: StoreKind, _ files: [MetadataPackage.File]) async throws -> TestOrg {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        _ = try await Deployment(org.records).apply(files, in: org.id, as: org.administrator.user)
        return org
    }

    private func person(_ name: String, _ email: String) -> RecordDraft {
        RecordDraft(
            object: "Person__c",
            values: ["Name": .string(name), "Email__c": .string(email)]
        )
    }

    private func result(_ error: RecordError?) -> DuplicateResult? {
        if case .duplicates(let result)? = error?.detail { result } else { nil }
    }

    private static let block = "actionOnInsert: Block\nactionOnUpdate: Block"

    @Test("a blocked record is refused, with what it repeats", arguments: StoreKind.allCases)
    func block(_ kind: StoreKind) async throws {
        let org = try await org(kind, files(rule: DuplicateRuleTests.block))
        let admin = org.administrator
        let first = try await org.save([person("Ada", "ada@x.example")], .create, as: admin)[0].id
        var options = SaveOptions()
        options.duplicates.includesRecordDetails = true

        let again = try await org.save(
            [person("A.", "ADA+news@x.example"), person("Bob", "bob@x.example")],
            .create,
            as: admin,
            options: options
        )

        #expect(again[0].errors.map(\.code) == [.duplicatesDetected])
        #expect(again[0].errors.first?.message == "Use one of these records?")
        #expect(again[1].id != nil)
        let found = try #require(result(again[0].errors.first))
        #expect(!found.allowSave)
        #expect(found.rule == "People")
        let match = try #require(found.matchResults.first)
        #expect(match.matchEngine == "ExactMatchEngine")
        #expect(match.size == 1)
        #expect(match.records.map(\.id) == [first])
        #expect(match.records.first?.confidence == 100)
        #expect(match.records.first?.differences.map(\.kind) == [.different])
        #expect(
            match.records.first?.values.map(\.value) == [.text("ada@x.example"), .text("Ada")]
        )
        #expect(try await org.count("SELECT COUNT() FROM Person__c", as: admin) == 2)
    }

    @Test("records of one save are compared with each other", arguments: StoreKind.allCases)
    func inBatch(_ kind: StoreKind) async throws {
        let org = try await org(kind, files(rule: DuplicateRuleTests.block))

        let results = try await org.save(
            [
                person("Ada", "ada@x.example"), person("Bob", "bob@x.example"),
                person("Ada", "ada@x.example"), person("Ada", "ada@x.example"),
            ],
            .create,
            as: org.administrator
        )

        #expect(results.map { $0.id != nil } == [true, true, false, false])
        let match = result(results[2].errors.first)?.matchResults.first?.records.first
        #expect(match?.id == nil)
        #expect(match?.position == 0)
    }

    @Test(
        "an update is asked only where it changes what is compared, and not about itself",
        arguments: StoreKind.allCases
    )
    func updates(_ kind: StoreKind) async throws {
        let org = try await org(kind, files(rule: DuplicateRuleTests.block))
        let admin = org.administrator
        _ = try await org.save([person("Ada", "ada@x.example")], .create, as: admin)
        let bob = try #require(
            try await org.save([person("Bob", "bob@x.example")], .create, as: admin)[0].id
        )

        try await org.update("Person__c", bob, ["Name": "Robert"], as: admin)
        try await org.update("Person__c", bob, ["Email__c": "BOB@x.example"], as: admin)
        let refused = await #expect(throws: RecordError.self) {
            try await org.update("Person__c", bob, ["Email__c": "ada@x.example"], as: admin)
        }
        #expect(refused?.code == .duplicatesDetected)
        // The keys follow the values: what was Bob's address is free again.
        try await org.update("Person__c", bob, ["Email__c": "rob@x.example"], as: admin)
        #expect(
            try await org.save([person("Bob", "bob@x.example")], .create, as: admin)[0].id != nil
        )
    }

    @Test(
        "an alert stops a client that did not say to go on; a report makes a set",
        arguments: StoreKind.allCases
    )
    func alertAndReport(_ kind: StoreKind) async throws {
        let org = try await org(
            kind,
            files(rule: "operationsOnInsert: [Alert, Report]\nalertText: Known already?")
        )
        let admin = org.administrator
        let first = try await org.save([person("Ada", "ada@x.example")], .create, as: admin)[0].id
        var options = SaveOptions()
        options.duplicates.allowSave = false

        let stopped = try await org.save(
            [person("Ada", "ada@x.example")],
            .create,
            as: admin,
            options: options
        )
        #expect(stopped[0].errors.first?.message == "Known already?")
        #expect(result(stopped[0].errors.first)?.allowSave == true)
        #expect(try await org.count("SELECT COUNT() FROM DuplicateRecordSet", as: admin) == 0)

        options.duplicates.allowSave = true
        var ids = [first]
        for _ in 0..<2 {
            ids.append(
                try await org.save(
                    [person("Ada", "ada@x.example")],
                    .create,
                    as: admin,
                    options: options
                )[0].id
            )
        }
        let sets = try await org.query(
            "SELECT RecordCount, DuplicateRule.DeveloperName, "
                + "(SELECT RecordId FROM DuplicateRecordItems ORDER BY RecordId) "
                + "FROM DuplicateRecordSet",
            as: admin
        )
        #expect(sets.count == 1)
        #expect(sets.first?.integer("RecordCount") == 3)
        #expect(sets.first?.text("DuplicateRule.DeveloperName") == "People")
        #expect(
            sets.first?.children["DuplicateRecordItems"]?.map { $0["RecordId"].id } == ids
        )
    }

    @Test(
        "a rule that enforces sharing does not tell of records that the caller cannot see",
        arguments: StoreKind.allCases,
        ["EnforceSharingRules", "BypassSharingRules"]
    )
    func sharing(_ kind: StoreKind, _ security: String) async throws {
        let org = try await org(
            kind,
            files(
                rule: DuplicateRuleTests.block + "\nsecurityOption: \(security)",
                sharing: "Private"
            )
        )
        let ana = try await org.user("Ana", permissionSets: ["People"])
        _ = try await org.save([person("Ada", "ada@x.example")], .create, as: org.administrator)

        let hers = try await org.save([person("Ada", "ada@x.example")], .create, as: ana)
        var options = SaveOptions()
        options.duplicates.runsAsCurrentUser = true
        let asHerself = try await org.save(
            [person("Ada", "ada@x.example")],
            .create,
            as: ana,
            options: options
        )

        if security == "EnforceSharingRules" {
            #expect(hers[0].id != nil)
            // Now there is one that she can see.
            #expect(asHerself[0].errors.first?.code == .duplicatesDetected)
        } else {
            let found = try #require(result(hers[0].errors.first))
            #expect(found.matchResults.first?.size == 1)
            #expect(found.matchResults.first?.records == [])
            #expect(asHerself[0].id != nil)
        }
    }

    @Test("deleted records are not repeated, and restored ones are", arguments: StoreKind.allCases)
    func recycleBin(_ kind: StoreKind) async throws {
        let org = try await org(kind, files(rule: DuplicateRuleTests.block))
        let admin = org.administrator
        let first = try #require(
            try await org.save([person("Ada", "ada@x.example")], .create, as: admin)[0].id
        )
        try await org.delete(first, as: admin)
        let second = try #require(
            try await org.save([person("Ada", "ada@x.example")], .create, as: admin)[0].id
        )
        try await org.purge(second, as: admin)
        try await org.undelete(first, as: admin)

        let third = try await org.save([person("Ada", "ada@x.example")], .create, as: admin)

        #expect(
            result(third[0].errors.first)?.matchResults.first?.records.map(\.id) == [first]
        )
    }

    @Test("a new rule finds records that were there before it", arguments: StoreKind.allCases)
    func backfill(_ kind: StoreKind) async throws {
        let org = try await org(kind, files(rule: DuplicateRuleTests.block))
        let admin = org.administrator
        let drafts = (0..<150).map { number in
            RecordDraft(
                object: "Person__c",
                values: [
                    "Name": .string("P\(number)"), "Email__c": .string("p\(number)@x.example"),
                    "City__c": .string("Town \(number)"),
                ]
            )
        }
        _ = try await org.save(drafts, .create, as: admin)

        _ = try await Deployment(org.records).apply(
            files(
                rule: DuplicateRuleTests.block,
                match: "{ fieldName: City__c, matchingMethod: Exact }"
            ),
            in: org.id,
            as: admin.user
        )

        let byCity = try await org.save(
            [RecordDraft(object: "Person__c", values: ["Name": "X", "City__c": "town  77"])],
            .create,
            as: admin
        )
        #expect(byCity[0].errors.first?.code == .duplicatesDetected)
        // What the rule compared before is no longer looked at.
        #expect(
            try await org.save([person("X", "p77@x.example")], .create, as: admin)[0].id != nil
        )
        let rows = try await org.query(
            "SELECT SobjectType, MatchEngine, RuleStatus FROM MatchingRule "
                + "WHERE DeveloperName = 'People'",
            as: admin
        )
        #expect(rows.map { $0.text("RuleStatus") } == ["Active"])
    }

    @Test(
        "a bad rule is refused, with its place",
        arguments: [
            ("{ fieldName: Mail__c, matchingMethod: Email }", "matching-rules/People.yaml", 5),
            ("{ fieldName: Pin__c, matchingMethod: Exact }", "matching-rules/People.yaml", 5),
            (
                "{ fieldName: Email__c, matchingMethod: Email, threshold: 101 }",
                "matching-rules/People.yaml", 5
            ),
            ("{ fieldName: OwnerId, matchingMethod: Phone }", "matching-rules/People.yaml", 5),
        ]
    )
    func refused(_ match: String, _ file: String, _ line: Int) async throws {
        let org = try await TestOrg(apps: ["platform"])

        let problems = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(
                files(rule: DuplicateRuleTests.block, match: match),
                in: org.id
            )
        }

        let problem = try #require(problems?.problems.first)
        #expect(problem.file == file)
        #expect(problem.line == line, "\(problem)")
    }
}

/// The rules that come with the platform.
@Suite struct StandardDuplicateRuleTests {
    private func confidence(
        _ org: TestOrg,
        _ object: String,
        _ one: JSONObject,
        _ other: JSONObject
    ) async throws -> Double? {
        var options = SaveOptions()
        options.duplicates.allowSave = false
        let admin = org.administrator
        let first = try await org.save(
            [RecordDraft(object: object, values: one)],
            .create,
            as: admin
        )
        let second = try await org.save(
            [RecordDraft(object: object, values: other)],
            .create,
            as: admin,
            options: options
        )
        for id in (first + second).compactMap(\.id) { try await org.purge(id, as: admin) }
        guard case .duplicates(let result)? = second[0].errors.first?.detail else { return nil }
        return result.matchResults.first?.records.first?.confidence
    }

    @Test("people are known by other forms of their names", arguments: StoreKind.allCases)
    func contacts(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let known: [(JSONObject, JSONObject)] = [
            (
                ["FirstName": "Robert", "LastName": "Smith", "Phone": "(555) 123-4567"],
                ["FirstName": "Bob", "LastName": "Smyth", "Phone": "+1 555 123 4567"]
            ),
            (
                ["FirstName": "José", "LastName": "García", "Email": "jose@x.example"],
                ["FirstName": "JOSE", "LastName": "Garcia", "Email": "Jose+work@x.example"]
            ),
            (
                [
                    "FirstName": "Ada", "LastName": "Lovelace",
                    "MailingStreet": "12 North Main Street", "MailingPostalCode": "02903",
                ],
                [
                    "FirstName": "A", "LastName": "Lovelase", "MailingStreet": "12 N. Main St.",
                    "MailingPostalCode": "02903-1234",
                ]
            ),
        ]
        for (one, other) in known {
            #expect(try await confidence(org, "Contact", one, other) != nil, "\(other)")
        }
        let different: [(JSONObject, JSONObject)] = [
            (
                ["FirstName": "Robert", "LastName": "Smith", "Phone": "(555) 123-4567"],
                ["FirstName": "Alice", "LastName": "Smith", "Phone": "(555) 123-4567"]
            ),
            (["LastName": "Smith"], ["LastName": "Smith"]),
        ]
        for (one, other) in different {
            #expect(try await confidence(org, "Contact", one, other) == nil, "\(other)")
        }
    }

    @Test("organizations are known without their legal forms", arguments: StoreKind.allCases)
    func accounts(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        #expect(
            try await confidence(
                org,
                "Account",
                ["Name": "Acme Tools, Inc.", "Phone": "555 123 4567"],
                ["Name": "The ACME Tools Company", "Phone": "5551234567"]
            ) != nil
        )
        #expect(
            try await confidence(
                org,
                "Account",
                ["Name": "International Widget Makers", "Website": "iwm.example"],
                ["Name": "IWM", "Website": "IWM.example"]
            ) != nil
        )
        #expect(
            try await confidence(
                org,
                "Account",
                ["Name": "Acme Tools", "Phone": "555 123 4567"],
                ["Name": "Springfield Library", "Phone": "555 123 4567"]
            ) == nil
        )
    }
}
