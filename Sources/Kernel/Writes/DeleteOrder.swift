import Metadata
import UseMeter

/// The order in which records are deleted, brought back or purged, with what hangs on them.
extension RecordWriter {
    /// Moves records into the recycle bin, with their details; lookups to them are cleared.
    package func delete(
        _ ids: [String],
        options: SaveOptions = SaveOptions()
    ) throws -> [SaveResult] {
        try each(ids, options, .delete) { id, object in
            try self.delete(id, object, options)
        }
    }

    /// Brings records back, with what was deleted along with them.
    package func undelete(
        _ ids: [String],
        options: SaveOptions = SaveOptions()
    ) throws -> [SaveResult] {
        try each(ids, options, .create) { id, object in
            try self.undelete(id, object)
        }
    }

    /// Removes records for good, whether or not they were in the recycle bin.
    package func purge(_ ids: [String], options: SaveOptions = SaveOptions()) throws -> [SaveResult]
    {
        try each(ids, options, .delete) { id, object in
            let stored = try self.record(id, object, for: .delete)
            if object.sharing.sharedObject != nil { return try self.unshare(stored, object) }
            if let deleted = object.field("IsDeleted"), stored[deleted] != .boolean(true) {
                try self.delete(id, object)
            }
            try self.purgeTree(id)
        }
    }

    private func each(
        _ ids: [String],
        _ options: SaveOptions,
        _ operation: UseRestriction.Operation,
        _ body: (RecordID, ObjectDefinition) throws -> Void
    ) throws -> [SaveResult] {
        guard ids.count <= options.batchSizeMax else {
            throw RecordError(
                .exceededIDLimit,
                "record limit reached. cannot submit more than \(options.batchSizeMax) records in "
                    + "this operation"
            )
        }
        return try allOrNothing(options.allOrNone, count: ids.count) {
            let results: [SaveResult] = try ids.map { text in
                guard let id = try? RecordID(text) else {
                    return .failure(.malformedID, "malformed id \(text.prefix(80))")
                }
                do {
                    return try savepoint {
                        guard let object = schema.object(withPrefix: id.prefix),
                            access.mayRead(object), !object.isEvent
                        else {
                            throw RecordError(
                                .invalidCrossReferenceKey,
                                "invalid cross reference id"
                            )
                        }
                        try refuse(operation, of: object)
                        try body(id, object)
                        return .success(id: id, isCreated: false)
                    }
                } catch let error as RecordError {
                    return .failure([error])
                }
            }
            count(results, operation == .create ? .create : .delete)
            return results
        }
    }

    /// A stored record on which the caller may do this.
    private func record(
        _ id: RecordID,
        _ object: ObjectDefinition,
        for operation: Authorizer.Operation
    ) throws -> StoredRecord {
        guard let stored = try tx.load(object, [id]).first else {
            throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
        }
        guard access.mayDelete(object) else {
            throw RecordError(
                .insufficientAccessOrReadonly,
                "insufficient access rights on object id"
            )
        }
        // Whose a deleted record is decides its owner alone: its parents may be gone with it.
        if isDeleted(stored, object) {
            guard isOwn(deleted: stored, object) else {
                throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
            }
            return stored
        }
        let readable = try tx.visible(
            [id],
            of: object,
            under: authorizer.rows(of: object, for: .read)
        )
        guard !readable.isEmpty else {
            throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
        }
        guard
            try !tx.visible([id], of: object, under: authorizer.rows(of: object, for: operation))
                .isEmpty
        else {
            throw RecordError(
                .insufficientAccessOrReadonly,
                "insufficient access rights on object id"
            )
        }
        return stored
    }

    func isDeleted(_ record: StoredRecord, _ object: ObjectDefinition) -> Bool {
        object.field("IsDeleted").map { record[$0] == .boolean(true) } ?? false
    }

