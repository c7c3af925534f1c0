import Kernel
import Metadata
import TestSupport
import Testing

/// Several records that are one thing become one, and can become several again.
@Suite struct MergeTests {
    private func merge(
        _ org: TestOrg,
        _ master: RecordID,
        _ merged: [RecordID],
        _ values: JSONObject = [:],
        as caller: Caller
    ) async throws -> MergeResult {
        try await org.records.write(as: caller) { writer in
            try writer.merge(
                MergeRequest(
                    master: master.description,
                    merged: merged.map(\.description),
                    values: values
                )
            )
        }
    }

    private func unmerge(
        _ org: TestOrg,
        _ journal: String,
        as caller: Caller
    ) async throws -> UnmergeResult {
        try await org.records.write(as: caller) { try $0.unmerge(journal) }
    }

    @Test(
        "what referred to a merged record refers to the master",
        arguments: StoreKind.allCases
    )
    func references(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let master = try await org.create("Account", ["Name": "Hall"], as: admin)
        let other = try await org.create(
            "Account",
            ["Name": "Town Hall", "Phone": "5551234567"],
            as: admin
        )
        let contact = try await org.create(
            "Contact",
            ["LastName": "Doe", "AccountId": .id(other)],
            as: admin
        )
        let task = try await org.create(
            "Task",
            ["Subject": "Call", "WhatId": .id(other)],
            as: admin
        )
        let child = try await org.create(
            "Account",
            ["Name": "Annex", "ParentId": .id(other)],
            as: admin
        )

        let result = try await merge(
            org,
            master,
            [other],
            ["Phone": "5557654321"],
            as: admin
        )

        #expect(result.id == master)
        #expect(result.mergedRecordIDs == [other])
        #expect(result.updatedRelatedIDs == [contact, task, child].sorted())
        for (soql, field) in [
            ("SELECT AccountId FROM Contact", "AccountId"), ("SELECT WhatId FROM Task", "WhatId"),
            ("SELECT ParentId FROM Account WHERE Name = 'Annex'", "ParentId"),
        ] {
            #expect(try await org.query(soql, as: admin).map { $0[field] } == [.id(master)])
        }
        let kept = try await org.query(
            "SELECT Id, Phone FROM Account WHERE Name = 'Hall'",
            as: admin
        )
        #expect(kept.map { $0.text("Phone") } == ["5557654321"])
        let gone = try await org.query(
            "SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true",
            as: admin,
            options: QueryOptions(includesDeleted: true)
        )
        #expect(gone.map { $0["MasterRecordId"] } == [.id(master)])
        let history = try await org.query(
            "SELECT NewValue FROM ContactHistory WHERE Field = 'Account' AND DataType = 'EntityId'",
            as: admin
        )
        #expect(history.map { $0.text("NewValue") } == [master.description])
    }

