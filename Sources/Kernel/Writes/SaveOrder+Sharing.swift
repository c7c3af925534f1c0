import Metadata

// What sharing has to do with a save: shares themselves, and what follows from other saves.
extension SaveOrder {
    /// A share counts for whom it is given to; a user is of the kind that the profile is for.
    func deriveSharing(_ batch: inout SaveBatch) throws {
        if object.sharing.sharedObject != nil, let key = object.field(ShareNames.key),
            let grantee = object.field(ShareNames.grantee)
        {
            batch.forEachSound { entry in
                if entry.isCreated, let user = entry.next?[grantee] { entry.next?[key] = user }
            }
        }
        if object.name == "User" { try deriveUserType(&batch) }
    }

    private func deriveUserType(_ batch: inout SaveBatch) throws {
        guard let profile = object.field("ProfileId"), let type = object.field("UserType"),
            let profiles = writer.schema.object("Profile"), let given = profiles.field("UserType")
        else { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let id = batch.entries[index].next?[profile].id,
                batch.entries[index].stored?[profile].id != id,
                let found = try tx.load(profiles, [id]).first, !found[given].isNull
            else { continue }
            batch.entries[index].next?[type] = found[given]
        }
    }

    /// Who shares a record, or puts someone into its team, has all of it; the platform alone writes
    /// the shares that follow from rules and teams.
    func checkShares(_ batch: inout SaveBatch) throws {
        if let shared = object.sharing.sharedObject {
            try checkManualShares(&batch, of: shared)
        } else if let team = object.sharing.team, let record = object.field(team.record) {
            try requireAll(record, &batch)
            try refuseTwice(team, &batch)
        }
    }

    private func checkManualShares(_ batch: inout SaveBatch, of shared: APIName) throws {
        let names = ShareNames(shared)
        guard let record = object.field(names.record), let level = object.field(names.level),
            let cause = object.field(ShareNames.cause),
            let grantee = object.field(ShareNames.grantee)
        else { return }
        for index in batch.entries.indices {
            guard let next = batch.entries[index].next else { continue }
            if next[cause] != .text("Manual") {
                batch.fail(
                    index,
                    .fieldIntegrityException,
                    "Row Cause: only manual shares are written by hand; the platform keeps those "
                        + "of rules and teams",
                    [cause.name]
                )
            }
            if next[level] == .text("All") {
                batch.fail(
                    index,
                    .fieldIntegrityException,
                    "\(level.label): a share gives Read or Edit; all is its owner's",
                    [level.name]
                )
            }
            if let user = next[grantee].id, isGuest(user) {
                batch.fail(
                    index,
                    .fieldIntegrityException,
                    "User/Group ID: a guest has only what a guest rule opens",
                    [grantee.name]
                )
            }
        }
        try requireAll(record, &batch)
        try refuseShareTwice(&batch, record, grantee, cause)
    }

    private func isGuest(_ user: RecordID) -> Bool {
        writer.snapshot.users.users[user]?.kind == .guest
    }

    /// The caller has all of the record that a lookup of a new record names.
    private func requireAll(_ lookup: FieldDefinition, _ batch: inout SaveBatch) throws {
        var wanted: [RecordID: [Int]] = [:]
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard let id = entry.next?[lookup].id, entry.stored?[lookup].id != id else { continue }
            wanted[id, default: []].append(index)
        }
        for (prefix, ids) in Dictionary(grouping: wanted.keys, by: \.prefix) {
            guard let target = writer.schema.object(withPrefix: prefix) else { continue }
            let rows = writer.authorizer.rows(of: target, for: .delete)
            let seen = try tx.visible(ids, of: target, under: rows)
            for id in ids where !seen.contains(id) {
                for index in wanted[id] ?? [] {
                    batch.fail(
                        index,
                        .insufficientAccessOrReadonly,
                        "only its owner and those above decide who else has a record",
                        [lookup.name]
                    )
                }
            }
        }
    }

    private func refuseShareTwice(
        _ batch: inout SaveBatch,
        _ record: FieldDefinition,
        _ grantee: FieldDefinition,
        _ cause: FieldDefinition
    ) throws {
        try refuseTwice(&batch, record, grantee) { $0[cause] == .text("Manual") }
    }

    private func refuseTwice(_ team: TeamDefinition, _ batch: inout SaveBatch) throws {
        guard let record = object.field(team.record), let member = object.field(team.member)
        else { return }
        try refuseTwice(&batch, record, member) { _ in true }
    }

    /// Nobody is twice in a team, or has two manual shares of one record.
    private func refuseTwice(
        _ batch: inout SaveBatch,
        _ record: FieldDefinition,
        _ person: FieldDefinition,
        where counts: (StoredRecord) -> Bool
    ) throws {
        let wanted = batch.sound.filter(\.isCreated).compactMap { $0.next?[record].id }
        guard !wanted.isEmpty else { return }
        let found = try tx.children(object, by: record, of: wanted, limit: Int.max)
        struct Pair: Hashable {
            let record: RecordID
            let person: RecordID
        }
        var taken: Set<Pair> = []
        for stored in try tx.load(object, found.map(\.id)) where counts(stored) {
            if let id = stored[record].id, let other = stored[person].id {
                taken.insert(Pair(record: id, person: other))
            }
        }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard entry.isCreated, let id = entry.next?[record].id,
                let other = entry.next?[person].id
            else { continue }
            if !taken.insert(Pair(record: id, person: other)).inserted {
                batch.fail(
                    index,
                    .duplicateValue,
                    "\(person.label): has this record already",
                    [person.name]
                )
            }
        }
    }

    /// Shares that follow from the save.
    func shareRows(_ batch: inout SaveBatch) throws {
        let changes = batch.sound.compactMap { entry in
            entry.next.map { (before: entry.stored, after: $0) }
        }
        try ShareRows(writer: writer).follow(object, changes)
    }
}