    /// Whether a deleted record is the caller's to know of: by its owner, or by who deleted it.
    func isOwn(deleted record: StoredRecord, _ object: ObjectDefinition) -> Bool {
        if access.isSystem || access.modifiesAll(object) { return true }
        if let owner = object.ownerField.flatMap({ record[$0].id }) {
            let owners =
                object.sharing.usesHierarchy ? access.owners : access.queues + [access.user]
            if owners.contains(owner) && access.sharing.kind != .guest { return true }
        }
        return object.field("LastModifiedById").map { record[$0] == .id(caller.user) } ?? false
    }

    /// Those of some records that the caller may see, in their order.
    func visible(_ ids: [RecordID], of object: ObjectDefinition) throws -> [RecordID] {
        guard access.mayRead(object) else { return [] }
        let rows = authorizer.rows(of: object, for: .read)
        let seen = try tx.visible(ids, of: object, under: rows)
        return ids.filter(seen.contains)
    }

    private func delete(
        _ id: RecordID,
        _ object: ObjectDefinition,
        _ options: SaveOptions = SaveOptions()
    ) throws {
        let stored = try record(id, object, for: .delete)
        guard !isDeleted(stored, object) else {
            throw RecordError(.entityIsDeleted, "entity is deleted")
        }
        if let refusal = options.conditions.refusal(of: stored, object) { throw refusal }
        if let lock = try RecordLocks(reader: self, object: object).refusals(of: [id])[id] {
            throw lock
        }
        if object.name == "User" {
            throw RecordError(
                .deleteFailed,
                "a user is not deleted but deactivated: set IsActive to false"
            )
        }
        if object.sharing.sharedObject != nil { return try unshare(stored, object) }
        try runBeforeDeleteFlows(stored, object)
        var tree = DeletedTree()
        try take(id, object, into: &tree, depth: 0)
        try writeTransaction.putDocument(
            kind: DeletedTree.documentKind,
            key: id.description,
            text: tree.text
        )
        try rollUp(tree)
    }

    /// Brings the summaries of those that are left up to date.
    private func rollUp(_ tree: DeletedTree) throws {
        for (prefix, changes) in Dictionary(grouping: tree.changes, by: \.after.id.prefix)
            .sorted(by: { $0.key.number < $1.key.number })
        {
            guard let object = schema.object(withPrefix: prefix) else { continue }
            try keepSummaries(of: object, after: changes)
        }
    }

    /// Deletes one record and what cannot be without it.
    func take(
        _ id: RecordID,
        _ object: ObjectDefinition,
        into tree: inout DeletedTree,
        depth: Int
    ) throws {
        guard depth <= Limits.cascadeDepthMax, tree.records.count < Limits.cascadeMax else {
            throw RecordError(
                .deleteFailed,
                "too much hangs on the record: delete what belongs to it in parts first"
            )
        }
        guard tree.seen.insert(id).inserted else { return }
        for relationship in schema.childRelationships(of: object.name) {
            guard let reference = relationship.field.reference,
                !relationship.field.isSystem || relationship.field.name == "OwnerId",
                relationship.child.historyOf == nil,
                relationship.child.sharing.sharedObject == nil
            else { continue }
            try takeChildren(of: id, relationship, reference.deleteConstraint, &tree, depth)
        }
        if let change = try mark(id, object, isDeleted: true) { tree.changes.append(change) }
        tree.records.append(id)
    }

    private func takeChildren(
        of id: RecordID,
        _ relationship: OrgSchema.ChildRelationship,
        _ constraint: Reference.DeleteConstraint,
        _ tree: inout DeletedTree,
        _ depth: Int
    ) throws {
        let children = try tx.children(
            relationship.child,
            by: relationship.field,
            of: [id],
            limit: Limits.cascadeMax + 1
        )
        guard !children.isEmpty else { return }
        switch constraint {
        case .cascade:
            for child in children {
                try take(child.id, relationship.child, into: &tree, depth: depth + 1)
            }
        case .setNull:
            tree.changes += try setLookup(
                relationship.field,
                of: relationship.child,
                children.map(\.id),
                to: nil
            )
            tree.cleared += children.map {
                (record: $0.id, field: relationship.field.name, parent: id)
            }
        case .restrict:
            let seen = try visible(children.prefix(10).map(\.id), of: relationship.child)
            throw RecordError(
                .deleteFailed,
                "Your attempt to delete \(id) could not be completed because it is associated with "
                    + (seen.isEmpty
                        ? "records that you cannot see"
                        : "the following \(relationship.child.pluralLabel.lowercased()): "
                            + seen.map(\.description).joined(separator: ", "))
            )
        }
    }

