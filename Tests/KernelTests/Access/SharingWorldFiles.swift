import Metadata
import TestSupport

/// The metadata of a random small org.
struct SharingWorldFiles {
    private let world: SharingOracle

    init(_ world: SharingOracle) {
        self.world = world
    }

    var files: [MetadataPackage.File] {
        var files = [
            file(
                "package.yaml",
                "package: filing\nlabel: Filing\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            file("objects/Box__c.yaml", box), file("objects/Folder__c.yaml", folder),
            file("objects/Paper__c.yaml", paper), file("objects/Tag__c.yaml", tag),
            file("objects/Folder_Member__c.yaml", member),
            file("permission-sets/Keeping.yaml", permissions("Keeping", "")),
            file(
                "permission-sets/Seeing_All.yaml",
                more("Seeing_All", "viewAllRecords")
            ),
            file(
                "permission-sets/Changing_All.yaml",
                more("Changing_All", "modifyAllRecords")
            ),
            file("profiles/Portal.yaml", profile("Portal", "CustomerSuccess")),
            file("profiles/Visitor.yaml", profile("Visitor", "Guest")),
        ]
        if !world.users.isEmpty {
            if !isOpen { files.append(file("sharing-rules/Folder__c.yaml", rules)) }
            if world.hasSharingSet {
                files.append(file("sharing-sets/Keepers.yaml", sharingSet))
            }
            for (number, rule) in world.restrictions.enumerated() {
                files.append(
                    file("restriction-rules/R\(number).yaml", restriction(rule, number))
                )
            }
        }
        return files
    }

    /// Whether everyone may do everything with folders, so that there is nothing to share.
    private var isOpen: Bool {
        world.folderDefault == .readWrite && world.folderExternal == .readWrite
    }

    private func file(_ path: String, _ text: String) -> MetadataPackage.File {
        MetadataPackage.File(path: path, text: text)
    }

    private func profile(_ name: String, _ type: String) -> String {
        "profile: \(name)\nlabel: \(name)\nuserType: \(type)\nuserPermissions: [ApiEnabled]\n"
    }

    private func permissions(_ name: String, _ more: String) -> String {
        let objects = ["Box__c", "Folder__c", "Paper__c", "Tag__c", "Folder_Member__c"].map {
            """
              - object: \($0)
                allowRead: true
                allowCreate: true
                allowEdit: true
                allowDelete: true
                viewAllFields: true
                editAllFields: true

            """
        }
        return "permissionSet: \(name)\nlabel: \(name)\nobjectPermissions:\n" + objects.joined()
    }

    private func more(_ name: String, _ right: String) -> String {
        """
        permissionSet: \(name)
        label: \(name)
        objectPermissions:
          - { object: Folder__c, allowRead: true, \(right): true }

        """
    }

    private var box: String {
        """
        object: Box__c
        label: Box
        pluralLabel: Boxes
        sharingModel: \(world.boxDefault.rawValue)
        owners: [User]
        fields:
          - { name: Keeper__c, type: Lookup, referenceTo: [User] }

        """
    }

    private var folder: String {
        """
        object: Folder__c
        label: Folder
        pluralLabel: Folders
        sharingModel: \(world.folderDefault.rawValue)
        externalSharingModel: \(world.folderExternal.rawValue)
        grantAccessUsingHierarchies: \(world.usesHierarchy)
        owners: [User, Queue]
        fields:
          - { name: Color__c, type: Text, length: 20 }
          - { name: Size__c, type: Number, precision: 6, scale: 0 }
          - name: Box__c
            type: Lookup
            referenceTo: [Box__c]
            relationshipName: Folders__r
            implicitSharing: true

        """
    }

    private var paper: String {
        """
        object: Paper__c
        label: Paper
        pluralLabel: Papers
        sharingModel: ControlledByParent
        sharingParent: Folder__c
        fields:
          - { name: Folder__c, type: MasterDetail, referenceTo: [Folder__c], relationshipName: Papers__r }

        """
    }

    private var tag: String {
        """
        object: Tag__c
        label: Tag
        pluralLabel: Tags
        sharingModel: ReadWrite
        externalSharingModel: ReadWrite
        fields:
          - { name: Folder__c, type: Lookup, referenceTo: [Folder__c], relationshipName: Tags__r }

        """
    }

    private var member: String {
        """
        object: Folder_Member__c
        label: Folder Member
        pluralLabel: Folder Members
        hasName: false
        sharingModel: ControlledByParent
        sharingParent: Folder__c
        team: { record: Folder__c, member: User__c, accessLevel: Level__c }
        fields:
          - { name: Folder__c, type: MasterDetail, referenceTo: [Folder__c], relationshipName: Members__r }
          - { name: User__c, type: Lookup, referenceTo: [User], required: true }
          - name: Level__c
            type: Picklist
            values:
              - { name: Read, default: true }
              - { name: Edit }

        """
    }
}

// MARK: - Rules

extension SharingWorldFiles {
    private func target(_ party: SharingOracle.Party) -> String {
        switch party {
        case .user: ""
        case .group(let group): "{ group: \(world.groups[group].name) }"
        case .role(let role): "{ role: R\(role) }"
        case .roleAndBelow(let role): "{ roleAndSubordinates: R\(role) }"
        case .roleAndInternalBelow(let role): "{ roleAndSubordinatesInternal: R\(role) }"
        case .everyone: "{ allInternalUsers: true }"
        }
    }

