import Kernel
import Language
import Metadata
import Store

/// One state of an org's records, as one connection sees it.
class SQLiteReadTransaction: ReadTransaction {
    let connection: SQLiteConnection
    let database: OrgDatabase
    private let now: Instant

    init(_ connection: SQLiteConnection, _ database: OrgDatabase, now: Instant) {
        self.connection = connection
        self.database = database
        self.now = now
    }

    func read<Sink: RowSink>(
        _ read: AuthorizedRead,
        _ page: PageRequest,
        into sink: inout Sink
    ) throws -> ReadOutcome {
        let compiled = read.translated { CompiledRead($0, database.compiler) }
        return try translating {
            switch read.query.kind {
            case .count: return try count(read, compiled)
            case .groups: return try groups(read, compiled, page, &sink)
            case .records:
                switch page {
                case .first(let rowsMax):
                    return try first(rowsMax, read, compiled, &sink)
                case .ids(let ids): return try given(ids, read, compiled, &sink)
                }
            }
        }
    }

    func search(_ search: AuthorizedSearch) throws -> [RecordID] {
        guard let statement = database.compiler.compile(search) else { return [] }
        return try translating {
            try connection.all(statement.text, statement.values) { RecordID(number: $0.int64(0)) }
        }
    }

    /// What SQLite refuses, in the kernel's words; so the kernel can tell and go on.
    func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw RecordError.translated(error)
        }
    }
}

// MARK: - Queries

extension SQLiteReadTransaction {
    private func count(_ read: AuthorizedRead, _ compiled: CompiledRead) throws -> ReadOutcome {
        let values = compiled.rows.values(StatementInputs(now: now), read.context)
        let count = try connection.one(compiled.rows.text, values) { Int($0.int64(0)) }
        return ReadOutcome(total: count ?? 0)
    }

    /// Groups have no ids: where there are more than a page holds, the total is one more than that.
    private func groups<Sink: RowSink>(
        _ read: AuthorizedRead,
        _ compiled: CompiledRead,
        _ page: PageRequest,
        _ sink: inout Sink
    ) throws -> ReadOutcome {
        guard case .first(let pageMax) = page else { return ReadOutcome(total: 0) }
        let rowsMax = Self.rowsMax(pageMax, read.query)
        guard rowsMax > 0 else { return ReadOutcome(total: 0) }
        let inputs = StatementInputs(rowsMax: rowsMax, now: now)
        var count = 0
        try connection.query(compiled.rows.text, compiled.rows.values(inputs, read.context)) {
            row in
            if count < pageMax { try sink.row(node: 0, parent: 0, SQLiteCursor(row)) }
            count += 1
        }
        return ReadOutcome(total: count)
    }

    private func first<Sink: RowSink>(
        _ pageMax: Int,
        _ read: AuthorizedRead,
        _ compiled: CompiledRead,
        _ sink: inout Sink
    ) throws -> ReadOutcome {
        let rowsMax = Self.rowsMax(pageMax, read.query)
        guard rowsMax > 0 else { return ReadOutcome(total: 0) }
        if rowsMax <= pageMax, let ids = try walked(rowsMax, read, compiled) {
            return try given(ids, read, compiled, &sink)
        }
        let inputs = StatementInputs(rowsMax: rowsMax, now: now)
        var parents: [Int64] = []
        var count = 0
        try connection.query(compiled.rows.text, compiled.rows.values(inputs, read.context)) {
            row in
            if count < pageMax {
                try sink.row(node: 0, parent: 0, SQLiteCursor(row))
                if !compiled.children.isEmpty { parents.append(row.int64(0)) }
            }
            count += 1
        }
        var node = 0
        try children(of: parents, read, compiled, &node, &sink)
        guard count > pageMax else { return ReadOutcome(total: count) }
        let all = compiled.allIDs(of: read)
        let ids = try connection.all(all.text, all.values(inputs, read.context)) {
            RecordID(number: $0.int64(0))
        }
        return ReadOutcome(total: ids.count, ids: ids)
    }

