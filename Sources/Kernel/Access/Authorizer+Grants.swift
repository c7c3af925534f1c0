import Language
import Metadata

/// Everything that may give a caller rows of an object, each reason by itself.
///
/// What a query asks is the union of these; what an explanation says is which of them hold.
extension Authorizer {
    func grants(
        of object: ObjectDefinition,
        for operation: Operation,
        _ depth: Int = 0
    ) -> [AccessGrant] {
        if access.isSystem { return [AccessGrant(.system, .everything)] }
        if object.sharing.sharedObject != nil { return sharing(of: object, for: operation, depth) }
        return powers(over: object, for: operation) + sharing(of: object, for: operation, depth)
    }

    /// The permissions that sharing does not narrow.
    private func powers(over object: ObjectDefinition, for operation: Operation) -> [AccessGrant] {
        if access.has(.modifyAllData) { return [AccessGrant(.modifyAllData, .everything)] }
        if access.modifiesAll(object) { return [AccessGrant(.modifyAllRecords, .everything)] }
        guard operation == .read else { return [] }
        if access.has(.viewAllData) { return [AccessGrant(.viewAllData, .everything)] }
        if access.viewsAll(object) { return [AccessGrant(.viewAllRecords, .everything)] }
        return []
    }

    private func sharing(
        of object: ObjectDefinition,
        for operation: Operation,
        _ depth: Int
    ) -> [AccessGrant] {
        if let shared = object.sharing.sharedObject {
            return shares(object, of: shared, for: operation, depth)
        }
        let model = model(of: object)
        if model == .controlledByParent { return byParent(object, for: operation, depth) }
        return orgWideDefault(model, object, operation) + oneself(object, operation)
            + owned(object) + rules(object, operation) + given(object, operation)
            + byParentOf(object, operation) + sets(object, operation)
            + byChildren(of: object, operation, depth)
    }

    /// What everyone may do with the object's records.
    private func model(of object: ObjectDefinition) -> ObjectDefinition.SharingModel {
        switch access.sharing.kind {
        case .internal: object.sharingModel
        case .external: object.sharing.externalModel
        // Nothing is open to those who have not logged in but what a guest rule opens.
        case .guest:
            object.sharingModel == .controlledByParent || object.traits.isSetup
                ? object.sharing.externalModel : .private
        }
    }

    private func orgWideDefault(
        _ model: ObjectDefinition.SharingModel,
        _ object: ObjectDefinition,
        _ operation: Operation
    ) -> [AccessGrant] {
        let isOpen: Bool
        switch (model, operation) {
        case (.private, _), (.controlledByParent, _): isOpen = false
        case (.read, .read), (.readWrite, .read), (.readWrite, .edit): isOpen = true
        // What nobody owns is for everyone who has the right to the object.
        case (.read, .edit), (.read, .delete), (.readWrite, .delete):
            isOpen = object.ownerField == nil
        }
        guard isOpen else { return [] }
        let source = AccessGrant.Source.orgWideDefault(
            model,
            isExternal: access.sharing.kind != .internal
        )
        return [AccessGrant(source, .everything)]
    }

    private func oneself(_ object: ObjectDefinition, _ operation: Operation) -> [AccessGrant] {
        guard object.name == "User", operation == .read, let id = object.field("Id") else {
            return []
        }
        return [AccessGrant(.oneself, .fieldIn(RowPredicate.FieldKey(id), [access.user]))]
    }

    /// The rows that belong to the caller, or to someone below.
    func owned(_ object: ObjectDefinition) -> [AccessGrant] {
        guard let owner = object.ownerField, access.sharing.kind != .guest else { return [] }
        let key = RowPredicate.FieldKey(owner)
        var grants = [AccessGrant(.owner, .fieldIn(key, [access.user]))]
        if !access.queues.isEmpty {
            grants.append(AccessGrant(.queue, .fieldIn(key, access.queues)))
        }
        let own = Set(access.queues + [access.user])
        let below = access.owners.filter { !own.contains($0) }
        if object.sharing.usesHierarchy, !below.isEmpty {
            grants.append(AccessGrant(.ownerBelow, .fieldIn(key, below)))
        }
        return grants
    }

    private func rules(_ object: ObjectDefinition, _ operation: Operation) -> [AccessGrant] {
        guard operation != .delete, let owner = object.ownerField else { return [] }
        return (access.sharing.rules[object.name] ?? []).compactMap { rule in
            if operation == .edit && !rule.allowsEdit { return nil }
            if rule.isFromBelow && !object.sharing.usesHierarchy { return nil }
            switch rule.what {
            case .owners(let owners):
                return AccessGrant(
                    .ownerRule(rule.name),
                    .fieldIn(RowPredicate.FieldKey(owner), owners)
                )
            case .key(let key):
                return lookup(object, levels: nil, keys: [key]).map {
                    AccessGrant(.criteriaRule(rule.name), $0)
                }
            }
        }
    }

    /// The records that have a share for the caller.
    private func given(_ object: ObjectDefinition, _ operation: Operation) -> [AccessGrant] {
        guard access.sharing.kind != .guest else { return [] }
        let keys = access.sharing.keys(usingHierarchy: object.sharing.usesHierarchy)
        return lookup(object, levels: Authorizer.levels(for: operation), keys: keys)
            .map { [AccessGrant(.share, $0)] } ?? []
    }

    private static func levels(for operation: Operation) -> [String]? {
        switch operation {
        case .read: nil
        case .edit: ["Edit", "All"]
        case .delete: ["All"]
        }
    }

