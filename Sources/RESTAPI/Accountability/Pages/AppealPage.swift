import Accountability
import Metadata

/// How to appeal: where a refusal by a restriction sends whoever meets it.
enum AppealPage {
    static func page(_ decision: String?, _ view: PublicView) -> PublicPage {
        let known = decision.flatMap { view.record.decisions[$0] }
        return PublicPage(
            title: "Appeal",
            section: "decisions",
            body: about(decision, known, view)
                + .paragraph(
                    "An appeal is free, stays possible whatever is withheld, and is judged by two people "
                        + "who did not decide, one of them from outside."
                )
                + .list([
                    HTML(
                        "An org appeals by its administrators: POST "
                            + "/services/accountability/v1/org/appeals with the decision's number and "
                            + "the grounds."
                    ),
                    HTML(
                        "Whoever else is affected says so in a concern, which is entered as an appeal: "
                    )
                        + .link(PublicPage.path("concerns/new"), "raise it"),
                ])
        )
    }

    private static func about(
        _ named: String?,
        _ known: PublicDecision?,
        _ view: PublicView
    ) -> HTML {
        guard let named, !named.isEmpty else {
            return .paragraph("Every decision that is in the log can be appealed against.")
        }
        guard let known else {
            return .paragraph("The log has no decision \(named).")
        }
        return .facts([
            ("Decision", .link(PublicPage.path("decisions", known.id), known.id)),
            ("Redress", view.record.shown(known.current)["Redress"].map { HTML($0) }),
        ])
    }
}
