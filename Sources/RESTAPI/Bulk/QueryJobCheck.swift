import Gateway
import Kernel
import Language
import Metadata

/// Which queries a bulk job may run: those whose rows are flat.
enum QueryJobCheck {
    /// The refusal of a query, or `nil` where a job may run it.
    static func refusal(_ plan: AuthorizedRead, statement: String) -> APIResponse? {
        let query = plan.query
        switch query.kind {
        case .records: break
        case .count, .groups:
            return .refused(
                "API_ERROR",
                "Aggregate queries and GROUP BY are not supported in Bulk Query"
            )
        }
        if query.offset != nil {
            return .refused("API_ERROR", "OFFSET is not supported in Bulk Query")
        }
        switch FlatColumn.obstacle(in: query) {
        case nil: return nil
        case .childQuery:
            return .refused(
                "API_ERROR",
                "Nested queries (sub-selects) are not supported in Bulk Query"
            )
        case .compound:
            return .refused(
                "INVALIDENTITY",
                "Selecting compound data not supported in Bulk Query"
            )
        case .typeOf: return .refused("API_ERROR", "TYPEOF is not supported in Bulk Query")
        case .file:
            return .refused(
                "INVALIDENTITY",
                "Entity '\(query.object.name)' with a binary field is not supported by the Bulk API"
            )
        }
    }
}
