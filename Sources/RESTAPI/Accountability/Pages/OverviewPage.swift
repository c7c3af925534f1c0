import Accountability
import Metadata

/// What is late, first; then what there is.
enum OverviewPage {
    static func page(_ view: PublicView) -> PublicPage {
        PublicPage(
            title: "Accountability",
            section: "",
            body: witnesses(view) + late(view) + discrepancies(view) + counts(view)
        )
    }

    private static func witnesses(_ view: PublicView) -> HTML {
        guard view.clocks.of(.witnessQuorum).contains(where: \.isLate) else { return .empty }
        return HTML(
            "section",
            [("class", "late"), ("role", "alert")],
            .heading(2, "Nobody vouches for the latest entries"),
            .paragraph(
                "For over \(Clock.Limits.quorumHours) hours no quorum of witnesses has cosigned the "
                    + "log's checkpoint. Until one does, different people may be shown different logs."
            )
        )
    }

    static func late(_ view: PublicView) -> HTML {
        let late = view.clocks.late
        guard !late.isEmpty else {
            return HTML(
                "section",
                [],
                .heading(2, "Late now"),
                .paragraph("Nothing that is owed is late.")
            )
        }
        return HTML(
            "section",
            [("class", "late")],
            .heading(2, "Late now"),
            .table(
                "What is owed and late, the longest first",
                ["What", "About", "Was due until", "Days late", "Rule"],
                late.prefix(200).map { clock in
                    [
                        HTML(clock.kind.label), HTML(clock.subject),
                        HTML(LogCalendar.dayText(of: lastMoment(before: clock.dueAt))),
                        HTML(String(clock.daysLate)), HTML(clock.kind.rule),
                    ]
                }
            )
        )
    }

    private static func lastMoment(before moment: Instant) -> Instant {
        LogCalendar.adding(milliseconds: -1, to: moment)
    }

    private static func discrepancies(_ view: PublicView) -> HTML {
        let found = view.record.discrepancies(at: view.now)
        let unread = view.record.unread.count
        guard !found.isEmpty || unread > 0 else { return .empty }
        var body = HTML.heading(2, "What does not go together")
        if !found.isEmpty {
            body =
                body
                + .table(
                    "Entries that contradict one another or the rules",
                    ["About", "What", "Entry"],
                    found.prefix(200).map { item in
                        [
                            HTML(item.subject), HTML(item.text),
                            HTML(item.index.map { String($0) } ?? "–"),
                        ]
                    }
                )
        }
        if unread > 0 {
            body =
                body + .paragraph("\(unread) entries could not be read as what they say they are.")
        }
        return HTML("section", [], body)
    }

    private static func counts(_ view: PublicView) -> HTML {
        let record = view.record
        let inForce = record.restrictions.values.count { $0.state(at: view.now) == .inForce }
        let open = record.reviews.values.count { $0.closed == nil }
        func item(_ section: String, _ text: String) -> HTML {
            .link(PublicPage.path(section), text)
        }
        return HTML(
            "section",
            [],
            .heading(2, "What there is"),
            .list([
                item("declarations", "\(record.declarations.count) declared uses"),
                item("decisions", "\(record.decisions.count) decisions; \(open) reviews are open"),
                item("restrictions", "\(inForce) restrictions in force"),
                item("letters", "\(record.letters.count) open letters"),
                item("meetings", "\(record.meetings.count) meetings"),
                item("commitments", "\(record.commitments.count) commitments"),
                item("log", "\(record.size) entries in the log"),
            ])
        )
    }
}
