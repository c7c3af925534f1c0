import Foundation
import Store
import Testing

@testable import StoreSQLite

/// Backups, checks and checkpoints.
@Suite struct SQLiteUpkeepTests {
    let fixture: SQLiteFixture

    init() throws {
        fixture = try SQLiteFixture()
    }

    @Test("a backup holds the state at its start, though a writer goes on")
    func backup() throws {
        let writer = try fixture.connection()
        try writer.transaction(.write) {
            for id in 1...500 {
                try writer.add(Int64(id), "n\(id)", note: String(repeating: "x", count: 900))
            }
        }
        let reader = try SQLiteConnection(path: fixture.path(), access: .readOnly)
        var steps = 0
        try reader.backUp(to: fixture.path("copy.db"), pagesPerStep: 10) { _, _ in
            steps += 1
            try writer.add(Int64(1_000 + steps), "late \(steps)")
        }
        let copy = try SQLiteConnection(path: fixture.path("copy.db"), access: .readWrite)
        #expect(steps > 5)
        #expect(try copy.one("SELECT count(*) FROM Thing") { $0.int64(0) } == 500)
        #expect(try copy.integrityProblems(thorough: true).isEmpty)
        #expect(try writer.names().count == 500 + steps)
    }

    @Test("a backup never replaces a file, and leaves none when it is given up")
    func backupRefusals() throws {
        let connection = try fixture.connection()
        #expect(throws: SQLiteFailure.self) { try connection.backUp(to: fixture.path()) }
        #expect(throws: CancellationError.self) {
            try connection.backUp(to: fixture.path("copy.db")) { _, _ in throw CancellationError() }
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.path("copy.db")))
        #expect(throws: SQLiteFailure.self) {
            try connection.transaction(.write) {
                try connection.add(1, "a")
                try connection.backUp(to: fixture.path("copy.db"))
            }
        }
    }

    @Test("a damaged file is found out by the thorough check")
    func integrity() throws {
        let connection = try fixture.connection()
        try connection.transaction(.write) {
            for id in 1...2_000 { try connection.add(Int64(id), "name \(id)") }
        }
        #expect(try connection.integrityProblems(thorough: false).isEmpty)
        try connection.checkpoint(.truncate)
        connection.close()

        let handle = try #require(FileHandle(forUpdatingAtPath: fixture.path()))
        try handle.seek(toOffset: 4_096 * 6 + 2_000)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 1_500))
        try handle.close()

        let damaged = try SQLiteConnection(path: fixture.path(), access: .readWrite)
        #expect(try !damaged.integrityProblems(thorough: true).isEmpty)
    }

    @Test("a checkpoint empties the log")
    func checkpoint() throws {
        let connection = try fixture.connection()
        try connection.add(1, "a")
        let passive = try connection.checkpoint(.passive)
        #expect(passive.pagesInLog > 0 && passive.pagesMoved == passive.pagesInLog)
        #expect(try connection.checkpoint(.truncate).pagesInLog == 0)
    }
}
