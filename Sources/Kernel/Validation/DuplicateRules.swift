import Metadata

// Records that a save would repeat.
extension SaveOrder {
    /// Refuses what a duplicate rule blocks, or alerts of; what it only reports is kept for later.
    func findDuplicates(_ batch: inout SaveBatch) throws {
        guard !options.duplicates.isOff else { return }
        let rules = writer.schema.automation.duplicateRules
            .filter { $0.isActive && $0.object == object.name }
            .sorted { ($0.sortOrder, $0.name) < ($1.sortOrder, $1.name) }
        guard !rules.isEmpty else { return }
        let wanted = Set(rules.flatMap(\.matchingRules))
        let indexes = writer.schema.matchIndexes(of: object).filter {
            wanted.contains($0.rule.name)
        }
        guard !indexes.isEmpty else { return }
        var search = DuplicateSearch(order: self, indexes: indexes)
        let applications = applications(of: rules, indexes, to: batch)
        try search.look(for: batch, applying: applications)
        for (index, rules) in applications {
            for rule in rules {
                // What is refused itself is not repeated by what comes after it.
                let found = search.matches(of: index, rule).filter { found in
                    if case .inBatch(let other) = found.match {
                        batch.entries[other].isSound
                    } else {
                        true
                    }
                }
                guard !found.isEmpty else { continue }
                let response = batch.entries[index].isCreated ? rule.onInsert : rule.onUpdate
                let isAlert = response.operations.contains(.alert) && !options.duplicates.allowSave
                if response.action == .block || isAlert {
                    let result = search.result(rule, response, found, for: index)
                    batch.entries[index].errors.append(
                        RecordError(
                            .duplicatesDetected,
                            result.message,
                            detail: .duplicates(result)
                        )
                    )
                    break
                }
                if response.operations.contains(.report) {
                    batch.entries[index].reported.append(
                        .init(rule: rule.name, matches: found.map(\.match))
                    )
                }
            }
        }
    }

    /// Which rules are asked about which records: an update only where it touches what is compared.
    private func applications(
        of rules: [DuplicateRule],
        _ indexes: [MatchIndex],
        to batch: SaveBatch
    ) -> [(index: Int, rules: [DuplicateRule])] {
        batch.entries.indices.compactMap { index in
            let entry = batch.entries[index]
            guard entry.isSound, let next = entry.next else { return nil }
            let asked = rules.filter { rule in
                let response = entry.isCreated ? rule.onInsert : rule.onUpdate
                guard response.action == .block || !response.operations.isEmpty else {
                    return false
                }
                guard let stored = entry.stored else { return true }
                return indexes.contains {
                    rule.matchingRules.contains($0.rule.name) && $0.concerns(stored, next)
                }
            }
            return asked.isEmpty ? nil : (index, asked)
        }
    }
}

/// Another record that is taken for the same thing.
enum DuplicateMatch: Hashable {
    case stored(RecordID)
    /// A record of the same save, by its index in the batch.
    case inBatch(Int)
}

/// What a save found, rule by rule.
struct DuplicateSearch {
    struct Found {
        let match: DuplicateMatch
        let index: MatchIndex
        let confidence: Double
        let values: [MatchValue]
    }

    /// So many records are looked at under one key, the latest first.
    static let candidatesPerKeyMax = 100

    private let order: SaveOrder
    private let indexes: [MatchIndex]
    private var found: [Int: [Found]] = [:]
    private var batch: SaveBatch?
    private var stored: [RecordID: StoredRecord] = [:]
    private var visible: Set<RecordID> = []

    init(order: SaveOrder, indexes: [MatchIndex]) {
        self.order = order
        self.indexes = indexes
    }

    /// Looks for all records of a batch at once.
    mutating func look(
        for batch: SaveBatch,
        applying applications: [(index: Int, rules: [DuplicateRule])]
    ) throws {
        self.batch = batch
        let asked = Set(applications.map(\.index))
        guard !asked.isEmpty else { return }
        var sought: [(index: MatchIndex, values: [Int: [MatchValue]], keys: [Int: [Int64]])] = []
        for index in indexes {
            var values: [Int: [MatchValue]] = [:]
            for position in batch.entries.indices where batch.entries[position].isSound {
                if let next = batch.entries[position].next {
                    values[position] = index.values(of: next)
                }
            }
            sought.append((index, values, values.mapValues { index.keys(of: $0) }))
        }
        let keys = Set(sought.flatMap { $0.keys.filter { asked.contains($0.key) }.values.joined() })
        let hits = try order.tx.matches(keys.sorted(), limit: DuplicateSearch.candidatesPerKeyMax)
        try load(Set(hits.map(\.id)), of: batch)
        let idsByKey = Dictionary(grouping: hits, by: \.key).mapValues { $0.map(\.id) }
        for (index, values, keys) in sought {
            compare(index, values, keys, idsByKey, asked)
        }
    }

