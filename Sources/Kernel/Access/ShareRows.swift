import Metadata

/// Keeps the shares of records: what rules, teams and people have opened.
///
/// Shares are written in the transaction of the save that they follow from. What may be read from
/// the snapshot (owners, roles, groups, who is whose manager) is never stored here.
struct ShareRows {
    let writer: RecordWriter

    private var tx: any WriteTransaction { writer.writeTransaction }
    private var schema: OrgSchema { writer.schema }

    /// One record before and after a save; `nil` before it was there.
    typealias Change = (before: StoredRecord?, after: StoredRecord)

    /// Follows a save of records of one object.
    func follow(_ object: ObjectDefinition, _ changes: [Change]) throws {
        guard !changes.isEmpty else { return }
        if let sharing = ShareFields(object, schema) {
            try follow(rulesOf: object, changes, sharing)
            try dropManual(object, changes, sharing)
        }
        if object.sharing.team != nil { try follow(teamOf: object, changes) }
        try follow(levelsOf: object, changes)
    }

    /// Records come back: rules may have changed while they were away.
    func restore(_ object: ObjectDefinition, _ records: [StoredRecord]) throws {
        if let sharing = ShareFields(object, schema) {
            let rules = writer.snapshot.sharing.criteria[object.name] ?? []
            try match(rules, object, records.map(\.id), sharing, areNew: false)
        }
        if object.sharing.team != nil {
            try follow(teamOf: object, records.map { (nil, $0) })
        }
    }

    /// Records go into the recycle bin: what their team members had by them goes at once.
    func remove(_ object: ObjectDefinition, _ records: [StoredRecord]) throws {
        guard object.sharing.team != nil else { return }
        for record in records { try dropMember(object, record) }
    }

    /// Records are gone for good, and with them every share of them or for them.
    func purge(_ object: ObjectDefinition, _ records: [StoredRecord]) throws {
        let ids = records.map(\.id)
        if let sharing = ShareFields(object, schema) {
            try purge(try shares(of: ids, sharing), sharing)
        }
        guard object.name == "Group" else { return }
        for other in schema.objects {
            guard let sharing = ShareFields(other, schema) else { continue }
            let found = try tx.children(
                sharing.share,
                by: sharing.grantee,
                of: ids,
                limit: Int.max
            )
            try purge(try tx.load(sharing.share, found.map(\.id)), sharing)
        }
    }
}

/// The fields of the object that holds another's shares.
struct ShareFields {
    let share: ObjectDefinition
    let record: FieldDefinition
    let grantee: FieldDefinition
    let level: FieldDefinition
    let cause: FieldDefinition
    let key: FieldDefinition

    /// `nil` for an object whose records cannot be shared.
    init?(_ object: ObjectDefinition, _ schema: OrgSchema) {
        let names = ShareNames(object)
        guard object.canBeShared, let share = schema.object(object.shareName),
            let record = share.field(names.record), let level = share.field(names.level),
            let grantee = share.field(ShareNames.grantee),
            let cause = share.field(ShareNames.cause), let key = share.field(ShareNames.key)
        else { return nil }
        self.share = share
        self.record = record
        self.grantee = grantee
        self.level = level
        self.cause = cause
        self.key = key
    }
}

// MARK: - Rows

extension ShareRows {
    /// One share to be written.
    struct New {
        let record: RecordID
        let grantee: RecordID
        let key: RecordID
        let cause: String
        /// The record's own level and those of its children, by field.
        let levels: [APIName: String]
    }

    private func shares(
        of records: [RecordID],
        _ sharing: ShareFields
    ) throws -> [StoredRecord] {
        let found = try tx.children(
            sharing.share,
            by: sharing.record,
            of: records,
            limit: Int.max
        )
        return found.isEmpty ? [] : try tx.load(sharing.share, found.map(\.id))
    }

