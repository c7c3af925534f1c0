package import Language

/// One value of a row that is laid out flat: its path, where it is and how it is written.
package struct FlatColumn: Sendable {
    /// `Subject`, `Account.Owner.Name`.
    package let path: String
    package let column: Int
    package let format: ValueFormat

    /// The values of a query's rows in the order of its SELECT clause, parents' by their paths.
    ///
    /// What has no place in a flat row (child queries, compounds, TYPEOF) is left out; who must not
    /// lose it asks `flatObstacle` first.
    package static func all(of query: ResolvedQuery) -> [FlatColumn] {
        flatten(query.shape, under: "")
    }

    private static func flatten(_ items: [OutputItem], under path: String) -> [FlatColumn] {
        items.flatMap { item -> [FlatColumn] in
            switch item {
            case .value(let key, let column, let type):
                [FlatColumn(path: path + key, column: column, format: ValueFormat(type))]
            case .parent(let key, _, _, let items):
                flatten(items, under: "\(path)\(key).")
            case .child, .compound, .typeOf:
                []
            }
        }
    }

    /// What in the query cannot be laid out flat, in words; `nil` where nothing is in the way.
    package static func obstacle(in query: ResolvedQuery) -> FlatObstacle? {
        query.children.isEmpty ? obstacle(in: query.shape) : .childQuery
    }

    private static func obstacle(in items: [OutputItem]) -> FlatObstacle? {
        for item in items {
            switch item {
            case .value(_, _, let type): if case .file = type { return .file }
            case .parent(_, _, _, let items): if let found = obstacle(in: items) { return found }
            case .child: return .childQuery
            case .compound: return .compound
            case .typeOf: return .typeOf
            }
        }
        return nil
    }
}

/// What keeps a query's rows from being laid out flat.
package enum FlatObstacle: Sendable, Hashable {
    case childQuery, compound, typeOf, file
}
