import Kernel
import Language
import Metadata
import RESTAPI
import Testing

/// One row, held by a test.
private struct FakeRow: RowCursor {
    enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        case text(StaticString)
    }

    let cells: [Cell]

    func isNull(_ column: Int) -> Bool {
        if case .null = cells[column] { true } else { false }
    }

    func integer(_ column: Int) -> Int64 {
        if case .integer(let value) = cells[column] { value } else { 0 }
    }

    func real(_ column: Int) -> Double {
        if case .real(let value) = cells[column] { value } else { 0 }
    }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        guard case .text(let value) = cells[column] else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount)
    }
}

/// How rows become JSON and CSV, value by value.
@Suite struct JSONRowSinkTests {
    private static let account = object("Account", "001")
    private static let contact = object("Contact", "003")
    private static let schema = OrgSchema(version: 1, objects: [account, contact])

    private static func object(_ name: String, _ prefix: String) -> ObjectDefinition {
        ObjectDefinition(
            name: APIName(name),
            label: name,
            pluralLabel: name,
            description: nil,
            keyPrefix: KeyPrefix(prefix) ?? KeyPrefix(number: 0),
            sharingModel: .private,
            sharingParent: nil,
            owners: [],
            traits: .init(),
            dataCategories: [],
            recordTypes: [],
            fields: []
        )
    }

    private static func query(
        _ object: ObjectDefinition,
        _ shape: [OutputItem],
        children: [ResolvedQuery.ChildQuery] = [],
        kind: ResolvedQuery.Kind = .records
    ) -> ResolvedQuery {
        ResolvedQuery(
            kind: kind,
            tables: [.init(object: object, join: nil)],
            columns: [],
            shape: shape,
            children: children
        )
    }

    private static func id(_ prefix: String, _ sequence: Int64) -> RecordID {
        RecordID(prefix: KeyPrefix(prefix) ?? KeyPrefix(number: 0), sequence: sequence)
    }

    private func version(_ major: Int) throws -> APIVersion {
        try #require(APIVersion(major: major))
    }

    private func text(_ sink: JSONRowSink) -> String {
        var bytes: [UInt8] = []
        sink.appendRows(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("every type of value is written as the wire has it")
    func values() throws {
        let types: [(String, ValueType)] = [
            ("Id", .id), ("Text", .text(isCaseSensitive: false)), ("Yes", .boolean),
            ("Count", .integer), ("Sum", .decimal(scale: 2)), ("Real", .real), ("Day", .date),
            ("At", .dateTime), ("Time", .time), ("None", .longText),
        ]
        let shape = types.enumerated().map {
            OutputItem.value(key: $0.element.0, column: $0.offset, type: $0.element.1)
        }
        let query = Self.query(Self.account, shape)
        let id = Self.id("001", 7)
        let row = FakeRow(cells: [
            .integer(id.number), .text("a\"b\n"), .integer(1), .integer(-3), .integer(1_250),
            .real(0.5), .integer(20_454), .integer(1_767_312_000_000), .integer(37_800_000), .null,
        ])
        var sink = JSONRowSink(
            JSONRowProgram(query, schema: Self.schema, version: try version(59))
        )
        try sink.row(node: 0, parent: 0, row)
        #expect(
            text(sink) == """
                {"attributes":{"type":"Account","url":"/services/data/v59.0/sobjects/Account/\(id)"},\
                "Id":"\(id)","Text":"a\\"b\\n","Yes":true,"Count":-3,"Sum":12.5,"Real":0.5,\
                "Day":"2026-01-01","At":"2026-01-02T00:00:00.000+0000","Time":"10:30:00.000Z",\
                "None":null}
                """
        )
        var csv = CSVRowSink(query)
        try csv.row(node: 0, parent: 0, row)
        #expect(
            String(decoding: csv.writer.bytes, as: UTF8.self) == """
                "Id","Text","Yes","Count","Sum","Real","Day","At","Time","None"
                "\(id)","a""b
                ","true","-3","12.5","0.5","2026-01-01","2026-01-02T00:00:00.000Z",\
                "10:30:00.000Z",""

                """
        )
    }

