import Metadata

/// Counts for a report: each function is one of its tables.
struct ReportCount {
    let record: PublicRecord
    let from: Instant
    let to: Instant
    /// As they stood when the time ended.
    private let clocks: Clocks
    /// The last moment of the time.
    private let last: Instant

    init(record: PublicRecord, from: Instant, to: Instant) {
        self.record = record
        self.from = from
        self.to = to
        last = LogCalendar.adding(milliseconds: -1, to: to)
        clocks = Clocks(record, at: last)
    }

    private func isWithin(_ moment: Instant?) -> Bool {
        moment.map { from <= $0 && $0 < to } ?? false
    }

    private func isWithin(day: Int?) -> Bool { isWithin(day.map { LogCalendar.start(of: $0) }) }

    private func isByThen(_ moment: Instant?) -> Bool { moment.map { $0 < to } ?? false }

    private func tally<Item>(
        _ items: some Sequence<Item>,
        by name: (Item) -> String
    ) -> [String: Int] {
        items.reduce(into: [:]) { $0[name($1), default: 0] += 1 }
    }

    private func sorted(_ tally: [String: Int]) -> [(key: String, value: Int)] {
        tally.sorted { $0.key < $1.key }
    }

    var concerns: ReportTable {
        let raised = record.concerns.values.filter { isWithin(day: $0.openedOn) }
        let rows = sorted(
            tally(raised) { concern in
                [concern.channel, concern.reporterKind, concern.product]
                    .map { $0 ?? "not told" }.joined(separator: "\u{1f}")
            }
        ).map { key, count in
            key.split(separator: "\u{1f}").map { ReportTable.Cell.text(String($0)) }
                + [.band(count)]
        }
        return ReportTable(
            "concerns",
            "Concerns",
            columns: ["Channel", "Raised by", "Product", "Concerns"],
            rows: rows + [[.text("All"), .text(""), .text(""), .band(raised.count)]],
            note: "How many there are changes nothing about what becomes of any of them."
        )
    }

    var timings: ReportTable {
        func row(_ name: String, _ days: [Int]) -> [ReportTable.Cell] {
            let spread = Spread(days)
            return [
                .text(name), .band(spread.count), .days(spread.median), .days(spread.ninetieth),
            ]
        }
        func lengths(_ end: (PublicConcern) -> Int?) -> [Int] {
            record.concerns.values.compactMap { concern in
                guard let day = end(concern), isWithin(day: day) else { return nil }
                return max(0, day - concern.openedOn)
            }
        }
        let decided = record.reviews.values.compactMap { review -> Int? in
            guard let closed = review.closed?.at, isWithin(closed) else { return nil }
            return LogCalendar.days(
                from: review.opened.moment("OpenedOn") ?? review.opened.at,
                to: closed
            )
        }
        return ReportTable(
            "timings",
            "How long it took",
            columns: ["Step", "Done", "Median", "Nine of ten within"],
            rows: [
                row("Acknowledge a concern", lengths(\.acknowledgedOn)),
                row("Triage a concern", lengths(\.triagedOn)),
                row("Close a concern", lengths(\.closedOn)),
                row("Decide a review", decided),
            ]
        )
    }

    private var decisions: [PublicDecision] {
        record.decisions.values.filter { isWithin($0.first.at) }
    }

    /// From the mildest to the hardest, those that did not happen too.
    var outcomes: ReportTable {
        let ladder = [
            "notice-only", "rate", "automation", "field", "feature", "channel", "purpose",
            "integration", "object", "visibility", "growth", "read-only", "export-only", "end",
        ]
        let imposed = tally(record.restrictions.values.filter { isWithin($0.startsAt) }, by: \.kind)
        let counted = tally(decisions, by: \.outcome)
        let known = ["No measure", "Safeguard", "Restriction", "Lift"]
        let others = counted.filter { !known.contains($0.key) }.reduce(0) { $0 + $1.value }
        var rows: [[ReportTable.Cell]] = known.map {
            [.text("Decision: \($0)"), .count(counted[$0] ?? 0)]
        }
        rows.append([.text("Decision: other"), .count(others)])
        rows += ladder.map { [.text("Restriction: \($0)"), .count(imposed[$0] ?? 0)] }
        return ReportTable(
            "outcomes",
            "Outcomes, from the mildest to the hardest",
            columns: ["Outcome", "Count"],
            rows: rows
        )
    }

