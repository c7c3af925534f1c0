import Kernel
import Metadata

/// What SQLite refused, in the words of the kernel; never with SQL or a value in them.
extension RecordError {
    init(_ failure: SQLiteFailure) {
        switch failure.kind {
        case .full:
            self.init(.storageLimitExceeded, "storage limit exceeded")
        case .busy, .interrupted:
            self.init(.serverUnavailable, "the database is busy; try again")
        case .timeLimit:
            self.init(.queryTimeout, "Your query request was running for too long.")
        case .constraintUnique(let columns):
            self.init(
                .duplicateValue,
                "duplicate value found: \(columns.first ?? "<unknown>") duplicates value on record "
                    + "with id: <unknown>",
                fields: columns.map { APIName($0) }
            )
        case .constraintNotNull(let column):
            self.init(
                .requiredFieldMissing,
                "Required fields are missing: [\(column)]",
                fields: [APIName(column)]
            )
        case .tooBig:
            self.init(.operationTooLarge, "the text or file is larger than the database takes")
        case .corrupt, .other:
            self.init(.unknownException, "the database could not do this; it has been logged")
        }
    }

    /// What a store's caller is told of an error of any kind.
    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let failure as SQLiteFailure: return RecordError(failure)
        case let refusal as SQLiteWriterRefusal:
            return RecordError(.serverUnavailable, refusal.description)
        case let refusal as SQLitePoolRefusal:
            return RecordError(.serverUnavailable, refusal.description)
        default: return error
        }
    }
}