    private func item(_ field: String, _ operation: String, _ value: String) -> String {
        "          - { field: \(field), operation: \(operation), value: \"\(value)\" }\n"
    }

    private var rules: String {
        var byOwner = ""
        var byCriteria = ""
        for rule in world.rules {
            let head =
                "  - name: \(rule.name)\n"
                + "    accessLevel: \(rule.level == .edit ? "Edit" : "Read")\n"
                + "    sharedTo: \(target(rule.target))\n"
            switch rule.which {
            case .ownedBy(.queue(let queue)):
                byOwner += head + "    sharedFrom: { queue: \(world.groups[queue].name) }\n"
            case .ownedBy(.party(let party)):
                byOwner += head + "    sharedFrom: \(target(party))\n"
            case .color(let color):
                byCriteria +=
                    head + "    criteriaItems:\n" + item("Color__c", "equals", color)
            case .largerThan(let size):
                byCriteria +=
                    head + "    criteriaItems:\n" + item("Size__c", "greaterThan", "\(size)")
            case .colorOrSize(let color, let size):
                byCriteria +=
                    head + "    booleanFilter: 1 OR 2\n    criteriaItems:\n"
                    + item("Color__c", "startsWith", String(color.prefix(2)))
                    + item("Size__c", "greaterThan", "\(size)")
            }
        }
        var text = "object: Folder__c\n"
        if !byOwner.isEmpty { text += "sharingOwnerRules:\n" + byOwner }
        if !byCriteria.isEmpty { text += "sharingCriteriaRules:\n" + byCriteria }
        if let color = world.guestColor {
            text +=
                "sharingGuestRules:\n  - name: For_Guests\n    accessLevel: Read\n"
                + "    sharedTo: { guestUser: User7 }\n    criteriaItems:\n"
                + item("Color__c", "equals", color)
        }
        return text
    }

    private var sharingSet: String {
        var text = """
            sharingSet: Keepers
            label: Keepers
            profiles: [Portal]
            accessMappings:
              - { object: Box__c, objectField: Keeper__c, userField: Id, accessLevel: Read }

            """
        if !isOpen {
            text +=
                "  - { object: Folder__c, objectField: Box__r.Keeper__c, userField: Id, "
                + "accessLevel: Edit }\n"
        }
        return text
    }

    private func restriction(_ rule: SharingOracle.Restriction, _ number: Int) -> String {
        let filter =
            switch rule.which {
            case .own: "OwnerId = $User.Id"
            case .color(let color): "Color__c = '\(color)'"
            }
        return """
            restrictionRule: R\(number)
            label: R\(number)
            targetEntity: Folder__c
            userCriteria: |
              $User.UserRole.DeveloperName = 'R\(rule.role)'
            recordFilter: |
              \(filter)

            """
    }
}
