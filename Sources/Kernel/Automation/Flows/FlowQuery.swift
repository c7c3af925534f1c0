import Language
import Metadata

/// A query that a flow asks, as whoever it runs for: put together as a tree, so that no value becomes
/// text of a query.
struct FlowQuery {
    struct Row {
        let id: RecordID
        /// By path, in lower case.
        let values: [String: FieldValue]
    }

    private static let nowhere = SourceSpan(start: 0, end: 0, row: 1, column: 1)
    /// Ids in one list.
    private static let idsMax = 1_000

    let object: ObjectDefinition
    let paths: [String]
    let run: FlowRun
    var order: (field: FieldDefinition, isDescending: Bool)?
    var limit: Int?

    init(object: ObjectDefinition, paths: [String], by run: FlowRun) {
        self.object = object
        self.paths = paths
        self.run = run
    }

    func rows(ids: [RecordID]) throws -> [Row] {
        var rows: [Row] = []
        for start in stride(from: 0, to: ids.count, by: FlowQuery.idsMax) {
            let part = ids[start..<min(start + FlowQuery.idsMax, ids.count)]
            rows += try self.rows(
                .comparison(
                    FlowQuery.field("Id"),
                    .in,
                    .list(part.map { FlowQuery.literal(.id($0)) }, FlowQuery.nowhere),
                    span: FlowQuery.nowhere
                )
            )
        }
        return rows
    }

    func rows(_ condition: SOQLStatement.Condition?) throws -> [Row] {
        let statement = SOQLStatement(
            select: (["Id"] + paths.filter { $0.lowercased() != "id" }).map {
                .expression(FlowQuery.field($0), alias: nil)
            },
            from: SOQLStatement.FromClause(object: FlowQuery.path(object.name.text)),
            filter: condition,
            orderBy: orderKeys,
            span: FlowQuery.nowhere
        )
        let reader = run.writer
        var query = try reader.resolve(statement, of: "")
        let rowsLeft = run.work.rowsLeft
        query.limit = min(limit ?? Int.max, rowsLeft + 1)
        let plan = reader.authorizer.authorize(query)
        var sink = FlowRowSink(plan)
        _ = try reader.run(plan, .first(rowsLeft + 1), into: &sink)
        try run.work.noteQuery(rows: sink.rows.count)
        return sink.rows
    }

    private var orderKeys: [SOQLStatement.OrderKey] {
        // The id last, so that the order is the same every time.
        let id = SOQLStatement.OrderKey(
            expression: FlowQuery.field("Id"),
            isDescending: false,
            nullsLast: nil
        )
        guard let order else { return [id] }
        return [
            SOQLStatement.OrderKey(
                expression: FlowQuery.field(order.field.name.text),
                isDescending: order.isDescending,
                nullsLast: true
            ), id,
        ]
    }

    static func path(_ text: String) -> SOQLStatement.Path {
        SOQLStatement.Path(
            text.split(separator: ".").map { SOQLStatement.Name(String($0), span: nowhere) },
            span: nowhere
        )
    }

    static func field(_ text: String) -> SOQLStatement.Expression { .path(path(text)) }

    /// Whether a path leads from the object to a field.
    static func reaches(_ path: String, from object: ObjectDefinition, _ schema: OrgSchema) -> Bool
    {
        let names = path.split(separator: ".").map { APIName(String($0)) }
        var candidates = [object]
        for name in names.dropLast() {
            candidates = candidates.compactMap { $0.parentField(name)?.reference?.targets }
                .flatMap { $0 }.compactMap { schema.object($0) }
        }
        return names.last.map { last in candidates.contains { $0.field(last) != nil } } ?? false
    }

    /// A value as a query's literal.
    static func literal(_ value: FieldValue) -> SOQLStatement.Value {
        let text = FlowConversion.text(value) ?? ""
        return switch value {
        case .null, .blob: .null(nowhere)
        case .text, .id: .string(text, nowhere)
        case .boolean(let value): .boolean(value, nowhere)
        case .number, .coordinate: .number(SOQLStatement.NumberLiteral(text, span: nowhere))
        case .date: .date(text, nowhere)
        case .dateTime: .dateTime(text, nowhere)
        case .time: .time(text, nowhere)
        }
    }
}