    private func lookup(
        _ object: ObjectDefinition,
        levels: [String]?,
        keys: [RecordID]
    ) -> RowPredicate? {
        guard !keys.isEmpty, let id = object.field("Id"),
            let shares = shares(of: object, level: nil, levels: levels, keys: keys)
        else { return nil }
        return .shared(RowPredicate.FieldKey(id), shares)
    }

    private func shares(
        of object: ObjectDefinition,
        level: APIName?,
        levels: [String]?,
        keys: [RecordID]
    ) -> RowPredicate.ShareLookup? {
        let names = ShareNames(object)
        guard object.canBeShared, let share = schema.object(object.shareName),
            let record = share.field(names.record), let key = share.field(ShareNames.key),
            let level = share.field(level ?? names.level)
        else { return nil }
        return RowPredicate.ShareLookup(
            share: share,
            record: record,
            key: key,
            level: level,
            levels: levels,
            keys: keys
        )
    }
}

// MARK: - Parents and children

extension Authorizer {
    /// Rows by the record that controls them.
    private func byParent(
        _ object: ObjectDefinition,
        for operation: Operation,
        _ depth: Int
    ) -> [AccessGrant] {
        guard let name = object.sharingParent, let field = object.field(name),
            let reference = field.reference, depth < Authorizer.parentDepthMax
        else { return [] }
        let key = RowPredicate.FieldKey(field)
        let needed: Operation
        switch operation {
        case .read: needed = .read
        // To delete a detail is to change its master. Who is on its team, only who has all of it
        // decides.
        case .edit, .delete: needed = object.sharing.team == nil ? .edit : .delete
        }
        let rules = reference.targets.compactMap { schema.object($0) }
            .filter { access.mayRead($0) }
            .map { target in
                RowPredicate.ParentRule(
                    object: target,
                    rows: rows(of: target, for: needed, depth: depth + 1)
                )
            }
        let withParent = AccessGrant(
            .controllingParent(field: name),
            .parentVisible(key, rules)
        )
        guard object.ownerField != nil else { return [withParent] }
        return [withParent]
            + owned(object).map { AccessGrant($0.source, .all([.fieldIsNull(key), $0.rows])) }
    }

    /// The shares of a record are for those who see it; only who has all of it shares it.
    private func shares(
        _ object: ObjectDefinition,
        of shared: APIName,
        for operation: Operation,
        _ depth: Int
    ) -> [AccessGrant] {
        let names = ShareNames(shared)
        guard let target = schema.object(shared), let field = object.field(names.record),
            depth < Authorizer.parentDepthMax
        else { return [] }
        let needed: Operation = operation == .read ? .read : .delete
        let rows = rows(of: target, for: needed, depth: depth + 1)
        return [
            AccessGrant(
                .controllingParent(field: names.record),
                .parentVisible(
                    RowPredicate.FieldKey(field),
                    [RowPredicate.ParentRule(object: target, rows: rows)]
                )
            )
        ]
    }

    /// What the owner and the shares of an account bring of its cases.
    private func byParentOf(
        _ object: ObjectDefinition,
        _ operation: Operation
    ) -> [AccessGrant] {
        guard operation != .delete, access.sharing.kind != .guest else { return [] }
        var grants: [AccessGrant] = []
        for field in object.fields {
            guard let reference = field.reference, reference.sharesImplicitly else { continue }
            for parent in reference.targets.compactMap({ schema.object($0) }) {
                guard parent.canBeShared, let owner = parent.ownerField else { continue }
                let key = RowPredicate.FieldKey(field)
                let owners = access.sharing.parentOwners[object.name]
                let bringing = (operation == .edit ? owners?.edit : owners?.read) ?? []
                if !bringing.isEmpty {
                    let rows = RowPredicate.fieldIn(RowPredicate.FieldKey(owner), bringing)
                    let rule = RowPredicate.ParentRule(object: parent, rows: rows)
                    grants.append(
                        AccessGrant(
                            .parentOwner(field: field.name),
                            .parentVisible(key, [rule])
                        )
                    )
                }
                let keys = access.sharing.keys(usingHierarchy: parent.sharing.usesHierarchy)
                let levels = operation == .edit ? ["Edit", "All"] : ["Read", "Edit", "All"]
                if let shares = shares(
                    of: parent,
                    level: APIName("\(object.name)AccessLevel"),
                    levels: levels,
                    keys: keys
                ) {
                    grants.append(
                        AccessGrant(.parentShare(field: field.name), .shared(key, shares))
                    )
                }
            }
        }
        return grants
    }

    /// Who was given a case may read its account.
    private func byChildren(
        of object: ObjectDefinition,
        _ operation: Operation,
        _ depth: Int
    ) -> [AccessGrant] {
        guard operation == .read, depth < Authorizer.parentDepthMax else { return [] }
        return schema.childRelationships(of: object.name).compactMap { relationship in
            let child = relationship.child
            guard relationship.field.reference?.sharesImplicitly == true, child.canBeShared,
                access.mayRead(child)
            else { return nil }
            let personal = grants(of: child, for: .read, Authorizer.parentDepthMax)
                .filter(\.isPersonal).map(\.rows)
            let rows = RowPredicate.intersection(
                [.union(personal)] + restrictions(of: child).map(\.rows)
            )
            guard rows != .nothing else { return nil }
            return AccessGrant(
                .child(object: child.name, field: relationship.field.name),
                .childVisible(
                    RowPredicate.ChildRule(object: child, field: relationship.field, rows: rows)
                )
            )
        }
    }

    private func sets(_ object: ObjectDefinition, _ operation: Operation) -> [AccessGrant] {
        guard operation != .delete else { return [] }
        return (access.sharing.sets[object.name] ?? [])
            .filter { operation == .read || $0.allowsEdit }
            .map { AccessGrant(.sharingSet($0.name), $0.rows) }
    }
}
