import Metadata
import TestSupport
import Testing

@testable import Kernel

/// Whoever listens hears what happened, in order, and no more than they may read.
@Suite struct ChangeEventTests {
    @Test(
        "what becomes of a record is told in the published shape",
        arguments: StoreKind.allCases
    )
    func shape(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let org = fixture.org
        let admin = org.administrator
        let start = try await fixture.end()
        let id = try await org.create(
            "Account",
            ["Name": "Hall", "Phone": "1", "Secret__c": "hush"],
            as: admin
        )
        try await org.update("Account", id, ["Name": "Town Hall", "Phone": .null], as: admin)
        try await org.delete(id, as: admin)
        try await org.undelete(id, as: admin)

        let events = try await fixture.events("/data/AccountChangeEvent", after: start)

        #expect(events.map(\.type) == ["CREATE", "UPDATE", "DELETE", "UNDELETE"])
        #expect(events.map(\.replayID) == Array((start + 1)...(start + 4)))
        let created = try #require(events.first)
        #expect(created.payload["Name"] == "Hall")
        #expect(created.payload["Secret__c"] == nil)
        #expect(created.header("entityName") == "Account")
        #expect(created.header("recordIds") == [.id(id)])
        #expect(created.header("commitUser") == .id(admin.user))
        #expect(
            created.header("commitTimestamp")?.number?.int64 == org.clock.now().milliseconds
        )
        #expect(created.header("sequenceNumber") == 1)
        let updated = events[1]
        #expect(updated.payload["Name"] == "Town Hall")
        #expect(updated.payload["Phone"] == .null)
        #expect(updated.header("nulledFields") == ["Phone"])
        #expect(Set(updated.changed).isSuperset(of: ["Name", "Phone"]))
        #expect(!updated.changed.contains("SystemModstamp"))
        #expect(events[2].payload.members.count == 1)
        #expect(events[3].payload["Name"] == "Town Hall")
        #expect(Set(events.map { $0.header("transactionKey") }).count == 4)
        #expect(try await fixture.events("/data/ChangeEvents", after: start).count == 4)
    }

    @Test("events of one save share its key and are numbered", arguments: StoreKind.allCases)
    func transaction(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let drafts = ["a", "b", "c"].map {
            RecordDraft(object: "Account", values: ["Name": .string($0)])
        }
        _ = try await fixture.org.save(drafts, .create, as: fixture.org.administrator)
        let events = try await fixture.events("/data/AccountChangeEvent")
        #expect(events.map { $0.header("sequenceNumber") } == [1, 2, 3])
        #expect(Set(events.map { $0.header("transactionKey") }).count == 1)
    }

    @Test("what is not saved is not told, and leaves no gap", arguments: StoreKind.allCases)
    func undone(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let admin = fixture.org.administrator
        let start = try await fixture.end()
        try await fixture.org.create("Account", ["Name": "one"], as: admin)
        struct Undone: Error {}
        await #expect(throws: Undone.self) {
            try await fixture.org.records.write(as: admin) { writer in
                _ = try writer.save(
                    [RecordDraft(object: "Account", values: ["Name": "never"])],
                    .create
                )
                throw Undone()
            }
        }
        let half = [
            RecordDraft(object: "Account", values: ["Name": "half"]),
            RecordDraft(object: "Account", values: [:]),
        ]
        _ = try await fixture.org.save(
            half,
            .create,
            as: admin,
            options: SaveOptions(allOrNone: true)
        )
        try await fixture.org.create("Account", ["Name": "two"], as: admin)

        let events = try await fixture.events("/data/AccountChangeEvent", after: start)
        #expect(events.map { $0.payload["Name"] } == ["one", "two"])
        #expect(events.map(\.replayID) == [start + 1, start + 2])
    }

    @Test("objects that do not say so are not told of")
    func undeclared() async throws {
        let fixture = try await EventFixture()
        let start = try await fixture.end()
        try await fixture.org.create(
            "Contact",
            ["LastName": "Doe"],
            as: fixture.org.administrator
        )
        #expect(try await fixture.end() == start)
        await #expect(throws: RecordError.self) {
            _ = try await fixture.events("/data/ContactChangeEvent")
        }
    }

    @Test("a listener hears of records and fields that are theirs to read")
    func rights() async throws {
        let fixture = try await EventFixture(.sqlite)
        let org = fixture.org
        let profile = "Minimum Access"
        let listener = try await org.user(
            "Lis",
            profile: profile,
            permissionSets: ["Listener"]
        )
        let stranger = try await org.user("Stranger", profile: profile)
        let start = try await fixture.end()
        try await org.create(
            "Account",
            ["Name": "Hall", "Phone": "1", "Website": "https://hall.example"],
            as: org.administrator
        )
        let own = try await org.create("Account", ["Name": "Own"], as: listener)
        try await org.delete(own, as: org.administrator)

        let heard = try await fixture.events(
            "/data/AccountChangeEvent",
            after: start,
            as: listener
        )
        for event in heard {
            #expect(event.payload["Website"] == nil)
            #expect(!event.changed.contains("Website"))
        }
        #expect(heard.contains { $0.payload["Name"] == "Own" })
        #expect(heard.contains { $0.type == "DELETE" })
        await #expect(throws: RecordError.self) {
            _ = try await fixture.events("/data/AccountChangeEvent", as: stranger)
        }
        await #expect(throws: RecordError.self) {
            _ = try await fixture.events("/data/ChangeEvents", as: stranger)
        }
    }

    @Test("saves at the same time are told in the order in which they were committed")
    func concurrent() async throws {
        let fixture = try await EventFixture(.sqlite)
        let org = fixture.org
        let start = try await fixture.end()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    // Every fifth is undone: its number is another's.
                    _ = try? await org.records.write(as: org.administrator) { writer in
                        _ = try writer.save(
                            [
                                RecordDraft(
                                    object: "Account",
                                    values: ["Name": .string("\(number)")]
                                )
                            ],
                            .create
                        )
                        if number % 5 == 0 { throw CancellationError() }
                    }
                }
            }
        }
        let events = try await fixture.events("/data/AccountChangeEvent", after: start)
        #expect(events.map(\.replayID) == Array((start + 1)...(start + 32)))
        // Ids are given in the order of commits too.
        let ids = events.compactMap { $0.header("recordIds")?.array?.first?.string }
            .compactMap { try? RecordID($0) }
        #expect(ids == ids.sorted())
    }

    @Test("a reader goes on from where it was, and is told where that is too long ago")
    func replay() async throws {
        let fixture = try await EventFixture(.sqlite)
        let org = fixture.org
        let admin = org.administrator
        for name in ["a", "b", "c"] {
            try await org.create("Account", ["Name": .string(name)], as: admin)
        }
        let channel = EventChannel.changes(of: "Account")
        let page = try await org.records.read(as: admin) { reader in
            let position = try reader.position(.earliest, on: channel)
            return try reader.events(on: channel, after: position, limit: 2)
        }
        #expect(page.events.count == 2)
        #expect(page.hasMore)
        let rest = try await org.records.read(as: admin) {
            try $0.events(on: channel, after: page.position, limit: 2)
        }
        #expect(rest.events.map { $0.payload["Name"] } == ["c"])
        #expect(!rest.hasMore)
        let end = try await org.records.read(as: admin) {
            try $0.position(.latest, on: channel)
        }
        #expect(end == rest.position)

        org.clock.advance(seconds: Limits.eventRetentionSeconds + 60)
        try await org.create("Account", ["Name": "late"], as: admin)
        let clock = org.clock
        try await org.store.write(org.id) { tx in
            let limit = clock.now().adding(seconds: -Limits.eventRetentionSeconds)
            try tx.purgeOutbox(before: limit, limit: 1_000)
        }
        let error = await #expect(throws: RecordError.self) {
            try await org.records.read(as: admin) {
                _ = try $0.position(.after(1), on: channel)
            }
        }
        #expect(error?.message.hasPrefix("The replayId {1} you provided was invalid.") == true)
        await #expect(throws: RecordError.self) {
            try await org.records.read(as: admin) {
                _ = try $0.position(.after(end + 50), on: channel)
            }
        }
        #expect(try await fixture.events("/data/AccountChangeEvent").count == 1)
    }

    @Test(
        "the last entry is never purged, so that its number is not given again",
        arguments: StoreKind.allCases
    )
    func lastEntry(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let org = fixture.org
        try await org.create("Account", ["Name": "a"], as: org.administrator)
        try await org.create("Account", ["Name": "b"], as: org.administrator)
        let end = try await fixture.end()
        org.clock.advance(seconds: 1_000_000)
        let now = org.clock.now()
        let gone = try await org.store.write(org.id) { tx in
            try tx.purgeOutbox(before: now, limit: 1_000)
        }
        #expect(gone == Int(end) - 1)
        try await org.create("Account", ["Name": "c"], as: org.administrator)
        #expect(try await fixture.end() == end + 1)
    }

    @Test(
        "a subscriber is handed each event once, in order, whatever fails",
        arguments: StoreKind.allCases
    )
    func subscriber(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let org = fixture.org
        let heard = Locked<[Int64]>([])
        let failures = Locked(1)
        var handlers = JobHandlers()
        handlers.subscribe(
            EventSubscriber("notes", where: { $0.object == "Account" }) { writer, entries in
                let fails = failures.withLock { count in
                    count -= 1
                    return count >= 0
                }
                for entry in entries {
                    _ = try writer.save(
                        [
                            RecordDraft(
                                object: "Contact",
                                values: ["LastName": .string("\(entry.replayID)")]
                            )
                        ],
                        .create,
                        options: SaveOptions(allOrNone: true)
                    )
                }
                if fails { throw JobFixture.Trouble(description: "not now") }
                heard.withLock { $0 += entries.map(\.replayID) }
            }
        )
        let id = org.id
        let runner = JobRunner(records: org.records, handlers: handlers, orgs: { [id] })
        for number in 0..<3 {
            try await org.create("Account", ["Name": .string("\(number)")], as: org.administrator)
        }
        try await runner.runDue()
        #expect(heard.withLock { $0 }.isEmpty)
        org.clock.advance(seconds: 60)
        try await runner.runDue()
        try await org.create("Account", ["Name": "more"], as: org.administrator)
        try await runner.runDue()
        let end = try await fixture.end()
        #expect(heard.withLock { $0 } == Array((end - 3)...end))
        let kept = "SELECT COUNT() FROM Contact"
        #expect(try await org.count(kept, as: org.administrator) == 4)
    }
}
