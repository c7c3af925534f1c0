import Metadata
import UseMeter

// One batch of one object, tried until those of its records that can be saved are saved.
extension RecordWriter {
    /// Saves what the platform itself or an org's automation decided, with this writer's rights.
    ///
    /// - Returns: what became of each; any number of them, in batches.
    func save(
        _ drafts: [TypedDraft],
        options: SaveOptions = SaveOptions()
    ) throws -> [SaveResult] {
        try allOrNothing(options.allOrNone, count: drafts.count) {
            var results: [SaveResult?] = Array(repeating: nil, count: drafts.count)
            for (entries, operation) in RecordWriter.batches(drafts, max: options.batchSizeMax) {
                try save(entries, operation, options, into: &results)
            }
            return results.map { $0 ?? .failure(.unknownException, "the record was not reached") }
        }
    }

    /// Neighbours of one object that are all new or all known go together.
    private static func batches(
        _ drafts: [TypedDraft],
        max: Int
    ) -> [(entries: [SaveBatch.Entry], operation: SaveOperation)] {
        var batches: [(entries: [SaveBatch.Entry], operation: SaveOperation)] = []
        var last: TypedDraft?
        for (position, draft) in drafts.enumerated() {
            let entry = SaveBatch.Entry(position: position, typed: draft)
            if let last, last.object.name == draft.object.name,
                (last.id == nil) == (draft.id == nil),
                let count = batches.last?.entries.count, count < max
            {
                batches[batches.count - 1].entries.append(entry)
            } else {
                batches.append(([entry], draft.id == nil ? .create : .update))
            }
            last = draft
        }
        return batches
    }

    /// Saves records of one object, whose name is that of the first draft.
    func save(
        _ entries: [SaveBatch.Entry],
        _ operation: SaveOperation,
        _ options: SaveOptions,
        into results: inout [SaveResult?]
    ) throws {
        let name = entries.first?.draft.object ?? ""
        guard let object = schema.object(APIName(name)), access.mayRead(object) else {
            let message =
                name.isEmpty
                ? "the record does not say its type: attributes.type is missing"
                : "sObject type '\(name.prefix(80))' is not supported."
            for entry in entries { results[entry.position] = .failure(.invalidType, message) }
            return
        }
        guard !object.isEvent || operation == .create else {
            for entry in entries {
                results[entry.position] = .failure(
                    .cannotInsertUpdateActivateEntity,
                    "entity type \(object.name) does not allow you to edit records"
                )
            }
            return
        }
        let order = SaveOrder(
            writer: self,
            object: object,
            operation: operation,
            options: options
        )
        let saved = try attempt(SaveBatch(object: object, entries: entries), order).entries
        count(saved, of: object, options)
        for entry in saved {
            if entry.errors.isEmpty, let id = entry.next?.id {
                results[entry.position] = .success(id: id, isCreated: entry.isCreated)
            } else {
                results[entry.position] = .failure(entry.errors)
            }
        }
    }

    /// Runs a save; where records fail only after they were written, all is undone and begun anew
    /// without them.
    private func attempt(_ batch: SaveBatch, _ order: SaveOrder) throws -> SaveBatch {
        let outer = chain
        chain = try outer.appending(saveOf: batch.object)
        defer { chain = outer }
        if order.options.allOrNone {
            var batch = batch
            try order.save(&batch)
            return batch
        }
        var failed: [SaveBatch.Entry] = []
        var rest = batch
        for turn in 1...Limits.saveAttemptsMax {
            var attempt = rest
            do {
                try savepoint {
                    try order.save(&attempt)
                    if attempt.entries.contains(where: \.hasFailedLate) { throw Undone() }
                }
                attempt.entries += failed
                return attempt
            } catch is Undone {
                if turn == Limits.saveAttemptsMax {
                    for index in attempt.entries.indices where attempt.entries[index].isSound {
                        attempt.fail(
                            index,
                            .unknownException,
                            "too many records of the request failed in the automation that follows "
                                + "a save; save this one again without them"
                        )
                    }
                    attempt.entries += failed
                    return attempt
                }
                // Those that failed early would fail again; they stay, with their errors.
                failed += attempt.entries.filter { !$0.isSound }
                let positions = Set(failed.map(\.position))
                rest.entries.removeAll { positions.contains($0.position) }
                if rest.entries.isEmpty {
                    rest.entries = failed
                    return rest
                }
            }
        }
        return rest
    }

    private struct Undone: Error {}
}

extension SaveBatch.Entry {
    fileprivate var hasFailedLate: Bool { isWritten && !isSound }
}
