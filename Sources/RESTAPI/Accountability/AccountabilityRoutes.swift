import Accountability
import Gateway
import Kernel
import Metadata

/// The paths of accountability, one per line: `/services/accountability/v1/…` for programs,
/// `/accountability/…` for people.
///
/// What is public needs no session. `org/…` is for the org whose session it is, about itself.
/// `office/…` is for those who work in the operator's own org.
enum AccountabilityRoutes {
    static let all =
        log + PublicRoutes.all + VoiceRoutes.all + LetterRoutes.all + org + office
        + BreakGlassRoutes.all

    private static let log: [Route] = [
        Routes.anyone(.get, v1("log"), LogRoutes.head, "Where the transparency log is.")
    ]

    private static let org: [Route] = [
        Routes.special(
            .get,
            v1("org/restrictions"),
            RestrictionRoutes.list,
            "What is withheld from the caller's org, and why."
        ),
        Routes.special(
            .get,
            v1("org/declarations"),
            OrgRoutes.declarations,
            "The org's record of processing activities."
        ),
        Routes.special(
            .get,
            v1("org/register"),
            RegisterRoutes.snapshots,
            "What the operator can see of the org."
        ),
        Routes.special(
            .post,
            v1("org/preview"),
            RegisterRoutes.preview,
            "What a measure would have refused."
        ),
        Routes.special(
            .post,
            v1("org/statement"),
            RegisterRoutes.ownStatement,
            "What is known, and not known, of the caller's org; signed."
        ),
        Routes.special(.get, v1("org/matters"), OrgRoutes.matters, "What is held about the org."),
        Routes.special(.post, v1("org/appeals"), OrgRoutes.appeal, "Appeals against a decision."),
        Routes.special(.post, v1("org/responses"), OrgRoutes.respond, "Answers a proposal."),
        Routes.special(.post, v1("org/replies"), OrgRoutes.reply, "Answers a finding."),
        Routes.special(.get, v1("org/held"), HeldRoutes.list, "What a restriction has held."),
        Routes.special(
            .post,
            v1("org/held/:id/release"),
            HeldRoutes.release,
            "Tries again what was held."
        ),
        Routes.special(.delete, v1("org/held/:id"), HeldRoutes.discard, "Drops what was held."),
        Routes.special(
            .post,
            v1("org/trials"),
            TrialRoutes.begin,
            "Tries a restriction out, in a sandbox."
        ),
        Routes.special(.delete, v1("org/trials/:id"), TrialRoutes.end, "Ends such a trial."),
    ]

    private static let office: [Route] = [
        Routes.special(
            .post,
            v1("office/orders"),
            OfficeRoutes.impose,
            "Puts an order that two have signed in force."
        ),
        Routes.special(
            .post,
            v1("office/statements"),
            RegisterRoutes.statement,
            "What is known, and not known, of an org's use of a product; signed."
        ),
        Routes.special(
            .post,
            v1("office/lifts"),
            OfficeRoutes.lift,
            "Ends a restriction before its time."
        ),
    ]

    static func v1(_ rest: String) -> String { "/services/accountability/v1/\(rest)" }
}

extension APICall {
    /// The parts of accountability.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where the deployment has none.
    func office() throws -> AccountabilityOffice {
        guard let office = parts.office else { throw RecordError.noSuchResource }
        return office
    }
}
