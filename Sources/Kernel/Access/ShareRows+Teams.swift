import Metadata

// What the members of a team have by being in it.
extension ShareRows {
    private struct Member {
        let target: ObjectDefinition
        let sharing: ShareFields
        let record: RecordID
        let member: RecordID
    }

    private var tx: any WriteTransaction { writer.writeTransaction }

    private func member(_ object: ObjectDefinition, _ record: StoredRecord) -> Member? {
        guard let team = object.sharing.team, let link = object.field(team.record),
            let person = object.field(team.member), let id = record[link].id,
            let member = record[person].id,
            let target = writer.schema.object(withPrefix: id.prefix),
            let sharing = ShareFields(target, writer.schema)
        else { return nil }
        return Member(target: target, sharing: sharing, record: id, member: member)
    }

    func follow(teamOf object: ObjectDefinition, _ changes: [Change]) throws {
        for change in changes {
            if let before = change.before { try dropMember(object, before) }
            guard let member = member(object, change.after),
                let levels = try levels(of: change.after, object, member)
            else { continue }
            let row = New(
                record: member.record,
                grantee: member.member,
                key: member.member,
                cause: "Team",
                levels: levels
            )
            try insert([row], member.sharing)
        }
    }

    /// The share of a member goes; nobody is twice in a team.
    func dropMember(_ object: ObjectDefinition, _ record: StoredRecord) throws {
        guard let member = member(object, record) else { return }
        let found = try tx.children(
            member.sharing.share,
            by: member.sharing.record,
            of: [member.record],
            limit: Int.max
        )
        let rows = try tx.load(member.sharing.share, found.map(\.id)).filter {
            $0[member.sharing.cause] == .text("Team")
                && $0[member.sharing.grantee] == .id(member.member)
        }
        try purge(rows, member.sharing)
    }

    /// What the member's record says of the record and of its children; `nil` where it gives
    /// nothing.
    private func levels(
        of record: StoredRecord,
        _ object: ObjectDefinition,
        _ member: Member
    ) throws -> [APIName: String]? {
        guard let team = object.sharing.team, let field = object.field(team.level) else {
            return nil
        }
        var own: String?
        if let name = team.levelThrough {
            if let id = record[field].id, let role = writer.schema.object(withPrefix: id.prefix),
                let level = role.field(name)
            {
                own = try tx.load(role, [id]).first?[level].text
            }
        } else {
            own = record[field].text
        }
        var levels: [APIName: String] = [:]
        for other in member.sharing.share.fields
        where other.name != member.sharing.level.name && other.name.text.hasSuffix("AccessLevel") {
            if let given = object.field(other.name), let level = record[given].text {
                levels[other.name] = level
            }
        }
        if let own, own != "None" { levels[member.sharing.level.name] = own }
        // Who may see the cases of an account may read the account itself.
        if levels[member.sharing.level.name] == nil {
            guard levels.values.contains(where: { $0 != "None" }) else { return nil }
            levels[member.sharing.level.name] = "Read"
        }
        return levels
    }

    /// A team role that says something else says it for all who have it, at once.
    func follow(levelsOf object: ObjectDefinition, _ changes: [Change]) throws {
        for members in writer.schema.objects {
            guard let team = members.sharing.team, let name = team.levelThrough,
                let link = members.field(team.level),
                link.reference?.targets.contains(object.name) == true,
                let level = object.field(name)
            else { continue }
            let changed = changes.filter { change in
                change.before.map { $0[level] != change.after[level] } ?? false
            }
            guard !changed.isEmpty else { continue }
            let found = try tx.children(
                members,
                by: link,
                of: changed.map(\.after.id),
                limit: Int.max
            )
            for record in try tx.load(members, found.map(\.id)) {
                try follow(teamOf: members, [(record, record)])
            }
        }
    }
}
