package import Metadata
import UseMeter

/// Several records of one object that are one thing.
package struct MergeRequest: Sendable {
    /// The record that stays.
    package let master: String
    /// Those that go into the recycle bin.
    package let merged: [String]
    /// Values that the master gets.
    package let values: JSONObject

    package init(master: String, merged: [String], values: JSONObject = [:]) {
        self.master = master
        self.merged = merged
        self.values = values
    }
}

/// What became of a merge.
package struct MergeResult: Sendable, Hashable {
    package let id: RecordID
    package let mergedRecordIDs: [RecordID]
    /// Records whose lookups point to the master now.
    package let updatedRelatedIDs: [RecordID]
    /// By which the merge can be undone, for thirty days.
    package let journal: String
}

extension RecordWriter {
    /// Makes one record of several: what refers to them refers to the master, which keeps the values
    /// given, or those that the object's declaration says; the others go into the recycle bin.
    ///
    /// - Throws: `RecordError` where the request cannot be served; then nothing has changed.
    package func merge(_ request: MergeRequest) throws -> MergeResult {
        try savepoint {
            let merge = try Merge(request, writer: self)
            return try merge.run()
        }
    }
}

/// One merge on its way.
final class Merge {
    let writer: RecordWriter
    let object: ObjectDefinition
    let master: StoredRecord
    let merged: [StoredRecord]
    private let values: JSONObject
    var journal: MergeJournal
    /// Fields are cleared or set by the platform, whatever its rules about values.
    let system: RecordWriter

    init(_ request: MergeRequest, writer: RecordWriter) throws {
        let ids = try ([request.master] + request.merged).map { try writer.recordID($0) }
        guard let object = ids.first.flatMap({ writer.schema.object(withPrefix: $0.prefix) }),
            writer.access.mayRead(object)
        else { throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id") }
        try writer.refuse(.edit, of: object)
        try writer.refuse(.delete, of: object)
        guard object.traits.isMergeable else {
            throw RecordError(
                .invalidOperation,
                "records of \(object.name) cannot be merged: the object is not mergeable"
            )
        }
        guard Set(ids).count == ids.count, ids.allSatisfy({ $0.prefix == object.keyPrefix }) else {
            throw RecordError(
                .invalidInput,
                "a merge is of different records of one object, and each stands once"
            )
        }
        guard (1...Limits.mergedMax).contains(request.merged.count) else {
            throw RecordError(
                .invalidInput,
                "one or two records are merged into a master, not \(request.merged.count)"
            )
        }
        let records = try Merge.records(ids, object, writer)
        self.writer = writer
        self.object = object
        master = records[0]
        merged = Array(records.dropFirst())
        values = request.values
        journal = MergeJournal(master: ids[0], merged: Array(ids.dropFirst()), at: writer.now)
        system = writer.asSystem(because: "records are merged into one")
    }

    /// The records, if the caller may change all of them and delete all but the first.
    private static func records(
        _ ids: [RecordID],
        _ object: ObjectDefinition,
        _ writer: RecordWriter
    ) throws -> [StoredRecord] {
        let stored = try writer.tx.load(object, ids)
        let records = ids.compactMap { id in stored.first { $0.id == id } }
        let readable = try writer.visible(ids, of: object)
        for id in ids {
            if let record = records.first(where: { $0.id == id }),
                writer.isDeleted(record, object), writer.isOwn(deleted: record, object)
            {
                throw RecordError(.entityIsDeleted, "entity is deleted")
            }
            guard readable.contains(id) else {
                throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
            }
        }
        let rows = writer.authorizer
        let editable = try writer.tx.visible(
            ids,
            of: object,
            under: rows.rows(of: object, for: .edit)
        )
        let others = Array(ids.dropFirst())
        let deletable = try writer.tx.visible(
            others,
            of: object,
            under: rows.rows(of: object, for: .delete)
        )
        guard writer.access.mayEdit(object), writer.access.mayDelete(object),
            editable.count == ids.count, deletable.count == others.count
        else {
            throw RecordError(
                .insufficientAccessOrReadonly,
                "a merge needs the right to edit all the records, and to delete those that go"
            )
        }
        return records
    }

    func run() throws -> MergeResult {
        try moveReferences()
        for record in merged { try remove(record) }
        try keepValues()
        try openCircles()
        try noteValues()
        let key =
            "\(master.id) \(writer.now.milliseconds) \(merged.map(\.id.short).joined(separator: " "))"
        try writer.writeTransaction.putDocument(
            kind: MergeJournal.documentKind,
            key: key,
            text: journal.text
        )
        try writer.forgetLater(key, journal)
        writer.count(.delete, of: object, records: merged.count)
        return MergeResult(
            id: master.id,
            mergedRecordIDs: merged.map(\.id),
            updatedRelatedIDs: Set(journal.moves.map(\.record)).subtracting([master.id]).sorted(),
            journal: key
        )
    }

    /// A merged record goes alone: nothing hangs on it any more.
    private func remove(_ record: StoredRecord) throws {
        var tree = DeletedTree()
        tree.records.append(record.id)
        let change = try writer.mark(
            record.id,
            object,
            isDeleted: true,
            mergedInto: master.id
        )
        try writer.keepSummaries(of: object, after: [change].compactMap(\.self))
        try writer.writeTransaction.putDocument(
            kind: DeletedTree.documentKind,
            key: record.id.description,
            text: tree.text
        )
    }
}

// MARK: - Values

extension Merge {
    /// The values that were given, with the caller's rights; then those that are declared to survive.
    private func keepValues() throws {
        var options = SaveOptions()
        options.duplicates.isOff = true
        let given = values.members.filter {
            !["attributes", "id", "type"].contains($0.name.lowercased())
        }
        if !given.isEmpty {
            let draft = RecordDraft(
                object: object.name.text,
                id: master.id.description,
                values: JSONObject(given)
            )
            try save([draft], by: writer, options)
        }
        let surviving = survivors(without: Set(given.map { APIName($0.name) }))
        guard !surviving.isEmpty else { return }
        let draft = RecordDraft(
            object: object.name.text,
            id: master.id.description,
            values: JSONObject(surviving)
        )
        try save([draft], by: system, options)
    }

