import Gateway
import Kernel
import Metadata

/// An object's list views, and the records that they show.
enum ListViewRoutes {
    /// `GET sobjects/X/listviews?limit=&offset=`.
    @Sendable static func list(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let views = views(of: object, reader)
        let limit = try call.number("limit", default: 25, in: 1...2_000)
        let offset = try call.number("offset", default: 0, in: 0...Int.max)
        let page = views.dropFirst(offset).prefix(limit)
        return .json { writer in
            writer.beginObject()
            writer.member("done", offset + page.count >= views.count)
            writer.key("listviews")
            writer.beginArray()
            for view in page { write(view, object, call, to: &writer) }
            writer.endArray()
            writer.member("nextRecordsUrl", nil)
            writer.member("size", page.count)
            writer.member("sobjectType", object.name.text)
            writer.endObject()
        }
    }

    /// `GET sobjects/X/listviews/<id>`.
    @Sendable static func one(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let (object, view) = try view(call, reader)
        return .json { write(view, object, call, to: &$0) }
    }

    /// `GET sobjects/X/listviews/<id>/describe`.
    @Sendable static func describe(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let (object, view) = try view(call, reader)
        let list = ListViewQuery(view, object: object)
        let soql = list.soql(limit: nil, offset: 0)
        // A view of fields that the caller may not see is refused as a query of them is.
        _ = try reader.plan(soql)
        return .json { writer in
            writer.beginObject()
            writeColumns(of: view, object, to: &writer)
            writer.member("id", StableID.id(of: view).description)
            writer.emptyList("orderBy")
            writer.member("query", soql)
            writer.member("scope", view.filterScope == "Mine" ? "mine" : "everything")
            writer.member("sobjectType", object.name.text)
            writer.endObject()
        }
    }

    /// `GET sobjects/X/listviews/<id>/results?limit=&offset=`.
    @Sendable static func results(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let (object, view) = try view(call, reader)
        let limit = try call.number("limit", default: 25, in: 1...2_000)
        let offset = try call.number("offset", default: 0, in: 0...2_000)
        // One more than is shown tells whether that was all.
        let soql = ListViewQuery(view, object: object).soql(limit: limit + 1, offset: offset)
        let page = try reader.query(soql, { TextRowSink($0.query) })
        let sink = page.sink
        let rows = sink.rows.prefix(limit)
        return .json { writer in
            writer.beginObject()
            writeColumns(of: view, object, to: &writer)
            writer.member("developerName", view.developerName.text)
            writer.member("done", page.total <= limit)
            writer.member("id", StableID.id(of: view).description)
            writer.member("label", view.label)
            writer.key("records")
            writer.beginArray()
            for row in rows {
                writer.beginObject()
                writer.key("columns")
                writer.beginArray()
                for (column, value) in zip(sink.columns, row) {
                    writer.beginObject()
                    writer.member("fieldNameOrPath", column.path)
                    writer.member("value", value)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
            writer.member("size", rows.count)
            writer.endObject()
        }
    }
}

// MARK: - Parts

extension ListViewRoutes {
    private static func views(
        of object: ObjectDefinition,
        _ reader: RecordReader
    ) -> [ListViewDefinition] {
        reader.snapshot.schema.presentation.listViews.filter { $0.object == object.name }
    }

    private static func view(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> (ObjectDefinition, ListViewDefinition) {
        let object = try reader.object(call["object"])
        let wanted = try? RecordID(call["view"])
        let view = views(of: object, reader).first {
            StableID.id(of: $0) == wanted || $0.developerName == APIName(call["view"])
        }
        guard let view else { throw RecordError.noSuchResource }
        return (object, view)
    }

    private static func write(
        _ view: ListViewDefinition,
        _ object: ObjectDefinition,
        _ call: APICall,
        to writer: inout JSONWriter
    ) {
        let id = StableID.id(of: view).description
        let base = call.url("sobjects/\(object.name.text)/listviews/\(id)")
        writer.beginObject()
        writer.member("describeUrl", "\(base)/describe")
        writer.member("developerName", view.developerName.text)
        writer.member("id", id)
        writer.member("label", view.label)
        writer.member("resultsUrl", "\(base)/results")
        writer.member("soqlCompatible", true)
        writer.member("url", base)
        writer.endObject()
    }

    private static func writeColumns(
        of view: ListViewDefinition,
        _ object: ObjectDefinition,
        to writer: inout JSONWriter
    ) {
        writer.key("columns")
        writer.beginArray()
        for path in view.columns {
            let field = object.field(APIName(path))
            writer.beginObject()
            writer.member("ascendingLabel", "A-Z")
            writer.member("descendingLabel", "Z-A")
            writer.member("fieldNameOrPath", path)
            writer.member("hidden", false)
            writer.member("label", field?.label ?? path)
            writer.member("selectListItem", path)
            writer.member("sortable", field.map { FieldKind($0).isSortable } ?? true)
            writer.member("type", field.map { FieldKind($0).type } ?? "string")
            writer.endObject()
        }
        writer.endArray()
    }
}

/// The query that a list view stands for.
struct ListViewQuery {
    private let view: ListViewDefinition
    private let object: ObjectDefinition

    init(_ view: ListViewDefinition, object: ObjectDefinition) {
        self.view = view
        self.object = object
    }

    func soql(limit: Int?, offset: Int) -> String {
        let columns = ["Id"] + view.columns.filter { $0.lowercased() != "id" }
        var clauses = ["SELECT \(columns.joined(separator: ", ")) FROM \(object.name.text)"]
        if view.filterScope == "Mine" { clauses.append("USING SCOPE mine") }
        var conditions: [String] = []
        if let queue = view.queue {
            // A metadata name has no quotes in it.
            conditions.append(
                "OwnerId IN (SELECT Id FROM Group WHERE DeveloperName = '\(queue.text)')"
            )
        }
        if let filter = view.filter {
            conditions.append(conditions.isEmpty ? filter : "(\(filter))")
        }
        if !conditions.isEmpty { clauses.append("WHERE \(conditions.joined(separator: " AND "))") }
        if let order = view.orderBy { clauses.append("ORDER BY \(order)") }
        if let limit { clauses.append("LIMIT \(limit)") }
        if offset > 0 { clauses.append("OFFSET \(offset)") }
        return clauses.joined(separator: " ")
    }
}
