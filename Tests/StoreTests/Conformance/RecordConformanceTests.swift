import Language
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// Deleted records, children, pages, files, documents and changes.
@Suite struct RecordConformanceTests {
    @Test("a deleted record is loaded, and otherwise not there", arguments: StoreKind.allCases)
    func delete(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let account = try await fixture.insert("Account", ["Name": .text("Hall")])
        let id = try await fixture.insert(
            "Contact",
            ["LastName": .text("Gone"), "AccountId": .id(account)]
        )
        try await fixture.delete("Contact", id)
        let object = try ServiceDesk.object("Contact")
        let lookup = try #require(object.field("AccountId"))

        #expect(try await fixture.answer(Plan("Contact")).outcome.total == 0)
        #expect(try await fixture.visible("Contact", [id]).isEmpty)
        #expect(try await fixture.value("Contact", id, "IsDeleted") == .boolean(true))
        let children = try await fixture.read { transaction in
            try transaction.children(object, by: lookup, of: [account], limit: 10).map(\.id)
        }
        #expect(children.isEmpty)
        var plan = try Plan("Contact")
        plan.query.includesDeleted = true
        #expect(try await fixture.answer(plan).ids == [id.sequence])

        try await fixture.undelete("Contact", id)
        #expect(try await fixture.answer(Plan("Contact")).ids == [id.sequence])
        #expect(try await fixture.value("Contact", id, "LastName") == .text("Gone"))
    }

    @Test("a purged record is nowhere", arguments: StoreKind.allCases)
    func purge(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let id = try await fixture.insert("Case", ["Photo__c": .blob([1, 2])])
        try await fixture.purge("Case", id)
        let object = try ServiceDesk.object("Case")
        let photo = try #require(object.field("Photo__c"))

        let isThere = try await fixture.read { transaction in
            let loaded = try transaction.load(object, [id])
            return try !loaded.isEmpty || transaction.blob(object, photo, id) != nil
        }

        #expect(!isThere)
    }

    @Test(
        "records are loaded in the order of the ids, those missing left out",
        arguments: StoreKind.allCases
    )
    func load(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let one = try await fixture.insert("Case", [:])
        let two = try await fixture.insert("Case", [:])
        let missing = RecordID(prefix: one.prefix, sequence: 999_999)
        let object = try ServiceDesk.object("Case")

        let loaded = try await fixture.read { try $0.load(object, [two, missing, one]).map(\.id) }

        #expect(loaded == [two, one])
        #expect(try await fixture.read { try $0.load(object, []).count } == 0)
    }

    @Test("children come by parent and id, up to a limit", arguments: StoreKind.allCases)
    func children(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Contact")
        let lookup = try #require(object.field("AccountId"))
        let one = try await fixture.insert("Account", ["Name": .text("One")])
        let two = try await fixture.insert("Account", ["Name": .text("Two")])
        var ids: [RecordID] = []
        for parent in [two, one, two, one] {
            ids.append(try await fixture.insert("Contact", ["AccountId": .id(parent)]))
        }
        try await fixture.insert("Contact", ["LastName": .text("Alone")])

        let all = try await fixture.read { transaction in
            try transaction.children(object, by: lookup, of: [two, one], limit: 10)
                .map { [$0.id, $0.parent] }
        }
        let few = try await fixture.read { transaction in
            try transaction.children(object, by: lookup, of: [one, two], limit: 3).map(\.id)
        }

        #expect(all == [[ids[1], one], [ids[3], one], [ids[0], two], [ids[2], two]])
        #expect(few == [ids[1], ids[3], ids[0]])
    }

