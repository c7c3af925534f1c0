import Language
import Metadata

/// Answers queries about `UserRecordAccess`, whose rows are worked out.
///
/// As published, a query names one user (`UserId = …`) and its records (`RecordId = …` or
/// `RecordId IN (…)`, at most 200), joined by AND, and nothing else.
struct UserRecordAccess {
    let reader: RecordReader
    let plan: AuthorizedRead

    static func isAsked(_ query: ResolvedQuery) -> Bool { query.object.traits.isComputed }

    /// Refuses what would need the rows of a table that is not there.
    static func refuseElsewhere(_ query: ResolvedQuery, isInside: Bool = false) throws {
        let isJoined = query.tables.dropFirst().contains { $0.object.traits.isComputed }
        guard !isJoined, !isInside || !isAsked(query) else {
            throw RecordError(
                .malformedQuery,
                "\(query.object.name) can only be queried by itself"
            )
        }
        for child in query.children { try refuseElsewhere(child.query, isInside: true) }
        try refuse(in: query.filter)
    }

    private static func refuse(in condition: ResolvedCondition?) throws {
        switch condition {
        case .and(let parts), .or(let parts): for part in parts { try refuse(in: part) }
        case .not(let part): try refuse(in: part)
        case .semiJoin(_, let query, _): try refuseElsewhere(query, isInside: true)
        case .compare, .like, .isIn, .includes, .dateLiteral, .constant, nil: return
        }
    }

    /// Hands the rows to a sink, in the order in which the records were named.
    func run<Sink: RowSink>(_ page: PageRequest, into sink: inout Sink) throws -> ReadOutcome {
        guard case .records = plan.query.kind, case .first = page, plan.query.orderBy.isEmpty,
            plan.query.children.isEmpty
        else { throw refusal("has no order, groups or counts") }
        let (user, records) = try asked()
        try reader.mayAskAbout(user)
        let access = try reader.access(of: user)
        let rows = try values(of: records, user, access)
        let limited = rows.dropFirst(plan.query.offset ?? 0).prefix(plan.query.limit ?? .max)
        for row in limited {
            try sink.row(
                node: 0,
                parent: 0,
                ValueCursor(plan.query.columns.map { value($0, row) })
            )
        }
        return ReadOutcome(total: limited.count)
    }

    private func refusal(_ what: String) -> RecordError {
        RecordError(.malformedQuery, "\(plan.query.object.name) \(what)")
    }

    private func value(
        _ expression: ResolvedExpression,
        _ row: [APIName: FieldValue]
    ) -> FieldValue {
        guard case .column(let column) = expression, column.table == 0 else { return .null }
        return row[column.field.name] ?? .null
    }

    // MARK: What is asked

    private func asked() throws -> (RecordID, [RecordID]) {
        var users: [RecordID] = []
        var records: [RecordID]?
        let parts: [ResolvedCondition] =
            switch plan.query.filter {
            case .and(let parts): parts
            case let one?: [one]
            case nil: []
            }
        for part in parts {
            switch part {
            case .compare(.column(let column), .equal, let value)
            where column.field.name == "UserId":
                if case .id(let id) = value { users.append(id) }
            case .compare(.column(let column), .equal, let value)
            where column.field.name == "RecordId":
                records = try ids([value])
            case .isIn(.column(let column), let values, false, false)
            where column.field.name == "RecordId":
                records = try ids(values)
            default: throw refusal("takes UserId = … AND RecordId = … or IN (…), and nothing else")
            }
        }
        guard let user = users.first, users.count == 1 else {
            throw refusal("needs UserId = … in its filter")
        }
        guard let records else { throw refusal("needs RecordId = … or IN (…) in its filter") }
        guard records.count <= Limits.saveBatchMax else {
            throw refusal("tells of at most \(Limits.saveBatchMax) records at once")
        }
        return (user, records)
    }

    private func ids(_ values: [ResolvedValue]) throws -> [RecordID] {
        var seen: Set<RecordID> = []
        return try values.compactMap { value in
            guard case .text(let text) = value, let id = try? RecordID(text) else {
                throw refusal("needs record ids")
            }
            return seen.insert(id).inserted ? id : nil
        }
    }

    // MARK: What is answered

    private func values(
        of records: [RecordID],
        _ user: RecordID,
        _ access: CallerAccess
    ) throws -> [[APIName: FieldValue]] {
        let authorizer = reader.authorizer(for: access)
        var levels: [RecordID: (read: Bool, edit: Bool, all: Bool, delete: Bool)] = [:]
        for (prefix, ids) in Dictionary(grouping: records, by: \.prefix) {
            guard let object = reader.schema.object(withPrefix: prefix), access.mayRead(object),
                !object.traits.isComputed
            else { continue }
            func seen(_ operation: Authorizer.Operation) throws -> Set<RecordID> {
                try reader.tx.visible(
                    ids,
                    of: object,
                    under: authorizer.rows(of: object, for: operation)
                )
            }
            let (read, edit, all) = (try seen(.read), try seen(.edit), try seen(.delete))
            for id in ids where read.contains(id) {
                let mayEdit = edit.contains(id) && access.mayEdit(object)
                let mayDelete = all.contains(id) && access.mayDelete(object)
                let hasAll = all.contains(id) && mayEdit
                levels[id] = (true, mayEdit, hasAll, mayDelete)
            }
        }
        return records.map { id in
            let level = levels[id] ?? (false, false, false, false)
            let hasAll = level.all && level.delete
            let most =
                hasAll
                ? "All"
                : level.all
                    ? "Transfer"
                    : level.delete ? "Delete" : level.edit ? "Edit" : level.read ? "Read" : "None"
            return [
                "UserId": .id(user), "RecordId": .text(id.description),
                "HasReadAccess": .boolean(level.read), "HasEditAccess": .boolean(level.edit),
                "HasDeleteAccess": .boolean(level.delete),
                "HasTransferAccess": .boolean(level.all), "HasAllAccess": .boolean(hasAll),
                "MaxAccessLevel": .text(most),
            ]
        }
    }
}

/// Values that were worked out, as a store would hand them.
struct ValueCursor: RowCursor {
    private let values: [FieldValue]
    private let texts: FixedTexts

    init(_ values: [FieldValue]) {
        self.values = values
        texts = FixedTexts(values.map { $0.text.map { Array($0.utf8) } })
    }

    func isNull(_ column: Int) -> Bool { values[column].isNull }

    func integer(_ column: Int) -> Int64 {
        switch values[column] {
        case .id(let id): id.number
        case .boolean(let value): value ? 1 : 0
        case .date(let days): Int64(days)
        case .dateTime(let moment): moment.milliseconds
        case .time(let milliseconds): Int64(milliseconds)
        case .number(let number): number.unscaled
        case .null, .text, .coordinate, .blob: 0
        }
    }

    func real(_ column: Int) -> Double {
        if case .coordinate(let value) = values[column] { value } else { 0 }
    }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> { texts[column] }
}

/// Texts at fixed addresses, for as long as a row is looked at.
private final class FixedTexts {
    private let buffers: [UnsafeMutableBufferPointer<UInt8>]

    init(_ texts: [[UInt8]?]) {
        buffers = texts.map { bytes in
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes?.count ?? 0)
            _ = buffer.initialize(from: bytes ?? [])
            return buffer
        }
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
    }

    subscript(column: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(buffers[column]) }
}
