import Language
import Metadata
import Store
import TestSupport
import Testing

@testable import Kernel

/// What becomes of stored records when their object is declared otherwise.
@Suite struct SchemaConformanceTests {
    /// A value written under one declaration of a field, read under another.
    private func value(
        _ kind: StoreKind,
        _ value: FieldValue,
        from old: FieldType,
        to new: FieldType?
    ) async throws -> FieldValue {
        let before = schema(1, ServiceDesk.field("Value__c", old))
        let after = schema(2, new.map { ServiceDesk.field("Value__c", $0) })
        let clock = TestClock()
        let kept = kind.make(clock: clock)
        try await kept.store.createOrg(ServiceDesk.org, idBase: 0)
        return try await kept.store.write(ServiceDesk.org) { transaction in
            let object = try #require(before.object("Thing__c"))
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: before))
            let id = try #require(try transaction.newIDs(object, count: 1).first)
            let record = StoredRecord(
                object,
                id,
                ["Name": .text("kept"), "Value__c": value]
            )
            try transaction.write(AuthorizedWrite(object: object, change: .insert([record])))
            try transaction.apply(AuthorizedSchemaChange(from: before, to: after))
            let changed = try #require(after.object("Thing__c"))
            let loaded = try #require(try transaction.load(changed, [id]).first)
            #expect(loaded[try #require(changed.field("Name"))] == .text("kept"))
            return changed.field("Value__c").map { loaded[$0] } ?? .null
        }
    }

    private func schema(_ version: Int, _ field: FieldDefinition?) -> OrgSchema {
        let name = ServiceDesk.field("Name", .text(length: 80), isName: true)
        return OrgSchema(
            version: version,
            objects: [
                ServiceDesk.object(
                    "Thing__c",
                    "a00",
                    hasOwner: false,
                    [name] + (field.map { [$0] } ?? [])
                )
            ]
        )
    }

    @Test("values are carried over as far as the new type has them", arguments: StoreKind.allCases)
    func conversions(_ kind: StoreKind) async throws {
        let money = FieldType.currency(precision: 16, scale: 2)
        let cases: [(FieldValue, FieldType, FieldType?, FieldValue)] = [
            (.text("Straße"), .text(length: 80), .text(length: 3), .text("Str")),
            (.text("x"), .text(length: 80), .email, .text("x")),
            (.text("x"), .text(length: 80), nil, .null),
            (.text("x"), .text(length: 80), .checkbox, .boolean(false)),
            (
                .number(try number("-12.35")), money, .number(precision: 8, scale: 1),
                .number(try number("-12.4"))
            ),
            (
                .number(try number("12.34")), money, .number(precision: 8, scale: 4),
                .number(try number("12.34"))
            ),
            (.number(try number("-0.50")), money, .text(length: 40), .text("-0.50")),
            (
                .date(-1), .date, .dateTime,
                .dateTime(Instant(milliseconds: -86_400_000))
            ),
            (.dateTime(Instant(milliseconds: -1)), .dateTime, .date, .date(-1)),
            (.dateTime(Instant(milliseconds: 86_400_000)), .dateTime, .date, .date(1)),
            (.boolean(true), .checkbox, .text(length: 5), .null),
        ]
        for (given, old, new, expected) in cases {
            let found = try await value(kind, given, from: old, to: new)
            #expect(found == expected, "\(given) from \(old)")
        }
    }

    @Test(
        "a checkbox ticked by default is ticked in the records that are there",
        arguments: StoreKind.allCases
    )
    func ticked(_ kind: StoreKind) async throws {
        let plain = schema(1, nil)
        let ticked = schema(
            2,
            FieldDefinition(
                name: "Active__c",
                label: "Active",
                type: .checkbox,
                defaultValue: .boolean(true)
            )
        )
        let clock = TestClock()
        let kept = kind.make(clock: clock)
        try await kept.store.createOrg(ServiceDesk.org, idBase: 0)
        let value = try await kept.store.write(ServiceDesk.org) { transaction in
            let object = try #require(plain.object("Thing__c"))
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: plain))
            let id = try #require(try transaction.newIDs(object, count: 1).first)
            try transaction.write(
                AuthorizedWrite(object: object, change: .insert([StoredRecord(object, id, [:])]))
            )
            try transaction.apply(AuthorizedSchemaChange(from: plain, to: ticked))
            let changed = try #require(ticked.object("Thing__c"))
            let field = try #require(changed.field("Active__c"))
            return try #require(try transaction.load(changed, [id]).first)[field]
        }

        #expect(value == .boolean(true))
    }

    @Test("an object that is gone takes its records along", arguments: StoreKind.allCases)
    func removed(_ kind: StoreKind) async throws {
        let full = schema(1, nil)
        let empty = OrgSchema(version: 2, objects: [])
        let clock = TestClock()
        let kept = kind.make(clock: clock)
        try await kept.store.createOrg(ServiceDesk.org, idBase: 0)
        let count = try await kept.store.write(ServiceDesk.org) { transaction in
            let object = try #require(full.object("Thing__c"))
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: full))
            let id = try #require(try transaction.newIDs(object, count: 1).first)
            try transaction.write(
                AuthorizedWrite(object: object, change: .insert([StoredRecord(object, id, [:])]))
            )
            try transaction.apply(AuthorizedSchemaChange(from: full, to: empty))
            try transaction.apply(AuthorizedSchemaChange(from: empty, to: full))
            return try transaction.load(object, [id]).count
        }

        #expect(count == 0)
        #expect(kept.store.steps(from: full, to: empty).map(\.losesData) == [true])
        #expect(kept.store.steps(from: empty, to: full).allSatisfy { !$0.losesData })
    }
}
