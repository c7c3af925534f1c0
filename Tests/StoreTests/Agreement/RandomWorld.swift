import Foundation
import Language
import Metadata
import StoreSQLite
import TestSupport

@testable import Kernel

/// One org with random records, the same in every store, and people with different rights.
struct RandomWorld {
    let callers: [Caller]
    let reference: Records
    let sqlite: Records
    private let org: TestOrg
    private let kept: TestStore
    private let ids: [RecordID]
    private let today: Int

    /// The moments at which the worlds stand still: ordinary, at a change of clocks, on a leap day.
    private static let moments = [
        "2026-03-10T09:30:00Z", "2026-03-29T00:30:00Z", "2024-02-29T23:30:00Z",
        "2025-12-31T23:59:59Z", "2025-11-02T05:30:00Z",
    ]

    /// - Parameter formulas: how many formula fields four of the objects get.
    init(seed: UInt64, formulas: Int = 12) async throws {
        let moment = Self.moments[Int(seed % UInt64(Self.moments.count))]
        let clock = TestClock(moment)
        org = try await TestOrg(clock: clock)
        today = Int(clock.now().milliseconds / CivilDate.millisecondsPerDay)
        callers = try await Self.people(of: org)
        try await RandomFormulas.deploy(formulas, to: org, seed: seed)
        let queues = try await [org.queue("Streets_Queue"), org.queue("Sanitation_Queue")]
        let schema = try await org.records.read(as: org.administrator) { $0.schema }
        let desk = RandomDesk(
            schema: schema,
            owners: callers.map(\.user) + queues,
            today: today,
            seed: seed
        )
        ids = desk.records.flatMap { $0.records.map(\.id) } + callers.map(\.user) + queues
        let fiscal = [1, 4, 10, 2, 7][Int(seed % 5)]
        try await Self.fill(org.store, org.id, desk, fiscalYearStartMonth: fiscal)
        kept = StoreKind.sqlite.make(clock: clock)
        try await Self.copy(org, schema, to: kept.store)
        reference = try Self.records(in: org.store, clock)
        sqlite = try Self.records(in: kept.store, clock)
    }

    /// A door that knows nothing yet of what was put behind it.
    private static func records(in store: any RecordStore, _ clock: TestClock) throws -> Records {
        Records(
            store: store,
            clock: clock,
            logins: OpenLoginDesk(),
            secrets: try SecretBox(deploymentKey: Array(0..<32))
        )
    }

    /// People in zones whose clocks are changed at midnight, or that have skipped a day.
    private static func people(of org: TestOrg) async throws -> [Caller] {
        let agent = "Support Agent"
        return [
            org.administrator,
            try await org.user(
                "Ana",
                profile: agent,
                role: "Streets_Agent",
                timeZone: "Europe/Berlin"
            ),
            try await org.user("Ben", profile: agent, timeZone: "America/Havana"),
            try await org.user(
                "Sue",
                profile: agent,
                role: "Service_Director",
                timeZone: "Asia/Kolkata"
            ),
            try await org.user("Mia", profile: "Support Manager", timeZone: "Asia/Tokyo"),
            try await org.user(
                "Rea",
                profile: "Read Only",
                role: "Streets_Supervisor",
                permissionSets: ["Support_Readonly"],
                timeZone: "America/New_York"
            ),
            try await org.user("Uma", timeZone: "America/Santiago"),
        ]
    }

    private static func fill(
        _ store: any RecordStore,
        _ org: OrgID,
        _ desk: RandomDesk,
        fiscalYearStartMonth: Int
    ) async throws {
        try await store.write(org) { transaction in
            for (object, records) in desk.records {
                try transaction.write(
                    AuthorizedWrite(object: object, change: .insert(records))
                )
            }
            guard let object = desk.schema.object("Organization"),
                let month = object.field("FiscalYearStartMonth"),
                let before = try transaction.load(object, [org.record]).first
            else { return }
            var after = before
            after[month] = .number(ExactDecimal(unscaled: Int64(fiscalYearStartMonth), scale: 0))
            let update = AuthorizedWrite.Update(
                before: before,
                after: after,
                changed: [month.index]
            )
            try transaction.write(AuthorizedWrite(object: object, change: .update([update])))
        }
    }

    private static func copy(
        _ org: TestOrg,
        _ schema: OrgSchema,
        to store: any RecordStore
    ) async throws {
        guard let reference = org.store as? ReferenceStore else { return }
        let contents = try reference.contents(of: org.id)
        try await store.createOrg(org.id, idBase: 0)
        try await store.write(org.id) { transaction in
            try transaction.apply(AuthorizedSchemaChange(from: nil, to: schema))
            for document in contents.documents {
                try transaction.putDocument(
                    kind: document.kind,
                    key: document.key,
                    text: document.text
                )
            }
            for object in schema.objects {
                try transaction.write(
                    AuthorizedWrite(
                        object: object,
                        change: .insert(contents.records[object.name] ?? [])
                    )
                )
            }
        }
    }

    /// The schema and all records.
    func contents() async throws -> (schema: OrgSchema, records: [APIName: [StoredRecord]]) {
        let schema = try await org.records.read(as: org.administrator) { $0.schema }
        guard let reference = org.store as? ReferenceStore else { return (schema, [:]) }
        return (schema, try reference.contents(of: org.id).records)
    }

    /// So many queries that a caller may ask.
    func queries(_ count: Int, as caller: Caller, seed: UInt64) async throws -> [String] {
        let (ids, today) = (ids, today)
        return try await reference.read(as: caller) { reader in
            var generator = RandomQuery(
                schema: reader.schema,
                access: reader.access,
                today: today,
                ids: ids,
                choice: RandomChoice(seed: seed)
            )
            return (0..<count).map { _ in generator.next() }
        }
    }

    func answers(_ queries: [String], as caller: Caller, from records: Records) async -> [Answer] {
        var answers: [Answer] = []
        // Some at a time: the statements of one read have a time limit together.
        for start in stride(from: 0, to: queries.count, by: 50) {
            let some = Array(queries[start..<min(start + 50, queries.count)])
            let given = try? await records.read(as: caller) { reader in
                some.map { answer($0, reader) }
            }
            answers += given ?? []
        }
        return answers
    }

    private func answer(_ query: String, _ reader: RecordReader) -> Answer {
        do {
            // Every third query sees deleted records too.
            let options = QueryOptions(includesDeleted: query.utf8.count % 3 == 0)
            let page = try reader.query(query, options: options) { TestRecordSink($0) }
            return Answer(page.sink, page.plan, total: page.total)
        } catch let error as RecordError {
            return .refusal(error)
        } catch {
            return .refusal(RecordError(.unknownException, "\(error)"))
        }
    }
}
