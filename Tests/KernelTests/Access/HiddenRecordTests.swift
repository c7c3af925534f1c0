import Kernel
import Metadata
import TestSupport
import Testing

/// Refusals that must not tell of a record which the caller may not see.
@Suite struct HiddenRecordTests {
    @Test("a taken value does not say by whom, where that is hidden", arguments: StoreKind.allCases)
    func takenValue(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create(
            "Case",
            ["External_Reference__c": "A-1"],
            as: org.administrator
        )

        let hidden = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["External_Reference__c": "A-1"], as: ana)
        }
        let seen = await #expect(throws: RecordError.self) {
            try await org.create(
                "Case",
                ["External_Reference__c": "A-1"],
                as: org.administrator
            )
        }

        #expect(hidden?.code == .duplicateValue)
        #expect(hidden?.message.hasSuffix("record with id: <unknown>") == true)
        #expect(seen?.message.hasSuffix("record with id: \(id.short)") == true)
    }

    @Test("a deleted record of a colleague is as good as none", arguments: StoreKind.allCases)
    func deleted(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create("Case", ["Subject": "Pothole"], as: org.administrator)
        try await org.delete(id, as: org.administrator)

        for (caller, code) in [
            (ana, RecordError.Code.invalidCrossReferenceKey),
            (org.administrator, .entityIsDeleted),
        ] {
            let error = await #expect(throws: RecordError.self) {
                try await org.update("Case", id, ["Subject": "Mine"], as: caller)
            }
            #expect(error?.code == code)
        }
    }

    @Test("a field that is set once cannot be guessed at", arguments: StoreKind.allCases)
    func fixedField(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let uma = try await org.user("Uma")
        let accounts = [
            try await org.create("Account", ["Name": "Hall"], as: admin),
            try await org.create("Account", ["Name": "Park"], as: admin),
        ]
        let note = try await org.create(
            "Note",
            ["Title": "Secret", "ParentId": .id(accounts[0])],
            as: admin
        )

        for account in accounts {
            let error = await #expect(throws: RecordError.self) {
                try await org.update("Note", note, ["ParentId": .id(account)], as: uma)
            }
            #expect(error?.code == .invalidCrossReferenceKey)
        }
    }

    @Test(
        "when a hidden record was changed cannot be asked by deleting it",
        arguments: StoreKind.allCases
    )
    func conditionalDelete(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let uma = try await org.user("Uma")
        let id = try await org.create("Account", ["Name": "Hall"], as: org.administrator)

        let results = try await org.records.write(as: uma) { writer in
            try writer.delete(
                [id.description],
                options: SaveOptions(
                    conditions: EditConditions(unmodifiedSince: Instant(milliseconds: 0))
                )
            )
        }

        #expect(results.first?.errors.map(\.code) == [.invalidCrossReferenceKey])
    }
}
