/// Keeps the record of a log up to date, reading only what was added since.
///
/// The tree is grown along with it, so that every entry it has read is known to be in the
/// checkpoint that it answers with, and in every one that it answered with before. A log that was
/// changed behind it is a fault, and not a new record.
package actor PublicRecordReader {
    /// A record, and the checkpoint that it was read by.
    package struct Reading: Sendable {
        package let record: PublicRecord
        package let checkpoint: Checkpoint
        package let note: SignedNote
    }

    private let reader: any LogReader
    private let log: VerifierKey
    private var grown = Grown()

    /// Entries that were read, and the tree of them.
    private struct Grown {
        var record = PublicRecord()
        var tree = CompactRange()
    }

    package init(_ reader: any LogReader, log: VerifierKey) {
        self.reader = reader
        self.log = log
    }

    /// The record as the published checkpoint has it.
    ///
    /// - Throws: `LogFault` where the files do not lead to the checkpoint, or it does not extend
    ///   the one that was read before.
    package func reading() async throws -> Reading {
        let (checkpoint, note) = try await LogVerifier(log: log).verifyCheckpoint(of: reader)
        var next = grown
        guard checkpoint.size >= next.tree.size else {
            throw LogFault("checkpoint", .notAnExtension(ofSize: next.tree.size))
        }
        let tree = TileTree(reader, size: checkpoint.size)
        try await tree.forEachEntry(from: next.tree.size) { entry in
            next.tree.append(.leaf(entry)) { _, _ in }
            next.record.append(entry)
        }
        guard next.tree.root == checkpoint.root else {
            let known = grown.tree.size
            let problem: LogFault.Problem =
                known > 0 ? .notAnExtension(ofSize: known) : .wrongRoot
            throw LogFault("checkpoint", problem)
        }
        // Another reading may have come further meanwhile.
        if next.tree.size > grown.tree.size { grown = next }
        return Reading(record: next.record, checkpoint: checkpoint, note: note)
    }
}
