import Metadata
import TestSupport
import Testing

@testable import Kernel

/// A job is done once, whatever goes wrong, or stands where a person sees it.
@Suite struct JobRunnerTests {
    @Test("a job is done after the save that asked for it", arguments: StoreKind.allCases)
    func done(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let id = try await fixture.enqueue("Hall")

        #expect(try await fixture.runner.runDue() == 1)

        #expect(fixture.names == ["Hall"])
        #expect(try await fixture.accounts() == 1)
        let job = try await fixture.job(id)
        #expect(job?.state == .done)
        #expect(job?.finishedAt == fixture.org.clock.now())
        #expect(try await fixture.runner.runDue() == 0)
    }

    @Test("a save that is undone leaves no job", arguments: StoreKind.allCases)
    func undone(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        await #expect(throws: JobFixture.Trouble.self) {
            try await fixture.org.records.write(as: fixture.org.administrator) { writer in
                try writer.enqueue(NewJob(kind: "account"))
                throw JobFixture.Trouble(description: "changed my mind")
            }
        }
        try await fixture.org.records.write(as: fixture.org.administrator) { writer in
            try? writer.savepoint {
                try writer.enqueue(NewJob(kind: "account"))
                throw JobFixture.Trouble(description: "this part only")
            }
        }
        #expect(try await fixture.runner.runDue() == 0)
    }

    @Test(
        "what a job wrote before it failed is undone, and it is tried again later each time",
        arguments: StoreKind.allCases
    )
    func retry(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        fixture.fail(JobFixture.Trouble(description: "no luck"))
        fixture.fail(JobFixture.Trouble(description: "none either"))
        let id = try await fixture.enqueue("Hall")

        #expect(try await fixture.runner.runDue() == 1)
        #expect(try await fixture.accounts() == 0)
        let waiting = try #require(try await fixture.job(id))
        #expect(waiting.state == .waiting)
        #expect(waiting.error == "no luck")
        let first = waiting.runAfter.milliseconds - fixture.org.clock.now().milliseconds
        #expect((48_000...72_000).contains(first))

        fixture.org.clock.advance(seconds: 80)
        #expect(try await fixture.runner.runDue() == 1)
        let again = try #require(try await fixture.job(id))
        let second = again.runAfter.milliseconds - fixture.org.clock.now().milliseconds
        #expect((96_000...144_000).contains(second))

        fixture.org.clock.advance(seconds: 150)
        #expect(try await fixture.runner.runDue() == 1)
        #expect(try await fixture.accounts() == 1)
        #expect(try await fixture.job(id)?.attempts == 3)
    }

    @Test(
        "a job that fails too often is given up, is listed, run again or discarded",
        arguments: StoreKind.allCases
    )
    func dead(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let admin = fixture.org.administrator
        for _ in 0..<4 { fixture.fail(JobFixture.Trouble(description: "never")) }
        let id = try #require(try await fixture.enqueue("Hall"))
        for _ in 0..<3 {
            try await fixture.runner.runDue()
            fixture.org.clock.advance(seconds: 4_000)
        }
        let dead = try await fixture.org.records.read(as: admin) { try $0.jobs(.dead, limit: 10) }
        #expect(dead.map(\.id) == [id])
        #expect(dead.first?.error == "never")
        #expect(try await fixture.runner.runDue() == 0)

        try await fixture.org.records.write(as: admin) { try $0.runAgain(id) }
        #expect(try await fixture.runner.runDue() == 1)
        fixture.org.clock.advance(seconds: 100)
        #expect(try await fixture.runner.runDue() == 1)
        #expect(fixture.names == ["Hall"])

        fixture.fail(JobFailure.permanent("it makes no sense"))
        let other = try #require(try await fixture.enqueue("Other"))
        try await fixture.runner.runDue()
        #expect(try await fixture.job(other)?.state == .dead)
        try await fixture.org.records.write(as: admin) { try $0.discard(other) }
        #expect(try await fixture.job(other) == nil)
        await #expect(throws: RecordError.self) {
            try await fixture.org.records.write(as: admin) { try $0.runAgain(id) }
        }
    }

    @Test("only who may modify all data runs dead jobs again")
    func rights() async throws {
        let fixture = try await JobFixture()
        let user = try await fixture.org.user("Bea")
        fixture.fail(JobFailure.permanent("no"))
        let id = try #require(try await fixture.enqueue("Hall"))
        try await fixture.runner.runDue()
        for work: @Sendable (RecordWriter) throws -> Void in [
            { try $0.runAgain(id) }, { try $0.discard(id) }, { _ = try $0.jobs(.dead, limit: 1) },
        ] {
            let error = await #expect(throws: RecordError.self) {
                try await fixture.org.records.write(as: user, work)
            }
            #expect(error?.code == .insufficientAccess)
        }
    }

    @Test(
        "a job whose runner has died is taken again when its lease ends, and is done once",
        arguments: StoreKind.allCases
    )
    func lease(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let id = try await fixture.enqueue("Hall")
        let lost = try #require(try await fixture.lease().first)
        #expect(try await fixture.runner.runDue() == 0)

        fixture.org.clock.advance(seconds: 121)
        try await fixture.runner.runDue()
        fixture.org.clock.advance(seconds: 80)
        #expect(try await fixture.runner.runDue() == 1)
        #expect(try await fixture.job(id)?.attempts == 2)

        // The first runner was only slow: what it does now leaves no trace.
        await fixture.runner.perform(lost, in: fixture.org.id)
        #expect(try await fixture.accounts() == 1)
        #expect(try await fixture.job(id)?.state == .done)
    }

    @Test("work outside may happen twice, what is written with its end happens once")
    func outside() async throws {
        var fixture = try await JobFixture(.sqlite)
        let done = fixture.done
        let isTroubled = Locked(true)
        fixture.handlers.add("letter") { context in
            done.withLock { $0.append("posted") }
            return { writer in
                _ = try writer.save(
                    [RecordDraft(object: "Account", values: ["Name": "Posted"])],
                    .create,
                    options: SaveOptions(allOrNone: true)
                )
                let fails = isTroubled.withLock { troubled in
                    defer { troubled = false }
                    return troubled
                }
                if fails { throw JobFixture.Trouble(description: "the note was lost") }
            }
        }
        try await fixture.enqueue(NewJob(kind: "letter"))
        try await fixture.runner.runDue()
        #expect(try await fixture.accounts() == 0)
        fixture.org.clock.advance(seconds: 60)
        try await fixture.runner.runDue()
        #expect(fixture.names == ["posted", "posted"])
        #expect(try await fixture.accounts() == 1)
    }

    @Test("jobs of a lane keep their order, others overtake", arguments: StoreKind.allCases)
    func lane(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        fixture.fail(JobFixture.Trouble(description: "no luck"))
        try await fixture.enqueue("first", lane: "a")
        try await fixture.enqueue("second", lane: "a")
        try await fixture.enqueue("third", lane: "a")
        try await fixture.enqueue("apart", lane: "b")
        try await fixture.runner.runDue()
        #expect(fixture.names == ["apart"])
        fixture.org.clock.advance(seconds: 100)
        try await fixture.runner.runDue()
        #expect(fixture.names == ["apart", "first", "second", "third"])
    }

    @Test("a lane goes on when one of its jobs is given up", arguments: StoreKind.allCases)
    func deadInLane(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        fixture.fail(JobFailure.permanent("never"))
        try await fixture.enqueue("first", lane: "a")
        try await fixture.enqueue("second", lane: "a")
        try await fixture.runner.runDue()
        #expect(fixture.names == ["second"])
    }

    @Test("one job of a unique key waits, and none is lost", arguments: StoreKind.allCases)
    func uniqueKey(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let job = NewJob(kind: "account", payload: ["name": "once"], uniqueKey: "recalculate")
        #expect(try await fixture.enqueue(job) != nil)
        #expect(try await fixture.enqueue(job) == nil)
        let leased = try await fixture.lease()
        #expect(leased.count == 1)
        // The one that runs may have begun before what asks for the next.
        #expect(try await fixture.enqueue(job) != nil)
        #expect(try await fixture.enqueue(job) == nil)
    }

    @Test("jobs of higher priority come first", arguments: StoreKind.allCases)
    func priority(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        for (name, priority): (JSONValue, JobPriority) in [
            ("purge", .low), ("webhook", .normal), ("mail", .high), ("later mail", .high),
        ] {
            try await fixture.enqueue(
                NewJob(kind: "account", payload: ["name": name], priority: priority)
            )
        }
        try await fixture.runner.runDue()
        #expect(fixture.names == ["mail", "later mail", "webhook", "purge"])
    }

    @Test("a postponed attempt does not count")
    func postponed() async throws {
        let fixture = try await JobFixture()
        let later = fixture.org.clock.now().adding(seconds: 500)
        fixture.fail(JobFailure.postponed(until: later, "the office is closed"))
        let id = try await fixture.enqueue("Hall")
        try await fixture.runner.runDue()
        #expect(try await fixture.job(id)?.runAfter == later)
        #expect(try await fixture.job(id)?.attempts == 0)
    }

    @Test("a job of a kind that nobody does fails and says so")
    func unknownKind() async throws {
        let fixture = try await JobFixture()
        let id = try await fixture.enqueue(NewJob(kind: "dance"))
        try await fixture.runner.runDue()
        #expect(
            try await fixture.job(id)?.error == "nothing here does jobs of the kind `dance`"
        )
    }

    @Test("orgs take turns, however much one of them has to do")
    func fairness() async throws {
        let fixture = try await JobFixture()
        let neighbour = try await fixture.org.neighbour(2, apps: ["platform"])
        for name in ["a1", "a2", "a3"] { try await fixture.enqueue(name) }
        try await fixture.org.records.write(as: neighbour) { writer in
            _ = try writer.enqueue(NewJob(kind: "account", payload: ["name": "b1"]))
        }
        let orgs = [fixture.org.id, neighbour.org]
        let runner = JobRunner(
            records: fixture.org.records,
            handlers: fixture.handlers,
            orgs: { orgs }
        )
        try await runner.runDue()
        #expect(fixture.names == ["a1", "b1", "a2", "a3"])
    }

    @Test("the running program does a job as soon as it is asked for, and stops when told")
    func running() async throws {
        let fixture = try await JobFixture(.sqlite)
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        var handlers = fixture.handlers
        handlers.add("tell") { _, job in
            continuation.yield(job.payload["name"]?.string ?? "")
        }
        let runner = fixture.runner(handlers)
        let running = Task { await runner.run() }
        var told = stream.makeAsyncIterator()
        for name in ["one", "two", "three"] {
            try await fixture.enqueue(NewJob(kind: "tell", payload: ["name": .string(name)]))
            #expect(await told.next() == name)
        }
        running.cancel()
        await running.value
    }
}
