package import Kernel
package import Metadata

/// The statements about single records of one object, which the kernel's writes need.
///
/// Made once for an object and kept; what differs between calls is bound.
package final class RecordStatements: Sendable {
    package let object: ObjectDefinition
    /// The fields with a column, in the order in which they are read and inserted.
    package let stored: [FieldDefinition]
    /// The files among them.
    package let files: [FieldDefinition]
    /// Indexes of the fields whose words full-text search keeps.
    package let searched: Set<Int>
    /// All stored fields of a new record.
    package let insertion: String
    /// A record by its id, for good.
    package let removal: String
    /// All stored fields of the records whose ids are given, in their order.
    package let loading: String
    /// The same of one record.
    package let loadingOne: String
    /// Whether a record is there and not deleted: its id.
    package let presence: String
    /// Takes a record's words, as they are stored now, out of the search table; `nil` without one.
    package let unlisting: String?
    /// Puts a record's words into the search table.
    package let listing: String?
    private let dialect: Dialect
    private let table: String

    package init(_ object: ObjectDefinition, _ dialect: Dialect) {
        self.object = object
        self.dialect = dialect
        let tables = Tables(object, dialect)
        let fields = object.fields.filter { $0.columnType != nil }
        stored = fields
        files = fields.filter(\.isFile)
        searched = dialect == .sqlite ? Set(tables.searchedFields.map(\.index)) : []
        let table = dialect.quoted(object.name)
        self.table = table
        let names = fields.map { dialect.quoted($0.name) }.joined(separator: ", ")
        let places = fields.indices.map { dialect.parameter($0 + 1) }.joined(separator: ", ")
        let first = dialect.parameter(1)
        insertion = "INSERT INTO \(table) (\(names)) VALUES (\(places))"
        removal = "DELETE FROM \(table) WHERE \"Id\" = \(first)"
        let columns = fields.map { "t0.\(dialect.quoted($0.name))" }.joined(separator: ", ")
        loadingOne = "SELECT \(columns) FROM \(table) t0 WHERE t0.\"Id\" = \(first)"
        presence = """
            SELECT "Id" FROM \(table) WHERE "Id" = \(first) AND "IsDeleted" = \(dialect.boolean(false))
            """
        switch dialect {
        case .sqlite:
            loading = """
                SELECT \(columns) FROM json_each(?1) given \
                CROSS JOIN \(table) t0 ON t0."Id" = given.value ORDER BY given.key
                """
        case .postgres:
            loading = """
                SELECT \(columns) FROM unnest($1::bigint[]) WITH ORDINALITY AS given(value, key) \
                JOIN \(table) t0 ON t0."Id" = given.value ORDER BY given.key
                """
        }
        guard !searched.isEmpty else {
            unlisting = nil
            listing = nil
            return
        }
        // The words are taken from the table itself: what is removed is always what was added.
        let search = tables.searchTable
        let words = tables.searchedFields.map(tables.searchColumn).joined(separator: ", ")
        let texts = tables.searchedFields.map { dialect.quoted($0.name) }.joined(separator: ", ")
        let record = "FROM \(table) WHERE \"Id\" = ?1 AND \"IsDeleted\" = 0"
        unlisting = """
            INSERT INTO \(search) (\(search), rowid, \(words)) \
            SELECT 'delete', "Id", \(texts) \(record)
            """
        listing = "INSERT INTO \(search) (rowid, \(words)) SELECT \"Id\", \(texts) \(record)"
    }

    /// Changes some fields of a record; the id is bound last.
    package func change(_ fields: [FieldDefinition]) -> String {
        let assignments = fields.enumerated().map { position, field in
            "\(dialect.quoted(field.name)) = \(dialect.parameter(position + 1))"
        }
        return """
            UPDATE \(table) SET \(assignments.joined(separator: ", ")) \
            WHERE "Id" = \(dialect.parameter(fields.count + 1))
            """
    }

    /// The records, not deleted, whose field has a value.
    package func finding(by field: FieldDefinition) -> String {
        """
        SELECT "Id" FROM \(table) WHERE \(equal(field)) \
        AND "IsDeleted" = \(dialect.boolean(false)) ORDER BY "Id"
        """
    }

    private func equal(_ field: FieldDefinition) -> String {
        let column = dialect.quoted(field.name)
        let place = dialect.parameter(1)
        guard dialect == .postgres, field.columnType == .text(isCaseSensitive: false) else {
            return "\(column) = \(place)"
        }
        return "upper(\(column)) = upper(\(place))"
    }

    /// Ids and parents of the records, not deleted, whose lookup points to a given parent.
    package func children(by lookup: FieldDefinition) -> String {
        let column = dialect.quoted(lookup.name)
        let parents =
            switch dialect {
            case .sqlite: "IN (SELECT value FROM json_each(?1))"
            case .postgres: "= ANY($1::bigint[])"
            }
        return """
            SELECT "Id", \(column) FROM \(table) WHERE \(column) \(parents) \
            AND "IsDeleted" = \(dialect.boolean(false)) \
            ORDER BY \(column), "Id" LIMIT \(dialect.parameter(2))
            """
    }

    /// Ids and moments of the records changed or deleted from one moment until another.
    package func changed(isDeleted: Bool) -> String {
        let places = [1, 2].map { number in
            let place = dialect.parameter(number)
            return dialect == .sqlite
                ? place : "TIMESTAMPTZ 'epoch' + \(place)::bigint * INTERVAL '1 millisecond'"
        }
        return """
            SELECT "Id", "SystemModstamp" FROM \(table) \
            WHERE "SystemModstamp" >= \(places[0]) AND "SystemModstamp" < \(places[1]) \
            AND "IsDeleted" = \(dialect.boolean(isDeleted)) ORDER BY "SystemModstamp", "Id"
            """
    }
}

extension SQLCompiler {
    /// Which of some records are not deleted and among those that the predicate allows.
    package func visible(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        under predicate: RowPredicate
    ) -> SQLStatement {
        var compiler = self
        compiler.asksEachRow = true
        let alias = compiler.newAlias()
        var conditions = [compiler.isOneOf("\(alias).\"Id\"", ids), compiler.isLive(alias)]
        if let visible = compiler.predicate(predicate, alias) { conditions.append(visible) }
        let text = """
            SELECT \(alias)."Id" FROM \(dialect.quoted(object.name)) \(alias) \
            WHERE \(conditions.joined(separator: " AND "))
            """
        return SQLStatement(text, compiler.parameters)
    }
}
