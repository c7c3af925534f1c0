import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What is to happen at a moment happens then, once, by the clocks of the place.
@Suite struct TimerTests {
    private func moment(_ text: String) throws -> Instant {
        Instant(milliseconds: try #require(CivilText.millisecondsSinceEpoch(text)))
    }

    @Test("a timer adds its job when its moment comes, once", arguments: StoreKind.allCases)
    func fires(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let due = fixture.org.clock.now().adding(seconds: 60)
        let job = NewJob(kind: "account", payload: ["name": "Due"])
        try await fixture.org.records.write(as: fixture.org.administrator) {
            try $0.setTimer(key: "milestone:1", due: due, job: job)
        }
        #expect(try await fixture.runner.runDue() == 0)
        fixture.org.clock.advance(seconds: 90)
        #expect(try await fixture.runner.runDue() == 1)
        let ran = try await fixture.org.store.read(fixture.org.id, isBrief: true) {
            try $0.jobs(JobSelection(.done, limit: 1)).first
        }
        #expect(ran?.dueAt == due)
        #expect(ran?.latenessSeconds(at: fixture.org.clock.now()) == 30)
        fixture.org.clock.advance(seconds: 90)
        #expect(try await fixture.runner.runDue() == 0)
    }

    @Test(
        "a timer that is set again or cancelled does what was said last",
        arguments: StoreKind.allCases
    )
    func replaced(_ kind: StoreKind) async throws {
        let fixture = try await JobFixture(kind)
        let now = fixture.org.clock.now()
        try await fixture.org.records.write(as: fixture.org.administrator) { writer in
            for (key, seconds) in [("a:1", 10), ("a:2", 10), ("b:1", 10), ("c:1", 10)] {
                try writer.setTimer(
                    key: key,
                    due: now.adding(seconds: Int64(seconds)),
                    job: NewJob(kind: "account", payload: ["name": .string(key)])
                )
            }
            try writer.setTimer(
                key: "b:1",
                due: now.adding(seconds: 500),
                job: NewJob(kind: "account", payload: ["name": "b:1 later"])
            )
            #expect(try writer.cancelTimers(keyPrefix: "a:") == 2)
            #expect(try writer.cancelTimers(keyPrefix: "") == 0)
            #expect(try writer.cancelTimer(key: "c:1"))
            #expect(try !writer.cancelTimer(key: "c:1"))
            #expect(try writer.timerDue(key: "b:1") == now.adding(seconds: 500))
        }
        fixture.org.clock.advance(seconds: 100)
        #expect(try await fixture.runner.runDue() == 0)
        fixture.org.clock.advance(seconds: 500)
        try await fixture.runner.runDue()
        #expect(fixture.names == ["b:1 later"])
    }

    @Test(
        "a scheduled job runs each time, and once for what was missed",
        arguments: StoreKind.allCases
    )
    func scheduled(_ kind: StoreKind) async throws {
        var fixture = try await JobFixture(kind)
        fixture.org.clock.set("2026-03-10T09:30:00Z")
        let hourly = try #require(Schedule.every(minutes: 60))
        fixture.handlers.schedule(
            "sweep",
            hourly,
            NewJob(kind: "account", payload: ["name": "swept"])
        )
        #expect(try await fixture.runner.runDue() == 0)
        fixture.org.clock.set("2026-03-10T10:00:00Z")
        #expect(try await fixture.runner.runDue() == 1)
        #expect(try await fixture.runner.runDue() == 0)
        fixture.org.clock.set("2026-03-10T15:20:00Z")
        #expect(try await fixture.runner.runDue() == 1)
        #expect(try await fixture.runner.runDue() == 0)
        fixture.org.clock.set("2026-03-10T16:00:00Z")
        #expect(try await fixture.runner.runDue() == 1)
    }

    @Test(
        "the next moment of a schedule is right by the clocks of its zone",
        arguments: [
            ("daily 02:30 Europe/Berlin", "2026-01-10T00:00:00Z", "2026-01-10T01:30:00Z"),
            ("daily 02:30 Europe/Berlin", "2026-01-10T01:30:00Z", "2026-01-11T01:30:00Z"),
            // Clocks go from 2:00 to 3:00 on 29 March: there is no 2:30.
            ("daily 02:30 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            ("daily 02:30 Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
            // Clocks go from 3:00 to 2:00 on 25 October: 2:30 comes twice.
            ("daily 02:30 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("daily 02:30 Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            // At midnight in Havana clocks go to 1:00 on 8 March.
            ("daily 00:00 America/Havana", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z"),
            (
                "weekly Mon,Fri 08:00 America/New_York", "2026-03-06T14:00:00Z",
                "2026-03-09T12:00:00Z"
            ),
            ("monthly 31 00:05 UTC", "2026-01-31T00:05:00Z", "2026-02-28T00:05:00Z"),
            ("monthly 31 00:05 UTC", "2028-02-01T00:00:00Z", "2028-02-29T00:05:00Z"),
            ("every 15 minutes", "2026-01-10T00:14:59.999Z", "2026-01-10T00:15:00Z"),
            ("every 15 minutes", "2026-01-10T00:15:00Z", "2026-01-10T00:30:00Z"),
            ("every 1440 minutes", "2026-01-10T00:15:00Z", "2026-01-11T00:00:00Z"),
            ("every 50 minutes", "2026-01-10T23:30:00Z", "2026-01-11T00:00:00Z"),
        ]
    )
    func next(_ text: String, _ after: String, _ expected: String) throws {
        let schedule = try #require(Schedule(text))
        #expect(schedule.text == text)
        #expect(schedule.next(after: try moment(after)) == (try moment(expected)))
    }

    @Test(
        "what is no schedule is not read as one",
        arguments: [
            "", "daily", "daily 24:00 UTC", "daily 02:30 Mars/Olympus", "weekly Mun 02:30 UTC",
            "weekly 02:30 UTC", "monthly 0 02:30 UTC", "monthly 32 02:30 UTC", "every 0 minutes",
            "every 1441 minutes", "every x minutes", "daily 2 UTC", "daily 02:60 UTC",
        ]
    )
    func refused(_ text: String) {
        #expect(Schedule(text) == nil)
    }

    @Test("waiting times repeat with their seed, and are no longer than the policy says")
    func backoff() {
        let policy = RetryPolicy(attemptsMax: 100, firstSeconds: 10, mostSeconds: 600)
        for attempt in 1...99 {
            let delay = policy.delayMilliseconds(after: attempt, job: 7, seed: 1)
            #expect(delay == policy.delayMilliseconds(after: attempt, job: 7, seed: 1))
            #expect((8_000...720_000).contains(delay))
        }
        #expect(
            Set((1...20).map { policy.delayMilliseconds(after: 1, job: $0, seed: 1) }).count > 15
        )
    }
}