extension RecordWriter {
    /// Takes a manual share away, for good: it is not kept in the recycle bin.
    func unshare(_ share: StoredRecord, _ object: ObjectDefinition) throws {
        guard let cause = object.field(ShareNames.cause), share[cause] == .text("Manual") else {
            throw RecordError(
                .insufficientAccessOrReadonly,
                "only manual shares are taken away by hand; the platform keeps those of rules and "
                    + "teams"
            )
        }
        try writeTransaction.write(AuthorizedWrite(object: object, change: .purge([share])))
    }

    /// The same transaction under what it has itself written of roles, groups and rules.
    func withPresentSnapshot() throws -> RecordWriter {
        RecordWriter(
            caller: caller,
            snapshot: try SnapshotLoading.snapshot(of: caller.org, schema: schema, from: tx),
            access: access,
            now: now,
            tx: writeTransaction,
            locators: locators,
            secrets: secrets,
            uses: uses,
            snapshots: snapshots,
            logins: logins,
            wakeUp: wakeUp,
            chain: chain,
            trace: trace
        )
    }

    private static let roleGroups = [
        "Role", "RoleAndSubordinates", "RoleAndSubordinatesInternal",
    ]

    /// Every role has the groups that stand for its users, so that records can be shared with them.
    func keepRoleGroups(_ object: ObjectDefinition, _ roles: [StoredRecord]) throws {
        guard object.name == "UserRole", !roles.isEmpty, schema.object("Group") != nil else {
            return
        }
        let system = asSystem(because: "a role has groups that stand for its users")
        for role in roles {
            try system.keepGroups(
                ofRole: role.id,
                named: object.field("DeveloperName").flatMap { role[$0].text } ?? role.id.short
            )
        }
    }

    /// Makes those of a role's groups that are missing.
    func keepGroups(ofRole role: RecordID, named name: String) throws {
        let questions = SystemQuestions(org: caller.org, schema: schema, tx: tx)
        let known = try questions.rows("SELECT Id, Type FROM Group WHERE RelatedId = '\(role)'")
            .compactMap { $0[1].text }
        for type in RecordWriter.roleGroups where !known.contains(type) {
            try keepGroup(type, named: name, related: role)
        }
    }

    /// Makes the group of everyone who works here, where it is missing.
    func keepEveryone() throws {
        let questions = SystemQuestions(org: caller.org, schema: schema, tx: tx)
        guard schema.object("Group") != nil,
            try questions.rows("SELECT Id FROM Group WHERE Type = 'Organization'").isEmpty
        else { return }
        try keepGroup("Organization", named: "AllInternalUsers", related: nil)
    }

    private func keepGroup(_ type: String, named name: String, related: RecordID?) throws {
        var values: JSONObject = [
            "Name": .string(String(name.prefix(40))), "DeveloperName": .string(name),
            "Type": .string(type),
        ]
        if let related {
            let id = JSONValue.string(related.description)
            values.members.append(JSONObject.Member(name: "RelatedId", value: id))
        }
        let draft = RecordDraft(object: "Group", values: values)
        if let error = try save([draft], .create)[0].errors.first { throw error }
    }
}
