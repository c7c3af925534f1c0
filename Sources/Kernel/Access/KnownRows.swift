import Metadata
private import Synchronization

/// Which rows a caller may touch, by object and operation, as worked out before.
///
/// It belongs to one caller's rights in one snapshot, and holds for one schema.
final class KnownRows: Sendable {
    private struct Key: Hashable {
        let object: APIName
        let operation: Authorizer.Operation
    }

    private struct Rows {
        var schema: OrgSchema?
        var predicates: [Key: RowPredicate] = [:]
    }

    private let rows = Mutex(Rows())

    func rows(
        of object: ObjectDefinition,
        in schema: OrgSchema,
        for operation: Authorizer.Operation,
        _ work: () -> RowPredicate
    ) -> RowPredicate {
        let key = Key(object: object.name, operation: operation)
        let known = rows.withLock { $0.schema === schema ? $0.predicates[key] : nil }
        if let known { return known }
        let found = work()
        rows.withLock { rows in
            if rows.schema !== schema { rows = Rows(schema: schema) }
            rows.predicates[key] = found
        }
        return found
    }
}
