package import Kernel
package import Metadata
import Store

/// Orgs as a whole: made, removed, copied.
extension SQLiteStore {
    /// Whether there is a file of the org's.
    package func hasOrg(_ org: OrgID) -> Bool { files.exists(org) }

    /// Makes an org's file, without tables for records: the first change of its schema makes these.
    ///
    /// Record ids begin after `idBase`; orgs of one deployment are given distant ones, so that an
    /// id tells whose it is. Where there is such an org already, it is `.duplicateValue`.
    package func createOrg(_ org: OrgID, idBase: Int64) async throws {
        try await translating(org) {
            try self.files.create(org)
            do {
                try await self.files.withDatabase(org) { database in
                    try await database.writer.exclusive { connection in
                        for statement in Tables.ownTables(.sqlite) {
                            try connection.execute(statement)
                        }
                        try IDSequence.setBase(idBase, connection)
                        try OrgFormat.mark(connection)
                    }
                }
            } catch {
                // Half an org is none: what was begun goes.
                try await self.files.remove(org)
                throw error
            }
        }
    }

    /// What a change of schema does to the tables, as sentences for a person.
    package func steps(from old: OrgSchema?, to new: OrgSchema) -> [SchemaStep] {
        TableChange.plan(from: old, to: new).map {
            SchemaStep(sentence: $0.sentence, losesData: $0.losesData)
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
