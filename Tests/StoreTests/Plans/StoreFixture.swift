import Foundation
import Language
import Metadata
import Store
import StoreSQLite
import Testing

@testable import Kernel

/// A clock that stands still.
struct StoppedClock: WallClock {
    var moment = Instant(milliseconds: 1_767_312_000_000)  // 2026-01-02T00:00:00Z

    func now() -> Instant { moment }
}

/// A small service desk: users, accounts, contacts, cases and comments.
enum ServiceDesk {
    static let org = OrgID(RecordID(prefix: prefix("00D"), sequence: 1))
    static let schema = OrgSchema(version: 1, objects: objects)

    static let objects: [ObjectDefinition] = [
        object(
            "User",
            "005",
            hasOwner: false,
            [
                field("Name", .text(length: 80), isName: true),
                field("Email", .email),
            ]
        ),
        object("Group", "00G", hasOwner: false, [field("Name", .text(length: 80), isName: true)]),
        object(
            "Account",
            "001",
            [
                field("Name", .text(length: 80), isName: true),
                field("AnnualRevenue", .currency(precision: 18, scale: 2)),
                field("BillingLatitude", .coordinate), field("BillingLongitude", .coordinate),
            ]
        ),
        object(
            "Contact",
            "003",
            [
                field("LastName", .text(length: 80), isName: true),
                field("AccountId", lookup("Account", "Contacts")),
                field("Badge__c", .text(length: 20), isUnique: true),
            ]
        ),
        object(
            "Case",
            "500",
            [
                field("CaseNumber", .autoNumber(format: "{00000}"), isName: true),
                field("Subject", .text(length: 255), isSearchable: true),
                field("Description", .longTextArea(length: 32_000), isSearchable: true),
                field("Status", .picklist(status)),
                field("Tags__c", .multiselectPicklist(Picklist(values: [], isRestricted: false))),
                field("Cost__c", .currency(precision: 16, scale: 2)),
                field("Due__c", .date),
                field("IsClosed", .checkbox, from: .mark(field: "Status", mark: "closed")),
                field("AccountId", lookup("Account", "Cases")),
                field("ContactId", lookup("Contact", "Cases")),
                field("Photo__c", .file),
            ]
        ),
        object(
            "CaseComment",
            "00a",
            hasOwner: false,
            [
                field(
                    "ParentId",
                    .masterDetail(
                        Reference(
                            targets: ["Case"],
                            childRelationshipName: "CaseComments",
                            deleteConstraint: .cascade
                        )
                    )
                ),
                field("CommentBody", .longTextArea(length: 4_000), isSearchable: true),
            ]
        ),
    ]

    private static let status = Picklist(
        values: [
            .init(name: "New", label: "Neu"), .init(name: "Working", label: "Working"),
            .init(name: "Closed", label: "Geschlossen"),
        ],
        isRestricted: true
    )

    static func prefix(_ text: String) -> KeyPrefix { KeyPrefix(text) ?? KeyPrefix(number: 0) }

    static func object(
        _ name: APIName,
        _ prefix: String,
        hasOwner: Bool = true,
        _ fields: [FieldDefinition]
    ) -> ObjectDefinition {
        let owner = field(
            "OwnerId",
            .lookup(
                Reference(
                    targets: ["User", "Group"],
                    childRelationshipName: nil,
                    deleteConstraint: .restrict
                )
            )
        )
        return ObjectDefinition(
            name: name,
            label: name.text,
            pluralLabel: name.text,
            description: nil,
            keyPrefix: Self.prefix(prefix),
            sharingModel: .private,
            sharingParent: nil,
            owners: hasOwner ? [.user, .queue] : [],
            traits: .init(),
            dataCategories: [],
            recordTypes: [],
            fields: [field("Id", .id), field("IsDeleted", .checkbox)] + (hasOwner ? [owner] : [])
                + fields + [field("CreatedDate", .dateTime), field("SystemModstamp", .dateTime)]
        )
    }

