package import Metadata
import UseMeter

/// A caller's view of one snapshot of an org that can be changed; confined to its body.
package final class RecordWriter: RecordReader {
    let writeTransaction: any WriteTransaction
    let snapshots: SnapshotCache
    let logins: any LoginDesk
    let wakeUp: JobWakeUp
    /// The saves within which this writer works.
    var chain: SaveChain
    /// Notes what saves do; nothing is noted where it is missing.
    package var trace: SaveTrace?
    /// What is told of the transaction as a whole.
    let told: TransactionTelling
    /// What the flows of this transaction have used, whoever they run for.
    var flowWork = FlowWork()

    init(
        caller: Caller,
        snapshot: OrgSnapshot,
        access: CallerAccess,
        now: Instant,
        tx: any WriteTransaction,
        locators: QueryLocators,
        secrets: SecretBox,
        uses: UseCounter,
        snapshots: SnapshotCache,
        logins: any LoginDesk,
        wakeUp: JobWakeUp,
        chain: SaveChain = SaveChain(),
        trace: SaveTrace? = nil,
        told: TransactionTelling = TransactionTelling()
    ) {
        writeTransaction = tx
        self.snapshots = snapshots
        self.logins = logins
        self.wakeUp = wakeUp
        self.chain = chain
        self.trace = trace
        self.told = told
        super.init(
            caller: caller,
            snapshot: snapshot,
            access: access,
            now: now,
            tx: tx,
            locators: locators,
            secrets: secrets,
            uses: uses
        )
    }

    /// Set once, when the writer is made for a flow with rights of its own.
    var flow: APIName?

    override var actsForFlow: Bool { flow != nil }

    override var flowThatActs: APIName? { flow }

    override var memory: TransactionMemory? { told.memory }

    /// What a transaction does counts once it is on disk.
    override func note(_ key: UseKey, uses: Int, records: Int) {
        told.uses.note(key, uses: uses, records: records)
    }

    override func onceLasting(_ body: @escaping @Sendable () -> Void) {
        writeTransaction.afterCommit(body)
    }

    /// Creates, changes or upserts records, in the order given.
    ///
    /// - Returns: what became of each. With `allOrNone`, nothing is saved unless all can be, and
    ///   those without an error of their own say that they were rolled back.
    /// - Throws: `RecordError` where the request as a whole cannot be served.
    package func save(
        _ drafts: [RecordDraft],
        _ operation: SaveOperation,
        options: SaveOptions = SaveOptions()
    ) throws -> [SaveResult] {
        guard drafts.count <= options.batchSizeMax else {
            throw RecordError(
                .exceededIDLimit,
                "record limit reached. cannot submit more than \(options.batchSizeMax) records in "
                    + "this operation"
            )
        }
        let start = ContinuousClock.now
        defer { timings.add(ContinuousClock.now - start, to: .save) }
        return try allOrNothing(options.allOrNone, count: drafts.count) {
            var results: [SaveResult?] = Array(repeating: nil, count: drafts.count)
            for chunk in RecordWriter.chunks(drafts) {
                let entries = chunk.map {
                    SaveBatch.Entry(position: $0.position, draft: $0.draft)
                }
                try save(entries, operation, options, into: &results)
            }
            return results.map { $0 ?? .failure(.unknownException, "the record was not reached") }
        }
    }

    /// Runs a save that either stays whole or leaves nothing.
    func allOrNothing(
        _ isWanted: Bool,
        count: Int,
        _ body: () throws -> [SaveResult]
    ) throws -> [SaveResult] {
        guard isWanted else { return try body() }
        var results: [SaveResult] = []
        do {
            try savepoint {
                results = try body()
                if results.contains(where: { !$0.errors.isEmpty }) { throw Undone() }
            }
        } catch is Undone {
            return results.map { result in
                guard result.errors.isEmpty else { return result }
                return .failure(
                    .allOrNoneOperationRolledBack,
                    "Record rolled back because not all records were valid and the request was "
                        + "using AllOrNone header"
                )
            }
        }
        return results
    }

    private struct Undone: Error {}

    /// Neighbours of one object are saved together; the order of the request is kept.
    private static func chunks(
        _ drafts: [RecordDraft]
    ) -> [[(position: Int, draft: RecordDraft)]] {
        var chunks: [[(position: Int, draft: RecordDraft)]] = []
        for (position, draft) in drafts.enumerated() {
            if let last = chunks.last?.first?.draft.object, APIName(last) == APIName(draft.object) {
                chunks[chunks.count - 1].append((position, draft))
            } else {
                chunks.append([(position, draft)])
            }
        }
        return chunks
    }

    /// What fails inside is undone; the rest of the transaction stays.
    package func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        let mark = told.uses.mark
        do {
            return try writeTransaction.savepoint(body)
        } catch {
            told.uses.forget(after: mark)
            throw error
        }
    }

    /// Puts records in front of the caller's recently viewed ones.
    package func markRecent(_ ids: [RecordID]) throws {
        let known = try recentIDs()
        let added = Array(ids.prefix(Limits.recentMax))
        let all = added + known.filter { !added.contains($0) }
        let text = all.prefix(Limits.recentMax).map { String($0.number) }.joined(separator: " ")
        try writeTransaction.putDocument(
            kind: RecentDocument.kind,
            key: caller.user.description,
            text: text
        )
    }
}

/// Where a user's recently viewed records are kept.
enum RecentDocument {
    static let kind = "recently-viewed"
}

extension RecordReader {
    /// The caller's recently viewed records that are still there, the latest first.
    package func recent(limit: Int, object: ObjectDefinition? = nil) throws -> [RecordID] {
        let wanted = try recentIDs().filter { object == nil || $0.prefix == object?.keyPrefix }
        var seen: Set<RecordID> = []
        for (prefix, ids) in Dictionary(grouping: wanted, by: \.prefix) {
            guard let object = schema.object(withPrefix: prefix), access.mayRead(object) else {
                continue
            }
            seen.formUnion(
                try tx.visible(ids, of: object, under: authorizer.rows(of: object, for: .read))
            )
        }
        return Array(wanted.filter(seen.contains).prefix(max(0, limit)))
    }

    func recentIDs() throws -> [RecordID] {
        let text = try tx.document(kind: RecentDocument.kind, key: caller.user.description) ?? ""
        return text.split(separator: " ").compactMap { Int64($0) }.map { RecordID(number: $0) }
    }
}
