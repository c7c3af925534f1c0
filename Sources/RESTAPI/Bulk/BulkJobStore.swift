package import Metadata

/// One of a job's files.
package enum BulkFile: Hashable, Sendable {
    /// The rows that the client sent.
    case upload
    case successful
    case failed
    /// What a batch has done that is being committed, to tell after a crash whether it was.
    case pending
    /// A query's header, and its rows in parts.
    case header
    case part(Int)
}

/// Where jobs and their files are kept, so that they outlive the process.
///
/// Every call has happened when it returns, whatever becomes of the process then.
package protocol BulkJobStore: Sendable {
    /// Keeps a job, in place of what was kept of it.
    func put(_ job: BulkJob) throws
    func job(_ id: RecordID, of org: OrgID) throws -> BulkJob?
    /// An org's jobs, the oldest first.
    func jobs(of org: OrgID) throws -> [BulkJob]
    /// The jobs of all orgs that are not done, the oldest first.
    func unfinished() throws -> [BulkJob]
    /// The jobs of all orgs that are done or open and were made before a moment.
    func expired(before moment: Instant) throws -> [BulkJob]
    /// Removes a job with its files.
    func remove(_ job: BulkJob) throws

    /// Puts a whole file in place; half of one is never seen.
    func write(_ bytes: [UInt8], to file: BulkFile, of job: BulkJob) throws
    /// Cuts a file to a length and appends to it.
    func append(_ bytes: [UInt8], to file: BulkFile, at length: Int, of job: BulkJob) throws
    /// A stretch of a file; fewer bytes at its end, none where there is no file.
    func read(_ file: BulkFile, from offset: Int, count: Int, of job: BulkJob) throws -> [UInt8]
    func size(_ file: BulkFile, of job: BulkJob) throws -> Int
}

extension BulkJobStore {
    /// A whole file.
    func read(_ file: BulkFile, of job: BulkJob) throws -> [UInt8] {
        try read(file, from: 0, count: size(file, of: job), of: job)
    }
}
