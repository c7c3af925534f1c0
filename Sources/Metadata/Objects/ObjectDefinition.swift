/// One kind of thing that an org keeps records of, with everything about it.
package final class ObjectDefinition: Sendable {
    /// Who sees a record that nobody shared with them.
    package enum SharingModel: String, Sendable, CaseIterable {
        case `private` = "Private"
        case read = "Read"
        case readWrite = "ReadWrite"
        /// As the master record is.
        case controlledByParent = "ControlledByParent"

        /// Grows with what everyone may do.
        package var width: Int {
            switch self {
            case .private, .controlledByParent: 0
            case .read: 1
            case .readWrite: 2
            }
        }
    }

    package enum OwnerKind: String, Sendable, CaseIterable {
        case user = "User"
        case queue = "Queue"
    }

    /// When a platform event that is published is told.
    package enum PublishBehavior: String, Sendable, CaseIterable {
        /// When the transaction that publishes it is on disk; never, where that is undone.
        case afterCommit = "PublishAfterCommit"
        /// Even where the transaction that publishes it is undone.
        case immediately = "PublishImmediately"
    }

    /// What an object can do beyond holding records.
    package struct Traits: Sendable {
        package var isSearchable: Bool
        /// Clients may create, change and delete records.
        package var isCreateable: Bool
        package var isUpdateable: Bool
        package var isDeletable: Bool
        /// Only those who may see setup change it: `ManageUsers` guards the save.
        package var isSetup: Bool
        /// An activity, a comment or a file may be attached to it.
        package var allowsActivities: Bool
        /// What happens to its records is told to subscribers.
        package var hasChangeEvents: Bool
        /// A platform event: it is published and holds no records.
        ///
        /// `nil` for every other object.
        package var event: PublishBehavior?
        /// Records may be merged into one; each says then, in `MasterRecordId`, into which.
        package var isMergeable: Bool
        /// It has no records of its own: the platform works out the rows of a query about it.
        package var isComputed: Bool

        package init(
            isSearchable: Bool = true,
            isCreateable: Bool = true,
            isUpdateable: Bool = true,
            isDeletable: Bool = true,
            isSetup: Bool = false,
            allowsActivities: Bool = true,
            hasChangeEvents: Bool = false,
            event: PublishBehavior? = nil,
            isMergeable: Bool = false,
            isComputed: Bool = false
        ) {
            self.isSearchable = isSearchable
            self.isCreateable = isCreateable
            self.isUpdateable = isUpdateable
            self.isDeletable = isDeletable
            self.isSetup = isSetup
            self.allowsActivities = allowsActivities
            self.hasChangeEvents = hasChangeEvents
            self.event = event
            self.isMergeable = isMergeable
            self.isComputed = isComputed
        }
    }

    /// How far sharing goes beyond what the sharing model says.
    package struct Sharing: Sendable {
        /// Who of the users from outside sees a record that nobody shared with them.
        package var externalModel: SharingModel
        /// Whether those above in the role hierarchy have what those below them have.
        package var usesHierarchy: Bool
        /// The object to whose records these are shares, if they are.
        package var sharedObject: APIName?
        /// How a record gives its member a right to another record, if it does.
        package var team: TeamDefinition?

        package init(
            externalModel: SharingModel,
            usesHierarchy: Bool = true,
            sharedObject: APIName? = nil,
            team: TeamDefinition? = nil
        ) {
            self.externalModel = externalModel
            self.usesHierarchy = usesHierarchy
            self.sharedObject = sharedObject
            self.team = team
        }
    }

    package let name: APIName
    package let label: String
    package let pluralLabel: String
    package let description: String?
    package let keyPrefix: KeyPrefix
    package let sharingModel: SharingModel
    /// The lookup that decides, where the sharing model is controlled by the parent.
    package let sharingParent: APIName?
    package let sharing: Sharing
    package let owners: [OwnerKind]
    package let traits: Traits
    package let dataCategories: [String]
    package let recordTypes: [RecordTypeDefinition]
    package let validationRules: [ValidationRuleDefinition]
    /// The fields whose changes are kept as history, in the order of `fields`; empty where none are.
    package let tracked: [APIName]
    /// The object of whose records these records are the history, if they are one.
    package let historyOf: APIName?
    /// Whose value a merge keeps, for fields of which it is not the master's.
    package let survivorship: [APIName: Survivorship]
    /// All fields, the platform's own first, each at its own index.
    package let fields: [FieldDefinition]
    package let nameField: FieldDefinition?
    private let byName: [APIName: FieldDefinition]
    private let byRelationship: [APIName: FieldDefinition]

    package init(
        name: APIName,
        label: String,
        pluralLabel: String,
        description: String?,
        keyPrefix: KeyPrefix,
        sharingModel: SharingModel,
        sharingParent: APIName?,
        sharing: Sharing? = nil,
        owners: [OwnerKind],
        traits: Traits,
        dataCategories: [String],
        recordTypes: [RecordTypeDefinition],
        validationRules: [ValidationRuleDefinition] = [],
        fields: [FieldDefinition],
        tracked: [APIName] = [],
        historyOf: APIName? = nil,
        survivorship: [APIName: Survivorship] = [:]
    ) {
        self.name = name
        self.label = label
        self.pluralLabel = pluralLabel
        self.description = description
        self.keyPrefix = keyPrefix
        self.sharingModel = sharingModel
        self.sharingParent = sharingParent
        self.sharing = sharing ?? Sharing(externalModel: sharingModel)
        self.owners = owners
        self.traits = traits
        self.dataCategories = dataCategories
        self.recordTypes = recordTypes
        self.validationRules = validationRules
        self.tracked = tracked
        self.historyOf = historyOf
        self.survivorship = survivorship
        let placed = fields.enumerated().map { $0.element.at($0.offset) }
        self.fields = placed
        nameField = placed.first(where: \.isNameField)
        byName = Dictionary(placed.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        byRelationship = Dictionary(
            placed.compactMap { field in field.parentRelationshipName.map { ($0, field) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package var isCustom: Bool { name.isCustom }

    /// Whether it has a table: neither a platform event nor worked out.
    package var isStored: Bool { traits.event == nil && !traits.isComputed }

    /// Whether it is published rather than stored.
    package var isEvent: Bool { traits.event != nil }

    package func field(_ name: APIName) -> FieldDefinition? { byName[name] }

    /// The lookup by whose relationship name a query reaches a parent: `Account`, `Site__r`.
    package func parentField(_ relationship: APIName) -> FieldDefinition? {
        byRelationship[relationship]
    }

    package var ownerField: FieldDefinition? { byName["OwnerId"] }

    /// The parts of a compound field, in order.
    package func components(of compound: APIName) -> [FieldDefinition] {
        fields.filter { $0.compound == compound }
    }
}

/// Whose value of a field a merged record keeps.
package enum Survivorship: String, Sendable, CaseIterable {
    /// The master's, even where it has none.
    case master = "Master"
    /// That of the record that was changed last, among those that have one.
    case newest = "Newest"
    /// That of the record with the most values, among those that have one.
    case mostComplete = "MostComplete"
}
