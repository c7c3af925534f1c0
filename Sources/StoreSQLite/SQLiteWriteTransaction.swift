import Kernel
import Metadata
import Store

/// One save, within the transaction that it shares with others.
final class SQLiteWriteTransaction: SQLiteReadTransaction, WriteTransaction {
    func newIDs(_ object: ObjectDefinition, count: Int) throws -> [RecordID] {
        guard count > 0 else { return [] }
        return try translating {
            let prefix = object.keyPrefix
            let first = try IDSequence.take(Int64(count), prefix, database, connection)
            return (0..<Int64(count)).map { RecordID(prefix: prefix, sequence: first + $0) }
        }
    }

    func nextAutoNumber(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        count: Int
    ) throws -> ClosedRange<Int64> {
        let count = Int64(max(1, count))
        return try translating {
            let first = try IDSequence.takeAutoNumbers(count, object.name, field.name, connection)
            return first...(first + count - 1)
        }
    }

    /// A record that cannot be written fails the whole write; those before it stay until a
    /// savepoint, or the save itself, undoes them.
    func write(_ write: AuthorizedWrite) throws {
        let writing = RecordWriting(database.statements(write.object), connection)
        try translating {
            switch write.change {
            case .insert(let records):
                for record in records { try writing.insert(record) }
            case .update(let updates):
                try writing.update(updates)
            case .delete(let updates):
                for update in updates { try writing.move(update, isDeleted: true) }
            case .undelete(let updates):
                for update in updates { try writing.move(update, isDeleted: false) }
            case .purge(let records):
                for record in records { try writing.purge(record) }
            }
        }
    }

    func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try translating { try connection.savepoint("save", body) }
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) {
        connection.afterCommit(body)
    }

    func putDocument(kind: String, key: String, text: String?) throws {
        try translating {
            guard let text else {
                return try connection.execute(
                    "DELETE FROM \"_Document\" WHERE \"Kind\" = ?1 AND \"Key\" = ?2",
                    [.text(kind), .text(key)]
                )
            }
            try connection.execute(
                """
                INSERT INTO "_Document" ("Kind", "Key", "Text") VALUES (?1, ?2, ?3)
                ON CONFLICT ("Kind", "Key") DO UPDATE SET "Text" = excluded."Text"
                """,
                [.text(kind), .text(key), .text(text)]
            )
        }
    }

    func putMatchKeys(_ keys: [Int64], of id: RecordID) throws {
        try translating {
            try connection.execute(
                #"DELETE FROM "_MatchKey" WHERE "Id" = ?1"#,
                [.integer(id.number)]
            )
            for key in keys {
                try connection.execute(
                    #"INSERT OR IGNORE INTO "_MatchKey" ("Key", "Id") VALUES (?1, ?2)"#,
                    [.integer(key), .integer(id.number)]
                )
            }
        }
    }

    func removeMatchKeys(of object: ObjectDefinition) throws {
        let range = object.keyPrefix.range
        try translating {
            try connection.execute(
                #"DELETE FROM "_MatchKey" WHERE "Id" BETWEEN ?1 AND ?2"#,
                [.integer(range.lowerBound), .integer(range.upperBound)]
            )
        }
    }

    func apply(_ changes: AuthorizedSchemaChange) throws {
        try translating {
            for change in TableChange.plan(from: changes.from, to: changes.to) {
                try change.apply(connection)
            }
        }
    }
}
