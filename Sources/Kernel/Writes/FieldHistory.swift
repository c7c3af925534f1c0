import Metadata

/// What happens to records of one object, kept as rows of its history.
///
/// They are written in the transaction of the change itself, and kept for as long as the record is.
struct FieldHistory {
    private let writer: RecordWriter
    private let history: ObjectDefinition
    private let fields: [FieldDefinition]

    /// `nil` for an object whose changes nobody asked to keep.
    init?(of object: ObjectDefinition, writer: RecordWriter) {
        guard !object.tracked.isEmpty, let history = writer.schema.history(of: object.name) else {
            return nil
        }
        self.writer = writer
        self.history = history
        fields = object.tracked.compactMap { object.field($0) }
    }

    /// One value that became another.
    private struct Change {
        let record: RecordID
        let field: FieldDefinition
        let before: FieldValue
        let after: FieldValue
    }

    /// Keeps what is different; without a version before, that the record was created.
    func note(_ changes: [(before: StoredRecord?, after: StoredRecord)]) throws {
        var rows: [Row] = []
        var changed: [Change] = []
        for (before, after) in changes {
            guard let before else {
                rows.append(Row(record: after.id, field: "created", type: .text))
                continue
            }
            for field in fields where before[field] != after[field] {
                changed.append(
                    Change(
                        record: after.id,
                        field: field,
                        before: before[field],
                        after: after[field]
                    )
                )
            }
        }
        let names = try names(in: changed)
        rows += changed.flatMap { self.rows(of: $0, names) }
        try insert(rows)
    }

    /// The names of the records that changed lookups point to or pointed to.
    private func names(in changes: [Change]) throws -> [RecordID: String] {
        let ids = Set(
            changes.filter { $0.field.reference != nil }
                .flatMap { [$0.before.id, $0.after.id].compactMap { $0 } }
        )
        var names: [RecordID: String] = [:]
        for (prefix, ids) in Dictionary(grouping: ids, by: \.prefix) {
            guard let object = writer.schema.object(withPrefix: prefix),
                let name = object.nameField
            else { continue }
            for record in try writer.writeTransaction.load(object, ids.sorted()) {
                names[record.id] = record[name].text
            }
        }
        return names
    }

    /// A lookup has two rows: one with the names of the records, and one with their ids.
    private func rows(of change: Change, _ names: [RecordID: String]) -> [Row] {
        let field = change.field
        let name = field.historyName.text
        guard field.keepsHistoricValues else {
            return [Row(record: change.record, field: name, type: field.historyDataType)]
        }
        let values = Row(
            record: change.record,
            field: name,
            type: field.historyDataType,
            before: HistoricText.text(of: change.before, field),
            after: HistoricText.text(of: change.after, field)
        )
        guard field.reference != nil else { return [values] }
        let named = Row(
            record: change.record,
            field: name,
            type: .text,
            before: change.before.id.flatMap { names[$0] },
            after: change.after.id.flatMap { names[$0] }
        )
        return named.before == nil && named.after == nil ? [values] : [named, values]
    }
}

// MARK: - Rows

extension FieldHistory {
    private struct Row {
        let record: RecordID
        let field: String
        let type: HistoryDataType
        var before: String?
        var after: String?
    }

    private func insert(_ rows: [Row]) throws {
        guard !rows.isEmpty, let parent = history.sharingParent else { return }
        let tx = writer.writeTransaction
        let ids = try tx.newIDs(history, count: rows.count)
        let records = zip(ids, rows).map { id, row in
            var record = StoredRecord(
                id: id,
                values: Array(repeating: .null, count: history.fields.count)
            )
            let values: [(APIName, FieldValue)] = [
                ("Id", .id(id)), ("IsDeleted", .boolean(false)), (parent, .id(row.record)),
                ("CreatedDate", .dateTime(writer.now)), ("CreatedById", .id(writer.caller.user)),
                ("Field", .text(row.field)), ("DataType", .text(row.type.rawValue)),
                ("OldValue", row.before.map { .text($0) } ?? .null),
                ("NewValue", row.after.map { .text($0) } ?? .null),
            ]
            for (name, value) in values {
                if let field = history.field(name) { record[field] = value }
            }
            return record
        }
        try tx.write(AuthorizedWrite(object: history, change: .insert(records)))
    }
}

/// Values as a history keeps them: as the API would send them, in at most 255 characters.
enum HistoricText {
    static let lengthMax = 255

    static func text(of value: FieldValue, _ field: FieldDefinition) -> String? {
        var bytes: [UInt8] = []
        switch value {
        case .null, .blob: return nil
        case .text(let text):
            return text.unicodeScalars.count <= lengthMax
                ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(lengthMax)))
        case .boolean(let isTrue): return isTrue ? "true" : "false"
        case .number(let number):
            if number.scale == 0 { return String(number.unscaled) }
            bytes.appendDecimal(number.unscaled, scale: number.scale)
        case .date(let days): guard bytes.appendDate(daysSinceEpoch: days) else { return nil }
        case .dateTime(let moment):
            guard
                bytes.appendDatetime(
                    millisecondsSinceEpoch: moment.milliseconds,
                    zone: .offset
                )
            else { return nil }
        case .time(let milliseconds):
            guard bytes.appendTime(millisecondsOfDay: milliseconds) else { return nil }
        case .id(let id): return id.description
        case .coordinate(let degrees): guard bytes.appendDouble(degrees) else { return nil }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: - With its records

extension SaveOrder {
    /// Keeps what the save changed in the fields whose history is kept.
    func noteHistory(_ batch: inout SaveBatch) throws {
        guard let history = FieldHistory(of: object, writer: writer) else { return }
        try history.note(
            batch.sound.compactMap { entry in
                entry.next.map { (before: entry.stored, after: $0) }
            }
        )
    }
}

extension RecordWriter {
    /// A record's history goes into the recycle bin, and comes out of it, with the record.
    func moveHistory(of id: RecordID, _ object: ObjectDefinition, isDeleted: Bool) throws {
        guard let history = schema.history(of: object.name),
            let deleted = history.field("IsDeleted")
        else { return }
        let updates = try historyRows(of: id, history, areDeleted: !isDeleted).map { before in
            var after = before
            after[deleted] = .boolean(isDeleted)
            return AuthorizedWrite.Update(before: before, after: after, changed: [deleted.index])
        }
        guard !updates.isEmpty else { return }
        try writeTransaction.write(
            AuthorizedWrite(
                object: history,
                change: isDeleted ? .delete(updates) : .undelete(updates)
            )
        )
    }

    /// A record that is removed for good leaves no history.
    func purgeHistory(of id: RecordID, _ object: ObjectDefinition) throws {
        guard let history = schema.history(of: object.name) else { return }
        for areDeleted in [true, false] {
            let rows = try historyRows(of: id, history, areDeleted: areDeleted)
            guard !rows.isEmpty else { continue }
            try writeTransaction.write(AuthorizedWrite(object: history, change: .purge(rows)))
        }
    }

    private func historyRows(
        of id: RecordID,
        _ history: ObjectDefinition,
        areDeleted: Bool
    ) throws -> [StoredRecord] {
        guard let parent = history.sharingParent else { return [] }
        let soql = """
            SELECT Id FROM \(history.name) WHERE \(parent) = '\(id)' \
            AND IsDeleted = \(areDeleted) ALL ROWS
            """
        let ids = try SystemQuestions(org: caller.org, schema: schema, tx: tx).rows(soql)
            .compactMap { $0.first?.id }
        return try tx.load(history, ids)
    }
}
