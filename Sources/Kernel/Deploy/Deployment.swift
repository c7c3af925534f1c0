package import Metadata

/// The only way to change an org's metadata: read, check, plan, apply in one transaction.
package struct Deployment: Sendable {
    let records: Records
    private let packages = PackageCache.shared

    package init(_ records: Records) {
        self.records = records
    }

    /// What installing or renewing a package would change.
    ///
    /// - Throws: `PackageProblems` with all that is wrong in it.
    package func plan(_ files: [MetadataPackage.File], in org: OrgID) async throws -> DeployPlan {
        let packages = packages
        let store = records.store
        return try await records.store.read(org, isBrief: false) { tx in
            let change = try DeployChange(files, packages: packages, tx: tx)
            return change.plan(steps: store.steps(from: change.old, to: change.new))
        }
    }

    /// Installs or renews a package.
    ///
    /// - Parameters:
    ///   - user: in whose name.
    ///   - allowDataLoss: go on where stored values would be gone.
    /// - Throws: `PackageProblems`, or `RecordError` with `.invalidOperation` where data would be
    ///   lost and that is not allowed; then nothing has changed.
    package func apply(
        _ files: [MetadataPackage.File],
        in org: OrgID,
        as user: RecordID,
        allowDataLoss: Bool = false
    ) async throws -> DeployPlan {
        let records = records
        let packages = packages
        let now = records.clock.now()
        return try await records.store.writeAlone(org) { tx in
            let change = try DeployChange(files, packages: packages, tx: tx)
            let restrictions = try RestrictionsInForce(from: tx)
            for use in [RestrictedUse.metadata] + (change.isNew ? [.newApp] : []) {
                if let one = restrictions.first(use, by: .system(user), at: now) {
                    throw RecordError(one)
                }
            }
            let plan = change.plan(steps: records.store.steps(from: change.old, to: change.new))
            guard allowDataLoss || !plan.losesData else {
                let losses = plan.steps.filter(\.losesData).map(\.sentence).joined(separator: "; ")
                throw RecordError(
                    .invalidOperation,
                    "the deploy would lose data: \(losses)"
                )
            }
            try change.apply(to: tx, org: org, as: user, records: records)
            let snapshots = records.snapshots
            tx.afterCommit { snapshots.invalidate(org, schemaToo: true) }
            return plan
        }
    }

    /// Makes an org: its store, its first packages, its own row and its first administrator.
    ///
    /// - Returns: the administrator's record id.
    package func createOrg(_ new: NewOrg) async throws -> RecordID {
        try await records.store.createOrg(new.id, idBase: new.idBase)
        let records = records
        let packages = packages
        return try await records.store.writeAlone(new.id) { tx in
            var user: RecordID?
            for files in new.packages {
                let change = try DeployChange(files, packages: packages, tx: tx)
                try tx.apply(AuthorizedSchemaChange(from: change.old, to: change.new))
                if user == nil {
                    user = try Seeding.begin(new, change.new, tx, records)
                }
                guard let user else { continue }
                try change.store(in: tx)
                try change.grant(in: tx, org: new.id, as: user, records: records)
            }
            guard let user else {
                throw RecordError(.invalidInput, "an org needs at least the package `platform`")
            }
            try Seeding.finish(new, user, tx, records)
            let snapshots = records.snapshots
            tx.afterCommit { snapshots.invalidate(new.id, schemaToo: true) }
            return user
        }
    }
}

/// What it takes to make an org.
package struct NewOrg: Sendable {
    package struct Administrator: Sendable {
        package let username: String
        package let firstName: String?
        package let lastName: String
        package let email: String

        package init(username: String, firstName: String?, lastName: String, email: String) {
            self.username = username
            self.firstName = firstName
            self.lastName = lastName
            self.email = email
        }
    }

    package let id: OrgID
    package let idBase: Int64
    package let name: String
    package let timeZone: String
    package let locale: String
    /// For trying things out, with no real work in it.
    package let isSandbox: Bool
    package let administrator: Administrator
    /// The files of each package, in the order of installation; the first is the platform's.
    package let packages: [[MetadataPackage.File]]

    package init(
        id: OrgID,
        idBase: Int64,
        name: String,
        timeZone: String = "UTC",
        locale: String = "en_US",
        isSandbox: Bool = false,
        administrator: Administrator,
        packages: [[MetadataPackage.File]]
    ) {
        self.id = id
        self.idBase = idBase
        self.name = name
        self.timeZone = timeZone
        self.locale = locale
        self.isSandbox = isSandbox
        self.administrator = administrator
        self.packages = packages
    }
}

