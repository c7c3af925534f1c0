import Language
package import Metadata
private import Synchronization

/// Reads an org's definitions, roles, groups and rights out of its store.
enum SnapshotLoading {
    private static let numbers = Mutex(0)

    static func nextNumber() -> Int {
        numbers.withLock { number in
            number += 1
            return number
        }
    }

    /// Document kinds under which an org keeps its own metadata.
    enum Document {
        /// Key `<position> <package>/<path>`.
        static let file = "metadata-file"
        /// Key: the object's name; text: its key prefix.
        static let prefix = "key-prefix"
        static let version = "schema-version"
    }

    static func schema(
        of org: OrgID,
        from tx: any ReadTransaction,
        packages: PackageCache
    ) throws -> OrgSchema {
        let installed = try installed(from: tx)
        let prefixes = try prefixes(from: tx)
        return try SchemaAssembler.assemble(
            try installed.map(packages.package),
            prefixes: prefixes,
            version: try version(from: tx)
        )
    }

    /// The number of the definitions that a transaction sees; zero before the first.
    static func version(from tx: any ReadTransaction) throws -> Int {
        try tx.document(kind: Document.version, key: "present").flatMap { Int($0) } ?? 0
    }

    /// The files of each installed package, in the order of installation.
    static func installed(from tx: any ReadTransaction) throws -> [[MetadataPackage.File]] {
        var packages: [(name: Substring, files: [MetadataPackage.File])] = []
        let documents = try tx.documents(kind: Document.file).sorted { $0.key < $1.key }
        for document in documents {
            // `00001 service-desk/objects/Case.yaml`
            let parts = document.key.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let file = MetadataPackage.File(path: String(parts[1]), text: document.text)
            if packages.last?.name == parts[0] {
                packages[packages.count - 1].files.append(file)
            } else {
                packages.append((parts[0], [file]))
            }
        }
        return packages.map(\.files)
    }

    static func prefixes(from tx: any ReadTransaction) throws -> [APIName: KeyPrefix] {
        var prefixes: [APIName: KeyPrefix] = [:]
        for document in try tx.documents(kind: Document.prefix) {
            if let prefix = KeyPrefix(document.text) { prefixes[APIName(document.key)] = prefix }
        }
        return prefixes
    }

    static func snapshot(
        of org: OrgID,
        schema: OrgSchema,
        rates: RestrictionRates = RestrictionRates(),
        from tx: any ReadTransaction
    ) throws -> OrgSnapshot {
        let questions = SystemQuestions(org: org, schema: schema, tx: tx)
        return OrgSnapshot(
            org: org,
            schema: schema,
            organization: try questions.organization(),
            roles: try questions.roles(),
            groups: try questions.groups(),
            users: try questions.users(),
            sharing: try SharingInForce(schema, RuleRegister(from: tx)),
            restrictions: try RestrictionsInForce(questions, rates),
            number: nextNumber()
        )
    }
}

/// The kernel's own queries, with every right, before there is a snapshot to ask through.
struct SystemQuestions {
    let org: OrgID
    let schema: OrgSchema
    let tx: any ReadTransaction

    /// The rows of a query; none where the org does not have the object.
    func rows(_ soql: String) throws -> [[FieldValue]] {
        guard let plan = try plan(soql) else { return [] }
        return try rows(plan)
    }

    func rows(_ plan: AuthorizedRead) throws -> [[FieldValue]] {
        var sink = TableSink(plan)
        _ = try tx.read(plan, .first(Int.max - 1), into: &sink)
        return sink.rows
    }

    /// `nil` where the org does not have the object.
    func plan(_ soql: String) throws -> AuthorizedRead? {
        let statement = try SOQLParser.parse(soql)
        guard let name = statement.from.object.segments.first,
            schema.object(APIName(name.text)) != nil
        else { return nil }
        let query = try Resolver.resolve(statement, in: schema, visible: FullVisibility())
        let user = RecordID(number: 0)
        let authorizer = Authorizer(
            schema: schema,
            access: .system(user),
            org: org,
            context: ReadContext(
                user: user,
                timeZone: "UTC",
                locale: "en_US",
                calendar: CalendarSettings()
            )
        )
        return authorizer.authorize(query)
    }