    static func field(
        _ name: APIName,
        _ type: FieldType,
        isUnique: Bool = false,
        isName: Bool = false,
        isSearchable: Bool = false,
        from derivation: FieldDefinition.Derivation? = nil
    ) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: name.text,
            type: type,
            isUnique: isUnique,
            isNameField: isName,
            derivation: derivation,
            isSearchable: isSearchable
        )
    }

    private static func lookup(_ target: APIName, _ children: APIName) -> FieldType {
        .lookup(
            Reference(
                targets: [target],
                childRelationshipName: children,
                deleteConstraint: .setNull
            )
        )
    }

    static func object(_ name: APIName) throws -> ObjectDefinition {
        try #require(schema.object(name))
    }
}

/// A store in a folder of its own, with one org.
struct StoreFixture {
    let store: SQLiteStore
    let folder: String
    let org = ServiceDesk.org

    init(idBase: Int64 = 999, clock: StoppedClock = StoppedClock()) async throws {
        folder = NSTemporaryDirectory() + "store-\(UUID().uuidString)"
        store = SQLiteStore(directory: folder, clock: clock)
        try await store.createOrg(org, idBase: idBase)
        try await store.write(org) { transaction in
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: ServiceDesk.schema))
        }
    }

    func remove() async throws {
        await store.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Inserts one record and returns its id.
    @discardableResult
    func insert(_ name: APIName, _ values: [APIName: FieldValue]) async throws -> RecordID {
        let object = try ServiceDesk.object(name)
        return try await store.write(org) { transaction in
            let ids = try transaction.newIDs(object, count: 1)
            let id = try #require(ids.first)
            let record = StoredRecord(object, id, values)
            try transaction.write(AuthorizedWrite(object: object, change: .insert([record])))
            return id
        }
    }

    /// Changes some fields of one record.
    func update(_ name: APIName, _ id: RecordID, _ values: [APIName: FieldValue]) async throws {
        let object = try ServiceDesk.object(name)
        try await store.write(org) { transaction in
            let update = try transaction.change(object, id, values)
            try transaction.write(AuthorizedWrite(object: object, change: .update([update])))
        }
    }

    func delete(_ name: APIName, _ id: RecordID) async throws {
        let object = try ServiceDesk.object(name)
        try await store.write(org) { transaction in
            let update = try transaction.change(object, id, [:])
            try transaction.write(AuthorizedWrite(object: object, change: .delete([update])))
        }
    }

    func undelete(_ name: APIName, _ id: RecordID) async throws {
        let object = try ServiceDesk.object(name)
        try await store.write(org) { transaction in
            let update = try transaction.change(object, id, [:])
            try transaction.write(AuthorizedWrite(object: object, change: .undelete([update])))
        }
    }

    /// The rows of a plan as text, columns between bars, children after their parents' rows.
    func rows(_ read: AuthorizedRead, _ page: PageRequest = .first(2_000)) async throws -> [String]
    {
        try await answer(read, page).rows
    }

    func answer(
        _ read: AuthorizedRead,
        _ page: PageRequest = .first(2_000)
    ) async throws -> (rows: [String], outcome: ReadOutcome) {
        try await store.read(org, isBrief: true) { transaction in
            var sink = TextSink(read)
            let outcome = try transaction.read(read, page, into: &sink)
            return (sink.rows, outcome)
        }
    }
}

extension WriteTransaction {
    /// A stored record with other values.
    func change(
        _ object: ObjectDefinition,
        _ id: RecordID,
        _ values: [APIName: FieldValue]
    ) throws -> AuthorizedWrite.Update {
        let before = try #require(try load(object, [id]).first)
        var after = before
        var changed: [Int] = []
        for (name, value) in values {
            let field = try #require(object.field(name))
            after[field] = value
            changed.append(field.index)
        }
        return AuthorizedWrite.Update(before: before, after: after, changed: changed.sorted())
    }
}

extension StoredRecord {
    init(_ object: ObjectDefinition, _ id: RecordID, _ values: [APIName: FieldValue]) {
        self.init(id: id, values: object.fields.map { values[$0.name] ?? .null })
    }
}