    @Test("visible are records that are there and allowed", arguments: StoreKind.allCases)
    func visible(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let user = RecordID(prefix: ServiceDesk.prefix("005"), sequence: 1)
        let mine = try await fixture.insert("Case", ["OwnerId": .id(user)])
        let theirs = try await fixture.insert("Case", [:])
        let note = try await fixture.insert("CaseComment", ["ParentId": .id(mine)])
        let other = try await fixture.insert("CaseComment", ["ParentId": .id(theirs)])
        let cases = try ServiceDesk.object("Case")
        let owner = RowPredicate.FieldKey(try #require(cases.ownerField))
        let own = RowPredicate.fieldIn(owner, [user])
        let parent = RowPredicate.FieldKey(
            try #require(try ServiceDesk.object("CaseComment").field("ParentId"))
        )
        let byParent = RowPredicate.parentVisible(parent, [.init(object: cases, rows: own)])

        #expect(try await fixture.visible("Case", [mine, theirs], under: own) == [mine])
        #expect(
            try await fixture.visible("Case", [mine, theirs], under: .fieldIsNull(owner)) == [
                theirs
            ]
        )
        #expect(try await fixture.visible("Case", [mine, theirs], under: .nothing).isEmpty)
        #expect(
            try await fixture.visible("Case", [mine, theirs], under: .any([own, .nothing])) == [
                mine
            ]
        )
        #expect(
            try await fixture.visible("Case", [mine, theirs], under: .all([own, .everything]))
                == [mine]
        )
        #expect(try await fixture.visible("Case", [mine, theirs], under: .any([])).isEmpty)
        #expect(try await fixture.visible("Case", [mine, theirs], under: .all([])).count == 2)
        #expect(
            try await fixture.visible("CaseComment", [note, other], under: byParent) == [note]
        )
        try await fixture.delete("Case", mine)
        #expect(try await fixture.visible("CaseComment", [note, other], under: byParent).isEmpty)
    }

    @Test("a page of fewer rows reports the ids of all", arguments: StoreKind.allCases)
    func pages(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        for index in 0..<6 { try await fixture.insert("Case", ["Subject": .text("\(index % 3)")]) }
        var plan = try Plan("Case", ["Subject"])
        try plan.order(by: "Subject", isDescending: true)

        let (ids, outcome) = try await fixture.answer(plan, .first(2))
        #expect(ids == [1_005, 1_002])
        #expect(outcome.total == 6)
        #expect(outcome.ids?.map(\.sequence) == [1_005, 1_002, 1_004, 1_001, 1_003, 1_000])

        let rest = Array(outcome.ids?.dropFirst(2) ?? [])
        try await fixture.delete("Case", rest[1])
        #expect(try await fixture.answer(plan, .ids(rest)).ids == [1_004, 1_003, 1_000])
        let whole = try await fixture.answer(plan, .first(5))
        #expect(whole.outcome == ReadOutcome(total: 5))
        plan.query.limit = 0
        #expect(try await fixture.answer(plan).outcome == ReadOutcome(total: 0))
    }

    @Test("a file is its bytes, and reads as their number", arguments: StoreKind.allCases)
    func files(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Case")
        let photo = try #require(object.field("Photo__c"))
        let bytes: @Sendable (RecordID) async throws -> [UInt8]? = { id in
            try await fixture.read { try $0.blob(object, photo, id) }
        }
        let id = try await fixture.insert("Case", ["Photo__c": .blob([0, 255, 10])])

        #expect(try await bytes(id) == [0, 255, 10])
        #expect(
            try await fixture.value("Case", id, "Photo__c") == .number(.init(unscaled: 3, scale: 0))
        )
        try await fixture.update("Case", id, ["Subject": .text("Kept")])
        #expect(try await bytes(id) == [0, 255, 10])
        try await fixture.update("Case", id, ["Photo__c": .blob([7])])
        #expect(try await bytes(id) == [7])
        try await fixture.update("Case", id, ["Photo__c": .null])
        #expect(try await bytes(id) == nil)
        #expect(try await fixture.value("Case", id, "Photo__c") == .null)
    }

    @Test("a document is put, replaced, listed by key and removed", arguments: StoreKind.allCases)
    func documents(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        try await fixture.write { transaction in
            for key in ["b", "a", "B", "é"] {
                try transaction.putDocument(kind: "note", key: key, text: "old")
            }
            try transaction.putDocument(kind: "other", key: "a", text: "else")
            try transaction.putDocument(kind: "note", key: "b", text: "new\n\u{0}'\"")
            try transaction.putDocument(kind: "note", key: "a", text: nil)
            try transaction.putDocument(kind: "note", key: "nothing", text: nil)
        }

        let notes = try await fixture.read {
            try $0.documents(kind: "note").map { [$0.key, $0.text] }
        }

        #expect(notes == [["B", "old"], ["b", "new\n\u{0}'\""], ["é", "old"]])
        #expect(try await fixture.read { try $0.document(kind: "other", key: "a") } == "else")
        #expect(try await fixture.read { try $0.document(kind: "other", key: "b") } == nil)
    }

    @Test("changes are those from a moment until another, by moment", arguments: StoreKind.allCases)
    func changes(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Case")
        var ids: [RecordID] = []
        for moment: Int64 in [30, 10, 20, 10, 40] {
            ids.append(
                try await fixture.insert(
                    "Case",
                    ["SystemModstamp": .dateTime(Instant(milliseconds: moment))]
                )
            )
        }
        try await fixture.delete("Case", ids[2])
        let changed: @Sendable (Bool) async throws -> [RecordID] = { isDeleted in
            try await fixture.read { transaction in
                try transaction.changed(
                    object,
                    from: Instant(milliseconds: 10),
                    to: Instant(milliseconds: 40),
                    isDeleted: isDeleted
                ).map(\.id)
            }
        }

        #expect(try await changed(false) == [ids[1], ids[3], ids[0]])
        #expect(try await changed(true) == [ids[2]])
    }
}
