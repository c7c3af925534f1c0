import Language
import Metadata

/// Writes the shares of rules that are new or say something else, and clears those of rules that are
/// gone.
///
/// The first records are done in the transaction that deploys the rule; where there are more, a job
/// does the rest in parts. What a rule took away is gone from the start, since its shares have the
/// key of a version that is not in force; what it gives arrives with the job.
package struct ShareRecalculation {
    package static let jobKind = "sharing.recalculate"
    /// Records, or shares, of one transaction.
    static let partSize = 5_000

    private let writer: RecordWriter

    private init(_ writer: RecordWriter) {
        self.writer = writer
    }

    /// Says who does the rest of a recalculation.
    package static func join(_ handlers: inout JobHandlers) {
        handlers.add(jobKind) { writer, job in
            let recalculation = ShareRecalculation(writer)
            if let name = job.payload["rule"]?.string {
                let last = job.payload["after"]?.string.flatMap { Int64($0) } ?? 0
                try recalculation.share(name, after: RecordID(number: last))
            } else if let key = job.payload["gone"]?.string.flatMap({ Int64($0) }) {
                try recalculation.clear(RecordID(number: key))
            }
        }
    }

    /// Begins what a deploy calls for.
    static func ask(
        for changed: [SharingRuleDefinition],
        gone: [RecordID],
        in writer: RecordWriter
    ) throws {
        let recalculation = ShareRecalculation(writer)
        for key in gone { try recalculation.clear(key) }
        for rule in changed { try recalculation.share(rule.key, after: RecordID(number: 0)) }
    }

    /// Gives records the shares of a rule, in the order of their ids.
    private func share(_ name: String, after last: RecordID) throws {
        guard let rule = writer.snapshot.sharing.all.first(where: { $0.definition.key == name }),
            let object = writer.schema.object(rule.definition.object),
            let sharing = ShareFields(object, writer.schema), let id = object.field("Id")
        else { return }
        let found = try ids(
            of: object,
            under: rule.rows,
            where: .compare(.column(ColumnReference(table: 0, field: id)), .greater, .id(last))
        )
        try ShareRows(writer: writer).match([rule], object, found, sharing, areNew: false)
        guard found.count == Self.partSize, let next = found.last else { return }
        try goOn(["rule": .string(name), "after": .string(String(next.number))], name)
    }

    /// Clears the shares of a version that is gone.
    private func clear(_ key: RecordID) throws {
        var isMore = false
        for object in writer.schema.objects {
            guard let sharing = ShareFields(object, writer.schema) else { continue }
            let found = try ids(
                of: sharing.share,
                under: .fieldIn(RowPredicate.FieldKey(sharing.key), [key]),
                where: nil
            )
            let shares = found.isEmpty ? [] : try writer.tx.load(sharing.share, found)
            try ShareRows(writer: writer).purge(shares, sharing)
            isMore = isMore || found.count == Self.partSize
        }
        guard isMore else { return }
        try goOn(["gone": .string(String(key.number))], String(key.number))
    }

    private func goOn(_ payload: JSONObject, _ name: String) throws {
        try writer.enqueue(
            NewJob(kind: Self.jobKind, payload: payload, lane: "sharing:\(name)")
        )
    }

    /// The first records that a predicate allows, in the order of their ids.
    private func ids(
        of object: ObjectDefinition,
        under rows: RowPredicate,
        where filter: ResolvedCondition?
    ) throws -> [RecordID] {
        guard let id = object.field("Id") else { return [] }
        let column = ResolvedExpression.column(ColumnReference(table: 0, field: id))
        var query = ResolvedQuery(
            kind: .records,
            tables: [ResolvedQuery.Table(object: object, join: nil)],
            columns: [column],
            shape: [.value(key: "Id", column: 0, type: .id)],
            filter: filter,
            limit: Self.partSize
        )
        query.orderBy = [
            ResolvedOrderKey(expression: column, isDescending: false, areNullsLast: false)
        ]
        let read = AuthorizedRead(
            org: writer.caller.org,
            query: query,
            visible: [rows],
            children: [],
            semiJoins: [],
            context: writer.authorizer.context,
            scope: .everything
        )
        var sink = TableSink(read)
        _ = try writer.tx.read(read, .first(Self.partSize), into: &sink)
        return sink.rows.compactMap { $0.first?.id }
    }
}
