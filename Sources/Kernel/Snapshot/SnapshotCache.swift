package import Metadata
private import Synchronization

/// The present snapshot of each org, loaded when first asked for.
package final class SnapshotCache: Sendable {
    private struct Slot {
        /// Grows with every change of metadata or of who may do what.
        var version = 0
        var snapshot: OrgSnapshot?
        /// The schema outlives changes of permissions.
        var schema: OrgSchema?
    }

    private let slots = Mutex<[OrgID: Slot]>([:])
    private let packages = PackageCache.shared
    private let rates = RestrictionRates()

    package init() {}

    /// The present snapshot, if it is loaded.
    func present(_ org: OrgID) -> OrgSnapshot? {
        slots.withLock { $0[org]?.snapshot }
    }

    /// Whether nothing has changed since the snapshot was made.
    func isPresent(_ snapshot: OrgSnapshot) -> Bool {
        slots.withLock { $0[snapshot.org]?.snapshot === snapshot }
    }

    /// Loads the present snapshot in a transaction of the org.
    func load(_ org: OrgID, from tx: any ReadTransaction) throws -> OrgSnapshot {
        let (version, kept) = begin(org)
        if let snapshot = present(org) { return snapshot }
        let snapshot = try make(org, kept, from: tx)
        keep(snapshot, madeAt: version)
        return snapshot
    }

    /// Loads the present snapshot in a save: it is kept for others only once the save is on disk,
    /// since it may show what other saves of the same transaction have written and may yet lose.
    func load(_ org: OrgID, in tx: any WriteTransaction) throws -> OrgSnapshot {
        let (version, kept) = begin(org)
        if let snapshot = present(org) { return snapshot }
        let snapshot = try make(org, kept, from: tx)
        tx.afterCommit { self.keep(snapshot, madeAt: version) }
        return snapshot
    }

    /// The snapshot of an earlier state that a transaction still sees; kept for nobody else.
    func loadApart(_ org: OrgID, from tx: any ReadTransaction) throws -> OrgSnapshot {
        try make(org, nil, from: tx)
    }

    private func begin(_ org: OrgID) -> (version: Int, schema: OrgSchema?) {
        slots.withLock { slots in
            let slot = slots[org] ?? Slot()
            slots[org] = slot
            return (slot.version, slot.schema)
        }
    }

    private func make(
        _ org: OrgID,
        _ schema: OrgSchema?,
        from tx: any ReadTransaction
    ) throws -> OrgSnapshot {
        let schema = try schema ?? SnapshotLoading.schema(of: org, from: tx, packages: packages)
        return try SnapshotLoading.snapshot(of: org, schema: schema, rates: rates, from: tx)
    }

    /// Keeps a snapshot, unless something has changed since its making began.
    private func keep(_ snapshot: OrgSnapshot, madeAt version: Int) {
        slots.withLock { slots in
            guard slots[snapshot.org]?.version == version else { return }
            slots[snapshot.org]?.schema = snapshot.schema
            slots[snapshot.org]?.snapshot = snapshot
        }
    }

    /// The next request loads anew.
    ///
    /// - Parameter schemaToo: definitions have changed, not only who may do what.
    package func invalidate(_ org: OrgID, schemaToo: Bool) {
        slots.withLock { slots in
            slots[org, default: Slot()].version += 1
            slots[org]?.snapshot = nil
            if schemaToo { slots[org]?.schema = nil }
        }
    }
}

/// Packages that several orgs share are read once.
final class PackageCache: Sendable {
    /// The process's own: what was read from the same files is the same for everyone.
    static let shared = PackageCache()

    private let known = Mutex<[[MetadataPackage.File]: MetadataPackage]>([:])

    func package(_ files: [MetadataPackage.File]) throws -> MetadataPackage {
        if let package = known.withLock({ $0[files] }) { return package }
        let package = try PackageReader.read(files)
        known.withLock { packages in
            if packages.count > 64 { packages.removeAll() }
            packages[files] = package
        }
        return package
    }
}