    var restrictions: ReportTable {
        let touching = record.restrictions.values.filter { $0.startsAt < to && from < $0.endedAt }
        let rows = sorted(tally(touching, by: \.kind)).map { kind, _ -> [ReportTable.Cell] in
            let some = touching.filter { $0.kind == kind }
            let ended = some.filter { isWithin($0.endedAt) }
            let lifted = ended.filter { $0.lift != nil && $0.endedAt < $0.endsAt }
            let lengths = Spread(
                some.map { LogCalendar.days(from: $0.startsAt, to: $0.endedAt) }
            )
            return [
                .text(kind), .count(some.count { isWithin($0.startsAt) }),
                .count(some.count { $0.isEmergency && isWithin($0.startsAt) }),
                .days(lengths.median), .days(lengths.ninetieth), .count(lifted.count),
                .count(ended.count - lifted.count),
                .count(some.count { $0.endedAt >= to }),
            ]
        }
        return ReportTable(
            "restrictions",
            "Restrictions",
            columns: [
                "Kind", "Begun", "Of these emergencies", "Median length", "Nine of ten within",
                "Lifted early", "Ended by the clock", "In force at the end",
            ],
            rows: rows
        )
    }

    var appeals: ReportTable {
        let filed = record.appeals.values.filter { isWithin($0.filed.at) }
        let decided = record.appeals.values.filter { isWithin($0.decided?.at) }
        let changed = decided.filter(\.isChanged).count
        return ReportTable(
            "appeals",
            "Appeals",
            columns: ["Filed", "Decided", "Changed the decision", "Share"],
            rows: [
                [
                    .count(filed.count), .count(decided.count), .count(changed),
                    .share(changed, of: decided.count),
                ]
            ]
        )
    }

    /// Declarations as they stood at the end of the time.
    private var declared: [(declaration: PublicDeclaration, isStale: Bool)] {
        record.declarations.values.compactMap { declaration in
            let versions = declaration.versions.filter { isByThen($0.at) }
            guard let version = versions.last, !isByThen(declaration.withdrawn?.at) else {
                return nil
            }
            return (declaration, PublicDeclaration.reattestDue(of: version) <= last)
        }
    }

    var coverage: ReportTable {
        func row(
            _ name: String,
            _ some: [(declaration: PublicDeclaration, isStale: Bool)]
        )
            -> [ReportTable.Cell]
        {
            let orgs = Set(some.map(\.declaration.org))
            let stale = Set(some.lazy.filter(\.isStale).map(\.declaration.org))
            let isTold = orgs.count >= CountBand.least
            return [
                .text(name), .orgs(orgs.count), .orgs(stale.count),
                isTold ? .share((orgs.count - stale.count) * 20 / orgs.count, of: 20) : .withheld,
            ]
        }
        let products = Set(declared.compactMap(\.declaration.product)).sorted()
        return ReportTable(
            "coverage",
            "Declared uses",
            columns: ["Product", "Orgs with a declaration", "Of these overdue", "Share current"],
            rows: products.map { product in
                row(product, declared.filter { $0.declaration.product == product })
            } + [row("All", declared)],
            note: "Shares are rounded down to steps of five in a hundred."
        )
    }

    var letters: ReportTable {
        let letters = Array(record.letters.values)
        let due = clocks.of(.answerLetter).filter { isWithin($0.dueAt) || isWithin($0.doneAt) }
        let inTime = due.filter { $0.state == .done }.count
        return ReportTable(
            "letters",
            "Open letters",
            columns: [
                "Begun", "Reached the threshold", "Answered in time", "Answered late or not",
            ],
            rows: [
                [
                    .count(letters.count { isWithin($0.frozen.at) }),
                    .count(letters.count { isWithin($0.thresholdReachedAt) }),
                    .count(inTime), .count(due.count { $0.isMissed }),
                ]
            ]
        )
    }

    var meetings: ReportTable {
        let held = record.meetings.values.filter {
            isWithin($0.current.moment("HeldOn") ?? $0.versions[0].at)
        }
        return ReportTable(
            "meetings",
            "Meetings",
            columns: ["Held", "With terms declined", "With agreed minutes"],
            rows: [
                [
                    .count(held.count), .count(held.count { $0.hasDeclinedTerms }),
                    .count(held.count { $0.current.flag("MinutesAgreed") }),
                ]
            ]
        )
    }

    var commitments: ReportTable {
        let all = Array(record.commitments.values)
        let clocks = clocks.of(.commitment)
        return ReportTable(
            "commitments",
            "Commitments",
            columns: [
                "Made", "Kept in time", "Kept late", "Overdue at the end", "Moved at least once",
            ],
            rows: [
                [
                    .count(all.count { isWithin($0.made.at) }),
                    .count(clocks.count { isWithin($0.doneAt) && $0.state == .done }),
                    .count(clocks.count { isWithin($0.doneAt) && $0.isMissed }),
                    .count(clocks.count { $0.isLate }),
                    .count(all.count { $0.moves.contains { isWithin($0.at) } }),
                ]
            ],
            note:
                "Late is what was not kept by the day promised first, whether or not it was moved."
        )
    }

