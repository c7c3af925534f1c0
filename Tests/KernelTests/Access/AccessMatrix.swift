import Metadata
import TestSupport

@testable import Kernel

/// An org with a record of every object, and a caller of every kind.
struct AccessMatrix {
    struct Subject {
        let object: ObjectDefinition
        /// The record that operations are tried on; `nil` where nobody makes one by hand.
        let record: RecordID?
        /// What a further record needs.
        let draft: JSONObject
    }

    let org: TestOrg
    private(set) var callers: [(name: String, caller: Caller)] = []
    private(set) var subjects: [Subject] = []
    private let schema: OrgSchema

    init() async throws {
        org = try await TestOrg()
        _ = try await Deployment(org.records).apply(
            Self.files,
            in: org.id,
            as: org.administrator.user
        )
        schema = try await org.records.read(as: org.administrator) { $0.schema }
        try await addCallers()
        try await addSubjects()
        try await addWays()
    }

    // MARK: Callers

    private mutating func addCallers() async throws {
        let agent = "Support Agent"
        let owner = try await org.user("Owner", profile: agent, role: "Streets_Agent")
        callers = [
            ("administrator", org.administrator),
            ("owner", owner),
            ("colleague", try await org.user("Peer", profile: agent, role: "Sanitation_Agent")),
            (
                "manager above",
                try await org.user(
                    "Above",
                    profile: "Support Manager",
                    role: "Streets_Supervisor"
                )
            ),
            (
                "manager beside",
                try await org.user(
                    "Beside",
                    profile: "Support Manager",
                    role: "Sanitation_Supervisor"
                )
            ),
            ("shared for reading", try await org.user("Reader", profile: agent)),
            ("shared for editing", try await org.user("Editor", profile: agent)),
            ("shared by group", try await org.user("Grouped", profile: agent)),
            ("on the team", try await org.user("Mate", profile: agent)),
            ("restricted", try await restricted(agent)),
            ("standard user", try await org.user("Standard")),
            ("standard user above", try await org.user("Top", role: "City_Manager")),
            ("read only", try await org.user("Looker", profile: "Read Only")),
            ("minimum access", try await org.user("Least", profile: "Minimum Access")),
            ("view all data", try await org.user("Sees", profile: "Matrix Sees All")),
            ("modify all data", try await org.user("Changes", profile: "Matrix Changes All")),
            ("view all cases", try await org.user("Cases", profile: "Matrix Sees Cases")),
            ("modify all cases", try await org.user("Caser", profile: "Matrix Changes Cases")),
            ("portal member", try await org.user("Member", profile: "Matrix Portal")),
            ("portal member asking", try await org.user("Asker", profile: "Matrix Portal")),
            ("guest", try await org.user("Visitor", profile: "Matrix Guest")),
            ("other org's administrator", try await org.neighbour(2)),
        ]
    }

    /// Sees what is shared with everyone else who reads, but for what a restriction rule takes away.
    private func restricted(_ profile: String) async throws -> Caller {
        let user = try await org.user("Narrow", profile: profile)
        try await org.update(
            "User",
            user.user,
            ["Department": "Narrow"],
            as: org.administrator
        )
        return user
    }

    private func record(of object: APIName) -> RecordID? {
        subjects.first { $0.object.name == object }?.record
    }

    /// Teams, and who asks from outside.
    private func addWays() async throws {
        let admin = org.administrator
        guard let account = record(of: "Account"), let contact = record(of: "Contact"),
            let asked = record(of: "Case"), let mate = caller("on the team"),
            let asker = caller("portal member asking")
        else { throw RecordError(.notFound, "the matrix has no account, contact or case") }
        try await org.create(
            "AccountTeamMember",
            [
                "AccountId": .id(account), "UserId": .id(mate.user),
                "AccountAccessLevel": "Edit", "CaseAccessLevel": "Read",
            ],
            as: admin
        )
        try await org.update("Contact", contact, ["AccountId": .id(account)], as: admin)
        try await org.update("User", asker.user, ["ContactId": .id(contact)], as: admin)
        try await org.update(
            "Case",
            asked,
            ["AccountId": .id(account), "ContactId": .id(contact)],
            as: admin
        )
    }

    private func caller(_ name: String) -> Caller? { callers.first { $0.name == name }?.caller }

    // MARK: Records

    private mutating func addSubjects() async throws {
        guard let owner = caller("owner") else { return }
        let objects = schema.objects.filter { $0.isStored && $0.historyOf == nil }
            .filter { !$0.name.text.hasSuffix("Share") }
        for object in objects {
            let draft = try await draft(of: object)
            var values = draft
            if object.ownerField != nil {
                values.members.append(JSONObject.Member(name: "OwnerId", value: .id(owner.user)))
            }
            let made = try await org.save(
                [RecordDraft(object: object.name.text, values: values)],
                .create,
                as: org.administrator
            ).first
            var record = made?.id
            if record == nil {
                record = await any(of: object.name)
            }
            subjects.append(Subject(object: object, record: record, draft: draft))
            if let record, object.ownerField != nil { try await share(record, of: object) }
        }
    }

