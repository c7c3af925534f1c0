package import Metadata
import UseMeter

/// What became of undoing a merge.
package struct UnmergeResult: Sendable, Hashable {
    /// Something that is not as it was before the merge.
    package struct Remainder: Sendable, Hashable {
        package let record: RecordID
        package let field: APIName?
        package let reason: String
    }

    /// Records that are back from the recycle bin.
    package let restored: [RecordID]
    /// Records whose lookups point to a restored record again.
    package let movedBack: [RecordID]
    package let remainders: [Remainder]
}

extension RecordWriter {
    /// The merges into a record that can still be undone, the latest last.
    package func merges(into master: RecordID) throws -> [String] {
        guard let object = schema.object(withPrefix: master.prefix),
            try !visible([master], of: object).isEmpty
        else { return [] }
        return try tx.documents(kind: MergeJournal.documentKind)
            .filter { $0.key.hasPrefix(master.description) }
            .filter { MergeJournal($0.text).map { now < $0.expires } ?? false }
            .map(\.key)
    }

    /// Brings merged records back, with what was theirs; what was changed since stays as it is, and is
    /// reported.
    ///
    /// - Throws: `RecordError` where the merge is unknown, too old, or not the caller's to undo.
    package func unmerge(_ journal: String) throws -> UnmergeResult {
        try savepoint {
            guard
                let text = try tx.document(kind: MergeJournal.documentKind, key: journal),
                let entry = MergeJournal(text),
                let object = schema.object(withPrefix: entry.master.prefix)
            else { throw RecordError(.notFound, "there is no such merge to undo") }
            try refuse(.create, of: object)
            let unmerge = Unmerge(writer: self, object: object, journal: entry)
            let result = try unmerge.run()
            try writeTransaction.putDocument(
                kind: MergeJournal.documentKind,
                key: journal,
                text: nil
            )
            try cancelTimer(key: MergeJobs.timerKey(journal))
            return result
        }
    }
}

/// One merge on its way back.
private final class Unmerge {
    private let writer: RecordWriter
    private let object: ObjectDefinition
    private let journal: MergeJournal
    private let system: RecordWriter
    private var remainders: [UnmergeResult.Remainder] = []

    init(writer: RecordWriter, object: ObjectDefinition, journal: MergeJournal) {
        self.writer = writer
        self.object = object
        self.journal = journal
        system = writer.asSystem(because: "a merge is undone")
    }

    func run() throws -> UnmergeResult {
        try authorize()
        // A unique value is free for the record it came from, before that comes back; a lookup may be
        // to a record that has to come back first.
        try restoreValues { $0.reference == nil }
        let restored = try restoreRecords()
        try restoreValues { $0.reference != nil }
        let moved = try moveBack(restored)
        try restoreTwins(restored)
        writer.count(.create, of: object, records: restored.count)
        return UnmergeResult(
            restored: restored.sorted(),
            movedBack: Set(moved).sorted(),
            remainders: remainders
        )
    }

    private func authorize() throws {
        guard writer.now < journal.expires else {
            throw RecordError(
                .invalidOperation,
                "a merge can be undone for \(Limits.unmergeDays) days, and this one is older"
            )
        }
        let editable = try writer.tx.visible(
            [journal.master],
            of: object,
            under: writer.authorizer.rows(of: object, for: .edit)
        )
        let gone = try writer.tx.load(object, journal.merged)
        guard writer.access.mayRead(object), !editable.isEmpty else {
            throw RecordError(.notFound, "there is no such merge to undo")
        }
        guard writer.access.mayEdit(object), writer.access.mayDelete(object),
            gone.allSatisfy({
                !writer.isDeleted($0, object) || writer.isOwn(deleted: $0, object)
            })
        else {
            throw RecordError(
                .insufficientAccessOrReadonly,
                "a merge is undone by who may edit the master and bring the others back"
            )
        }
        guard !gone.isEmpty else {
            throw RecordError(
                .undeleteFailed,
                "the merged records are no longer in the recycle bin"
            )
        }
    }

