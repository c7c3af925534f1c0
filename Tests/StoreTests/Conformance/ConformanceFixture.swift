import Kernel
import Language
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// A store of some kind with one org, which has the tables of the small service desk.
struct ConformanceFixture {
    let store: any RecordStore
    let clock = TestClock()
    let org = ServiceDesk.org
    private let kept: TestStore

    init(_ kind: StoreKind, idBase: Int64 = 999) async throws {
        kept = kind.make(clock: clock)
        store = kept.store
        try await store.createOrg(org, idBase: idBase)
        try await store.write(org) { transaction in
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: ServiceDesk.schema))
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Result
    ) async throws -> Result {
        try await store.read(org, isBrief: false, body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result {
        try await store.write(org, body)
    }

    @discardableResult
    func insert(_ name: APIName, _ values: [APIName: FieldValue]) async throws -> RecordID {
        try await write { try $0.insert(name, values) }
    }

    func update(_ name: APIName, _ id: RecordID, _ values: [APIName: FieldValue]) async throws {
        try await write { try $0.update(name, id, values) }
    }

    func delete(_ name: APIName, _ id: RecordID) async throws {
        try await write { transaction in
            let object = try ServiceDesk.object(name)
            let update = try transaction.change(object, id, [:])
            try transaction.write(AuthorizedWrite(object: object, change: .delete([update])))
        }
    }

    func undelete(_ name: APIName, _ id: RecordID) async throws {
        try await write { transaction in
            let object = try ServiceDesk.object(name)
            let update = try transaction.change(object, id, [:])
            try transaction.write(AuthorizedWrite(object: object, change: .undelete([update])))
        }
    }

    func purge(_ name: APIName, _ id: RecordID) async throws {
        try await write { transaction in
            let object = try ServiceDesk.object(name)
            let records = try transaction.load(object, [id])
            try transaction.write(AuthorizedWrite(object: object, change: .purge(records)))
        }
    }

    /// The value of one field as it is stored.
    func value(_ name: APIName, _ id: RecordID, _ field: APIName) async throws -> FieldValue {
        let object = try ServiceDesk.object(name)
        let field = try #require(object.field(field))
        return try await read { try #require(try $0.load(object, [id]).first)[field] }
    }

    /// The rows of a plan, each as its first column's sequence, and what was found beside them.
    func answer(
        _ plan: Plan,
        _ page: PageRequest = .first(2_000)
    ) async throws -> (ids: [Int64], outcome: ReadOutcome) {
        let read = plan.read
        return try await self.read { transaction in
            var sink = TestRecordSink(read)
            let outcome = try transaction.read(read, page, into: &sink)
            return (sink.rows[0].compactMap { $0.values.first?.id?.sequence }, outcome)
        }
    }

    func visible(
        _ name: APIName,
        _ ids: [RecordID],
        under predicate: RowPredicate = .everything
    ) async throws -> Set<RecordID> {
        let object = try ServiceDesk.object(name)
        return try await read { try $0.visible(ids, of: object, under: predicate) }
    }
}

extension WriteTransaction {
    @discardableResult
    func insert(_ name: APIName, _ values: [APIName: FieldValue]) throws -> RecordID {
        let object = try ServiceDesk.object(name)
        let id = try #require(try newIDs(object, count: 1).first)
        try write(
            AuthorizedWrite(object: object, change: .insert([StoredRecord(object, id, values)]))
        )
        return id
    }

    func update(_ name: APIName, _ id: RecordID, _ values: [APIName: FieldValue]) throws {
        let object = try ServiceDesk.object(name)
        let update = try change(object, id, values)
        try write(AuthorizedWrite(object: object, change: .update([update])))
    }
}

/// What a test throws to undo what it did.
struct Undo: Error {}
