/// What a permission set or a profile grants.
package struct PermissionSetDefinition: Sendable {
    package struct ObjectPermissions: Sendable {
        package let object: APIName
        package let allowRead: Bool
        package let allowCreate: Bool
        package let allowEdit: Bool
        package let allowDelete: Bool
        package let viewAllRecords: Bool
        package let modifyAllRecords: Bool
        /// Every field may be read.
        package let viewAllFields: Bool
        /// Every field that can be written may be.
        package let editAllFields: Bool

        package init(
            object: APIName,
            allowRead: Bool,
            allowCreate: Bool,
            allowEdit: Bool,
            allowDelete: Bool,
            viewAllRecords: Bool,
            modifyAllRecords: Bool,
            viewAllFields: Bool,
            editAllFields: Bool
        ) {
            self.object = object
            self.allowRead = allowRead
            self.allowCreate = allowCreate
            self.allowEdit = allowEdit
            self.allowDelete = allowDelete
            self.viewAllRecords = viewAllRecords
            self.modifyAllRecords = modifyAllRecords
            self.viewAllFields = viewAllFields
            self.editAllFields = editAllFields
        }
    }

    package struct FieldPermissions: Sendable {
        package let object: APIName
        package let field: APIName
        package let readable: Bool
        package let editable: Bool

        package init(object: APIName, field: APIName, readable: Bool, editable: Bool) {
            self.object = object
            self.field = field
            self.readable = readable
            self.editable = editable
        }
    }

    package let name: APIName
    package let label: String
    package let description: String?
    /// A profile: every user has exactly one.
    package let isProfile: Bool
    /// A profile's kind of user: `Standard`, `Guest`, `CustomerSuccess`, ….
    package let userType: String?
    package let objects: [ObjectPermissions]
    package let fields: [FieldPermissions]
    /// Permissions beyond objects: `ViewAllData`, `ModifyAllData`, `ManageUsers`, `ApiEnabled`, ….
    package let userPermissions: [UserPermission]

    package init(
        name: APIName,
        label: String,
        description: String?,
        isProfile: Bool,
        userType: String? = nil,
        objects: [ObjectPermissions],
        fields: [FieldPermissions],
        userPermissions: [UserPermission]
    ) {
        self.name = name
        self.label = label
        self.description = description
        self.isProfile = isProfile
        self.userType = userType
        self.objects = objects
        self.fields = fields
        self.userPermissions = userPermissions
    }
}

/// A permission that is not about one object.
package enum UserPermission: String, Sendable, CaseIterable, Hashable {
    case apiEnabled = "ApiEnabled"
    case viewAllData = "ViewAllData"
    case modifyAllData = "ModifyAllData"
    case manageUsers = "ManageUsers"
    case viewSetup = "ViewSetup"
    case customizeApplication = "CustomizeApplication"
    case viewEncryptedData = "ViewEncryptedData"
    case exportReport = "ExportReport"
    case bulkApiHardDelete = "BulkApiHardDelete"
    case viewAllUsers = "ViewAllUsers"
    case emailSingle = "EmailSingle"
}

/// A place in the role hierarchy.
package struct RoleDefinition: Sendable {
    package let developerName: APIName
    package let label: String
    package let parent: APIName?

    package init(developerName: APIName, label: String, parent: APIName?) {
        self.developerName = developerName
        self.label = label
        self.parent = parent
    }
}

/// A set of users that owns records.
package struct QueueDefinition: Sendable {
    package let developerName: APIName
    package let label: String
    package let email: String?
    package let objects: [APIName]
    /// Roles whose users take from it.
    package let roles: [APIName]

    package init(
        developerName: APIName,
        label: String,
        email: String?,
        objects: [APIName],
        roles: [APIName]
    ) {
        self.developerName = developerName
        self.label = label
        self.email = email
        self.objects = objects
        self.roles = roles
    }
}
