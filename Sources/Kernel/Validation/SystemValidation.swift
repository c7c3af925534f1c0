import Language
import Metadata

// What must hold of every record, whoever saves it; every error of a record is reported.
extension SaveOrder {
    func validate(_ batch: inout SaveBatch) throws {
        if options.movesReferences { return }
        requireFields(&batch)
        checkDependentPicklists(&batch)
        try checkRecordTypes(&batch)
        checkUnchangeable(&batch)
        try checkReferences(&batch)
        try checkOwners(&batch)
        try checkUnique(&batch)
        try checkLogins(&batch)
        try checkGrants(&batch)
        try checkShares(&batch)
    }

    private func requireFields(_ batch: inout SaveBatch) {
        let required = object.fields.filter { $0.isRequired && $0.writing != .never }
        for index in batch.entries.indices {
            guard let next = batch.entries[index].next else { continue }
            let missing = required.filter { next[$0].isNull }
            guard !missing.isEmpty else { continue }
            batch.fail(
                index,
                .requiredFieldMissing,
                "Required fields are missing: [\(missing.map(\.name.text).joined(separator: ", "))]",
                missing.map(\.name)
            )
        }
    }

    private func checkDependentPicklists(_ batch: inout SaveBatch) {
        for field in object.fields {
            guard let picklist = field.picklist, picklist.isRestricted,
                let name = picklist.controllingField, let controlling = object.field(name)
            else { continue }
            for index in batch.entries.indices {
                guard let next = batch.entries[index].next, let text = next[field].text,
                    let value = picklist.value(named: text), !value.controllingValues.isEmpty,
                    hasChanged(batch.entries[index], [field, controlling])
                else { continue }
                let control = next[controlling].text ?? next[controlling].boolean.map { "\($0)" }
                if control.map(value.controllingValues.contains) ?? false { continue }
                batch.fail(
                    index,
                    .invalidOrNullForRestrictedPicklist,
                    "\(field.label): bad value for restricted picklist field: \(text); with "
                        + "\(controlling.label) \(control ?? "empty") it is not available",
                    [field.name]
                )
            }
        }
    }

    private func hasChanged(_ entry: SaveBatch.Entry, _ fields: [FieldDefinition]) -> Bool {
        guard let stored = entry.stored, let next = entry.next else { return true }
        return fields.contains { stored[$0] != next[$0] }
    }

    private func checkUnchangeable(_ batch: inout SaveBatch) {
        for field in object.fields {
            guard case .masterDetail = field.type else { continue }
            for index in batch.entries.indices {
                let entry = batch.entries[index]
                guard entry.stored != nil, hasChanged(entry, [field]) else { continue }
                batch.fail(
                    index,
                    .fieldIntegrityException,
                    "\(field.label): a record keeps its master",
                    [field.name]
                )
            }
        }
    }

    /// Every lookup that changes points to a record of the right object, which the caller can see.
    private func checkReferences(_ batch: inout SaveBatch) throws {
        for field in object.fields {
            guard let reference = field.reference, field.writing != .never else { continue }
            var wanted: [RecordID: [Int]] = [:]
            for index in batch.entries.indices {
                let entry = batch.entries[index]
                guard let id = entry.next?[field].id, hasChanged(entry, [field]) else { continue }
                wanted[id, default: []].append(index)
            }
            for (prefix, ids) in Dictionary(grouping: wanted.keys, by: \.prefix) {
                let target = writer.schema.object(withPrefix: prefix)
                guard let target, reference.targets.contains(target.name) else {
                    for index in ids.flatMap({ wanted[$0] ?? [] }) {
                        batch.fail(
                            index,
                            .fieldIntegrityException,
                            "\(field.label): id value of incorrect type: "
                                + "\(batch.entries[index].next?[field].id?.description ?? "")",
                            [field.name]
                        )
                    }
                    continue
                }
                // Users, queues and the like can be pointed to by all.
                let isOpen = target.traits.isSetup || access.mayRead(target)
                let rows = isOpen ? writer.authorizer.rows(of: target, for: .read) : .nothing
                let seen = try tx.visible(ids, of: target, under: rows)
                for id in ids where !seen.contains(id) {
                    for index in wanted[id] ?? [] where id != batch.entries[index].id {
                        batch.fail(
                            index,
                            .invalidCrossReferenceKey,
                            "invalid cross reference id",
                            [field.name]
                        )
                    }
                }
            }
        }
    }

