import Kernel
import Metadata
import Store

/// Writes single records of one object: row, files and words.
struct RecordWriting {
    private let statements: RecordStatements
    private let connection: SQLiteConnection

    init(_ statements: RecordStatements, _ connection: SQLiteConnection) {
        self.statements = statements
        self.connection = connection
    }

    func insert(_ record: StoredRecord) throws {
        var values: [SQLValue] = []
        values.reserveCapacity(statements.stored.count)
        for field in statements.stored {
            if case .id = field.type {
                values.append(.integer(record.id.number))
            } else {
                values.append(try field.stored(record[field]))
            }
        }
        try run(statements.insertion, values, for: record)
        try putFiles(of: record, statements.files)
        try list(record.id)
    }

    /// Records of one save may exchange unique values: all give theirs up before any takes one.
    func update(_ updates: [AuthorizedWrite.Update]) throws {
        if updates.count > 1 {
            for update in updates { try giveUpUniqueValues(update) }
        }
        for update in updates { try self.update(update) }
    }

    private func giveUpUniqueValues(_ update: AuthorizedWrite.Update) throws {
        let given = fields(update.changed).filter { $0.isUnique && !update.before[$0].isNull }
        var without = update.before
        for field in given { without[field] = .null }
        let touchesWords = given.contains { statements.searched.contains($0.index) }
        try change(without, given, touchesWords: touchesWords)
    }

    private func update(_ update: AuthorizedWrite.Update) throws {
        let touchesWords = update.changed.contains { statements.searched.contains($0) }
        try change(update.after, fields(update.changed), touchesWords: touchesWords)
    }

    /// Into the recycle bin, where no search finds a record, or out of it.
    func move(_ update: AuthorizedWrite.Update, isDeleted: Bool) throws {
        var after = update.after
        var changed = fields(update.changed)
        if let mark = statements.object.field("IsDeleted") {
            after[mark] = .boolean(isDeleted)
            if !changed.contains(where: { $0.index == mark.index }) { changed.append(mark) }
        }
        try change(after, changed, touchesWords: true)
    }

    func purge(_ record: StoredRecord) throws {
        try unlist(record.id)
        try connection.execute(statements.removal, [.integer(record.id.number)])
        for field in statements.files { try removeFile(record.id, field) }
    }

    private func fields(_ indexes: [Int]) -> [FieldDefinition] {
        let all = statements.object.fields
        return indexes.compactMap { index in
            guard all.indices.contains(index), all[index].columnType != nil else { return nil }
            if case .id = all[index].type { return nil }
            return all[index]
        }
    }

    private func change(
        _ record: StoredRecord,
        _ fields: [FieldDefinition],
        touchesWords: Bool
    ) throws {
        guard !fields.isEmpty else { return }
        if touchesWords { try unlist(record.id) }
        var values: [SQLValue] = []
        for field in fields { values.append(try field.stored(record[field])) }
        values.append(.integer(record.id.number))
        try run(statements.change(fields), values, for: record)
        guard connection.changes > 0 else {
            throw RecordError(.entityIsDeleted, "entity is deleted")
        }
        try putFiles(of: record, fields.filter(\.isFile))
        if touchesWords { try list(record.id) }
    }
}

// MARK: - Words and files

extension RecordWriting {
    private func list(_ id: RecordID) throws {
        if let listing = statements.listing {
            try connection.execute(listing, [.integer(id.number)])
        }
    }

    private func unlist(_ id: RecordID) throws {
        if let unlisting = statements.unlisting {
            try connection.execute(unlisting, [.integer(id.number)])
        }
    }

    private func putFiles(of record: StoredRecord, _ fields: [FieldDefinition]) throws {
        for field in fields {
            switch record[field] {
            case .blob(let bytes):
                try connection.execute(
                    """
                    INSERT INTO "_Blob" ("Id", "Field", "Bytes") VALUES (?1, ?2, ?3)
                    ON CONFLICT ("Id", "Field") DO UPDATE SET "Bytes" = excluded."Bytes"
                    """,
                    [.integer(record.id.number), .text(field.name.text), .blob(bytes)]
                )
            // A number is a file that was loaded and not changed.
            case .number: break
            case .null, .text, .boolean, .date, .dateTime, .time, .id, .coordinate:
                try removeFile(record.id, field)
            }
        }
    }

    private func removeFile(_ id: RecordID, _ field: FieldDefinition) throws {
        try connection.execute(
            "DELETE FROM \"_Blob\" WHERE \"Id\" = ?1 AND \"Field\" = ?2",
            [.integer(id.number), .text(field.name.text)]
        )
    }
}

// MARK: - Duplicates

extension RecordWriting {
    /// Runs a statement; where a value is taken, says by which record.
    private func run(_ text: String, _ values: [SQLValue], for record: StoredRecord) throws {
        do {
            try connection.execute(text, values)
        } catch let failure as SQLiteFailure {
            guard case .constraintUnique(let columns) = failure.kind,
                let field = columns.first.flatMap({ statements.object.field(APIName($0)) }),
                let other = try holder(of: record[field], field)
            else { throw failure }
            throw RecordError(
                .duplicateValue,
                "duplicate value found: \(field.name) duplicates value on record with id: "
                    + other.short,
                fields: [field.name]
            )
        }
    }

    private func holder(of value: FieldValue, _ field: FieldDefinition) throws -> RecordID? {
        try connection.one(statements.finding(by: field), [try field.stored(value)]) {
            RecordID(number: $0.int64(0))
        }
    }
}
