import Language
import Metadata
import UseMeter

// What callers do is counted: how often, and how many records, never what is in them.
extension RecordReader {
    /// Counts something done with records of an object; what the platform does for itself is no
    /// use.
    func count(
        _ operation: UseOperation,
        of object: ObjectDefinition,
        uses: Int = 1,
        records: Int
    ) {
        guard surface != nil else { return }
        count(operation, of: snapshot.useSubjects.object(object), uses: uses, records: records)
    }

    /// The same, by the name under which it is counted.
    func count(
        _ operation: UseOperation,
        of subject: UseSubject,
        uses: Int = 1,
        records: Int,
        by surface: UseSurface? = nil
    ) {
        guard let surface = surface ?? self.surface else { return }
        note(
            UseKey(
                org: caller.org.record.number,
                day: now.useDay,
                subject: subject,
                operation: operation,
                surface: surface,
                client: caller.client
            ),
            uses: uses,
            records: records
        )
    }

    /// Counts a read: its rows under its own object, and a use of every other object that it looks
    /// at.
    func count(_ plan: AuthorizedRead, _ page: PageRequest, _ outcome: ReadOutcome) {
        guard let surface else { return }
        let rows: Int
        switch plan.query.kind {
        case .records, .groups:
            if case .first(let most) = page {
                rows = min(outcome.total, most)
            } else {
                rows = outcome.total
            }
        case .count: rows = 0
        }
        let operation = UseOperation(readBy: surface, plan.query)
        count(operation, of: plan.query.object, records: rows)
        for object in plan.objectsBeside { count(operation, of: object, records: 0) }
    }
}

extension UseOperation {
    /// What a read is: records on their way out in bulk, sums of records, or records.
    fileprivate init(readBy surface: UseSurface, _ query: ResolvedQuery) {
        switch (surface, query.kind) {
        case (_, .groups), (_, .count): self = .report
        case (.bulk, .records), (.export, .records): self = .export
        case (_, .records): self = .read
        }
    }
}

extension RecordWriter {
    /// Counts the records that a save has saved.
    func count(_ saved: [SaveBatch.Entry], of object: ObjectDefinition, _ options: SaveOptions) {
        if options.isOwn || surface == nil { return }
        var created = 0
        var edited = 0
        for entry in saved where entry.errors.isEmpty && entry.next != nil {
            if entry.isCreated { created += 1 } else { edited += 1 }
        }
        if created > 0 { count(.create, of: object, records: created) }
        if edited > 0 { count(.edit, of: object, records: edited) }
    }

    /// Counts the records that were deleted or brought back.
    func count(_ results: [SaveResult], _ operation: UseOperation) {
        if surface == nil { return }
        var counts: [KeyPrefix: Int] = [:]
        for result in results {
            if let id = result.id { counts[id.prefix, default: 0] += 1 }
        }
        for (prefix, number) in counts {
            guard let object = schema.object(withPrefix: prefix) else { continue }
            count(operation, of: object, records: number)
        }
    }
}

/// What a transaction has done, which counts once it is on disk: what is undone was no use.
///
/// All writers of a transaction share it, one at a time.
final class UseTally: Sendable {
    private struct Noted {
        let key: UseKey
        let uses: Int
        let records: Int
    }

    private let noted = Locked<[Noted]>([])

    func note(_ key: UseKey, uses: Int, records: Int) {
        noted.withLock { $0.append(Noted(key: key, uses: uses, records: records)) }
    }

    /// How far the transaction has come.
    var mark: Int { noted.withLock { $0.count } }

    /// Forgets what was undone.
    func forget(after mark: Int) {
        noted.withLock { $0.removeLast(max(0, $0.count - mark)) }
    }

    /// Hands over what the transaction has done.
    func count(in counter: UseCounter) {
        let all = noted.withLock { noted in
            defer { noted = [] }
            return noted
        }
        for one in all { counter.count(one.key, uses: one.uses, records: one.records) }
    }
}