// MARK: - Conditions

extension FlowQuery {
    /// Holds for no record.
    static let never = SOQLStatement.Condition.comparison(
        field("Id"),
        .equal,
        .null(nowhere),
        span: nowhere
    )

    /// One comparison with a value that is known.
    static func condition(
        _ item: FlowPlan.Conditions.Item,
        _ right: FlowValue
    ) -> SOQLStatement.Condition {
        let name = item.left.field?.name.text ?? "Id"
        func compare(
            _ operation: SOQLStatement.Operator,
            _ value: SOQLStatement.Value
        ) -> SOQLStatement.Condition {
            .comparison(field(name), operation, value, span: nowhere)
        }
        func like(_ before: String, _ after: String) -> SOQLStatement.Condition {
            guard let text = FlowConversion.text(right.value), !text.isEmpty else { return never }
            return compare(.like, .string(before + escaped(text) + after, nowhere))
        }
        switch item.operation {
        case .equalTo: return compare(.equal, literal(right.value))
        case .notEqualTo: return compare(.notEqual, literal(right.value))
        case .lessThan, .lessThanOrEqualTo, .greaterThan, .greaterThanOrEqualTo:
            guard !right.value.isNull else { return never }
            let operation: SOQLStatement.Operator =
                switch item.operation {
                case .lessThan: .less
                case .lessThanOrEqualTo: .lessOrEqual
                case .greaterThan: .greater
                default: .greaterOrEqual
                }
            return compare(operation, literal(right.value))
        case .startsWith: return like("", "%")
        case .endsWith: return like("%", "")
        case .contains: return like("%", "%")
        case .isNull:
            return compare(right.value.boolean ?? true ? .equal : .notEqual, .null(nowhere))
        case .isIn, .isNotIn:
            let values = right.items.map(\.value).filter { !$0.isNull }
            guard !values.isEmpty else {
                return item.operation == .isIn ? never : .not(never, span: nowhere)
            }
            let operation: SOQLStatement.Operator = item.operation == .isIn ? .in : .notIn
            return compare(operation, .list(values.map(literal), nowhere))
        case .isChanged: return never
        }
    }

    static func joined(
        _ conditions: [SOQLStatement.Condition],
        byOr: Bool
    ) -> SOQLStatement.Condition {
        guard conditions.count > 1 else { return conditions.first ?? never }
        return byOr ? .or(conditions, span: nowhere) : .and(conditions, span: nowhere)
    }

    static func condition(
        _ logic: FlowPlan.Conditions.Logic,
        _ items: [SOQLStatement.Condition]
    ) -> SOQLStatement.Condition {
        switch logic {
        case .item(let index): items.indices.contains(index) ? items[index] : never
        case .and(let terms): joined(terms.map { condition($0, items) }, byOr: false)
        case .or(let terms): joined(terms.map { condition($0, items) }, byOr: true)
        case .not(let term): .not(condition(term, items), span: nowhere)
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}

/// Collects the rows of a flow's query, by path.
private struct FlowRowSink: RowSink {
    private var columns: [(path: String, column: Int, type: ValueType)] = []
    private(set) var rows: [FlowQuery.Row] = []

    init(_ plan: AuthorizedRead) {
        for item in plan.query.shape { add(item, "") }
    }

    private mutating func add(_ item: OutputItem, _ before: String) {
        switch item {
        case .value(let key, let column, let type):
            columns.append(((before + key).lowercased(), column, type))
        case .parent(let key, _, _, let items):
            for item in items { add(item, "\(before)\(key).") }
        case .compound, .child, .typeOf: break
        }
    }

    mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard node == 0 else { return }
        var values: [String: FieldValue] = [:]
        for entry in columns {
            values[entry.path] = cursor.value(entry.column, as: entry.type)
        }
        rows.append(FlowQuery.Row(id: RecordID(number: cursor.integer(0)), values: values))
    }
}