    /// The first rows' ids, found by walking; `nil` where that is not tried, or finds too few.
    private func walked(
        _ rowsMax: Int,
        _ read: AuthorizedRead,
        _ compiled: CompiledRead
    ) throws -> [RecordID]? {
        guard let walk = compiled.walk(at: now) else { return nil }
        let inputs = StatementInputs(rowsMax: rowsMax, now: now)
        let ids = try connection.all(walk.text, walk.values(inputs, read.context)) {
            RecordID(number: $0.int64(0))
        }
        if ids.count == rowsMax { return ids }
        compiled.noteVainWalk(at: now)
        return nil
    }

    private func given<Sink: RowSink>(
        _ ids: [RecordID],
        _ read: AuthorizedRead,
        _ compiled: CompiledRead,
        _ sink: inout Sink
    ) throws -> ReadOutcome {
        guard !ids.isEmpty else { return ReadOutcome(total: 0) }
        let statement = compiled.given(of: read, isOne: ids.count == 1)
        let inputs = StatementInputs(ids: ids.map(\.number), now: now)
        var parents: [Int64] = []
        var count = 0
        try connection.query(statement.text, statement.values(inputs, read.context)) { row in
            try sink.row(node: 0, parent: 0, SQLiteCursor(row))
            if !compiled.children.isEmpty { parents.append(row.int64(0)) }
            count += 1
        }
        var node = 0
        try children(of: parents, read, compiled, &node, &sink)
        return ReadOutcome(total: count)
    }

    /// One more than the page holds, to learn whether there are more.
    private static func rowsMax(_ pageMax: Int, _ query: ResolvedQuery) -> Int {
        let (next, overflow) = pageMax.addingReportingOverflow(1)
        return max(0, min(overflow ? pageMax : next, query.limit ?? .max))
    }

    /// The children of all these parents, child query by child query, each before its own children.
    private func children<Sink: RowSink>(
        of parents: [Int64],
        _ read: AuthorizedRead,
        _ compiled: CompiledRead,
        _ node: inout Int,
        _ sink: inout Sink
    ) throws {
        for (plan, child) in zip(read.children, compiled.children) {
            node += 1
            let number = node
            let parentColumn = plan.query.columns.count
            var ids: [Int64] = []
            if !parents.isEmpty {
                let inputs = StatementInputs(ids: parents, now: now)
                let values = child.rows.values(inputs, plan.context)
                try connection.query(child.rows.text, values) { row in
                    try sink.row(
                        node: number,
                        parent: row.int64(parentColumn),
                        SQLiteCursor(row)
                    )
                    if !child.children.isEmpty { ids.append(row.int64(0)) }
                }
            }
            // Without parents too: the nodes below have their numbers.
            try children(of: ids, plan, child, &node, &sink)
        }
    }
}

// MARK: - Records

extension SQLiteReadTransaction {
    /// Files read as the number of their bytes; `blob` gives these.
    func load(_ object: ObjectDefinition, _ ids: [RecordID]) throws -> [StoredRecord] {
        guard let only = ids.first else { return [] }
        let statements = database.statements(object)
        let isOne = ids.count == 1
        let text = isOne ? statements.loadingOne : statements.loading
        let value: SQLValue = isOne ? .integer(only.number) : .integers(ids.map(\.number))
        return try translating {
            try connection.all(text, [value]) { row in
                let cursor = SQLiteCursor(row)
                var values = [FieldValue](repeating: .null, count: object.fields.count)
                var id = only
                for (column, field) in statements.stored.enumerated() {
                    values[field.index] = field.value(in: cursor, column: column)
                    if case .id = field.type { id = RecordID(number: cursor.integer(column)) }
                }
                return StoredRecord(id: id, values: values)
            }
        }
    }

