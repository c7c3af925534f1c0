import Kernel
import Metadata
import TestSupport
import Testing

/// What a delete takes along, what stops it, and how it is undone.
@Suite struct DeleteTests {
    @Test("a case takes its comments along, and brings them back", arguments: StoreKind.allCases)
    func cascade(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Pothole"], as: admin)
        let other = try await org.create("Case", ["Subject": "Lamp"], as: admin)
        let gone = try await org.create(
            "CaseComment",
            ["ParentId": .id(id), "CommentBody": "Gone before"],
            as: admin
        )
        for parent in [id, other] {
            try await org.create(
                "CaseComment",
                ["ParentId": .id(parent), "CommentBody": "Deep"],
                as: admin
            )
        }
        let comments = "SELECT COUNT() FROM CaseComment"
        try await org.delete(gone, as: admin)
        #expect(try await org.count(comments, as: admin) == 2)

        try await org.delete(id, as: admin)
        #expect(try await org.count("SELECT COUNT() FROM Case", as: admin) == 1)
        #expect(try await org.count(comments, as: admin) == 1)
        #expect(try await org.search("FIND {pothole} RETURNING Case", as: admin).isEmpty)

        try await org.undelete(id, as: admin)
        #expect(try await org.count("SELECT COUNT() FROM Case", as: admin) == 2)
        // What was deleted for itself stays deleted.
        #expect(try await org.count(comments, as: admin) == 2)
    }

    @Test(
        "an account with cases is not deleted, and the refusal names them",
        arguments: StoreKind.allCases
    )
    func restrict(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let account = try await org.create("Account", ["Name": "Hall"], as: admin)
        let contact = try await org.create(
            "Contact",
            ["LastName": "Doe", "AccountId": .id(account)],
            as: admin
        )
        let id = try await org.create("Case", ["ContactId": .id(contact)], as: admin)

        let error = await #expect(throws: RecordError.self) {
            try await org.delete(account, as: admin)
        }

        #expect(error?.code == .deleteFailed)
        #expect(error?.message.contains(id.description) == true)
        #expect(try await org.count("SELECT COUNT() FROM Contact", as: admin) == 1)
        try await org.delete(id, as: admin)
        try await org.delete(account, as: admin)
        #expect(try await org.count("SELECT COUNT() FROM Contact", as: admin) == 0)
    }

    @Test(
        "lookups to a deleted record are cleared, and set again when it comes back",
        arguments: StoreKind.allCases
    )
    func setNull(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let parent = try await org.create("Case", ["Subject": "Whole"], as: admin)
        let part = try await org.create(
            "Case",
            ["Subject": "Part", "ParentId": .id(parent)],
            as: admin
        )
        let soql = "SELECT ParentId FROM Case WHERE Id = '\(part)'"

        try await org.delete(parent, as: admin)
        #expect(try await org.query(soql, as: admin).first?["ParentId"] == .null)
        try await org.undelete(parent, as: admin)
        #expect(try await org.query(soql, as: admin).first?["ParentId"] == .id(parent))
    }

    @Test("a deleted record is neither changed nor deleted again", arguments: StoreKind.allCases)
    func twice(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Pothole"], as: admin)
        let before = await #expect(throws: RecordError.self) {
            try await org.undelete(id, as: admin)
        }
        try await org.delete(id, as: admin)

        let changed = await #expect(throws: RecordError.self) {
            try await org.update("Case", id, ["Subject": "New"], as: admin)
        }
        let again = await #expect(throws: RecordError.self) { try await org.delete(id, as: admin) }

        #expect(before?.code == .undeleteFailed)
        #expect(changed?.code == .entityIsDeleted)
        #expect(again?.code == .entityIsDeleted)
        let found = try await org.query(
            "SELECT Id, IsDeleted FROM Case",
            as: admin,
            options: QueryOptions(includesDeleted: true)
        )
        #expect(found.map { $0["IsDeleted"] } == [.boolean(true)])
    }

    @Test(
        "a record does not come back once its unique value is taken",
        arguments: StoreKind.allCases
    )
    func takenValue(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["External_Reference__c": "A-1"], as: admin)
        try await org.delete(id, as: admin)
        try await org.create("Case", ["External_Reference__c": "a-1"], as: admin)

        let error = await #expect(throws: RecordError.self) {
            try await org.undelete(id, as: admin)
        }

        #expect(error?.code == .duplicateValue)
    }

    @Test("a purged record is gone with what hung on it", arguments: StoreKind.allCases)
    func purge(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Pothole"], as: admin)
        try await org.create(
            "CaseComment",
            ["ParentId": .id(id), "CommentBody": "Deep"],
            as: admin
        )
        try await org.purge(id, as: admin)

        let all = QueryOptions(includesDeleted: true)
        #expect(try await org.query("SELECT Id FROM Case", as: admin, options: all).isEmpty)
        #expect(try await org.query("SELECT Id FROM CaseComment", as: admin, options: all).isEmpty)
        let error = await #expect(throws: RecordError.self) {
            try await org.undelete(id, as: admin)
        }
        #expect(error?.code == .invalidCrossReferenceKey)
    }

    @Test(
        "who may not delete is refused; what is hidden is not there",
        arguments: StoreKind.allCases
    )
    func rights(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let uma = try await org.user("Uma")
        let mine = try await org.create("Case", ["Subject": "Pothole"], as: ana)
        let account = try await org.create("Account", ["Name": "Hall"], as: org.administrator)
        let cases: [(RecordID, Caller, RecordError.Code)] = [
            (mine, ana, .insufficientAccessOrReadonly),
            (account, ana, .insufficientAccessOrReadonly),
            (account, uma, .invalidCrossReferenceKey), (mine, uma, .invalidCrossReferenceKey),
            (uma.user, org.administrator, .insufficientAccessOrReadonly),
        ]
        for (id, caller, code) in cases {
            let error = await #expect(throws: RecordError.self) {
                try await org.delete(id, as: caller)
            }
            #expect(error?.code == code, "\(id)")
        }
    }

    @Test(
        "of many deletes the possible ones are done, unless it is all or none",
        arguments: StoreKind.allCases
    )
    func partial(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let one = try await org.create("Case", ["Subject": "One"], as: admin)
        let two = try await org.create("Case", ["Subject": "Two"], as: admin)
        let delete: @Sendable (Bool) async throws -> [RecordError.Code?] = { allOrNone in
            try await org.records.write(as: admin) { writer in
                try writer.delete(
                    [one.description, "nonsense", two.description],
                    options: SaveOptions(allOrNone: allOrNone)
                ).map { $0.errors.first?.code }
            }
        }

        let back = RecordError.Code.allOrNoneOperationRolledBack
        #expect(try await delete(true) == [back, .malformedID, back])
        #expect(try await org.count("SELECT COUNT() FROM Case", as: admin) == 2)
        #expect(try await delete(false) == [nil, .malformedID, nil])
        #expect(try await org.count("SELECT COUNT() FROM Case", as: admin) == 0)
    }
}
