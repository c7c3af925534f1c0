import Store

/// Which version of the store's own tables an org's file has.
///
/// The tables of records change with the org's schema; these change with the program alone. A file
/// of an earlier version is renewed when it is opened.
enum OrgFormat {
    /// 1: sequences, documents, files.
    ///
    /// 2: also the outbox, jobs, timers
    /// and keys of duplicates.
    static let current: Int64 = 2

    /// Brings the file up to the present version.
    ///
    /// - Throws: `SQLiteFailure` where the file is of a later version than this program knows.
    static func renew(_ connection: SQLiteConnection) throws {
        let found = try version(connection)
        guard found <= current else {
            throw SQLiteFailure.misuse(
                "the file has format \(found), and this program knows \(current) at most",
                sql: ""
            )
        }
        // A new file has no tables yet: `createOrg` makes them.
        guard found < current, try hasTable("_Document", connection) else { return }
        try connection.transaction(.write) {
            let added = Tables.matchKeys(.sqlite) + WorkTables(.sqlite).creation
            for statement in added { try connection.execute(statement) }
            try mark(connection)
        }
    }

    /// Notes that the file has the present version.
    static func mark(_ connection: SQLiteConnection) throws {
        try connection.execute("PRAGMA user_version = \(current)")
    }

    /// What is wrong with the store's own tables, one sentence each.
    static func problems(_ connection: SQLiteConnection) throws -> [String] {
        let missing = try [
            "_Sequence", "_Document", "_Blob", "_MatchKey", "_Outbox", "_Job", "_Timer",
        ]
        .filter { try !hasTable($0, connection) }
        guard missing.isEmpty else { return missing.map { "there is no table `\($0)`" } }
        var problems: [String] = []
        let checks = WorkTables(.sqlite).checks
        for check in checks {
            let count = try connection.one(check.sql) { $0.int64(0) } ?? 0
            if count > 0 { problems.append("\(count) \(check.sentence)") }
        }
        return problems
    }

    private static func version(_ connection: SQLiteConnection) throws -> Int64 {
        try connection.one("PRAGMA user_version") { $0.int64(0) } ?? 0
    }

    private static func hasTable(_ name: String, _ connection: SQLiteConnection) throws -> Bool {
        try connection.one(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
            [.text(name)]
        ) { _ in true } ?? false
    }
}
