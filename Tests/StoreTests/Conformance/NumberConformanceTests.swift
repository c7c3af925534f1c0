import Language
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// Record ids, auto-numbers and unique values.
@Suite struct NumberConformanceTests {
    @Test("record ids begin after the org's base, and go on", arguments: StoreKind.allCases)
    func ids(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind, idBase: 41)
        let object = try ServiceDesk.object("Case")

        let first = try await fixture.write { try $0.newIDs(object, count: 3) }
        let later = try await fixture.write { try $0.newIDs(object, count: 2) }

        #expect(first.map(\.sequence) == [42, 43, 44])
        #expect(first.allSatisfy { $0.prefix == object.keyPrefix })
        #expect(later.map(\.sequence) == [45, 46])
    }

    @Test("an id is never issued twice, whatever is undone", arguments: StoreKind.allCases)
    func idsAfterUndo(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Case")
        let undone = Locked<[RecordID]>([])
        for _ in 0..<3 {
            await #expect(throws: Undo.self) {
                try await fixture.write { transaction in
                    let ids = try transaction.newIDs(object, count: 700)
                    undone.withLock { $0 += ids }
                    throw Undo()
                }
            }
        }

        let ids = try await fixture.write { try $0.newIDs(object, count: 1_500) }

        let all = undone.withLock { $0 } + ids
        #expect(Set(all).count == all.count)
        #expect(ids == ids.sorted())
    }

    @Test("auto-numbers have no gaps among saves that are kept", arguments: StoreKind.allCases)
    func autoNumbers(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Case")
        let field = try #require(object.field("CaseNumber"))
        let take: @Sendable (Int, Bool) async throws -> ClosedRange<Int64> = { count, isKept in
            try await fixture.write { transaction in
                let range = try transaction.nextAutoNumber(object, field, count: count)
                if !isKept { throw Undo() }
                return range
            }
        }

        #expect(try await take(1, true) == 1...1)
        await #expect(throws: Undo.self) { try await take(5, false) }
        #expect(try await take(3, true) == 2...4)
        let inside = try await fixture.write { transaction in
            _ = try? transaction.savepoint {
                _ = try transaction.nextAutoNumber(object, field, count: 1)
                throw Undo()
            }
            return try transaction.nextAutoNumber(object, field, count: 1)
        }
        #expect(inside == 5...5)
    }

    @Test(
        "a unique value stands once, whatever its letters' case, and the refusal says where",
        arguments: StoreKind.allCases
    )
    func unique(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let first = try await fixture.insert("Contact", ["Badge__c": .text("Straße-1")])
        let second = try await fixture.insert("Contact", ["Badge__c": .text("B-2")])
        for body: @Sendable () async throws -> Void in [
            { try await fixture.insert("Contact", ["Badge__c": .text("STRASSE-1")]) },
            { try await fixture.update("Contact", second, ["Badge__c": .text("straße-1")]) },
        ] {
            let error = await #expect(throws: RecordError.self) { try await body() }
            #expect(error?.code == .duplicateValue)
            #expect(error?.fields == ["Badge__c"])
            #expect(error?.message.contains(first.short) == true)
        }
        // An accent, and the way it is written, tell values apart.
        try await fixture.insert("Contact", ["Badge__c": .text("é")])
        try await fixture.insert("Contact", ["Badge__c": .text("e\u{301}")])
        try await fixture.insert("Contact", ["Badge__c": .text("e")])
    }

    @Test("records of one save may exchange their unique values", arguments: StoreKind.allCases)
    func exchange(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let one = try await fixture.insert("Contact", ["Badge__c": .text("1")])
        let two = try await fixture.insert("Contact", ["Badge__c": .text("2")])
        try await fixture.write { transaction in
            let object = try ServiceDesk.object("Contact")
            let updates = [
                try transaction.change(object, one, ["Badge__c": .text("2")]),
                try transaction.change(object, two, ["Badge__c": .text("1")]),
            ]
            try transaction.write(AuthorizedWrite(object: object, change: .update(updates)))
        }

        #expect(try await fixture.value("Contact", one, "Badge__c") == .text("2"))
        #expect(try await fixture.value("Contact", two, "Badge__c") == .text("1"))
    }

    @Test("many records may be without a unique value", arguments: StoreKind.allCases)
    func uniqueNulls(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        try await fixture.insert("Contact", ["LastName": .text("One")])
        try await fixture.insert("Contact", ["LastName": .text("Two")])

        #expect(try await fixture.answer(Plan("Contact")).outcome.total == 2)
    }

    @Test(
        "a deleted record leaves its unique value free, and cannot come back once it is taken",
        arguments: StoreKind.allCases
    )
    func uniqueAndDeleted(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let first = try await fixture.insert("Contact", ["Badge__c": .text("B-1")])
        try await fixture.delete("Contact", first)
        let second = try await fixture.insert("Contact", ["Badge__c": .text("b-1")])

        let error = await #expect(throws: RecordError.self) {
            try await fixture.undelete("Contact", first)
        }

        #expect(error?.code == .duplicateValue)
        #expect(try await fixture.visible("Contact", [first, second]) == [second])
    }

    @Test(
        "records are found by a value in any case, with the value asked for",
        arguments: StoreKind.allCases
    )
    func find(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Contact")
        let name = try #require(object.field("LastName"))
        let first = try await fixture.insert("Contact", ["LastName": .text("Müller")])
        let second = try await fixture.insert("Contact", ["LastName": .text("MÜLLER")])
        let gone = try await fixture.insert("Contact", ["LastName": .text("müller")])
        try await fixture.delete("Contact", gone)
        try await fixture.insert("Contact", ["LastName": .text("Muller")])

        let found = try await fixture.read { transaction in
            try transaction.find(object, by: name, [.text("müLLER"), .null, .text("nobody")])
                .map { [$0.value: $0.id] }
        }

        #expect(found == [[.text("müLLER"): first], [.text("müLLER"): second]])
        let byID = try await fixture.read { transaction in
            try transaction.find(object, by: object.fields[0], [.id(second), .id(gone)]).map(\.id)
        }
        #expect(byID == [second])
    }
}
