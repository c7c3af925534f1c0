import Accountability
import Foundation
import Metadata
import Testing

/// What is owed by when, by the log and the time alone.
@Suite struct ClocksTests {
    private func clock(
        _ kind: Clock.Kind,
        of entries: [LogEntry],
        at now: String,
        witnessing: Witnessing? = nil
    ) throws -> Clock {
        let record = RecordFixture.record(entries)
        let clocks = Clocks(record, at: RecordFixture.moment(now), witnessing: witnessing).of(kind)
        return try #require(clocks.first, "\(kind)")
    }

    private func state(
        _ kind: Clock.Kind,
        of entries: [LogEntry],
        at now: String
    ) throws -> Clock.State {
        try clock(kind, of: entries, at: now).state
    }

    @Test("a concern is late on the day after the last, and done late stays so")
    func concern() throws {
        let opened = [RecordFixture.concern("opened", "C-1", "2026-01-05")]
        #expect(try state(.acknowledgeConcern, of: opened, at: "2026-01-12T23:59:59Z") == .running)
        #expect(try state(.acknowledgeConcern, of: opened, at: "2026-01-13") == .late(days: 1))
        #expect(try state(.acknowledgeConcern, of: opened, at: "2026-01-20") == .late(days: 8))
        #expect(try state(.triageConcern, of: opened, at: "2026-01-19T12:00:00Z") == .running)
        #expect(try state(.triageConcern, of: opened, at: "2026-01-20") == .late(days: 1))
        #expect(try state(.answerReporter, of: opened, at: "2026-04-05T12:00:00Z") == .running)
        #expect(try state(.answerReporter, of: opened, at: "2026-04-06") == .late(days: 1))
        let late = opened + [RecordFixture.concern("acknowledged", "C-1", "2026-01-15")]
        #expect(try state(.acknowledgeConcern, of: late, at: "2026-02-01") == .doneLate(days: 3))
        #expect(try state(.acknowledgeConcern, of: late, at: "2026-09-01") == .doneLate(days: 3))
    }

