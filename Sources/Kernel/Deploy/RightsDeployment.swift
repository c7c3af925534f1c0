internal import Metadata

/// Turns what a package declares about rights into records.
///
/// That is profiles, permission sets, roles, queues and record types. Records that nobody declared stay
/// as they are.
struct RightsDeployment {
    let writer: RecordWriter

    func apply(_ package: MetadataPackage) throws {
        for definition in package.permissionSets { try apply(definition) }
        try applyRoles(package.roles)
        for queue in package.queues { try apply(queue) }
        try applyRecordTypes()
        try SharingDeployment(writer: writer).apply(package)
        try SharingDeployment(writer: writer).apply(package)
        try ServiceDeployment(records: self).apply()
    }

    func value(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    func id(_ soql: String) throws -> RecordID? {
        try writer.rows(soql).first?.first?.id
    }

    /// Changes the record of that id, or creates one.
    @discardableResult
    func put(
        _ object: String,
        _ id: RecordID?,
        _ values: [(String, JSONValue)]
    ) throws -> RecordID {
        let draft = RecordDraft(
            object: object,
            id: id?.description,
            values: JSONObject(values.map { JSONObject.Member(name: $0.0, value: $0.1) })
        )
        let result = try writer.save([draft], id == nil ? .create : .update)[0]
        guard let saved = result.id else {
            let error = result.errors.first
            throw RecordError(
                error?.code ?? .unknownException,
                "\(object) cannot be deployed: \(error?.message ?? "")",
                fields: error?.fields ?? []
            )
        }
        return saved
    }
}

// MARK: - Profiles and permission sets

extension RightsDeployment {
    private func apply(_ definition: PermissionSetDefinition) throws {
        try check(definition)
        let granted = Set(definition.userPermissions)
        let permissions = UserPermission.allCases.map {
            ("Permissions\($0.rawValue)", JSONValue.bool(granted.contains($0)))
        }
        let set: RecordID
        if definition.isProfile {
            let known = try id("SELECT Id FROM Profile WHERE Name = \(quoted(definition.label))")
            let profile = try put(
                "Profile",
                known,
                [
                    ("Name", .string(definition.label)),
                    ("Description", value(definition.description)),
                    ("UserType", value(definition.userType)),
                ] + permissions
            )
            let own = try id("SELECT Id FROM PermissionSet WHERE ProfileId = '\(profile)'")
            set = try put(
                "PermissionSet",
                own,
                [
                    ("Name", .string("X" + profile.short)),
                    ("Label", .string(profile.short)),
                    ("ProfileId", .string(profile.description)),
                    ("IsOwnedByProfile", .bool(true)),
                ] + permissions
            )
        } else {
            let known = try id(
                "SELECT Id FROM PermissionSet WHERE Name = \(quoted(definition.name.text)) "
                    + "AND IsOwnedByProfile = false"
            )
            set = try put(
                "PermissionSet",
                known,
                [
                    ("Name", .string(definition.name.text)),
                    ("Label", .string(definition.label)),
                    ("Description", value(definition.description)),
                ] + permissions
            )
        }
        try applyObjects(definition, set)
        try applyFields(definition, set)
    }

    /// Every object and field that is granted must exist.
    private func check(_ definition: PermissionSetDefinition) throws {
        for grant in definition.objects where writer.schema.object(grant.object) == nil {
            let hint = Suggestion.phrase(
                for: grant.object.text,
                among: writer.schema.objects.map(\.name.text)
            )
            throw RecordError(
                .invalidInput,
                "\(definition.name) grants on `\(grant.object)`, which is no object\(hint)"
            )
        }
        for grant in definition.fields {
            let object = writer.schema.object(grant.object)
            guard object?.field(grant.field) == nil else { continue }
            let names = object?.fields.map(\.name.text) ?? []
            let hint = Suggestion.phrase(for: grant.field.text, among: names)
            throw RecordError(
                .invalidInput,
                "\(definition.name) grants on `\(grant.object).\(grant.field)`, which is no field\(hint)"
            )
        }
    }

    private func applyObjects(_ definition: PermissionSetDefinition, _ set: RecordID) throws {
        var known: [APIName: RecordID] = [:]
        for row in try writer.rows(
            "SELECT Id, SobjectType FROM ObjectPermissions WHERE ParentId = '\(set)'"
        ) {
            if let id = row[0].id, let name = row[1].text { known[APIName(name)] = id }
        }
        for grant in definition.objects {
            var values: [(String, JSONValue)] = [
                ("PermissionsRead", .bool(grant.allowRead)),
                ("PermissionsCreate", .bool(grant.allowCreate)),
                ("PermissionsEdit", .bool(grant.allowEdit)),
                ("PermissionsDelete", .bool(grant.allowDelete)),
                ("PermissionsViewAllRecords", .bool(grant.viewAllRecords)),
                ("PermissionsModifyAllRecords", .bool(grant.modifyAllRecords)),
                ("PermissionsViewAllFields", .bool(grant.viewAllFields)),
                ("PermissionsEditAllFields", .bool(grant.editAllFields)),
            ]
            if known[grant.object] == nil {
                values += [
                    ("ParentId", .string(set.description)),
                    ("SobjectType", .string(grant.object.text)),
                ]
            }
            try put("ObjectPermissions", known[grant.object], values)
        }
    }

