import Store
import Testing

@testable import StoreSQLite

/// What readers see, and how many connections they take.
@Suite struct SQLiteReaderPoolTests {
    let fixture: SQLiteFixture

    init() throws {
        fixture = try SQLiteFixture()
    }

    @Test("a reader sees one state while a writer goes on")
    func snapshot() throws {
        let writer = try fixture.connection()
        try writer.add(1, "before")
        let pool = SQLiteReaderPool(path: fixture.path())
        try pool.read { reader in
            #expect(try reader.names() == ["before"])
            try writer.add(2, "during")
            #expect(try reader.names() == ["before"])
            // Nor does an open transaction show.
            try writer.transaction(.write) {
                try writer.add(3, "uncommitted")
                #expect(try pool.read { try $0.names() } == ["before", "during"])
            }
        }
        #expect(try pool.read { try $0.names() } == ["before", "during", "uncommitted"])
    }

    @Test("a reader sees new columns as soon as they are there")
    func newColumns() throws {
        let writer = try fixture.connection()
        let pool = SQLiteReaderPool(path: fixture.path())
        let columns = "SELECT * FROM Thing"
        try writer.add(1, "a")
        #expect(try pool.read { try $0.one(columns) { $0.columnCount } } == 4)
        try writer.execute("ALTER TABLE Thing ADD COLUMN Extra TEXT")
        #expect(try pool.read { try $0.one(columns) { $0.columnCount } } == 5)
    }

    @Test("extra connections are opened when all are lent, closed on return, and bounded")
    func overflow() throws {
        let writer = try fixture.connection()
        let pool = SQLiteReaderPool(
            path: fixture.path(),
            keptConnections: 1,
            greatestConnections: 3
        )
        #expect(pool.openCount == 0)
        try pool.read { _ in
            try pool.read { _ in
                try pool.read { _ in
                    #expect(pool.openCount == 3)
                    #expect(throws: SQLitePoolRefusal.exhausted(limit: 3)) {
                        try pool.read { _ in }
                    }
                }
            }
        }
        #expect(pool.openCount == 1)
        pool.closeIdle()
        #expect(pool.openCount == 0)
        #expect(try pool.read { try $0.names() } == [])
        pool.close()
        #expect(pool.openCount == 0)
        #expect(throws: SQLitePoolRefusal.closed) { try pool.read { _ in } }
        #expect(try writer.names() == [])
    }

    @Test("a connection is given back in order after a failure or a time limit")
    func afterFailure() throws {
        let writer = try fixture.connection()
        try writer.add(1, "a")
        let pool = SQLiteReaderPool(path: fixture.path(), keptConnections: 1)
        #expect(throws: CancellationError.self) { try pool.read { _ in throw CancellationError() } }
        let thrown = #expect(throws: SQLiteFailure.self) {
            try pool.read(timeLimit: .milliseconds(10)) { reader in
                try reader.execute(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                    SELECT max(i) FROM n
                    """,
                    []
                )
            }
        }
        #expect(thrown?.kind == .timeLimit)
        #expect(try pool.read { try $0.names() } == ["a"])
        #expect(pool.openCount == 1)
    }
}
