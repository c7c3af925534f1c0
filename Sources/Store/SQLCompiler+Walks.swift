package import Kernel
import Language
import Metadata

/// The first rows of a list, found by walking all records in the list's order.
///
/// Where a caller sees much, the first page is among the first few thousand records, and each of
/// those is asked whether it counts; to gather all that the caller sees and to sort it would cost
/// the more, the more that is. Where a caller sees little, the walk ends without a page: then the
/// caller's own rows are gathered after all, and are few.
extension SQLCompiler {
    /// How many rows a page has at most that is walked for.
    package static let walkPageMax = 200

    /// The ids of the first rows of a list, in order, as far as they are among the first records.
    ///
    /// - Returns: `nil` where no index has the list's order, where every record counts, or where a
    ///   condition leads to few records by itself.
    package func walk(_ read: AuthorizedRead) -> SQLStatement? {
        guard let (field, isDescending) = read.walkedKey else { return nil }
        var compiler = self
        let text = compiler.walk(read, by: field, isDescending: isDescending)
        return SQLStatement(text, compiler.parameters)
    }

    fileprivate static func areGathered(_ parts: [RowPredicate]) -> Bool {
        !parts.contains(.everything) && (parts.count > 1 || parts.contains(where: \.isGathered))
    }

    private mutating func walk(
        _ read: AuthorizedRead,
        by field: FieldDefinition,
        isDescending: Bool
    ) -> String {
        enter(read)
        let (from, conditions) = source(read, .walked, readsColumns: false)
        let table = dialect.quoted(read.query.object.name)
        let bound = newAlias()
        let column = dialect.quoted(field.name)
        let name = "\(bound).\(column)"
        let direction = isDescending ? " DESC" : ""
        let last = """
            SELECT \(name) FROM \(table) \(bound) ORDER BY \(name)\(direction) \
            LIMIT 1 OFFSET \(bind(.integer(Int64(walkRecordsMax))))
            """
        // A record without a value would have a place outside of the walk: where there is one, the
        // walk finds nothing.
        let isWhole = "NOT EXISTS (SELECT 1 FROM \(table) \(bound) WHERE \(name) IS NULL)"
        return """
            SELECT t0."Id"
            \(from)
            WHERE \(conditions) AND t0.\(column) \(isDescending ? ">" : "<") (\(last))
            AND \(isWhole)
            ORDER BY \(order(read.query))
            LIMIT \(bind(.rowsMax))
            """
    }
}

extension AuthorizedRead {
    /// The key by which a walk goes: a column in an index, of which every record should have a value.
    fileprivate var walkedKey: (field: FieldDefinition, isDescending: Bool)? {
        guard query.kind == .records, query.offset == nil, let limit = query.limit,
            (1...SQLCompiler.walkPageMax).contains(limit), let key = query.orderBy.first,
            case .column(let column) = key.expression, column.table == 0,
            column.field.isWalked, visible[safely: 0].isGathered, scope == .everything,
            !(query.filter?.leadsToFew ?? false)
        else { return nil }
        return (column.field, key.isDescending)
    }
}

extension FieldDefinition {
    fileprivate var isWalked: Bool {
        if case .id = type { return true }
        return name == "CreatedDate" || name == "SystemModstamp"
    }
}

extension RowPredicate {
    /// Whether the rows that count come from several places, so that no index has them in order.
    fileprivate var isGathered: Bool {
        switch self {
        case .everything, .nothing, .fieldIsNull, .textIn: false
        case .fieldIn(_, let ids): ids.count > 1
        case .any(let parts): SQLCompiler.areGathered(parts.filter { $0 != .nothing })
        case .all(let parts): parts.contains(where: \.isGathered)
        case .parentVisible, .childVisible, .shared, .condition: true
        }
    }
}

extension ResolvedCondition {
    /// Whether an index leads from a condition to records that are probably few.
    fileprivate var leadsToFew: Bool {
        switch self {
        case .and(let parts): parts.contains(where: \.leadsToFew)
        case .or(let parts): parts.contains(where: \.leadsToFew)
        case .not, .like, .includes, .constant, .dateLiteral: false
        case .semiJoin(_, _, let isNegated): !isNegated
        case .compare(let expression, let operation, _):
            operation == .equal && expression.isLeading
        case .isIn(let expression, _, _, let isNegated): !isNegated && expression.isLeading
        }
    }
}

extension ResolvedExpression {
    private var column: ColumnReference? {
        if case .column(let column) = self { column } else { nil }
    }

    /// Ids, and what has an index because few records share a value.
    fileprivate var isLeading: Bool {
        guard let field = column?.field else { return false }
        return field.reference != nil || field.isIDLookup || field.isUnique
    }
}