    func insert(_ rows: [New], _ sharing: ShareFields) throws {
        guard !rows.isEmpty else { return }
        let ids = try tx.newIDs(sharing.share, count: rows.count)
        let records = zip(ids, rows).map { id, row in
            var record = StoredRecord(id: id, values: sharing.share.fields.map(\.defaultValue))
            for (name, value): (APIName, FieldValue) in [
                ("Id", .id(id)), ("LastModifiedDate", .dateTime(writer.now)),
                ("LastModifiedById", .id(writer.caller.user)),
            ] {
                if let field = sharing.share.field(name) { record[field] = value }
            }
            record[sharing.record] = .id(row.record)
            record[sharing.grantee] = .id(row.grantee)
            record[sharing.key] = .id(row.key)
            record[sharing.cause] = .text(row.cause)
            for (name, level) in row.levels {
                if let field = sharing.share.field(name) { record[field] = .text(level) }
            }
            return record
        }
        try tx.write(AuthorizedWrite(object: sharing.share, change: .insert(records)))
    }

    func purge(_ rows: [StoredRecord], _ sharing: ShareFields) throws {
        guard !rows.isEmpty else { return }
        try tx.write(AuthorizedWrite(object: sharing.share, change: .purge(rows)))
    }
}

// MARK: - Rules

extension ShareRows {
    private func follow(
        rulesOf object: ObjectDefinition,
        _ changes: [Change],
        _ sharing: ShareFields
    ) throws {
        let rules = writer.snapshot.sharing.criteria[object.name] ?? []
        guard !rules.isEmpty else { return }
        let created = changes.filter { $0.before == nil }.map(\.after.id)
        if !created.isEmpty { try match(rules, object, created, sharing, areNew: true) }
        for rule in rules {
            let changed = changes.filter { change in
                guard let before = change.before else { return false }
                return rule.fields.contains { before[$0] != change.after[$0] }
            }
            guard !changed.isEmpty else { continue }
            try match([rule], object, changed.map(\.after.id), sharing, areNew: false)
        }
    }

    /// Gives records the shares of the rules that they meet, and takes those of the others.
    ///
    /// - Parameter areNew: the records have no shares yet.
    func match(
        _ rules: [SharingInForce.CriteriaRule],
        _ object: ObjectDefinition,
        _ ids: [RecordID],
        _ sharing: ShareFields,
        areNew: Bool
    ) throws {
        guard !rules.isEmpty else { return }
        let known = areNew ? [] : try shares(of: ids, sharing)
        var added: [New] = []
        var dropped: [StoredRecord] = []
        for rule in rules {
            let meeting = try tx.visible(ids, of: object, under: rule.rows)
            let own = known.filter { $0[sharing.key] == .id(rule.key) }
            dropped += own.filter { $0[sharing.record].id.map { !meeting.contains($0) } ?? true }
            let having = Set(own.compactMap { $0[sharing.record].id })
            let missing = ids.filter { meeting.contains($0) && !having.contains($0) }
            added += try rows(of: rule, for: missing, sharing)
        }
        try purge(dropped, sharing)
        try insert(added, sharing)
    }

    /// The shares that a rule gives some records; none while nobody is there to have them.
    func rows(
        of rule: SharingInForce.CriteriaRule,
        for records: [RecordID],
        _ sharing: ShareFields
    ) throws -> [New] {
        guard !records.isEmpty, let grantee = try grantee(of: rule.definition) else { return [] }
        let isGuest = if case .guest = rule.definition.kind { true } else { false }
        return records.map { record in
            New(
                record: record,
                grantee: grantee,
                key: rule.key,
                cause: isGuest ? "GuestRule" : "Rule",
                levels: [sharing.level.name: rule.definition.allowsEdit ? "Edit" : "Read"]
            )
        }
    }

    private func grantee(of rule: SharingRuleDefinition) throws -> RecordID? {
        let questions = SystemQuestions(org: writer.caller.org, schema: schema, tx: tx)
        switch rule.target {
        case nil: return nil
        case .guestUser(let name)?: return try questions.guest(name)
        case let target?:
            let snapshot = writer.snapshot
            return snapshot.groups.group(of: target, roles: snapshot.roles)
        }
    }

    /// A new owner decides anew whom to share with.
    private func dropManual(
        _ object: ObjectDefinition,
        _ changes: [Change],
        _ sharing: ShareFields
    ) throws {
        guard let owner = object.ownerField else { return }
        let moved = changes.filter { change in
            change.before.map { $0[owner] != change.after[owner] } ?? false
        }
        guard !moved.isEmpty else { return }
        let manual = try shares(of: moved.map(\.after.id), sharing)
            .filter { $0[sharing.cause] == .text("Manual") }
        try purge(manual, sharing)
    }
}
