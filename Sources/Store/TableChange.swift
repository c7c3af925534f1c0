package import Metadata

/// One step from the tables of one schema to those of another.
package struct TableChange: Sendable {
    package enum Kind: Sendable {
        case createTable(ObjectDefinition)
        case dropTable(ObjectDefinition)
        case addColumn(FieldDefinition, of: ObjectDefinition)
        case dropColumn(FieldDefinition, of: ObjectDefinition)
        case changeColumn(from: FieldDefinition, to: FieldDefinition, of: ObjectDefinition)
        case createIndex(TableIndex)
        case dropIndex(TableIndex)
        /// With the words of the records that are there.
        case createSearch(ObjectDefinition)
        case dropSearch(ObjectDefinition)
    }

    /// What is done, and to what.
    package let kind: Kind

    package init(_ kind: Kind) {
        self.kind = kind
    }
}

extension TableChange {
    /// The steps, in the order in which they must be made.
    ///
    /// Objects and fields are known by their names: what is called something else is another one.
    ///
    /// From `nil`, all tables are new.
    package static func plan(from old: OrgSchema?, to new: OrgSchema) -> [TableChange] {
        var changes: [TableChange] = []
        // What is published and not stored has no table.
        for object in old?.objects ?? [] where object.isStored && new.object(object.name) == nil {
            changes.append(TableChange(.dropTable(object)))
        }
        for object in new.objects where object.isStored {
            if let before = old?.object(object.name) {
                changes += plan(from: before, to: object)
            } else {
                changes.append(TableChange(.createTable(object)))
            }
        }
        return changes
    }

    private static func plan(from old: ObjectDefinition, to new: ObjectDefinition) -> [TableChange]
    {
        let added = new.storedFields.filter { old.storedField($0.name) == nil }
        let dropped = old.storedFields.filter { new.storedField($0.name) == nil }
        let changed = new.storedFields.compactMap { field in
            old.storedField(field.name).flatMap { before in
                FieldChange(from: before, to: field).isNeeded ? (before, field) : nil
            }
        }
        // A column is rewritten without the indexes and the words that were made of it.
        let rewritten = Set((dropped + changed.map(\.0)).map(\.name))
        let oldIndexes = TableIndex.indexes(of: old)
        let newIndexes = TableIndex.indexes(of: new)
        let staying = oldIndexes.filter { newIndexes.contains($0) && !rewritten.contains($0.field) }
        let oldWords = Tables(old, .sqlite).searchedFields.map(\.name)
        let newWords = Tables(new, .sqlite).searchedFields.map(\.name)
        let isSearchKept = oldWords == newWords && !oldWords.contains(where: rewritten.contains)

        var kinds: [Kind] = []
        if !isSearchKept, !oldWords.isEmpty { kinds.append(.dropSearch(old)) }
        kinds += oldIndexes.filter { !staying.contains($0) }.map { .dropIndex($0) }
        kinds += dropped.map { .dropColumn($0, of: old) }
        kinds += changed.map { .changeColumn(from: $0.0, to: $0.1, of: new) }
        kinds += added.map { .addColumn($0, of: new) }
        kinds += newIndexes.filter { !staying.contains($0) }.map { .createIndex($0) }
        if !isSearchKept, !newWords.isEmpty { kinds.append(.createSearch(new)) }
        return kinds.map { TableChange($0) }
    }
}

extension ObjectDefinition {
    fileprivate var storedFields: [FieldDefinition] { fields.filter { $0.columnType != nil } }

    fileprivate func storedField(_ name: APIName) -> FieldDefinition? {
        field(name).flatMap { $0.columnType == nil ? nil : $0 }
    }
}

// MARK: - In words

extension TableChange {
    /// Whether values that are stored now may be gone afterwards.
    package var losesData: Bool {
        switch kind {
        case .dropTable, .dropColumn: true
        case .changeColumn(let from, let to, _): FieldChange(from: from, to: to).losesData
        case .createTable, .addColumn, .createIndex, .dropIndex, .createSearch, .dropSearch: false
        }
    }

    /// What is done, for whoever decides about it.
    package var sentence: String {
        switch kind {
        case .createTable(let object): "create the table \(object.name)"
        case .dropTable(let object): "remove the table \(object.name) with all its records"
        case .addColumn(let field, let object): "add the column \(object.name).\(field.name)"
        case .dropColumn(let field, let object):
            "remove the column \(object.name).\(field.name) with all its values"
        case .changeColumn(let from, let to, let object):
            "change \(object.name).\(to.name) \(FieldChange(from: from, to: to).phrase)"
        case .createIndex(let index):
            "add \(index.isUnique ? "a unique index" : "an index") on \(index.name)"
        case .dropIndex(let index): "remove the index on \(index.name)"
        case .createSearch(let object): "add the words of \(object.name) to search"
        case .dropSearch(let object): "remove the words of \(object.name) from search"
        }
    }
}

// MARK: - In SQL

extension TableChange {
    /// The statements, to be run in one transaction.
    package func statements(_ dialect: Dialect) -> [String] {
        switch kind {
        case .createTable(let object): return Tables(object, dialect).creation
        case .dropTable(let object):
            let range = object.keyPrefix.range
            let search = dialect == .sqlite ? Tables(object, dialect).searchRemoval : []
            return search + [
                "DROP TABLE \(dialect.quoted(object.name))",
                """
                DELETE FROM "_Blob" \
                WHERE "Id" BETWEEN \(range.lowerBound) AND \(range.upperBound)
                """,
            ]
        case .addColumn(let field, let object):
            guard let column = Tables(object, dialect).column(field) else { return [] }
            return ["ALTER TABLE \(dialect.quoted(object.name)) ADD COLUMN \(column)"]
                + Self.filling(field, object, dialect)
        case .dropColumn(let field, let object):
            let range = object.keyPrefix.range
            let files = """
                DELETE FROM "_Blob" WHERE "Field" = '\(field.name)' \
                AND "Id" BETWEEN \(range.lowerBound) AND \(range.upperBound)
                """
            return [
                """
                ALTER TABLE \(dialect.quoted(object.name)) DROP COLUMN \(dialect.quoted(field.name))
                """
            ] + (field.isFile ? [files] : [])
        case .changeColumn(let from, let to, let object):
            return FieldChange(from: from, to: to).statements(object, dialect)
        case .createIndex(let index): return [index.creation(dialect)]
        case .dropIndex(let index): return [index.removal(dialect)]
        case .createSearch(let object):
            let tables = Tables(object, dialect)
            return tables.searchCreation + tables.searchFilling
        case .dropSearch(let object): return Tables(object, dialect).searchRemoval
        }
    }

    /// A new checkbox that is ticked by default is ticked in the records that are there.
    private static func filling(
        _ field: FieldDefinition,
        _ object: ObjectDefinition,
        _ dialect: Dialect
    ) -> [String] {
        guard field.columnType == .boolean, field.defaultValue == .boolean(true) else { return [] }
        return [
            """
            UPDATE \(dialect.quoted(object.name)) \
            SET \(dialect.quoted(field.name)) = \(dialect.boolean(true))
            """
        ]
    }
}
