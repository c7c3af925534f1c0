/// Why the log refused or could not do what it was asked.
package enum LogFailure: Error, Hashable, Sendable {
    /// There is no log in the store, or its checkpoint is gone.
    case noLog
    /// There is a log in the store already.
    case alreadyThere
    /// An entry is longer than its length can be told.
    case entryTooLong(sizeBytes: Int)
    /// There are more entries than are written together.
    case tooManyEntries(count: Int)
    /// Too many entries wait to be written.
    case backlogFull
    /// The next tree does not begin with the last one that was signed.
    case notAnExtension(of: Int, to: Int)
    /// Something else than this log has changed the checkpoint in the store.
    case changedByOthers
    /// The log has no such entry yet.
    case noEntry(index: Int, size: Int)
    /// The key is not one that a log signs with.
    case notALogKey
    /// The cosignatures are not of the checkpoint that is published now.
    case notCurrent
}

extension LogFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noLog: "there is no log here"
        case .alreadyThere: "there is a log here already"
        case .entryTooLong(let size):
            "an entry of \(size) bytes is longer than \(EntryBundle.entrySizeMaxBytes)"
        case .tooManyEntries(let count):
            "\(count) entries are more than \(TransparencyLog.batchEntriesMax) at once"
        case .backlogFull: "too many entries wait to be written; try again"
        case .notAnExtension(let old, let new):
            "the tree of \(new) entries does not extend the signed one of \(old)"
        case .changedByOthers: "the checkpoint in the store was changed by something else"
        case .noEntry(let index, let size): "there is no entry \(index), the log has \(size)"
        case .notALogKey: "the key is not one that a log signs with"
        case .notCurrent: "the cosignatures are not of the checkpoint that is published now"
        }
    }
}
