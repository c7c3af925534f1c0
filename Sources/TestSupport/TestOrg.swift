import Accountability
package import Kernel
package import Metadata

/// An org in one line, with its store, its clock and its first administrator.
package final class TestOrg: Sendable {
    package let id: OrgID
    package let clock: TestClock
    package let records: Records
    package let logins: OpenLoginDesk
    /// The org's first user, a system administrator.
    package let administrator: Caller
    private let kept: TestStore

    package var store: any RecordStore { kept.store }

    /// The org's file, where its store keeps files.
    package var file: String? { kept.folder.map { "\($0)/orgs/\(id)/records.sqlite" } }

    /// - Parameters:
    ///   - apps: names of folders under `apps`; what they need is installed before them.
    ///   - timeZone: the org's, and the administrator's.
    package init(
        on kind: StoreKind = .reference,
        apps: [String] = ["service-desk"],
        clock: TestClock = TestClock(),
        timeZone: String = "UTC",
        isSandbox: Bool = false
    ) async throws {
        AccountabilityOffice.addActions()
        self.clock = clock
        let key = TestOrgTemplate.Key(
            kind: kind,
            apps: apps,
            timeZone: timeZone,
            isSandbox: isSandbox,
            made: clock.now()
        )
        let template = try await TestOrgTemplate.find(key) {
            try await TestOrg.install(key, clock: FixedClock(instant: key.made))
        }
        kept = try template.store.copy(kind, clock: clock)
        logins = OpenLoginDesk(template.usernames)
        records = try TestOrg.records(kept, clock, logins)
        id = TestOrg.id(1)
        administrator = Caller(org: id, user: template.administrator, timeZone: timeZone)
    }

    private init(_ kept: TestStore, like other: TestOrg) throws {
        clock = other.clock
        self.kept = kept
        logins = other.logins
        records = try TestOrg.records(kept, clock, logins)
        id = other.id
        administrator = other.administrator
    }

    /// The same org in the next process, which remembers nothing but what is on disk.
    package func reopened(isClean: Bool = true) async throws -> TestOrg {
        try TestOrg(await kept.reopened(isClean: isClean, clock: clock), like: self)
    }

    private static func install(
        _ key: TestOrgTemplate.Key,
        clock: any WallClock
    ) async throws -> TestOrgTemplate {
        let store = key.kind.make(clock: clock)
        let logins = OpenLoginDesk()
        let administrator = try await create(
            id(1),
            idBase: 1_000,
            apps: key.apps,
            in: try records(store, clock, logins),
            timeZone: key.timeZone,
            isSandbox: key.isSandbox
        )
        return TestOrgTemplate(
            store: store,
            administrator: administrator.user,
            usernames: logins.usernames
        )
    }

    private static func records(
        _ kept: TestStore,
        _ clock: any WallClock,
        _ logins: OpenLoginDesk
    ) throws -> Records {
        Records(
            store: kept.store,
            clock: clock,
            logins: logins,
            secrets: try SecretBox(deploymentKey: Array(0..<32))
        )
    }

    /// Makes a further org in the same store.
    ///
    /// - Returns: its administrator.
    package func neighbour(
        _ number: Int64,
        apps: [String] = ["service-desk"]
    ) async throws -> Caller {
        try await TestOrg.create(
            TestOrg.id(number),
            idBase: number * 1_000_000,
            apps: apps,
            in: records,
            timeZone: "UTC"
        )
    }

    private static func id(_ number: Int64) -> OrgID {
        OrgID(RecordID(prefix: KeyPrefix("00D") ?? KeyPrefix(number: 0), sequence: number))
    }

    private static func create(
        _ id: OrgID,
        idBase: Int64,
        apps: [String],
        in records: Records,
        timeZone: String,
        isSandbox: Bool = false
    ) async throws -> Caller {
        let number = id.record.sequence
        let user = try await Deployment(records).createOrg(
            NewOrg(
                id: id,
                idBase: idBase,
                name: "Springfield",
                timeZone: timeZone,
                isSandbox: isSandbox,
                administrator: NewOrg.Administrator(
                    username: "ada@springfield\(number).example",
                    firstName: "Ada",
                    lastName: "Lovelace",
                    email: "ada@springfield\(number).example"
                ),
                packages: try installation(of: apps).map(ShippedApps.files)
            )
        )
        return Caller(org: id, user: user, timeZone: timeZone)
    }

    /// The apps with what they need, each after what it needs.
    private static func installation(of apps: [String]) throws -> [String] {
        var order: [String] = []
        for app in apps {
            for name in try installation(of: try needs(of: app)) + [app]
            where !order.contains(name) {
                order.append(name)
            }
        }
        return order
    }

    /// What an app needs, read once: tests make many orgs.
    private static func needs(of app: String) throws -> [String] {
        if let known = knownNeeds.withLock({ $0[app] }) { return known }
        let needs = try PackageReader.read(try ShippedApps.files(of: app)).needs
        knownNeeds.withLock { $0[app] = needs }
        return needs
    }

    private static let knownNeeds = Locked<[String: [String]]>([:])
}

// MARK: - Users