    /// What a rule's matches are, as far as it compares records that the caller may not see.
    func matches(of entry: Int, _ rule: DuplicateRule) -> [Found] {
        let isOpen =
            rule.security == .bypassSharing && !order.options.duplicates.runsAsCurrentUser
        return (found[entry] ?? []).filter { found in
            guard rule.matchingRules.contains(found.index.rule.name) else { return false }
            if case .stored(let id) = found.match { return isOpen || visible.contains(id) }
            return true
        }
    }

    /// Records that are saved together are compared as they will be.
    private mutating func load(_ ids: Set<RecordID>, of batch: SaveBatch) throws {
        let own = Set(batch.entries.compactMap { $0.stored?.id })
        let others = ids.subtracting(own).sorted()
        for start in stride(from: 0, to: others.count, by: 500) {
            let some = Array(others[start..<min(start + 500, others.count)])
            for record in try order.tx.load(order.object, some)
            where !order.writer.isDeleted(record, order.object) {
                stored[record.id] = record
            }
        }
        visible = try order.tx.visible(
            stored.keys.sorted(),
            of: order.object,
            under: order.writer.authorizer.rows(of: order.object, for: .read)
        )
    }

    private mutating func compare(
        _ index: MatchIndex,
        _ values: [Int: [MatchValue]],
        _ keys: [Int: [Int64]],
        _ idsByKey: [Int64: [RecordID]],
        _ asked: Set<Int>
    ) {
        var others: [RecordID: [MatchValue]] = [:]
        var entriesByKey: [Int64: [Int]] = [:]
        for entry in values.keys.sorted() {
            guard let own = values[entry], let ownKeys = keys[entry] else { continue }
            if asked.contains(entry) {
                let ids = Set(ownKeys.flatMap { idsByKey[$0] ?? [] }).sorted()
                for id in ids {
                    guard let record = stored[id] else { continue }
                    let other = others[id] ?? index.values(of: record)
                    others[id] = other
                    note(.stored(id), entry, index, own, other)
                }
                let before = Set(ownKeys.flatMap { entriesByKey[$0] ?? [] }).sorted()
                for other in before {
                    if let others = values[other] {
                        note(.inBatch(other), entry, index, own, others)
                    }
                }
            }
            for key in ownKeys { entriesByKey[key, default: []].append(entry) }
        }
    }

    private mutating func note(
        _ match: DuplicateMatch,
        _ entry: Int,
        _ index: MatchIndex,
        _ own: [MatchValue],
        _ other: [MatchValue]
    ) {
        guard let confidence = index.confidence(own, other) else { return }
        found[entry, default: []].append(
            Found(match: match, index: index, confidence: confidence, values: other)
        )
    }
}

// MARK: - What the caller is told

extension DuplicateSearch {
    /// What was found, without what the caller may not see.
    func result(
        _ rule: DuplicateRule,
        _ response: DuplicateRule.Response,
        _ found: [Found],
        for entry: Int
    ) -> DuplicateResult {
        var results: [DuplicateResult.MatchResult] = []
        for index in indexes {
            let own = found.filter { $0.index.rule.name == index.rule.name }
                .sorted { $0.confidence > $1.confidence }
            guard !own.isEmpty else { continue }
            let isExact = index.rule.items.allSatisfy { $0.method.isExact }
            results.append(
                DuplicateResult.MatchResult(
                    rule: index.rule.name,
                    entityType: order.object.name,
                    matchEngine: isExact ? "ExactMatchEngine" : "FuzzyMatchEngine",
                    records: own.prefix(100).compactMap { record($0, for: entry) },
                    size: own.count
                )
            )
        }
        return DuplicateResult(
            allowSave: response.action == .allow,
            rule: rule.name,
            entityType: order.object.name,
            message: rule.alertText ?? "Use one of these records?",
            matchResults: results
        )
    }

    private func record(_ found: Found, for entry: Int) -> DuplicateResult.MatchRecord? {
        let other: StoredRecord?
        var (id, position): (RecordID?, Int?) = (nil, nil)
        switch found.match {
        case .stored(let found):
            guard visible.contains(found) else { return nil }
            id = found
            other = stored[found]
        case .inBatch(let index):
            guard let batch else { return nil }
            id = batch.entries[index].stored?.id
            position = batch.entries[index].position
            other = batch.entries[index].next
        }
        guard let other, let own = batch?.entries[entry].next else { return nil }
        let fields = found.index.fields.filter { order.access.mayRead($0, of: order.object) }
        return DuplicateResult.MatchRecord(
            id: id,
            position: position,
            confidence: found.confidence,
            differences: fields.map { field in
                let kind: DuplicateResult.FieldDifference.Kind =
                    own[field].isNull || other[field].isNull
                    ? .null : own[field] == other[field] ? .same : .different
                return .init(field: field.name, kind: kind)
            },
            values: details(of: other, fields)
        )
    }

    private func details(
        of record: StoredRecord,
        _ compared: [FieldDefinition]
    ) -> [DuplicateResult.NamedValue] {
        guard order.options.duplicates.includesRecordDetails else { return [] }
        var fields = compared
        if let name = order.object.nameField, !fields.contains(where: { $0.name == name.name }) {
            fields.append(name)
        }
        return fields.map { .init(field: $0.name, value: record[$0]) }
    }
}