    @Test(
        "what the log names may shorten a clock and never lengthens it",
        arguments: [
            ("2026-02-01", "2026-02-02"), ("2027-01-01", "2026-04-11"),
        ]
    )
    func shortened(due: String, lateFrom: String) throws {
        let review = [
            RecordFixture.entry(
                "review-opened",
                "RV-1",
                at: "2026-01-10T12:00:00Z",
                ["DecisionDue": due]
            )
        ]
        #expect(
            try clock(.decideReview, of: review, at: "2026-12-01").dueAt
                == RecordFixture.moment(lateFrom)
        )
    }

    @Test("an org must have been heard fourteen days before, or within 72 hours of an emergency")
    func heard() throws {
        func heard(_ day: String, _ more: [String: String] = [:]) throws -> Clock.State {
            let fields = more.merging(["OrgHeardOn": day]) { one, _ in one }
            let entries = [
                RecordFixture.decision("D-1", at: "2026-02-20T09:00:00Z", fields)
            ]
            return try state(.hearOrg, of: entries, at: "2026-03-01")
        }
        #expect(try heard("2026-02-06") == .done)
        #expect(try heard("2026-02-07") == .doneLate(days: 1))
        #expect(try heard("2026-02-22", ["Urgency": "Emergency"]) == .done)
        #expect(try heard("2026-02-24", ["Urgency": "Emergency"]) == .doneLate(days: 1))
        #expect(try heard("") == .late(days: 23))
    }

    @Test("a letter is to be answered from the day on which enough entitled people had signed")
    func letter() throws {
        let entries = RecordFixture.life.filter {
            ["letter-frozen", "letter-batch"].contains($0.kind)
        }
        let few = Array(entries.dropLast())
        let none = Clocks(RecordFixture.record(few), at: RecordFixture.moment("2027-01-01"))
        #expect(none.of(.answerLetter).isEmpty)
        #expect(try state(.answerLetter, of: entries, at: "2026-02-14T12:00:00Z") == .running)
        #expect(try state(.answerLetter, of: entries, at: "2026-02-16") == .late(days: 2))
    }

    @Test("a commitment is late by the day promised first, however often it is moved")
    func commitment() throws {
        let clock = try clock(.commitment, of: RecordFixture.life, at: "2026-06-01")
        #expect(clock.state == .doneLate(days: 23))
    }

    @Test("each version of a declaration has to be attested again")
    func reattest() throws {
        func declared(_ at: String) -> LogEntry {
            RecordFixture.entry("use-declared", "UD-1", at: at, ["ReattestDue": "2028-01-01"])
        }
        let one = [declared("2026-01-01T10:00:00Z")]
        #expect(try state(.reattestUse, of: one, at: "2027-01-01T12:00:00Z") == .running)
        #expect(try state(.reattestUse, of: one, at: "2027-01-02") == .late(days: 1))
        let two = one + [declared("2027-02-01T00:00:00Z")]
        let clocks = Clocks(RecordFixture.record(two), at: RecordFixture.moment("2027-03-01"))
        #expect(clocks.of(.reattestUse).map(\.state) == [.doneLate(days: 31), .running])
    }

    @Test("reports, openings of data, minutes and witnesses have their clocks")
    func others() throws {
        let life = RecordFixture.life
        #expect(try state(.breakGlassReport, of: life, at: "2026-06-01") == .doneLate(days: 3))
        #expect(try state(.minutesOfMeeting, of: life, at: "2026-06-01") == .done)
        let reports = Clocks(RecordFixture.record(life), at: RecordFixture.moment("2026-09-20"))
        #expect(reports.of(.report).map(\.state) == [.done, .late(days: 1)])
        let witnessing = Witnessing(
            names: ["w"],
            quorum: 1,
            finalSize: 12,
            finalAt: nil,
            waitingSince: RecordFixture.moment("2026-03-01")
        )
        func waiting(_ now: String) throws -> Clock.State {
            try clock(.witnessQuorum, of: life, at: now, witnessing: witnessing).state
        }
        #expect(try waiting("2026-03-02T23:00:00Z") == .running)
        #expect(try waiting("2026-03-03T00:00:00Z") == .late(days: 1))
    }

    @Test("lateness is a function of the log and the time: it grows by itself and cannot be undone")
    func pureAndMonotone() throws {
        let entries = RecordFixture.life
        let days = stride(from: 0, to: 900, by: 7).map {
            LogCalendar.adding(days: $0, to: RecordFixture.moment("2026-01-01"))
        }
        for count in stride(from: 0, through: entries.count, by: 3) {
            let record = RecordFixture.record(Array(entries.prefix(count)))
            var before: [String: Clock] = [:]
            for day in days {
                let clocks = Clocks(record, at: day)
                #expect(clocks == Clocks(record, at: day))
                for clock in clocks.all {
                    let name = "\(clock.kind) \(clock.subject) \(clock.startedAt.milliseconds)"
                    if let earlier = before[name] {
                        #expect(clock.daysLate >= earlier.daysLate, "\(name)")
                        #expect(clock.dueAt == earlier.dueAt, "\(name)")
                        // What is done stays done.
                        if earlier.doneAt != nil { #expect(clock.doneAt == earlier.doneAt) }
                    }
                    before[name] = clock
                }
            }
        }
    }

    @Test("later entries do not make a missed clock a kept one")
    func missedStaysMissed() throws {
        let entries = RecordFixture.life
        let now = RecordFixture.moment("2027-06-01")
        for count in 1...entries.count {
            let missed = Clocks(RecordFixture.record(Array(entries.prefix(count))), at: now).all
            let all = Clocks(RecordFixture.record(entries), at: now).all
            for clock in missed where clock.isMissed {
                guard case .doneLate = clock.state else { continue }
                #expect(all.contains(clock), "\(clock)")
            }
        }
    }

    @Test("an emergency ends by the clock, without an entry")
    func emergencyEnds() throws {
        let entries = [
            RecordFixture.emergency(
                "R-1",
                starts: "2026-03-01T00:00:00Z",
                ends: "2026-03-04T00:00:00Z"
            )
        ]
        #expect(try state(.emergencyEnds, of: entries, at: "2026-03-03T23:00:00Z") == .running)
        #expect(try state(.emergencyEnds, of: entries, at: "2026-03-04T00:00:00Z") == .done)
        let record = RecordFixture.record(entries)
        let now = RecordFixture.moment("2026-03-04T00:00:00Z")
        #expect(record.restrictions.values.first?.state(at: now) == .expired)
    }

    @Test(
        "the calendar's months end where they end",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"),
            ("2026-11-30", 3, "2027-02-28"), ("2026-07-01", 6, "2027-01-01"),
            ("2024-02-29", 12, "2025-02-28"), ("2026-12-31", 2, "2027-02-28"),
        ]
    )
    func months(from: String, count: Int, to: String) {
        let moment = LogCalendar.adding(months: count, to: RecordFixture.moment(from))
        #expect(LogCalendar.dayText(of: moment) == to)
    }
}
