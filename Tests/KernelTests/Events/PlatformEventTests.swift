import Metadata
import TestSupport
import Testing

@testable import Kernel

/// Declared events are published like records are created, and are nowhere else.
@Suite struct PlatformEventTests {
    @Test("a published event is read with who published it when", arguments: StoreKind.allCases)
    func publish(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let admin = fixture.org.administrator
        let id = try await fixture.org.create(
            "Alarm__e",
            ["Place__c": "Hall", "Level__c": 3],
            as: admin
        )
        #expect(id.description.hasPrefix("e0"))
        let event = try #require(try await fixture.events("/event/Alarm__e").first)
        #expect(event.payload["Place__c"] == "Hall")
        #expect(event.payload["Level__c"]?.number?.int64 == 3)
        #expect(event.payload["Hidden__c"] == .null)
        #expect(event.payload["CreatedById"] == .id(admin.user))
        #expect(event.payload["CreatedDate"] == "2026-03-10T09:30:00.000Z")
        #expect(event.payload["Id"] == nil)
    }

    @Test("an event is neither queried, changed nor deleted", arguments: StoreKind.allCases)
    func notStored(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let admin = fixture.org.administrator
        let id = try await fixture.org.create("Alarm__e", ["Place__c": "Hall"], as: admin)
        let query = await #expect(throws: RecordError.self) {
            _ = try await fixture.org.query("SELECT Place__c FROM Alarm__e", as: admin)
        }
        #expect(query?.code == .invalidType)
        let update = await #expect(throws: RecordError.self) {
            try await fixture.org.update("Alarm__e", id, ["Place__c": "x"], as: admin)
        }
        #expect(update?.code == .cannotInsertUpdateActivateEntity)
        await #expect(throws: RecordError.self) {
            try await fixture.org.delete(id, as: admin)
        }
    }

    @Test("an event without a required field is refused")
    func required() async throws {
        let fixture = try await EventFixture()
        let error = await #expect(throws: RecordError.self) {
            try await fixture.org.create(
                "Alarm__e",
                ["Level__c": 3],
                as: fixture.org.administrator
            )
        }
        #expect(error?.code == .requiredFieldMissing)
        #expect(try await fixture.events("/event/Alarm__e").isEmpty)
    }

    @Test(
        "an event told after commit goes with its transaction, one told immediately does not",
        arguments: StoreKind.allCases
    )
    func undone(_ kind: StoreKind) async throws {
        let fixture = try await EventFixture(kind)
        let admin = fixture.org.administrator
        await #expect(throws: CancellationError.self) {
            try await fixture.org.records.write(as: admin) { writer in
                _ = try writer.save(
                    [
                        RecordDraft(object: "Alarm__e", values: ["Place__c": "Hall"]),
                        RecordDraft(object: "Failure__e", values: ["What__c": "it failed"]),
                    ],
                    .create
                )
                throw CancellationError()
            }
        }
        #expect(try await fixture.events("/event/Alarm__e").isEmpty)
        let told = try await fixture.events("/event/Failure__e")
        #expect(told.map { $0.payload["What__c"] } == ["it failed"])
    }

    @Test("a listener sees the fields they may read; a publisher needs the right to create")
    func rights() async throws {
        let fixture = try await EventFixture()
        let org = fixture.org
        let listener = try await org.user(
            "Lis",
            profile: "Minimum Access",
            permissionSets: ["Listener"]
        )
        try await org.create(
            "Alarm__e",
            ["Place__c": "Hall", "Level__c": 1, "Hidden__c": "x"],
            as: org.administrator
        )
        let event = try await fixture.events("/event/Alarm__e", as: listener).first
        #expect(event?.payload["Level__c"]?.number?.int64 == 1)
        #expect(event?.payload["Hidden__c"] == nil)
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Alarm__e", ["Place__c": "x"], as: listener)
        }
        #expect(error?.code == .cannotInsertUpdateActivateEntity)
        await #expect(throws: RecordError.self) {
            _ = try await fixture.events("/event/Failure__e", as: listener)
        }
    }

    @Test(
        "a declaration that cannot be is refused with its place",
        arguments: [
            ("object: Alarm__c\nlabel: A\npluralLabel: A\neventType: HighVolume", "ends in `__e`"),
            (
                "object: Alarm__e\nlabel: A\npluralLabel: A\neventType: HighVolume\nfields:\n"
                    + "  - { name: Who__c, type: Lookup, referenceTo: [User] }", "is Text"
            ),
            (
                "object: Alarm__e\nlabel: A\npluralLabel: A\neventType: HighVolume\nowners: [User]",
                "has no `owners`"
            ),
            ("object: Alarm__e\nlabel: A\npluralLabel: A\neventType: LowVolume", "eventType"),
        ]
    )
    func declared(_ text: String, _ message: String) async throws {
        let org = try await TestOrg(apps: ["platform"])
        let error = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(
                [
                    EventFixture.file(
                        "package.yaml",
                        "package: x\nlabel: X\nversion: 1.0.0\nneeds: [platform]"
                    ), EventFixture.file("objects/Alarm.yaml", text),
                ],
                in: org.id
            )
        }
        let problem = try #require(error?.problems.first)
        #expect(problem.message.contains(message))
        #expect(problem.line > 0)
    }

    @Test(
        "channels are read as clients write them",
        arguments: [
            ("/data/ChangeEvents", EventChannel.allChanges),
            ("/data/AccountChangeEvent", .changes(of: "Account")),
            ("/data/Site__ChangeEvent", .changes(of: "Site__c")),
            ("/event/Alarm__e", .platformEvent("Alarm__e")), ("/event/Alarm", nil),
            ("/data/ChangeEvent", nil), ("/data/Account", nil), ("/topic/X", nil), ("", nil),
            ("data/ChangeEvents", nil), ("/data/AccountChangeEvent/x", nil),
        ] as [(String, EventChannel?)]
    )
    func channels(_ path: String, _ channel: EventChannel?) {
        #expect(EventChannel(path) == channel)
    }
}
