import Kernel
import Language
import Metadata

/// Reads one state.
class ReferenceReadTransaction: ReadTransaction {
    var state: ReferenceState
    let now: Instant

    init(_ state: ReferenceState, now: Instant) {
        self.state = state
        self.now = now
    }

    func read<Sink: RowSink>(
        _ read: AuthorizedRead,
        _ page: PageRequest,
        into sink: inout Sink
    ) throws -> ReadOutcome {
        state.reads += 1
        return try ReferenceQuery(read, state, now: now).run(page, into: &sink)
    }

    func search(_ search: AuthorizedSearch) throws -> [RecordID] {
        ReferenceSearch(search, state).ids()
    }

    func load(_ object: ObjectDefinition, _ ids: [RecordID]) throws -> [StoredRecord] {
        state.reads += 1
        return ids.compactMap { state.record(object, $0) }
    }

    func visible(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        under predicate: RowPredicate
    ) throws -> Set<RecordID> {
        state.reads += 1
        let rows = ReferenceVisibility(state)
        return Set(
            ids.filter { id in
                state.record(object, id).map {
                    !object.isDeleted($0) && rows.allows($0, under: predicate)
                } ?? false
            }
        )
    }

    func find(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        _ values: [FieldValue]
    ) throws -> [(value: FieldValue, id: RecordID)] {
        state.reads += 1
        let live = state.all(object).filter { !object.isDeleted($0) }
        return values.filter { !$0.isNull }.flatMap { value in
            let wanted = ComparisonKey(value, field.valueType)
            return live.filter { ComparisonKey($0[field], field.valueType) == wanted }
                .map { (value: value, id: $0.id) }
        }
    }

    func children(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        of parents: [RecordID],
        limit: Int
    ) throws -> [(id: RecordID, parent: RecordID)] {
        let wanted = Set(parents)
        let found = state.all(object).filter { !object.isDeleted($0) }
            .compactMap { record in record[field].id.map { (id: record.id, parent: $0) } }
            .filter { wanted.contains($0.parent) }
            .sorted { ($0.parent, $0.id) < ($1.parent, $1.id) }
        return Array(found.prefix(max(0, limit)))
    }

    func matches(_ keys: [Int64], limit: Int) throws -> [(key: Int64, id: RecordID)] {
        keys.flatMap { key in
            state.matchKeys.filter { $0.value.contains(key) }.keys.sorted(by: >)
                .prefix(max(0, limit)).map { (key: key, id: $0) }
        }
    }

    func blob(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        _ id: RecordID
    ) throws -> [UInt8]? {
        state.files[ReferenceState.FileKey(record: id, field: field.name)]
    }

    func changed(
        _ object: ObjectDefinition,
        from start: Instant,
        to end: Instant,
        isDeleted: Bool
    ) throws -> [(id: RecordID, at: Instant)] {
        guard let stamp = object.field("SystemModstamp") else { return [] }
        let found: [(id: RecordID, at: Instant)] = state.all(object).compactMap { record in
            guard object.isDeleted(record) == isDeleted, case .dateTime(let moment) = record[stamp],
                moment >= start, moment < end
            else { return nil }
            return (record.id, moment)
        }
        return found.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    func document(kind: String, key: String) throws -> String? {
        state.documents[ReferenceState.DocumentKey(kind: kind, key: key)]
    }

    func documents(kind: String) throws -> [(key: String, text: String)] {
        state.documents.filter { $0.key.kind == kind }
            .map { (key: $0.key.key, text: $0.value) }
            .sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    }
}

/// Which records a predicate allows.
struct ReferenceVisibility {
    private let state: ReferenceState
    private let now: Instant

    init(_ state: ReferenceState, now: Instant = Instant(milliseconds: 0)) {
        self.state = state
        self.now = now
    }

    func allows(_ record: StoredRecord, under predicate: RowPredicate) -> Bool {
        switch predicate {
        case .everything: true
        case .nothing: false
        case .fieldIn(let key, let ids): record[key.field].id.map(ids.contains) ?? false
        case .fieldIsNull(let key): record[key.field].isNull
        case .textIn(let key, let texts): record[key.field].text.map(texts.contains) ?? false
        case .parentVisible(let key, let rules):
            record[key.field].id.map { parent in rules.contains { allows(parent, by: $0) } }
                ?? false
        case .childVisible(let rule):
            state.all(rule.object).contains { child in
                child[rule.field].id == record.id && !rule.object.isDeleted(child)
                    && allows(child, under: rule.rows)
            }
        case .shared(let key, let shares):
            record[key.field].id.map { id in
                state.all(shares.share).contains { share in
                    share[shares.record].id == id
                        && share[shares.key].id.map(shares.keys.contains) ?? false
                        && shares.levels.map { $0.contains(share[shares.level].text ?? "") } ?? true
                }
            } ?? false
        case .condition(let own):
            ReferenceEvaluator(rows: [[record]], context: own.context, now: now)
                .holds(own.condition)
        case .any(let parts): parts.contains { allows(record, under: $0) }
        case .all(let parts): parts.allSatisfy { allows(record, under: $0) }
        }
    }

    private func allows(_ parent: RecordID, by rule: RowPredicate.ParentRule) -> Bool {
        guard let record = state.record(rule.object, parent) else { return false }
        return !rule.object.isDeleted(record) && allows(record, under: rule.rows)
    }
}
