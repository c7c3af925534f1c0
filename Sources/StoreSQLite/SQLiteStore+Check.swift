package import Metadata
import Store

/// Whether an org's file holds what it should: for `steward doctor`.
extension SQLiteStore {
    /// What is wrong with an org's file, one sentence each; empty when nothing is.
    ///
    /// The whole file is read. Saving and reading go on meanwhile.
    package func check(_ org: OrgID, _ schema: OrgSchema) async throws -> [String] {
        try await translating(org) {
            try await self.files.withDatabase(org) { database in
                try await self.readQueue.run {
                    try database.readers.read { connection in
                        try OrgCheck(connection, org, schema).problems()
                    }
                }
            }
        }
    }
}

/// The checks of one org's file, within one state of it.
private struct OrgCheck {
    private let connection: SQLiteConnection
    private let org: OrgID
    private let schema: OrgSchema

    init(_ connection: SQLiteConnection, _ org: OrgID, _ schema: OrgSchema) {
        self.connection = connection
        self.org = org
        self.schema = schema
    }

    func problems() throws -> [String] {
        var problems = try connection.integrityProblems(thorough: true)
        problems += try OrgFormat.problems(connection)
        for object in schema.objects where !object.isEvent && !object.traits.isComputed {
            let missing = try missingColumns(object)
            problems += missing
            // Without its columns an object's records cannot be looked at.
            guard missing.isEmpty else { continue }
            for field in object.fields { problems += try danglingLookups(field, of: object) }
            problems += try searchDisagreement(object)
            problems += try sequenceBehind(object)
        }
        return problems
    }

    private func missingColumns(_ object: ObjectDefinition) throws -> [String] {
        let columns = Set(
            try connection.all(
                "SELECT name FROM pragma_table_info(?1)",
                [.text(object.name.text)]
            ) { $0.string(0) }
        )
        guard !columns.isEmpty else { return ["`\(object.name)` has no table"] }
        return object.fields
            .filter { $0.columnType != nil && !columns.contains($0.name.text) }
            .map { "`\(object.name).\($0.name)` has no column" }
    }

    /// Records that point to others which are not there, not even in the recycle bin.
    private func danglingLookups(
        _ field: FieldDefinition,
        of object: ObjectDefinition
    ) throws -> [String] {
        // The key of a share may be the version of a rule, which is no record.
        let isRuleKey = object.sharing.sharedObject != nil && field.name == ShareNames.key
        guard let reference = field.reference, !isRuleKey else { return [] }
        let column = quoted(field.name)
        let targets = reference.targets.compactMap { schema.object($0) }.map { target in
            """
            NOT EXISTS (SELECT 1 FROM \(quoted(target.name)) p WHERE p."Id" = c.\(column))
            """
        }
        let conditions = (["c.\(column) IS NOT NULL"] + targets).joined(separator: " AND ")
        let found = try connection.one(
            "SELECT COUNT(*), MIN(c.\"Id\") FROM \(quoted(object.name)) c WHERE \(conditions)"
        ) { (count: $0.int64(0), first: RecordID(number: $0.int64(1))) }
        guard let found, found.count > 0 else { return [] }
        return [
            "\(found.count) of `\(object.name)` point by `\(field.name)` to what is not there, "
                + "first \(found.first)"
        ]
    }

    private func searchDisagreement(_ object: ObjectDefinition) throws -> [String] {
        guard !Tables(object, .sqlite).searchedFields.isEmpty else { return [] }
        let words = quoted(APIName("\(object.name.text)_Search_docsize"))
        let counts = try connection.one(
            """
            SELECT (SELECT COUNT(*) FROM \(quoted(object.name)) WHERE "IsDeleted" = 0), \
            (SELECT COUNT(*) FROM \(words))
            """
        ) { (records: $0.int64(0), found: $0.int64(1)) }
        guard let counts, counts.records != counts.found else { return [] }
        return [
            "search knows \(counts.found) of `\(object.name)`, and there are \(counts.records)"
        ]
    }

    private func sequenceBehind(_ object: ObjectDefinition) throws -> [String] {
        // The org's own row has the org's id, which no sequence issued.
        let last = try connection.one(
            "SELECT MAX(\"Id\") FROM \(quoted(object.name)) WHERE \"Id\" <> ?",
            [.integer(org.record.number)]
        ) {
            $0.isNull(0) ? nil : RecordID(number: $0.int64(0))
        }
        guard let last = last ?? nil else { return [] }
        guard last.prefix == object.keyPrefix else {
            return ["`\(object.name)` has the record \(last), which is of another object"]
        }
        let next = try IDSequence.next(object.keyPrefix, connection)
        guard last.sequence >= next else { return [] }
        return ["the ids of `\(object.name)` would be issued again: \(last) is there already"]
    }

    private func quoted(_ name: APIName) -> String {
        "\"\(name.text.replacing("\"", with: "\"\""))\""
    }
}
