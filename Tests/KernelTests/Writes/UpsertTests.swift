import Kernel
import Metadata
import TestSupport
import Testing

/// Upserts find their record by an external id, and parents are named by theirs.
@Suite struct UpsertTests {
    private static let key = "External_Reference__c"

    @Test("the first upsert creates, the second changes", arguments: StoreKind.allCases)
    func createThenChange(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")

        let first = try await org.upsert(
            "Case",
            by: Self.key,
            ["External_Reference__c": "A-1", "Subject": "One"],
            as: ana
        )
        let second = try await org.upsert(
            "Case",
            by: "external_reference__C",
            ["External_Reference__c": "a-1", "Subject": "Two"],
            as: ana
        )

        let id = try #require(first.id)
        #expect(first == .success(id: id, isCreated: true))
        #expect(second == .success(id: id, isCreated: false))
        let cases = try await org.query("SELECT Subject FROM Case", as: ana)
        #expect(cases.map { $0.text("Subject") } == ["Two"])
    }

    @Test("an upsert needs a key field, and a value in it", arguments: StoreKind.allCases)
    func keys(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let error = await #expect(throws: RecordError.self) {
            try await org.upsert("Case", by: "Subject", ["Subject": "One"], as: admin)
        }

        #expect(error?.code == .notFound)
        let empty = try await org.upsert("Case", by: Self.key, ["Subject": "One"], as: admin)
        #expect(empty.errors.map(\.code) == [.missingArgument])
    }

    @Test("one call cannot create two records with one key", arguments: StoreKind.allCases)
    func repeated(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let drafts = ["A-1", "a-1", "A-2"].map {
            RecordDraft(object: "Case", values: ["External_Reference__c": .string($0)])
        }

        let results = try await org.save(
            drafts,
            .upsert(field: Self.key),
            as: org.administrator
        )

        #expect(results.map { $0.errors.map(\.code) } == [[], [.duplicateExternalID], []])
    }

    @Test(
        "an upsert does not reach a record that the caller may not see",
        arguments: StoreKind.allCases
    )
    func hidden(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create(
            "Case",
            ["External_Reference__c": "A-1", "Subject": "Hers"],
            as: org.administrator
        )

        let result = try await org.upsert(
            "Case",
            by: Self.key,
            ["External_Reference__c": "A-1", "Subject": "Mine"],
            as: ana
        )

        #expect(result.errors.map(\.code) == [.invalidCrossReferenceKey])
    }

    @Test("an upsert that may only change creates nothing", arguments: StoreKind.allCases)
    func updateOnly(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let draft = RecordDraft(object: "Case", values: ["External_Reference__c": "A-1"])

        let results = try await org.save(
            [draft],
            .upsert(field: Self.key),
            as: org.administrator,
            options: SaveOptions(updateOnly: true)
        )

        #expect(results[0].errors.map(\.code) == [.notFound])
    }

    @Test("a parent is named by its external id", arguments: StoreKind.allCases)
    func parents(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let contact = try await org.create(
            "Contact",
            ["LastName": "Doe", "Contact_Reference__c": "C-1"],
            as: ana
        )
        try await org.create(
            "Case",
            ["Contact": ["Contact_Reference__c": "c-1"], "Subject": "One"],
            as: ana
        )

        let found = try await org.query("SELECT ContactId FROM Case", as: ana).first
        #expect(found?["ContactId"] == .id(contact))
        let missing = await #expect(throws: RecordError.self) {
            try await org.create(
                "Case",
                ["Contact": ["Contact_Reference__c": "C-2"]],
                as: ana
            )
        }
        #expect(missing?.code == .invalidField)
        #expect(missing?.message.contains("C-2 not found") == true)
        let ambiguous = await #expect(throws: RecordError.self) {
            try await org.create(
                "Case",
                ["Contact": ["Contact_Reference__c": "C-1", "LastName": "Doe"]],
                as: ana
            )
        }
        #expect(ambiguous?.code == .invalidField)
    }
}
