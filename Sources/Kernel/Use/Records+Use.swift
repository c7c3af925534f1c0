package import Metadata
package import UseMeter

/// Where an org's day totals are kept: one document for each day.
enum UseDocuments {
    static let kind = "use-count"

    /// Texts by which days sort as they follow each other.
    static func key(_ day: Int32) -> String {
        let text = String(max(0, day))
        return String(repeating: "0", count: max(0, 8 - text.count)) + text
    }

    static func day(_ number: Int32, in tx: any ReadTransaction) throws -> UseDay? {
        guard let text = try tx.document(kind: kind, key: key(number)) else { return nil }
        guard let day = UseDay(text), day.day == number else {
            throw RecordError(.unknownException, "the day total \(key(number)) cannot be read")
        }
        return day
    }

    static func add(_ day: UseDay, in tx: any WriteTransaction) throws {
        var kept = try self.day(day.day, in: tx) ?? UseDay(day: day.day)
        kept.add(day)
        try tx.putDocument(kind: kind, key: key(day.day), text: kept.text)
    }

    /// Removes days that are older than totals are kept.
    static func removeOld(at now: Instant, in tx: any WriteTransaction) throws {
        let first = key(now.useDay - Limits.useDaysKept)
        for document in try tx.documents(kind: kind) where document.key < first {
            try tx.putDocument(kind: kind, key: document.key, text: nil)
        }
    }
}

// Day totals on their way to the orgs' own stores, and back.
extension Records {
    /// Writes what was counted since the last time into the orgs' stores.
    ///
    /// - Returns: where that failed; what was counted there is counted again the next time.
    package func keepUse() async -> [(org: OrgID, error: any Error)] {
        var failures: [(org: OrgID, error: any Error)] = []
        for (org, days) in uses.take() {
            do {
                try await store.write(org) { tx in
                    for day in days { try UseDocuments.add(day, in: tx) }
                }
            } catch {
                uses.putBack(days, of: org)
                failures.append((org: org, error: error))
            }
        }
        return failures
    }

    /// Whether what is counted should be written before its time.
    package var isUseCrowded: Bool { uses.isCrowded }

    /// Notes that counts of so many seconds before a moment may be lost: the program has ended
    /// without having kept them.
    package func noteLostUse(seconds: Int, before moment: Instant, in org: OrgID) async throws {
        var day = UseDay(day: moment.useDay)
        day.addLost(seconds: seconds)
        let lost = day
        try await store.write(org) { tx in try UseDocuments.add(lost, in: tx) }
    }

    /// An org's day totals as they were last written, in the order of the days; days on which
    /// nothing was done are left out.
    ///
    /// - Parameter days: days since 1970-01-01, in UTC.
    package func use(of org: OrgID, on days: ClosedRange<Int32>) async throws -> [UseDay] {
        try await store.read(org, isBrief: true) { tx in
            try days.suffix(Int(Limits.useDaysKept) + 1)
                .compactMap { try UseDocuments.day($0, in: tx) }
        }
    }

    /// How many records an org has, by product; no record is looked at.
    package func recordCounts(of org: OrgID) async throws -> RecordCounts {
        let caller = Caller.system(org, as: org.record, because: "how many records there are")
        return try await read(as: caller) { reader in
            var products: [String: Int] = [:]
            var users = 0
            for object in reader.schema.objects where object.isStored {
                let count = try reader.rows(countOf: object)
                let product = reader.schema.products.product(of: object)
                products[product ?? ProductMap.platform, default: 0] += count
                if object.name == "User" { users = count }
            }
            return RecordCounts(products: products, users: users)
        }
    }
}

// Snapshots of the register, beside the totals that they were made of.
extension Records {
    private static let snapshotKind = "use-snapshot"
    private static let proofKind = "use-proof"

    /// Keeps what the operator sees of an org on a day, byte for byte, and forgets what is too old.
    package func keepUseSnapshot(_ text: String, on day: Int32, of org: OrgID) async throws {
        try await keep(text, Self.snapshotKind, on: day, of: org)
    }

    /// Keeps how the snapshot of a day is found in what the log tells of that day.
    package func keepUseProof(_ text: String, on day: Int32, of org: OrgID) async throws {
        try await keep(text, Self.proofKind, on: day, of: org)
    }

    private func keep(_ text: String, _ kind: String, on day: Int32, of org: OrgID) async throws {
        let first = UseDocuments.key(day - Limits.useDaysKept)
        try await store.write(org) { tx in
            try tx.putDocument(kind: kind, key: UseDocuments.key(day), text: text)
            for document in try tx.documents(kind: kind) where document.key < first {
                try tx.putDocument(kind: kind, key: document.key, text: nil)
            }
        }
    }

    /// The snapshots of an org that are kept of these days, the earliest first.
    package func useSnapshots(
        of org: OrgID,
        on days: ClosedRange<Int32>
    ) async throws -> [String] {
        try await documents(Self.snapshotKind, of: org, on: days)
    }

    /// The proofs of an org that are kept of these days, the earliest first.
    package func useProofs(
        of org: OrgID,
        on days: ClosedRange<Int32>
    ) async throws -> [String] {
        try await documents(Self.proofKind, of: org, on: days)
    }

    private func documents(
        _ kind: String,
        of org: OrgID,
        on days: ClosedRange<Int32>
    ) async throws -> [String] {
        let (first, last) = (UseDocuments.key(days.lowerBound), UseDocuments.key(days.upperBound))
        return try await store.read(org, isBrief: true) { tx in
            try tx.documents(kind: kind)
                .filter { first <= $0.key && $0.key <= last }
                .sorted { $0.key < $1.key }
                .map(\.text)
        }
    }
}
