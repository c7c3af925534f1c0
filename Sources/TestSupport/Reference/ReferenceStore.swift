package import Kernel
package import Metadata
import Store

/// The store that the others are compared with: arrays and loops, obvious on sight, slow on purpose.
///
/// It keeps everything in memory and reads an authorized plan as the documentation of its parts says
/// it. Where a real store disagrees with it, one of the two is wrong, or the documentation is silent.
package final class ReferenceStore: RecordStore {
    private let orgs = Locked<[OrgID: ReferenceOrg]>([:])
    private let clock: any WallClock

    package init(clock: any WallClock) {
        self.clock = clock
    }

    package func createOrg(_ org: OrgID, idBase: Int64) async throws {
        let made = ReferenceOrg(idBase: idBase)
        let isNew = orgs.withLock { orgs in
            if orgs[org] != nil { return false }
            orgs[org] = made
            return true
        }
        guard isNew else {
            throw RecordError(.duplicateValue, "there is an org `\(org)` already")
        }
    }

    /// A store with the same orgs as they are now.
    func copy(clock: any WallClock) -> ReferenceStore {
        let copy = ReferenceStore(clock: clock)
        let present = orgs.withLock { $0.mapValues { $0.copy() } }
        copy.orgs.withLock { $0 = present }
        return copy
    }

    package func steps(from old: OrgSchema?, to new: OrgSchema) -> [SchemaStep] {
        TableChange.plan(from: old, to: new).map {
            SchemaStep(sentence: $0.sentence, losesData: $0.losesData)
        }
    }

    package func read<Result: Sendable>(
        _ org: OrgID,
        isBrief: Bool,
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Result
    ) async throws -> Result {
        let state = try find(org).present
        return try body(ReferenceReadTransaction(state, now: clock.now()))
    }

    package func write<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result {
        try find(org).write(now: clock.now(), body)
    }

    /// Saves come one after the other here in any case.
    package func writeAlone<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result {
        try await write(org, body)
    }

    private func find(_ org: OrgID) throws -> ReferenceOrg {
        guard let found = orgs.withLock({ $0[org] }) else {
            throw RecordError(.notFound, "there is no org `\(org)`")
        }
        return found
    }
}

/// One org: its present state, and the numbers that are never taken back.
final class ReferenceOrg: Sendable {
    private let state = Locked(ReferenceState())
    /// Held for the whole of a save: saves come one after the other.
    private let turn = Locked(())
    private let lastIDs = Locked<[KeyPrefix: Int64]>([:])
    private let idBase: Int64

    init(idBase: Int64) {
        self.idBase = max(0, idBase)
    }

    var present: ReferenceState { state.withLock { $0 } }

    func copy() -> ReferenceOrg {
        let copy = ReferenceOrg(idBase: idBase)
        let (state, lastIDs) = (present, self.lastIDs.withLock { $0 })
        copy.state.withLock { $0 = state }
        copy.lastIDs.withLock { $0 = lastIDs }
        return copy
    }

    func write<Result: Sendable>(
        now: Instant,
        _ body: (any WriteTransaction) throws -> Result
    ) throws -> Result {
        try turn.withLock { _ in
            let transaction = ReferenceWriteTransaction(present, now: now, org: self)
            let result = try body(transaction)
            state.withLock { [kept = transaction.state] in $0 = kept }
            for hook in transaction.hooks { hook() }
            return result
        }
    }

    /// Numbers of record ids; what is undone does not give them back.
    func newIDs(_ object: ObjectDefinition, count: Int) -> [RecordID] {
        let prefix = object.keyPrefix
        let last = lastIDs.withLock { lastIDs in
            let last = lastIDs[prefix] ?? idBase
            lastIDs[prefix] = last + Int64(count)
            return last
        }
        return (0..<Int64(count)).map { RecordID(prefix: prefix, sequence: last + 1 + $0) }
    }
}

/// All that an org holds at one moment: a value, so a copy is a snapshot.
struct ReferenceState: Sendable {
    /// Records by object and id, deleted ones too.
    var records: [APIName: [RecordID: StoredRecord]] = [:]
    /// The bytes of files, by record and field.
    var files: [FileKey: [UInt8]] = [:]
    var documents: [DocumentKey: String] = [:]
    /// The keys under which records are found by what they hold.
    var matchKeys: [RecordID: Set<Int64>] = [:]
    /// The last number given of each auto-number field, by `Object.Field`.
    var lastNumbers: [String: Int64] = [:]
    var outbox: [StagedEntry] = []
    var jobs: [Int64: Job] = [:]
    var lastJob: Int64 = 0
    var timers: [String: JobTimer] = [:]
    /// Questions asked and changes written so far, for tests that count them.
    var reads = 0
    var writes = 0

    struct FileKey: Hashable {
        let record: RecordID
        let field: APIName
    }

    struct DocumentKey: Hashable {
        let kind: String
        let key: String
    }

    /// Every record of an object in the order of ids, deleted ones too.
    func all(_ object: ObjectDefinition) -> [StoredRecord] {
        (records[object.name] ?? [:]).values.sorted { $0.id < $1.id }
    }

    func record(_ object: ObjectDefinition, _ id: RecordID) -> StoredRecord? {
        records[object.name]?[id]
    }
}

extension ObjectDefinition {
    /// Whether a record of this object is in the recycle bin.
    func isDeleted(_ record: StoredRecord) -> Bool {
        field("IsDeleted").map { record[$0] == .boolean(true) } ?? false
    }
}

extension ReferenceStore {
    /// All that an org holds, to be put into another store.
    package struct Contents: Sendable {
        package var records: [APIName: [StoredRecord]]
        package var documents: [(kind: String, key: String, text: String)]
    }

    /// How many questions were asked of an org and how many changes written, in saves that stayed.
    package func work(of org: OrgID) throws -> (reads: Int, writes: Int) {
        let state = try find(org).present
        return (state.reads, state.writes)
    }

    package func contents(of org: OrgID) throws -> Contents {
        let state = try find(org).present
        return Contents(
            records: state.records.mapValues { $0.values.sorted { $0.id < $1.id } },
            documents: state.documents.map { ($0.key.kind, $0.key.key, $0.value) }
        )
    }
}
