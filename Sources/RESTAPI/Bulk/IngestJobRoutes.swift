import Gateway
import Kernel
import Metadata

/// Ingest jobs: `jobs/ingest`.
enum IngestJobRoutes {
    /// `POST jobs/ingest`: a new job; as a form, with its rows.
    @Sendable static func create(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let jobs = call.parts.bulk
        let form = try form(call)
        let format = try BulkFormat(form.body)
        var job = try await call.parts.records.read(as: caller, isBrief: true) { reader in
            try Self.job(form.body, call, reader)
        }
        job.delimiter = format.delimiter
        job.lineEnding = format.lineEnding
        try jobs.add(job)
        if let rows = form.rows {
            try jobs.upload(rows, to: job)
            if let kept = try jobs.store.job(job.id, of: job.org) { job = try jobs.close(kept) }
        }
        return BulkDesk.answer(job)
    }

    /// The JSON of a request, and the rows that came with it.
    private static func form(_ call: APICall) throws -> (body: JSONObject, rows: [UInt8]?) {
        let type = call.request.header("content-type") ?? ""
        guard type.lowercased().hasPrefix("multipart/form-data") else {
            return (try call.jsonObject(), nil)
        }
        let parts = try MultipartBody.parts(of: call.request.body, contentType: type)
        guard let description = parts.first(where: { $0.name == "job" }),
            let body = try APICall.parse(Array(description.bytes)).object
        else { throw RecordError(.invalidJob, "The form has no JSON part job") }
        return (body, parts.first { $0.name == "content" }.map { Array($0.bytes) })
    }

    private static func job(
        _ body: JSONObject,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> BulkJob {
        let name = body[ignoringCase: "object"]?.string ?? ""
        guard let object = try? reader.object(name) else {
            throw RecordError(.invalidJob, "InvalidJob : Unable to find object: \(name)")
        }
        let operationName = body[ignoringCase: "operation"]?.string ?? ""
        guard let operation = BulkJob.Operation(rawValue: operationName), !operation.isQuery else {
            throw RecordError(
                .invalidJob,
                "operation must be insert, update, upsert, delete or hardDelete, not "
                    + "'\(operationName)'"
            )
        }
        if operation == .hardDelete && !reader.access.has(.bulkApiHardDelete) {
            throw RecordError(
                .functionalityNotEnabled,
                "hardDelete operation requires special user profile permission, please contact "
                    + "your system administrator"
            )
        }
        var job = BulkJob(
            id: call.parts.bulk.newID(),
            org: reader.caller.org,
            operation: operation,
            object: object.name.text,
            version: call.version,
            createdBy: reader.caller.user,
            createdDate: reader.now
        )
        job.timeZone = reader.caller.timeZone
        job.locale = reader.caller.locale
        job.client = reader.caller.client
        if operation == .upsert { job.externalIDField = try upsertField(body, object, reader) }
        return job
    }

    private static func upsertField(
        _ body: JSONObject,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> String {
        let name = body[ignoringCase: "externalIdFieldName"]?.string ?? ""
        guard let field = object.field(APIName(name)), field.isIDLookup,
            reader.access.mayRead(field, of: object)
        else {
            throw RecordError(
                .invalidJob,
                "InvalidJob : Invalid external ID field name: '\(name)'"
            )
        }
        return field.name.text
    }

    /// `GET jobs/ingest`.
    @Sendable static func list(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        try await BulkDesk(call, caller).list(call, isQuery: false)
    }

    /// `GET jobs/ingest/<id>`.
    @Sendable static func read(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        BulkDesk.answer(try await BulkDesk(call, caller).job(call, isQuery: false))
    }

    /// `PUT jobs/ingest/<id>/batches`: the rows.
    @Sendable static func upload(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        try desk.jobs.upload(call.request.body, to: desk.job(call, isQuery: false))
        return .accepted
    }

    /// `PATCH jobs/ingest/<id> {"state":"UploadComplete"}`.
    @Sendable static func change(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: false)
        let isClosing = try BulkDesk.wantedState(call) == .uploadComplete
        return BulkDesk.answer(isClosing ? try desk.jobs.close(job) : try desk.jobs.abort(job))
    }

    /// `DELETE jobs/ingest/<id>`.
    @Sendable static func delete(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        try desk.jobs.remove(desk.job(call, isQuery: false))
        return .noContent
    }

    /// `GET jobs/ingest/<id>/successfulResults`.
    @Sendable static func successful(_ call: APICall, _ caller: Caller) async throws -> APIResponse
    {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: false)
        return csv(
            try desk.jobs.store.read(.successful, from: 0, count: job.successfulBytes, of: job)
        )
    }

    /// `GET jobs/ingest/<id>/failedResults`.
    @Sendable static func failed(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: false)
        return csv(try desk.jobs.store.read(.failed, from: 0, count: job.failedBytes, of: job))
    }

    /// `GET jobs/ingest/<id>/unprocessedrecords`: the rows that a job gave up before.
    @Sendable static func unprocessed(_ call: APICall, _ caller: Caller) async throws -> APIResponse
    {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: false)
        let upload = try desk.jobs.store.read(.upload, of: job)
        return csv(unprocessed(upload, job))
    }

    private static func unprocessed(_ upload: [UInt8], _ job: BulkJob) -> [UInt8] {
        var reader = CSVReader(upload, delimiter: job.delimiter)
        var writer = CSVWriter(delimiter: job.delimiter, lineEnding: job.lineEnding)
        var index = -1
        // What cannot be read is not a row that could be sent again.
        while let hasRow = try? reader.next(), hasRow {
            let isWanted = index < 0 || (job.state != .jobComplete && index >= job.rowsDone)
            if isWanted { writer.row(reader.row.strings) }
            index += 1
        }
        return writer.bytes
    }

    static func csv(
        _ bytes: [UInt8],
        headers: [(name: String, value: String)] = []
    ) -> APIResponse {
        APIResponse(contentType: "text/csv;charset=UTF-8", headers: headers, body: bytes)
    }
}
