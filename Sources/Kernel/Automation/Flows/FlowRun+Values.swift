import Metadata

// What the flow knows, and what it asks for.
extension FlowRun {
    func value(_ expression: FlowExpression, _ index: Int) throws -> FlowValue {
        switch expression {
        case .constant(let value): return .value(value)
        case .path(let path): return try read(path, index)
        case .template(let parts):
            let text = try parts.map { FlowConversion.text(try value($0, index).value) ?? "" }
                .joined()
            return .value(text.isEmpty ? .null : .text(text))
        case .formula(let formula):
            return .value(try formula.value(in: self, index))
        }
    }

    func read(_ path: FlowPath, _ index: Int) throws -> FlowValue {
        switch path.root {
        case .formula(let number):
            return try converted(
                try value(plan.formulas[number], index),
                to: path.type,
                path.text
            )
        case .template(let number): return try value(plan.templates[number], index)
        case .moment(let moment): return .value(self.moment(moment, index))
        case .user: return .value(fetched(path, of: writer.caller.user))
        case .organization: return .value(fetched(path, of: writer.caller.org.record))
        case .slot, .record, .prior: return try held(path, index)
        }
    }

    private func moment(_ moment: FlowPath.Moment, _ index: Int) -> FieldValue {
        switch moment {
        case .currentDate:
            .date(FlowConversion.day(of: writer.now, in: writer.caller.timeZone))
        case .currentDateTime: .dateTime(writer.now)
        case .interviewStartTime: .dateTime(interviews[index].trace.startedAt)
        case .faultMessage: interviews[index].faultMessage.map { .text($0) } ?? .null
        }
    }

    private func held(_ path: FlowPath, _ index: Int) throws -> FlowValue {
        let whole: FlowValue =
            switch path.root {
            case .slot(let slot): interviews[index].slots[slot]
            case .record: .record(interviews[index].record)
            // Before a record was there, it was as it is now.
            case .prior: .record(interviews[index].prior ?? interviews[index].record)
            case .user, .organization, .formula, .template, .moment: .value(.null)
            }
        guard let field = path.field else { return whole }
        guard let record = whole.record else {
            return .empty(path.type)
        }
        if path.isFetched { return .value(try fetched(path, from: record)) }
        return .value(try record.value(of: field, path))
    }

    private func fetched(_ path: FlowPath, from record: FlowRecord) throws -> FieldValue {
        guard let lookup = path.lookup else {
            return record.id.map { fetched(path, of: $0) } ?? .null
        }
        guard let id = try record.value(of: lookup, path).id else { return .null }
        return fetched(path, of: id)
    }

    private func fetched(_ path: FlowPath, of id: RecordID) -> FieldValue {
        parents.value(id, path.asked) ?? .null
    }

    func isChanged(_ path: FlowPath, _ index: Int) -> Bool {
        guard let field = path.field, let record = interviews[index].record,
            let prior = interviews[index].prior
        else { return false }
        return record.values[field.index] ?? .null != prior.values[field.index] ?? .null
    }

    /// A value in the form that a place has.
    func converted(_ value: FlowValue, to type: FlowType, _ name: String) throws -> FlowValue {
        switch value {
        case .record, .collection: return value
        case .value(let value):
            guard type.isValue else { return value.isNull ? .empty(type) : .value(value) }
            guard
                let fitting = FlowConversion.value(value, as: type, in: writer.caller.timeZone)
            else {
                throw RecordError(
                    .invalidInput,
                    "`\(FlowConversion.text(value) ?? "")` is not \(type.name), which \(name) holds"
                )
            }
            return .value(fitting)
        }
    }

    // MARK: - Records that are elsewhere

    /// Reads what paths need from other records, for all interviews in one query for each object.
    func fetch(_ paths: [FlowPath], _ active: [Int]) throws {
        let all = closure(paths)
        if !isStarting { for path in all { try mayRead(path) } }
        var wanted = FlowParents.Wanted()
        for path in all where path.isFetched {
            switch path.root {
            case .user: wanted.add(writer.caller.user, path.asked)
            case .organization: wanted.add(writer.caller.org.record, path.asked)
            case .slot, .record, .prior:
                for index in active { want(path, index, &wanted) }
            case .formula, .template, .moment: break
            }
        }
        try parents.fetch(wanted, by: self)
    }

