package import Metadata

/// Why a user may or may not do something with a record: everything that was asked, and what decides.
package struct AccessExplanation: Sendable {
    /// What a user may do with a record, each including those before it.
    package enum Level: String, Sendable, Comparable, CaseIterable {
        case none = "None"
        case read = "Read"
        case edit = "Edit"
        /// To delete it, to give it to another owner, and to share it.
        case all = "All"

        private var rank: Int {
            switch self {
            case .none: 0
            case .read: 1
            case .edit: 2
            case .all: 3
            }
        }

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    /// Something that gives the record to the user.
    package struct Grant: Sendable, Hashable {
        package let source: AccessGrant.Source
        /// The most it gives.
        package let level: Level
        /// In words: `the sharing rule Streets_to_Sanitation`.
        package let text: String
        /// The share, the owner or the parent that it rests on, where there is one.
        package let record: RecordID?
    }

    /// Something that takes it away again.
    package struct Refusal: Sendable, Hashable {
        package let text: String
    }

    package let user: RecordID
    package let record: RecordID
    package let object: APIName
    /// What the user may do with such records at all, by profile and permission sets.
    package let objectRights: [String]
    package let grants: [Grant]
    package let refusals: [Refusal]
    /// What the user may do with this record, after all of it.
    package let level: Level
    package let mayDelete: Bool
    package let mayTransfer: Bool

    /// The grant that decides: the first of those that give the most.
    package var decisive: Grant? {
        level == .none
            ? nil : grants.first { $0.level >= level } ?? grants.max { $0.level < $1.level }
    }

    /// For a person, a line for each reason.
    package var text: String {
        var lines = ["\(user) may \(AccessExplanation.verb(level)) \(object) \(record)"]
        if let decisive { lines[0] += ": \(decisive.text)" }
        lines.append("object permissions: \(objectRights.joined(separator: ", "))")
        lines += grants.map { "+ \($0.level.rawValue): \($0.text)" }
        lines += refusals.map { "- \($0.text)" }
        return lines.joined(separator: "\n")
    }

    private static func verb(_ level: Level) -> String {
        switch level {
        case .none: "not see"
        case .read: "read"
        case .edit: "read and edit"
        case .all: "do everything with"
        }
    }
}

extension RecordReader {
    /// Why a user may or may not do something with a record.
    ///
    /// Everyone may ask about themselves and records that they can see; of others, those who manage
    /// users or see all data.
    package func explainAccess(of user: RecordID, to record: RecordID) throws -> AccessExplanation {
        guard let object = schema.object(withPrefix: record.prefix), access.mayRead(object),
            !object.traits.isComputed
        else { throw RecordError(.notFound, "The requested resource does not exist") }
        try mayAskAbout(user)
        if user == caller.user, !access.isSystem {
            let seen = try tx.visible(
                [record],
                of: object,
                under: authorizer.rows(of: object, for: .read)
            )
            guard access.viewsAll(object) || !seen.isEmpty else {
                throw RecordError(.notFound, "The requested resource does not exist")
            }
        }
        guard let stored = try tx.load(object, [record]).first else {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
        return try AccessExplaining(reader: self, user: user, object: object, stored: stored)
            .explanation()
    }

    func mayAskAbout(_ user: RecordID) throws {
        guard
            user == caller.user || access.isSystem || access.has(.manageUsers)
                || access.has(.viewAllData)
        else {
            throw RecordError(
                .insufficientAccess,
                "only those who manage users or see all data ask what others may do"
            )
        }
    }

    /// What any user may do, by this snapshot.
    func access(of user: RecordID) throws -> CallerAccess {
        if user == caller.user { return access }
        return try snapshot.access(of: user) {
            try SystemQuestions(org: caller.org, schema: schema, tx: tx)
                .access(of: user, at: now, in: snapshot)
        }
    }

    func authorizer(for access: CallerAccess) -> Authorizer {
        Authorizer(
            schema: schema,
            access: access,
            org: caller.org,
            context: ReadContext(
                user: access.user,
                timeZone: caller.timeZone,
                locale: caller.locale,
                calendar: snapshot.organization.calendar
            )
        )
    }
}

/// The work of explaining: each reason is asked by itself, with the predicate that queries ask.
private struct AccessExplaining {
    let reader: RecordReader
    let user: RecordID
    let object: ObjectDefinition
    let stored: StoredRecord
    let access: CallerAccess
    let authorizer: Authorizer

    init(
        reader: RecordReader,
        user: RecordID,
        object: ObjectDefinition,
        stored: StoredRecord
    ) throws {
        self.reader = reader
        self.user = user
        self.object = object
        self.stored = stored
        access = try reader.access(of: user)
        authorizer = reader.authorizer(for: access)
    }

    private func holds(_ rows: RowPredicate) throws -> Bool {
        try reader.tx.visible([stored.id], of: object, under: rows).contains(stored.id)
    }

    func explanation() throws -> AccessExplanation {
        var levels: [(source: AccessGrant.Source, level: AccessExplanation.Level)] = []
        for (operation, level): (Authorizer.Operation, AccessExplanation.Level) in [
            (.read, .read), (.edit, .edit), (.delete, .all),
        ] {
            for grant in authorizer.grants(of: object, for: operation)
            where try holds(grant.rows) {
                if let place = levels.firstIndex(where: { $0.source == grant.source }) {
                    levels[place].level = max(levels[place].level, level)
                } else {
                    levels.append((grant.source, level))
                }
            }
        }
        var grants: [AccessExplanation.Grant] = []
        for (source, level) in levels { grants += try describe(source, level) }
        let refusals = try refusals(isGranted: !grants.isEmpty)
        let isOpen = access.mayRead(object) && !isDeleted
        let row = try rowLevel()
        let level: AccessExplanation.Level
        switch (isOpen, row) {
        case (false, _), (_, .none): level = .none
        case (true, .read): level = .read
        case (true, .edit): level = access.mayEdit(object) ? .edit : .read
        case (true, .all):
            level =
                access.mayEdit(object) ? (access.mayDelete(object) ? .all : .edit) : .read
        }
        return AccessExplanation(
            user: user,
            record: stored.id,
            object: object.name,
            objectRights: objectRights,
            grants: grants,
            refusals: refusals,
            level: level,
            mayDelete: isOpen && access.mayDelete(object) && row == .all,
            mayTransfer: isOpen && access.mayEdit(object) && row == .all
        )
    }

    private var isDeleted: Bool {
        object.field("IsDeleted").map { stored[$0] == .boolean(true) } ?? false
    }

    /// What a query and a save would find of the row.
    private func rowLevel() throws -> AccessExplanation.Level {
        guard try holds(authorizer.rows(of: object, for: .read)) else { return .none }
        if try holds(authorizer.rows(of: object, for: .delete)) { return .all }
        return try holds(authorizer.rows(of: object, for: .edit)) ? .edit : .read
    }

    private var objectRights: [String] {
        var rights: [String] = []
        if access.mayRead(object) { rights.append("Read") }
        if access.mayCreate(object) { rights.append("Create") }
        if access.mayEdit(object) { rights.append("Edit") }
        if access.mayDelete(object) { rights.append("Delete") }
        if access.viewsAll(object) { rights.append("View All") }
        if access.modifiesAll(object) { rights.append("Modify All") }
        return rights.isEmpty ? ["none"] : rights
    }

    private func refusals(isGranted: Bool) throws -> [AccessExplanation.Refusal] {
        var refusals: [AccessExplanation.Refusal] = []
        if !access.mayRead(object) {
            refusals.append(.init(text: "no permission set gives Read on \(object.name)"))
        }
        if isDeleted { refusals.append(.init(text: "the record is in the recycle bin")) }
        for restriction in authorizer.restrictions(of: object)
        where try !holds(restriction.rows) {
            refusals.append(.init(text: "the restriction rule \(restriction.name) leaves it out"))
        }
        if !isGranted, access.mayRead(object), !isDeleted {
            refusals.append(
                .init(text: "nothing shares it: the default is \(object.sharingModel.rawValue)")
            )
        }
        return refusals
    }

    private func describe(
        _ source: AccessGrant.Source,
        _ level: AccessExplanation.Level
    ) throws -> [AccessExplanation.Grant] {
        func one(_ text: String, _ record: RecordID? = nil) -> [AccessExplanation.Grant] {
            [AccessExplanation.Grant(source: source, level: level, text: text, record: record)]
        }
        let owner = object.ownerField.flatMap { stored[$0].id }
        switch source {
        case .system: return one("the platform itself")
        case .modifyAllData: return one("the permission Modify All Data")
        case .viewAllData: return one("the permission View All Data")
        case .modifyAllRecords: return one("Modify All on \(object.name)")
        case .viewAllRecords: return one("View All on \(object.name)")
        case .orgWideDefault(let model, let isExternal):
            let whose = isExternal ? "external" : "org-wide"
            return one("the \(whose) default of \(object.name) is \(model.rawValue)")
        case .oneself: return one("it is the user's own record")
        case .owner: return one("the user owns it", owner)
        case .queue: return one("the user is in the queue that owns it", owner)
        case .ownerBelow: return one("its owner is below the user in the role hierarchy", owner)
        case .ownerRule(let name): return one("the sharing rule \(name), by its owner", owner)
        case .criteriaRule(let name): return one("the sharing rule \(name), by its criteria")
        case .share: return try shares(source)
        case .parentOwner(let field):
            return one("who owns its \(field) has it by their role", parent(field))
        case .parentShare(let field):
            return one("a share or a team of its \(field) brings it", parent(field))
        case .child(let child, let field):
            return one("a \(child) that the user has belongs to it, by \(field)")
        case .sharingSet(let name): return one("the sharing set \(name)")
        case .controllingParent(let field):
            return one("the user has its \(field)", parent(field))
        }
    }

    private func parent(_ name: APIName) -> RecordID? {
        object.field(name).flatMap { stored[$0].id }
    }

    /// Each share by itself.
    private func shares(_ source: AccessGrant.Source) throws -> [AccessExplanation.Grant] {
        guard let sharing = ShareFields(object, reader.schema) else { return [] }
        let keys = Set(access.sharing.keys(usingHierarchy: object.sharing.usesHierarchy))
        let own = Set(access.sharing.principals)
        let found = try reader.tx.children(
            sharing.share,
            by: sharing.record,
            of: [stored.id],
            limit: Int.max
        )
        return try reader.tx.load(sharing.share, found.map(\.id)).compactMap { share in
            guard let key = share[sharing.key].id, keys.contains(key) else { return nil }
            let level = AccessExplanation.Level(rawValue: share[sharing.level].text ?? "") ?? .read
            let cause = share[sharing.cause].text ?? ""
            let whom = key == user ? "the user" : own.contains(key) ? "a group of the user's" : nil
            return AccessExplanation.Grant(
                source: source,
                level: level,
                text: "shared with \(whom ?? "someone below the user") (\(cause))",
                record: share.id
            )
        }
    }
}