    @Test("a merge is undone whole, but for what was changed since", arguments: StoreKind.allCases)
    func undo(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let master = try await org.create("Account", ["Name": "Hall", "Fax": "1"], as: admin)
        let other = try await org.create("Account", ["Name": "Town Hall"], as: admin)
        let third = try await org.create("Account", ["Name": "Works"], as: admin)
        var contacts: [RecordID] = []
        for name in ["Doe", "Roe"] {
            contacts.append(
                try await org.create(
                    "Contact",
                    ["LastName": .string(name), "AccountId": .id(other)],
                    as: admin
                )
            )
        }
        let result = try await merge(
            org,
            master,
            [other],
            ["Fax": "2", "Site": "North"],
            as: admin
        )
        try await org.update("Contact", contacts[1], ["AccountId": .id(third)], as: admin)
        try await org.update("Account", master, ["Site": "South"], as: admin)

        let undone = try await unmerge(org, result.journal, as: admin)

        #expect(undone.restored == [other])
        #expect(undone.movedBack == [contacts[0]])
        #expect(undone.remainders.map(\.record).sorted() == [master, contacts[1]].sorted())
        let accounts = try await org.query(
            "SELECT Id, Fax, Site, MasterRecordId FROM Account ORDER BY Id",
            as: admin
        )
        #expect(accounts.map { $0["Id"] } == [.id(master), .id(other), .id(third)])
        #expect(accounts.first?.text("Fax") == "1")
        #expect(accounts.first?.text("Site") == "South")
        #expect(accounts.allSatisfy { $0["MasterRecordId"] == .null })
        await #expect(throws: RecordError.self) {
            try await unmerge(org, result.journal, as: admin)
        }
    }

    @Test("after thirty days a merge stays", arguments: StoreKind.allCases)
    func tooLate(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let master = try await org.create("Account", ["Name": "Hall"], as: admin)
        let other = try await org.create("Account", ["Name": "Town Hall"], as: admin)
        let result = try await merge(org, master, [other], as: admin)
        let known = try await org.records.write(as: admin) { try $0.merges(into: master) }
        #expect(known == [result.journal])
        org.clock.advance(seconds: 31 * 24 * 3_600)

        let error = await #expect(throws: RecordError.self) {
            try await unmerge(org, result.journal, as: admin)
        }

        #expect(error?.code == .invalidOperation)
    }

    @Test(
        "a merge needs the right to edit all, and to delete those that go",
        arguments: StoreKind.allCases
    )
    func rights(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let ana = try await org.user("Ana", profile: "Standard User")
        let hers = try await org.create("Account", ["Name": "Hall"], as: ana)
        let another = try await org.create("Account", ["Name": "Halle"], as: ana)
        let foreign = try await org.create("Account", ["Name": "Town Hall"], as: admin)

        let hidden = await #expect(throws: RecordError.self) {
            try await merge(org, hers, [foreign], as: ana)
        }
        #expect(hidden?.code == .invalidCrossReferenceKey)
        let wrong = await #expect(throws: RecordError.self) {
            try await merge(org, hers, [hers], as: ana)
        }
        #expect(wrong?.code == .invalidInput)
        _ = try await merge(org, hers, [another], as: ana)
        let twice = await #expect(throws: RecordError.self) {
            try await merge(org, hers, [another], as: ana)
        }
        #expect(twice?.code == .entityIsDeleted)
        #expect(try await org.count("SELECT COUNT() FROM Account", as: admin) == 2)
    }

    @Test("what is not mergeable is not merged", arguments: StoreKind.allCases)
    func notMergeable(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let one = try await org.create("Task", ["Subject": "Call"], as: admin)
        let other = try await org.create("Task", ["Subject": "Call"], as: admin)

        let error = await #expect(throws: RecordError.self) {
            try await merge(org, one, [other], as: admin)
        }

        #expect(error?.code == .invalidOperation)
    }

    @Test("lookups among the merged do not lead in a circle", arguments: StoreKind.allCases)
    func circles(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let top = try await org.create("Account", ["Name": "Top"], as: admin)
        let middle = try await org.create(
            "Account",
            ["Name": "Middle", "ParentId": .id(top)],
            as: admin
        )
        let bottom = try await org.create(
            "Account",
            ["Name": "Bottom", "ParentId": .id(middle)],
            as: admin
        )
        let soql = "SELECT Id, ParentId FROM Account ORDER BY Id"
        let before = try await org.query(soql, as: admin)

        let result = try await merge(org, bottom, [top], as: admin)
        let after = try await org.query(soql, as: admin)
        _ = try await unmerge(org, result.journal, as: admin)

        #expect(after.map { $0["Id"] } == [.id(middle), .id(bottom)])
        #expect(after.map { $0["ParentId"] } == [.id(bottom), .null])
        #expect(try await org.query(soql, as: admin) == before)
    }

    @Test(
        "links that would stand twice are kept once, and come back",
        arguments: StoreKind.allCases
    )
    func junctions(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let admin = org.administrator
        try await org.install(MergeTests.clubs)
        let ids = try await [
            org.create("Person__c", ["Name": "Ada"], as: admin),
            org.create("Person__c", ["Name": "A."], as: admin),
            org.create("Person__c", ["Name": "AL"], as: admin),
        ]
        let clubs = try await [
            org.create("Club__c", ["Name": "Chess"], as: admin),
            org.create("Club__c", ["Name": "Maths"], as: admin),
        ]
        for (person, club) in [(0, 0), (1, 0), (1, 1), (2, 1)] {
            try await org.create(
                "Membership__c",
                ["Person__c": .id(ids[person]), "Club__c": .id(clubs[club])],
                as: admin
            )
        }
        let soql = "SELECT Id, Person__c, Club__c FROM Membership__c ORDER BY Id"
        let before = try await org.query(soql, as: admin)

        let result = try await merge(org, ids[0], Array(ids[1...]), as: admin)

        let after = try await org.query(soql, as: admin)
        #expect(after.map { $0["Club__c"] } == clubs.map { .id($0) })
        #expect(after.allSatisfy { $0["Person__c"] == .id(ids[0]) })
        _ = try await unmerge(org, result.journal, as: admin)
        #expect(try await org.query(soql, as: admin) == before)
    }

    @Test("declared survivors fill the master", arguments: StoreKind.allCases)
    func survivors(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let admin = org.administrator
        try await org.install(MergeTests.clubs)
        let master = try await org.create(
            "Person__c",
            ["Name": "Ada", "Phone__c": "1", "Code__c": "A"],
            as: admin
        )
        org.clock.advance(seconds: 60)
        let other = try await org.create(
            "Person__c",
            ["Name": "A.", "Phone__c": "2", "Note__c": "Long", "Code__c": "B", "Town__c": "X"],
            as: admin
        )
        let result = try await merge(org, master, [other], ["Code__c": "B"], as: admin)

        let soql = "SELECT Name, Phone__c, Note__c, Code__c, Town__c FROM Person__c ORDER BY Id"
        let kept = try await org.query(soql, as: admin)
        #expect(kept.count == 1)
        #expect(
            ["Name", "Phone__c", "Note__c", "Code__c", "Town__c"].map { kept.first?.text($0) }
                == ["Ada", "2", "Long", "B", nil]
        )
        _ = try await unmerge(org, result.journal, as: admin)
        let back = try await org.query(soql, as: admin)
        #expect(back.map { $0.text("Phone__c") } == ["1", "2"])
        #expect(back.map { $0.text("Code__c") } == ["A", "B"])
    }

    static let clubs: [MetadataPackage.File] = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: clubs\nlabel: Clubs\nversion: 1.0.0\nneeds: [platform]\n"
        ),
        MetadataPackage.File(
            path: "objects/Person__c.yaml",
            text: """
                object: Person__c
                label: Person
                pluralLabel: People
                owners: [User]
                mergeable: true
                history: all
                survivorship:
                  - { fields: [Phone__c], keep: Newest }
                  - { fields: [Note__c], keep: MostComplete }
                fields:
                  - { name: Phone__c, type: Phone }
                  - { name: Note__c, type: LongTextArea, length: 1000 }
                  - { name: Town__c, type: Text, length: 40 }
                  - { name: Code__c, type: Text, length: 8, unique: true }
                  - { name: Friend__c, type: Lookup, referenceTo: [Person__c] }
                  - { name: Boss__c, type: Lookup, referenceTo: [Person__c], relationshipName: Reports }
                """
        ),
        MetadataPackage.File(
            path: "objects/Club__c.yaml",
            text: """
                object: Club__c
                label: Club
                pluralLabel: Clubs
                fields:
                  - name: Host__c
                    type: Lookup
                    referenceTo: [Person__c, Account]
                    deleteConstraint: Restrict
                """
        ),
        MetadataPackage.File(
            path: "objects/Membership__c.yaml",
            text: """
                object: Membership__c
                label: Membership
                pluralLabel: Memberships
                nameField: { name: Name, type: AutoNumber, displayFormat: "M-{0000}" }
                fields:
                  - { name: Person__c, type: MasterDetail, referenceTo: [Person__c], relationshipName: Memberships }
                  - { name: Club__c, type: MasterDetail, referenceTo: [Club__c], relationshipName: Members }
                """
        ),
    ]
}

