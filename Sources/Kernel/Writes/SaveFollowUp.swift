import Metadata

// What follows from a save that is not a row of its own object.
extension SaveOrder {
    func followUp(_ batch: inout SaveBatch) throws {
        try reserveLogins(batch)
        try completeContentVersions(batch)
        try writer.keepRoleGroups(object, batch.sound.filter(\.isCreated).compactMap(\.next))
        try writer.noteChange(of: object, batch.sound.map { ($0.stored, $0.next) })
    }

    private func reserveLogins(_ batch: SaveBatch) throws {
        guard object.name == "User", let field = object.field("Username"),
            let active = object.field("IsActive")
        else { return }
        for entry in batch.sound {
            guard let next = entry.next else { continue }
            if entry.stored?[field] != next[field], let username = next[field].text {
                try writer.logins.reserve(username, for: next.id, in: writer.caller.org)
            }
            if let stored = entry.stored, stored[active] != next[active] {
                try writer.logins.setActive(
                    next[active] == .boolean(true),
                    next.id,
                    in: writer.caller.org
                )
            }
        }
    }

    /// A first version of a file gets the document that later versions belong to.
    private func completeContentVersions(_ batch: SaveBatch) throws {
        guard object.name == "ContentVersion",
            let documents = writer.schema.object("ContentDocument"),
            let link = object.field("ContentDocumentId"), let title = object.field("Title")
        else { return }
        for entry in batch.sound where entry.isCreated {
            guard let next = entry.next, next[link].isNull else { continue }
            let system = writer.asSystem(because: "a file's first version makes its document")
            let results = try system.save(
                [
                    RecordDraft(
                        object: documents.name.text,
                        values: JSONObject([
                            JSONObject.Member(
                                name: "Title",
                                value: .string(next[title].text ?? "Untitled")
                            )
                        ])
                    )
                ],
                .create
            )
            guard let id = results.first?.id else {
                throw results.first?.errors.first
                    ?? RecordError(.unknownException, "the file's document could not be made")
            }
            var after = next
            after[link] = .id(id)
            try tx.write(
                AuthorizedWrite(
                    object: object,
                    change: .update([
                        AuthorizedWrite.Update(before: next, after: after, changed: [link.index])
                    ])
                )
            )
        }
    }
}

extension RecordWriter {
    /// The same transaction with every right, in the caller's name.
    func asSystem(because reason: String) -> RecordWriter {
        with(
            Caller(
                org: caller.org,
                user: caller.user,
                mode: .system(because: reason),
                timeZone: caller.timeZone,
                locale: caller.locale
            ),
            .system(caller.user)
        )
    }

    /// The same transaction for another caller.
    func with(_ caller: Caller, _ access: CallerAccess) -> RecordWriter {
        let writer = RecordWriter(
            caller: caller,
            snapshot: snapshot,
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
            trace: trace,
            told: told
        )
        writer.flowWork = flowWork
        return writer
    }

    /// Objects whose records say who may do what.
    private static let accessObjects: Set<APIName> = [
        "User", "UserRole", "Profile", "PermissionSet", "PermissionSetAssignment",
        "ObjectPermissions", "FieldPermissions", "Group", "GroupMember", "QueueSobject",
        "Organization", "RecordType",
    ]
    private static let accessFieldsOfUser: [APIName] = [
        "UserRoleId", "ProfileId", "IsActive", "IsDeleted",
    ]

    /// After the save is on disk, rights are worked out anew where they may have changed.
    func noteChange(
        of object: ObjectDefinition,
        _ changes: [(before: StoredRecord?, after: StoredRecord?)]
    ) throws {
        guard changesAccess(object, changes) else { return }
        let org = caller.org
        let snapshots = snapshots
        writeTransaction.afterCommit { snapshots.invalidate(org, schemaToo: false) }
        let isOfCalendars = BusinessCalendars.objects.contains(object.name)
        if isOfCalendars || object.name == "RecordType" { told.memory.noteChange() }
        if isOfCalendars, changes.contains(where: { $0 != $1 }) {
            try CalendarChanges.ask(self)
        }
    }

    private func changesAccess(
        _ object: ObjectDefinition,
        _ changes: [(before: StoredRecord?, after: StoredRecord?)]
    ) -> Bool {
        var names = snapshot.sharing.userPaths[object.name] ?? []
        if object.name == "User" {
            names.formUnion(RecordWriter.accessFieldsOfUser)
        } else if RecordWriter.accessObjects.contains(object.name)
            || BusinessCalendars.objects.contains(object.name)
        {
            return true
        }
        guard !names.isEmpty else { return false }
        let fields = names.compactMap { object.field($0) }
        return changes.contains { change in
            guard let before = change.before, let after = change.after else { return true }
            return fields.contains { before[$0] != after[$0] }
        }
    }
}