    func organization() throws -> OrganizationSettings {
        let soql = """
            SELECT Id, Name, IsSandbox, TimeZoneSidKey, DefaultLocaleSidKey, LanguageLocaleKey, \
            FiscalYearStartMonth, UsesStartDateAsFiscalYearName FROM Organization LIMIT 1
            """
        guard let row = try rows(soql).first, row.count == 8 else { return OrganizationSettings() }
        let month = if case .number(let number) = row[6] { Int(number.unscaled) } else { 1 }
        return OrganizationSettings(
            name: row[1].text ?? "",
            isSandbox: row[2].boolean ?? false,
            timeZone: row[3].text ?? "UTC",
            locale: row[4].text ?? "en_US",
            language: row[5].text ?? "en_US",
            calendar: CalendarSettings(
                fiscalYearStartMonth: (1...12).contains(month) ? month : 1,
                namesFiscalYearByEnd: !(row[7].boolean ?? false)
            )
        )
    }

    func roles() throws -> RoleHierarchy {
        let settings = (schema.object("UserRole")?.fields ?? []).map(\.name)
            .filter { $0.text.hasSuffix("AccessForAccountOwner") }
        var parents: [RecordID: RecordID] = [:]
        var names: [APIName: RecordID] = [:]
        var brings: [RecordID: [APIName: String]] = [:]
        let more = settings.map { ", \($0)" }.joined()
        for row in try rows("SELECT Id, ParentRoleId, DeveloperName\(more) FROM UserRole") {
            guard let role = row[0].id else { continue }
            if let parent = row[1].id { parents[role] = parent }
            if let name = row[2].text { names[APIName(name)] = role }
            for (name, value) in zip(settings, row.dropFirst(3)) {
                if let text = value.text { brings[role, default: [:]][name] = text }
            }
        }
        return RoleHierarchy(parents: parents, names: names, settings: brings)
    }

    func groups() throws -> GroupMembership {
        let entries = try rows(
            "SELECT Id, Type, RelatedId, DeveloperName, DoesIncludeBosses FROM Group"
        ).compactMap { row in
            row[0].id.map {
                GroupMembership.Entry(
                    id: $0,
                    type: row[1].text ?? "",
                    name: APIName(row[3].text ?? ""),
                    related: row[2].id,
                    includesBosses: row[1].text != "Regular" && row[1].text != "Queue"
                        || row[4].boolean ?? false
                )
            }
        }
        let members = try rows("SELECT Id, GroupId, UserOrGroupId FROM GroupMember")
            .compactMap { row in
                if let group = row[1].id, let member = row[2].id {
                    (group, member)
                } else {
                    nil as (RecordID, RecordID)?
                }
            }
        return GroupMembership(
            entries: entries,
            members: members.map { (group: $0.0, member: $0.1) }
        )
    }

    func users() throws -> UserDirectory {
        UserDirectory(
            try rows("SELECT Id, UserRoleId, Profile.UserType FROM User").compactMap { row in
                row[0].id.map {
                    UserDirectory.Entry(
                        id: $0,
                        role: row[1].id,
                        kind: CallerSharing.Kind(userType: row[2].text)
                    )
                }
            }
        )
    }

    /// What a user may do: the profile and the permission sets, added up.
    func access(
        of user: RecordID,
        at now: Instant,
        in snapshot: OrgSnapshot
    ) throws -> CallerAccess {
        let found = try rows(
            "SELECT Id, ProfileId, UserRoleId, IsActive, Profile.UserType FROM User "
                + "WHERE Id = '\(user)'"
        )
        guard let row = found.first, row[3].boolean == true else {
            throw RecordError(.invalidSessionID, "Session expired or invalid")
        }
        let (sets, end) = try permissionSets(of: user, profile: row[1].id, at: now)
        var grants = GrantSum()
        try grants.addPermissions(sets, self)
        try grants.addObjects(sets, self)
        try grants.addFields(sets, self)
        let place = UserPlace(
            UserDirectory.Entry(
                id: user,
                role: row[2].id,
                kind: CallerSharing.Kind(userType: row[4].text)
            ),
            roles: snapshot.roles,
            groups: snapshot.groups,
            users: snapshot.users
        )
        return CallerAccess(
            user: user,
            isSystem: false,
            permissions: grants.permissions,
            owners: place.owners,
            queues: place.queues,
            sharing: try CallerSharing(place, profile: row[1].id, snapshot, self),
            objects: grants.objects,
            readable: grants.readable,
            editable: grants.editable,
            endsAt: end
        )
    }

