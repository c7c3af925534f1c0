private import Foundation
package import Kernel
package import Metadata
import Store

/// Keeps each org's records in an SQLite file of its own, within this process.
///
/// A save that is answered is on disk: it survives a kill and a power failure. Saves that wait at
/// the same time share a commit. Reads see one state throughout and never wait for a save.
package final class SQLiteStore: RecordStore {
    let files: OrgFiles
    private let clock: any WallClock
    let readQueue: SQLiteReadQueue
    /// How long the statements of one read may take together.
    private let readTimeLimit: Duration
    private let report: @Sendable (OrgID, any Error) -> Void

    /// A store whose files are, or will be, in the folder `orgs` of a directory.
    ///
    /// As many orgs' files stay open as `openOrgsMax` says. What callers are not told goes to
    /// `report`: failures of SQLite with their statements, never with values.
    package init(
        directory: String,
        clock: any WallClock,
        openOrgsMax: Int = 200,
        readTimeLimit: Duration = .seconds(120),
        options: SQLiteOptions = SQLiteOptions(),
        report: @escaping @Sendable (OrgID, any Error) -> Void = { _, _ in }
    ) {
        files = OrgFiles(directory: directory, openOrgsMax: openOrgsMax, options: options)
        self.clock = clock
        self.readTimeLimit = readTimeLimit
        self.report = report
        readQueue = SQLiteReadQueue(width: max(2, ProcessInfo.processInfo.activeProcessorCount))
    }

    /// Runs reads on one state of the org's records: brief ones at once, others on threads apart.
    package func read<Result: Sendable>(
        _ org: OrgID,
        isBrief: Bool,
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Result
    ) async throws -> Result {
        let clock = clock
        let readTimeLimit = readTimeLimit
        return try await translating(org) {
            try await self.files.withDatabase(org) { database in
                let run: @Sendable () throws -> Result = {
                    try database.readers.read(timeLimit: readTimeLimit) { connection in
                        try body(
                            SQLiteReadTransaction(connection, database, now: clock.now())
                        )
                    }
                }
                return isBrief ? try run() : try await self.readQueue.run(run)
            }
        }
    }

    /// Runs a save in a transaction that others may share; what it throws undoes it alone.
    package func write<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result {
        let clock = clock
        return try await translating(org) {
            try await self.files.withDatabase(org) { database in
                try await database.writer.write { connection in
                    try body(SQLiteWriteTransaction(connection, database, now: clock.now()))
                }
            }
        }
    }

    /// Runs a save in a transaction that nobody shares.
    package func writeAlone<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result {
        let clock = clock
        return try await translating(org) {
            try await self.files.withDatabase(org) { database in
                try await database.writer.exclusive { connection in
                    try body(SQLiteWriteTransaction(connection, database, now: clock.now()))
                }
            }
        }
    }

    /// Runs a body, and reports and translates what SQLite refuses.
    func translating<Result>(
        _ org: OrgID,
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch {
            if let failure = error as? SQLiteFailure { report(org, failure) }
            throw RecordError.translated(error)
        }
    }
}
