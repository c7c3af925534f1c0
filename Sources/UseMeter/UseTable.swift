/// Counts of uses by their keys, in bounded room.
///
/// Used by one thread at a time. Once a key is known, counting allocates nothing.
package struct UseTable: Sendable {
    /// Keys that are told apart; what comes after them counts among the others.
    package let keysMax: Int
    private var counts: [UseKey: UseCount] = [:]
    /// Uses that had no room even among the others.
    private var unattributed = 0

    package init(keysMax: Int) {
        self.keysMax = max(1, keysMax)
    }

    /// What a table held.
    package struct Contents: Sendable {
        package let counts: [UseKey: UseCount]
        /// Uses that are known of no org.
        package let unattributed: Int
    }

    /// Whether so many keys are there that it should be emptied before its time.
    package var isCrowded: Bool { counts.count >= keysMax - keysMax / 4 }

    package var isEmpty: Bool { counts.isEmpty && unattributed == 0 }

    package mutating func count(_ key: UseKey, uses: Int, records: Int) {
        if let place = counts.index(forKey: key) {
            counts.values[place].add(uses: uses, records: records)
        } else {
            begin(key, uses: uses, records: records)
        }
    }

    /// The first use under a key.
    private mutating func begin(_ key: UseKey, uses: Int, records: Int) {
        guard counts.count >= keysMax else {
            counts[key] = UseCount(uses: uses, records: records)
            return
        }
        let other = key.amongOthers
        if let place = counts.index(forKey: other) {
            counts.values[place].add(uses: uses, records: records)
        } else if counts.count < keysMax + keysMax / 4 + 1 {
            counts[other] = UseCount(uses: uses, records: records)
        } else {
            unattributed = UseCount.sum(unattributed, uses)
        }
    }

    /// Empties the table, and keeps its room.
    package mutating func take() -> Contents {
        let contents = Contents(counts: counts, unattributed: unattributed)
        counts.removeAll(keepingCapacity: true)
        unattributed = 0
        return contents
    }
}
