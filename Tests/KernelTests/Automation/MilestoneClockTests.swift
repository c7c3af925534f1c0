import Kernel
import Metadata
import TestSupport
import Testing

/// Promises as a function of what happened.
@Suite struct MilestoneClockTests {
    private static let start = Instant(
        milliseconds: CivilText.millisecondsSinceEpoch("2026-03-27T08:00:00Z") ?? 0
    )

    private static func at(_ minutes: Int) -> Instant {
        start.adding(seconds: Int64(minutes) * 60)
    }

    private static func policy(
        _ name: APIName = "Answer",
        _ recurrence: MilestoneType.Recurrence = .none,
        minutes: Int = 60,
        usesCriteriaStartTime: Bool = false
    ) -> MilestonePolicy {
        MilestonePolicy(
            name: name,
            recurrence: recurrence,
            targetMilliseconds: Int64(minutes) * 60_000,
            usesCriteriaStartTime: usesCriteriaStartTime
        )
    }

    private static func clock(
        _ policies: [MilestonePolicy],
        reopen: EntitlementProcess.ReopenPolicy = .resume,
        _ events: [(Int, EntitlementEvent.Kind)]
    ) -> MilestoneClock {
        MilestoneClock(
            policies,
            reopen: reopen,
            events: events.map { EntitlementEvent(at: at($0.0), $0.1) }
        )
    }

    private static func always(_: RecordID?) -> BusinessHours { .always() }

    @Test("a milestone that is completed at its target is kept; one minute later it is broken")
    func atTheTarget() throws {
        for (minute, isViolated) in [(60, false), (61, true)] {
            let clock = Self.clock(
                [Self.policy()],
                [
                    (0, .started(since: Self.start)), (0, .applied("Answer")),
                    (minute, .completed("Answer")),
                ]
            )
            let run = try #require(clock.runs.first)
            #expect(run.isViolated(at: Self.at(500), Self.always) == isViolated)
            #expect(run.target(Self.always) == Self.at(60))
        }
    }

    @Test("an unanswered promise is broken at its target, not before")
    func unanswered() throws {
        let clock = Self.clock(
            [Self.policy()],
            [(0, .started(since: Self.start)), (0, .applied("Answer"))]
        )
        let run = try #require(clock.runs.first)
        #expect(!run.isViolated(at: Self.at(59), Self.always))
        #expect(run.isViolated(at: Self.at(60), Self.always))
    }

