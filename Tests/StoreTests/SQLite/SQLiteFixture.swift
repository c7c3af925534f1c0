import Foundation
import Store

@testable import StoreSQLite

/// A folder for one test's databases, removed with the fixture.
final class SQLiteFixture: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "steward-sqlite-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String = "org.db") -> String { "\(folder)/\(name)" }

    /// A connection that writes, with one small table.
    func connection() throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path(), access: .create)
        try connection.execute(Self.table)
        return connection
    }

    /// A writer on the same table; by default, how groups form does not depend on the clock.
    func writer(
        limits: SQLiteWriterLimits = SQLiteWriterLimits(groupDuration: .seconds(60)),
        prepare: (SQLiteConnection) throws -> Void = { _ in }
    ) throws -> SQLiteWriter {
        try SQLiteWriter(path: path(), limits: limits) { connection in
            try prepare(connection)
            try connection.execute(Self.table)
        }
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS Thing (
            Id INTEGER PRIMARY KEY, Name TEXT NOT NULL COLLATE STEWARD, Note TEXT, Code INTEGER);
        CREATE UNIQUE INDEX IF NOT EXISTS ThingName ON Thing (Name, Code);
        """
}

extension SQLiteConnection {
    func add(_ id: Int64, _ name: String, note: String = "") throws {
        try execute(
            "INSERT INTO Thing VALUES (?, ?, ?, 0)",
            [.integer(id), .text(name), .text(note)]
        )
    }

    func names() throws -> [String] {
        try all("SELECT Name FROM Thing ORDER BY Id") { $0.string(0) }
    }
}

/// What an asynchronous call throws, as a `SQLiteFailure`.
func failure(of body: () async throws -> Void) async -> SQLiteFailure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? SQLiteFailure
    }
}
