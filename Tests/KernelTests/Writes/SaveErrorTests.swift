import Kernel
import Metadata
import TestSupport
import Testing

/// What is wrong with a record is said with a code, the fields, and words that help.
@Suite struct SaveErrorTests {
    /// An org with an agent, an account and a contact.
    private struct Desk {
        let org: TestOrg
        let ana: Caller
        let account: RecordID
        let contact: RecordID

        init(_ kind: StoreKind) async throws {
            org = try await TestOrg(on: kind)
            ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
            account = try await org.create("Account", ["Name": "Hall"], as: org.administrator)
            contact = try await org.create(
                "Contact",
                ["LastName": "Doe", "AccountId": .id(account)],
                as: org.administrator
            )
        }

        func errors(_ object: String, _ values: JSONObject) async throws -> [RecordError] {
            try await org.save([RecordDraft(object: object, values: values)], .create, as: ana)[0]
                .errors
        }
    }

    @Test(
        "each kind of wrong value has its code and names its field",
        arguments: StoreKind.allCases
    )
    func values(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let missing = RecordID(prefix: desk.contact.prefix, sequence: 999_999_999)
        let cases: [(APIName, JSONValue, RecordError.Code)] = [
            ("Status", .null, .requiredFieldMissing),
            ("Subject", .string(String(repeating: "x", count: 256)), .stringTooLong),
            ("Subject", 7, .jsonParserError),
            ("IsEscalated", "perhaps", .jsonParserError),
            ("Department__c", "Navy", .invalidOrNullForRestrictedPicklist),
            ("Tags__c", "Safety hazard;Nonsense", .invalidOrNullForRestrictedPicklist),
            ("SuppliedEmail", "ana@", .invalidEmailAddress),
            ("Hours_Spent__c", 10_000, .numberOutsideValidRange),
            ("Hours_Spent__c", "many", .jsonParserError),
            ("Location__Latitude__s", 91, .numberOutsideValidRange),
            ("ContactId", "nonsense", .malformedID),
            ("ContactId", .id(desk.account), .fieldIntegrityException),
            ("ContactId", .id(missing), .invalidCrossReferenceKey),
            ("Subjct", "Pothole", .invalidField),
            ("IsClosed", true, .invalidFieldForInsertUpdate),
            ("CaseNumber", "7", .invalidFieldForInsertUpdate),
            ("CreatedDate", "2020-01-01T00:00:00Z", .invalidFieldForInsertUpdate),
            ("Estimated_Cost__c", 5, .invalidFieldForInsertUpdate),
        ]
        for (name, value, code) in cases {
            let errors = try await desk.errors("Case", [name.text: value])
            #expect(errors.map(\.code) == [code], "\(name): \(errors)")
            #expect(errors.first?.fields == [name], "\(name)")
        }
        #expect(try await desk.org.count("SELECT COUNT() FROM Case", as: desk.ana) == 0)
    }

    @Test("a name that is nearly right is suggested", arguments: StoreKind.allCases)
    func suggestion(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)

        let error = try await desk.errors("Case", ["Subjct": "Pothole"]).first