/// Merging anything and undoing it leaves everything as it was, in any graph of references.
@Suite struct MergePropertyTests {
    private struct World {
        let people: [RecordID]
        let clubs: [RecordID]
    }

    private func pick(_ ids: [RecordID], _ random: inout SeededRandom) -> JSONValue {
        let index = Int(random.next() % UInt64(ids.count + 2))
        return index < ids.count ? .id(ids[index]) : .null
    }

    private func make(_ org: TestOrg, _ random: inout SeededRandom) async throws -> World {
        let admin = org.administrator
        var people: [RecordID] = []
        for number in 0..<6 {
            people.append(
                try await org.create(
                    "Person__c",
                    [
                        "Name": .string("P\(number)"), "Code__c": .string("C\(number)"),
                        "Friend__c": pick(people, &random), "Boss__c": pick(people, &random),
                        "Phone__c": random.next() % 2 == 0 ? .string("555000\(number)") : .null,
                    ],
                    as: admin
                )
            )
        }
        for person in people where random.next() % 2 == 0 {
            // Later ones too: references may lead around.
            try await org.update(
                "Person__c",
                person,
                ["Friend__c": pick(people, &random)],
                as: admin
            )
        }
        var clubs: [RecordID] = []
        for number in 0..<4 {
            clubs.append(
                try await org.create(
                    "Club__c",
                    ["Name": .string("K\(number)"), "Host__c": pick(people, &random)],
                    as: admin
                )
            )
        }
        for _ in 0..<10 {
            let id = try await org.create(
                "Membership__c",
                [
                    "Person__c": .id(people[Int(random.next() % 6)]),
                    "Club__c": .id(clubs[Int(random.next() % 4)]),
                ],
                as: admin
            )
            if random.next() % 5 == 0 { try await org.delete(id, as: admin) }
        }
        return World(people: people, clubs: clubs)
    }