    /// - Parameter master: the record into which it was merged, with a delete; nothing else keeps one.
    @discardableResult
    func mark(
        _ id: RecordID,
        _ object: ObjectDefinition,
        isDeleted: Bool,
        mergedInto master: RecordID? = nil
    ) throws -> RecordChange? {
        guard let before = try tx.load(object, [id]).first else { return nil }
        var after = before
        var changed: [Int] = []
        for (name, value): (APIName, FieldValue) in [
            ("IsDeleted", .boolean(isDeleted)), ("LastModifiedDate", .dateTime(now)),
            ("LastModifiedById", .id(caller.user)), ("SystemModstamp", .dateTime(now)),
            ("MasterRecordId", master.map { .id($0) } ?? .null),
        ] {
            guard let field = object.field(name) else { continue }
            after[field] = value
            changed.append(field.index)
        }
        let update = AuthorizedWrite.Update(before: before, after: after, changed: changed.sorted())
        try writeTransaction.write(
            AuthorizedWrite(
                object: object,
                change: isDeleted ? .delete([update]) : .undelete([update])
            )
        )
        try moveHistory(of: id, object, isDeleted: isDeleted)
        try stageChange(of: object, isDeleted ? .delete : .undelete, before: before, after: after)
        let shares = ShareRows(writer: self)
        if isDeleted {
            try shares.remove(object, [before])
        } else {
            try shares.restore(object, [after])
        }
        try noteChange(of: object, [(before, after)])
        return RecordChange(before: before, after: after)
    }

    @discardableResult
    func setLookup(
        _ field: FieldDefinition,
        of object: ObjectDefinition,
        _ ids: [RecordID],
        to parent: RecordID?
    ) throws -> [RecordChange] {
        let stamp = object.field("SystemModstamp")
        let updates = try tx.load(object, ids).map { before in
            var after = before
            after[field] = parent.map { .id($0) } ?? .null
            if let stamp { after[stamp] = .dateTime(now) }
            return AuthorizedWrite.Update(
                before: before,
                after: after,
                changed: ([field.index] + (stamp.map { [$0.index] } ?? [])).sorted()
            )
        }
        guard !updates.isEmpty else { return [] }
        try writeTransaction.write(AuthorizedWrite(object: object, change: .update(updates)))
        let changes = updates.map { (before: StoredRecord?.some($0.before), after: $0.after) }
        try FieldHistory(of: object, writer: self)?.note(changes)
        try keepMatchKeys(of: object, changes)
        for update in updates {
            try stageChange(of: object, .update, before: update.before, after: update.after)
        }
        try ShareRows(writer: self).follow(object, updates.map { ($0.before, $0.after) })
        try noteChange(of: object, updates.map { ($0.before, $0.after) })
        return updates.map { RecordChange(before: $0.before, after: $0.after) }
    }
}

// MARK: - Bringing back and removing for good