    func visible(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        under predicate: RowPredicate
    ) throws -> Set<RecordID> {
        guard !ids.isEmpty else { return [] }
        if ids.count == 1, predicate == .everything {
            let text = database.statements(object).presence
            let found = try translating {
                try connection.one(text, [.integer(ids[0].number)]) { _ in true }
            }
            return found == true ? Set(ids) : []
        }
        let statement = database.compiler.visible(ids, of: object, under: predicate)
        var visible: Set<RecordID> = []
        try translating {
            try connection.query(statement.text, statement.values) { row in
                visible.insert(RecordID(number: row.int64(0)))
            }
        }
        return visible
    }

    /// With each id comes the value that was asked for.
    func find(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        _ values: [FieldValue]
    ) throws -> [(value: FieldValue, id: RecordID)] {
        guard field.columnType != nil else { return [] }
        let text = database.statements(object).finding(by: field)
        var found: [(value: FieldValue, id: RecordID)] = []
        try translating {
            for value in values where !value.isNull {
                try connection.query(text, [try field.stored(value)]) { row in
                    found.append((value, RecordID(number: row.int64(0))))
                }
            }
        }
        return found
    }

    func children(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        of parents: [RecordID],
        limit: Int
    ) throws -> [(id: RecordID, parent: RecordID)] {
        guard !parents.isEmpty, limit > 0, field.columnType == .recordID else { return [] }
        let text = database.statements(object).children(by: field)
        let values: [SQLValue] = [.integers(parents.map(\.number)), .integer(Int64(limit))]
        return try translating {
            try connection.all(text, values) { row in
                (id: RecordID(number: row.int64(0)), parent: RecordID(number: row.int64(1)))
            }
        }
    }

    func matches(_ keys: [Int64], limit: Int) throws -> [(key: Int64, id: RecordID)] {
        let text = #"SELECT "Id" FROM "_MatchKey" WHERE "Key" = ?1 ORDER BY "Id" DESC LIMIT ?2"#
        var found: [(key: Int64, id: RecordID)] = []
        try translating {
            for key in keys {
                try connection.query(text, [.integer(key), .integer(Int64(limit))]) { row in
                    found.append((key, RecordID(number: row.int64(0))))
                }
            }
        }
        return found
    }

    func blob(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        _ id: RecordID
    ) throws -> [UInt8]? {
        try translating {
            try connection.one(
                "SELECT \"Bytes\" FROM \"_Blob\" WHERE \"Id\" = ?1 AND \"Field\" = ?2",
                [.integer(id.number), .text(field.name.text)]
            ) { Array($0.blobBytes(0)) }
        }
    }

    /// From the start, which counts, until the end, which does not.
    func changed(
        _ object: ObjectDefinition,
        from start: Instant,
        to end: Instant,
        isDeleted: Bool
    ) throws -> [(id: RecordID, at: Instant)] {
        let text = database.statements(object).changed(isDeleted: isDeleted)
        let values: [SQLValue] = [.integer(start.milliseconds), .integer(end.milliseconds)]
        return try translating {
            try connection.all(text, values) { row in
                (id: RecordID(number: row.int64(0)), at: Instant(milliseconds: row.int64(1)))
            }
        }
    }

    func document(kind: String, key: String) throws -> String? {
        try translating {
            try connection.one(
                "SELECT \"Text\" FROM \"_Document\" WHERE \"Kind\" = ?1 AND \"Key\" = ?2",
                [.text(kind), .text(key)]
            ) { $0.string(0) }
        }
    }

    func documents(kind: String) throws -> [(key: String, text: String)] {
        try translating {
            try connection.all(
                "SELECT \"Key\", \"Text\" FROM \"_Document\" WHERE \"Kind\" = ?1 ORDER BY \"Key\"",
                [.text(kind)]
            ) { (key: $0.string(0), text: $0.string(1)) }
        }
    }
}