    fileprivate func want(_ path: FlowPath, _ index: Int, _ wanted: inout FlowParents.Wanted) {
        let record: FlowRecord? =
            switch path.root {
            case .slot(let slot): interviews[index].slots[slot].record
            case .record: interviews[index].record
            case .prior: interviews[index].prior ?? interviews[index].record
            case .user, .organization, .formula, .template, .moment: nil
            }
        guard let record else { return }
        let id = path.lookup.map { record.values[$0.index]?.id } ?? record.id
        if let id { wanted.add(id, path.asked) }
    }

    /// The paths, and those of the formulas and templates they name.
    private func closure(_ paths: [FlowPath]) -> Set<FlowPath> {
        var all: Set<FlowPath> = []
        var waiting = paths
        while let path = waiting.popLast() {
            guard all.insert(path).inserted else { continue }
            switch path.root {
            case .formula(let number): waiting += plan.formulas[number].paths
            case .template(let number): waiting += plan.templates[number].paths
            case .slot, .record, .prior, .user, .organization, .moment: break
            }
        }
        return all
    }

    /// What the caller may not read, a flow in the caller's name does not read either.
    private func mayRead(_ path: FlowPath) throws {
        switch path.root {
        case .record, .prior: break
        case .slot, .user, .organization, .formula, .template, .moment: return
        }
        guard let object = path.object, let field = path.lookup ?? path.field else { return }
        guard writer.access.mayRead(field, of: object) else {
            throw RecordError(
                .insufficientAccess,
                "the flow runs with the rights of the user, who may not read "
                    + "\(object.name).\(field.name); declare `runIn: System` with a `reason`, or "
                    + "grant the field"
            )
        }
    }
}

extension FlowRecord {
    /// What the record holds in a field.
    func value(of field: FieldDefinition, _ path: FlowPath) throws -> FieldValue {
        if let value = values[field.index] { return value }
        if case .id = field.type { return id.map { .id($0) } ?? .null }
        // A record that the flow has put together has no other values.
        guard id != nil else { return .null }
        throw RecordError(
            .invalidField,
            "`\(path.text)` was not read: add `\(field.name)` to `queriedFields`, or grant the field "
                + "to whoever the flow runs for"
        )
    }
}

/// What has been read of other records than those that the flow holds.
struct FlowParents {
    private struct Key: Hashable {
        let record: RecordID
        let asked: String
    }

    /// What is to be read.
    struct Wanted {
        fileprivate var ids: [KeyPrefix: [RecordID: Set<String>]] = [:]

        mutating func add(_ id: RecordID, _ asked: String) {
            ids[id.prefix, default: [:]][id, default: []].insert(asked)
        }
    }

    private var values: [Key: FieldValue] = [:]

    func value(_ id: RecordID, _ asked: String) -> FieldValue? {
        values[Key(record: id, asked: asked)]
    }

    /// Forgets everything: something was saved.
    mutating func forget() { values = [:] }

    /// One query for each object, for what is not known yet.
    mutating func fetch(_ wanted: Wanted, by run: FlowRun) throws {
        for (prefix, asked) in wanted.ids.sorted(by: { $0.key.number < $1.key.number }) {
            guard let object = run.writer.schema.object(withPrefix: prefix) else { continue }
            let missing = asked.filter { id, paths in
                paths.contains { values[Key(record: id, asked: $0)] == nil }
            }
            // A parent of several kinds may lack what another kind has.
            let paths = Set(missing.values.flatMap { $0 })
                .filter { FlowQuery.reaches($0, from: object, run.writer.schema) }.sorted()
            guard !missing.isEmpty, !paths.isEmpty else { continue }
            let rows = try FlowQuery(object: object, paths: paths, by: run)
                .rows(ids: missing.keys.sorted())
            for row in rows {
                for path in paths {
                    values[Key(record: row.id, asked: path)] =
                        row.values[path.lowercased()] ?? .null
                }
            }
            // What cannot be seen is not asked for again.
            for id in missing.keys {
                for path in paths where values[Key(record: id, asked: path)] == nil {
                    values[Key(record: id, asked: path)] = .null
                }
            }
        }
    }
}

extension FlowRun {
    /// Reads what paths need, for items that stand in a place one after the other.
    func fetch(_ paths: [FlowPath], items: [(index: Int, item: FlowValue)], in slot: Int) throws {
        guard paths.contains(where: { $0.isFetched && $0.root == .slot(slot) }) else { return }
        var wanted = FlowParents.Wanted()
        for entry in items {
            interviews[entry.index].slots[slot] = entry.item
            for path in paths where path.isFetched && path.root == .slot(slot) {
                want(path, entry.index, &wanted)
            }
        }
        try parents.fetch(wanted, by: self)
    }
}