extension TestOrg {
    /// Makes a user.
    ///
    /// - Parameters:
    ///   - profile: by its name, such as `Support Agent`.
    ///   - role: by its developer name, such as `Streets_Agent`.
    ///   - permissionSets: by their names.
    package func user(
        _ name: String,
        profile: String = "Standard User",
        role: String? = nil,
        permissionSets: [String] = [],
        timeZone: String = "UTC"
    ) async throws -> Caller {
        var values: JSONObject = [
            "LastName": .string(name), "Alias": .string(String(name.lowercased().prefix(8))),
            "Username": .string("\(name.lowercased())@springfield.example"),
            "Email": .string("\(name.lowercased())@springfield.example"),
            "CommunityNickname": .string(name), "TimeZoneSidKey": .string(timeZone),
            "ProfileId": .id(try await only("SELECT Id FROM Profile WHERE Name = '\(profile)'")),
        ]
        if let role {
            let id = try await only("SELECT Id FROM UserRole WHERE DeveloperName = '\(role)'")
            values.members.append(JSONObject.Member(name: "UserRoleId", value: .id(id)))
        }
        let user = try await create("User", values, as: administrator)
        for set in permissionSets {
            let id = try await only("SELECT Id FROM PermissionSet WHERE Name = '\(set)'")
            try await create(
                "PermissionSetAssignment",
                ["AssigneeId": .id(user), "PermissionSetId": .id(id)],
                as: administrator
            )
        }
        return Caller(org: self.id, user: user, timeZone: timeZone)
    }

    /// The queue of that developer name.
    package func queue(_ name: String) async throws -> RecordID {
        try await only("SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = '\(name)'")
    }

    /// The id of the one record that a query finds for the administrator.
    package func only(_ soql: String) async throws -> RecordID {
        let found = try await query(soql, as: administrator)
        guard let id = found.first?["Id"].id, found.count == 1 else {
            throw RecordError(.notFound, "\(found.count) records instead of one: \(soql)")
        }
        return id
    }
}

// MARK: - Saves

extension TestOrg {
    /// Creates a record.
    ///
    /// - Throws: the record's first error.
    @discardableResult
    package func create(
        _ object: String,
        _ values: JSONObject,
        as caller: Caller
    ) async throws -> RecordID {
        try await one(.create, RecordDraft(object: object, values: values), as: caller)
    }

    /// Changes a record.
    package func update(
        _ object: String,
        _ id: RecordID,
        _ values: JSONObject,
        as caller: Caller,
        options: SaveOptions = SaveOptions()
    ) async throws {
        let draft = RecordDraft(object: object, id: id.description, values: values)
        _ = try await one(.update, draft, as: caller, options: options)
    }

    /// Changes the record whose field has the value, or creates one.
    @discardableResult
    package func upsert(
        _ object: String,
        by field: String,
        _ values: JSONObject,
        as caller: Caller
    ) async throws -> SaveResult {
        try await save(
            [RecordDraft(object: object, values: values)],
            .upsert(field: field),
            as: caller
        )[0]
    }

    package func delete(_ id: RecordID, as caller: Caller) async throws {
        try await each(caller) { try $0.delete([id.description]) }
    }

    package func undelete(_ id: RecordID, as caller: Caller) async throws {
        try await each(caller) { try $0.undelete([id.description]) }
    }

    package func purge(_ id: RecordID, as caller: Caller) async throws {
        try await each(caller) { try $0.purge([id.description]) }
    }

    /// Saves records in one request; each result stands where its draft stood.
    package func save(
        _ drafts: [RecordDraft],
        _ operation: SaveOperation,
        as caller: Caller,
        options: SaveOptions = SaveOptions()
    ) async throws -> [SaveResult] {
        try await records.write(as: caller) { try $0.save(drafts, operation, options: options) }
    }

    private func one(
        _ operation: SaveOperation,
        _ draft: RecordDraft,
        as caller: Caller,
        options: SaveOptions = SaveOptions()
    ) async throws -> RecordID {
        let result = try await save([draft], operation, as: caller, options: options)[0]
        guard let id = result.id else {
            throw result.errors.first ?? RecordError(.unknownException, "no result")
        }
        return id
    }

    private func each(
        _ caller: Caller,
        _ body: @escaping @Sendable (RecordWriter) throws -> [SaveResult]
    ) async throws {
        let results = try await records.write(as: caller, body)
        if let error = results.flatMap(\.errors).first { throw error }
    }
}

// MARK: - Queries

extension TestOrg {
    /// The records that a query finds, on however many pages; groups have one value for each column.
    package func query(
        _ soql: String,
        as caller: Caller,
        options: QueryOptions = QueryOptions()
    ) async throws -> [TestRecord] {
        try await records.read(as: caller) { reader in
            var page = try reader.query(soql, options: options) { TestRecordSink($0) }
            var found = page.sink.records
            while let next = page.nextLocator {
                page = try reader.queryMore(next, options: options) { TestRecordSink($0) }
                found += page.sink.records
            }
            return found
        }
    }

    /// How many rows a query finds; the number itself for `COUNT()`.
    package func count(_ soql: String, as caller: Caller) async throws -> Int {
        try await records.read(as: caller) { reader in
            try reader.query(soql) { TestRecordSink($0) }.total
        }
    }

    /// The ids of the records of an object that a search finds, in their order.
    package func search(_ sosl: String, as caller: Caller) async throws -> [RecordID] {
        try await records.read(as: caller) { try $0.search(sosl).flatMap(\.ids).sorted() }
    }
}

extension JSONValue {
    /// An id as a client sends it.
    package static func id(_ id: RecordID) -> JSONValue { .string(id.description) }
}