/// One package's change of an org: what was, what will be.
struct DeployChange {
    let old: OrgSchema?
    let new: OrgSchema
    private let package: MetadataPackage
    private let oldFiles: [MetadataPackage.File]
    /// The position at which the package is installed.
    private let position: Int
    private let isFirst: Bool
    /// Whether the org does not have the package yet.
    var isNew: Bool { oldFiles.isEmpty }

    init(
        _ files: [MetadataPackage.File],
        packages: PackageCache,
        tx: any ReadTransaction
    ) throws {
        package = try packages.package(files)
        let installedFiles = try SnapshotLoading.installed(from: tx)
        var installed = try installedFiles.map(packages.package)
        let name = package.name
        let known = Set(installed.map(\.name) + [name])
        for need in package.needs where !known.contains(need) {
            throw PackageProblems([
                PackageProblem(
                    file: "package.yaml",
                    line: 0,
                    column: 0,
                    message: "needs the package `\(need)`, which is not installed"
                )
            ])
        }
        let prefixes = try SnapshotLoading.prefixes(from: tx)
        let version = try tx.document(kind: SnapshotLoading.Document.version, key: "present")
            .flatMap { Int($0) }
        old = try version.map {
            try SchemaAssembler.assemble(installed, prefixes: prefixes, version: $0)
        }
        if let index = installed.firstIndex(where: { $0.name == name }) {
            oldFiles = installedFiles[index]
            installed[index] = package
            position = index
        } else {
            oldFiles = []
            position = installed.count
            installed.append(package)
        }
        isFirst = version == nil
        new = try SchemaAssembler.assemble(
            installed,
            prefixes: prefixes,
            version: (version ?? 0) + 1
        )
        let problems =
            FormulaFieldCheck(schema: new).problems
            + PresentationCheck(schema: new).problems + WebhookCheck(schema: new).problems
            + ServiceCheck(schema: new).problems
            + DuplicateCheck(schema: new).problems
            + ConversionCheck(schema: new).problems
            + FlowCheck(schema: new).problems
            + RollUpCheck(schema: new).problems + ValidationRuleCheck(schema: new).problems
            + SharingCheck(schema: new).problems
        guard problems.isEmpty else { throw PackageProblems(problems) }
    }

    func plan(steps: [SchemaStep]) -> DeployPlan {
        DeployPlan(
            package: package.name,
            version: package.version,
            changes: PackageDiff.lines(
                from: old,
                to: new,
                oldFiles: oldFiles,
                newFiles: package.files
            ),
            steps: steps
        )
    }

    func apply(
        to tx: any WriteTransaction,
        org: OrgID,
        as user: RecordID,
        records: Records
    ) throws {
        try tx.apply(AuthorizedSchemaChange(from: old, to: new))
        try store(in: tx)
        try grant(in: tx, org: org, as: user, records: records)
    }

    /// Keeps the package's files, and the key prefixes that custom objects were given.
    func store(in tx: any WriteTransaction) throws {
        let number = String(position)
        let key = String(repeating: "0", count: max(0, 5 - number.count)) + number
        let stem = "\(key) \(package.name)/"
        for file in oldFiles {
            try tx.putDocument(
                kind: SnapshotLoading.Document.file,
                key: stem + file.path,
                text: nil
            )
        }
        for file in package.files {
            try tx.putDocument(
                kind: SnapshotLoading.Document.file,
                key: stem + file.path,
                text: file.text
            )
        }
        for object in new.objects {
            try tx.putDocument(
                kind: SnapshotLoading.Document.prefix,
                key: object.name.text,
                text: object.keyPrefix.description
            )
        }
        try tx.putDocument(
            kind: SnapshotLoading.Document.version,
            key: "present",
            text: String(new.version)
        )
    }

    /// Turns declared profiles, permission sets, roles and queues into records; fills new summaries.
    func grant(
        in tx: any WriteTransaction,
        org: OrgID,
        as user: RecordID,
        records: Records
    ) throws {
        let writer = try Seeding.writer(org, user, new, tx, records)
        try RollUpFilling(writer: writer).fill(from: old)
        try RightsDeployment(writer: writer).apply(package)
        try DuplicateDeployment(writer: writer).apply()
        try FlowSchedules(writer: writer).renew()
    }
}
