import Language
import Metadata

// Reading and writing records: one query or one save for all interviews that have come here.
extension FlowRun {
    // MARK: - Getting

    func look(_ step: FlowPlan.Step, _ lookup: FlowPlan.Lookup, _ active: [Int]) throws {
        let fields = lookup.fields ?? lookup.object.fields.filter(isReadByItself)
        let readable = fields.filter { writer.access.mayRead($0, of: lookup.object) }
        if lookup.fields != nil,
            let hidden = fields.first(where: { field in
                !readable.contains { $0.name == field.name }
            })
        {
            throw RecordError(
                .insufficientAccess,
                "the flow runs with the rights of the user, who may not read "
                    + "\(lookup.object.name).\(hidden.name); declare `runIn: System` with a "
                    + "`reason`, or grant the field"
            )
        }
        let found = try find(
            step,
            lookup.object,
            lookup.conditions,
            fields: readable,
            sort: lookup.sort,
            limit: lookup.firstOnly ? 1 : lookup.limit,
            active
        )
        for index in active where interviews[index].isRunning {
            let records = found[index] ?? []
            if lookup.firstOnly {
                finish(step, .record(records.first), index)
            } else {
                finish(step, .collection(records.map { .record($0) }), index)
            }
            note(
                index,
                step,
                "finds \(records.count) \(lookup.object.name)"
                    + (records.isEmpty && !writer.access.isSystem
                        ? ", as far as the user may see them" : "")
            )
        }
    }

    private func isReadByItself(_ field: FieldDefinition) -> Bool {
        guard field.isStored, FlowType(field) != nil else { return false }
        if case .file = field.type { return false }
        return true
    }

    /// The records that the conditions find for each interview, by one query for all of them.
    private func find(
        _ step: FlowPlan.Step,
        _ object: ObjectDefinition,
        _ conditions: FlowPlan.Conditions,
        fields: [FieldDefinition],
        sort: (field: FieldDefinition, isDescending: Bool)?,
        limit: Int?,
        _ active: [Int]
    ) throws -> [Int: [FlowRecord]] {
        var bound: [(index: Int, rights: [FlowValue])] = []
        for index in active {
            try each(index, step) {
                bound.append((index, try conditions.items.map { try right($0, index) }))
            }
        }
        guard !bound.isEmpty else { return [:] }
        let asked = conditions.items.compactMap(\.left.field)
        var names: [String] = []
        for field in fields + asked where !names.contains(field.name.text) {
            names.append(field.name.text)
        }
        var query = FlowQuery(object: object, paths: names, by: self)
        query.order = sort
        let distinct = Set(bound.map(\.rights))
        // One answer for all: the store can stop early.
        if distinct.count == 1 { query.limit = limit }
        let rows = try query.rows(FlowRun.condition(conditions, distinct, bound))
        let kept = fields.map { ($0, $0.name.text.lowercased()) }
        var records: [RecordID: FlowRecord] = [:]
        for row in rows {
            var record = FlowRecord(object: object, id: row.id)
            for (field, name) in kept { record.values[field.index] = row.values[name] ?? .null }
            records[row.id] = record
        }
        let answers = try distribute(rows, conditions, distinct)
        var found: [Int: [FlowRecord]] = [:]
        for entry in bound {
            let ids = answers[entry.rights] ?? []
            found[entry.index] = ids.prefix(limit ?? Int.max).compactMap { records[$0] }
        }
        return found
    }

    /// What a condition compares with, in the form of the field.
    private func right(_ item: FlowPlan.Conditions.Item, _ index: Int) throws -> FlowValue {
        let given = try value(item.right, index)
        switch item.operation {
        case .isIn, .isNotIn:
            return .collection(
                try given.items.map { try converted($0, to: item.left.type, item.left.text) }
            )
        case .isNull, .isChanged, .startsWith, .endsWith, .contains: return given
        case .equalTo, .notEqualTo, .lessThan, .lessThanOrEqualTo, .greaterThan,
            .greaterThanOrEqualTo:
            return try converted(given, to: item.left.type, item.left.text)
        }
    }

    /// The conditions of all interviews as one.
    private static func condition(
        _ conditions: FlowPlan.Conditions,
        _ distinct: Set<[FlowValue]>,
        _ bound: [(index: Int, rights: [FlowValue])]
    ) -> SOQLStatement.Condition? {
        guard let logic = conditions.logic, !conditions.items.isEmpty else { return nil }
        if let list = list(conditions, distinct) { return list }
        // In the order of the interviews, so that the same work asks the same query.
        var seen: Set<[FlowValue]> = []
        let all = bound.filter { seen.insert($0.rights).inserted }.map { entry in
            let items = zip(conditions.items, entry.rights).map { FlowQuery.condition($0, $1) }
            return FlowQuery.condition(logic, items)
        }
        return FlowQuery.joined(all, byOr: true)
    }

