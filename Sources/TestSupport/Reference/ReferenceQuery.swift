import Kernel
import Language
import Metadata

/// A row of a query: a record of each of its tables, or none.
typealias ReferenceRow = [StoredRecord?]

/// Runs an authorized plan by looking at every record.
struct ReferenceQuery {
    let read: AuthorizedRead
    let state: ReferenceState
    let now: Instant

    init(_ read: AuthorizedRead, _ state: ReferenceState, now: Instant) {
        self.read = read
        self.state = state
        self.now = now
    }

    var query: ResolvedQuery { read.query }

    func run<Sink: RowSink>(_ page: PageRequest, into sink: inout Sink) throws -> ReadOutcome {
        switch (query.kind, page) {
        case (.count, _): return ReadOutcome(total: window(found()).count)
        case (.groups, .first(let rowsMax)):
            let groups = window(ordered(groups()))
            for group in groups.prefix(rowsMax) {
                try sink.row(node: 0, parent: 0, cursor(evaluator(group)))
            }
            return ReadOutcome(total: groups.count)
        case (.groups, .ids): return ReadOutcome(total: 0)
        case (.records, .first(let rowsMax)):
            let rows = window(ordered(found()))
            try hand(Array(rows.prefix(rowsMax)), to: &sink)
            let ids = rows.count > rowsMax ? rows.compactMap(\.first??.id) : nil
            return ReadOutcome(total: rows.count, ids: ids)
        case (.records, .ids(let ids)):
            let rows = found()
            let wanted = ids.compactMap { id in rows.first { $0.first??.id == id } }
            try hand(wanted, to: &sink)
            return ReadOutcome(total: wanted.count)
        }
    }
}

// MARK: - Rows

extension ReferenceQuery {
    /// Every row that the caller may see, that is in scope, and that the filter lets through.
    func found() -> [ReferenceRow] {
        let filter = query.filter.map(withoutSemiJoins)
        let rows = ReferenceVisibility(state)
        return state.all(query.object)
            .filter { query.includesDeleted || !query.object.isDeleted($0) }
            .filter { rows.allows($0, under: read.visible[0]) }
            .filter { rows.allows($0, under: read.scope) }
            .map(withParents)
            .filter { row in filter.map { evaluator(row).holds($0) } ?? true }
    }

    /// The record, and each parent that is there for the caller.
    private func withParents(_ record: StoredRecord) -> ReferenceRow {
        var row: ReferenceRow = [record]
        for (position, table) in query.tables.enumerated().dropFirst() {
            guard let id = id(of: table, in: row),
                let parent = state.record(table.object, id),
                query.includesDeleted || !table.object.isDeleted(parent),
                ReferenceVisibility(state).allows(parent, under: read.visible[position])
            else {
                row.append(nil)
                continue
            }
            row.append(parent)
        }
        return row
    }

    /// The id behind a lookup, or that of the caller or the caller's org.
    private func id(of table: ResolvedQuery.Table, in row: ReferenceRow) -> RecordID? {
        if let join = table.join { return row[join.from]?[join.field].id }
        return table.object.name == "Organization" ? read.org.record : read.context.user
    }

    /// A semi-join is membership in the list of what its sub-select gives.
    private func withoutSemiJoins(_ condition: ResolvedCondition) -> ResolvedCondition {
        var plans = read.semiJoins[...]
        return withoutSemiJoins(condition, &plans)
    }

    private func withoutSemiJoins(
        _ condition: ResolvedCondition,
        _ plans: inout ArraySlice<AuthorizedRead>
    ) -> ResolvedCondition {
        switch condition {
        case .and(let parts): .and(parts.map { withoutSemiJoins($0, &plans) })
        case .or(let parts): .or(parts.map { withoutSemiJoins($0, &plans) })
        case .not(let part): .not(withoutSemiJoins(part, &plans))
        case .semiJoin(let expression, _, let isNegated):
            .isIn(
                expression,
                plans.popFirst().map(ids) ?? [],
                includesNull: false,
                isNegated: isNegated
            )
        case .compare, .like, .isIn, .includes, .dateLiteral, .constant: condition
        }
    }

    private func ids(of plan: AuthorizedRead) -> [ResolvedValue] {
        let inner = ReferenceQuery(plan, state, now: now)
        guard let column = plan.query.columns.first else { return [] }
        return inner.found().compactMap { inner.evaluator($0).value(column).id }.map { .id($0) }
    }

    func evaluator(_ row: ReferenceRow) -> ReferenceEvaluator {
        ReferenceEvaluator(
            rows: [row],
            context: read.context,
            now: now,
            formulas: query.formulas
        )
    }

    /// What is left after OFFSET and LIMIT.
    func window<Element>(_ rows: [Element]) -> [Element] {
        Array(rows.dropFirst(query.offset ?? 0).prefix(query.limit ?? .max))
    }
}

// MARK: - Order

extension ReferenceQuery {
    /// In the order of the keys; what they leave open is decided by the id, in the direction of the
    /// last key.
    func ordered(_ rows: [ReferenceRow]) -> [ReferenceRow] {
        let isDescending = query.orderBy.last?.isDescending ?? false
        let inOrderOfIDs = isDescending ? Array(rows.reversed()) : rows
        return sorted(inOrderOfIDs) { evaluator($0) }
    }

    /// Rows sorted by the keys; those that no key tells apart keep their order.
    func sorted<Row>(_ rows: [Row], _ evaluator: (Row) -> ReferenceEvaluator) -> [Row] {
        let keyed = rows.enumerated().map { place, row in
            let evaluator = evaluator(row)
            let keys = query.orderBy.map {
                ComparisonKey(evaluator.value($0.expression), $0.expression.type)
            }
            return (place: place, keys: keys, row: row)
        }
        return keyed.sorted { left, right in
            for (position, order) in query.orderBy.enumerated() {
                let (one, other) = (left.keys[position], right.keys[position])
                if one == other { continue }
                if one == .null { return !order.areNullsLast }
                if other == .null { return order.areNullsLast }
                return order.isDescending ? one > other : one < other
            }
            return left.place < right.place
        }.map(\.row)
    }
}

// MARK: - Handing over

extension ReferenceQuery {
    private func hand<Sink: RowSink>(_ rows: [ReferenceRow], to sink: inout Sink) throws {
        for row in rows {
            try sink.row(node: 0, parent: 0, cursor(evaluator(row)))
        }
        var node = 0
        try handChildren(of: rows.compactMap(\.first??.id), &node, to: &sink)
    }

    /// Child query by child query, each followed by its own child queries.
    private func handChildren<Sink: RowSink>(
        of parents: [RecordID],
        _ node: inout Int,
        to sink: inout Sink
    ) throws {
        for (child, plan) in zip(query.children, read.children) {
            node += 1
            let inner = ReferenceQuery(plan, state, now: now)
            let rows = inner.ordered(inner.found())
            var handed: [RecordID] = []
            for parent in parents {
                let own = rows.filter { $0.first??[child.field] == .id(parent) }
                for row in inner.window(own) {
                    try sink.row(
                        node: node,
                        parent: parent.number,
                        inner.cursor(inner.evaluator(row))
                    )
                    if let id = row.first??.id { handed.append(id) }
                }
            }
            try inner.handChildren(of: handed, &node, to: &sink)
        }
    }

    func cursor(_ evaluator: ReferenceEvaluator) -> ReferenceCursor {
        ReferenceCursor(query.columns.map { (evaluator.value($0), $0.type) })
    }
}
