import Kernel
import Metadata
import Store

/// The directory of a deployment, in one SQLite file beside those of its orgs.
///
/// It is small and read much more than written. Sessions and orgs are answered from memory; the rest
/// is read from the disk, since logins are rare and cost far more than a look-up.
package final class PlatformStore: Sendable {
    let writer: SQLiteWriter
    let readers: SQLiteReaderPool
    let sessions = SessionCache()
    let orgCache = SQLiteLocked(PlatformOrgs())

    /// Opens the directory, and makes it if there is none.
    ///
    /// `path`: of the file, as a rule `platform.sqlite`.
    package init(path: String) async throws {
        writer = try SQLiteWriter(path: path)
        readers = SQLiteReaderPool(path: path)
        try await writer.exclusive { try PlatformTables.bringUpToDate($0) }
    }

    /// Finishes what is being written, and closes the file.
    package func close() async {
        readers.close()
        await writer.close()
    }
}

/// The orgs by id, as far as they were asked for.
struct PlatformOrgs {
    var known: [OrgID: OrgEntry] = [:]
    /// Counts the changes, so that what was read before one is not kept after it.
    var generation = 0
}

/// The directory's tables.
enum PlatformTables {
    /// Makes the tables of this release from those of any earlier one.
    static func bringUpToDate(_ connection: SQLiteConnection) throws {
        let version = try connection.one("PRAGMA user_version") { $0.int64(0) } ?? 0
        for (index, step) in steps.enumerated() where Int64(index) >= version {
            try connection.execute(step)
            try connection.execute("PRAGMA user_version = \(index + 1)")
        }
    }

    /// One script for each version; those that were released never change.
    private static let steps = [
        """
        CREATE TABLE org (
            id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
            id_base INTEGER NOT NULL, created_at INTEGER NOT NULL, is_active INTEGER NOT NULL,
            trusted_networks TEXT NOT NULL
        );
        CREATE TABLE login (
            username_key TEXT PRIMARY KEY, username TEXT NOT NULL, org INTEGER NOT NULL,
            user INTEGER NOT NULL, password_hash TEXT, security_token TEXT,
            password_changed_at INTEGER, is_active INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX login_user ON login (org, user);
        CREATE TABLE login_lock (
            username_key TEXT PRIMARY KEY, locked_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX login_lock_end ON login_lock (locked_until);
        CREATE TABLE session (
            digest TEXT PRIMARY KEY, org INTEGER NOT NULL, user INTEGER NOT NULL,
            kind TEXT NOT NULL, client TEXT, scope TEXT NOT NULL, created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX session_user ON session (org, user);
        CREATE INDEX session_end ON session (expires_at);
        CREATE TABLE oauth_client (
            id TEXT PRIMARY KEY, org INTEGER, name TEXT NOT NULL, sealed_secret TEXT,
            redirect_uris TEXT NOT NULL, grants TEXT NOT NULL, run_as INTEGER, public_key TEXT,
            is_active INTEGER NOT NULL, created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX oauth_client_org ON oauth_client (org);
        CREATE TABLE refresh_token (
            digest TEXT PRIMARY KEY, org INTEGER NOT NULL, user INTEGER NOT NULL,
            client TEXT NOT NULL, scope TEXT NOT NULL, created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX refresh_token_user ON refresh_token (org, user);
        CREATE TABLE authorization_code (
            digest TEXT PRIMARY KEY, org INTEGER NOT NULL, user INTEGER NOT NULL,
            client TEXT NOT NULL, redirect_uri TEXT NOT NULL, challenge TEXT,
            challenge_method TEXT, scope TEXT NOT NULL, expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE api_usage (
            org INTEGER NOT NULL, day INTEGER NOT NULL, requests INTEGER NOT NULL,
            PRIMARY KEY (org, day)
        ) WITHOUT ROWID;
        """
    ]
}

extension SQLValue {
    /// A text, or NULL for none.
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    /// A moment, or NULL for none.
    static func optional(_ instant: Instant?) -> SQLValue {
        instant.map { .integer($0.milliseconds) } ?? .null
    }

    /// An id, or NULL for none.
    static func optional(_ id: RecordID?) -> SQLValue { id.map { .integer($0.number) } ?? .null }

    static func moment(_ instant: Instant) -> SQLValue { .integer(instant.milliseconds) }

    static func id(_ id: RecordID) -> SQLValue { .integer(id.number) }

    static func org(_ org: OrgID) -> SQLValue { .integer(org.record.number) }

    static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
}

extension SQLiteRow {
    /// A copy of a column as text; `nil` for NULL.
    borrowing func optionalString(_ column: Int) -> String? {
        isNull(column) ? nil : string(column)
    }

    borrowing func instant(_ column: Int) -> Instant { Instant(milliseconds: int64(column)) }

    borrowing func optionalInstant(_ column: Int) -> Instant? {
        isNull(column) ? nil : instant(column)
    }

    borrowing func recordID(_ column: Int) -> RecordID { RecordID(number: int64(column)) }

    borrowing func optionalRecordID(_ column: Int) -> RecordID? {
        isNull(column) ? nil : recordID(column)
    }

    borrowing func orgID(_ column: Int) -> OrgID { OrgID(recordID(column)) }

    borrowing func flag(_ column: Int) -> Bool { int64(column) != 0 }
}
