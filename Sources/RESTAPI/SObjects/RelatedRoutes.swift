import Gateway
import Kernel
import Metadata

/// What hangs on one record: its files, its parents, its children.
enum RelatedRoutes {
    /// `GET sobjects/X/<id>/<name>`: a file's bytes, the parent, or the children.
    static func read(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        try RecordRoutes.requirePrefix(id, object)
        let name = APIName(call["value"])
        if let field = object.field(name), case .file = field.type {
            return try file(field, id, object, reader)
        }
        if object.parentField(name) != nil {
            let (parent, parentID) = try self.parent(name, id, object, reader)
            return try RecordRoutes.read(parentID, of: parent, call, reader)
        }
        guard
            let children = reader.snapshot.schema.childRelationship(name, of: object.name),
            reader.access.mayRead(children.child),
            reader.access.mayRead(children.field, of: children.child)
        else { throw RecordError.noSuchResource }
        return try self.children(children, of: id, object, call, reader)
    }

    /// `PATCH sobjects/X/<id>/<parent>`: changes the parent.
    static func update(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        try RecordRoutes.requirePrefix(id, object)
        let (parent, parentID) = try self.parent(APIName(call["value"]), id, object, writer)
        return try RecordRoutes.update(parentID, of: parent, call, writer)
    }

    /// `DELETE sobjects/X/<id>/<parent>`: deletes the parent.
    static func delete(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        try RecordRoutes.requirePrefix(id, object)
        let (parent, parentID) = try self.parent(APIName(call["value"]), id, object, writer)
        return try RecordRoutes.delete(parentID, of: parent, call, writer)
    }
}

extension RelatedRoutes {
    private static func parent(
        _ name: APIName,
        _ id: RecordID,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> (ObjectDefinition, RecordID) {
        guard let field = object.parentField(name), reader.access.mayRead(field, of: object) else {
            throw RecordError.noSuchResource
        }
        let page = try reader.retrieve(
            [id],
            of: object,
            fields: [field.name.text],
            { TextRowSink($0.query) }
        )
        guard let text = page.sink.rows.first?.last ?? nil,
            let parentID = try? RecordID(text),
            let parent = reader.snapshot.schema.object(withPrefix: parentID.prefix)
        else { throw RecordError.noSuchResource }
        return (parent, parentID)
    }

    private static func children(
        _ relationship: OrgSchema.ChildRelationship,
        of id: RecordID,
        _ object: ObjectDefinition,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        // Without the record itself there is nothing of which these would be the children.
        let record = try reader.retrieve(
            [id],
            of: object,
            fields: ["Id"],
            { TextRowSink($0.query) }
        )
        guard !record.sink.rows.isEmpty else { throw RecordError.noSuchResource }
        let child = relationship.child
        let fields =
            try call.list("fields").map(checked)
            ?? child.fields.filter { reader.access.mayRead($0, of: child) }.map(\.name.text)
        let start = ContinuousClock.now
        let page = try reader.query(
            """
            SELECT \(fields.joined(separator: ", ")) FROM \(child.name.text) \
            WHERE \(relationship.field.name.text) = '\(id.description)'
            """,
            call.jsonSink(reader)
        )
        return QueryBody(page, verb: "query", since: start).response(call)
    }

    /// Field paths from outside, before they become part of a query.
    static func checked(_ paths: [String]) throws -> [String] {
        for path in paths {
            let parts = path.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ APIName.isWellFormed(String($0)) }) else {
                throw RecordError(.invalidField, "No such column '\(path)'")
            }
        }
        return paths
    }

    private static func file(
        _ field: FieldDefinition,
        _ id: RecordID,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> APIResponse {
        guard reader.access.mayRead(field, of: object),
            let bytes = try reader.fileBytes(object, field.name.text, id)
        else { throw RecordError.noSuchResource }
        return APIResponse(
            contentType: try contentType(id, object, reader),
            // What someone else has put here is never shown as a page of this site.
            headers: [
                ("Content-Disposition", "attachment"), ("X-Content-Type-Options", "nosniff"),
            ],
            body: bytes
        )
    }

    private static func contentType(
        _ id: RecordID,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> String {
        let unknown = "application/octet-stream"
        guard let field = object.field("ContentType"), reader.access.mayRead(field, of: object)
        else { return unknown }
        let page = try reader.retrieve(
            [id],
            of: object,
            fields: [field.name.text],
            { TextRowSink($0.query) }
        )
        guard let type = page.sink.rows.first?.last ?? nil, isMediaType(type) else {
            return unknown
        }
        return type
    }

    /// Whether a text from a record may stand in a header.
    private static func isMediaType(_ text: String) -> Bool {
        text.contains("/") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
