import Accountability
import Metadata

/// Letters, meetings, and what was promised in them.
enum VoicePages {
    static func letters(_ view: PublicView, page number: Int = 1) -> PublicPage {
        let all = view.record.letters.values.sorted { $0.frozen.index > $1.frozen.index }
        let page = PageOf(all, number: number)
        return PublicPage(
            title: "Open letters",
            section: "letters",
            body: .table(
                "Open letters, the latest first",
                ["Letter", "Title", "To", "Entitled signers", "Answer"],
                page.items.map { letter in
                    let fields = view.record.shown(letter.frozen)
                    return [
                        .link(PublicPage.path("letters", letter.id), letter.id),
                        HTML(fields["Title"] ?? "–"), HTML(fields["Addressee"] ?? "–"),
                        HTML(String(letter.entitled)), HTML(answer(of: letter, view)),
                    ]
                }
            ) + page.links(PublicPage.path("letters"), keeping: [])
        )
    }

    private static func answer(of letter: PublicLetter, _ view: PublicView) -> String {
        if let answered = letter.answered { return "on \(LogCalendar.dayText(of: answered.at))" }
        let clock = view.clocks.of(.answerLetter).first { $0.subject == letter.id }
        switch clock?.state {
        case .late(let days): return "late by \(days) days"
        case .running: return "owed"
        case .done, .doneLate, nil: return "not owed yet"
        }
    }

    static func letter(_ letter: PublicLetter, _ view: PublicView) -> PublicPage {
        let fields = view.record.shown(letter.frozen)
        let answer = letter.answered.map { view.record.shown($0) }?["Answer"]
        return PublicPage(
            title: fields["Title"] ?? letter.id,
            section: "letters",
            body: .facts([
                ("Letter", HTML(letter.id)), ("To", fields["Addressee"].map { HTML($0) }),
                ("Open from", fields["OpensOn"].map { HTML($0) }),
                ("Open until", fields["ClosesOn"].map { HTML($0) }),
                ("An answer is owed from", fields["AnswerThreshold"].map { HTML("\($0) signers") }),
                ("SHA-256 of the text", fields["TextDigest"].map { HTML("code", [], HTML($0)) }),
                ("Key of its tokens", letter.keys.first.map { HTML("code", [], HTML($0)) }),
            ])
                + section("Text", fields["Body"]) + section("What is asked", fields["Asks"])
                + signatures(letter) + section("Answer", answer)
        )
    }

    private static func section(_ title: String, _ text: String?) -> HTML {
        guard let text else { return .empty }
        return HTML("section", [], .heading(2, title), .prose(text))
    }

    /// Those who are known to be entitled apart from everybody else.
    private static func signatures(_ letter: PublicLetter) -> HTML {
        let names = letter.named.map { HTML("bdi", [], HTML($0)) }
        return HTML(
            "section",
            [],
            .heading(2, "Signatures"),
            .facts([
                ("Entitled, by name", HTML(String(letter.named.count))),
                ("Entitled, without a name", HTML(String(letter.verified))),
            ]),
            .paragraph(
                "Supporters are counted apart and never added: anybody can be one, and nobody "
                    + "checks. They count for no threshold."
            ),
            .table(
                "Batches, as they were published",
                ["Batch", "Day", "By name", "Without a name", "Supporters"],
                letter.batches.map { batch in
                    [
                        HTML(batch.number), HTML(LogCalendar.dayText(of: batch.at)),
                        HTML(String(batch.named.count)), HTML(String(batch.verified)),
                        HTML(batch.supporters ?? "–"),
                    ]
                }
            ),
            names.isEmpty ? .empty : .heading(3, "Names") + .list(names)
        )
    }

    static func meetings(_ view: PublicView, page number: Int = 1) -> PublicPage {
        let all = view.record.meetings.values.sorted { $0.current.index > $1.current.index }
        let page = PageOf(all, number: number)
        return PublicPage(
            title: "Meetings",
            section: "meetings",
            body: (page.items.isEmpty ? .paragraph("None was held.") : .empty)
                + .all(page.items.map { meeting($0, view) })
                + page.links(PublicPage.path("meetings"), keeping: [])
        )
    }

    private static func meeting(_ meeting: PublicMeeting, _ view: PublicView) -> HTML {
        let fields = view.record.shown(meeting.current)
        let labels = [
            ("HeldOn", "Held on"), ("Terms", "Terms"), ("Invited", "Invited"),
            ("Attended", "Attended"), ("Declined", "Declined, and why"), ("Minutes", "Minutes"),
            ("Dissent", "Dissent"), ("MinutesDigest", "SHA-256 of the minutes"),
            ("RecordingDigest", "SHA-256 of the recording"),
        ]
        return HTML(
            "section",
            [],
            .heading(2, "Meeting \(meeting.id)"),
            .facts(
                labels.map { name, label in (label, fields[name].map { HTML.prose($0) }) }
                    + [
                        (
                            "Minutes agreed by both sides",
                            HTML(fields["MinutesAgreed"] == "true" ? "yes" : "no")
                        )
                    ]
            )
        )
    }

    static func commitments(_ view: PublicView, page number: Int = 1) -> PublicPage {
        let all = view.record.commitments.values.sorted { $0.made.index > $1.made.index }
        let page = PageOf(all, number: number)
        let clocks = Dictionary(
            view.clocks.of(.commitment).map { ($0.subject, $0.state) },
            uniquingKeysWith: { first, _ in first }
        )
        return PublicPage(
            title: "Commitments",
            section: "commitments",
            body: .table(
                "What was promised, the latest first",
                ["Commitment", "Promise", "By", "First due", "Moved", "State", "Evidence"],
                page.items.map { commitment in
                    let fields = view.record.shown(commitment.made)
                    let done = commitment.done.map { view.record.shown($0) }
                    return [
                        HTML(commitment.made.id), HTML(fields["Statement"] ?? "–"),
                        HTML(fields["Owner"] ?? "–"), HTML(fields["DueOn"] ?? "–"),
                        HTML("\(commitment.slips) times"),
                        HTML(state(clocks[commitment.made.id])),
                        HTML(done?["Evidence"] ?? "–"),
                    ]
                }
            ) + page.links(PublicPage.path("commitments"), keeping: [])
        )
    }

    private static func state(_ state: Clock.State?) -> String {
        switch state {
        case .running: "running"
        case .late(let days): "late by \(days) days"
        case .done: "kept"
        case .doneLate(let days): "kept \(days) days late"
        case nil: "without a day"
        }
    }
}
