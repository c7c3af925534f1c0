package import Kernel
import Language
package import Metadata

/// A record as a query gave it: its values by path, and its child records.
package struct TestRecord: Hashable, Sendable {
    /// `Subject`, `Account.Name`, `BillingAddress.city`, …; `Account` is null where there is none.
    package var values: [String: FieldValue] = [:]
    /// By the child relationship's name.
    package var children: [String: [TestRecord]] = [:]
    /// The paths of values and the names of children, in the order of the SELECT clause.
    package var order: [String] = []

    private mutating func add(_ path: String) {
        if !order.contains(path) { order.append(path) }
    }

    mutating func set(_ path: String, _ value: FieldValue) {
        values[path] = value
        add(path)
    }

    mutating func set(_ name: String, _ records: [TestRecord]) {
        children[name] = records
        add(name)
    }

    /// Null where there is no such value.
    package subscript(path: String) -> FieldValue { values[path] ?? .null }

    /// The text of a value, if it is one.
    package func text(_ path: String) -> String? { self[path].text }

    /// The number of a value, if it is a whole one.
    package func integer(_ path: String) -> Int? {
        guard case .number(let number) = self[path] else { return nil }
        return number.exactly(at: 0).map { Int($0) }
    }
}

/// Collects the rows of a plan and of its child queries.
package struct TestRecordSink: RowSink, Sendable {
    /// The plan's queries, numbered as rows are.
    private let queries: [ResolvedQuery]
    /// The rows of each query, in the order in which they came.
    package private(set) var rows: [[Row]]

    package struct Row: Sendable {
        /// The parent's id number; 0 for the query itself.
        package let parent: Int64
        /// One value for each of the query's columns.
        package let values: [FieldValue]
    }

    package init(_ plan: AuthorizedRead) {
        queries = TestRecordSink.queries(of: plan.query)
        rows = Array(repeating: [], count: queries.count)
    }

    private static func queries(of query: ResolvedQuery) -> [ResolvedQuery] {
        [query] + query.children.flatMap { queries(of: $0.query) }
    }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        let values = queries[node].columns.enumerated().map {
            cursor.value($0.offset, as: $0.element.type)
        }
        rows[node].append(Row(parent: parent, values: values))
    }
}

// MARK: - Records

extension TestRecordSink {
    /// The records as the SELECT clause shapes them.
    package var records: [TestRecord] { records(node: 0, parent: 0) }

    private func records(node: Int, parent: Int64) -> [TestRecord] {
        rows[node].filter { $0.parent == parent }.map { row in
            var record = TestRecord()
            for item in queries[node].shape { add(item, of: row, node, "", to: &record) }
            return record
        }
    }

    private func add(
        _ item: OutputItem,
        of row: Row,
        _ node: Int,
        _ path: String,
        to record: inout TestRecord
    ) {
        switch item {
        case .value(let key, let column, _): record.set(path + key, row.values[column])
        case .parent(let key, _, let id, let items):
            guard !row.values[id].isNull else { return record.set(path + key, .null) }
            for item in items { add(item, of: row, node, "\(path)\(key).", to: &record) }
        case .child(let key, let index):
            guard let parent = row.values.first?.id else { return }
            let child = self.node(ofChild: index, of: node)
            record.set(path + key, records(node: child, parent: parent.number))
        case .compound(let key, let parts):
            for part in parts {
                record.set("\(path)\(key).\(part.key)", row.values[part.column])
            }
        case .typeOf(let key, let id, let branches, let otherwise):
            guard let id = row.values[id].id else { return }
            let branch = branches.first { $0.object.keyPrefix == id.prefix }
            for item in branch?.items ?? otherwise {
                add(item, of: row, node, "\(path)\(key).", to: &record)
            }
        }
    }

    /// Queries are numbered depth first: a child query comes after all that its elders hold.
    private func node(ofChild index: Int, of node: Int) -> Int {
        let elders = queries[node].children.prefix(index)
        return node + 1 + elders.reduce(0) { $0 + TestRecordSink.queries(of: $1.query).count }
    }
}
