import Kernel
import Metadata
import TestSupport

/// Orgs with a service desk and some flows.
enum FlowFixture {
    static func org(
        on kind: StoreKind = .reference,
        flows: [String],
        clock: TestSupport.TestClock = TestSupport.TestClock()
    ) async throws -> TestOrg {
        let org = try await TestOrg(on: kind, clock: clock)
        try await deploy(flows, to: org)
        return org
    }

    /// Puts flows in place of those deployed before.
    static func deploy(_ flows: [String], to org: TestOrg) async throws {
        _ = try await Deployment(org.records).apply(
            files(flows),
            in: org.id,
            as: org.administrator.user
        )
    }

    static func files(_ flows: [String]) -> [MetadataPackage.File] {
        let manifest = MetadataPackage.File(
            path: "package.yaml",
            text: "package: flows-of-a-test\nlabel: Flows\nversion: 1.0.0\nneeds: [service-desk]\n"
        )
        return [manifest]
            + flows.enumerated().map { index, text in
                MetadataPackage.File(path: "flows/flow-\(index).yaml", text: text)
            }
    }

    /// What is wrong with flows, as their deploy says it.
    static func problems(_ flows: [String]) async throws -> [String] {
        let org = try await TestOrg()
        do {
            _ = try await Deployment(org.records).plan(files(flows), in: org.id)
            return []
        } catch let error as PackageProblems {
            return error.problems.map(\.description)
        }
    }

    static func jobs(_ state: JobState, of kind: String, in org: TestOrg) async throws -> [Job] {
        try await org.store.read(org.id, isBrief: true) { tx in
            try tx.jobs(JobSelection(state, kind: kind, limit: 1_000))
        }
    }

    /// Does all that waits, as the runner of jobs would.
    static func runJobs(_ org: TestOrg) async throws {
        var handlers = JobHandlers()
        FlowJobs.add(to: &handlers)
        _ = try await JobRunner(records: org.records, handlers: handlers, orgs: { [org.id] })
            .runDue()
    }
}