    @Test("parents, compounds and TYPEOF are objects, or null where nothing is there")
    func parents() throws {
        let name = OutputItem.value(key: "Name", column: 2, type: .text(isCaseSensitive: false))
        let query = Self.query(
            Self.contact,
            [
                .parent(key: "Account", object: .one(Self.account), id: 1, items: [name]),
                .parent(key: "What", object: .any, id: 1, items: [name]),
                .typeOf(
                    key: "Owner",
                    id: 1,
                    branches: [.init(object: Self.account, items: [name])],
                    otherwise: []
                ),
                .compound(
                    key: "Place",
                    parts: [
                        .init(key: "city", column: 2, type: .text(isCaseSensitive: false)),
                        .init(key: "latitude", column: 3, type: .real),
                    ]
                ),
            ]
        )
        var sink = JSONRowSink(
            JSONRowProgram(query, schema: Self.schema, version: try version(62)),
            keepsRows: true
        )
        let account = Self.id("001", 9)
        let contact = Self.id("003", 4)
        try sink.row(
            node: 0,
            parent: 0,
            FakeRow(cells: [
                .integer(contact.number), .integer(account.number), .text("Acme"), .null,
            ])
        )
        try sink.row(
            node: 0,
            parent: 0,
            FakeRow(cells: [.integer(contact.number), .null, .null, .null])
        )
        let rows = sink.rows().map { String(decoding: $0.bytes, as: UTF8.self) }
        let url = "\"url\":\"/services/data/v62.0/sobjects/Account/\(account)\"}"
        #expect(
            rows.first == """
                {"attributes":{"type":"Contact","url":"/services/data/v62.0/sobjects/Contact/\
                \(contact)"},"Account":{"attributes":{"type":"Account",\(url),"Name":"Acme"},\
                "What":{"attributes":{"type":"Name",\(url),"Name":"Acme"},\
                "Owner":{"attributes":{"type":"Account",\(url),"Name":"Acme"},\
                "Place":{"city":"Acme","latitude":null}}
                """
        )
        #expect(
            rows.last?.hasSuffix(#""Account":null,"What":null,"Owner":null,"Place":null}"#) == true
        )
        #expect(text(sink) == rows.joined(separator: ","))
    }

    @Test("children of children are put where they belong, whatever the order of the parents")
    func children() throws {
        let value = OutputItem.value(key: "N", column: 1, type: .integer)
        let field = FieldDefinition(
            name: "ParentId",
            label: "",
            type: .lookup(
                Reference(
                    targets: ["Account"],
                    childRelationshipName: nil,
                    deleteConstraint: .setNull
                )
            )
        )
        let inner = Self.query(Self.contact, [value])
        let middle = Self.query(
            Self.contact,
            [value, .child(key: "Inner", index: 0)],
            children: [.init(name: "Inner", field: field, query: inner)]
        )
        let second = Self.query(Self.contact, [value])
        let query = Self.query(
            Self.account,
            [.child(key: "Middle", index: 0), value, .child(key: "Second", index: 1)],
            children: [
                .init(name: "Middle", field: field, query: middle),
                .init(name: "Second", field: field, query: second),
            ]
        )
        var sink = JSONRowSink(
            JSONRowProgram(query, schema: Self.schema, version: try version(62)),
            keepsRows: true
        )
        let row = { (id: Int64, number: Int64) in
            FakeRow(cells: [.integer(id), .integer(number)])
        }
        try sink.row(node: 0, parent: 0, row(1, 10))
        try sink.row(node: 0, parent: 0, row(2, 20))
        try sink.row(node: 1, parent: 2, row(21, 21))
        try sink.row(node: 1, parent: 1, row(11, 11))
        try sink.row(node: 1, parent: 1, row(12, 12))
        try sink.row(node: 2, parent: 12, row(121, 121))
        try sink.row(node: 3, parent: 2, row(29, 29))
        let json = try JSONParser.parse("[" + text(sink) + "]")
        let numbers = { (value: JSONValue?) in
            value?["records"]?.array?.map { $0["N"] } ?? []
        }
        let rows = try #require(json.array)
        #expect(numbers(rows[0]["Middle"]) == [11, 12])
        #expect(rows[0]["Second"] == .null)
        #expect(numbers(rows[1]["Middle"]) == [21])
        #expect(numbers(rows[1]["Second"]) == [29])
        let middles = try #require(rows[0]["Middle"]?["records"]?.array)
        #expect(middles[0]["Inner"] == .null)
        #expect(numbers(middles[1]["Inner"]) == [121])
        let single = sink.rows().map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(single.joined(separator: ",") == text(sink))
    }

    @Test("groups have no url")
    func groups() throws {
        let query = Self.query(
            Self.account,
            [.value(key: "expr0", column: 0, type: .integer)],
            kind: .groups
        )
        var sink = JSONRowSink(
            JSONRowProgram(query, schema: Self.schema, version: try version(62))
        )
        try sink.row(node: 0, parent: 0, FakeRow(cells: [.integer(3)]))
        #expect(text(sink) == #"{"attributes":{"type":"AggregateResult"},"expr0":3}"#)
    }
}
