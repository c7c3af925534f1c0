package import Metadata

/// Every clock that the record has started, as it stands at a moment.
///
/// There is no field anywhere that says whether something is late: it is computed, each time, from
/// what the log tells and the time.
package struct Clocks: Hashable, Sendable {
    package let now: Instant
    /// By kind, then by when it is due.
    package let all: [Clock]

    /// - Parameter witnessing: how far witnesses vouch for the log; `nil` where none are asked.
    package init(_ record: PublicRecord, at now: Instant, witnessing: Witnessing? = nil) {
        self.now = now
        let made = ClockMaker(record: record, now: now)
        let clocks =
            made.concerns + made.reviews + made.decisions + made.restrictions + made.appeals
            + made.letters + made.meetings + made.declarations + made.commitments
            + made.breakGlass + made.reports + made.witnesses(witnessing)
        let order = Dictionary(
            uniqueKeysWithValues: Clock.Kind.allCases.enumerated().map { ($1, $0) }
        )
        all = clocks.sorted {
            (order[$0.kind] ?? 0, $0.dueAt, $0.subject) < (
                order[$1.kind] ?? 0, $1.dueAt, $1.subject
            )
        }
    }

    /// What is late now, the latest first.
    package var late: [Clock] {
        all.filter(\.isLate).sorted { ($0.dueAt, $0.subject) < ($1.dueAt, $1.subject) }
    }

    /// What was or is late.
    package var missed: [Clock] { all.filter(\.isMissed) }

    package func of(_ kind: Clock.Kind) -> [Clock] { all.filter { $0.kind == kind } }
}

/// How far witnesses have vouched for the log.
package struct Witnessing: Hashable, Sendable {
    /// Their names, as in their keys.
    package let names: [String]
    /// How many of them must vouch for a checkpoint.
    package let quorum: Int
    /// The largest checkpoint for which so many have; 0 before the first.
    package let finalSize: Int
    /// When the last of them did.
    package let finalAt: Instant?
    /// The moment that the first entry beyond it tells; `nil` where there is none.
    package let waitingSince: Instant?

    package init(
        names: [String],
        quorum: Int,
        finalSize: Int,
        finalAt: Instant?,
        waitingSince: Instant?
    ) {
        self.names = names
        self.quorum = quorum
        self.finalSize = finalSize
        self.finalAt = finalAt
        self.waitingSince = waitingSince
    }
}

/// Makes the clocks of one record at one time.
struct ClockMaker {
    let record: PublicRecord
    let now: Instant

    /// What happens after the time asked about has not happened yet.
    private func clock(
        _ kind: Clock.Kind,
        _ subject: String,
        from start: Instant,
        due: Instant,
        done: Instant?
    ) -> [Clock] {
        guard start <= now else { return [] }
        let isDone = done.map { $0 <= now } ?? false
        return [
            Clock(
                kind: kind,
                subject: subject,
                startedAt: start,
                dueAt: due,
                doneAt: isDone ? done : nil,
                now: now
            )
        ]
    }

    private func sooner(_ one: Instant?, _ other: Instant) -> Instant {
        one.map { min($0, other) } ?? other
    }

    /// The end of the day that is so many days after a moment's.
    private func end(days: Int, after moment: Instant) -> Instant {
        LogCalendar.end(of: LogCalendar.day(of: moment) + days)
    }

    var concerns: [Clock] {
        record.concerns.values.flatMap { concern -> [Clock] in
            let start = LogCalendar.start(of: concern.openedOn)
            func moment(_ day: Int?) -> Instant? { day.map { LogCalendar.start(of: $0) } }
            let triaged = concern.triagedOn ?? concern.closedOn
            let answered = LogCalendar.adding(
                months: Clock.Limits.answerMonths,
                to: LogCalendar.end(of: concern.openedOn)
            )
            return clock(
                .acknowledgeConcern,
                concern.id,
                from: start,
                due: end(days: Clock.Limits.acknowledgeDays, after: start),
                done: moment(concern.acknowledgedOn ?? triaged)
            )
                + clock(
                    .triageConcern,
                    concern.id,
                    from: start,
                    due: end(days: Clock.Limits.triageDays, after: start),
                    done: moment(triaged)
                )
                + clock(
                    .answerReporter,
                    concern.id,
                    from: start,
                    due: answered,
                    done: moment(concern.closedOn)
                )
        }
    }

    var reviews: [Clock] {
        record.reviews.values.flatMap { review in
            let start = review.opened.moment("OpenedOn") ?? review.opened.at
            let latest = end(days: Clock.Limits.reviewDays, after: start)
            return clock(
                .decideReview,
                review.opened.id,
                from: start,
                due: sooner(review.opened.dueEnd("DecisionDue"), latest),
                done: review.closed?.at
            )
        }
    }

    var decisions: [Clock] {
        record.decisions.values.filter(\.isRestriction).flatMap { decision -> [Clock] in
            let at = decision.decidedAt
            let due =
                decision.isEmergency
                ? LogCalendar.adding(hours: Clock.Limits.heardAfterEmergencyHours, to: at)
                : LogCalendar.start(of: LogCalendar.day(of: at) + 1 - Clock.Limits.heardDays)
            return clock(.hearOrg, decision.id, from: at, due: due, done: decision.heardOn)
        }
    }

