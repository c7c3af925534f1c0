import Metadata

/// Work that merges leave for later.
package enum MergeJobs {
    static let forgetKind = "merge.forget"

    /// Says who forgets what can no longer be undone.
    package static func add(to handlers: inout JobHandlers) {
        handlers.add(forgetKind) { writer, job in
            guard let key = job.payload["journal"]?.string,
                let text = try writer.tx.document(kind: MergeJournal.documentKind, key: key),
                let journal = MergeJournal(text)
            else { return }
            guard journal.expires <= writer.now else {
                throw JobFailure.postponed(until: journal.expires, "the merge can still be undone")
            }
            try writer.writeTransaction.putDocument(
                kind: MergeJournal.documentKind,
                key: key,
                text: nil
            )
        }
    }

    static func timerKey(_ journal: String) -> String { "merge:\(journal)" }
}

extension RecordWriter {
    /// Has a journal forgotten once it is of no use: it holds old values.
    func forgetLater(_ key: String, _ journal: MergeJournal) throws {
        try setTimer(
            key: MergeJobs.timerKey(key),
            due: journal.expires,
            job: NewJob(
                kind: MergeJobs.forgetKind,
                payload: ["journal": .string(key)],
                priority: .low
            )
        )
    }
}
