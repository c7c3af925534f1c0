import Kernel
import Metadata

/// Makes a demo org and saves its records the way all records are saved.
struct DemoLoader: Sendable {
    let records: Records
    let deployment: Deployment

    /// A record of the demo that was refused: a mistake in the data or in the packages.
    struct Refusal: Error, CustomStringConvertible {
        let object: String
        let error: RecordError

        var description: String { "a demo \(object) was refused: \(error.message)" }
    }

    /// Makes the org from the files of `platform` and of `service-desk`, and fills it.
    ///
    /// - Returns: the administrator's record id.
    /// - Throws: `Refusal`, or what making the org throws. What was saved until then stays.
    func load(
        _ data: DemoData,
        into id: OrgID,
        idBase: Int64,
        packages: [[MetadataPackage.File]],
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> RecordID {
        let new = data.org.newOrg(id, idBase: idBase, packages: packages)
        let administrator = try await deployment.createOrg(new)
        try await fill(id, with: data, as: administrator, progress: progress)
        return administrator
    }

    /// Fills an org that has nobody but its administrator yet.
    ///
    /// `progress` is told how many of how many records are on disk.
    ///
    /// - Throws: `Refusal`. What was saved until then stays.
    func fill(
        _ org: OrgID,
        with data: DemoData,
        as administrator: RecordID,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws {
        let caller = Caller.system(org, as: administrator, because: "demo data")
        let total = data.recordCount
        var ids = DemoIDs(administrator: administrator.description)
        var done = try await loadUsers(data, as: caller, &ids)
        progress(done, total)
        for positions in DemoLoader.batches(data.accountCount) {
            ids.accounts += try await save(data.accounts(positions, ids), as: caller)
            done += positions.count
            progress(done, total)
        }
        for positions in DemoLoader.batches(data.contactCount) {
            ids.contacts += try await save(data.contacts(positions, ids), as: caller)
            done += positions.count
            progress(done, total)
        }
        for positions in DemoLoader.batches(data.caseCount) {
            done += try await loadCases(positions, of: data, as: caller, &ids)
            progress(done, total)
        }
    }

    private static func batches(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: DemoData.batchSize).map { start in
            start..<min(count, start + DemoData.batchSize)
        }
    }

    /// A batch of cases with what followed from them, in one transaction.
    private func loadCases(
        _ positions: Range<Int>,
        of data: DemoData,
        as caller: Caller,
        _ ids: inout DemoIDs
    ) async throws -> Int {
        let known = ids
        let saved = try await records.write(as: caller) { writer in
            var ids = known
            let new = try DemoLoader.save(data.cases(positions, ids), with: writer)
            ids.cases += new
            var count = new.count
            for drafts in data.followUps(positions, ids) {
                for batch in DemoLoader.batches(drafts.count) {
                    count += try DemoLoader.save(Array(drafts[batch]), with: writer).count
                }
            }
            return (ids: new, count: count)
        }
        ids.cases += saved.ids
        return saved.count
    }

    private func save(_ drafts: [RecordDraft], as caller: Caller) async throws -> [RecordID] {
        try await records.write(as: caller) { try DemoLoader.save(drafts, with: $0) }
    }

    /// - Returns: the ids, in the order of the drafts.
    private static func save(
        _ drafts: [RecordDraft],
        with writer: RecordWriter
    ) throws -> [RecordID] {
        let results = try writer.save(drafts, .create)
        return try zip(drafts, results).map { draft, result in
            guard let id = result.id else {
                throw Refusal(
                    object: draft.object,
                    error: result.errors.first
                        ?? RecordError(.unknownException, "no reason was given")
                )
            }
            return id
        }
    }
}

// MARK: - Users

extension DemoLoader {
    /// What the packages brought along, by the names under which they declare it.
    private struct Declared: Sendable {
        let profiles: [String: String]
        let roles: [String: String]
        let permissionSets: [String: String]
        let queues: [String: String]
        let recordTypes: [String: String]

        init(_ reader: RecordReader) throws {
            profiles = try Declared.ids("SELECT Name, Id FROM Profile", reader)
            roles = try Declared.ids("SELECT DeveloperName, Id FROM UserRole", reader)
            permissionSets = try Declared.ids(
                "SELECT Name, Id FROM PermissionSet WHERE IsOwnedByProfile = false",
                reader
            )
            queues = try Declared.ids(
                "SELECT DeveloperName, Id FROM Group WHERE Type = 'Queue'",
                reader
            )
            recordTypes = try Declared.ids(
                "SELECT DeveloperName, Id FROM RecordType WHERE SobjectType = 'Case'",
                reader
            )
        }

        private static func ids(
            _ soql: String,
            _ reader: RecordReader
        ) throws -> [String: String] {
            let pairs = try reader.rows(soql).compactMap { row in
                row[0].text.flatMap { name in row[1].id.map { (name, $0.description) } }
            }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
    }

    private func loadUsers(
        _ data: DemoData,
        as caller: Caller,
        _ ids: inout DemoIDs
    ) async throws -> Int {
        let declared = try await records.read(as: caller) { try Declared($0) }
        ids.queues = declared.queues
        ids.recordTypes = declared.recordTypes
        let saved = try await records.write(as: caller) { writer in
            let drafts = data.users(profiles: declared.profiles, roles: declared.roles)
            let users = try DemoLoader.save(drafts, with: writer)
            var assignments: [RecordDraft] = []
            for (user, id) in zip(data.org.users, users) {
                for name in user.permissionSets {
                    var fields = DemoFields(capacity: 2)
                    fields.set("AssigneeId", id.description)
                    fields.set("PermissionSetId", declared.permissionSets[name])
                    assignments.append(fields.draft(of: "PermissionSetAssignment"))
                }
            }
            let assigned = try DemoLoader.save(assignments, with: writer)
            return (users: users, count: users.count + assigned.count)
        }
        ids.users = saved.users
        return saved.count
    }
}
