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
    static let all = log + org

    private static let log: [Route] = [
        Routes.anyone(.get, v1("log"), LogRoutes.head, "Where the transparency log is.")
    ]

    private static let org: [Route] = [
        Routes.special(
            .get,
            v1("org/restrictions"),
            RestrictionRoutes.list,
            "What is withheld from the caller's org, and why."
        )
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