    /// Where interviews differ by what one field must equal, one list says it.
    private static func list(
        _ conditions: FlowPlan.Conditions,
        _ distinct: Set<[FlowValue]>
    ) -> SOQLStatement.Condition? {
        guard distinct.count > 1, case .and? = conditions.logic, let one = distinct.first else {
            return nil
        }
        let differing = conditions.items.indices.filter { place in
            distinct.contains { $0[place] != one[place] }
        }
        guard differing.count == 1, let place = differing.first,
            conditions.items[place].operation == .equalTo,
            !distinct.contains(where: { $0[place].isNull })
        else { return nil }
        var items = zip(conditions.items, one).map { FlowQuery.condition($0, $1) }
        let list = FlowPlan.Conditions.Item(
            left: conditions.items[place].left,
            operation: .isIn,
            right: conditions.items[place].right,
            text: conditions.items[place].text
        )
        let values = distinct.map { $0[place] }
            .sorted { FlowComparison.order($0.value, $1.value) ?? 0 < 0 }
        items[place] = FlowQuery.condition(list, .collection(values))
        return FlowQuery.joined(items, byOr: false)
    }

    /// Which rows belong to which values.
    private func distribute(
        _ rows: [FlowQuery.Row],
        _ conditions: FlowPlan.Conditions,
        _ distinct: Set<[FlowValue]>
    ) throws -> [[FlowValue]: [RecordID]] {
        if distinct.count == 1, let only = distinct.first { return [only: rows.map(\.id)] }
        let lefts = conditions.items.map { $0.left.field?.name.text.lowercased() ?? "id" }
        let index = FlowRowIndex(rows, conditions, lefts)
        var answers: [[FlowValue]: [RecordID]] = [:]
        for rights in distinct {
            answers[rights] = try index.candidates(rights).filter { row in
                try matches(row, conditions, lefts, rights)
            }.map(\.id)
        }
        return answers
    }

    private func matches(
        _ row: FlowQuery.Row,
        _ conditions: FlowPlan.Conditions,
        _ lefts: [String],
        _ rights: [FlowValue]
    ) throws -> Bool {
        guard let logic = conditions.logic else { return true }
        func holds(_ logic: FlowPlan.Conditions.Logic) throws -> Bool {
            switch logic {
            case .item(let place):
                let left = row.values[lefts[place]] ?? .null
                return try FlowRun.holds(
                    conditions.items[place],
                    left: .value(left),
                    rights[place],
                    self
                )
            case .and(let terms): return try terms.allSatisfy(holds)
            case .or(let terms): return try terms.contains(where: holds)
            case .not(let term): return try !holds(term)
            }
        }
        return try holds(logic)
    }

    // MARK: - Saving

    func create(
        _ step: FlowPlan.Step,
        _ source: FlowPlan.Source,
        _ values: [FlowPlan.FieldGiven],
        _ active: [Int]
    ) throws {
        var saves = FlowSaves()
        for index in active {
            try each(index, step) {
                switch source {
                case .object(let object, _):
                    saves.add(try record(object, values, index), for: index)
                case .path(let path):
                    for record in try records(path, index) {
                        guard record.id == nil else {
                            throw RecordError(
                                .invalidFieldForInsertUpdate,
                                "a record in `\(path.text)` is there already: make a new one"
                            )
                        }
                        saves.add(record, for: index)
                    }
                }
            }
        }
        let results = try saves.run(.create, by: self)
        for index in active where interviews[index].isRunning {
            if let error = results.errors[index] {
                fail(index, step, error)
                continue
            }
            let ids = results.ids[index] ?? []
            if case .object = source, let id = ids.first { finish(step, .value(.id(id)), index) }
            if case .path(let path) = source { setIDs(ids, in: path, index) }
            note(index, step, "creates \(ids.map(\.description).joined(separator: ", "))")
        }
    }

