/// The numbers that bound bulk jobs.
package enum BulkLimits {
    /// Bytes of one upload.
    package static let uploadBytesMax = 150_000_000
    /// Records of one transaction.
    static let batchMax = 200
    package static let dailyBatches = 15_000
    package static let dailyQueryJobs = 10_000
    /// Transactions of one job before another has its turn.
    static let batchesPerTurn = 25
    /// Bytes of a query's results in one answer, where the client names no number of rows.
    static let answerBytes = 32 << 20
    /// How much of an upload is read at a time.
    static let readBytes = 1 << 20
    /// Jobs of one page of a list.
    static let jobsPerPage = 1_000
    /// How long jobs are kept.
    static let lifeSeconds: Int64 = 7 * 86_400
}
