package import Metadata

/// Work on many records at once: rows that a client has sent, or a query whose rows it fetches.
package struct BulkJob: Sendable, Hashable {
    package enum Operation: String, Sendable, CaseIterable {
        case insert, update, upsert, delete, hardDelete
        case query, queryAll

        package var isQuery: Bool { self == .query || self == .queryAll }
    }

    package enum State: String, Sendable, CaseIterable {
        /// Waiting for its rows.
        case open = "Open"
        case uploadComplete = "UploadComplete"
        case inProgress = "InProgress"
        case jobComplete = "JobComplete"
        case failed = "Failed"
        case aborted = "Aborted"

        /// Whether nothing will be done any more.
        package var isFinal: Bool {
            switch self {
            case .jobComplete, .failed, .aborted: true
            case .open, .uploadComplete, .inProgress: false
            }
        }
    }

    package let id: RecordID
    package let org: OrgID
    package let operation: Operation
    package let object: String
    /// An upsert's field.
    package var externalIDField: String?
    /// A query job's SOQL.
    package var query: String?
    package var delimiter = CSVDelimiter.comma
    package var lineEnding = CSVLineEnding.lineFeed
    package let version: APIVersion
    package let createdBy: RecordID
    package let createdDate: Instant
    package var timeZone = "UTC"
    package var locale = "en_US"
    /// The connected client that began it, by its consumer key; what is withheld from the client is
    /// withheld from the job.
    package var client: String?

    package var state = State.open
    package var systemModstamp: Instant
    package var errorMessage: String?
    package var hasUpload = false
    /// Rows that are done with, for better or worse; where a job goes on after a stop.
    package var rowsDone = 0
    package var rowsFailed = 0
    package var processingMilliseconds = 0
    /// How much of the result files counts; what is beyond was being written at a crash.
    package var successfulBytes = 0
    package var failedBytes = 0
    /// How many rows each part of a query's results has: fewer than a page, where records were
    /// deleted while the job ran.
    package var partRows: [Int] = []
    /// Of a query's results.
    package var resultParts: Int { partRows.count }

    package init(
        id: RecordID,
        org: OrgID,
        operation: Operation,
        object: String,
        version: APIVersion,
        createdBy: RecordID,
        createdDate: Instant
    ) {
        self.id = id
        self.org = org
        self.operation = operation
        self.object = object
        self.version = version
        self.createdBy = createdBy
        self.createdDate = createdDate
        systemModstamp = createdDate
        state = operation.isQuery ? .uploadComplete : .open
    }

    /// `ingest` or `query`, as paths say it.
    package var kind: String { operation.isQuery ? "query" : "ingest" }
}

// MARK: - On the wire

extension BulkJob {
    /// The job as the API shows it.
    func write(to writer: inout JSONWriter, detailed: Bool = true) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("operation", operation.rawValue)
        writer.member("object", object)
        writer.member("createdById", createdBy.description)
        writer.member("createdDate", createdDate)
        writer.member("systemModstamp", systemModstamp)
        writer.member("state", state.rawValue)
        if let externalIDField { writer.member("externalIdFieldName", externalIDField) }
        writer.member("concurrencyMode", "Parallel")
        writer.member("contentType", "CSV")
        writer.key("apiVersion")
        writer.double(Double(version.major))
        writer.member("jobType", operation.isQuery ? "V2Query" : "V2Ingest")
        if state == .open {
            writer.member(
                "contentUrl",
                "services/data/v\(version.text)/jobs/ingest/\(id)/batches"
            )
        }
        writer.member("lineEnding", lineEnding.rawValue)
        writer.member("columnDelimiter", delimiter.rawValue)
        if detailed { writeProgress(to: &writer) }
        writer.endObject()
    }

    private func writeProgress(to writer: inout JSONWriter) {
        writer.member("retries", 0)
        writer.member("totalProcessingTime", processingMilliseconds)
        writer.member("apiActiveProcessingTime", processingMilliseconds)
        writer.member("apexProcessingTime", 0)
        writer.member("numberRecordsProcessed", rowsDone)
        if !operation.isQuery { writer.member("numberRecordsFailed", rowsFailed) }
        if let errorMessage { writer.member("errorMessage", errorMessage) }
    }
}
