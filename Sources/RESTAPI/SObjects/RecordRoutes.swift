import Gateway
import Kernel
import Metadata

/// Single records by id: `sobjects/X` and `sobjects/X/<id>`.
enum RecordRoutes {
    /// `POST sobjects/X`: creates a record, from JSON or from a form with files.
    @Sendable static func create(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        let values = try RecordForm.values(call).fieldValues
        return try create(values, of: object, call, writer)
    }

    /// Creates a record and says where it is.
    static func create(
        _ values: JSONObject,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        try refuse("Id", in: values)
        let results = try writer.save(
            [RecordDraft(object: object.name.text, values: values)],
            .create,
            options: call.saveOptions()
        )
        let saved = try Self.single(results).get()
        try call.markRecent(results, writer)
        return .created(
            SaveBody.bytes(saved.id, created: nil),
            at: call.url(of: saved.id, in: object)
        )
    }

    /// `GET sobjects/X/<id>?fields=A,B`.
    @Sendable static func read(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let id = try reader.recordID(call["id"])
        return try read(id, of: object, call, reader)
    }

    /// One record, with all its readable fields or those of the parameter `fields`.
    static func read(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        try requirePrefix(id, object)
        if let answer = try unchanged(id, object, call, reader) { return answer }
        let page = try reader.retrieve(
            [id],
            of: object,
            fields: call.list("fields"),
            call.jsonSink(reader)
        )
        guard page.sink.count > 0 else { throw RecordError.noSuchResource }
        var body: [UInt8] = []
        body.reserveCapacity(page.sink.byteCount)
        page.sink.appendRows(to: &body)
        var response = APIResponse.ok(body)
        if let state = page.sink.lastState {
            if let known = call.request.header("if-none-match").flatMap(EntityTag.states),
                known.contains(state)
            {
                response = .notModified
            }
            response.headers.append(("ETag", EntityTag.text(state)))
        }
        return response
    }

    /// 304 or a refusal where a condition of the request says so.
    private static func unchanged(
        _ id: RecordID,
        _ object: ObjectDefinition,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse? {
        let modifiedSince = call.request.header("if-modified-since").flatMap(HTTPDate.parse)
        let unmodifiedSince = call.request.header("if-unmodified-since").flatMap(HTTPDate.parse)
        guard modifiedSince != nil || unmodifiedSince != nil,
            object.field("LastModifiedDate") != nil
        else { return nil }
        let page = try reader.retrieve(
            [id],
            of: object,
            fields: ["LastModifiedDate"],
            { TextRowSink($0.query) }
        )
        guard let text = page.sink.rows.first?.last ?? nil,
            let moment = CivilText.millisecondsSinceEpoch(text)
        else { return nil }
        // The headers know whole seconds only.
        let seconds = moment / 1_000
        if let modifiedSince, seconds <= modifiedSince.milliseconds / 1_000 { return .notModified }
        if let unmodifiedSince, seconds > unmodifiedSince.milliseconds / 1_000 {
            throw RecordError(
                .entityFailedIfLastModifiedOnUpdate,
                "The record was modified since \(HTTPDate.text(of: unmodifiedSince))"
            )
        }
        return nil
    }

    /// `PATCH sobjects/X/<id>`.
    @Sendable static func update(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        let id = try writer.recordID(call["id"])
        return try update(id, of: object, call, writer)
    }

    /// Changes one record to the values of the body.
    static func update(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        try requirePrefix(id, object)
        let values = try RecordForm.values(call).fieldValues
        try refuse("Id", in: values)
        let draft = RecordDraft(object: object.name.text, id: id.description, values: values)
        let results = try writer.save([draft], .update, options: call.saveOptions())
        try inPath { _ = try Self.single(results).get() }
        try call.markRecent(results, writer)
        return .noContent
    }

    /// `DELETE sobjects/X/<id>`.
    @Sendable static func delete(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        let id = try writer.recordID(call["id"])
        return try delete(id, of: object, call, writer)
    }

    /// Deletes one record.
    static func delete(
        _ id: RecordID,
        of object: ObjectDefinition,
        _ call: APICall,
        _ writer: RecordWriter
    ) throws -> APIResponse {
        try requirePrefix(id, object)
        let results = try writer.delete([id.description], options: call.saveOptions())
        try inPath { _ = try Self.single(results).get() }
        return .noContent
    }
}

// MARK: - Parts

extension RecordRoutes {
    /// An id of another object names no record of this one.
    static func requirePrefix(_ id: RecordID, _ object: ObjectDefinition) throws {
        guard id.prefix == object.keyPrefix else { throw RecordError.noSuchResource }
    }

    /// What the path says already may not be said again in the body.
    static func refuse(_ field: String, in values: JSONObject) throws {
        guard !values.has(field) else {
            throw RecordError(
                .invalidField,
                "The \(field) field should not be specified in the sobject data."
            )
        }
    }

    static func single(_ results: [SaveResult]) throws -> SaveResult {
        guard let result = results.first else {
            throw RecordError(.unknownException, "A save ended without a result")
        }
        return result
    }

    /// A record that the path names and that is not there is a resource that is not found.
    static func inPath(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let refusal as SaveRefusal {
            throw refusal.inPath
        }
    }
}

/// The answer to a single save: `{id, success, errors, created?}`.
enum SaveBody {
    static func bytes(_ id: RecordID, created: Bool?) -> [UInt8] {
        var writer = JSONWriter(capacity: 96)
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("success", true)
        writer.emptyList("errors")
        if let created { writer.member("created", created) }
        writer.endObject()
        return writer.bytes
    }
}
