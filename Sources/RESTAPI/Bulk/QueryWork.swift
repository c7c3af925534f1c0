import Kernel
import Metadata
import UseMeter

/// A query job being worked on, page after page.
///
/// A query that a stop interrupts begins again: its pages are of one moment, which is over.
final class QueryWork: BulkWork {
    var job: BulkJob
    let jobs: BulkJobs
    private var locator: String?

    init(_ job: BulkJob, _ jobs: BulkJobs) {
        self.job = job
        self.jobs = jobs
        self.job.partRows = []
        self.job.rowsDone = 0
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
        if job.state != .inProgress { try keep(.inProgress, since: start) }
        for _ in 0..<BulkLimits.batchesPerTurn {
            try Task.checkCancellation()
            let page = try await nextPage()
            if job.resultParts == 0 {
                try jobs.store.write(page.header, to: .header, of: job)
            }
            try jobs.store.write(page.rows, to: .part(job.resultParts), of: job)
            job.partRows.append(page.count)
            job.rowsDone += page.count
            locator = page.next
            if locator == nil || jobs.isAborted(job) { break }
        }
        let isDone = locator == nil || jobs.isAborted(job)
        try keep(isDone ? .jobComplete : .inProgress, since: start)
        return !isDone
    }

    private struct Page: Sendable {
        let header: [UInt8]
        let rows: [UInt8]
        let count: Int
        let next: String?
    }

    private func nextPage() async throws -> Page {
        let job = job
        let locator = locator
        return try await jobs.records.read(as: creator) { reader in
            let options = QueryOptions(includesDeleted: job.operation == .queryAll)
            let makeSink = { (plan: AuthorizedRead) in
                CSVRowSink(
                    plan.query,
                    delimiter: job.delimiter,
                    lineEnding: job.lineEnding,
                    hasHeader: false
                )
            }
            let page =
                if let locator {
                    try reader.queryMore(locator, options: options, makeSink)
                } else {
                    try reader.query(job.query ?? "", options: options, makeSink)
                }
            var header = CSVWriter(delimiter: job.delimiter, lineEnding: job.lineEnding)
            header.row(FlatColumn.all(of: page.plan.query).map(\.path))
            return Page(
                header: header.bytes,
                rows: page.sink.writer.bytes,
                count: page.sink.count,
                next: page.nextLocator
            )
        }
    }
}