    var breakGlass: ReportTable {
        let opened = record.breakGlass.values.filter { isWithin($0.at) }
        let late = Set(clocks.of(.breakGlassReport).lazy.filter(\.isMissed).map(\.subject))
        let rows = sorted(tally(opened, by: \.reason)).map { reason, count -> [ReportTable.Cell] in
            let missed = opened.count { $0.reason == reason && late.contains($0.id) }
            return [.text(reason), .count(count), .count(missed)]
        }
        return ReportTable(
            "breakGlass",
            "Openings of an org's data by the operator",
            columns: ["Reason", "Count", "Report late or missing"],
            rows: rows
        )
    }

    var demands: ReportTable {
        let demands = record.notables("demand-band").filter { isWithin($0.at) }
        return ReportTable(
            "demands",
            "Demands of governments",
            columns: ["Jurisdiction", "Kind", "Band", "Contested", "Outcome"],
            rows: demands.map { demand in
                let values = demand.values
                return [
                    .text(values["Jurisdiction"] ?? "not told"),
                    .text(values["DemandKind"] ?? "not told"),
                    .text(values["CountBand"] ?? "not told"),
                    .text(values["Contested"] == "true" ? "yes" : "no"),
                    .text(values["Outcome"] ?? "not told"),
                ]
            },
            note: "No row says that no demand was published, not that there was none."
        )
    }

    var misuse: ReportTable {
        let findings = record.notables("misuse-finding").filter { isWithin($0.at) }
        return ReportTable(
            "misuse",
            "Reports found to be made in bad faith",
            columns: ["Finding", "Reports", "Outcome"],
            rows: findings.map { finding in
                [
                    .text(finding.id ?? "not told"),
                    .text(finding.values["CountBand"] ?? "not told"),
                    .text(finding.values["Outcome"] ?? "not told"),
                ]
            }
        )
    }

    /// What was missed in the time: late at its end, or done too late within it.
    var missed: ReportTable {
        let missed = clocks.all.filter { $0.isLate || $0.isMissed && isWithin($0.doneAt) }
        let rows = Clock.Kind.allCases.map { kind -> [ReportTable.Cell] in
            let some = missed.filter { $0.kind == kind }
            let isAboutPeople = [.acknowledgeConcern, .triageConcern, .answerReporter].contains(
                kind
            )
            let count: ReportTable.Cell =
                kind == .reattestUse
                ? .orgs(some.count) : isAboutPeople ? .band(some.count) : .count(some.count)
            return [.text(kind.label), count, .days(some.map(\.daysLate).max())]
        }
        return ReportTable(
            "missed",
            "What was late",
            columns: ["What was owed", "Missed", "Longest"],
            rows: rows
        )
    }

    /// Whether some are treated otherwise than others: by what decisions say of the orgs.
    var mirror: ReportTable {
        func rows(_ name: String, _ value: (PublicDecision) -> String?) -> [[ReportTable.Cell]] {
            let groups = Dictionary(grouping: decisions) { value($0) ?? "not told" }
            return groups.sorted { $0.key < $1.key }.map { key, some in
                let orgs = Set(some.compactMap(\.org)).count
                let hit = some.count { $0.isRestriction }
                let isTold = orgs >= CountBand.least
                return [
                    .text(name), .text(key), .orgs(orgs),
                    isTold ? .share(hit, of: some.count) : .withheld,
                ]
            }
        }
        return ReportTable(
            "mirror",
            "Whether like is treated alike",
            columns: ["By", "Group", "Orgs decided about", "Share restricted"],
            rows: rows("Contract band") { $0.current.text("ContractBand") }
                + rows("Product") { $0.current.text("Product") }
                + rows("Public body") { decision in
                    decision.org.map { record.isPublicBody($0) ? "yes" : "not stated" }
                }
                + rows("Class stated by the org") { $0.current.text("StatedClass") },
            note: "Only what orgs have stated of themselves is counted."
        )
    }

    var discrepancies: ReportTable {
        let found = tally(record.discrepancies(at: last)) { $0.kind.rawValue }
        return ReportTable(
            "discrepancies",
            "What in the log does not go together",
            columns: ["Kind", "Count"],
            rows: Discrepancy.Kind.allCases.map {
                [.text($0.rawValue), .count(found[$0.rawValue] ?? 0)]
            }
        )
    }
}
