import Language
package import Metadata

/// What one caller may do with which objects and fields, and whose records are theirs to see.
///
/// Profile and permission sets are added up; nothing here takes away.
package final class CallerAccess: Sendable, NameVisibility {
    /// Rights on one object.
    package struct ObjectRights: OptionSet, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        package static let read = ObjectRights(rawValue: 1)
        package static let create = ObjectRights(rawValue: 2)
        package static let edit = ObjectRights(rawValue: 4)
        package static let delete = ObjectRights(rawValue: 8)
        package static let viewAll = ObjectRights(rawValue: 16)
        package static let modifyAll = ObjectRights(rawValue: 32)
        package static let viewAllFields = ObjectRights(rawValue: 64)
        package static let editAllFields = ObjectRights(rawValue: 128)
    }

    package let user: RecordID
    package let isSystem: Bool
    package let permissions: Set<UserPermission>
    /// The caller, the users below in the role hierarchy, and the queues of all of them; sorted.
    package let owners: [RecordID]
    /// The queues of which the caller is a member; sorted.
    package let queues: [RecordID]
    /// What sharing makes of the caller.
    package let sharing: CallerSharing
    private let objects: [APIName: ObjectRights]
    private let readable: [APIName: Set<APIName>]
    private let editable: [APIName: Set<APIName>]
    /// When the first of these rights runs out; `nil` where all are given for good.
    let endsAt: Instant?
    let knownRows = KnownRows()

    init(
        user: RecordID,
        isSystem: Bool,
        permissions: Set<UserPermission>,
        owners: [RecordID],
        queues: [RecordID],
        sharing: CallerSharing = CallerSharing(),
        objects: [APIName: ObjectRights],
        readable: [APIName: Set<APIName>],
        editable: [APIName: Set<APIName>],
        endsAt: Instant? = nil
    ) {
        self.user = user
        self.isSystem = isSystem
        self.permissions = permissions
        self.owners = owners.sorted()
        self.queues = queues.sorted()
        self.sharing = sharing
        self.objects = objects
        self.readable = readable
        self.editable = editable
        self.endsAt = endsAt
    }

    /// The platform itself: every right.
    static func system(_ user: RecordID) -> CallerAccess {
        CallerAccess(
            user: user,
            isSystem: true,
            permissions: CallerAccess.everyPermission,
            owners: [user],
            queues: [],
            objects: [:],
            readable: [:],
            editable: [:]
        )
    }

    /// Sees what a grant opens, sealed texts masked; it is only ever given to a reader.
    static func breakGlass(_ user: RecordID) -> CallerAccess {
        CallerAccess(
            user: user,
            isSystem: true,
            permissions: [.viewAllData],
            owners: [user],
            queues: [],
            objects: [:],
            readable: [:],
            editable: [:]
        )
    }

    private static let everyPermission = Set(UserPermission.allCases)

    package func has(_ permission: UserPermission) -> Bool { permissions.contains(permission) }

    private var modifiesEverything: Bool { isSystem || permissions.contains(.modifyAllData) }

    private var viewsEverything: Bool {
        modifiesEverything || permissions.contains(.viewAllData)
    }

    /// Whoever has a right to records has it to their history and to their shares.
    private func rights(_ object: ObjectDefinition) -> ObjectRights {
        if object.traits.isComputed { return .read }
        return objects[object.historyOf ?? object.sharing.sharedObject ?? object.name] ?? []
    }

    /// Whether no field is hidden, of whatever object.
    var viewsEveryField: Bool { viewsEverything }

    package func mayRead(_ object: ObjectDefinition) -> Bool {
        viewsEverything || rights(object).contains(.read)
    }

    package func mayCreate(_ object: ObjectDefinition) -> Bool {
        mayWrite(object, .create, object.traits.isCreateable)
    }

    package func mayEdit(_ object: ObjectDefinition) -> Bool {
        mayWrite(object, .edit, object.traits.isUpdateable)
    }

    package func mayDelete(_ object: ObjectDefinition) -> Bool {
        mayWrite(object, .delete, object.traits.isDeletable)
    }

    private func mayWrite(
        _ object: ObjectDefinition,
        _ right: ObjectRights,
        _ isPossible: Bool
    ) -> Bool {
        if isSystem { return true }
        guard isPossible else { return false }
        if object.sharing.sharedObject != nil {
            // Whose record it is decides, not what they may otherwise do with such records.
            return modifiesEverything || rights(object).contains(.read)
        }
        if object.traits.isSetup && !mayChangeSetup(of: object) { return false }
        return modifiesEverything || rights(object).contains(right)
    }

    /// Who may do what is for those who manage users; the rest of the setup is also for those who
    /// customize the org.
    private func mayChangeSetup(of object: ObjectDefinition) -> Bool {
        // What a set grants, and who stands above whom, is for those who may do everything anyway:
        // whoever decided that could give themselves any right.
        if CallerAccess.grantObjects.contains(object.name) {
            return has(.manageUsers) && modifiesEverything
        }
        return has(.manageUsers)
            || has(.customizeApplication) && !CallerAccess.rightsObjects.contains(object.name)
    }

    /// Objects whose records say what a permission set, a role or a group brings.
    private static let grantObjects: Set<APIName> = [
        "UserRole", "Profile", "PermissionSet", "ObjectPermissions", "FieldPermissions", "Group",
        "GroupMember", "QueueSobject", "CaseTeamRole",
    ]

    /// Objects whose records say who may log in and who may do what.
    private static let rightsObjects: Set<APIName> = [
        "User", "UserRole", "Profile", "PermissionSet", "PermissionSetAssignment",
        "ObjectPermissions", "FieldPermissions", "Group", "GroupMember", "QueueSobject",
        "CaseTeamRole",
    ]

    /// Whether every record of the object may be read, whoever owns it.
    package func viewsAll(_ object: ObjectDefinition) -> Bool {
        viewsEverything || !rights(object).isDisjoint(with: [.viewAll, .modifyAll])
    }

    /// Whether every record of the object may be changed, whoever owns it.
    package func modifiesAll(_ object: ObjectDefinition) -> Bool {
        modifiesEverything || rights(object).contains(.modifyAll)
    }

    package func mayRead(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool {
        if field.isHidden { return false }
        if viewsEverything || field.isSystem || object.traits.isComputed
            || CallerAccess.isAlwaysReadable(field, of: object)
        {
            return true
        }
        if !rights(object).isDisjoint(with: [.viewAllFields, .editAllFields]) { return true }
        guard let names = readable[object.name] else { return false }
        return names.contains(field.name) || field.compound.map(names.contains) ?? false
    }

    package func mayEdit(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool {
        if field.isHidden { return false }
        if isSystem { return true }
        guard field.writing != .never else { return false }
        if modifiesEverything || field.isSystem
            || CallerAccess.isAlwaysReadable(field, of: object)
            || rights(object).contains(.editAllFields)
        {
            return true
        }
        guard let names = editable[object.name] else { return false }
        return names.contains(field.name) || field.compound.map(names.contains) ?? false
    }

    /// Fields without which a record cannot be saved or recognised have no rights of their own.
    private static func isAlwaysReadable(
        _ field: FieldDefinition,
        of object: ObjectDefinition
    ) -> Bool {
        if field.isNameField || field.isRequired { return true }
        if case .joined(let parts)? = object.nameField?.derivation, parts.contains(field.name) {
            return true
        }
        return false
    }

    /// Whether everything the other access brings is the caller's own already: nobody gives what
    /// they lack.
    func covers(_ other: CallerAccess) -> Bool {
        if modifiesEverything { return true }
        guard other.permissions.isSubset(of: permissions) else { return false }
        for (name, rights) in other.objects where !rights.isSubset(of: objects[name] ?? []) {
            return false
        }
        return CallerAccess.fields(other.readable, areIn: readable, objects)
            && CallerAccess.fields(other.editable, areIn: editable, objects)
    }

    private static func fields(
        _ given: [APIName: Set<APIName>],
        areIn own: [APIName: Set<APIName>],
        _ objects: [APIName: ObjectRights]
    ) -> Bool {
        given.allSatisfy { object, names in
            objects[object]?.contains(.editAllFields) == true
                || names.isSubset(of: own[object] ?? [])
        }
    }

    package func isVisible(_ object: ObjectDefinition) -> Bool { mayRead(object) }

    package func isVisible(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool {
        mayRead(field, of: object)
    }
}