    /// The records of a variable have ids once they are created.
    private func setIDs(_ ids: [RecordID], in path: FlowPath, _ index: Int) {
        guard case .slot(let slot) = path.root, path.field == nil else { return }
        switch interviews[index].slots[slot] {
        case .record(var record?):
            record.id = ids.first
            interviews[index].slots[slot] = .record(record)
        case .collection(let items):
            let named = zip(items, ids).map { item, id -> FlowValue in
                guard var record = item.record else { return item }
                record.id = id
                return .record(record)
            }
            if named.count == items.count { interviews[index].slots[slot] = .collection(named) }
        case .record(nil), .value: break
        }
    }

    /// The records that a reference holds; none is a mistake, an empty collection is not.
    private func records(_ path: FlowPath, _ index: Int) throws -> [FlowRecord] {
        switch try read(path, index) {
        case .record(let record?): return [record]
        case .collection(let items): return items.compactMap(\.record)
        case .record(nil), .value:
            throw RecordError(
                .missingArgument,
                "`\(path.text)` holds no record: ask by a decision whether it is null"
            )
        }
    }

    func update(
        _ step: FlowPlan.Step,
        _ source: FlowPlan.Source,
        _ values: [FlowPlan.FieldGiven],
        _ active: [Int]
    ) throws {
        var saves = FlowSaves()
        let targets = try targets(step, source, active)
        for index in active where interviews[index].isRunning {
            try each(index, step) {
                for var record in targets[index] ?? [] {
                    for given in values { try give(given, to: &record, index) }
                    saves.add(record, for: index)
                }
            }
        }
        let results = try saves.run(.update, by: self)
        for index in active where interviews[index].isRunning {
            if let error = results.errors[index] {
                fail(index, step, error)
                continue
            }
            if case .path(let path) = source, path.root == .record {
                try keepGiven(values, index)
            }
            let ids = results.ids[index] ?? []
            note(index, step, "changes \(ids.map(\.description).joined(separator: ", "))")
        }
    }

    /// What was saved of `$Record` is what it holds from now on.
    private func keepGiven(_ values: [FlowPlan.FieldGiven], _ index: Int) throws {
        guard var record = interviews[index].record else { return }
        for given in values { try give(given, to: &record, index) }
        record.changed = []
        interviews[index].record = record
    }

    func delete(_ step: FlowPlan.Step, _ source: FlowPlan.Source, _ active: [Int]) throws {
        var saves = FlowSaves()
        let targets = try targets(step, source, active)
        for index in active where interviews[index].isRunning {
            for record in targets[index] ?? [] { saves.add(record, for: index) }
        }
        let results = try saves.delete(by: self)
        for index in active where interviews[index].isRunning {
            if let error = results.errors[index] {
                fail(index, step, error)
                continue
            }
            let ids = results.ids[index] ?? []
            note(index, step, "deletes \(ids.map(\.description).joined(separator: ", "))")
        }
    }

    private func targets(
        _ step: FlowPlan.Step,
        _ source: FlowPlan.Source,
        _ active: [Int]
    ) throws -> [Int: [FlowRecord]] {
        switch source {
        case .object(let object, let conditions):
            return try find(
                step,
                object,
                conditions,
                fields: [],
                sort: nil,
                limit: nil,
                active
            )
        case .path(let path):
            var found: [Int: [FlowRecord]] = [:]
            for index in active {
                try each(index, step) {
                    found[index] = try records(path, index).map { record in
                        guard record.id != nil else {
                            throw RecordError(
                                .missingArgument,
                                "a record in `\(path.text)` has no id: it was not saved yet"
                            )
                        }
                        return record
                    }
                }
            }
            return found
        }
    }
}

/// Rows by what one field equals, so that each interview looks only at its own.
private struct FlowRowIndex {
    private let rows: [FlowQuery.Row]
    private let byKey: [FieldValue: [FlowQuery.Row]]
    private let place: Int?

    init(_ rows: [FlowQuery.Row], _ conditions: FlowPlan.Conditions, _ lefts: [String]) {
        self.rows = rows
        let isAnd = if case .and? = conditions.logic { true } else { false }
        place = isAnd ? conditions.items.firstIndex { $0.operation == .equalTo } : nil
        guard let place else {
            byKey = [:]
            return
        }
        byKey = Dictionary(grouping: rows) { FlowRowIndex.folded($0.values[lefts[place]] ?? .null) }
    }

    func candidates(_ rights: [FlowValue]) -> [FlowQuery.Row] {
        guard let place else { return rows }
        return byKey[FlowRowIndex.folded(rights[place].value)] ?? []
    }

    private static func folded(_ value: FieldValue) -> FieldValue {
        if case .text(let text) = value { .text(text.uppercased()) } else { value }
    }
}