    @Test("a pause moves the target; while it lasts there is none")
    func pause() throws {
        let events: [(Int, EntitlementEvent.Kind)] = [
            (0, .started(since: Self.start)), (0, .applied("Answer")), (20, .paused),
        ]
        let paused = try #require(Self.clock([Self.policy()], events).runs.first)
        #expect(paused.target(Self.always) == nil)
        #expect(!paused.isViolated(at: Self.at(10_000), Self.always))
        let resumed = try #require(
            Self.clock([Self.policy()], events + [(120, .resumed)]).runs.first
        )
        #expect(resumed.target(Self.always) == Self.at(160))
    }

    @Test("who comes back goes on, begins anew or has no promise any more, as is declared")
    func reopening() {
        let events: [(Int, EntitlementEvent.Kind)] = [
            (0, .started(since: Self.start)), (0, .applied("Answer")), (30, .left),
            (100, .returned),
        ]
        let resumed = Self.clock([Self.policy()], reopen: .resume, events)
        #expect(resumed.runs.map { $0.target(Self.always) } == [Self.at(130)])
        let restarted = Self.clock([Self.policy()], reopen: .restart, events)
        #expect(restarted.runs.map(\.number) == [1, 2])
        #expect(restarted.runs.last?.target(Self.always) == Self.at(160))
        let ended = Self.clock([Self.policy()], reopen: .none, events)
        #expect(ended.runs.map { $0.target(Self.always) } == [nil])
    }

    @Test("what was completed by closing goes on when that is taken back")
    func revoked() throws {
        let clock = Self.clock(
            [Self.policy()],
            [
                (0, .started(since: Self.start)), (0, .applied("Answer")),
                (30, .completed("Answer")), (30, .left), (100, .returned),
                (100, .revoked("Answer")), (120, .completed("Answer")),
            ]
        )
        let run = try #require(clock.runs.first)
        #expect(clock.runs.count == 1)
        #expect(run.elapsed(at: Self.at(500), Self.always) == 50 * 60_000)
        #expect(!run.isViolated(at: Self.at(500), Self.always))
    }

    @Test("a milestone recurs with its criteria, or as soon as the one before is done")
    func recurrence() {
        let events: [(Int, EntitlementEvent.Kind)] = [
            (0, .started(since: Self.start)), (0, .applied("Answer")), (10, .completed("Answer")),
            (20, .ceased("Answer")), (40, .applied("Answer")),
        ]
        let once = Self.clock([Self.policy()], events)
        #expect(once.runs.map(\.start) == [Self.at(0)])
        let again = Self.clock([Self.policy("Answer", .independent)], events)
        #expect(again.runs.map(\.start) == [Self.at(0), Self.at(40)])
        let chained = Self.clock([Self.policy("Answer", .chained)], events)
        #expect(chained.runs.map(\.start) == [Self.at(0), Self.at(10), Self.at(40)])
    }

    @Test("other business hours count from the moment on which they are named")
    func rescheduled() throws {
        let id = try RecordID("01m000000000001AAA")
        let closed = BusinessHours(id: id, name: "Closed", timeZone: "UTC", week: [])
        let clock = Self.clock(
            [Self.policy()],
            [
                (0, .started(since: Self.start)), (0, .applied("Answer")),
                (20, .rescheduled(id)), (50, .rescheduled(nil)),
            ]
        )
        let run = try #require(clock.runs.first)
        #expect(run.target { $0 == nil ? .always() : closed } == Self.at(90))
    }

    @Test("any history agrees with a look at every minute", arguments: 0..<20)
    func bruteForce(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let day = 9 * 3_600_000..<17 * 3_600_000
        let hours = BusinessHours(
            name: "Office",
            timeZone: "Europe/Berlin",
            week: [nil, day, day, day, day, day, nil]
        )
        let target = Int.random(in: 30...600, using: &random)
        var events: [(minute: Int, kind: EntitlementEvent.Kind)] = [
            (0, .started(since: Self.start)), (0, .applied("Answer")),
        ]
        var minute = 0
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            minute += Int.random(in: 0...900, using: &random)
            let kinds: [EntitlementEvent.Kind] = [
                .paused, .resumed, .left, .returned, .completed("Answer"), .revoked("Answer"),
            ]
            events.append((minute, kinds.randomElement(using: &random) ?? .paused))
        }
        let end = minute + 900
        let clock = Self.clock([Self.policy(minutes: target)], events.map { ($0.minute, $0.kind) })
        let run = try #require(clock.runs.first)
        let seen = MinuteByMinute(events, hours, target: target, end: end)
        #expect(run.elapsed(at: Self.at(end)) { _ in hours } == Int64(seen.elapsed) * 60_000)
        #expect(run.isViolated(at: Self.at(end)) { _ in hours } == seen.isViolated)
    }

    /// The same clock, looked at once a minute.
    private struct MinuteByMinute {
        private(set) var elapsed = 0
        private(set) var isViolated = false

        init(
            _ events: [(minute: Int, kind: EntitlementEvent.Kind)],
            _ hours: BusinessHours,
            target: Int,
            end: Int
        ) {
            var isPaused = false
            var isOutside = false
            var completed: Int?
            var reached: Int?
            for minute in 0..<end {
                for event in events where event.minute == minute {
                    switch event.kind {
                    case .paused: isPaused = true
                    case .resumed: isPaused = false
                    case .left: isOutside = true
                    case .returned: isOutside = false
                    case .completed: completed = completed ?? minute
                    case .revoked: completed = nil
                    default: break
                    }
                }
                guard !isPaused, !isOutside, completed == nil,
                    hours.isOpen(at: MilestoneClockTests.at(minute))
                else { continue }
                elapsed += 1
                if elapsed == target { reached = minute + 1 }
            }
            isViolated = reached.map { reached in completed.map { $0 > reached } ?? true } ?? false
        }
    }
}