    private func note(_ record: RecordID, _ field: APIName? = nil, _ reason: String) {
        remainders.append(.init(record: record, field: field, reason: reason))
    }

    private func restoreValues(_ isWanted: (FieldDefinition) -> Bool) throws {
        guard let present = try writer.tx.load(object, [journal.master]).first else { return }
        var values: [JSONObject.Member] = []
        for change in journal.values {
            guard let field = object.field(change.field), isWanted(field) else { continue }
            if present[field].draftJSON(field) == change.after {
                values.append(.init(name: field.name.text, value: change.before))
            } else {
                note(journal.master, change.field, "the value was changed since")
            }
        }
        try save(object, journal.master, values, fields: values.map { APIName($0.name) })
    }

    /// - Returns: the merged records that are there now.
    private func restoreRecords() throws -> Set<RecordID> {
        var restored: Set<RecordID> = []
        for id in journal.merged {
            guard let record = try writer.tx.load(object, [id]).first else {
                note(id, nil, "the record is no longer in the recycle bin")
                continue
            }
            if writer.isDeleted(record, object) {
                try writer.refuseTakenValues(id, object)
                let change = try writer.mark(id, object, isDeleted: false)
                try writer.keepSummaries(of: object, after: [change].compactMap(\.self))
                if let error = try writer.refreshSummaries(of: [id], object).values.first {
                    throw error
                }
                try writer.writeTransaction.putDocument(
                    kind: DeletedTree.documentKind,
                    key: id.description,
                    text: nil
                )
            }
            restored.insert(id)
        }
        return restored
    }

    private func moveBack(_ restored: Set<RecordID>) throws -> [RecordID] {
        var moved: [RecordID] = []
        for change in journal.moves {
            guard let child = writer.schema.object(withPrefix: change.record.prefix),
                let field = child.field(change.field),
                let before = change.before.string.flatMap({ try? RecordID($0) })
            else { continue }
            guard restored.contains(before) else {
                note(change.record, change.field, "what it referred to is gone")
                continue
            }
            guard let record = try writer.tx.load(child, [change.record]).first else {
                note(change.record, change.field, "the record is gone")
                continue
            }
            guard record[field].draftJSON(field) == change.after else {
                note(change.record, change.field, "the value was changed since")
                continue
            }
            if writer.isDeleted(record, child) {
                try writer.setLookup(field, of: child, [change.record], to: before)
                moved.append(change.record)
                continue
            }
            let isBack = try save(
                child,
                change.record,
                [.init(name: field.name.text, value: change.before)]
                    + ReferenceStamps.kept(of: record, child),
                fields: [field.name]
            )
            if isBack { moved.append(change.record) }
        }
        return moved
    }

    private func restoreTwins(_ restored: Set<RecordID>) throws {
        for id in journal.removed {
            guard let child = writer.schema.object(withPrefix: id.prefix),
                let record = try writer.tx.load(child, [id]).first
            else {
                note(id, nil, "the record is gone")
                continue
            }
            guard writer.isDeleted(record, child) else { continue }
            do {
                try writer.savepoint { try system.undelete(id, child) }
            } catch let error as RecordError {
                note(id, nil, error.message)
            }
        }
    }

    @discardableResult
    private func save(
        _ object: ObjectDefinition,
        _ id: RecordID,
        _ values: [JSONObject.Member],
        fields: [APIName]
    ) throws -> Bool {
        guard !values.isEmpty else { return true }
        var options = SaveOptions()
        options.duplicates.isOff = true
        options.movesReferences = id != journal.master
        let results = try system.save(
            [
                RecordDraft(
                    object: object.name.text,
                    id: id.description,
                    values: JSONObject(values)
                )
            ],
            .update,
            options: options
        )
        guard let error = results.first?.errors.first else { return true }
        note(id, fields.first, error.message)
        return false
    }
}
