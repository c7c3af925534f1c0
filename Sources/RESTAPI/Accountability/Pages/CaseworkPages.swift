import Accountability
import Metadata

/// Decisions with their reasons, and what was withheld by them.
enum CaseworkPages {
    static func decisions(_ view: PublicView, page number: Int = 1) -> PublicPage {
        let page = PageOf(view.record.decisionsInOrder, number: number)
        let path = PublicPage.path("decisions")
        return PublicPage(
            title: "Decisions",
            section: "decisions",
            body: .table(
                "Decisions, the latest first",
                ["Decision", "Day", "Outcome", "Rule", "Product", "Kind"],
                page.items.map { decision in
                    let fields = view.record.shown(decision.current)
                    return [
                        .link(PublicPage.path("decisions", decision.id), decision.id),
                        HTML(LogCalendar.dayText(of: decision.first.at)),
                        HTML(decision.outcome), HTML(decision.rule),
                        HTML(fields["Product"] ?? "–"), HTML(fields["RestrictionKind"] ?? "–"),
                    ]
                },
                none: "None was taken."
            ) + page.links(path, keeping: []) + reviews(view)
        )
    }

    private static func reviews(_ view: PublicView) -> HTML {
        let all = view.record.reviews.values.sorted { $0.opened.index > $1.opened.index }
        let clocks = Dictionary(
            view.clocks.of(.decideReview).map { ($0.subject, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return .table(
            "Reviews, the latest first",
            ["Review", "Question", "Opened", "State", "Days late", "Reason for the delay"],
            all.prefix(200).map { review in
                let fields = view.record.shown(review.opened)
                let delay = review.delays.last.flatMap { view.record.shown($0)["DelayReason"] }
                return [
                    HTML(review.opened.id), HTML(fields["Question"] ?? "–"),
                    HTML(LogCalendar.dayText(of: review.opened.at)),
                    HTML(
                        review.closed.map { view.record.shown($0)["Outcome"] ?? "closed" } ?? "open"
                    ),
                    HTML(String(clocks[review.opened.id]?.daysLate ?? 0)), HTML(delay ?? "–"),
                ]
            }
        )
    }

    /// The statement of reasons, part by part.
    static func decision(_ decision: PublicDecision, _ view: PublicView) -> PublicPage {
        let parts = StatementParts.all.map { part -> HTML in
            let body = facts(part.fields, of: decision, view)
            return body == .empty
                ? .empty : HTML("section", [], .heading(2, part.title), body)
        }
        return PublicPage(
            title: "Decision \(decision.id)",
            section: "decisions",
            body: head(decision, view) + .all(parts) + redactions(decision, view)
                + precedents(decision, view) + carriedOut(decision, view)
                + aftermath(decision, view)
        )
    }

    private static func head(_ decision: PublicDecision, _ view: PublicView) -> HTML {
        .facts([
            ("Decided", HTML(LogCalendar.dayText(of: decision.first.at))),
            ("Org", decision.org.map { HTML($0) }),
            (
                "Automated decision",
                HTML("No. Two people decide; nothing else can.")
            ),
            (
                "Entries in the log",
                HTML(decision.versions.map { String($0.index) }.joined(separator: ", "))
            ),
            (
                "Sealed for now",
                decision.current.sealed.isEmpty
                    ? nil : HTML(decision.current.sealed.sorted().joined(separator: ", "))
            ),
        ])
    }

    private static func facts(
        _ fields: [(name: String, label: String)],
        of decision: PublicDecision,
        _ view: PublicView
    ) -> HTML {
        let shown = view.record.shown(decision.current)
        return .facts(
            fields.map { field in
                let text = shown[field.name].flatMap { $0.isEmpty ? nil : $0 }
                return (
                    field.label,
                    text.map { text in
                        switch text {
                        case "true": HTML("yes")
                        case "false": HTML("no")
                        default:
                            field.name == "OrgStatement"
                                ? HTML("blockquote", [], .prose(text)) : .prose(text)
                        }
                    }
                )
            }
        )
    }

    private static func redactions(_ decision: PublicDecision, _ view: PublicView) -> HTML {
        let found = view.record.redactions(of: decision.current)
        guard !found.isEmpty else { return .empty }
        return .table(
            "Parts that are no longer shown",
            ["Part", "Reason", "Day"],
            found.map { [HTML($0.part), HTML($0.reason), HTML(LogCalendar.dayText(of: $0.at))] }
        )
    }

    private static func precedents(_ decision: PublicDecision, _ view: PublicView) -> HTML {
        .table(
            "The nearest decisions before this one, by the same rule",
            ["Decision", "Outcome", "Alike", "Different"],
            view.record.precedents(of: decision).map { near in
                [
                    .link(PublicPage.path("decisions", near.decision.id), near.decision.id),
                    HTML(near.decision.outcome), HTML(near.alike.joined(separator: ", ")),
                    HTML(near.different.joined(separator: ", ")),
                ]
            }
        )
    }

    private static func carriedOut(_ decision: PublicDecision, _ view: PublicView) -> HTML {
        let orders = view.record.restrictionsInOrder.filter { $0.decision == decision.id }
        return orders.isEmpty && !decision.isRestriction
            ? .empty : table("Restrictions that carry it out", orders, view)
    }

    private static func aftermath(_ decision: PublicDecision, _ view: PublicView) -> HTML {
        let appeals = view.record.appeals.values
            .filter { $0.filed.text("Decision") == decision.id }
            .sorted { $0.filed.index < $1.filed.index }
        return .table(
            "Appeals against it",
            ["Appeal", "By", "Filed", "Outcome", "Reasons"],
            appeals.map { appeal in
                let decided = appeal.decided.map { view.record.shown($0) } ?? [:]
                return [
                    HTML(appeal.filed.id), HTML(appeal.filed.text("Appellant") ?? "–"),
                    HTML(LogCalendar.dayText(of: appeal.filed.at)),
                    HTML(decided["Outcome"] ?? "open"), HTML(decided["Reasons"] ?? "–"),
                ]
            }
        )
    }

    static func restrictions(_ view: PublicView, page number: Int = 1) -> PublicPage {
        let all = view.record.restrictionsInOrder
        let current = all.filter { [.inForce, .upcoming].contains($0.state(at: view.now)) }
        let past = PageOf(
            all.filter { [.lifted, .expired].contains($0.state(at: view.now)) },
            number: number
        )
        return PublicPage(
            title: "Restrictions",
            section: "restrictions",
            body: table("In force, and to come", current, view)
                + table("Past", past.items, view)
                + past.links(PublicPage.path("restrictions"), keeping: [])
        )
    }

    private static func table(
        _ caption: String,
        _ restrictions: [PublicRestriction],
        _ view: PublicView
    ) -> HTML {
        .table(
            caption,
            ["Restriction", "Decision", "Rule", "What", "From", "Until", "State", "Entry"],
            restrictions.map { restriction in
                let what = [restriction.kind, restriction.target].filter { !$0.isEmpty }
                return [
                    HTML(restriction.id),
                    .link(PublicPage.path("decisions", restriction.decision), restriction.decision),
                    HTML(restriction.rule),
                    HTML(
                        what.joined(separator: ": ")
                            + (restriction.isEmergency ? " (emergency)" : "")
                    ),
                    HTML(LogCalendar.text(of: restriction.startsAt)),
                    HTML(LogCalendar.text(of: restriction.endedAt)),
                    HTML(state(of: restriction, view)), HTML(String(restriction.index)),
                ]
            }
        )
    }

    private static func state(of restriction: PublicRestriction, _ view: PublicView) -> String {
        switch restriction.state(at: view.now) {
        case .upcoming: "to come"
        case .inForce: "in force"
        case .lifted: "lifted" + (restriction.lift?.reasons.map { ": \($0)" } ?? "")
        case .expired: "ended by the clock"
        }
    }
}

/// The parts of a statement of reasons, in the order in which one reads them.
enum StatementParts {
    static let all: [(title: String, fields: [(name: String, label: String)])] = [
        (
            "What is decided",
            [
                ("Outcome", "Outcome"), ("RestrictionKind", "Kind"), ("RestrictionTarget", "What"),
                ("Product", "Product"), ("Territory", "Where"), ("StartsAt", "From"),
                ("EndsAt", "Until"), ("Urgency", "Urgency"), ("RequestedBy", "Asked for by"),
            ]
        ),
        (
            "Facts",
            [
                ("Facts", "What is known"), ("SourceKind", "How it became known"),
                ("ImminentHarm", "The harm that is about to happen"),
                ("AutomatedDetection", "Found by a program"),
            ]
        ),
        (
            "Ground",
            [
                ("Rule", "Rule"), ("Ground", "Why the facts meet it"), ("GroundKind", "Kind"),
                ("LegalReference", "Legal reference"),
            ]
        ),
        (
            "Proportion",
            [
                ("Aim", "Aim"), ("Suitability", "Why it serves it"),
                ("LesserSteps", "Why nothing less would do"),
                ("ThirdParties", "Who else is harmed, and what is done for them"),
                ("LengthReasoning", "Why for so long"),
            ]
        ),
        (
            "The org's side",
            [
                ("OrgHeardOn", "Heard on"), ("OrgStatement", "Its own words"),
                ("WhatChanged", "What changed because of them"),
            ]
        ),
        ("Affected people", [("Consulted", "Asked"), ("AskedFor", "What they asked for")]),
        ("Like cases", [("Precedents", "Compared")]),
        (
            "Interests",
            [
                ("ContractBand", "What the org pays"), ("Conflicts", "Conflicts and recusals"),
                ("Contacts", "Contacts from outside"),
            ]
        ),
        ("Redress", [("Redress", "How to appeal"), ("ReviewOn", "Looked at again on")]),
        ("Dissent", [("Dissent", "Of those who decided")]),
        ("What lifts it", [("LiftedBy", "What lifts it")]),
    ]
}