    /// The least that a record of an object needs, its parents being whatever there is.
    private func draft(of object: ObjectDefinition) async throws -> JSONObject {
        var members: [JSONObject.Member] = []
        for field in object.fields
        where field.isRequired && field.writing != .never && !field.isSystem {
            let value: JSONValue
            switch field.type {
            case .lookup(let reference), .masterDetail(let reference):
                var parent: RecordID?
                for target in reference.targets where parent == nil {
                    parent = subjects.first { $0.object.name == target }?.record
                    if parent == nil { parent = await any(of: target) }
                }
                value = parent.map { .id($0) } ?? .null
            case .picklist(let picklist): value = .string(picklist.values.first?.name ?? "x")
            case .checkbox: value = .bool(false)
            case .number, .currency, .percent: value = "1"
            case .date: value = "2026-03-10"
            case .dateTime: value = "2026-03-10T10:00:00Z"
            case .time: value = "10:00:00"
            case .email: value = .string("\(object.name.folded)@springfield.example")
            case .text where field.name == "Username":
                value = .string("matrix_\(object.name.folded)@springfield.example")
            case .text(let length):
                value = .string(String("matrix_\(object.name.folded)".prefix(length)))
            default: value = .string("matrix_\(object.name.folded)")
            }
            members.append(JSONObject.Member(name: field.name.text, value: value))
        }
        return JSONObject(members)
    }

    private func any(of object: APIName) async -> RecordID? {
        let soql = "SELECT Id FROM \(object) LIMIT 1"
        return try? await org.query(soql, as: org.administrator).first?["Id"].id
    }

    private func share(_ record: RecordID, of object: ObjectDefinition) async throws {
        guard let share = schema.object(APIName("\(object.name)Share")) else { return }
        let group = try await group()
        let grants = [
            (caller("shared for reading")?.user, "Read"), (caller("restricted")?.user, "Read"),
            (caller("shared for editing")?.user, "Edit"), (group, "Edit"),
        ]
        for case (let grantee?, let level) in grants {
            _ = try await org.save(
                [draft(ofShare: share, record, grantee, level, object)],
                .create,
                as: org.administrator
            )
        }
    }

    /// A public group with one member, made once.
    private func group() async throws -> RecordID {
        let admin = org.administrator
        let soql = "SELECT Id FROM Group WHERE DeveloperName = 'Matrix_Group'"
        if let known = try await org.query(soql, as: admin).first?["Id"].id { return known }
        let group = try await org.create(
            "Group",
            ["Name": "Matrix", "DeveloperName": "Matrix_Group", "Type": "Regular"],
            as: admin
        )
        guard let member = caller("shared by group") else { return group }
        try await org.create(
            "GroupMember",
            ["GroupId": .id(group), "UserOrGroupId": .id(member.user)],
            as: admin
        )
        return group
    }

    private func draft(
        ofShare share: ObjectDefinition,
        _ record: RecordID,
        _ user: RecordID,
        _ level: String,
        _ object: ObjectDefinition
    ) -> RecordDraft {
        let parent = share.fields.first { $0.reference?.targets == [object.name] }
        let access = share.fields.first { $0.name.text.hasSuffix("AccessLevel") }
        return RecordDraft(
            object: share.name.text,
            values: JSONObject([
                JSONObject.Member(name: parent?.name.text ?? "ParentId", value: .id(record)),
                JSONObject.Member(name: "UserOrGroupId", value: .id(user)),
                JSONObject.Member(name: access?.name.text ?? "AccessLevel", value: .string(level)),
            ])
        )
    }
}

// MARK: - Operations

extension AccessMatrix {
    /// The letters of what a caller may do: read, create, edit, delete, give away, share.
    ///
    /// `-` where the rights refuse it, `?` where something else does, a blank where there is
    /// nothing to try it on.
    func letters(_ subject: Subject, as caller: Caller) async throws -> String {
        let object = subject.object
        var letters = ""
        letters += try await read(subject, caller)
        letters += try await attempt("C", caller) { writer in
            try writer.save(
                [RecordDraft(object: object.name.text, values: subject.draft)],
                .create
            )
        }
        guard let record = subject.record else { return letters + "    " }
        @Sendable func change(_ values: JSONObject) -> RecordDraft {
            RecordDraft(object: object.name.text, id: record.description, values: values)
        }
        let edit = Self.edit(of: object)
        letters += try await attempt("E", caller) { try $0.save([change(edit)], .update) }
        letters += try await attempt("D", caller) { try $0.delete([record.description]) }
        guard object.ownerField != nil else { return letters + "  " }
        let taker = JSONValue.id(org.administrator.user)
        letters += try await attempt("O", caller) {
            try $0.save([change(["OwnerId": taker])], .update)
        }
        guard let share = schema.object(APIName("\(object.name)Share")) else {
            return letters + " "
        }
        let user = self.caller("standard user")?.user ?? org.administrator.user
        let draft = draft(ofShare: share, record, user, "Read", object)
        return try await letters + attempt("S", caller) { try $0.save([draft], .create) }
    }

