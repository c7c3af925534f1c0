import Kernel
import Metadata
import UseMeter

/// An ingest job being worked on, batch after batch.
///
/// Before a batch is committed, what it did is noted in the file `pending`; after it, in the job. A
/// job that was stopped between the two is told by the records themselves whether the batch was
/// committed, so that nothing is inserted or deleted twice.
final class IngestWork: BulkWork {
    var job: BulkJob
    let jobs: BulkJobs
    private var reader: CSVReader
    private var offset = 0
    private var rows: IngestRows?
    private var isAtEnd = false

    init(_ job: BulkJob, _ jobs: BulkJobs) {
        self.job = job
        self.jobs = jobs
        reader = CSVReader(delimiter: job.delimiter)
    }

    private var creator: Caller {
        Caller(
            org: job.org,
            user: job.createdBy,
            timeZone: job.timeZone,
            locale: job.locale,
            client: job.client,
            surface: .bulk
        )
    }

    func proceed(since start: ContinuousClock.Instant) async throws -> Bool {
        if jobs.isAborted(job) { return false }
        if rows == nil { try await begin(since: start) }
        guard let rows else { return false }
        for _ in 0..<BulkLimits.batchesPerTurn where !isAtEnd {
            try Task.checkCancellation()
            let batch = try nextBatch(rows)
            guard !batch.drafts.isEmpty else { break }
            try await save(batch)
            if jobs.isAborted(job) { break }
        }
        let isDone = isAtEnd || jobs.isAborted(job)
        try keep(isDone ? .jobComplete : .inProgress, since: start)
        return !isDone
    }

    /// Reads the header, and passes over the rows that are done.
    private func begin(since start: ContinuousClock.Instant) async throws {
        guard try nextRow() else {
            isAtEnd = true
            rows = try IngestRows(header: ["Id"], job: job)
            try writeHeaders([])
            return
        }
        let rows = try IngestRows(header: reader.row.strings, job: job)
        let job = job
        try await jobs.records.read(as: creator, isBrief: true) { reader in
            try rows.check(reader.object(job.object), reader.access)
        }
        if job.successfulBytes == 0 { try writeHeaders(rows.header) }
        try keep(.inProgress, since: start)
        try await adoptPending(rows)
        for _ in 0..<self.job.rowsDone where try !nextRow() { break }
        self.rows = rows
    }

    private func writeHeaders(_ header: [String]) throws {
        var successful = writer()
        successful.row(["sf__Id", "sf__Created"] + header)
        var failed = writer()
        failed.row(["sf__Id", "sf__Error"] + header)
        try jobs.store.append(successful.bytes, to: .successful, at: 0, of: job)
        try jobs.store.append(failed.bytes, to: .failed, at: 0, of: job)
        job.successfulBytes = successful.bytes.count
        job.failedBytes = failed.bytes.count
    }

    private func writer() -> CSVWriter {
        CSVWriter(delimiter: job.delimiter, lineEnding: job.lineEnding, quoting: .all)
    }

    /// Completes the next row of the upload in `reader.row`.
    private func nextRow() throws -> Bool {
        while true {
            if try reader.next() { return true }
            if isAtEnd { return false }
            let bytes = try jobs.store.read(
                .upload,
                from: offset,
                count: BulkLimits.readBytes,
                of: job
            )
            offset += bytes.count
            if bytes.isEmpty {
                reader.finish()
                isAtEnd = true
            } else {
                reader.feed(bytes)
            }
        }
    }
}

// MARK: - One batch

extension IngestWork {
    private struct Batch: Sendable {
        var drafts: [RecordDraft] = []
        var ids: [String] = []
        var cells: [[String]] = []
    }

    private func nextBatch(_ rows: IngestRows) throws -> Batch {
        var batch = Batch()
        while batch.drafts.count < BulkLimits.batchMax, try nextRow() {
            batch.drafts.append(rows.draft(reader.row))
            batch.ids.append(rows.id(reader.row))
            batch.cells.append(reader.row.strings)
        }
        return batch
    }

    private func save(_ batch: Batch) async throws {
        let job = job
        let store = jobs.store
        let outcome = try await jobs.records.write(as: creator) { writer in
            let results = try Self.run(batch, job, writer)
            let outcome = BatchOutcome(job: job, ids: batch.ids, cells: batch.cells, results)
            if outcome.matters { try store.write(outcome.stored, to: .pending, of: job) }
            return outcome
        }
        try note(outcome)
    }

    private static func run(
        _ batch: Batch,
        _ job: BulkJob,
        _ writer: RecordWriter
    ) throws -> [SaveResult] {
        switch job.operation {
        case .insert: try writer.save(batch.drafts, .create)
        case .update: try writer.save(batch.drafts, .update)
        case .upsert:
            try writer.save(batch.drafts, .upsert(field: job.externalIDField ?? "Id"))
        case .delete: try writer.delete(batch.ids)
        case .hardDelete:
            // The permission may have been taken away since the job was made.
            if writer.access.has(.bulkApiHardDelete) {
                try writer.purge(batch.ids)
            } else {
                batch.ids.map { _ in
                    .failure(
                        .insufficientAccessOrReadonly,
                        "hardDelete operation requires special user profile permission"
                    )
                }
            }
        case .query, .queryAll:
            throw BulkFailure(message: "InvalidJob : a query job has no rows to save")
        }
    }

    /// Puts a batch's results into the files and the job.
    private func note(_ outcome: BatchOutcome) throws {
        try jobs.store.append(
            outcome.successful,
            to: .successful,
            at: job.successfulBytes,
            of: job
        )
        try jobs.store.append(outcome.failed, to: .failed, at: job.failedBytes, of: job)
        job.successfulBytes += outcome.successful.count
        job.failedBytes += outcome.failed.count
        job.rowsDone += outcome.rowCount
        job.rowsFailed += outcome.failedCount
        try jobs.keep(&job)
    }

    /// After a stop: takes over the batch that was being committed, if it was.
    private func adoptPending(_ rows: IngestRows) async throws {
        let bytes = try jobs.store.read(.pending, of: job)
        guard let outcome = BatchOutcome(stored: bytes), outcome.firstRow == job.rowsDone,
            !outcome.ids.isEmpty
        else { return }
        let job = job
        let found = try await jobs.records.read(as: creator) { reader in
            let object = try reader.object(job.object)
            return try reader.retrieve(
                outcome.ids,
                of: object,
                fields: ["Id"],
                // A new record may have been deleted since.
                includesDeleted: job.operation == .insert,
                { TextRowSink($0.query) }
            ).sink.rows.count
        }
        let wasCommitted = job.operation == .insert ? found > 0 : found < outcome.ids.count
        if wasCommitted { try note(outcome) }
    }
}