extension RecordWriter {
    func undelete(_ id: RecordID, _ object: ObjectDefinition) throws {
        let stored = try record(id, object, for: .delete)
        guard let deleted = object.field("IsDeleted"), stored[deleted] == .boolean(true) else {
            throw RecordError(.undeleteFailed, "entity is not in the recycle bin")
        }
        for field in object.fields {
            guard case .masterDetail = field.type, let master = stored[field].id,
                let parent = schema.object(withPrefix: master.prefix)
            else { continue }
            if try tx.visible([master], of: parent, under: .everything).isEmpty {
                throw RecordError(
                    .undeleteFailed,
                    "the record it belongs to is deleted: bring \(master) back first"
                )
            }
        }
        let key = id.description
        let text = try tx.document(kind: DeletedTree.documentKind, key: key)
        var tree = text.map { DeletedTree($0) } ?? DeletedTree()
        let records = tree.records.isEmpty ? [id] : tree.records
        // Masters before details, as they went the other way.
        for record in records.reversed() {
            guard let object = schema.object(withPrefix: record.prefix) else { continue }
            try refuseTakenValues(record, object)
            if let change = try mark(record, object, isDeleted: false) {
                tree.changes.append(change)
            }
        }
        for entry in tree.cleared {
            guard let object = schema.object(withPrefix: entry.record.prefix),
                let field = object.field(entry.field),
                let now = try tx.load(object, [entry.record]).first, now[field].isNull
            else { continue }
            tree.changes += try setLookup(field, of: object, [entry.record], to: entry.parent)
        }
        try writeTransaction.putDocument(kind: DeletedTree.documentKind, key: key, text: nil)
        try rollUp(tree)
        // While they were away, what pointed to them may have come to point elsewhere.
        for (prefix, ids) in Dictionary(grouping: records, by: \.prefix) {
            guard let object = schema.object(withPrefix: prefix) else { continue }
            if let error = try refreshSummaries(of: ids, object).values.first { throw error }
        }
    }

    /// A unique value may have been taken while its record was away.
    func refuseTakenValues(_ id: RecordID, _ object: ObjectDefinition) throws {
        guard let record = try tx.load(object, [id]).first else { return }
        for field in object.fields where field.isUnique && !record[field].isNull {
            guard let other = try tx.find(object, by: field, [record[field]]).first,
                other.id != id
            else { continue }
            throw RecordError(
                .duplicateValue,
                "duplicate value found: \(field.name) duplicates value on record with id: "
                    + (try name(of: other.id, object)),
                fields: [field.name]
            )
        }
    }

    /// How a refusal names a record: by its id, if the caller may see it.
    func name(of id: RecordID, _ object: ObjectDefinition) throws -> String {
        try visible([id], of: object).isEmpty ? "<unknown>" : id.short
    }

    func purgeTree(_ id: RecordID) throws {
        let key = id.description
        let text = try tx.document(kind: DeletedTree.documentKind, key: key)
        let records = text.map { DeletedTree($0).records } ?? [id]
        for record in records.isEmpty ? [id] : records {
            guard let object = schema.object(withPrefix: record.prefix) else { continue }
            let stored = try tx.load(object, [record]).filter { found in
                object.field("IsDeleted").map { found[$0] == .boolean(true) } ?? true
            }
            guard !stored.isEmpty else { continue }
            try purgeHistory(of: record, object)
            try writeTransaction.putMatchKeys([], of: record)
            try ShareRows(writer: self).purge(object, stored)
            try writeTransaction.write(
                AuthorizedWrite(object: object, change: .purge(stored))
            )
        }
        try writeTransaction.putDocument(kind: DeletedTree.documentKind, key: key, text: nil)
    }
}

/// What one delete took along, so that it can be undone whole.
struct DeletedTree {
    static let documentKind = "recycle-bin"

    /// Details before their masters.
    var records: [RecordID] = []
    var cleared: [(record: RecordID, field: APIName, parent: RecordID)] = []
    var seen: Set<RecordID> = []
    /// What was written, for what follows from it; not kept.
    var changes: [RecordChange] = []

    init() {}

    /// Reads what `text` wrote.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let ids = words.compactMap { Int64($0) }.map { RecordID(number: $0) }
            if words.first == "record", let id = ids.first {
                records.append(id)
            } else if words.first == "cleared", words.count == 4, ids.count == 2 {
                cleared.append((ids[0], APIName(String(words[2])), ids[1]))
            }
        }
    }

    var text: String {
        let lines =
            records.map { "record \($0.number)" }
            + cleared.map { "cleared \($0.record.number) \($0.field) \($0.parent.number)" }
        return lines.joined(separator: "\n")
    }
}
