/// Makes the object that holds the shares of each object whose records can be shared: `CaseShare`.
struct ShareAssembly {
    private let declared: [ObjectDefinition]
    private let kept: [APIName: KeyPrefix]
    private let taken: Set<KeyPrefix>

    /// - Parameters:
    ///   - kept: key prefixes given before; an object keeps its own for ever.
    ///   - taken: the prefixes of the declared objects.
    init(_ declared: [ObjectDefinition], kept: [APIName: KeyPrefix], taken: Set<KeyPrefix>) {
        self.declared = declared
        self.kept = kept
        self.taken = taken
    }

    var objects: [ObjectDefinition] {
        let shareable = declared.filter(\.canBeShared)
        guard declared.contains(where: { $0.name == "User" }),
            declared.contains(where: { $0.name == "Group" })
        else { return [] }
        var used = taken.union(kept.values)
        var next = KeyPrefix("a00")?.number ?? 0
        return shareable.map { object in
            let name = object.shareName
            var prefix = kept[name] ?? Self.published[name].flatMap { KeyPrefix($0) }
            if kept[name] == nil, let wanted = prefix, used.contains(wanted) { prefix = nil }
            if prefix == nil {
                while used.contains(KeyPrefix(number: next)) { next += 1 }
                prefix = KeyPrefix(number: next)
            }
            let final = prefix ?? KeyPrefix(number: next)
            used.insert(final)
            return share(of: object, name, final)
        }
    }

    /// The prefixes that clients know.
    private static let published: [APIName: String] = [
        "AccountShare": "00r", "CaseShare": "01n", "OpportunityShare": "00t", "LeadShare": "01o",
        "ContactShare": "03s", "CampaignShare": "08s",
    ]

    private func share(
        of object: ObjectDefinition,
        _ name: APIName,
        _ prefix: KeyPrefix
    ) -> ObjectDefinition {
        let parent = ShareNames(object)
        var fields = [
            FieldDefinition(
                name: parent.record,
                label: "\(object.label) ID",
                type: .lookup(
                    Reference(
                        targets: [object.name],
                        childRelationshipName: "Shares",
                        deleteConstraint: .cascade
                    )
                ),
                isRequired: true,
                writing: .onCreate,
                isSystem: true
            ),
            FieldDefinition(
                name: ShareNames.grantee,
                label: "User/Group ID",
                type: .lookup(
                    Reference(
                        targets: ["User", "Group"],
                        childRelationshipName: nil,
                        deleteConstraint: .cascade
                    )
                ),
                isRequired: true,
                writing: .onCreate,
                isSystem: true
            ),
            Self.level(parent.level, "\(object.label) Access", ["Read", "Edit", "All"], true),
        ]
        fields += implicitChildren(of: object).map { child in
            Self.level(
                APIName("\(child.name)AccessLevel"),
                "\(child.label) Access",
                ["None", "Read", "Edit"],
                false
            )
        }
        fields += [
            FieldDefinition(
                name: ShareNames.cause,
                label: "Row Cause",
                type: .picklist(
                    Picklist(
                        values: ["Manual", "Rule", "Team", "GuestRule"].map {
                            Picklist.Value(name: $0, label: $0, isDefault: $0 == "Manual")
                        },
                        isRestricted: true
                    )
                ),
                writing: .onCreate,
                defaultValue: .text("Manual"),
                isSystem: true
            ),
            FieldDefinition(
                name: ShareNames.key,
                label: "Key",
                type: .lookup(
                    Reference(targets: [], childRelationshipName: nil, deleteConstraint: .setNull)
                ),
                writing: .never,
                isSystem: true,
                isHidden: true
            ),
        ]
        let stamps: Set<APIName> = ["LastModifiedDate", "LastModifiedById"]
        return ObjectDefinition(
            name: name,
            label: "\(object.label) Share",
            pluralLabel: "\(object.label) Shares",
            description: "Opens one record of \(object.pluralLabel) to one user or group.",
            keyPrefix: prefix,
            sharingModel: .controlledByParent,
            sharingParent: parent.record,
            sharing: ObjectDefinition.Sharing(
                externalModel: .controlledByParent,
                sharedObject: object.name
            ),
            owners: [],
            traits: ObjectDefinition.Traits(isSearchable: false, allowsActivities: false),
            dataCategories: [],
            recordTypes: [],
            fields: SystemFields.leading(owners: [], hasRecordTypes: false) + fields
                + SystemFields.trailing.filter { stamps.contains($0.name) }
        )
    }

    private static func level(
        _ name: APIName,
        _ label: String,
        _ values: [String],
        _ isRequired: Bool
    ) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: .picklist(
                Picklist(
                    values: values.map { Picklist.Value(name: $0, label: $0) },
                    isRestricted: true
                )
            ),
            isRequired: isRequired,
            isSystem: true
        )
    }

    private func implicitChildren(of object: ObjectDefinition) -> [ObjectDefinition] {
        declared.filter { child in
            child.canBeShared && child.implicitParent(object.name) != nil
        }
    }
}

/// What the fields of a share object are called.
package struct ShareNames: Sendable {
    /// The lookup to the record that is shared.
    package let record: APIName
    package let level: APIName

    /// Whom the record is shared with.
    package static let grantee: APIName = "UserOrGroupId"
    package static let cause: APIName = "RowCause"
    /// What a caller must hold for the share to count: the grantee, or the version of a rule.
    package static let key: APIName = "KeyId"

    package init(_ shared: ObjectDefinition) {
        self.init(shared.name)
    }

    package init(_ shared: APIName) {
        record = shared.isCustom ? "ParentId" : APIName("\(shared)Id")
        level = shared.isCustom ? "AccessLevel" : APIName("\(shared)AccessLevel")
    }
}

extension ObjectDefinition {
    /// Whether a record can be opened to someone: it has an owner, and not everyone may do all.
    package var canBeShared: Bool {
        !owners.isEmpty && !traits.isSetup && !traits.isComputed
            && sharingModel != .controlledByParent
            && (sharingModel != .readWrite || sharing.externalModel != .readWrite)
    }

    /// `CaseShare`, `Thing__Share`.
    package var shareName: APIName {
        name.isCustom
            ? APIName(String(name.text.dropLast(3)) + "__Share") : APIName("\(name)Share")
    }

    /// The lookup by which who was given a record may read its parent, of that object.
    package func implicitParent(_ parent: APIName) -> FieldDefinition? {
        fields.first { field in
            field.reference.map { $0.sharesImplicitly && $0.targets.contains(parent) } ?? false
        }
    }
}
