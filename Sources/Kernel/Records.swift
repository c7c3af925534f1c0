package import Metadata

/// The one door to records: every API, flow and job reads and writes through here.
package struct Records: Sendable {
    package let clock: any WallClock
    let store: any RecordStore
    let snapshots: SnapshotCache
    let locators: QueryLocators
    let logins: any LoginDesk
    let secrets: SecretBox

    package init(
        store: any RecordStore,
        snapshots: SnapshotCache = SnapshotCache(),
        clock: any WallClock,
        logins: any LoginDesk,
        secrets: SecretBox
    ) {
        self.store = store
        self.snapshots = snapshots
        self.clock = clock
        self.logins = logins
        self.secrets = secrets
        locators = QueryLocators()
    }

    /// Runs reads for a caller on one snapshot of the org's records.
    ///
    /// - Parameter isBrief: a few records by id; the work stays on the calling thread.
    package func read<Result: Sendable>(
        as caller: Caller,
        isBrief: Bool = false,
        _ body: @escaping @Sendable (RecordReader) throws -> Result
    ) async throws -> Result {
        try await store.read(caller.org, isBrief: isBrief) { tx in
            let snapshot = try snapshots.present(caller.org) ?? snapshots.load(caller.org, from: tx)
            let access = try Records.access(of: caller, in: snapshot, from: tx)
            return try body(
                RecordReader(
                    caller: caller,
                    snapshot: snapshot,
                    access: access,
                    now: clock.now(),
                    tx: tx,
                    locators: locators,
                    secrets: secrets
                )
            )
        }
    }

    /// Runs saves, and reads between them, for a caller in one transaction.
    ///
    /// Whatever `body` throws undoes all of it; an answer means that it is on disk.
    package func write<Result: Sendable>(
        as caller: Caller,
        _ body: @escaping @Sendable (RecordWriter) throws -> Result
    ) async throws -> Result {
        try await store.write(caller.org) { tx in
            let snapshot = try snapshots.present(caller.org) ?? snapshots.load(caller.org, from: tx)
            let access = try Records.access(of: caller, in: snapshot, from: tx)
            let writer = RecordWriter(
                caller: caller,
                snapshot: snapshot,
                access: access,
                now: clock.now(),
                tx: tx,
                locators: locators,
                secrets: secrets,
                snapshots: snapshots,
                logins: logins
            )
            return try body(writer)
        }
    }

    private static func access(
        of caller: Caller,
        in snapshot: OrgSnapshot,
        from tx: any ReadTransaction
    ) throws -> CallerAccess {
        if caller.isSystem { return .system(caller.user) }
        return try snapshot.access(of: caller.user) {
            try SystemQuestions(org: caller.org, schema: snapshot.schema, tx: tx)
                .access(of: caller.user, roles: snapshot.roles, groups: snapshot.groups)
        }
    }
}

/// Who keeps the usernames of a deployment, across its orgs.
package protocol LoginDesk: Sendable {
    /// Makes a username the user's own; waits until that is on disk.
    ///
    /// - Throws: `RecordError` with `.duplicateUsername` where another user has it.
    func reserve(_ username: String, for user: RecordID, in org: OrgID) throws
    /// Whether the user may sign in; ends all sessions of one who may not.
    func setActive(_ isActive: Bool, _ user: RecordID, in org: OrgID) throws
}
