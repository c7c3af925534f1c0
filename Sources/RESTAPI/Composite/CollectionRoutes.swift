import Gateway
import Kernel
import Metadata

/// Up to 200 records at once: `composite/sobjects`.
enum CollectionRoutes {
    private static let retrieveMax = 2_000

    /// `POST composite/sobjects`: creates.
    @Sendable static func create(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        try save(call, writer, .create)
    }

    /// `PATCH composite/sobjects`: changes, each by its id.
    @Sendable static func update(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        try save(call, writer, .update)
    }

    /// `PATCH composite/sobjects/X/<field>`: creates or changes.
    @Sendable static func upsert(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        guard let field = object.field(APIName(call["field"])), field.isIDLookup,
            writer.access.mayRead(field, of: object)
        else {
            throw RecordError(
                .notFound,
                "Provided external ID field does not exist or is not accessible: "
                    + call["field"]
            )
        }
        return try save(call, writer, .upsert(field: field.name.text), of: object)
    }

    private static func save(
        _ call: APICall,
        _ writer: RecordWriter,
        _ operation: SaveOperation,
        of object: ObjectDefinition? = nil
    ) throws -> APIResponse {
        let body = try call.jsonObject()
        let drafts = try drafts(body["records"], operation, object)
        let options = try call.saveOptions(allOrNone: try allOrNone(body["allOrNone"]))
        let results = try writer.save(drafts, operation, options: options)
        try call.markRecent(results, writer)
        return answer(results, saysCreated: object != nil)
    }

    private static func drafts(
        _ value: JSONValue?,
        _ operation: SaveOperation,
        _ object: ObjectDefinition?
    ) throws -> [RecordDraft] {
        guard let records = value?.array, !records.isEmpty else {
            throw RecordError(.invalidInput, "records must be a list of records")
        }
        try refuseTooMany(records.count, max: Limits.saveBatchMax)
        return try records.enumerated().map { index, record in
            guard let members = record.object else {
                throw RecordError(
                    .jsonParserError,
                    "records[\(index)] must be an object, not \(record.kindName)"
                )
            }
            let type = members[ignoringCase: "attributes"]?[ignoringCase: "type"]?.string
            guard let name = type ?? object?.name.text else {
                throw RecordError(
                    .invalidInput,
                    "records[\(index)] must say its object in attributes.type"
                )
            }
            if let object, APIName(name) != object.name {
                throw RecordError(
                    .invalidInput,
                    "records[\(index)] is of type \(name), and the path says \(object.name)"
                )
            }
            return try draft(name, members, operation, index)
        }
    }

    private static func draft(
        _ object: String,
        _ members: JSONObject,
        _ operation: SaveOperation,
        _ index: Int
    ) throws -> RecordDraft {
        let values = members.fieldValues
        guard operation == .update else { return RecordDraft(object: object, values: values) }
        guard let id = values[ignoringCase: "id"]?.string else {
            throw RecordError(.missingArgument, "Id not specified in records[\(index)]")
        }
        return RecordDraft(object: object, id: id, values: values.without("id"))
    }

    /// `DELETE composite/sobjects?ids=a,b&allOrNone=false`.
    @Sendable static func delete(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        guard let ids = call.list("ids") else {
            throw RecordError(.missingArgument, "The ids parameter is required")
        }
        try refuseTooMany(ids.count, max: Limits.saveBatchMax)
        let allOrNone = APICall.isTrue(call.request.parameter("allOrNone"))
        let results = try writer.delete(ids, options: SaveOptions(allOrNone: allOrNone))
        return answer(results, saysCreated: false)
    }

    /// `GET composite/sobjects/X?ids=a,b&fields=A,B`.
    @Sendable static func retrieve(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        try retrieve(call.list("ids"), fields: call.list("fields"), call, reader)
    }

    /// `POST composite/sobjects/X {ids, fields}`.
    @Sendable static func retrieveByBody(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let body = try call.jsonObject()
        return try retrieve(
            texts(body["ids"], "ids"),
            fields: texts(body["fields"], "fields"),
            call,
            reader
        )
    }

    private static func texts(_ value: JSONValue?, _ name: String) throws -> [String]? {
        guard let value, !value.isNull else { return nil }
        guard let texts = value.array?.map(\.string), !texts.contains(nil) else {
            throw RecordError(.invalidInput, "\(name) must be a list of texts")
        }
        return texts.compactMap { $0 }
    }

    private static func retrieve(
        _ ids: [String]?,
        fields: [String]?,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let object = try reader.object(call["object"])
        guard let ids, !ids.isEmpty else {
            throw RecordError(.missingArgument, "The ids parameter is required")
        }
        guard let fields, !fields.isEmpty else {
            throw RecordError(.missingArgument, "The fields parameter is required")
        }
        try refuseTooMany(ids.count, max: retrieveMax)
        let wanted = try ids.map(reader.recordID)
        let own = wanted.filter { $0.prefix == object.keyPrefix }
        let page = try reader.retrieve(
            own,
            of: object,
            fields: try RelatedRoutes.checked(fields),
            call.jsonSink(reader, keepsRows: true)
        )
        let bodies = Dictionary(
            page.sink.rows().map { ($0.id, $0.bytes) },
            uniquingKeysWith: { first, _ in first }
        )
        return .json { writer in
            writer.beginArray()
            for id in wanted {
                if let body = bodies[id.number] { writer.raw(body) } else { writer.null() }
            }
            writer.endArray()
        }
    }
}

// MARK: - Parts

extension CollectionRoutes {
    static func refuseTooMany(_ count: Int, max: Int) throws {
        guard count <= max else {
            throw RecordError(
                .exceededIDLimit,
                "record limit reached. cannot submit more than \(max) records into this call"
            )
        }
    }

    /// A member that says yes or no; null means no.
    private static func allOrNone(_ value: JSONValue?) throws -> Bool {
        switch value {
        case nil, .null: return false
        case .bool(let isWanted): return isWanted
        case .string(let text): return APICall.isTrue(text)
        case .number, .array, .object:
            throw RecordError(.jsonParserError, "allOrNone must be true or false")
        }
    }

    private static func answer(_ results: [SaveResult], saysCreated: Bool) -> APIResponse {
        .json { writer in
            writer.beginArray()
            for result in results { result.write(to: &writer, saysCreated: saysCreated) }
            writer.endArray()
        }
    }
}