    var restrictions: [Clock] {
        record.restrictions.values.flatMap { restriction -> [Clock] in
            let ends: Clock.Kind = restriction.isEmergency ? .emergencyEnds : .restrictionEnds
            let days = Clock.Limits.noticeDays(restriction.urgency)
            var clocks = clock(
                ends,
                restriction.id,
                from: restriction.startsAt,
                due: LogCalendar.adding(milliseconds: 1, to: restriction.endsAt),
                done: restriction.endedAt
            )
            if days > 0 {
                clocks += clock(
                    .noticeBeforeEffect,
                    restriction.id,
                    from: restriction.noticedAt,
                    due: LogCalendar.adding(
                        milliseconds: 1,
                        to: LogCalendar.adding(days: -days, to: restriction.startsAt)
                    ),
                    done: restriction.noticedAt
                )
            }
            if restriction.kind == "export-only" {
                let open = LogCalendar.adding(
                    days: Clock.Limits.exportDays,
                    to: restriction.startsAt
                )
                clocks += window(.exportOpen, restriction.id, restriction.startsAt, open)
            }
            return clocks
        }
    }

    /// A time that must stay open; it is done when it has passed, and cannot be late.
    private func window(
        _ kind: Clock.Kind,
        _ subject: String,
        _ start: Instant,
        _ end: Instant
    ) -> [Clock] {
        clock(
            kind,
            subject,
            from: start,
            due: LogCalendar.adding(milliseconds: 1, to: end),
            done: end
        )
    }

    var appeals: [Clock] {
        let open = record.decisions.values.filter(\.isRestriction).flatMap { decision in
            let notice = record.notices.values.filter { $0.text("DecisionName") == decision.id }
                .map { $0.moment("NoticedOn") ?? $0.at }.min()
            let start = notice ?? decision.first.at
            return window(
                .appealOpen,
                decision.id,
                start,
                LogCalendar.adding(months: Clock.Limits.appealOpenMonths, to: start)
            )
        }
        return open
            + record.appeals.values.flatMap { appeal in
                let start = appeal.filed.moment("FiledOn") ?? appeal.filed.at
                return clock(
                    .decideAppeal,
                    appeal.filed.id,
                    from: start,
                    due: sooner(
                        appeal.filed.dueEnd("DueOn"),
                        end(days: Clock.Limits.appealDays, after: start)
                    ),
                    done: appeal.decided?.at
                )
            }
    }

    var letters: [Clock] {
        record.letters.values.flatMap { letter -> [Clock] in
            guard let reached = letter.thresholdReachedAt else { return [] }
            let due = end(days: Clock.Limits.letterDays, after: reached)
            return clock(
                .answerLetter,
                letter.id,
                from: reached,
                due: sooner(letter.published?.dueEnd("AnswerDue"), due),
                done: letter.answered?.at
            )
        }
    }

    var meetings: [Clock] {
        record.meetings.values.flatMap { meeting in
            let held = meeting.current.moment("HeldOn") ?? meeting.versions[0].at
            return clock(
                .minutesOfMeeting,
                meeting.id,
                from: held,
                due: end(days: Clock.Limits.minutesDays, after: held),
                done: meeting.minutesAt
            )
        }
    }

    var declarations: [Clock] {
        record.declarations.values.flatMap { declaration in
            declaration.versions.indices.flatMap { place -> [Clock] in
                let next = declaration.versions.dropFirst(place + 1).first?.at
                return clock(
                    .reattestUse,
                    declaration.id,
                    from: declaration.versions[place].at,
                    due: PublicDeclaration.reattestDue(of: declaration.versions[place]),
                    done: next ?? declaration.withdrawn?.at
                )
            }
        }
    }

    var commitments: [Clock] {
        record.commitments.values.flatMap { commitment -> [Clock] in
            guard let due = commitment.firstDue else { return [] }
            return clock(
                .commitment,
                commitment.made.id,
                from: commitment.made.at,
                due: due,
                done: commitment.done.map { $0.moment("DoneOn") ?? $0.at }
            )
        }
    }

    var breakGlass: [Clock] {
        record.breakGlass.values.flatMap { grant in
            let end = grant.until ?? grant.at
            return clock(
                .breakGlassReport,
                grant.id,
                from: grant.at,
                due: LogCalendar.adding(days: Clock.Limits.breakGlassReportDays, to: end),
                done: grant.closedAt
            )
        }
    }

    /// Each report starts the clock of the next.
    var reports: [Clock] {
        guard let first = record.firstMoment else { return [] }
        let reports = record.notables("report").map(\.at).sorted()
        let starts = [first] + reports
        return starts.indices.flatMap { place in
            clock(
                .report,
                "report \(place + 1)",
                from: starts[place],
                due: LogCalendar.adding(months: Clock.Limits.reportMonths, to: starts[place]),
                done: place + 1 < starts.count ? starts[place + 1] : nil
            )
        }
    }

    func witnesses(_ witnessing: Witnessing?) -> [Clock] {
        guard let witnessing, witnessing.quorum > 0, let since = witnessing.waitingSince else {
            return []
        }
        return clock(
            .witnessQuorum,
            "entry \(witnessing.finalSize)",
            from: since,
            due: LogCalendar.adding(hours: Clock.Limits.quorumHours, to: since),
            done: nil
        )
    }
}
