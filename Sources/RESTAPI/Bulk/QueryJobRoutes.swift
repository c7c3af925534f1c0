import Gateway
import Kernel
import Language
import Metadata

/// Query jobs: `jobs/query`.
enum QueryJobRoutes {
    /// `POST jobs/query`: a new job.
    @Sendable static func create(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let body = try call.jsonObject()
        let format = try BulkFormat(body)
        let soql = body[ignoringCase: "query"]?.string ?? ""
        let name = body[ignoringCase: "operation"]?.string ?? "query"
        guard let operation = BulkJob.Operation(rawValue: name), operation.isQuery else {
            throw RecordError(.invalidJob, "operation must be query or queryAll, not '\(name)'")
        }
        guard !soql.isEmpty else { throw RecordError(.invalidJob, "The query is missing") }
        let checked = try await call.parts.records.read(as: caller, isBrief: true) { reader in
            let plan = try reader.plan(soql, includesDeleted: operation == .queryAll)
            return (
                refusal: QueryJobCheck.refusal(plan, statement: soql),
                object: plan.query.object.name.text
            )
        }
        if let refusal = checked.refusal { return refusal }
        let jobs = call.parts.bulk
        var job = BulkJob(
            id: jobs.newID(),
            org: caller.org,
            operation: operation,
            object: checked.object,
            version: call.version,
            createdBy: caller.user,
            createdDate: jobs.now
        )
        job.query = soql
        job.delimiter = format.delimiter
        job.lineEnding = format.lineEnding
        job.timeZone = caller.timeZone
        job.client = caller.client
        job.locale = caller.locale
        try jobs.add(job)
        return BulkDesk.answer(job)
    }

    /// `GET jobs/query`.
    @Sendable static func list(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        try await BulkDesk(call, caller).list(call, isQuery: true)
    }

    /// `GET jobs/query/<id>`.
    @Sendable static func read(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        BulkDesk.answer(try await BulkDesk(call, caller).job(call, isQuery: true))
    }

    /// `PATCH jobs/query/<id> {"state":"Aborted"}`.
    @Sendable static func change(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: true)
        guard try BulkDesk.wantedState(call) == .aborted else {
            throw RecordError(.invalidJob, "The state of a query job can only become Aborted")
        }
        return BulkDesk.answer(try desk.jobs.abort(job))
    }

    /// `DELETE jobs/query/<id>`.
    @Sendable static func delete(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        try desk.jobs.remove(desk.job(call, isQuery: true))
        return .noContent
    }

    /// `GET jobs/query/<id>/results?maxRecords=&locator=`.
    @Sendable static func results(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let desk = try await BulkDesk(call, caller)
        let job = try desk.job(call, isQuery: true)
        guard job.state == .jobComplete else {
            throw RecordError(
                .invalidJobState,
                "Job \(job.id) is in state \(job.state.rawValue); it has no results yet"
            )
        }
        let start = try locator(call, job)
        let wanted = try call.number("maxRecords", default: Int.max, in: 1...Int.max)
        let results = try QueryResults(job, desk.jobs.store).rows(from: start, max: wanted)
        let end = start + results.count
        return IngestJobRoutes.csv(
            results.bytes,
            headers: [
                ("Sforce-NumberOfRecords", "\(results.count)"),
                ("Sforce-Locator", end < job.rowsDone ? "\(end)" : "null"),
            ]
        )
    }

    private static func locator(_ call: APICall, _ job: BulkJob) throws -> Int {
        guard let text = call.request.parameter("locator"), !text.isEmpty, text != "null" else {
            return 0
        }
        guard let row = Int(text), (0...job.rowsDone).contains(row) else {
            throw RecordError(.invalidQueryLocator, "invalid query locator")
        }
        return row
    }
}

/// Stretches of a query job's results, put together from the parts.
struct QueryResults {
    private let job: BulkJob
    private let store: any BulkJobStore

    init(_ job: BulkJob, _ store: any BulkJobStore) {
        self.job = job
        self.store = store
    }

    /// The header and rows from one on: as many as wanted, or as go into one answer.
    func rows(from start: Int, max wanted: Int) throws -> (bytes: [UInt8], count: Int) {
        var bytes = try store.read(.header, of: job)
        var count = 0
        var partStart = 0
        for (number, inPart) in job.partRows.enumerated() {
            defer { partStart += inPart }
            let first = start + count - partStart
            let taken = min(inPart - first, wanted - count)
            guard taken > 0 else { continue }
            guard bytes.count < BulkLimits.answerBytes else { break }
            let part = try store.read(.part(number), of: job)
            guard !part.isEmpty else { break }
            bytes += first == 0 && taken == inPart ? part[...] : Self.rows(first, taken, of: part)
            count += taken
        }
        return (bytes, count)
    }

    /// A stretch of rows by number: all cells are quoted, so a bare line break ends one.
    private static func rows(_ first: Int, _ count: Int, of part: [UInt8]) -> ArraySlice<UInt8> {
        var isQuoted = false
        var row = 0
        var start = first == 0 ? 0 : part.count
        for (index, byte) in part.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard byte == UInt8(ascii: "\n"), !isQuoted else { continue }
            row += 1
            if row == first { start = index + 1 }
            if row == first + count { return part[start...index] }
        }
        return part[start...]
    }
}
