/// The fields that the platform keeps on every record.
enum SystemFields {
    static func leading(
        owners: [ObjectDefinition.OwnerKind],
        hasRecordTypes: Bool
    ) -> [FieldDefinition] {
        var fields = [
            FieldDefinition(
                name: "Id",
                label: "Record ID",
                type: .id,
                writing: .never,
                isSystem: true
            ),
            FieldDefinition(
                name: "IsDeleted",
                label: "Deleted",
                type: .checkbox,
                writing: .never,
                defaultValue: .boolean(false),
                isSystem: true
            ),
        ]
        if !owners.isEmpty {
            let targets = owners.map { $0 == .user ? APIName("User") : APIName("Group") }
            fields.append(
                FieldDefinition(
                    name: "OwnerId",
                    label: "Owner ID",
                    type: .lookup(
                        Reference(
                            targets: targets,
                            childRelationshipName: nil,
                            deleteConstraint: .restrict
                        )
                    ),
                    isSystem: true
                )
            )
        }
        if hasRecordTypes {
            fields.append(
                FieldDefinition(
                    name: "RecordTypeId",
                    label: "Record Type ID",
                    type: .lookup(
                        Reference(
                            targets: ["RecordType"],
                            childRelationshipName: nil,
                            deleteConstraint: .restrict
                        )
                    ),
                    isSystem: true
                )
            )
        }
        return fields
    }

    /// The record into which another was merged.
    static func master(of object: APIName) -> FieldDefinition {
        FieldDefinition(
            name: "MasterRecordId",
            label: "Master Record ID",
            type: .lookup(
                Reference(targets: [object], childRelationshipName: nil, deleteConstraint: .setNull)
            ),
            writing: .never,
            isSystem: true
        )
    }

    /// Of those that nobody changes again, these are all.
    static let created: [FieldDefinition] = [
        stamp("CreatedDate", "Created Date"), user("CreatedById", "Created By ID"),
    ]

    static let trailing: [FieldDefinition] =
        created + [
            stamp("LastModifiedDate", "Last Modified Date"),
            user("LastModifiedById", "Last Modified By ID"),
            stamp("SystemModstamp", "System Modstamp"),
        ]

    private static func stamp(_ name: APIName, _ label: String) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: .dateTime,
            writing: .never,
            isSystem: true
        )
    }

    private static func user(_ name: APIName, _ label: String) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: .lookup(
                Reference(
                    targets: ["User"],
                    childRelationshipName: nil,
                    deleteConstraint: .restrict
                )
            ),
            writing: .never,
            isSystem: true
        )
    }
}