    /// All that the records say, deleted ones too, but for the moments of changes.
    private func state(_ org: TestOrg) async throws -> [[TestRecord]] {
        let all = QueryOptions(includesDeleted: true)
        var found: [[TestRecord]] = []
        for soql in [
            "SELECT Id, IsDeleted, MasterRecordId, Name, Phone__c, Note__c, Town__c, Code__c, "
                + "Friend__c, Boss__c FROM Person__c ORDER BY Id",
            "SELECT Id, IsDeleted, Name, Host__c, LastModifiedDate FROM Club__c ORDER BY Id",
            "SELECT Id, IsDeleted, Name, Person__c, Club__c FROM Membership__c ORDER BY Id",
        ] {
            found.append(try await org.query(soql, as: org.administrator, options: all))
        }
        return found
    }

    @Test("merge, then undo: everything is as it was", arguments: StoreKind.allCases, 0..<4)
    func identity(_ kind: StoreKind, _ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let admin = org.administrator
        try await org.install(MergeTests.clubs)
        let world = try await make(org, &random)
        for _ in 0..<3 {
            let before = try await state(org)
            let chosen = world.people.shuffled(using: &random).prefix(2 + Int(random.next() % 2))
            org.clock.advance(seconds: 60)
            let request = MergeRequest(
                master: chosen[0].description,
                merged: chosen.dropFirst().map(\.description),
                values: random.next() % 2 == 0 ? ["Town__c": "Springfield"] : [:]
            )
            let result = try await org.records.write(as: admin) { try $0.merge(request) }

            try await expectNoReferences(to: Array(chosen.dropFirst()), org)
            let undone = try await org.records.write(as: admin) { try $0.unmerge(result.journal) }

            #expect(undone.remainders == [])
            let after = try await state(org)
            for (one, other) in zip(before.joined(), after.joined()) where one != other {
                let id = one["Id"].id
                Issue.record("\(id.map(\.description) ?? "") is not as it was")
            }
            #expect(before.map(\.count) == after.map(\.count))
        }
    }

    @Test("the stores agree on what a merge leaves", arguments: 0..<4)
    func agreement(_ seed: Int) async throws {
        var states: [[[TestRecord]]] = []
        for kind in StoreKind.allCases {
            var random = SeededRandom(seed: UInt64(100 + seed))
            let org = try await TestOrg(on: kind, apps: ["platform"])
            try await org.install(MergeTests.clubs)
            let world = try await make(org, &random)
            for _ in 0..<2 {
                let live = try await org.query(
                    "SELECT Id FROM Person__c ORDER BY Id",
                    as: org.administrator
                )
                .compactMap { $0["Id"].id }
                let chosen = live.shuffled(using: &random).prefix(2)
                let request = MergeRequest(
                    master: chosen[0].description,
                    merged: [chosen[1].description]
                )
                _ = try await org.records.write(as: org.administrator) { try $0.merge(request) }
                try await expectNoReferences(to: [chosen[1]], org)
            }
            #expect(world.clubs.count == 4)
            states.append(try await state(org))
        }
        for state in states.dropFirst() {
            for (one, other) in zip(state.joined(), states[0].joined()) where one != other {
                let id = one["Id"].id
                Issue.record("the stores differ in \(id.map(\.description) ?? "")")
            }
            #expect(state.map(\.count) == states[0].map(\.count))
        }
    }

    private func expectNoReferences(to gone: [RecordID], _ org: TestOrg) async throws {
        let list = gone.map { "'\($0)'" }.joined(separator: ", ")
        for condition in [
            "Person__c WHERE Friend__c", "Person__c WHERE Boss__c", "Club__c WHERE Host__c",
            "Membership__c WHERE Person__c",
        ] {
            let object = condition.split(separator: " ").first ?? ""
            #expect(
                try await org.count(
                    "SELECT COUNT() FROM \(condition) IN (\(list))",
                    as: org.administrator
                ) == 0,
                "\(object)"
            )
        }
    }
}

extension TestOrg {
    /// Installs a further package.
    func install(_ files: [MetadataPackage.File]) async throws {
        _ = try await Deployment(records).apply(files, in: id, as: administrator.user)
    }
}
