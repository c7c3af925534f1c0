import Glibc
import Store
import Testing

@testable import StoreSQLite

/// Group commit: who shares a transaction, and who is told what.
@Suite struct SQLiteWriterTests {
    let fixture: SQLiteFixture

    init() throws {
        fixture = try SQLiteFixture()
    }

    /// Keeps the writer's queue busy until it is let go, so that bodies pile up behind.
    private final class Gate: Sendable {
        private let isOpen = SQLiteLocked(false)

        func open() { isOpen.withLock { $0 = true } }

        func wait() {
            while !isOpen.withLock({ $0 }) { sched_yield() }
        }
    }

    /// Runs bodies that all wait at the same time, in order, and returns what each threw.
    private func together(
        on writer: SQLiteWriter,
        exclusive: Int? = nil,
        _ bodies: [@Sendable (SQLiteConnection) throws -> Void]
    ) async -> [(any Error)?] {
        let gate = Gate()
        async let blocked: Void = writer.outsideTransaction { _ in gate.wait() }
        var tasks: [Task<(any Error)?, Never>] = []
        for (index, body) in bodies.enumerated() {
            tasks.append(
                Task {
                    do {
                        if index == exclusive {
                            try await writer.exclusive(body)
                        } else {
                            try await writer.write(body)
                        }
                        return nil
                    } catch {
                        return error
                    }
                }
            )
            // In order: each is seen waiting before the next is sent.
            while writer.backlog.withLock({ $0.count }) < index + 1 { await Task.yield() }
        }
        gate.open()
        try? await blocked
        var errors: [(any Error)?] = []
        for task in tasks { errors.append(await task.value) }
        return errors
    }

    @Test("many writers share few commits, and all are kept")
    func groupCommit() async throws {
        let writer = try fixture.writer()
        let errors = await together(
            on: writer,
            (1...200).map { id in { try $0.add(Int64(id), "n\(id)") } }
        )
        #expect(errors.allSatisfy { $0 == nil })
        // 200 bodies, at most 64 in a group.
        #expect(writer.counts == SQLiteWriterCounts(commits: 4, bodiesKept: 200, groupsLost: 0))
        let reader = SQLiteReaderPool(path: fixture.path())
        #expect(try reader.read { try $0.names() } == (1...200).map { "n\($0)" })
        await writer.close()
    }

    @Test("a group that has taken its time takes no one else")
    func groupDuration() async throws {
        let writer = try fixture.writer(limits: SQLiteWriterLimits(groupDuration: .zero))
        _ = await together(on: writer, (1...5).map { id in { try $0.add(Int64(id), "n\(id)") } })
        #expect(writer.counts.commits == 5)
    }

