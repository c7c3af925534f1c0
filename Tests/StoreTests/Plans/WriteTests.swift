import Foundation
import Metadata
import Store
import StoreSQLite
import Testing

@testable import Kernel

/// Saving records, and what is kept of it.
@Suite struct WriteTests {
    private struct Refused: Error {}

    @Test("a value is unique among records that are not deleted, and the refusal says where it is")
    func unique() async throws {
        let fixture = try await StoreFixture()
        let first = try await fixture.insert("Contact", ["Badge__c": .text("a7")])
        await #expect(
            throws: RecordError(
                .duplicateValue,
                "duplicate value found: Badge__c duplicates value on record with id: "
                    + first.short,
                fields: ["Badge__c"]
            )
        ) {
            try await fixture.insert("Contact", ["Badge__c": .text("A7")])
        }
        try await fixture.delete("Contact", first)
        let second = try await fixture.insert("Contact", ["Badge__c": .text("A7")])
        await #expect(throws: RecordError.self) { try await fixture.undelete("Contact", first) }

        let contact = try ServiceDesk.object("Contact")
        let found = try await fixture.store.read(fixture.org, isBrief: true) { transaction in
            try transaction.find(
                contact,
                by: try #require(contact.field("Badge__c")),
                [.text("a7"), .text("x")]
            ).map(\.id)
        }
        #expect(found == [second])
        try await fixture.remove()
    }

    @Test("what a save throws undoes it, a savepoint only its own part")
    func undoing() async throws {
        let fixture = try await StoreFixture()
        let account = try ServiceDesk.object("Account")
        let name = try #require(account.field("Name"))
        await #expect(throws: Refused.self) {
            try await fixture.store.write(fixture.org) { transaction in
                _ = try transaction.newIDs(account, count: 3)
                try transaction.putDocument(kind: "k", key: "a", text: "1")
                throw Refused()
            }
        }
        let numbers = try await fixture.store.write(fixture.org) { transaction in
            try transaction.putDocument(kind: "k", key: "b", text: "2")
            let first = try transaction.nextAutoNumber(account, name, count: 2)
            try? transaction.savepoint {
                try transaction.putDocument(kind: "k", key: "c", text: "3")
                _ = try transaction.nextAutoNumber(account, name, count: 5)
                throw Refused()
            }
            return [first, try transaction.nextAutoNumber(account, name, count: 1)]
        }
        let keys = try await fixture.store.read(fixture.org, isBrief: true) {
            try $0.documents(kind: "k").map(\.key)
        }

        #expect(keys == ["b"])
        #expect(numbers == [1...2, 3...3])
        // Ids of a save that was undone are not issued again.
        #expect(try await fixture.insert("Account", [:]).sequence >= 1_003)
        try await fixture.remove()
    }

    @Test("ids are never issued twice, whatever is undone, and after opening again")
    func ids() async throws {
        let fixture = try await StoreFixture()
        let account = try ServiceDesk.object("Account")
        var issued: [RecordID] = []
        for _ in 0..<4 {
            let store = SQLiteStore(directory: fixture.folder, clock: StoppedClock())
            for attempt in 0..<3 {
                let ids = SQLiteIDs()
                try? await store.write(fixture.org) { transaction in
                    ids.append(try transaction.newIDs(account, count: 700))
                    if attempt == 1 { throw Refused() }
                }
                if attempt != 1 { issued += ids.all }
            }
            await store.close()
        }

        #expect(Set(issued).count == issued.count)
        #expect(issued == issued.sorted())
        try await fixture.remove()
    }

    @Test("a file's bytes are beside the record, and its length in it")
    func files() async throws {
        let fixture = try await StoreFixture()
        let object = try ServiceDesk.object("Case")
        let photo = try #require(object.field("Photo__c"))
        let id = try await fixture.insert("Case", ["Photo__c": .blob([1, 2, 3])])
        func bytes() async throws -> [UInt8]? {
            try await fixture.store.read(fixture.org, isBrief: true) {
                try $0.blob(object, photo, id)
            }
        }
        #expect(try await bytes() == [1, 2, 3])
        #expect(try await fixture.rows(try Plan("Case", ["Photo__c"]).read) == ["1000|3"])
        try await fixture.update("Case", id, ["Subject": .text("x")])
        #expect(try await bytes() == [1, 2, 3])
        try await fixture.update("Case", id, ["Photo__c": .null])
        #expect(try await bytes() == nil)
        try await fixture.remove()
    }

    @Test("purged records, and those of another org, are gone")
    func purge() async throws {
        let fixture = try await StoreFixture()
        let object = try ServiceDesk.object("Case")
        let id = try await fixture.insert(
            "Case",
            ["Subject": .text("x"), "Photo__c": .blob([1])]
        )
        try await fixture.store.write(fixture.org) { transaction in
            let records = try transaction.load(object, [id])
            try transaction.write(AuthorizedWrite(object: object, change: .purge(records)))
        }
        let left = try await fixture.store.read(fixture.org, isBrief: true) {
            try $0.load(object, [id])
        }
        #expect(left == [])
        #expect(try await fixture.store.check(fixture.org, ServiceDesk.schema) == [])
        await #expect(throws: RecordError.self) {
            try await fixture.store.read(
                OrgID(RecordID(prefix: ServiceDesk.prefix("00D"), sequence: 2)),
                isBrief: true
            ) { _ in }
        }
        try await fixture.remove()
    }

    @Test("a check names lookups that point nowhere; a backup is a store")
    func checkAndBackUp() async throws {
        let fixture = try await StoreFixture()
        let nowhere = RecordID(prefix: ServiceDesk.prefix("001"), sequence: 7)
        let id = try await fixture.insert("Case", ["AccountId": .id(nowhere)])
        #expect(
            try await fixture.store.check(fixture.org, ServiceDesk.schema)
                == ["1 of `Case` point by `AccountId` to what is not there, first \(id)"]
        )
        let copy = fixture.folder + "/copy.sqlite"
        try await fixture.store.backUp(fixture.org, to: copy)
        let connection = try SQLiteConnection(path: copy, access: .readOnly)
        #expect(try connection.one("SELECT COUNT(*) FROM \"Case\"") { $0.int64(0) } == 1)
        connection.close()
        try await fixture.store.deleteOrg(fixture.org)
        #expect(!fixture.store.hasOrg(fixture.org))
        try await fixture.remove()
    }
}

/// Ids that a save took, whether it was kept or not.
///
/// `@unchecked Sendable`: a save ends before its ids are looked at.
private final class SQLiteIDs: @unchecked Sendable {
    private(set) var all: [RecordID] = []

    func append(_ ids: [RecordID]) { all += ids }
}
