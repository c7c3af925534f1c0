import CSQLite
import Glibc

/// How far a checkpoint goes.
package enum SQLiteCheckpointMode: Hashable, Sendable {
    /// As far as it can without waiting for anyone.
    case passive
    /// All of the log, waiting for readers of older states.
    case full
    /// All of the log, and then the log file is emptied.
    case truncate
}

/// What a checkpoint did.
package struct SQLiteCheckpoint: Hashable, Sendable {
    /// The pages that the log held.
    package let pagesInLog: Int
    /// How many of them are in the database file now.
    package let pagesMoved: Int
}

extension SQLiteConnection {
    /// Moves pages from the write-ahead log into the database file.
    ///
    /// - Throws: `SQLiteFailure` with `.busy` when readers or a writer stood in the way for the
    ///   whole busy timeout; never for `.passive`.
    @discardableResult
    package func checkpoint(_ mode: SQLiteCheckpointMode) throws -> SQLiteCheckpoint {
        let code: Int32 =
            switch mode {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .full: SQLITE_CHECKPOINT_FULL
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        var pagesInLog: Int32 = 0
        var pagesMoved: Int32 = 0
        let result = sqlite3_wal_checkpoint_v2(database, "main", code, &pagesInLog, &pagesMoved)
        guard result == SQLITE_OK else { throw failure(result, sql: "") }
        return SQLiteCheckpoint(pagesInLog: Int(pagesInLog), pagesMoved: Int(pagesMoved))
    }

    /// What is wrong with the file, in SQLite's words; empty when nothing is.
    ///
    /// Both forms read the whole file. Only the thorough one compares indexes with their tables.
    package func integrityProblems(thorough: Bool) throws -> [String] {
        let pragma = thorough ? "PRAGMA integrity_check" : "PRAGMA quick_check"
        let lines = try all(pragma) { $0.string(0) }
        return lines == ["ok"] ? [] : lines
    }

    /// Copies the database, as it is now, into a new file.
    ///
    /// The state is that of one read transaction, so a writer elsewhere neither waits nor is seen.
    ///
    /// - Parameters:
    ///   - path: Where; there must be no file yet.
    ///   - pagesPerStep: How many pages to copy between two calls of `onStep`.
    ///   - onStep: Gets the pages still to copy and all of them; what it throws ends the copying,
    ///     and the unfinished file is removed.
    /// - Throws: What `onStep` throws; `SQLiteFailure`.
    package func backUp(
        to path: String,
        pagesPerStep: Int = 512,
        onStep: (_ pagesRemaining: Int, _ pageCount: Int) throws -> Void = { _, _ in }
    ) throws {
        guard sqlite3_txn_state(database, "main") != SQLITE_TXN_WRITE else {
            throw SQLiteFailure.misuse("a transaction that writes cannot be backed up", sql: "")
        }
        guard access(path, F_OK) != 0 else {
            throw SQLiteFailure.misuse("there is a file at the backup's path already", sql: "")
        }
        do {
            guard !isInTransaction else { return try copy(to: path, pagesPerStep, onStep) }
            try transaction(.read) { try copy(to: path, pagesPerStep, onStep) }
        } catch {
            unlink(path)
            throw error
        }
    }

    private func copy(
        to path: String,
        _ pagesPerStep: Int,
        _ onStep: (Int, Int) throws -> Void
    ) throws {
        // A transaction begins with its first read; from then on the copy cannot be overtaken.
        _ = try one("SELECT count(*) FROM sqlite_schema") { $0.int64(0) }
        var opened: OpaquePointer?
        let openCode = sqlite3_open_v2(
            path,
            &opened,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
            nil
        )
        defer { sqlite3_close_v2(opened) }
        guard openCode == SQLITE_OK, let target = opened else {
            throw SQLiteFailure(code: openCode, message: "cannot create the backup", sql: "")
        }
        guard let backup = sqlite3_backup_init(target, "main", database, "main") else {
            throw Self.backupFailure(target)
        }
        var code = SQLITE_OK
        do {
            defer { sqlite3_backup_finish(backup) }
            repeat {
                code = sqlite3_backup_step(backup, Int32(clamping: pagesPerStep))
                try onStep(
                    Int(sqlite3_backup_remaining(backup)),
                    Int(sqlite3_backup_pagecount(backup))
                )
            } while code == SQLITE_OK
        }
        guard code == SQLITE_DONE else { throw Self.backupFailure(target, code) }
    }

    private static func backupFailure(
        _ target: OpaquePointer,
        _ code: Int32? = nil
    )
        -> SQLiteFailure
    {
        SQLiteFailure(
            code: code ?? sqlite3_extended_errcode(target),
            message: "backup: \(String(cString: sqlite3_errmsg(target)))",
            sql: ""
        )
    }
}
