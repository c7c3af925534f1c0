internal import Metadata

/// The first records of an org, which cannot come through its door: nobody is there yet to ask.
enum Seeding {
    /// A writer with every right under a schema that is just being deployed.
    static func writer(
        _ org: OrgID,
        _ user: RecordID,
        _ schema: OrgSchema,
        _ tx: any WriteTransaction,
        _ records: Records
    ) throws -> RecordWriter {
        let snapshot = OrgSnapshot(
            org: org,
            schema: schema,
            organization: OrganizationSettings(),
            roles: RoleHierarchy(parents: [:]),
            groups: GroupMembership(entries: [], members: []),
            number: SnapshotLoading.nextNumber()
        )
        return RecordWriter(
            caller: .system(org, as: user, because: "deploy"),
            snapshot: snapshot,
            access: .system(user),
            now: records.clock.now(),
            tx: tx,
            locators: records.locators,
            secrets: records.secrets,
            uses: records.uses,
            snapshots: records.snapshots,
            logins: records.logins,
            wakeUp: records.wakeUp
        )
    }

    /// The org's own row and its first user, without a profile as yet.
    ///
    /// - Returns: the user's id.
    static func begin(
        _ new: NewOrg,
        _ schema: OrgSchema,
        _ tx: any WriteTransaction,
        _ records: Records
    ) throws -> RecordID {
        guard let organization = schema.object("Organization"), let users = schema.object("User"),
            let user = try tx.newIDs(users, count: 1).first
        else {
            throw RecordError(.invalidInput, "the first package of an org is `platform`")
        }
        guard UsernameRule.isSound(new.administrator.username) else {
            throw RecordError(
                .invalidEmailAddress,
                "Username must be in the form of an email address: \(new.administrator.username.prefix(80))",
                fields: ["Username"]
            )
        }
        let now = records.clock.now()
        let common: [(APIName, FieldValue)] = [
            ("CreatedDate", .dateTime(now)), ("CreatedById", .id(user)),
            ("LastModifiedDate", .dateTime(now)), ("LastModifiedById", .id(user)),
            ("SystemModstamp", .dateTime(now)),
        ]
        try insert(
            organization,
            new.id.record,
            common + [
                ("Name", .text(new.name)), ("TimeZoneSidKey", .text(new.timeZone)),
                ("DefaultLocaleSidKey", .text(new.locale)), ("IsSandbox", .boolean(new.isSandbox)),
            ],
            tx
        )
        let administrator = new.administrator
        let names = [administrator.firstName, administrator.lastName].compactMap { $0 }
        try insert(
            users,
            user,
            common + [
                ("Username", .text(administrator.username)),
                ("FirstName", administrator.firstName.map { .text($0) } ?? .null),
                ("LastName", .text(administrator.lastName)),
                ("Name", .text(names.joined(separator: " "))),
                ("Email", .text(administrator.email)),
                ("Alias", .text(String(administrator.lastName.lowercased().prefix(8)))),
                ("CommunityNickname", .text(administrator.username)),
                ("TimeZoneSidKey", .text(new.timeZone)), ("IsActive", .boolean(true)),
            ],
            tx
        )
        try records.logins.reserve(administrator.username, for: user, in: new.id)
        return user
    }

    private static func insert(
        _ object: ObjectDefinition,
        _ id: RecordID,
        _ values: [(APIName, FieldValue)],
        _ tx: any WriteTransaction
    ) throws {
        var record = StoredRecord(id: id, values: object.fields.map(\.defaultValue))
        for (name, value) in [("Id", .id(id))] + values {
            if let field = object.field(name) { record[field] = value }
        }
        try tx.write(AuthorizedWrite(object: object, change: .insert([record])))
    }

    /// The administrator gets the profile that the platform package declares.
    static func finish(
        _ new: NewOrg,
        _ user: RecordID,
        _ tx: any WriteTransaction,
        _ records: Records
    ) throws {
        let schema = try SnapshotLoading.schema(of: new.id, from: tx, packages: .shared)
        let writer = try writer(new.id, user, schema, tx, records)
        let profile = try writer.rows(
            "SELECT Id FROM Profile WHERE Name = 'System Administrator'"
        ).first?.first?.id
        guard let profile else {
            throw RecordError(
                .invalidInput,
                "the package `platform` declares no System Administrator profile"
            )
        }
        let draft = RecordDraft(
            object: "User",
            id: user.description,
            values: ["ProfileId": .string(profile.description)]
        )
        if let error = try writer.save([draft], .update)[0].errors.first { throw error }
    }
}
