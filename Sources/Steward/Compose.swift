import Accountability
import ArgumentParser
import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import StoreSQLite

/// The parts of a deployment, put together.
struct Composition: Sendable {
    let folder: DataFolder
    let store: SQLiteStore
    let platform: PlatformStore
    let snapshots: SnapshotCache
    let records: Records
    let identity: IdentityService
    let deployment: Deployment
    let secrets: SecretBox
    /// What the parts of accountability share here.
    let office: AccountabilityOffice

    /// Opens the deployment in a folder.
    ///
    /// - Parameters:
    ///   - mayMake: make it where there is none.
    ///   - isBehindProxy: every request comes from this machine then, and none is trusted for that.
    ///   - hostNames: names of this deployment besides `localhost`.
    /// - Throws: `ValidationError` where there is none.
    init(
        _ folder: DataFolder,
        mayMake: Bool = false,
        isBehindProxy: Bool = false,
        hostNames: [String] = []
    ) async throws {
        guard mayMake || folder.exists else {
            throw ValidationError(
                "there is no deployment in \(folder.url.path); `steward demo` or `steward org create` makes one"
            )
        }
        try folder.make()
        AccountabilityOffice.addActions()
        self.folder = folder
        secrets = try folder.secretBox()
        let clock = SystemClock()
        store = SQLiteStore(directory: folder.url.path, clock: clock) { org, error in
            // Statements, never values: what callers are not told an operator can read here.
            Output.note("steward: org \(org): \(error)")
        }
        platform = try await PlatformStore(path: folder.platformFile)
        snapshots = SnapshotCache()
        records = Records(
            store: store,
            snapshots: snapshots,
            clock: clock,
            logins: DirectoryLoginDesk(platform),
            secrets: secrets
        )
        var identitySettings = IdentitySettings()
        identitySettings.trustsLoopback = !isBehindProxy
        identitySettings.hostNames.formUnion(hostNames.map { $0.lowercased() })
        identity = IdentityService(
            directory: platform,
            facts: RecordUserFacts(records),
            secrets: secrets,
            clock: clock,
            settings: identitySettings
        )
        deployment = Deployment(records)
        office = Composition.office(records, folder)
    }

    /// The org of a name or id; the only one where none is named.
    func org(_ name: String?) async throws -> OrgEntry {
        let orgs = try await platform.orgs()
        guard let name else {
            if let only = orgs.first, orgs.count == 1 { return only }
            let names = orgs.map(\.slug).joined(separator: ", ")
            throw ValidationError("say which org with --org: \(names)")
        }
        if let found = orgs.first(where: { $0.slug == name.lowercased() || $0.label == name }) {
            return found
        }
        if let id = try? RecordID(name), let found = orgs.first(where: { $0.id.record == id }) {
            return found
        }
        let hint = Suggestion.phrase(for: name, among: orgs.map(\.slug))
        throw ValidationError("there is no org `\(name)`\(hint)")
    }

    /// The platform, acting in an org for the person at the command line.
    func operatorCaller(_ org: OrgEntry, because reason: String) async throws -> Caller {
        .system(org.id, as: try await administrator(of: org), because: reason)
    }

    /// The org's first active administrator, in whose name the operator's commands write.
    func administrator(of org: OrgEntry) async throws -> RecordID {
        let caller = Caller.system(org.id, as: org.id.record, because: "who administers the org")
        let found = try await records.read(as: caller) { reader in
            try reader.rows(
                "SELECT Id FROM User WHERE Profile.Name = 'System Administrator' AND IsActive = true "
                    + "ORDER BY Id LIMIT 1"
            ).first?.first?.id
        }
        guard let found else {
            throw ValidationError("the org \(org.slug) has no active System Administrator")
        }
        return found
    }

    private static func office(_ records: Records, _ folder: DataFolder) -> AccountabilityOffice {
        let file = OfficeFile(folder)
        var office = AccountabilityOffice(
            records: records,
            log: DeploymentLogWriter(DeploymentLog(data: folder)),
            logFolder: DeploymentLog(data: folder).folder.path,
            logKey: {
                let log = DeploymentLog(data: folder)
                return log.exists ? try log.verifierKey() : nil
            },
            authority: { try DecidersFile(folder).read() },
            org: { try file.org() }
        )
        let policies = PolicyFiles(folder)
        office.letterKey = { try LetterKeyFiles(folder).key(of: $0, isNew: $1) }
        office.statementKey = { try StatementKeyFile(folder).key() }
        office.voice = { try ReadersFile(folder).read() }
        office.policies = { try policies.library() }
        office.witnessing = {
            try await FinalCheckpoint(folder).witnessing(
                try WitnessesFile(folder).read()?.policy,
                of: DeploymentLog(data: folder)
            )
        }
        return office
    }

    func close() async {
        await keepUses()
        await store.close()
        await platform.close()
    }
}

/// The machine's clock.
struct SystemClock: WallClock {
    func now() -> Instant {
        // Not `timespec`: which module its members belong to depends on the order of a clean build.
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
