import Metadata
import TestSupport

@testable import Kernel

/// An org with a runner whose clock stands still, and a note of what was done.
struct JobFixture {
    let org: TestOrg
    var handlers = JobHandlers()
    let done = Locked<[String]>([])
    /// What the next attempts throw, the first first.
    let failures = Locked<[any Error & Sendable]>([])

    struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    init(_ kind: StoreKind = .reference) async throws {
        org = try await TestOrg(on: kind, apps: ["platform"])
        let done = done
        let failures = failures
        // Names an account after what it is told, unless it is to fail.
        handlers.add(
            "account",
            retry: RetryPolicy(attemptsMax: 3, firstSeconds: 60, mostSeconds: 3_600)
        ) { writer, job in
            let name = job.payload["name"] ?? "?"
            _ = try writer.save(
                [RecordDraft(object: "Account", values: ["Name": name])],
                .create,
                options: SaveOptions(allOrNone: true)
            )
            if let failure = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                throw failure
            }
            done.withLock { $0.append(name.string ?? "") }
        }
    }

    var runner: JobRunner { runner(handlers) }

    func runner(_ handlers: JobHandlers) -> JobRunner {
        let id = org.id
        return JobRunner(records: org.records, handlers: handlers, orgs: { [id] })
    }

    var names: [String] { done.withLock { $0 } }

    @discardableResult
    func enqueue(_ job: NewJob) async throws -> Int64? {
        try await org.records.write(as: org.administrator) { try $0.enqueue(job) }
    }

    @discardableResult
    func enqueue(_ name: String, lane: String? = nil) async throws -> Int64? {
        try await enqueue(
            NewJob(kind: "account", payload: ["name": .string(name)], lane: lane)
        )
    }

    func fail(_ errors: (any Error & Sendable)...) {
        failures.withLock { $0 += errors }
    }

    func job(_ id: Int64?) async throws -> Job? {
        guard let id else { return nil }
        return try await org.store.read(org.id, isBrief: true) { try $0.job(id) }
    }

    func accounts() async throws -> Int {
        try await org.count("SELECT COUNT() FROM Account", as: org.administrator)
    }

    func lease() async throws -> [Job] { try await runner.claim(org.id, limit: 10) }
}
