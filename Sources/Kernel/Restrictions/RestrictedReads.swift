import Language
import Metadata

/// What a plan uses of what can be withheld: the objects whose records it shows, and the fields by
/// which it chooses and orders them.
struct RestrictedReads {
    private(set) var uses: Set<RestrictedUse> = []

    init(_ read: AuthorizedRead) {
        add(read.query)
    }

    private mutating func add(_ query: ResolvedQuery) {
        for table in query.tables where !table.isForFormulas {
            uses.insert(.records(.read, table.object.name))
            if let subject = table.object.subject { uses.insert(.records(.read, subject)) }
        }
        add(query.filter, query)
        add(query.having, query)
        for key in query.orderBy { add(key.expression, query) }
        for key in query.grouping?.keys ?? [] { add(key, query) }
        for child in query.children { add(child.query) }
    }

    private mutating func add(_ condition: ResolvedCondition?, _ query: ResolvedQuery) {
        switch condition {
        case .and(let terms), .or(let terms): for term in terms { add(term, query) }
        case .not(let term): add(term, query)
        case .compare(let expression, _, _), .like(let expression, _),
            .isIn(let expression, _, _, _), .includes(let expression, _, _),
            .dateLiteral(let expression, _, _):
            add(expression, query)
        case .semiJoin(let expression, let inner, _):
            add(expression, query)
            add(inner)
        case .constant, nil: break
        }
    }

    private mutating func add(_ expression: ResolvedExpression, _ query: ResolvedQuery) {
        switch expression {
        case .column(let column), .label(let column), .objectName(let column, _):
            add(column, query)
        case .firstOf(let columns): for column in columns { add(column, query) }
        case .aggregate(_, let inner): if let inner { add(inner, query) }
        case .datePart(_, let inner, _), .formatted(let inner): add(inner, query)
        case .distance(let from, let to, _):
            for place in [from, to] {
                guard case .columns(let latitude, let longitude) = place else { continue }
                add(latitude, query)
                add(longitude, query)
            }
        case .isSubtotal: break
        }
    }

    /// Whoever chooses by a formula field chooses by the stored fields that it reads.
    private mutating func add(_ column: ColumnReference, _ query: ResolvedQuery) {
        guard query.tables.indices.contains(column.table) else { return }
        for input in query.formulas[column]?.columns.values ?? [:].values { add(input, query) }
        uses.insert(
            .field(object: query.tables[column.table].object.name, field: column.field.name)
        )
    }
}
