package import Metadata
import Store

/// Orgs as a whole: made, removed, copied.
extension SQLiteStore {
    package func hasOrg(_ org: OrgID) -> Bool { files.exists(org) }

    /// Makes an org's file with the tables of its schema.
    ///
    /// - Parameter idBase: the sequence of the first record id of each object. Orgs of one
    ///   deployment are given distant bases, so that an id tells whose it is.
    /// - Throws: `RecordError` with `.duplicateValue` where there is such an org already.
    package func createOrg(_ org: OrgID, idBase: Int64, schema: OrgSchema) async throws {
        try await translating(org) {
            try self.files.create(org)
            do {
                try await self.files.withDatabase(org) { database in
                    try await database.writer.exclusive { connection in
                        for statement in Tables.ownTables(.sqlite) {
                            try connection.execute(statement)
                        }
                        try IDSequence.setBase(max(1, idBase), connection)
                        for change in TableChange.plan(from: nil, to: schema) {
                            try change.apply(connection)
                        }
                    }
                }
            } catch {
                // Half an org is none: what was begun goes.
                try await self.files.remove(org)
                throw error
            }
        }
    }

    /// Removes an org with all its records, for good.
    package func deleteOrg(_ org: OrgID) async throws {
        try await translating(org) { try await self.files.remove(org) }
    }

    /// Copies an org's records, as they are now, into a new file; saving and reading go on.
    package func backUp(_ org: OrgID, to path: String) async throws {
        try await translating(org) {
            try await self.files.withDatabase(org) { database in
                try database.readers.read { try $0.backUp(to: path) }
            }
        }
    }

    /// Finishes the saves that wait, and closes all files.
    package func close() async {
        await files.close()
    }
}

extension TableChange {
    /// Makes the change within the open transaction.
    func apply(_ connection: SQLiteConnection) throws {
        for statement in statements(.sqlite) { try connection.execute(statement) }
    }
}
