import Language
package import Metadata

/// The one place that decides which rows a caller may read, change or delete.
package struct Authorizer: Sendable {
    let schema: OrgSchema
    let access: CallerAccess
    let org: OrgID
    let context: ReadContext

    /// How many masters up a record's visibility may depend.
    static let parentDepthMax = 5

    /// What is to be done with a row.
    package enum Operation: Sendable {
        case read, edit, delete
    }

    /// The query, narrowed to what the caller may see, child queries and semi-joins included.
    func authorize(_ query: ResolvedQuery) -> AuthorizedRead {
        AuthorizedRead(
            org: org,
            query: query,
            // A formula shows what it is made of to all who may read it.
            visible: query.tables.map { table in
                table.isForFormulas ? .everything : rows(of: table.object, for: .read)
            },
            children: query.children.map { authorize($0.query) },
            semiJoins: semiJoins(in: query.filter).map(authorize),
            context: context,
            scope: scope(of: query)
        )
    }

    /// Which rows of an object the operation may touch.
    package func rows(of object: ObjectDefinition, for operation: Operation) -> RowPredicate {
        if access.isSystem { return .everything }
        return access.knownRows.rows(of: object, in: schema, for: operation) {
            rows(of: object, for: operation, depth: 0)
        }
    }

    func rows(
        of object: ObjectDefinition,
        for operation: Operation,
        depth: Int
    ) -> RowPredicate {
        if let tracked = object.historyOf.flatMap({ schema.object($0) }), !access.viewsEveryField {
            return .all([
                rowsWhole(of: object, for: operation, depth: depth),
                HistoryVisibility(access: access, schema: schema).rows(of: object, about: tracked),
            ])
        }
        return rowsWhole(of: object, for: operation, depth: depth)
    }

    /// The same, without regard to what single rows tell of.
    private func rowsWhole(
        of object: ObjectDefinition,
        for operation: Operation,
        depth: Int
    ) -> RowPredicate {
        if access.isSystem { return .everything }
        // Shares follow their records, into the recycle bin too.
        if object.sharing.sharedObject == nil {
            if access.modifiesAll(object) { return .everything }
            if operation == .read && access.viewsAll(object) { return .everything }
        }
        let given = RowPredicate.union(grants(of: object, for: operation, depth).map(\.rows))
        return .intersection([given] + restrictions(of: object).map(\.rows))
    }

    /// What narrows the rows of an object, whatever grants them.
    ///
    /// As published, a restriction rule does not narrow those who may view or modify all records.
    func restrictions(of object: ObjectDefinition) -> [CallerSharing.Restriction] {
        if access.isSystem || access.viewsAll(object) { return [] }
        return access.sharing.restrictions[object.name] ?? []
    }

    private func scope(of query: ResolvedQuery) -> RowPredicate {
        guard let owner = query.object.ownerField else { return .everything }
        let key = RowPredicate.FieldKey(owner)
        switch query.scope {
        case .mine: return .fieldIn(key, [access.user])
        case .mineAndMyGroups: return .fieldIn(key, (access.queues + [access.user]).sorted())
        case .everything, .delegated, .team, .myTerritory, .myTeamTerritory, .scopingRule:
            return .everything
        }
    }

    private func semiJoins(in condition: ResolvedCondition?) -> [ResolvedQuery] {
        switch condition {
        case .and(let terms), .or(let terms): terms.flatMap { semiJoins(in: $0) }
        case .not(let term): semiJoins(in: term)
        case .semiJoin(_, let query, _): [query]
        case .compare, .like, .isIn, .includes, .dateLiteral, .constant, nil: []
        }
    }
}
