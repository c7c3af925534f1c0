package import Metadata

/// The one door to records: every API, flow and job reads and writes through here.
package struct Records: Sendable {
    package let clock: any WallClock
    let store: any RecordStore
    let snapshots: SnapshotCache
    let locators: QueryLocators
    let logins: any LoginDesk
    let secrets: SecretBox
    /// What is done, until it is written into the orgs' stores.
    package let uses: UseCounter
    /// Called when a save has left work for later.
    package let wakeUp = JobWakeUp()

    package init(
        store: any RecordStore,
        snapshots: SnapshotCache = SnapshotCache(),
        clock: any WallClock,
        logins: any LoginDesk,
        secrets: SecretBox,
        uses: UseCounter = UseCounter()
    ) {
        self.store = store
        self.snapshots = snapshots
        self.clock = clock
        self.logins = logins
        self.secrets = secrets
        self.uses = uses
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
            let now = clock.now()
            let (snapshot, access) = try seenAuthority(of: caller, at: now, tx)
            return try body(
                RecordReader(
                    caller: caller,
                    snapshot: snapshot,
                    access: access,
                    now: now,
                    tx: tx,
                    locators: locators,
                    secrets: secrets,
                    uses: uses
                )
            )
        }
    }

    /// Runs saves, and reads between them, for a caller in one transaction.
    ///
    /// Whatever `body` throws undoes all of it; an answer means that it is on disk.
    ///
    /// - Parameter moment: what is written down as the time, where the clock's would tell too much.
    package func write<Result: Sendable>(
        as caller: Caller,
        at moment: Instant? = nil,
        _ body: @escaping @Sendable (RecordWriter) throws -> Result
    ) async throws -> Result {
        let told = TransactionTelling()
        let failed = Locked<[FlowTrace]>([])
        do {
            let result = try await attempt(as: caller, at: moment, told, failed, body)
            told.uses.count(in: uses)
            try await publish(told, in: caller.org)
            return result
        } catch {
            try await publish(told, in: caller.org)
            try await keep(failed.withLock { $0 }, as: caller, at: moment)
            throw error
        }
    }

    /// - Parameter failed: gets the traces of flows that failed in a transaction that is undone.
    private func attempt<Result: Sendable>(
        as caller: Caller,
        at moment: Instant?,
        _ told: TransactionTelling,
        _ failed: Locked<[FlowTrace]>,
        _ body: @escaping @Sendable (RecordWriter) throws -> Result
    ) async throws -> Result {
        try await store.write(caller.org) { tx in
            let writer = try writer(caller, at: moment, tx, told)
            // A store may begin a body anew; what it did before was undone.
            told.uses.forget(after: 0)
            do {
                let result = try body(writer)
                try writer.flushTraces()
                return result
            } catch {
                let traces = writer.flowWork.traces.filter { $0.outcome == .failed }
                failed.withLock { $0 = traces }
                throw error
            }
        }
    }

    /// Keeps what failed although the transaction in which it did is undone.
    private func keep(
        _ traces: [FlowTrace],
        as caller: Caller,
        at moment: Instant?
    ) async throws {
        guard !traces.isEmpty else { return }
        let system = Caller.system(caller.org, as: caller.user, because: "a flow has failed")
        let none = Locked<[FlowTrace]>([])
        try await attempt(as: system, at: moment, TransactionTelling(), none) {
            try $0.keep(traces)
        }
    }

    private func writer(
        _ caller: Caller,
        at moment: Instant?,
        _ tx: any WriteTransaction,
        _ told: TransactionTelling
    ) throws -> RecordWriter {
        let now = moment ?? clock.now()
        let (snapshot, access) = try authority(of: caller, at: now, tx) {
            try snapshots.load(caller.org, in: tx)
        }
        return RecordWriter(
            caller: caller,
            snapshot: snapshot,
            access: access,
            now: now,
            tx: tx,
            locators: locators,
            secrets: secrets,
            uses: uses,
            snapshots: snapshots,
            logins: logins,
            wakeUp: wakeUp,
            told: told
        )
    }

    /// Stages the events that are told whatever becomes of the transaction that published them.
    private func publish(_ told: TransactionTelling, in org: OrgID) async throws {
        let entries = told.takeImmediate()
        guard !entries.isEmpty else { return }
        try await store.write(org) { tx in
            for entry in entries { try tx.stage(entry, at: clock.now()) }
        }
        wakeUp.wake(org)
    }

    /// What `authority` says, by the definitions that the transaction itself sees.
    ///
    /// A deploy may have changed the tables between the making of the present snapshot and the
    /// beginning of the transaction, or since that beginning.
    private func seenAuthority(
        of caller: Caller,
        at now: Instant,
        _ tx: any ReadTransaction
    ) throws -> (OrgSnapshot, CallerAccess) {
        if let known = snapshots.present(caller.org) {
            let seen = try SnapshotLoading.version(from: tx)
            if seen < known.version {
                let own = try snapshots.loadApart(caller.org, from: tx)
                return (own, try Records.access(of: caller, in: own, at: now, from: tx))
            }
            if seen > known.version { snapshots.invalidate(caller.org, schemaToo: true) }
        }
        return try authority(of: caller, at: now, tx) {
            try snapshots.load(caller.org, from: tx)
        }
    }

    /// The present snapshot, and what the caller may do by it.
    ///
    /// A snapshot in which a right of the caller has run out is given up.
    private func authority(
        of caller: Caller,
        at now: Instant,
        _ tx: any ReadTransaction,
        load: () throws -> OrgSnapshot
    ) throws -> (OrgSnapshot, CallerAccess) {
        let snapshot = try snapshots.present(caller.org) ?? load()
        let access = try Records.access(of: caller, in: snapshot, at: now, from: tx)
        guard let end = access.endsAt, end <= now else { return (snapshot, access) }
        snapshots.invalidate(caller.org, schemaToo: false)
        let next = try load()
        return (next, try Records.access(of: caller, in: next, at: now, from: tx))
    }

    private static func access(
        of caller: Caller,
        in snapshot: OrgSnapshot,
        at now: Instant,
        from tx: any ReadTransaction
    ) throws -> CallerAccess {
        if let client = caller.client,
            let restriction = snapshot.restrictions.first(client: client, at: now)
        {
            throw RecordError(restriction)
        }
        if caller.isSystem { return .system(caller.user) }
        let access = try snapshot.access(of: caller.user) {
            try SystemQuestions(org: caller.org, schema: snapshot.schema, tx: tx)
                .access(of: caller.user, at: now, in: snapshot)
        }
        try snapshot.restrictions.admit(access, of: caller, at: now)
        return access
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
