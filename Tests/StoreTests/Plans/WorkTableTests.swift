import Store
import Testing

@testable import StoreSQLite

/// What is due is found by one look into an index, however much waits.
@Suite struct WorkTableTests {
    private let work = WorkTables(.sqlite)

    private func filled(_ fixture: SQLiteFixture) throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: fixture.path(), access: .create)
        for statement in work.creation { try connection.execute(statement) }
        try connection.transaction(.write) {
            try connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
                INSERT INTO "_Timer" ("Key", "Due", "Kind", "Payload", "User", "Priority")
                SELECT 'milestone:' || i, (i * 7919) % 1000003, 'x', '{}', 1, 1 FROM n
                """
            )
        }
        return connection
    }

    private func plan(_ sql: String, _ connection: SQLiteConnection) throws -> [String] {
        let count = sql.filter { $0 == "?" }.count
        let values = [SQLValue](repeating: .integer(1), count: count)
        return try connection.all("EXPLAIN QUERY PLAN \(sql)", values) { $0.string(3) }
    }

    @Test("of a million timers those that are due are found by the index, in order")
    func timers() throws {
        let fixture = try SQLiteFixture()
        let connection = try filled(fixture)
        let plan = try plan(work.timersDue, connection)
        #expect(plan == ["SEARCH _Timer USING INDEX _Timer.Due (Due<?)"])
        let due = try connection.all(work.timersDue, [.integer(20), .integer(100)]) {
            $0.int64(1)
        }
        #expect(due == Array(1...20))
    }

    @Test("no question about work reads a whole table or sorts")
    func plans() throws {
        let fixture = try SQLiteFixture()
        let connection = try SQLiteConnection(path: fixture.path(), access: .create)
        for statement in work.creation { try connection.execute(statement) }
        let questions = [
            work.timersDue, work.timerByKey, work.timerRemoving, work.timersRemoving,
            work.jobsDue, work.jobsExpired, work.jobFirstInLane, work.jobByID,
            work.jobsListing(state: 3, byKind: false), work.jobsListing(state: 4, byKind: true),
            work.jobsPurging(state: 3), work.nextWork(priorities: [0, 1, 2]), work.outboxReading,
            work.outboxRange,
        ]
        for question in questions {
            let lines = try plan(question, connection)
            #expect(
                !lines.contains { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT ROW") }
                    && !lines.contains { $0.contains("TEMP B-TREE") },
                "\(question): \(lines)"
            )
        }
    }

    @Test("PostgreSQL has the same tables, and numbers the outbox under a lock")
    func postgres() {
        let other = WorkTables(.postgres)
        #expect(other.creation.count == work.creation.count + 1)
        #expect(other.staging.contains("UPDATE \"_Sequence\" SET \"Next\" = \"Next\" + 1"))
        #expect(other.jobsDue.contains("\"Priority\" = $1 AND \"RunAfter\" <= $2"))
    }
}
