import Language
package import Metadata

/// The one place that decides which rows a caller may read, change or delete.
package struct Authorizer: Sendable {
    let schema: OrgSchema
    let access: CallerAccess
    let org: OrgID
    let context: ReadContext

    /// How many masters up a record's visibility may depend.
    private static let parentDepthMax = 5

    /// What is to be done with a row.
    package enum Operation: Sendable {
        case read, edit, delete
    }

    /// The query, narrowed to what the caller may see, child queries and semi-joins included.
    func authorize(_ query: ResolvedQuery) -> AuthorizedRead {
        AuthorizedRead(
            org: org,
            query: query,
            visible: query.tables.map { rows(of: $0.object, for: .read) },
            children: query.children.map { authorize($0.query) },
            semiJoins: semiJoins(in: query.filter).map(authorize),
            context: context,
            scope: scope(of: query)
        )
    }

    /// Which rows of an object the operation may touch.
    package func rows(of object: ObjectDefinition, for operation: Operation) -> RowPredicate {
        rows(of: object, for: operation, depth: 0)
    }

    private func rows(
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
        if access.isSystem || access.modifiesAll(object) { return .everything }
        if operation == .read && access.viewsAll(object) { return .everything }
        switch object.sharingModel {
        case .readWrite:
            return operation == .delete ? owned(object, otherwise: .everything) : .everything
        case .read:
            return operation == .read ? .everything : owned(object, otherwise: .everything)
        case .private:
            return owned(object, otherwise: .nothing)
        case .controlledByParent:
            return byParent(object, operation, depth)
        }
    }

    /// The rows that belong to the caller, or to someone below.
    private func owned(_ object: ObjectDefinition, otherwise: RowPredicate) -> RowPredicate {
        guard let owner = object.ownerField else { return otherwise }
        return .fieldIn(RowPredicate.FieldKey(owner), access.owners)
    }

    private func byParent(
        _ object: ObjectDefinition,
        _ operation: Operation,
        _ depth: Int
    ) -> RowPredicate {
        guard let name = object.sharingParent, let field = object.field(name),
            let reference = field.reference, depth < Authorizer.parentDepthMax
        else { return .nothing }
        let key = RowPredicate.FieldKey(field)
        // To delete a detail is to change its master.
        let needed: Operation = operation == .read ? .read : .edit
        let rules = reference.targets.compactMap { schema.object($0) }
            .filter { access.mayRead($0) }
            .map { target in
                RowPredicate.ParentRule(
                    object: target,
                    rows: rows(of: target, for: needed, depth: depth + 1)
                )
            }
        let withParent = RowPredicate.parentVisible(key, rules)
        guard object.ownerField != nil else { return withParent }
        return .any([
            withParent, .all([.fieldIsNull(key), owned(object, otherwise: .nothing)]),
        ])
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
