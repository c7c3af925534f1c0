import Language
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What every store does with a save.
@Suite struct SaveConformanceTests {
    @Test("what was inserted is loaded, value by value", arguments: StoreKind.allCases)
    func roundTrip(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let account = try await fixture.insert("Account", ["Name": .text("Town Hall")])
        let values: [APIName: FieldValue] = [
            "Subject": .text("Straße é e\u{301} 東京 🔥"), "Status": .text("New"),
            "Cost__c": .number(try number("-0.05")), "Due__c": .date(-719_162),
            "IsClosed": .boolean(true), "AccountId": .id(account),
            "CreatedDate": .dateTime(Instant(milliseconds: -1)),
        ]
        let id = try await fixture.insert("Case", values)
        let place = try await fixture.insert(
            "Account",
            ["Name": .text("Pole"), "BillingLatitude": .coordinate(-89.999_999)]
        )

        for (name, value) in values {
            let stored = try await fixture.value("Case", id, name)
            #expect(stored == value, "\(name)")
        }
        #expect(try await fixture.value("Case", id, "Id") == .id(id))
        #expect(try await fixture.value("Case", id, "Tags__c") == .null)
        #expect(try await fixture.value("Case", id, "IsDeleted") == .boolean(false))
        #expect(
            try await fixture.value("Account", place, "BillingLatitude") == .coordinate(-89.999_999)
        )
    }

    @Test("an accent is kept the way it was written", arguments: StoreKind.allCases)
    func spelling(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let id = try await fixture.insert("Case", ["Subject": .text("e\u{301}")])

        let text = try #require(try await fixture.value("Case", id, "Subject").text)

        #expect(Array(text.utf8) == Array("e\u{301}".utf8))
    }

    @Test("only the fields that are named change", arguments: StoreKind.allCases)
    func changedFieldsOnly(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let id = try await fixture.insert(
            "Case",
            ["Subject": .text("Old"), "Status": .text("New")]
        )
        try await fixture.write { transaction in
            let object = try ServiceDesk.object("Case")
            var update = try transaction.change(object, id, ["Subject": .text("Changed")])
            var after = update.after
            after[try #require(object.field("Status"))] = .text("Closed")
            update = AuthorizedWrite.Update(
                before: update.before,
                after: after,
                changed: update.changed
            )
            try transaction.write(AuthorizedWrite(object: object, change: .update([update])))
        }

        #expect(try await fixture.value("Case", id, "Subject") == .text("Changed"))
        #expect(try await fixture.value("Case", id, "Status") == .text("New"))
    }

    @Test("a change of a record that is not there is refused", arguments: StoreKind.allCases)
    func missingRecord(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let id = try await fixture.insert("Case", ["Subject": .text("Old")])
        let error = await #expect(throws: RecordError.self) {
            try await fixture.write { transaction in
                let object = try ServiceDesk.object("Case")
                let update = try transaction.change(object, id, ["Subject": .text("New")])
                let records = try transaction.load(object, [id])
                try transaction.write(AuthorizedWrite(object: object, change: .purge(records)))
                try transaction.write(AuthorizedWrite(object: object, change: .update([update])))
            }
        }

        #expect(error?.code == .entityIsDeleted)
        #expect(try await fixture.value("Case", id, "Subject") == .text("Old"))
    }

    @Test("a value of another kind is refused", arguments: StoreKind.allCases)
    func wrongKind(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let error = await #expect(throws: RecordError.self) {
            try await fixture.insert("Case", ["Due__c": .text("tomorrow")])
        }

        #expect(error?.code == .invalidTypeOnField)
        #expect(error?.fields == ["Due__c"])
    }

    @Test("what a body throws undoes all that it wrote", arguments: StoreKind.allCases)
    func undone(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let kept = try await fixture.insert("Case", ["Subject": .text("Kept")])
        let runs = Locked(0)
        await #expect(throws: Undo.self) {
            try await fixture.write { transaction in
                transaction.afterCommit { runs.withLock { $0 += 1 } }
                try transaction.insert("Case", ["Subject": .text("Gone")])
                try transaction.update("Case", kept, ["Subject": .text("Changed")])
                try transaction.putDocument(kind: "note", key: "1", text: "gone")
                throw Undo()
            }
        }

        #expect(try await fixture.answer(Plan("Case")).ids == [kept.sequence])
        #expect(try await fixture.value("Case", kept, "Subject") == .text("Kept"))
        #expect(try await fixture.read { try $0.document(kind: "note", key: "1") } == nil)
        #expect(runs.withLock { $0 } == 0)
    }

    @Test("a savepoint undoes what is in it, and nothing else", arguments: StoreKind.allCases)
    func savepoint(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let runs = Locked<[String]>([])
        try await fixture.write { transaction in
            try transaction.insert("Case", ["Subject": .text("Before")])
            transaction.afterCommit { runs.withLock { $0.append("before") } }
            _ = try? transaction.savepoint {
                try transaction.insert("Case", ["Subject": .text("Inside")])
                transaction.afterCommit { runs.withLock { $0.append("inside") } }
                _ = try transaction.savepoint {
                    try transaction.insert("Case", ["Subject": .text("Deeper")])
                }
                throw Undo()
            }
            _ = try transaction.savepoint {
                try transaction.insert("Case", ["Subject": .text("After")])
                transaction.afterCommit { runs.withLock { $0.append("after") } }
            }
            #expect(runs.withLock { $0 }.isEmpty)
        }

        var plan = try Plan("Case", ["Subject"])
        try plan.order(by: "Subject")
        #expect(try await fixture.answer(plan).outcome.total == 2)
        #expect(runs.withLock { $0 } == ["before", "after"])
    }

    @Test("a save sees what it has written itself", arguments: StoreKind.allCases)
    func ownWrites(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let read = try Plan("Case").read

        let total = try await fixture.write { transaction in
            try transaction.insert("Case", ["Subject": .text("One")])
            var sink = TestRecordSink(read)
            return try transaction.read(read, .first(10), into: &sink).total
        }

        #expect(total == 1)
    }

    @Test("saves at the same time come one after the other", arguments: StoreKind.allCases)
    func serial(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await fixture.write { transaction in
                        let text = try transaction.document(kind: "count", key: "1") ?? "0"
                        try transaction.putDocument(
                            kind: "count",
                            key: "1",
                            text: String((Int(text) ?? 0) + 1)
                        )
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await fixture.read { try $0.document(kind: "count", key: "1") } == "50")
    }

    @Test("an org that is not there has nothing to read", arguments: StoreKind.allCases)
    func unknownOrg(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let other = OrgID(RecordID(prefix: ServiceDesk.prefix("00D"), sequence: 7))
        let error = await #expect(throws: RecordError.self) {
            try await fixture.store.read(other, isBrief: true) { try $0.documents(kind: "note") }
                .count
        }
        let again = await #expect(throws: RecordError.self) {
            try await fixture.store.createOrg(fixture.org, idBase: 0)
        }

        #expect(error?.code == .notFound)
        #expect(again?.code == .duplicateValue)
    }

    @Test("an org has nothing of its neighbour", arguments: StoreKind.allCases)
    func neighbours(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let other = OrgID(RecordID(prefix: ServiceDesk.prefix("00D"), sequence: 7))
        try await fixture.store.createOrg(other, idBase: 5_000)
        let read = try Plan("Case").read
        let id = try await fixture.insert("Case", ["Subject": .text("Mine")])
        let total = try await fixture.store.write(other) { transaction in
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: ServiceDesk.schema))
            try transaction.putDocument(kind: "note", key: "1", text: "theirs")
            let found = try transaction.load(try ServiceDesk.object("Case"), [id])
            #expect(found.isEmpty)
            var sink = TestRecordSink(read)
            return try transaction.read(read, .first(10), into: &sink).total
        }

        #expect(total == 0)
        #expect(try await fixture.read { try $0.document(kind: "note", key: "1") } == nil)
    }
}
