import Language
import Metadata
import Store
import StoreSQLite
import Testing

@testable import Kernel

/// From the tables of one schema to those of another.
@Suite struct TableChangeTests {
    private func schema(_ change: ([FieldDefinition]) -> [FieldDefinition]) throws -> OrgSchema {
        let old = try ServiceDesk.object("Case")
        let own = old.fields.dropFirst(3).dropLast(2)
        let new = ServiceDesk.object("Case", "500", change(Array(own)))
        return OrgSchema(
            version: 2,
            objects: ServiceDesk.objects.filter { $0.name != "Case" } + [new]
        )
    }

    private func replacing(_ name: APIName, _ field: FieldDefinition) throws -> OrgSchema {
        try schema { $0.map { $0.name == name ? field : $0 } }
    }

    @Test("the same schema needs no change")
    func nothing() throws {
        #expect(TableChange.plan(from: ServiceDesk.schema, to: try schema { $0 }).isEmpty)
    }

    @Test("each difference is a sentence, and says whether values are lost")
    func sentences() throws {
        let changes = TableChange.plan(
            from: ServiceDesk.schema,
            to: try schema { fields in
                fields.filter { $0.name != "Tags__c" && $0.name != "Description" }
                    .map { field in
                        switch field.name {
                        case "Cost__c":
                            ServiceDesk.field("Cost__c", .currency(precision: 16, scale: 1))
                        case "Due__c": ServiceDesk.field("Due__c", .dateTime)
                        default: field
                        }
                    } + [ServiceDesk.field("Code__c", .text(length: 9), isUnique: true)]
            }
        )

        #expect(
            changes.map { ($0.losesData ? "! " : "  ") + $0.sentence } == [
                "  remove the words of Case from search",
                "! remove the column Case.Description with all its values",
                "! remove the column Case.Tags__c with all its values",
                "! change Case.Cost__c from 2 to 1 decimal places; numbers are rounded",
                "  change Case.Due__c to a date and time; each day becomes its midnight in UTC",
                "  add the column Case.Code__c", "  add a unique index on Case.Code__c",
                "  add the words of Case to search",
            ]
        )
    }

    @Test("values are carried over, and search with them")
    func application() async throws {
        let fixture = try await StoreFixture()
        for cost in ["1.25", "-1.25", "7.04"] {
            try await fixture.insert(
                "Case",
                [
                    "Subject": .text("Printer \(cost)"), "Cost__c": .number(try number(cost)),
                    "Due__c": .date(-3), "Tags__c": .text("a;b"), "IsClosed": .boolean(true),
                ]
            )
        }
        let new = try schema { fields in
            fields.filter { $0.name != "Tags__c" }
                .map { field in
                    switch field.name {
                    case "Cost__c":
                        ServiceDesk.field("Cost__c", .currency(precision: 16, scale: 1))
                    case "Due__c": ServiceDesk.field("Due__c", .dateTime)
                    case "Subject":
                        ServiceDesk.field("Subject", .text(length: 9), isSearchable: true)
                    default: field
                    }
                } + [ServiceDesk.field("Note__c", .text(length: 9), isSearchable: true)]
        }
        try await fixture.store.write(fixture.org) { transaction in
            try transaction.apply(AuthorizedSchemaChange(from: ServiceDesk.schema, to: new))
        }
        let object = try #require(new.object("Case"))
        let names: [APIName] = ["Subject", "Cost__c", "Due__c", "IsClosed", "Note__c"]
        let ids = (1_000...1_002).map { RecordID(prefix: object.keyPrefix, sequence: $0) }
        let rows = try await fixture.store.read(fixture.org, isBrief: true) { transaction in
            try transaction.load(object, ids).map { record in
                names.compactMap { object.field($0) }.map { record[$0] }
            }
        }
        let due = FieldValue.dateTime(Instant(milliseconds: -3 * 86_400_000))
        let costs = ["1.3", "-1.3", "7.0"]
        let subjects = ["Printer 1", "Printer -", "Printer 7"]
        #expect(
            rows
                == (try (0..<3).map {
                    [
                        .text(subjects[$0]), .number(try number(costs[$0])), due, .boolean(true),
                        .null,
                    ]
                })
        )
        #expect(try await fixture.store.check(fixture.org, new) == [])
        try await fixture.remove()
    }

    @Test("text becomes another text, numbers become text, the rest is cleared")
    func conversions() async throws {
        let cases: [(FieldDefinition, FieldValue)] = [
            (ServiceDesk.field("Cost__c", .text(length: 20)), .text("-0.05")),
            (
                ServiceDesk.field("Cost__c", .currency(precision: 18, scale: 4)),
                .number(try number("-0.05"))
            ),
            (ServiceDesk.field("Cost__c", .checkbox), .boolean(false)),
        ]
        for (field, expected) in cases {
            let fixture = try await StoreFixture()
            let id = try await fixture.insert("Case", ["Cost__c": .number(try number("-0.05"))])
            let new = try replacing("Cost__c", field)
            try await fixture.store.write(fixture.org) { transaction in
                try transaction.apply(AuthorizedSchemaChange(from: ServiceDesk.schema, to: new))
            }
            let object = try #require(new.object("Case"))
            let value = try await fixture.store.read(fixture.org, isBrief: true) {
                try $0.load(object, [id]).first?[try #require(object.field("Cost__c"))]
            }
            #expect(value == expected)
            try await fixture.remove()
        }
    }
}
