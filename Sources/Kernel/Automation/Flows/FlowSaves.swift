import Metadata

/// Records that interviews want saved by one element: one save for all of them.
struct FlowSaves {
    /// What became of it, by interview.
    struct Results {
        var ids: [Int: [RecordID]] = [:]
        var errors: [Int: RecordError] = [:]
    }

    private struct Item {
        let index: Int
        let record: FlowRecord
    }

    private var items: [Item] = []

    mutating func add(_ record: FlowRecord, for index: Int) {
        items.append(Item(index: index, record: record))
    }

    /// Saves them; an interview whose records cannot all be saved has none of them saved.
    func run(_ operation: SaveOperation, by run: FlowRun) throws -> Results {
        guard !items.isEmpty else { return Results() }
        let isUpdate = operation == .update
        return try saveWhole(by: run) { items, options in
            let rows = isUpdate ? FlowSaves.merged(items) : items.map { ($0.record, [$0.index]) }
            let drafts = try rows.map { try FlowSaves.draft($0.record, isUpdate: isUpdate) }
            try run.work.noteSave(rows: drafts.count)
            var results: [SaveResult] = []
            for start in stride(from: 0, to: drafts.count, by: Limits.saveBatchMax) {
                let end = min(start + Limits.saveBatchMax, drafts.count)
                results += try run.writer.within("flow \(run.plan.name)") {
                    try run.writer.save(Array(drafts[start..<end]), operation)
                }
            }
            return zip(rows, results).map { ($0.owners, $1) }
        }
    }

    func delete(by run: FlowRun) throws -> Results {
        guard !items.isEmpty else { return Results() }
        return try saveWhole(by: run) { items, _ in
            let rows = FlowSaves.merged(items)
            try run.work.noteSave(rows: rows.count)
            var results: [SaveResult] = []
            let ids = rows.map { $0.record.id?.description ?? "" }
            for start in stride(from: 0, to: ids.count, by: Limits.saveBatchMax) {
                let end = min(start + Limits.saveBatchMax, ids.count)
                results += try run.writer.delete(Array(ids[start..<end]))
            }
            return zip(rows, results).map { ($0.owners, $1) }
        }
    }

    private typealias Saved = [(owners: [Int], result: SaveResult)]

    /// Saves the records of all interviews, and once more without those of which one failed.
    private func saveWhole(
        by run: FlowRun,
        _ save: ([Item], SaveOptions) throws -> Saved
    ) throws -> Results {
        var errors: [Int: RecordError] = [:]
        defer { run.parents.forget() }
        while true {
            let going = items.filter { errors[$0.index] == nil }
            guard !going.isEmpty else { return Results(errors: errors) }
            do {
                let saved = try run.writer.savepoint {
                    let saved = try save(going, SaveOptions())
                    let failed = FlowSaves.failures(saved)
                    // One that fails alone has left nothing behind.
                    let isPartly = saved.contains { row in
                        row.result.errors.isEmpty && row.owners.contains { failed[$0] != nil }
                    }
                    if isPartly { throw Partly(errors: failed) }
                    return saved
                }
                var results = Results(errors: errors)
                results.errors.merge(FlowSaves.failures(saved)) { first, _ in first }
                for row in saved {
                    for owner in row.owners {
                        if let id = row.result.id { results.ids[owner, default: []].append(id) }
                    }
                }
                return results
            } catch let partly as Partly {
                errors.merge(partly.errors) { first, _ in first }
            }
        }
    }

    private struct Partly: Error {
        let errors: [Int: RecordError]
    }

    private static func failures(_ saved: Saved) -> [Int: RecordError] {
        var errors: [Int: RecordError] = [:]
        for row in saved {
            guard let error = row.result.errors.first else { continue }
            for owner in row.owners where errors[owner] == nil { errors[owner] = error }
        }
        return errors
    }

    /// A record that several interviews change is saved once, with what all of them give it; the
    /// later one wins.
    private static func merged(_ items: [Item]) -> [(record: FlowRecord, owners: [Int])] {
        var rows: [(record: FlowRecord, owners: [Int])] = []
        var places: [RecordID: Int] = [:]
        for item in items {
            guard let id = item.record.id, let place = places[id] else {
                if let id = item.record.id { places[id] = rows.count }
                rows.append((item.record, [item.index]))
                continue
            }
            for field in item.record.changed {
                rows[place].record.values[field] = item.record.values[field]
                rows[place].record.changed.insert(field)
            }
            if !rows[place].owners.contains(item.index) { rows[place].owners.append(item.index) }
        }
        return rows
    }

    private static func draft(_ record: FlowRecord, isUpdate: Bool) throws -> RecordDraft {
        var values = JSONObject()
        for field in record.object.fields {
            guard let value = record.values[field.index], record.changed.contains(field.index)
            else { continue }
            values.members.append(
                JSONObject.Member(name: field.name.text, value: FlowConversion.json(value))
            )
        }
        return RecordDraft(
            object: record.object.name.text,
            id: isUpdate ? record.id?.description : nil,
            values: values
        )
    }
}
