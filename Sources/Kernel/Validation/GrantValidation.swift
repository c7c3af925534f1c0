package import Metadata

// Nobody gives what they lack: whoever manages users cannot make themselves, or anyone, more than
// they are.
extension SaveOrder {
    func checkGrants(_ batch: inout SaveBatch) throws {
        guard !access.isSystem, !access.has(.modifyAllData) else { return }
        if object.name == "PermissionSetAssignment" {
            try checkAssignments(&batch)
        } else if object.name == "User" {
            try checkUsers(&batch)
        }
    }

    private var questions: SystemQuestions {
        SystemQuestions(org: writer.caller.org, schema: writer.schema, tx: tx)
    }

    private func checkAssignments(_ batch: inout SaveBatch) throws {
        guard let field = object.field("PermissionSetId") else { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let set = batch.entries[index].next?[field].id,
                try !access.covers(questions.access(ofSets: [set]))
            else { continue }
            refuse(index, &batch, field, "the permission set grants what you do not have yourself")
        }
    }

    private func checkUsers(_ batch: inout SaveBatch) throws {
        guard let profile = object.field("ProfileId"), let role = object.field("UserRoleId") else {
            return
        }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard let next = entry.next else { continue }
            if entry.stored?[profile] != next[profile], let id = next[profile].id {
                let sets = try questions.rows(
                    "SELECT Id FROM PermissionSet WHERE ProfileId = '\(id)'"
                )
                .compactMap { $0[0].id }
                if try !access.covers(questions.access(ofSets: sets)) {
                    refuse(
                        index,
                        &batch,
                        profile,
                        "the profile grants what you do not have yourself"
                    )
                }
            }
            if entry.stored?[role] != next[role], let id = next[role].id, try !isBelow(id) {
                refuse(index, &batch, role, "the role does not stand below your own")
            }
        }
    }

    /// Whether a role stands below the caller's own, so that its records are the caller's to see.
    private func isBelow(_ role: RecordID) throws -> Bool {
        if access.has(.viewAllData) { return true }
        let own = try questions.rows(
            "SELECT UserRoleId FROM User WHERE Id = '\(writer.caller.user)'"
        ).first?.first?.id
        return own.map { writer.snapshot.roles.below($0).contains(role) } ?? false
    }

    private func refuse(
        _ index: Int,
        _ batch: inout SaveBatch,
        _ field: FieldDefinition,
        _ why: String
    ) {
        batch.fail(index, .insufficientAccessOrReadonly, "\(field.label): \(why)", [field.name])
    }
}

extension RecordReader {
    /// Whether the caller may act as the user's administrator: reset the password, for one.
    ///
    /// It takes the permission to manage users, and every right that the user has.
    package func mayAdminister(_ user: RecordID) throws -> Bool {
        if access.isSystem { return true }
        guard access.has(.manageUsers) else { return false }
        let questions = SystemQuestions(org: caller.org, schema: schema, tx: tx)
        let other = try questions.access(of: user, at: now, in: snapshot)
        return access.covers(other)
    }
}
