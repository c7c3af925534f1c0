import Language
import Metadata

/// A matching rule made ready for the records of its object: what they are found by, and whether
/// two of them match.
struct MatchIndex: Sendable {
    let rule: MatchingRule
    let fields: [FieldDefinition]
    /// The items by which records are looked up, for the ways in which the rule can hold.
    private let ways: Set<[Int]>

    /// So many keys at most stand for one way.
    private static let keysPerWayMax = 36

    /// `nil` for a rule that is not active, or is about fields that are gone.
    init?(_ rule: MatchingRule, of object: ObjectDefinition) {
        let fields = rule.items.compactMap { object.field($0.field) }
        guard rule.isActive, fields.count == rule.items.count,
            let ways = rule.logic.ways(most: MatchingRule.waysMax)
        else { return nil }
        self.rule = rule
        self.fields = fields
        self.ways = Set(
            ways.map { way in
                let items = way.sorted {
                    (MatchIndex.breadth(rule.items[$0], fields[$0]), $0)
                        < (MatchIndex.breadth(rule.items[$1], fields[$1]), $1)
                }
                guard let first = items.first else { return [] }
                let isNarrow =
                    MatchIndex.breadth(rule.items[first], fields[first]) <= 2
                    && !rule.items[first].matchesBlanks
                return Array(items.prefix(isNarrow ? 1 : 2))
            }
        )
    }

    /// How many records share a value of such an item, by rank.
    private static func breadth(_ item: MatchingRule.Item, _ field: FieldDefinition) -> Int {
        switch item.method {
        case .email: 0
        case .exact: field.picklist == nil && field.valueType != .boolean ? 1 : 9
        case .phone: 2
        case .lastName, .companyName: 3
        case .street, .nGram, .editDistance, .jaroWinkler: 4
        case .metaphone, .zip: 5
        case .city: 6
        case .firstName: 7
        case .title: 8
        }
    }

    /// A record's values, in the order of the items.
    func values(of record: StoredRecord) -> [MatchValue] {
        zip(fields, rule.items).map { MatchValue(record[$0], $0, $1.method) }
    }

    /// Whether a change touches what the rule compares.
    func concerns(_ before: StoredRecord, _ after: StoredRecord) -> Bool {
        fields.contains { before[$0] != after[$0] }
    }

    /// The numbers under which a record is found.
    func keys(of values: [MatchValue]) -> [Int64] {
        var keys: Set<Int64> = []
        for way in ways {
            var texts = ["\(rule.name.folded)\u{1F}\(way)"]
            for item in way {
                let tokens = tokens(of: values[item], rule.items[item])
                texts = texts.flatMap { text in tokens.map { "\(text)\u{1F}\($0)" } }
            }
            keys.formUnion(texts.prefix(MatchIndex.keysPerWayMax).map(MatchKey.number))
        }
        return keys.sorted()
    }

    /// Without a value, a record is found only where both may lack it.
    private func tokens(of value: MatchValue, _ item: MatchingRule.Item) -> [String] {
        if value.isBlank { return item.matchesBlanks ? ["\u{0}"] : [] }
        return value.tokens(threshold: item.threshold)
    }

    /// How surely two records are the same, of 100; `nil` where they do not match.
    func confidence(_ left: [MatchValue], _ right: [MatchValue]) -> Double? {
        var matched: Set<Int> = []
        var sum = 0.0
        for (index, item) in rule.items.enumerated() {
            let (one, other) = (left[index], right[index])
            let likeness: Double
            switch (one.isBlank, other.isBlank) {
            case (true, true): likeness = item.matchesBlanks ? 100 : 0
            case (true, false), (false, true): likeness = 0
            case (false, false): likeness = one.likeness(other)
            }
            guard likeness > 0, likeness + 0.000_1 >= Double(item.threshold) else { continue }
            matched.insert(index)
            sum += likeness
        }
        guard !matched.isEmpty, rule.logic.holds(matched) else { return nil }
        return (sum / Double(matched.count) * 10).rounded() / 10
    }
}

extension OrgSchema {
    /// The rules by which records of an object are compared.
    func matchIndexes(of object: ObjectDefinition) -> [MatchIndex] {
        automation.matchingRules.filter { $0.object == object.name }
            .compactMap { MatchIndex($0, of: object) }
    }
}

// MARK: - Kept with the records

extension SaveOrder {
    func keepMatchKeys(_ batch: inout SaveBatch) throws {
        try writer.keepMatchKeys(
            of: object,
            batch.sound.compactMap { entry in
                entry.next.map { (before: entry.stored, after: $0) }
            }
        )
    }
}

extension RecordWriter {
    /// Keeps under which keys records are found, where a change touches these.
    func keepMatchKeys(
        of object: ObjectDefinition,
        _ changes: [(before: StoredRecord?, after: StoredRecord)]
    ) throws {
        let indexes = schema.matchIndexes(of: object)
        guard !indexes.isEmpty else { return }
        for (before, after) in changes {
            if let before, !indexes.contains(where: { $0.concerns(before, after) }) { continue }
            try writeTransaction.putMatchKeys(matchKeys(of: after, indexes), of: after.id)
        }
    }

    func matchKeys(of record: StoredRecord, _ indexes: [MatchIndex]) -> [Int64] {
        Set(indexes.flatMap { $0.keys(of: $0.values(of: record)) }).sorted()
    }
}