    /// A change of some field, so that the right to write it counts too; none where an object has none
    /// that anybody may change.
    private static func edit(of object: ObjectDefinition) -> JSONObject {
        let field = object.fields.first { field in
            guard field.writing == .always, !field.isSystem, !field.isUnique else { return false }
            if case .text(let length) = field.type { return length >= 6 }
            return false
        }
        return field.map {
            JSONObject([JSONObject.Member(name: $0.name.text, value: "matrix")])
        } ?? [:]
    }

    private func read(_ subject: Subject, _ caller: Caller) async throws -> String {
        guard let record = subject.record else { return " " }
        let soql = "SELECT Id FROM \(subject.object.name) WHERE Id = '\(record)'"
        return (try? await org.query(soql, as: caller))?.count == 1 ? "R" : "-"
    }

    private struct Undone: Error {
        let results: [SaveResult]
    }

    /// What comes of an operation, which is undone.
    private func attempt(
        _ letter: String,
        _ caller: Caller,
        _ operation: @escaping @Sendable (RecordWriter) throws -> [SaveResult]
    ) async throws -> String {
        do {
            try await org.records.write(as: caller) { writer in
                throw Undone(results: try operation(writer))
            }
            return "?"
        } catch let undone as Undone {
            let codes = undone.results.flatMap(\.errors).map(\.code)
            if codes.isEmpty { return letter }
            return codes.contains(where: Self.ofRights.contains) ? "-" : "?"
        } catch let error as RecordError {
            return Self.ofRights.contains(error.code) ? "-" : "?"
        }
    }

    /// Errors by which the kernel says that the caller may not, or that there is nothing to see.
    private static let ofRights: Set<RecordError.Code> = [
        .insufficientAccess, .insufficientAccessOrReadonly, .insufficientAccessOnCrossReference,
        .invalidType, .invalidField, .invalidFieldForInsertUpdate, .notFound, .entityIsDeleted,
        .invalidCrossReferenceKey, .cannotInsertUpdateActivateEntity, .malformedID,
    ]
}

// MARK: - Profiles of the callers

extension AccessMatrix {
    private static let files: [MetadataPackage.File] = {
        func profile(_ name: String, _ rest: String) -> MetadataPackage.File {
            let developer = "Matrix_\(name.replacing(" ", with: "_"))"
            return MetadataPackage.File(
                path: "profiles/\(developer).yaml",
                text: "profile: \(developer)\nlabel: Matrix \(name)\n\(rest)\n"
            )
        }
        let cases = """
            objectPermissions:
              - { object: Case, allowRead: true, allowCreate: true, allowEdit: true, \
            viewAllFields: true, editAllFields: true }
            """
        return [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: matrix\nlabel: Matrix\nversion: 1.0.0\nneeds: [service-desk]\n"
            ),
            profile("Sees All", "userPermissions: [ApiEnabled, ViewAllData]"),
            profile("Changes All", "userPermissions: [ApiEnabled, ModifyAllData]"),
            profile(
                "Sees Cases",
                "userPermissions: [ApiEnabled]\nobjectPermissions:\n"
                    + "  - { object: Case, allowRead: true, viewAllRecords: true, "
                    + "viewAllFields: true }"
            ),
            profile(
                "Changes Cases",
                "userPermissions: [ApiEnabled]\nobjectPermissions:\n"
                    + "  - { object: Case, allowRead: true, allowCreate: true, allowEdit: true, "
                    + "allowDelete: true, viewAllRecords: true, modifyAllRecords: true, "
                    + "viewAllFields: true, editAllFields: true }"
            ),
            MetadataPackage.File(
                path: "restriction-rules/Narrow.yaml",
                text: """
                    restrictionRule: Narrow
                    label: Narrow
                    targetEntity: Case
                    userCriteria: |
                      $User.Department = 'Narrow'
                    recordFilter: |
                      Subject = 'Nothing'
                    """
            ),
            MetadataPackage.File(
                path: "sharing-sets/Askers.yaml",
                text: """
                    sharingSet: Askers
                    label: Askers
                    profiles: [Matrix Portal]
                    accessMappings:
                      - { object: Case, objectField: ContactId, userField: ContactId, accessLevel: Edit }
                    """
            ),
            profile("Portal", "userType: CustomerSuccess\nuserPermissions: [ApiEnabled]\n\(cases)"),
            profile("Guest", "userType: Guest\nuserPermissions: [ApiEnabled]\n\(cases)"),
        ]
    }()
}
