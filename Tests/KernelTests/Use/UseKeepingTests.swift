import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// Counts on their way into the org's own store, and how long they stay there.
@Suite struct UseKeepingTests {
    private func make(_ org: TestOrg) async throws {
        try await org.create("Account", ["Name": "One"], as: org.administrator)
    }

    private func accounts(_ org: TestOrg, on day: Int32) async throws -> Int {
        let days = try await org.records.use(of: org.id, on: day...day)
        return days.flatMap(\.totals).filter { $0.key.name == "Account" }
            .reduce(0) { $0 + $1.value.records }
    }

    @Test(
        "a day begins at midnight UTC, and each has its own totals",
        arguments: StoreKind.allCases
    )
    func midnight(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, clock: TestSupport.TestClock("2026-03-10T23:59:59Z"))
        let today = org.clock.now().useDay
        try await make(org)
        org.clock.advance(seconds: 1)
        #expect(org.clock.now().useDay == today + 1)
        try await make(org)
        try await make(org)
        #expect(await org.records.keepUse().isEmpty)
        #expect(try await accounts(org, on: today) == 1)
        #expect(try await accounts(org, on: today + 1) == 2)
    }

    @Test("what is kept is added to, and is there after the program has ended")
    func additions() async throws {
        let org = try await TestOrg(on: .sqlite)
        let today = org.clock.now().useDay
        try await make(org)
        _ = await org.records.keepUse()
        try await make(org)
        _ = await org.records.keepUse()
        _ = await org.records.keepUse()
        #expect(try await accounts(org, on: today) == 2)
        let next = try await org.reopened()
        try await make(next)
        _ = await next.records.keepUse()
        #expect(try await accounts(next, on: today) == 3)
    }

    @Test("nothing counted is lost where an org's store fails for a while")
    func failure() async throws {
        let org = try await TestOrg()
        let stranger = Caller(org: OrgID(RecordID(number: 4_711)), user: org.administrator.user)
        let key = UseKey(
            org: stranger.org.record.number,
            day: org.clock.now().useDay,
            subject: UseSubject(product: "platform", name: "Account"),
            operation: .read,
            surface: .rest
        )
        org.records.uses.count(key, records: 5)
        try await make(org)
        let failures = await org.records.keepUse()
        #expect(failures.map(\.org) == [stranger.org])
        #expect(try await accounts(org, on: org.clock.now().useDay) == 1)
        #expect(await org.records.keepUse().map(\.org) == [stranger.org])
    }

    @Test("totals are kept for 400 days")
    func retention() async throws {
        let org = try await TestOrg()
        let first = org.clock.now().useDay
        try await make(org)
        _ = await org.records.keepUse()
        var handlers = JobHandlers()
        UpkeepJobs.join(&handlers)
        let runner = JobRunner(records: org.records, handlers: handlers, orgs: { [org.id] })
        try await runner.runDue()
        org.clock.advance(seconds: 400 * 86_400)
        try await runner.runDue()
        #expect(try await accounts(org, on: first) == 1)
        org.clock.advance(seconds: 86_400)
        try await runner.runDue()
        #expect(try await accounts(org, on: first) == 0)
    }

    @Test("seconds of which nothing is known are noted on their day, and never are more than a day")
    func lost() async throws {
        let org = try await TestOrg()
        let now = org.clock.now()
        for seconds in [75, 75, 90_000] {
            try await org.records.noteLostUse(seconds: seconds, before: now, in: org.id)
        }
        let day = try await org.records.use(of: org.id, on: now.useDay...now.useDay).first
        #expect(day?.lostSeconds == 86_400)
    }

    @Test("threads that count at once lose nothing")
    func threads() async throws {
        let org = try await TestOrg()
        let counter = org.records.uses
        let day = org.clock.now().useDay
        let names = (0..<20).map { UseSubject(product: "platform", name: "Object\($0)") }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for turn in 0..<2_000 {
                        counter.count(
                            UseKey(
                                org: org.id.record.number,
                                day: day,
                                subject: names[(task + turn) % names.count],
                                operation: .read,
                                surface: .rest
                            ),
                            records: 3
                        )
                    }
                }
            }
        }
        _ = await org.records.keepUse()
        let kept = try await org.records.use(of: org.id, on: day...day)
        let counts = kept.flatMap(\.totals).filter { $0.key.name.hasPrefix("Object") }
        #expect(counts.count == 20)
        #expect(counts.allSatisfy { $0.value == UseCount(uses: 800, records: 2_400) })
    }
}