        #expect(error?.message.contains("Subject") == true)
    }

    @Test("all that is wrong with a record is said at once", arguments: StoreKind.allCases)
    func together(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)

        let decoding = try await desk.errors(
            "Case",
            ["SuppliedEmail": "x", "Hours_Spent__c": 10_000, "Nope": 1]
        )
        let validation = try await desk.errors(
            "Case",
            [
                "Status": .null, "ContactId": .id(desk.account), "Department__c": "Parks",
                "Service_Type__c": "Pothole",
            ]
        )

        #expect(
            decoding.map(\.code) == [.invalidEmailAddress, .numberOutsideValidRange, .invalidField]
        )
        #expect(
            Set(validation.map(\.code)) == [
                .requiredFieldMissing, .fieldIntegrityException,
                .invalidOrNullForRestrictedPicklist,
            ]
        )
    }

    @Test("a dependent value needs its controlling one", arguments: StoreKind.allCases)
    func dependentPicklist(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let wrong = try await desk.errors(
            "Case",
            ["Department__c": "Parks", "Service_Type__c": "Pothole"]
        )
        let alone = try await desk.errors("Case", ["Service_Type__c": "Pothole"])
        let right = try await desk.errors(
            "Case",
            ["Department__c": "streets", "Service_Type__c": "pothole"]
        )

        #expect(wrong.map(\.code) == [.invalidOrNullForRestrictedPicklist])
        #expect(wrong.first?.fields == ["Service_Type__c"])
        #expect(alone.map(\.code) == [.invalidOrNullForRestrictedPicklist])
        #expect(right.isEmpty)
        let saved = try await desk.org.query("SELECT Service_Type__c FROM Case", as: desk.ana)
        #expect(saved.first?.text("Service_Type__c") == "Pothole")
    }

    @Test(
        "a unique value is refused the second time, whoever has it",
        arguments: StoreKind.allCases
    )
    func unique(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let first = try await desk.org.create(
            "Case",
            ["External_Reference__c": "A-1"],
            as: desk.org.administrator
        )

        let taken = try await desk.errors("Case", ["External_Reference__c": "a-1"])
        let drafts = ["B-1", "B-2", "b-1"].map {
            RecordDraft(object: "Case", values: ["External_Reference__c": .string($0)])
        }
        let results = try await desk.org.save(drafts, .create, as: desk.ana)

        #expect(taken.map(\.code) == [.duplicateValue])
        #expect(taken.first?.fields == ["External_Reference__c"])
        // Whose it is stays unsaid: the agent cannot see the administrator's record.
        #expect(taken.first?.message.contains(first.short) == false)
        #expect(results.map { $0.errors.map(\.code) } == [[], [], [.duplicateValue]])
    }

    @Test("two records may exchange their unique values in one save", arguments: StoreKind.allCases)
    func exchanged(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let one = try await desk.org.create("Case", ["External_Reference__c": "1"], as: desk.ana)
        let two = try await desk.org.create("Case", ["External_Reference__c": "2"], as: desk.ana)
        let drafts = [(one, "2"), (two, "1")].map { id, value in
            RecordDraft(
                object: "Case",
                id: id.description,
                values: ["External_Reference__c": .string(value)]
            )
        }

        let results = try await desk.org.save(drafts, .update, as: desk.ana)

        #expect(results.flatMap(\.errors).isEmpty)
        let values = try await desk.org.query(
            "SELECT External_Reference__c FROM Case ORDER BY Id",
            as: desk.ana
        )
        #expect(values.map { $0.text("External_Reference__c") } == ["2", "1"])
    }

    @Test(
        "an update needs an id that is one of the object's, and there",
        arguments: StoreKind.allCases
    )
    func updateIDs(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let id = try await desk.org.create("Case", ["Subject": "Pothole"], as: desk.ana)
        let missing = RecordID(prefix: id.prefix, sequence: 999_999_999)
        let cases: [(String?, RecordError.Code?)] = [
            (nil, .missingArgument), ("nonsense", .malformedID),
            (desk.account.description, .malformedID),
            (missing.description, .invalidCrossReferenceKey), (id.short, nil),
        ]
        for (text, code) in cases {
            let draft = RecordDraft(object: "Case", id: text, values: ["Subject": "New"])
            let result = try await desk.org.save([draft], .update, as: desk.ana)[0]
            #expect(result.errors.first?.code == code)
        }
        let twice = RecordDraft(object: "Case", id: id.description, values: ["Subject": "Newer"])
        let results = try await desk.org.save([twice, twice], .update, as: desk.ana)
        #expect(results.map { $0.errors.first?.code } == [nil, .duplicateValue])
        let created = try await desk.errors("Case", ["Id": .id(id)])
        #expect(created.map(\.code) == [.invalidField])
    }

    @Test(
        "an object that is not there, or is not to be written, is refused",
        arguments: StoreKind.allCases
    )
    func objects(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let reader = try await desk.org.user("Rea", profile: "Read Only")

        #expect(try await desk.errors("Nope__c", [:]).map(\.code) == [.invalidType])
        #expect(try await desk.errors("", [:]).map(\.code) == [.invalidType])
        let result = try await desk.org.save(
            [RecordDraft(object: "Account", values: ["Name": "X"])],
            .create,
            as: reader
        )[0]
        #expect(result.errors.map(\.code) == [.cannotInsertUpdateActivateEntity])
    }

    @Test("a record that may be read but not changed is refused", arguments: StoreKind.allCases)
    func readOnlyRow(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)

        let error = await #expect(throws: RecordError.self) {
            try await desk.org.update("Account", desk.account, ["Name": "Mine"], as: desk.ana)
        }

        #expect(error?.code == .insufficientAccessOrReadonly)
    }

    @Test(
        "an owner is an active user, or a queue that takes such records",
        arguments: StoreKind.allCases
    )
    func owners(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let admin = desk.org.administrator
        let gone = try await desk.org.user("Gone")
        try await desk.org.update("User", gone.user, ["IsActive": false], as: admin)
        let group = try await desk.org.create(
            "Group",
            ["Name": "Friends", "DeveloperName": "Friends"],
            as: admin
        )
        let queue = try await desk.org.queue("Streets_Queue")

        let cases: [(String, RecordID, RecordError.Code?)] = [
            ("Case", gone.user, .inactiveOwnerOrUser), ("Case", group, .invalidOperation),
            ("Case", queue, nil), ("Event", queue, .fieldIntegrityException),
        ]
        for (object, owner, code) in cases {
            let values: JSONObject =
                object == "Case"
                ? ["OwnerId": .id(owner)]
                : [
                    "OwnerId": .id(owner), "StartDateTime": "2026-01-01T10:00:00Z",
                    "EndDateTime": "2026-01-01T11:00:00Z",
                ]
            let errors = try await desk.errors(object, values)
            #expect(errors.first?.code == code, "\(object) \(errors)")
        }
    }

    @Test("without all-or-none the sound records are saved", arguments: StoreKind.allCases)
    func partial(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let drafts = ["One", nil, "Three"].map {
            RecordDraft(object: "Contact", values: ["LastName": $0.map { .string($0) } ?? .null])
        }

        let results = try await desk.org.save(drafts, .create, as: desk.ana)

        #expect(results.map { $0.errors.map(\.code) } == [[], [.requiredFieldMissing], []])
        #expect(try await desk.org.count("SELECT COUNT() FROM Contact", as: desk.ana) == 3)
    }

    @Test(
        "with all-or-none one error takes all others along, over objects too",
        arguments: StoreKind.allCases
    )
    func allOrNone(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let drafts = [
            RecordDraft(object: "Account", values: ["Name": "New"]),
            RecordDraft(object: "Contact", values: ["LastName": "One"]),
            RecordDraft(object: "Contact", values: [:]),
            RecordDraft(object: "Account", values: ["Name": "Newer"]),
        ]

        let results = try await desk.org.save(
            drafts,
            .create,
            as: desk.ana,
            options: SaveOptions(allOrNone: true)
        )

        let back = RecordError.Code.allOrNoneOperationRolledBack
        #expect(
            results.map { $0.errors.map(\.code) } == [
                [back], [back], [.requiredFieldMissing], [back],
            ]
        )
        #expect(try await desk.org.count("SELECT COUNT() FROM Account", as: desk.ana) == 1)
        #expect(try await desk.org.count("SELECT COUNT() FROM Contact", as: desk.ana) == 1)
    }

    @Test("a save takes at most 200 records", arguments: StoreKind.allCases)
    func tooMany(_ kind: StoreKind) async throws {
        let desk = try await Desk(kind)
        let drafts = (0..<201).map {
            RecordDraft(object: "Contact", values: ["LastName": .string("\($0)")])
        }
        let error = await #expect(throws: RecordError.self) {
            try await desk.org.save(drafts, .create, as: desk.ana)
        }

        #expect(error?.code == .exceededIDLimit)
    }
}
