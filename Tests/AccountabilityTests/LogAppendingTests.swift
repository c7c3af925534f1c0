import Accountability
import Kernel
import Metadata
import TestSupport
import Testing

/// How what orgs stage comes into the log.
@Suite struct LogAppendingTests {
    /// A log in memory, which may be missing or fail at first.
    private actor MemoryLog: LogWriting {
        private(set) var entries: [LogEntry] = []
        var isThere = true
        /// How many appends are done and then said to have failed.
        var failuresAfter = 0

        func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int {
            guard isThere else { throw NoLogYet() }
            if mayBeThere, let index = entries.firstIndex(where: { $0.uniqueID == entry.uniqueID })
            {
                return index
            }
            entries.append(entry)
            if failuresAfter > 0 {
                failuresAfter -= 1
                throw LogFailure.backlogFull
            }
            return entries.count - 1
        }

        func fail(_ count: Int) { failuresAfter = count }

        func begin(_ isThere: Bool) { self.isThere = isThere }
    }

    private struct World {
        let org: TestOrg
        let log = MemoryLog()
        let runner: JobRunner

        /// - Parameter isOffice: the org is the operator's own.
        init(isOffice: Bool = false) async throws {
            let org = try await TestOrg()
            self.org = org
            let id = org.id
            var handlers = JobHandlers()
            LogAppending(log, office: { isOffice ? id : nil }).join(&handlers)
            runner = JobRunner(records: org.records, handlers: handlers, orgs: { [id] })
        }

        func declare() async throws {
            let use = try await org.create(
                "UseDeclaration",
                [
                    "Product": "service-desk", "Category": "Outreach",
                    "Statement": "Volunteers send appeals to members by mail, some every week.",
                    "AffectedGroups": "Members of the committee.", "EffectiveFrom": "2026-01-01",
                ],
                as: org.administrator
            )
            for status in ["Attested", "Active"] {
                try await org.update(
                    "UseDeclaration",
                    use,
                    ["Status": .string(status)],
                    as: org.administrator
                )
            }
        }

        func stage(_ kind: String, org about: String) async throws {
            let content: JSONObject = ["org": .string(about), "entry": .string(kind)]
            try await org.records.write(as: org.administrator) {
                try $0.stageLogEntry(
                    ["kind": .string(kind), "content": .object(content)],
                    parts: [:]
                )
            }
        }
    }

    @Test("a use that is declared is told to the log, in the org's own name")
    func declared() async throws {
        let world = try await World()
        try await world.declare()
        _ = try await world.runner.runDue()
        let entries = await world.log.entries
        #expect(entries.map(\.kind) == ["use-declared"])
        let content = try #require(entries.first?.content)
        #expect(content["org"] == .string(world.org.id.description))
        #expect(content["id"] == .string("UD-0001"))
        guard case .object(let fields)? = content["fields"] else {
            Issue.record("no fields: \(content)")
            return
        }
        #expect(fields["Category"] == .string("Outreach"))
        #expect(fields["Product"] == .string("service-desk"))
    }

    @Test("what was appended before the runner was told so is not appended again")
    func again() async throws {
        let world = try await World()
        await world.log.fail(1)
        try await world.declare()
        for _ in 1...3 {
            _ = try await world.runner.runDue()
            world.org.clock.advance(seconds: 60)
        }
        #expect(await world.log.entries.count == 1)
    }

    @Test("without a log what is staged waits, however long, and is not given up")
    func waits() async throws {
        let world = try await World()
        await world.log.begin(false)
        try await world.declare()
        for _ in 1...300 {
            _ = try await world.runner.runDue()
            world.org.clock.advance(seconds: 3_600)
        }
        await world.log.begin(true)
        _ = try await world.runner.runDue()
        #expect(await world.log.entries.count == 1)
    }

    @Test("an org tells the log neither of others nor of what is the operator's to tell")
    func admission() async throws {
        let world = try await World()
        let own = world.org.id.description
        try await world.stage("decision", org: own)
        try await world.stage("use-declared", org: "00DSt000000000BMAQ")
        try await world.stage("use-withdrawn", org: own)
        _ = try await world.runner.runDue()
        #expect(await world.log.entries.map(\.kind) == ["use-withdrawn"])
        let office = try await World(isOffice: true)
        try await office.stage("decision", org: "00DSt000000000BMAQ")
        _ = try await office.runner.runDue()
        #expect(await office.log.entries.map(\.kind) == ["decision"])
    }

    @Test("an org does not flood the log: the rest of a day's entries wait for the next")
    func flood() async throws {
        let world = try await World()
        for number in 0..<(LogAppending.entriesPerDayMax + 5) {
            try await world.stage("use-withdrawn", org: world.org.id.description)
            if number % 100 == 0 { _ = try await world.runner.runDue() }
        }
        _ = try await world.runner.runDue()
        #expect(await world.log.entries.count == LogAppending.entriesPerDayMax)
        world.org.clock.advance(seconds: 86_400)
        for _ in 1...10 { _ = try await world.runner.runDue() }
        #expect(await world.log.entries.count == LogAppending.entriesPerDayMax + 5)
    }
}
