package import Metadata

/// An index of a table, which its field's declaration asks for.
///
/// Each costs every write, so there are few: for lookups, for what records are found by, and for
/// the moments by which lists and exports are ordered.
package struct TableIndex: Hashable, Sendable {
    package enum Purpose: Hashable, Sendable {
        /// No two records that are not deleted have the same value.
        case unique
        /// Records that are not deleted are found by a value.
        case find
        /// The children of a parent are found, most of them having one.
        case lookup
        /// The records of an owner are listed, the newest first or last.
        case owner
        /// The same of those that are open, or closed.
        case ownerOfOpen(mark: APIName)
        /// Records are listed in order.
        case order
        /// The records that a key opens are found, and at which level, without the share itself.
        case shareKey(level: APIName, record: APIName)
    }

    package let object: APIName
    package let field: APIName
    package let purpose: Purpose
    private let isCaseSensitiveText: Bool
    private let isText: Bool

    /// All indexes of an object, in the order of its fields.
    package static func indexes(of object: ObjectDefinition) -> [TableIndex] {
        object.fields.flatMap { field in
            TableIndex.purposes(field, of: object).compactMap {
                TableIndex(field, of: object, $0)
            }
        }
    }

    private init?(_ field: FieldDefinition, of object: ObjectDefinition, _ purpose: Purpose) {
        guard let type = field.columnType else { return nil }
        self.object = object.name
        self.field = field.name
        self.purpose = purpose
        isText = if case .text = type { true } else { false }
        isCaseSensitiveText = type == .text(isCaseSensitive: true)
    }

    private static func purposes(
        _ field: FieldDefinition,
        of object: ObjectDefinition
    ) -> [Purpose] {
        if let shared = object.sharing.sharedObject, field.name == ShareNames.key {
            let names = ShareNames(shared)
            return [.shareKey(level: names.level, record: names.record)]
        }
        guard field.name == object.ownerField?.name, field.reference != nil,
            object.field("CreatedDate") != nil
        else { return purpose(field).map { [$0] } ?? [] }
        // Somebody's work is what is asked for most: all of it, or what is still open.
        let marks = object.fields.filter { other in
            if case .mark(_, "closed")? = other.derivation { true } else { false }
        }
        return [.owner] + marks.prefix(1).map { .ownerOfOpen(mark: $0.name) }
    }

    private static func purpose(_ field: FieldDefinition) -> Purpose? {
        if case .id = field.type { return nil }
        if field.isUnique { return .unique }
        if field.isNameField { return .order }
        if field.isIDLookup { return .find }
        // Who wrote a record, and its type, are never asked for alone: an index would only cost.
        let neverAskedAlone: Set<APIName> = ["CreatedById", "LastModifiedById", "RecordTypeId"]
        if field.reference != nil { return neverAskedAlone.contains(field.name) ? nil : .lookup }
        return field.name == "SystemModstamp" || field.name == "CreatedDate" ? .order : nil
    }

    /// The name by which the database knows it.
    package var name: String {
        if case .ownerOfOpen(let mark) = purpose { return "\(object.text).\(field.text).\(mark)" }
        return "\(object.text).\(field.text)"
    }

    /// Whether it keeps values from standing twice.
    package var isUnique: Bool { purpose == .unique }

    /// `CREATE INDEX …`.
    package func creation(_ dialect: Dialect) -> String {
        let unique = purpose == .unique ? "UNIQUE " : ""
        return """
            CREATE \(unique)INDEX \(dialect.quoted(name)) ON \(dialect.quoted(object)) \
            (\(expression(dialect)))\(condition(dialect))
            """
    }

    /// `DROP INDEX …`.
    package func removal(_ dialect: Dialect) -> String { "DROP INDEX \(dialect.quoted(name))" }

    private func expression(_ dialect: Dialect) -> String {
        let column = dialect.quoted(field)
        switch purpose {
        case .owner: return "\(column), \(dialect.quoted("CreatedDate"))"
        case .ownerOfOpen(let mark):
            return "\(column), \(dialect.quoted(mark)), \(dialect.quoted("CreatedDate"))"
        case .shareKey(let level, let record):
            return "\(column), \(dialect.quoted(level)), \(dialect.quoted(record))"
        case .unique, .find, .lookup, .order: break
        }
        switch dialect {
        // Every index of SQLite ends with the row's id by itself.
        case .sqlite: return column
        case .postgres:
            let key = isText && !isCaseSensitiveText ? "upper(\(column))" : column
            if purpose == .unique || purpose == .find { return key }
            return isText ? "(\(key) COLLATE \"C\"), \"Id\"" : "\(key), \"Id\""
        }
    }

    private func condition(_ dialect: Dialect) -> String {
        let isThere = "\(dialect.quoted(field)) IS NOT NULL"
        return switch purpose {
        // A record in the recycle bin leaves its values free.
        case .unique, .find: " WHERE \"IsDeleted\" = \(dialect.boolean(false)) AND \(isThere)"
        case .lookup, .owner, .ownerOfOpen, .shareKey: " WHERE \(isThere)"
        case .order: ""
        }
    }
}
