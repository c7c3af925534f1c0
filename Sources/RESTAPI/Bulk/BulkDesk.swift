import Gateway
import Kernel
import Metadata

/// What the caller may do with bulk jobs.
struct BulkDesk: Sendable {
    let caller: Caller
    let jobs: BulkJobs
    private let managesAll: Bool

    init(_ call: APICall, _ caller: Caller) async throws {
        self.caller = caller
        jobs = call.parts.bulk
        managesAll = try await call.parts.records.read(as: caller, isBrief: true) { reader in
            reader.access.has(.modifyAllData)
        }
    }

    /// The job that the path names, which is the caller's own or open to the caller.
    func job(_ call: APICall, isQuery: Bool) throws -> BulkJob {
        guard let id = try? RecordID(call["job"]), let job = try jobs.store.job(id, of: caller.org),
            job.operation.isQuery == isQuery, isOpen(job)
        else { throw RecordError.noSuchResource }
        return job
    }

    private func isOpen(_ job: BulkJob) -> Bool { managesAll || job.createdBy == caller.user }

    /// `{done, records, nextRecordsUrl}`: the jobs of a kind, the latest first.
    func list(_ call: APICall, isQuery: Bool) throws -> APIResponse {
        let start = try call.number("queryLocator", default: 0, in: 0...Int.max)
        let all = try jobs.store.jobs(of: caller.org).reversed()
            .filter { $0.operation.isQuery == isQuery && isOpen($0) }
        let page = all.dropFirst(start).prefix(BulkLimits.jobsPerPage)
        let end = start + page.count
        return .json { writer in
            writer.beginObject()
            writer.member("done", end >= all.count)
            writer.key("records")
            writer.beginArray()
            for job in page { job.write(to: &writer, detailed: false) }
            writer.endArray()
            writer.member(
                "nextRecordsUrl",
                end < all.count
                    ? call.url("jobs/\(isQuery ? "query" : "ingest")?queryLocator=\(end)") : nil
            )
            writer.endObject()
        }
    }

    /// A job as the only thing in an answer.
    static func answer(_ job: BulkJob) -> APIResponse {
        .json { job.write(to: &$0) }
    }

    /// A change of state that a client asks for.
    static func wantedState(_ call: APICall) throws -> BulkJob.State {
        let text = try call.jsonObject()[ignoringCase: "state"]?.string ?? ""
        guard let state = BulkJob.State(rawValue: text),
            state == .uploadComplete || state == .aborted
        else {
            throw RecordError(
                .invalidJob,
                "state must be UploadComplete or Aborted, not '\(text)'"
            )
        }
        return state
    }
}

/// The format of a job's rows, as a request asks for it.
struct BulkFormat {
    let delimiter: CSVDelimiter
    let lineEnding: CSVLineEnding

    init(_ body: JSONObject) throws {
        delimiter = try Self.choice(body, "columnDelimiter", default: .comma)
        lineEnding = try Self.choice(body, "lineEnding", default: .lineFeed)
        let contentType = body[ignoringCase: "contentType"]?.string ?? "CSV"
        guard contentType.uppercased() == "CSV" else {
            throw RecordError(.invalidJob, "contentType must be CSV, not \(contentType)")
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ body: JSONObject,
        _ name: String,
        default fallback: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let value = body[ignoringCase: name], !value.isNull else { return fallback }
        guard let text = value.string, let choice = Choice(rawValue: text.uppercased()) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw RecordError(.invalidJob, "\(name) must be one of \(names)")
        }
        return choice
    }
}
