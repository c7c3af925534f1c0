import Foundation
import Store
import Testing

@testable import StoreSQLite

/// How a connection is set up, and what it does with statements.
@Suite struct SQLiteConnectionTests {
    let fixture: SQLiteFixture

    init() throws {
        fixture = try SQLiteFixture()
    }

    @Test("a writing connection is durable and has SQLite's traps switched off")
    func settings() throws {
        let connection = try fixture.connection()
        func pragma(_ name: String) throws -> String? {
            try connection.one("PRAGMA \(name)") { $0.string(0) }
        }
        #expect(try pragma("synchronous") == "2")
        #expect(try pragma("journal_mode") == "wal")
        #expect(try pragma("foreign_keys") == "0")
        #expect(try pragma("temp_store") == "2")
        #expect(try pragma("trusted_schema") == "0")
        #expect(try pragma("busy_timeout") == "5000")
        #expect(try pragma("cache_size") == "-4096")
        #expect(throws: SQLiteFailure.self) { try connection.execute("SELECT \"Nmae\"", []) }
        #expect(throws: SQLiteFailure.self) {
            try connection.execute("ATTACH ? AS other", [.text(fixture.path("other.db"))])
        }
    }

    @Test("a reading connection cannot write, and does not create a file")
    func readOnly() throws {
        let writer = try fixture.connection()
        let reader = try SQLiteConnection(path: fixture.path(), access: .readOnly)
        #expect(throws: SQLiteFailure.self) { try reader.add(1, "no") }
        #expect(throws: SQLiteFailure.self) {
            try SQLiteConnection(path: fixture.path("none.db"), access: .readOnly)
        }
        #expect(try writer.names().isEmpty)
    }

    @Test("every value comes back as it was bound")
    func values() throws {
        let connection = try fixture.connection()
        let values: [SQLValue] = [
            .null, .integer(.min), .integer(.max), .real(1.5), .text(""), .text("a\0b ß €"),
            .blob([]), .blob([0, 255]),
        ]
        for value in values {
            #expect(try connection.one("SELECT ?", [value]) { $0.value(0) } == value)
        }
        let chosen = try connection.all(
            "SELECT value FROM json_each(?)",
            [.integers([3, -1, .max])]
        ) { $0.int64(0) }
        #expect(chosen == [3, -1, .max])
        #expect(try connection.one("SELECT 7 AS seven", []) { $0.columnName(0) } == "seven")
    }

    @Test("a script runs all its statements; a bound statement stands alone")
    func oneStatementAtATime() throws {
        let connection = try fixture.connection()
        try connection.execute(
            """
            INSERT INTO Thing VALUES (1, 'a', '', 0); -- two
            INSERT INTO Thing VALUES (2, 'b', '', 0);
            """
        )
        #expect(try connection.names() == ["a", "b"])
        #expect(throws: SQLiteFailure.self) {
            try connection.execute("DELETE FROM Thing; DELETE FROM Thing", [])
        }
        #expect(throws: SQLiteFailure.self) { try connection.execute("SELECT ?, ?", [.null]) }
        #expect(throws: SQLiteFailure.self) { try connection.execute("  ", []) }
        #expect(try connection.names() == ["a", "b"])
    }

    @Test("a statement may be used within itself, and more texts than the cache holds")
    func statementCache() throws {
        let options = SQLiteOptions(statementCacheCapacity: 4)
        let connection = try SQLiteConnection(
            path: fixture.path(),
            access: .create,
            options: options
        )
        let count = "SELECT value FROM json_each(?)"
        var pairs = 0
        try connection.query(count, [.integers([1, 2, 3])]) { _ in
            try connection.query(count, [.integers([1, 2])]) { _ in pairs += 1 }
        }
        #expect(pairs == 6)
        for number in 0..<20 {
            #expect(try connection.one("SELECT \(number % 7)") { $0.int64(0) } == Int64(number % 7))
        }
    }

    @Test("`one` keeps what a RETURNING statement wrote")
    func returning() throws {
        let connection = try fixture.connection()
        let id = try connection.transaction(.write) {
            try connection.one(
                "INSERT INTO Thing SELECT value, value, '', 0 FROM json_each(?) RETURNING Id",
                [.integers([5, 6])]
            ) { $0.int64(0) }
        }
        #expect(id == 5)
        #expect(connection.changes == 2)
        #expect(try connection.names() == ["5", "6"])
    }

    @Test("failures say which kind they are, and never a value")
    func failureKinds() throws {
        let connection = try fixture.connection()
        try connection.add(1, "Müller")
        func kind(_ sql: String, _ parameters: [SQLValue] = []) -> SQLiteFailure.Kind? {
            do {
                try connection.execute(sql, parameters)
                return nil
            } catch {
                #expect(!"\(error)".contains("MÜLLER"))
                return (error as? SQLiteFailure)?.kind
            }
        }
        let insert = "INSERT INTO Thing VALUES (?, ?, '', 0)"
        #expect(
            kind(insert, [.integer(2), .text("MÜLLER")])
                == .constraintUnique(columns: ["Name", "Code"])
        )
        #expect(kind(insert, [.integer(1), .text("b")]) == .constraintUnique(columns: ["Id"]))
        #expect(kind(insert, [.integer(3), .null]) == .constraintNotNull(column: "Name"))
        #expect(kind("SELECT zeroblob(2000000000)") == .tooBig)
        #expect(kind("SELECT nonsense") == .other)
        try connection.execute("CREATE UNIQUE INDEX Folded ON Thing (steward_fold(Note))")
        #expect(
            kind("INSERT INTO Thing VALUES (4, 'c', '', 0)")
                == .constraintUnique(columns: ["Folded"])
        )
    }

    @Test("a file that is not a database is reported as corrupt")
    func corrupt() throws {
        try Data(repeating: 0x41, count: 8_192).write(to: URL(filePath: fixture.path()))
        let thrown = #expect(throws: SQLiteFailure.self) { try fixture.connection() }
        #expect(thrown?.kind == .corrupt)
    }

    @Test("a savepoint undoes its own writes only, and forgets their hooks")
    func savepoints() throws {
        let connection = try fixture.connection()
        var ran: [String] = []
        try connection.transaction(.write) {
            try connection.add(1, "outer")
            connection.afterCommit { ran.append("outer") }
            try? connection.savepoint("odd \"name") {
                try connection.add(2, "inner")
                connection.afterCommit { ran.append("inner") }
                throw CancellationError()
            }
            try connection.savepoint("kept") { try connection.add(3, "kept") }
            #expect(ran.isEmpty)
        }
        #expect(ran == ["outer"])
        #expect(try connection.names() == ["outer", "kept"])
        #expect(throws: CancellationError.self) {
            try connection.transaction(.write) {
                try connection.add(4, "lost")
                throw CancellationError()
            }
        }
        #expect(try connection.names() == ["outer", "kept"])
        #expect(!connection.isInTransaction)
    }

    private static let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    @Test("a statement that runs too long is stopped, and the next one is not")
    func timeLimit() throws {
        let connection = try fixture.connection()
        let thrown = #expect(throws: SQLiteFailure.self) {
            try connection.withTimeLimit(.milliseconds(20)) {
                try connection.withTimeLimit(.seconds(60)) {
                    try connection.execute(Self.endless, [])
                }
            }
        }
        #expect(thrown?.kind == .timeLimit)
        #expect(try connection.withTimeLimit(.seconds(9)) { try connection.names() } == [])
    }

    @Test("another thread can interrupt a statement, also after the connection is closed")
    func interruption() throws {
        let connection = try fixture.connection()
        let interruption = connection.interruption
        try connection.function("call_for_help", argumentCount: 1, isDeterministic: false) { call in
            if call.int64(0) == 1 { Thread.detachNewThread { interruption.interrupt() } }
            return .integer(call.int64(0) + 1)
        }
        let thrown = #expect(throws: SQLiteFailure.self) {
            try connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT call_for_help(i) FROM n)
                SELECT max(i) FROM n
                """,
                []
            )
        }
        #expect(thrown?.kind == .interrupted)
        connection.close()
        interruption.interrupt()
    }
}