    private func applyFields(_ definition: PermissionSetDefinition, _ set: RecordID) throws {
        var known: [String: RecordID] = [:]
        for row in try writer.rows(
            "SELECT Id, Field FROM FieldPermissions WHERE ParentId = '\(set)'"
        ) {
            if let id = row[0].id, let name = row[1].text { known[name.lowercased()] = id }
        }
        for grant in definition.fields {
            let path = "\(grant.object).\(grant.field)"
            var values: [(String, JSONValue)] = [
                ("PermissionsRead", .bool(grant.readable || grant.editable)),
                ("PermissionsEdit", .bool(grant.editable)),
            ]
            if known[path.lowercased()] == nil {
                values += [
                    ("ParentId", .string(set.description)),
                    ("SobjectType", .string(grant.object.text)), ("Field", .string(path)),
                ]
            }
            try put("FieldPermissions", known[path.lowercased()], values)
        }
    }
}

// MARK: - Roles, queues, record types

extension RightsDeployment {
    private func applyRoles(_ roles: [RoleDefinition]) throws {
        var ids: [APIName: RecordID] = [:]
        for role in roles {
            let known = try self.role(role.developerName)
            ids[role.developerName] = try put(
                "UserRole",
                known,
                [
                    ("Name", .string(role.label)),
                    ("DeveloperName", .string(role.developerName.text)),
                ]
            )
        }
        for role in roles {
            guard let parent = role.parent, let id = ids[role.developerName] else { continue }
            guard let above = try ids[parent] ?? self.role(parent) else {
                throw RecordError(
                    .invalidInput,
                    "the role \(role.developerName) is under `\(parent)`, which is no role"
                )
            }
            try put("UserRole", id, [("ParentRoleId", .string(above.description))])
        }
    }

    private func role(_ name: APIName) throws -> RecordID? {
        try id("SELECT Id FROM UserRole WHERE DeveloperName = \(quoted(name.text))")
    }

    private func group(_ name: String, type: String) throws -> RecordID? {
        try id(
            "SELECT Id FROM Group WHERE DeveloperName = \(quoted(name)) AND Type = \(quoted(type))"
        )
    }

    private func apply(_ queue: QueueDefinition) throws {
        let name = queue.developerName.text
        let id = try put(
            "Group",
            try group(name, type: "Queue"),
            [
                ("Name", .string(queue.label)), ("DeveloperName", .string(name)),
                ("Type", .string("Queue")), ("Email", value(queue.email)),
            ]
        )
        let taken = try writer.rows(
            "SELECT Id, SobjectType FROM QueueSobject WHERE QueueId = '\(id)'"
        )
        .compactMap { $0[1].text.map { APIName($0) } }
        for object in queue.objects where !taken.contains(object) {
            try put(
                "QueueSobject",
                nil,
                [("QueueId", .string(id.description)), ("SobjectType", .string(object.text))]
            )
        }
        let members = try writer.rows(
            "SELECT Id, UserOrGroupId FROM GroupMember WHERE GroupId = '\(id)'"
        ).compactMap { $0[1].id }
        if queue.roles.isEmpty && members.isEmpty {
            throw RecordError(
                .invalidInput,
                "nobody could take from the queue \(queue.developerName): give it `roles`"
            )
        }
        for name in queue.roles {
            guard let role = try role(name) else {
                throw RecordError(
                    .invalidInput,
                    "the queue \(queue.developerName) has `\(name)`, which is no role"
                )
            }
            let group = try roleGroup(role, name)
            if members.contains(group) { continue }
            try put(
                "GroupMember",
                nil,
                [
                    ("GroupId", .string(id.description)),
                    ("UserOrGroupId", .string(group.description)),
                ]
            )
        }
    }

    /// The group that stands for a role's users.
    private func roleGroup(_ role: RecordID, _ name: APIName) throws -> RecordID {
        if let known = try id(
            "SELECT Id FROM Group WHERE RelatedId = '\(role)' AND Type = 'Role'"
        ) {
            return known
        }
        return try put(
            "Group",
            nil,
            [
                ("Name", .string(name.text)), ("DeveloperName", .string(name.text)),
                ("Type", .string("Role")), ("RelatedId", .string(role.description)),
            ]
        )
    }

    private func applyRecordTypes() throws {
        for object in writer.schema.objects {
            for type in object.recordTypes {
                let known = try id(
                    "SELECT Id FROM RecordType WHERE SobjectType = \(quoted(object.name.text)) "
                        + "AND DeveloperName = \(quoted(type.developerName.text))"
                )
                try put(
                    "RecordType",
                    known,
                    [
                        ("Name", .string(type.label)),
                        ("DeveloperName", .string(type.developerName.text)),
                        ("SobjectType", .string(object.name.text)),
                        ("Description", value(type.description)),
                        ("IsActive", .bool(type.isActive)),
                    ]
                )
            }
        }
    }
}
