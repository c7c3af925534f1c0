import Metadata

extension SaveOrder {
    /// Works out the summaries of the parents, old and new, and saves those parents that change.
    ///
    /// The parents go through the order of a save themselves: what refuses them refuses the records
    /// that changed them.
    func rollUp(_ batch: inout SaveBatch) throws {
        guard !writer.snapshot.rollUps.summarising(object).isEmpty else { return }
        let refused = try writer.rollUp(object, batch.sound.compactMap(\.change))
        guard !refused.isEmpty else { return }
        let lookups = writer.snapshot.rollUps.summarising(object).map(\.lookup)
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            let parents = lookups.flatMap { [entry.stored?[$0].id, entry.next?[$0].id] }
            for case let parent? in parents {
                guard let error = refused[parent] else { continue }
                batch.fail(index, error)
                break
            }
        }
    }
}

extension RecordWriter {
    /// Brings the summaries of parents up to date after their children changed.
    ///
    /// - Returns: why parents could not be saved.
    func rollUp(
        _ child: ObjectDefinition,
        _ changes: [RecordChange]
    ) throws -> [RecordID: RecordError] {
        var affected: [APIName: [RecordID: [RollUp]]] = [:]
        for rollUp in snapshot.rollUps.summarising(child) {
            var seen: Set<RecordID> = []
            for parent in changes.flatMap(rollUp.parents) where seen.insert(parent).inserted {
                affected[rollUp.parent.name, default: [:]][parent, default: []].append(rollUp)
            }
        }
        var refused: [RecordID: RecordError] = [:]
        for (name, parents) in affected.sorted(by: { $0.key < $1.key }) {
            guard let object = schema.object(name) else { continue }
            try refresh(object, parents, &refused)
        }
        return refused
    }

    /// The same for changes that cannot go without their parents'.
    ///
    /// - Throws: the first refusal of a parent.
    func keepSummaries(of child: ObjectDefinition, after changes: [RecordChange]) throws {
        if let error = try rollUp(child, changes).values.first { throw error }
    }

    /// Works out all summaries of records anew, as after they were brought back.
    func refreshSummaries(
        of records: [RecordID],
        _ object: ObjectDefinition
    ) throws -> [RecordID: RecordError] {
        let rollUps = snapshot.rollUps.fields(of: object)
        guard !rollUps.isEmpty else { return [:] }
        var refused: [RecordID: RecordError] = [:]
        let wanted = Dictionary(records.map { ($0, rollUps) }, uniquingKeysWith: { one, _ in one })
        try refresh(object, wanted, &refused)
        return refused
    }

    private func refresh(
        _ object: ObjectDefinition,
        _ parents: [RecordID: [RollUp]],
        _ refused: inout [RecordID: RecordError]
    ) throws {
        let ids = parents.keys.sorted()
        let stored = try tx.load(object, ids).filter { !isDeleted($0, object) }
        var known: [String: RollUp] = [:]
        for rollUp in parents.values.joined() { known[rollUp.name] = rollUp }
        var next: [RecordID: [Int: FieldValue]] = [:]
        let rollUps = known.values.sorted { $0.name < $1.name }
        for query in RollUpQuery.grouping(rollUps) {
            let values = try query.values(of: stored.map(\.id), ownQuestions)
            for record in stored {
                for (rollUp, value) in zip(query.rollUps, values[record.id] ?? [])
                where record[rollUp.field] != value {
                    next[record.id, default: [:]][rollUp.field.index] = value
                }
            }
        }
        let drafts = stored.compactMap { record in
            next[record.id].map { TypedDraft(object: object, id: record.id, values: $0) }
        }
        guard !drafts.isEmpty else { return }
        let system = asSystem(because: "a roll-up summary follows its records")
        let names = rollUps.map(\.name).joined(separator: ", ")
        let results = try system.within("roll-up \(names)") {
            try system.save(drafts, options: .own)
        }
        for (draft, result) in zip(drafts, results) {
            if let id = draft.id, let error = result.errors.first { refused[id] = error }
        }
    }
}