    private func survivors(without given: Set<APIName>) -> [JSONObject.Member] {
        let records = [master] + merged
        let modified = object.field("LastModifiedDate")
        let newest = records.sorted { Merge.moment($0, modified) > Merge.moment($1, modified) }
        let counts = Dictionary(
            uniqueKeysWithValues: records.map { record in
                (record.id, object.fields.filter { !$0.isSystem && !record[$0].isNull }.count)
            }
        )
        let complete = records.sorted { counts[$0.id] ?? 0 > counts[$1.id] ?? 0 }
        return object.fields.compactMap { field in
            guard let rule = object.survivorship[field.name], !given.contains(field.name),
                !(field.compound.map(given.contains) ?? false)
            else { return nil }
            let order: [StoredRecord]
            switch rule {
            case .master: return nil
            case .newest: order = newest
            case .mostComplete: order = complete
            }
            let value = order.map { $0[field] }.first { !$0.isNull } ?? .null
            guard value != master[field] else { return nil }
            // A lookup to a record that goes would be one to the master itself.
            if let id = value.id, ([master] + merged).contains(where: { $0.id == id }) {
                return nil
            }
            return JSONObject.Member(name: field.name.text, value: value.draftJSON(field))
        }
    }

    private static func moment(_ record: StoredRecord, _ field: FieldDefinition?) -> Int64 {
        guard let field, case .dateTime(let moment) = record[field] else { return 0 }
        return moment.milliseconds
    }

    func save(
        _ drafts: [RecordDraft],
        by writer: RecordWriter,
        _ options: SaveOptions
    ) throws {
        for start in stride(from: 0, to: drafts.count, by: Limits.saveBatchMax) {
            let some = Array(drafts[start..<min(start + Limits.saveBatchMax, drafts.count)])
            for (draft, result) in zip(some, try writer.save(some, .update, options: options)) {
                guard let error = result.errors.first else { continue }
                if draft.id == master.id.description { throw error }
                throw RecordError(
                    .mergeFailed,
                    "a \(draft.object) that belongs to the records cannot be moved: \(error.message)",
                    fields: error.fields
                )
            }
        }
    }

    /// What is different in the master, whatever made it so.
    private func noteValues() throws {
        guard let after = try writer.tx.load(object, [master.id]).first else { return }
        for field in object.fields where !field.isSystem || field.name == "OwnerId" {
            if case .file = field.type { continue }
            guard field.derivation == nil, master[field] != after[field] else { continue }
            journal.values.append(
                .init(
                    record: master.id,
                    field: field.name,
                    before: master[field].draftJSON(field),
                    after: after[field].draftJSON(field)
                )
            )
        }
    }
}
