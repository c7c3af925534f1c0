import Foundation
import Kernel
import Metadata

/// Where the files of orgs are, and which of them are open.
///
/// `<directory>/orgs/<org>/records.sqlite`, the org by its 18-character id, which is another one in
/// every letter case: so no two orgs meet on a file system that ignores case.
final class OrgFiles: Sendable {
    private struct OpenOrg {
        let database: OrgDatabase
        var lastUse: Int
        /// How many reads and writes have it now; it is not closed meanwhile.
        var users: Int
    }

    private struct State {
        var open: [OrgID: OpenOrg] = [:]
        var uses = 0
        var isClosed = false
    }

    private let directory: String
    private let openOrgsMax: Int
    private let options: SQLiteOptions
    private let state = SQLiteLocked(State())

    init(directory: String, openOrgsMax: Int, options: SQLiteOptions) {
        self.directory = directory
        self.openOrgsMax = openOrgsMax
        self.options = options
    }

    func folder(_ org: OrgID) -> String { "\(directory)/orgs/\(org)" }

    func path(_ org: OrgID) -> String { "\(folder(org))/records.sqlite" }

    func exists(_ org: OrgID) -> Bool { FileManager.default.fileExists(atPath: path(org)) }

    /// Lends an org's database for as long as a body runs.
    ///
    /// - Throws: `RecordError` where there is no such org.
    func withDatabase<Result>(
        _ org: OrgID,
        _ body: (OrgDatabase) async throws -> Result
    ) async throws -> Result {
        let database = try borrow(org)
        do {
            let result = try await body(database)
            await giveBack(org)
            return result
        } catch {
            await giveBack(org)
            throw error
        }
    }

    /// Makes an org's empty file, which must not be there yet.
    func create(_ org: OrgID) throws {
        guard !exists(org) else {
            throw RecordError(.duplicateValue, "there is an org `\(org)` already")
        }
        try FileManager.default.createDirectory(
            atPath: folder(org),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // Opening creates the file; nothing is in it until the first transaction commits.
        let database = try OrgDatabase(path: path(org), options: options)
        let isKept = state.withLock { state in
            guard !state.isClosed, state.open[org] == nil else { return false }
            state.uses += 1
            state.open[org] = OpenOrg(database: database, lastUse: state.uses, users: 0)
            return true
        }
        guard isKept else { throw Self.closed }
    }

    /// Removes an org with all its records.
    func remove(_ org: OrgID) async throws {
        let open = state.withLock { $0.open.removeValue(forKey: org) }
        await open?.database.close()
        guard FileManager.default.fileExists(atPath: folder(org)) else { return }
        try FileManager.default.removeItem(atPath: folder(org))
    }

    func close() async {
        let open = state.withLock { state in
            state.isClosed = true
            defer { state.open = [:] }
            return state.open.values.map(\.database)
        }
        for database in open { await database.close() }
    }

    private static let closed = RecordError(.serverUnavailable, "the store has been closed")

    private func borrow(_ org: OrgID) throws -> OrgDatabase {
        // Opened under the lock: it takes milliseconds, and must not happen twice.
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            state.uses += 1
            if let known = state.open[org] {
                state.open[org]?.lastUse = state.uses
                state.open[org]?.users += 1
                return known.database
            }
            guard exists(org) else { throw RecordError(.notFound, "there is no org `\(org)`") }
            let database = try OrgDatabase(path: path(org), options: options)
            state.open[org] = OpenOrg(database: database, lastUse: state.uses, users: 1)
            return database
        }
    }

    /// Counts a user less, and closes what has not been used for longest when too many are open.
    private func giveBack(_ org: OrgID) async {
        let surplus = state.withLock { state -> OrgDatabase? in
            state.open[org]?.users -= 1
            guard state.open.count > openOrgsMax else { return nil }
            let idle = state.open.filter { $0.value.users == 0 }
            guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
                return nil
            }
            return state.open.removeValue(forKey: oldest.key)?.database
        }
        if let surplus { await surplus.close() }
    }
}