    @Test("a body that throws is undone alone")
    func isolation() async throws {
        let writer = try fixture.writer()
        let errors = await together(
            on: writer,
            [
                { try $0.add(1, "first") },
                { connection in
                    try connection.add(2, "second")
                    connection.afterCommit { Issue.record("the body was undone") }
                    throw CancellationError()
                },
                { connection in
                    try connection.add(3, "third")
                    try connection.add(4, "FIRST")
                },
                { try $0.add(5, "fifth") },
            ]
        )
        #expect(errors[0] == nil && errors[3] == nil)
        #expect(errors[1] is CancellationError)
        #expect(
            (errors[2] as? SQLiteFailure)?.kind == .constraintUnique(columns: ["Name", "Code"])
        )
        #expect(writer.counts == SQLiteWriterCounts(commits: 1, bodiesKept: 2, groupsLost: 0))
        #expect(try await writer.write { try $0.names() } == ["first", "fifth"])
    }

    @Test("a full disk is told to everyone in the group, and the writer goes on")
    func diskFull() async throws {
        let writer = try fixture.writer()
        try await writer.outsideTransaction { connection in
            try connection.execute("PRAGMA max_page_count = 12")
        }
        let errors = await together(
            on: writer,
            [
                { try $0.add(1, "small") },
                { connection in
                    try connection.add(2, "large", note: String(repeating: "x", count: 200_000))
                },
                { try $0.add(3, "next group") },
            ]
        )
        // A body whose failure SQLite could undo alone is told alone; either way no row of a
        // refused body is there, and every answered one is.
        #expect((errors[1] as? SQLiteFailure)?.kind == .full)
        let names = try await writer.write { try $0.names() }
        let kept = [errors[0] == nil ? "small" : nil, errors[2] == nil ? "next group" : nil]
        #expect(names == kept.compactMap { $0 })
        try await writer.outsideTransaction { try $0.execute("PRAGMA max_page_count = 100000") }
        try await writer.write { try $0.add(9, "room again") }
    }

    @Test("when SQLite rolls back on its own, nobody's write is taken for kept")
    func transactionLoss() async throws {
        let writer = try fixture.writer()
        let errors = await together(
            on: writer,
            [
                { try $0.add(1, "first") },
                { connection in
                    // Stopped in the middle of a write, SQLite gives up the whole transaction.
                    try? connection.withTimeLimit(.zero) {
                        try connection.execute(
                            """
                            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n)
                            INSERT INTO Thing SELECT i, i, '', 0 FROM n
                            """,
                            []
                        )
                    }
                    // The body goes on as if nothing were; this must not be kept on its own.
                    try? connection.add(5, "stray")
                },
                { try $0.add(6, "next group") },
            ]
        )
        #expect((errors[0] as? SQLiteFailure)?.kind == .timeLimit)
        #expect((errors[1] as? SQLiteFailure)?.kind == .timeLimit)
        #expect(errors[2] == nil)
        #expect(writer.counts == SQLiteWriterCounts(commits: 1, bodiesKept: 1, groupsLost: 1))
        #expect(try await writer.write { try $0.names() } == ["next group"])
    }

    @Test("when the commit fails, everyone in the group is told, and no hook runs")
    func failedCommit() async throws {
        let writer = try fixture.writer { connection in
            try connection.execute(
                """
                PRAGMA foreign_keys = ON;
                CREATE TABLE Child (Parent INTEGER REFERENCES Thing DEFERRABLE INITIALLY DEFERRED);
                """
            )
        }
        let errors = await together(
            on: writer,
            [
                { connection in
                    try connection.add(1, "first")
                    connection.afterCommit { Issue.record("nothing was committed") }
                },
                { try $0.execute("INSERT INTO Child VALUES (99)", []) },
            ]
        )
        #expect(errors.allSatisfy { $0 is SQLiteFailure })
        #expect(writer.counts == SQLiteWriterCounts(commits: 0, bodiesKept: 0, groupsLost: 1))
        #expect(try await writer.write { try $0.names() }.isEmpty)
    }

    @Test("hooks run after the commit and before the answer")
    func commitHooks() async throws {
        let writer = try fixture.writer()
        let reader = SQLiteReaderPool(path: fixture.path())
        let seen = SQLiteLocked<[String]>([])
        try await writer.write { connection in
            try connection.add(1, "kept")
            connection.afterCommit {
                let names = try? reader.read { try $0.names() }
                seen.withLock { $0 = names ?? [] }
            }
        }
        #expect(seen.withLock { $0 } == ["kept"])
    }

    @Test("an exclusive body has its transaction to itself")
    func exclusive() async throws {
        let writer = try fixture.writer()
        let errors = await together(
            on: writer,
            exclusive: 2,
            [
                { try $0.add(1, "a") }, { try $0.add(2, "b") },
                { try $0.execute("ALTER TABLE Thing ADD COLUMN Extra TEXT") },
                { try $0.execute("UPDATE Thing SET Extra = Name", []) },
            ]
        )
        #expect(errors.allSatisfy { $0 == nil })
        #expect(writer.counts == SQLiteWriterCounts(commits: 3, bodiesKept: 4, groupsLost: 0))
    }

    @Test("too many waiting bodies are refused, and so is everyone after closing")
    func backPressure() async throws {
        let writer = try fixture.writer(limits: SQLiteWriterLimits(waitingBodies: 2))
        let gate = Gate()
        async let blocked: Void = writer.outsideTransaction { _ in gate.wait() }
        while writer.backlog.withLock({ !$0.isDraining || $0.count > 0 }) { await Task.yield() }
        async let first: Void = writer.write { try $0.add(1, "a") }
        async let second: Void = writer.write { try $0.add(2, "b") }
        while writer.backlog.withLock({ $0.count }) < 2 { await Task.yield() }
        await #expect(throws: SQLiteWriterRefusal.tooManyWaiting(limit: 2)) {
            try await writer.write { try $0.add(3, "c") }
        }
        gate.open()
        _ = try await (blocked, first, second)
        await writer.close()
        await writer.close()
        await #expect(throws: SQLiteWriterRefusal.closed) {
            try await writer.write { try $0.add(4, "d") }
        }
    }

    @Test("a lock held elsewhere fails the group as busy")
    func busy() async throws {
        let writer = try fixture.writer { try $0.execute("PRAGMA busy_timeout = 1") }
        let other = try SQLiteConnection(path: fixture.path(), access: .readWrite)
        try other.begin(.write)
        #expect(await failure { try await writer.write { try $0.add(1, "a") } }?.kind == .busy)
        other.rollback()
        try await writer.write { try $0.add(1, "a") }
    }
}