    /// What some permission sets bring, without a user who has them.
    func access(ofSets sets: [RecordID]) throws -> CallerAccess {
        var grants = GrantSum()
        try grants.addPermissions(sets, self)
        try grants.addObjects(sets, self)
        try grants.addFields(sets, self)
        return CallerAccess(
            user: RecordID(number: 0),
            isSystem: false,
            permissions: grants.permissions,
            owners: [],
            queues: [],
            objects: grants.objects,
            readable: grants.readable,
            editable: grants.editable
        )
    }

    /// The permission sets that a user has now, and when the first of them is lost again.
    private func permissionSets(
        of user: RecordID,
        profile: RecordID?,
        at now: Instant
    ) throws -> (sets: [RecordID], end: Instant?) {
        var sets: [RecordID] = []
        var end: Instant?
        for row in try rows(
            "SELECT Id, PermissionSetId, ExpirationDate FROM PermissionSetAssignment "
                + "WHERE AssigneeId = '\(user)'"
        ) {
            guard let set = row[1].id else { continue }
            if case .dateTime(let expires) = row[2] {
                guard expires > now else { continue }
                end = min(end ?? expires, expires)
            }
            sets.append(set)
        }
        if let profile {
            sets += try rows("SELECT Id FROM PermissionSet WHERE ProfileId = '\(profile)'")
                .compactMap { $0[0].id }
        }
        return (sets, end)
    }
}

/// The grants of several permission sets, added up.
private struct GrantSum {
    var permissions: Set<UserPermission> = []
    var objects: [APIName: CallerAccess.ObjectRights] = [:]
    var readable: [APIName: Set<APIName>] = [:]
    var editable: [APIName: Set<APIName>] = [:]

    private static func list(_ sets: [RecordID]) -> String {
        sets.map { "'\($0)'" }.joined(separator: ",")
    }

    mutating func addPermissions(_ sets: [RecordID], _ questions: SystemQuestions) throws {
        guard !sets.isEmpty, let object = questions.schema.object("PermissionSet") else { return }
        let known = UserPermission.allCases.filter {
            object.field(APIName("Permissions\($0.rawValue)")) != nil
        }
        let columns = known.map { "Permissions\($0.rawValue)" }.joined(separator: ", ")
        let rows = try questions.rows(
            "SELECT Id, \(columns) FROM PermissionSet WHERE Id IN (\(GrantSum.list(sets)))"
        )
        for row in rows {
            for (permission, value) in zip(known, row.dropFirst()) where value.boolean == true {
                permissions.insert(permission)
            }
        }
    }

    mutating func addObjects(_ sets: [RecordID], _ questions: SystemQuestions) throws {
        guard !sets.isEmpty else { return }
        let rights: [(String, CallerAccess.ObjectRights)] = [
            ("PermissionsRead", .read), ("PermissionsCreate", .create),
            ("PermissionsEdit", .edit), ("PermissionsDelete", .delete),
            ("PermissionsViewAllRecords", .viewAll), ("PermissionsModifyAllRecords", .modifyAll),
            ("PermissionsViewAllFields", .viewAllFields),
            ("PermissionsEditAllFields", .editAllFields),
        ]
        let columns = rights.map(\.0).joined(separator: ", ")
        let rows = try questions.rows(
            "SELECT Id, SobjectType, \(columns) FROM ObjectPermissions "
                + "WHERE ParentId IN (\(GrantSum.list(sets)))"
        )
        for row in rows {
            guard let name = row[1].text.map({ APIName($0) }) else { continue }
            for (right, value) in zip(rights, row.dropFirst(2)) where value.boolean == true {
                objects[name, default: []].insert(right.1)
            }
        }
    }

    mutating func addFields(_ sets: [RecordID], _ questions: SystemQuestions) throws {
        guard !sets.isEmpty else { return }
        let rows = try questions.rows(
            "SELECT Id, SobjectType, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions "
                + "WHERE ParentId IN (\(GrantSum.list(sets)))"
        )
        for row in rows {
            guard let object = row[1].text.map({ APIName($0) }), let path = row[2].text else {
                continue
            }
            let name = APIName(path.split(separator: ".").last.map(String.init) ?? path)
            if row[3].boolean == true || row[4].boolean == true {
                readable[object, default: []].insert(name)
            }
            if row[4].boolean == true { editable[object, default: []].insert(name) }
        }
    }
}

extension RecordReader {
    /// The org's installed packages, with their files as they were deployed.
    package func installedPackages() throws -> [MetadataPackage] {
        guard access.isSystem || access.has(.viewSetup) else {
            throw RecordError(.insufficientAccess, "reading metadata needs ViewSetup")
        }
        return try SnapshotLoading.installed(from: tx).map(PackageReader.read)
    }
}