    /// An owner is an active user, or a queue that takes records of the object.
    private func checkOwners(_ batch: inout SaveBatch) throws {
        guard let owner = object.ownerField, let users = writer.schema.object("User") else {
            return
        }
        var changed: [RecordID: [Int]] = [:]
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard hasChanged(entry, [owner]), let id = entry.next?[owner].id,
                id != writer.caller.user
            else { continue }
            changed[id, default: []].append(index)
        }
        let inactive = try tx.load(users, changed.keys.filter { $0.prefix == users.keyPrefix })
            .filter { record in
                users.field("IsActive").map { record[$0] != .boolean(true) } ?? false
            }
        for record in inactive {
            for index in changed[record.id] ?? [] {
                batch.fail(
                    index,
                    .inactiveOwnerOrUser,
                    "operation performed with inactive user [\(record.id.short)] as owner of "
                        + "\(object.name.folded)",
                    [owner.name]
                )
            }
        }
        for (id, indexes) in changed where id.prefix != users.keyPrefix {
            let message: String
            if try !queue(id, takes: object) {
                message = "Queue not associated with this SObject type"
            } else if try !writer.hasMembers(queue: id) {
                message = "nobody could take the record: the queue has no members"
            } else {
                continue
            }
            for index in indexes {
                batch.fail(index, .invalidOperation, message, [owner.name])
            }
        }
    }

    private func queue(_ id: RecordID, takes object: ObjectDefinition) throws -> Bool {
        let questions = SystemQuestions(org: writer.caller.org, schema: writer.schema, tx: tx)
        let rows = try questions.rows(
            "SELECT Id FROM QueueSobject WHERE QueueId = '\(id)' AND SobjectType = '\(object.name)'"
        )
        return !rows.isEmpty
    }

    private func checkUnique(_ batch: inout SaveBatch) throws {
        for field in object.fields where field.isUnique {
            var wanted: [FieldValue: [Int]] = [:]
            for index in batch.entries.indices {
                let entry = batch.entries[index]
                guard let value = entry.next?[field], !value.isNull, hasChanged(entry, [field])
                else {
                    continue
                }
                wanted[FieldMatching.folded(value, of: field), default: []].append(index)
            }
            guard !wanted.isEmpty else { continue }
            for indexes in wanted.values where indexes.count > 1 {
                for index in indexes.dropFirst() {
                    batch.fail(
                        index,
                        .duplicateValue,
                        "duplicate value found: \(field.name) duplicates value on another record "
                            + "of this request",
                        [field.name]
                    )
                }
            }
            let values = wanted.values.compactMap(\.first).compactMap {
                batch.entries[$0].next?[field]
            }
            let changing = Set(batch.entries.compactMap { $0.stored?.id })
            for match in try tx.find(object, by: field, values) {
                let key = FieldMatching.folded(match.value, of: field)
                guard let index = wanted[key]?.first, batch.entries[index].id != match.id else {
                    continue
                }
                // A record of this same save may be giving the value up.
                if changing.contains(match.id),
                    let other = batch.entries.first(where: { $0.id == match.id })?.next?[field],
                    FieldMatching.folded(other, of: field) != key
                {
                    continue
                }
                batch.fail(
                    index,
                    .duplicateValue,
                    "duplicate value found: \(field.name) duplicates value on record with id: "
                        + (try writer.name(of: match.id, object)),
                    [field.name]
                )
            }
        }
    }

    /// A username is one user's in the whole deployment.
    private func checkLogins(_ batch: inout SaveBatch) throws {
        guard object.name == "User", let field = object.field("Username") else { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            let entry = batch.entries[index]
            guard hasChanged(entry, [field]), let username = entry.next?[field].text else {
                continue
            }
            guard UsernameRule.isSound(username) else {
                batch.fail(
                    index,
                    .invalidEmailAddress,
                    "Username must be in the form of an email address: \(username.prefix(80))",
                    [field.name]
                )
                continue
            }
        }
    }
}

/// What a username looks like.
enum UsernameRule {
    /// In the form of an e-mail address: something, `@`, something with a dot or a host's name.
    static func isSound(_ username: String) -> Bool {
        let parts = username.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
            && !username.contains(where: \.isWhitespace)
    }
}
