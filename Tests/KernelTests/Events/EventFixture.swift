import Metadata
import TestSupport

@testable import Kernel

/// An org that tells of its accounts, and has platform events.
struct EventFixture {
    let org: TestOrg

    init(_ kind: StoreKind = .reference, extra: [MetadataPackage.File] = []) async throws {
        org = try await TestOrg(on: kind, apps: ["platform"])
        _ = try await Deployment(org.records).apply(
            EventFixture.package + extra,
            in: org.id,
            as: org.administrator.user
        )
    }

    static let package: [MetadataPackage.File] = [
        file(
            "package.yaml",
            """
            package: city-events
            label: City events
            version: 1.0.0
            needs: [platform]
            """
        ),
        file(
            "objects/Account.yaml",
            """
            extend: Account
            changeEvents: true
            fields:
              - { name: Secret__c, type: EncryptedText, length: 20 }
            """
        ),
        file(
            "objects/Alarm__e.yaml",
            """
            object: Alarm__e
            label: Alarm
            pluralLabel: Alarms
            eventType: HighVolume
            fields:
              - { name: Place__c, type: Text, length: 80, required: true }
              - { name: Level__c, type: Number, precision: 3, scale: 0 }
              - { name: Hidden__c, type: Text, length: 80 }
            """
        ),
        file(
            "objects/Failure__e.yaml",
            """
            object: Failure__e
            label: Failure
            pluralLabel: Failures
            eventType: HighVolume
            publishBehavior: PublishImmediately
            fields:
              - { name: What__c, type: Text, length: 80 }
            """
        ),
        file(
            "permission-sets/Listener.yaml",
            """
            permissionSet: Listener
            label: Listener
            objectPermissions:
              - { object: Account, allowRead: true, allowCreate: true, allowEdit: true }
              - { object: Alarm__e, allowRead: true }
            fieldPermissions:
              - { field: Alarm__e.Level__c, readable: true }
              - { field: Account.Phone, readable: true, editable: true }
            """
        ),
    ]

    static func file(_ path: String, _ text: String) -> MetadataPackage.File {
        MetadataPackage.File(path: path, text: text)
    }

    func events(
        _ path: String,
        after position: Int64 = 0,
        as caller: Caller? = nil
    ) async throws -> [PublishedEvent] {
        let channel = EventChannel(path) ?? .allChanges
        return try await org.records.read(as: caller ?? org.administrator) {
            try $0.events(on: channel, after: position, limit: 1_000).events
        }
    }

    func end() async throws -> Int64 {
        try await org.store.read(org.id, isBrief: true) { try $0.outboxRange()?.upperBound ?? 0 }
    }
}

extension PublishedEvent {
    func header(_ name: String) -> JSONValue? { payload["ChangeEventHeader"]?[name] }

    var type: String? { header("changeType")?.string }

    var changed: [String] {
        header("changedFields")?.array?.compactMap(\.string).sorted() ?? []
    }
}
