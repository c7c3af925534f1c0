package import Metadata

/// Entries for the transparency log, staged in the transaction of what they tell of: they are there
/// once that is on disk, and are gone with it where it is undone.
package enum LogStaging {
    /// The kind of the job that appends a staged entry.
    package static let jobKind = "log.append"
    /// Entries of an org are appended in the order in which they were staged.
    static let lane = "log"
    /// Where the parts are kept that the log holds commitments to, by these.
    static let partKind = "log-private-part"
}

extension RecordWriter {
    /// Stages an entry.
    ///
    /// - Parameters:
    ///   - entry: what the job is to append; the job's handler knows the form.
    ///   - parts: what stays out of the log, by the commitment that stands there instead.
    package func stageLogEntry(_ entry: JSONObject, parts: [String: String]) throws {
        for (commitment, text) in parts {
            try writeTransaction.putDocument(
                kind: LogStaging.partKind,
                key: commitment,
                text: text
            )
        }
        try enqueue(
            NewJob(
                kind: LogStaging.jobKind,
                payload: entry,
                priority: .high,
                lane: LogStaging.lane
            )
        )
    }

    /// Destroys a part that the log is committed to; the log and all its proofs stay as they are.
    package func eraseLogPart(_ commitment: String) throws {
        try writeTransaction.putDocument(kind: LogStaging.partKind, key: commitment, text: nil)
    }
}

extension RecordReader {
    /// The part behind a commitment; `nil` where it was erased.
    package func logPart(_ commitment: String) throws -> String? {
        try tx.document(kind: LogStaging.partKind, key: commitment)
    }
}
