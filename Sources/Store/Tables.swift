package import Metadata

/// The tables, indexes and search tables that hold an object's records.
///
/// An object is a table and a stored field a column, by their API names.
package struct Tables: Sendable {
    package let object: ObjectDefinition
    package let dialect: Dialect

    package init(_ object: ObjectDefinition, _ dialect: Dialect) {
        self.object = object
        self.dialect = dialect
    }

    /// All that is needed before the first record, in order.
    package var creation: [String] {
        [table] + TableIndex.indexes(of: object).map { $0.creation(dialect) } + searchCreation
    }

    /// `CREATE TABLE …`.
    package var table: String {
        let columns = object.fields.compactMap(column).joined(separator: ",\n    ")
        let ending =
            switch dialect {
            // Strict: a column then holds what its type says, or null.
            case .sqlite: ") STRICT"
            case .postgres: ")"
            }
        return "CREATE TABLE \(dialect.quoted(object.name)) (\n    \(columns)\n\(ending)"
    }

    /// A column as the table's definition, or its later addition, writes it.
    func column(_ field: FieldDefinition) -> String? {
        guard let type = field.columnType else { return nil }
        let name = dialect.quoted(field.name)
        if case .id = field.type { return "\(name) \(type.declaration(dialect)) PRIMARY KEY" }
        return "\(name) \(type.declaration(dialect))"
    }
}

// MARK: - Search

extension Tables {
    /// The fields whose words are kept for full-text search; none where the object is not searched.
    package var searchedFields: [FieldDefinition] {
        object.traits.isSearchable ? object.fields.filter(\.isIndexedForSearch) : []
    }

    var searchTable: String { dialect.quoted("\(object.name.text)_Search") }

    /// A field's name in the search table, where two names are taken.
    func searchColumn(_ field: FieldDefinition) -> String {
        let isTaken = field.name == "rank" || field.name == "rowid"
        return dialect.quoted(isTaken ? "\(field.name.text)_" : field.name.text)
    }

    /// Makes what full-text search needs; empty where the object is not searched.
    package var searchCreation: [String] {
        guard !searchedFields.isEmpty else { return [] }
        switch dialect {
        case .sqlite:
            let columns = searchedFields.map(searchColumn).joined(separator: ", ")
            return [
                """
                CREATE VIRTUAL TABLE \(searchTable) USING fts5(
                    \(columns),
                    content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
                )
                """,
                // Every commit adds a segment. Merged early, as SQLite does by itself, they cost a
                // save twice as much; a search hardly minds some more of them.
                "INSERT INTO \(searchTable) (\(searchTable), rank) VALUES ('automerge', 16)",
            ]
        case .postgres:
            let words = searchDocument(searchedFields, of: nil)
            return [
                """
                CREATE INDEX \(searchTable) ON \(dialect.quoted(object.name))
                    USING GIN (\(words)) WHERE "IsDeleted" = FALSE
                """
            ]
        }
    }

    /// The words of some fields in PostgreSQL, as the index has them.
    func searchDocument(_ fields: [FieldDefinition], of alias: String?) -> String {
        let texts = fields.map { field in
            let column = dialect.quoted(field.name)
            return "coalesce(\(alias.map { "\($0).\(column)" } ?? column), '')"
        }
        return "to_tsvector('simple', \(texts.joined(separator: " || ' ' || ")))"
    }

    /// Puts the words of all records into a new search table.
    package var searchFilling: [String] {
        guard !searchedFields.isEmpty, dialect == .sqlite else { return [] }
        let columns = searchedFields.map(searchColumn).joined(separator: ", ")
        let fields = searchedFields.map { dialect.quoted($0.name) }.joined(separator: ", ")
        return [
            """
            INSERT INTO \(searchTable) (rowid, \(columns))
            SELECT "Id", \(fields) FROM \(dialect.quoted(object.name)) WHERE "IsDeleted" = 0
            """
        ]
    }

    /// Removes what full-text search needed.
    package var searchRemoval: [String] {
        guard !searchedFields.isEmpty else { return [] }
        switch dialect {
        case .sqlite: return ["DROP TABLE \(searchTable)"]
        case .postgres: return ["DROP INDEX \(searchTable)"]
        }
    }
}

// MARK: - The store's own tables

extension Tables {
    /// The tables that every org has beside those of its objects.
    package static func ownTables(_ dialect: Dialect) -> [String] {
        recordTables(dialect) + matchKeys(dialect) + WorkTables(dialect).creation
    }

    private static func recordTables(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .sqlite:
            [
                """
                CREATE TABLE "_Sequence" (
                    "Name" TEXT PRIMARY KEY, "Next" INTEGER NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE "_Document" (
                    "Kind" TEXT NOT NULL, "Key" TEXT NOT NULL, "Text" TEXT NOT NULL,
                    PRIMARY KEY ("Kind", "Key")
                ) STRICT
                """,
                """
                CREATE TABLE "_Blob" (
                    "Id" INTEGER NOT NULL, "Field" TEXT NOT NULL, "Bytes" BLOB NOT NULL,
                    PRIMARY KEY ("Id", "Field")
                ) STRICT
                """,
            ]
        case .postgres:
            [
                #"CREATE TABLE "_Sequence" ("Name" TEXT PRIMARY KEY, "Next" BIGINT NOT NULL)"#,
                """
                CREATE TABLE "_Document" (
                    "Kind" TEXT NOT NULL, "Key" TEXT NOT NULL, "Text" TEXT NOT NULL,
                    PRIMARY KEY ("Kind", "Key")
                )
                """,
                """
                CREATE TABLE "_Blob" (
                    "Id" BIGINT NOT NULL, "Field" TEXT NOT NULL, "Bytes" BYTEA NOT NULL,
                    PRIMARY KEY ("Id", "Field")
                )
                """,
            ]
        }
    }

    /// The keys by which duplicates are looked up.
    package static func matchKeys(_ dialect: Dialect) -> [String] {
        let index = #"CREATE INDEX "_MatchKey.Id" ON "_MatchKey" ("Id")"#
        return switch dialect {
        case .sqlite:
            [
                """
                CREATE TABLE "_MatchKey" (
                    "Key" INTEGER NOT NULL, "Id" INTEGER NOT NULL, PRIMARY KEY ("Key", "Id")
                ) STRICT, WITHOUT ROWID
                """, index,
            ]
        case .postgres:
            [
                """
                CREATE TABLE "_MatchKey" (
                    "Key" BIGINT NOT NULL, "Id" BIGINT NOT NULL, PRIMARY KEY ("Key", "Id")
                )
                """, index,
            ]
        }
    }
}