/// Writes rows as text.
private struct TextSink: RowSink {
    private var plans: [ResolvedQuery] = []
    private(set) var rows: [String] = []

    init(_ read: AuthorizedRead) {
        add(read)
    }

    private mutating func add(_ read: AuthorizedRead) {
        plans.append(read.query)
        for child in read.children { add(child) }
    }

    mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        var texts: [String] = []
        for (column, expression) in plans[node].columns.enumerated() {
            texts.append(Self.text(cursor, column, expression.type))
        }
        let indent = node == 0 ? "" : "\(node) of \(RecordID(number: parent).sequence): "
        rows.append(indent + texts.joined(separator: "|"))
    }

    private static func text(_ cursor: some RowCursor, _ column: Int, _ type: ValueType) -> String {
        guard !cursor.isNull(column) else { return "-" }
        switch type {
        case .id: return String(RecordID(number: cursor.integer(column)).sequence)
        case .text, .longText, .multiPicklist, .encrypted:
            return String(decoding: cursor.text(column), as: UTF8.self)
        case .real: return String(cursor.real(column))
        case .decimal(let scale):
            return ExactDecimal(unscaled: cursor.integer(column), scale: scale).description
        case .boolean, .integer, .date, .dateTime, .time, .file:
            return String(cursor.integer(column))
        }
    }
}

/// A plan put together by hand, as the authorizer would.
struct Plan {
    var query: ResolvedQuery
    var visible: [RowPredicate]
    var children: [AuthorizedRead] = []
    var semiJoins: [AuthorizedRead] = []
    var scope = RowPredicate.everything
    var context = ReadContext(
        user: RecordID(prefix: ServiceDesk.prefix("005"), sequence: 1),
        timeZone: "UTC",
        locale: "en_US",
        calendar: CalendarSettings()
    )

    /// Reads fields of one object; the id comes first.
    init(_ name: APIName, _ fields: [APIName] = []) throws {
        let object = try ServiceDesk.object(name)
        let columns = try (["Id"] + fields).map { name in
            ResolvedExpression.column(
                ColumnReference(table: 0, field: try #require(object.field(name)))
            )
        }
        query = ResolvedQuery(
            kind: .records,
            tables: [.init(object: object, join: nil)],
            columns: columns,
            shape: []
        )
        visible = [.everything]
    }

    /// Adds a parent and gives its place among the tables.
    mutating func join(_ lookup: APIName, to target: APIName, from: Int = 0) throws -> Int {
        let field = try #require(query.tables[from].object.field(lookup))
        query.tables.append(
            .init(
                object: try ServiceDesk.object(target),
                join: .init(from: from, field: field)
            )
        )
        visible.append(.everything)
        return query.tables.count - 1
    }

    func column(_ name: APIName, of table: Int = 0) throws -> ResolvedExpression {
        .column(try reference(name, of: table))
    }

    func reference(_ name: APIName, of table: Int = 0) throws -> ColumnReference {
        ColumnReference(
            table: table,
            field: try #require(query.tables[table].object.field(name))
        )
    }

    mutating func order(
        by name: APIName,
        isDescending: Bool = false,
        areNullsLast: Bool = false
    ) throws {
        query.orderBy.append(
            ResolvedOrderKey(
                expression: try column(name),
                isDescending: isDescending,
                areNullsLast: areNullsLast
            )
        )
    }

    /// Adds a child query.
    mutating func child(_ name: String, by lookup: APIName, _ plan: Plan) throws {
        let field = try #require(plan.query.object.field(lookup))
        query.children.append(.init(name: name, field: field, query: plan.query))
        children.append(plan.read)
    }

    var read: AuthorizedRead {
        AuthorizedRead(
            org: ServiceDesk.org,
            query: query,
            visible: visible,
            children: children,
            semiJoins: semiJoins,
            context: context,
            scope: scope
        )
    }

    func sql(_ dialect: Dialect = .sqlite) -> String { SQLCompiler(dialect).compile(read).text }
}

func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
