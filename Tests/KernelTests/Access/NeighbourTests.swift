import Kernel
import Metadata
import TestSupport
import Testing

/// Two orgs of one deployment never see each other.
@Suite struct NeighbourTests {
    @Test(
        "neither records nor ids nor users of one org mean anything in the other",
        arguments: StoreKind.allCases
    )
    func apart(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let theirs = try await org.neighbour(2)
        let mine = org.administrator
        let id = try await org.create("Account", ["Name": "Hall"], as: mine)
        try await org.create("Account", ["Name": "Theirs"], as: theirs)

        let names = "SELECT Name FROM Account"
        #expect(try await org.query(names, as: mine).map { $0.text("Name") } == ["Hall"])
        #expect(try await org.query(names, as: theirs).map { $0.text("Name") } == ["Theirs"])
        #expect(
            try await org.count("SELECT COUNT() FROM Account WHERE Id = '\(id)'", as: theirs) == 0
        )
        #expect(try await org.search("FIND {hall} RETURNING Account", as: theirs).isEmpty)
        for body: @Sendable () async throws -> Void in [
            { try await org.update("Account", id, ["Name": "Taken"], as: theirs) },
            { try await org.delete(id, as: theirs) },
            { try await org.create("Account", ["Name": "X", "ParentId": .id(id)], as: theirs) },
            {
                try await org.create(
                    "Account",
                    ["Name": "X", "OwnerId": .id(mine.user)],
                    as: theirs
                )
            },
        ] {
            let error = await #expect(throws: RecordError.self) { try await body() }
            #expect(error?.code == .invalidCrossReferenceKey)
        }
        let stranger = Caller(org: theirs.org, user: mine.user)
        let error = await #expect(throws: RecordError.self) {
            try await org.query(names, as: stranger)
        }
        #expect(error?.code == .invalidSessionID)
    }

    @Test(
        "a query's later pages are for the caller who asked for the first",
        arguments: StoreKind.allCases
    )
    func locators(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let theirs = try await org.neighbour(2)
        let mine = org.administrator
        for batch in 0..<2 {
            let drafts = (0..<150).map {
                RecordDraft(object: "Account", values: ["Name": .string("\(batch) \($0)")])
            }
            _ = try await org.save(drafts, .create, as: mine)
        }
        let options = QueryOptions(pageSize: 200)
        let locator = try await org.records.read(as: mine) { reader in
            try reader.query("SELECT Name FROM Account", options: options) { TestRecordSink($0) }
                .nextLocator
        }
        let next = try #require(locator)
        let uma = try await org.user("Uma")

        for caller in [theirs, uma] {
            let error = await #expect(throws: RecordError.self) {
                try await org.records.read(as: caller) { reader in
                    try reader.queryMore(next, options: options) { TestRecordSink($0) }.total
                }
            }
            #expect(error?.code == .invalidQueryLocator)
        }
        #expect(
            try await org.query("SELECT Name FROM Account", as: mine, options: options).count == 300
        )
    }
}
