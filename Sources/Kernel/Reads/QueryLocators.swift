import Metadata
private import Synchronization

/// The ordered ids behind the pages of large results: a page is stable while records change.
package final class QueryLocators: Sendable {
    /// What a later page needs to be read.
    struct Entry: Sendable {
        let org: OrgID
        let user: RecordID
        let soql: String
        let includesDeleted: Bool
        let ids: [RecordID]
        let expires: Instant
    }

    private struct Contents {
        var entries: [Int64: Entry] = [:]
        /// Oldest first.
        var order: [Int64] = []
        var idCount = 0
    }

    private let contents = Mutex(Contents())
    private static let prefix = KeyPrefix("0r8") ?? KeyPrefix(number: 0)

    package init() {}

    /// Keeps a result; its locator's first part is the id returned.
    func keep(_ entry: Entry) -> RecordID {
        contents.withLock { contents in
            var sequence: Int64
            repeat {
                sequence = Int64.random(in: 1...RecordID.sequenceMask)
            } while contents.entries[sequence] != nil
            contents.entries[sequence] = entry
            contents.order.append(sequence)
            contents.idCount += entry.ids.count
            trim(&contents, for: entry.org)
            return RecordID(prefix: QueryLocators.prefix, sequence: sequence)
        }
    }

    func entry(_ cursor: RecordID, at now: Instant) -> Entry? {
        guard cursor.prefix == QueryLocators.prefix else { return nil }
        return contents.withLock { contents in
            guard let entry = contents.entries[cursor.sequence], entry.expires > now else {
                return nil
            }
            return entry
        }
    }

    private func trim(_ contents: inout Contents, for org: OrgID) {
        while contents.idCount > Limits.locatorIDsMax, contents.order.count > 1 {
            drop(contents.order[0], &contents)
        }
        let mine = contents.order.filter { contents.entries[$0]?.org == org }
        if mine.count > Limits.locatorsPerOrgMax { drop(mine[0], &contents) }
    }

    private func drop(_ sequence: Int64, _ contents: inout Contents) {
        if let entry = contents.entries.removeValue(forKey: sequence) {
            contents.idCount -= entry.ids.count
        }
        contents.order.removeAll { $0 == sequence }
    }
}
