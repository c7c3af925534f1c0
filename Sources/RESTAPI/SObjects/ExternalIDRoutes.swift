import Gateway
import Kernel
import Metadata

/// What stands two places after an object in a path: `sobjects/X/<field>/<value>` names a record by
/// a field's value, `sobjects/X/<id>/<name>` a file or related records.
enum ExternalIDRoutes {
    /// `GET sobjects/X/<field>/<value>`, or `GET sobjects/X/<id>/<name>`.
    @Sendable static func read(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        if let id = recordID(call, object) {
            return try RelatedRoutes.read(id, of: object, call, reader)
        }
        let ids = try found(call, object, reader)
        guard ids.count <= 1 else { return choices(ids, object, call) }
        guard let id = ids.first else { throw RecordError.noSuchResource }
        return try RecordRoutes.read(id, of: object, call, reader)
    }

    /// `PATCH sobjects/X/<field>/<value>`: creates the record or changes it.
    @Sendable static func upsert(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        if let id = recordID(call, object) {
            return try RelatedRoutes.update(id, of: object, call, writer)
        }
        let field = try lookupField(call, object, writer)
        if case .id = field.type {
            let id = try writer.recordID(call["value"])
            return try RecordRoutes.update(id, of: object, call, writer)
        }
        let ids = try found(call, object, writer)
        guard ids.count <= 1 else { return choices(ids, object, call) }
        return try upsert(by: field, of: object, call, writer)
    }

    private static func upsert(
        by field: FieldDefinition,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        let values = try RecordForm.values(call).fieldValues
        try RecordRoutes.refuse(field.name.text, in: values)
        try RecordRoutes.refuse("Id", in: values)
        let draft = RecordDraft(
            object: object.name.text,
            values: values.adding(field.name.text, .string(call["value"]))
        )
        var options = try call.saveOptions()
        options.updateOnly = APICall.isTrue(call.request.parameter("updateOnly"))
        let results = try writer.save(
            [draft],
            .upsert(field: field.name.text),
            options: options
        )
        let saved = try RecordRoutes.single(results).get()
        try call.markRecent(results, writer)
        let body = SaveBody.bytes(saved.id, created: saved.isCreated)
        if saved.isCreated { return .created(body, at: call.url(of: saved.id, in: object)) }
        return call.version.answersUpdatesByUpsert ? .ok(body) : .noContent
    }

    /// `DELETE sobjects/X/<field>/<value>`, or `DELETE sobjects/X/<id>/<parent>`.
    @Sendable static func delete(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        if let id = recordID(call, object) {
            return try RelatedRoutes.delete(id, of: object, call, writer)
        }
        let ids = try found(call, object, writer)
        guard ids.count <= 1 else { return choices(ids, object, call) }
        guard let id = ids.first else { throw RecordError.noSuchResource }
        return try RecordRoutes.delete(id, of: object, call, writer)
    }

    /// `POST sobjects/X/Id`: creates a record, for clients that upsert without an id.
    @Sendable static func create(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        guard call["id"].lowercased() == "id" else {
            throw RecordError(
                .methodNotAllowed,
                "HTTP Method 'POST' not allowed. Allowed are DELETE,GET,HEAD,PATCH"
            )
        }
        let object = try writer.object(call["object"])
        let values = try RecordForm.values(call).fieldValues.without("Id")
        return try RecordRoutes.create(values, of: object, call, writer)
    }
}

// MARK: - Which record

extension ExternalIDRoutes {
    /// The path's id, where a record's id and no field stands after the object.
    private static func recordID(_ call: APICall, _ object: ObjectDefinition) -> RecordID? {
        // A field's name may have as many letters as an id.
        guard object.field(APIName(call["field"])) == nil else { return nil }
        return try? RecordID(call["field"])
    }

    private static func lookupField(
        _ call: APICall,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> FieldDefinition {
        guard let field = object.field(APIName(call["field"])), field.isIDLookup,
            reader.access.mayRead(field, of: object)
        else {
            throw RecordError(
                .notFound,
                "Provided external ID field does not exist or is not accessible: "
                    + call["field"]
            )
        }
        return field
    }

    private static func found(
        _ call: APICall,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> [RecordID] {
        let field = try lookupField(call, object, reader)
        return try reader.lookup(object, by: field.name.text, value: call["value"])
    }

    private static func choices(
        _ ids: [RecordID],
        _ object: ObjectDefinition,
        _ call: APICall
    ) -> APIResponse {
        .choices(ids.map { call.url(of: $0, in: object) })
    }
}
