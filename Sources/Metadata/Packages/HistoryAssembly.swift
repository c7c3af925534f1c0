/// Which fields of an object have their changes kept, and the object that holds them.
struct HistoryAssembly {
    private(set) var problems: [PackageProblem] = []
    private let fields: [FieldDefinition]
    private var names: Set<APIName> = []

    /// - Parameter fields: all fields of the object.
    init(fields: [FieldDefinition]) {
        self.fields = fields
    }

    /// The fields, in their order in the object.
    var tracked: [APIName] { fields.map(\.name).filter(names.contains) }

    /// Reads one declaration: names of fields, or `all`.
    mutating func add(_ map: ShapedMap) {
        for text in map.texts("history") {
            if text == "all" {
                names.formUnion(fields.filter(HistoryAssembly.isTrackable).map(\.name))
            } else {
                add(APIName(text), map)
            }
        }
    }

    private mutating func add(_ name: APIName, _ map: ShapedMap) {
        guard let field = fields.first(where: { $0.name == name }) else {
            let hint = Suggestion.phrase(for: name.text, among: fields.map(\.name.text))
            problems.append(
                map.problem(
                    "there is no field `\(name)` to keep the history of\(hint)",
                    at: "history"
                )
            )
            return
        }
        if field.isCompound {
            names.formUnion(fields.filter { $0.compound == field.name }.map(\.name))
        } else if HistoryAssembly.isTrackable(field) {
            names.insert(field.name)
        } else {
            problems.append(
                map.problem(
                    "`\(name)` has no history: it is encrypted, computed, or kept by the platform",
                    at: "history"
                )
            )
        }
    }

    private static func isTrackable(_ field: FieldDefinition) -> Bool {
        if field.isSystem { return field.name == "OwnerId" || field.name == "RecordTypeId" }
        switch field.type {
        case .id, .encryptedText, .autoNumber, .address, .location, .file, .formula, .summary:
            return false
        case .text, .longTextArea, .html, .email, .phone, .url, .checkbox, .number, .currency,
            .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .coordinate:
            return true
        }
    }
}

// MARK: - The object

extension HistoryAssembly {
    /// `CaseHistory`; `Site__History` for `Site__c`.
    static func name(of object: APIName) -> APIName {
        object.isCustom
            ? APIName(object.text.dropLast(3) + "__History") : APIName(object.text + "History")
    }

    /// What is called `Owner` in a history is `OwnerId` in the record; custom fields keep their
    /// names.
    private static func parentField(of object: APIName) -> APIName {
        object.isCustom ? "ParentId" : APIName(object.text + "Id")
    }

    /// The object that holds the changes of another's records.
    static func object(of object: ObjectDefinition, _ prefix: KeyPrefix) -> ObjectDefinition {
        let parent = parentField(of: object.name)
        return ObjectDefinition(
            name: name(of: object.name),
            label: "\(object.label) History",
            pluralLabel: "\(object.label) History",
            description: "What was changed in \(object.pluralLabel), when and by whom.",
            keyPrefix: prefix,
            sharingModel: .controlledByParent,
            sharingParent: parent,
            owners: [],
            traits: ObjectDefinition.Traits(
                isSearchable: false,
                isCreateable: false,
                isUpdateable: false,
                isDeletable: false,
                allowsActivities: false
            ),
            dataCategories: object.dataCategories,
            recordTypes: [],
            fields: SystemFields.leading(owners: [], hasRecordTypes: false)
                + [link(parent, to: object)] + SystemFields.created + changeFields(of: object),
            historyOf: object.name
        )
    }

    private static func link(_ name: APIName, to object: ObjectDefinition) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: "\(object.label) ID",
            type: .masterDetail(
                Reference(
                    targets: [object.name],
                    childRelationshipName: "Histories",
                    deleteConstraint: .cascade
                )
            ),
            isRequired: true,
            writing: .never
        )
    }

    private static func changeFields(of object: ObjectDefinition) -> [FieldDefinition] {
        let changed = object.tracked.compactMap { object.field($0) }.map {
            Picklist.Value(name: $0.historyName.text, label: $0.label)
        }
        let field = Picklist(
            values: [Picklist.Value(name: "created", label: "Created.")] + changed,
            isRestricted: false
        )
        let types = Picklist(
            values: HistoryDataType.allCases.map {
                Picklist.Value(name: $0.rawValue, label: $0.rawValue)
            },
            isRestricted: true
        )
        return [
            column("Field", "Changed Field", .picklist(field)),
            column("DataType", "Datatype", .picklist(types)),
            column("OldValue", "Old Value", .text(length: 255)),
            column("NewValue", "New Value", .text(length: 255)),
        ]
    }

    private static func column(
        _ name: APIName,
        _ label: String,
        _ type: FieldType
    ) -> FieldDefinition {
        FieldDefinition(name: name, label: label, type: type, writing: .never, isSystem: true)
    }
}

extension FieldDefinition {
    /// How a history calls the field: `Owner` for `OwnerId`, a custom field by its own name.
    package var historyName: APIName {
        guard !name.isCustom, let relationship = parentRelationshipName else { return name }
        return relationship
    }

    /// Whether a history keeps the values, and not only that they changed: long and rich texts and
    /// lists of values are too much for it.
    package var keepsHistoricValues: Bool {
        switch type {
        case .longTextArea(let length): length <= 255
        case .html, .multiselectPicklist, .encryptedText, .file: false
        case .id, .text, .email, .phone, .url, .checkbox, .number, .currency, .percent, .date,
            .dateTime, .time, .picklist, .lookup, .masterDetail, .autoNumber, .address, .location,
            .coordinate, .formula, .summary:
            true
        }
    }

    /// What kind of value a history says it holds.
    package var historyDataType: HistoryDataType {
        switch type {
        case .text, .autoNumber, .formula, .summary, .id, .file: .text
        case .longTextArea: .textArea
        case .html: .richTextArea
        case .encryptedText: .encryptedText
        case .email: .email
        case .phone: .phoneNumber
        case .url: .url
        case .checkbox: .boolean
        case .number, .coordinate: .double
        case .currency: .currency
        case .percent: .percent
        case .date: .dateOnly
        case .dateTime: .dateTime
        case .time: .timeOnly
        case .picklist: .dynamicEnum
        case .multiselectPicklist: .multiEnum
        case .lookup, .masterDetail: .entityID
        case .address: .address
        case .location: .location
        }
    }
}

/// The kinds of values in a history, under the platform's own names.
package enum HistoryDataType: String, Sendable, CaseIterable {
    case address = "Address"
    case boolean = "Boolean"
    case currency = "Currency"
    case dateOnly = "DateOnly"
    case dateTime = "DateTime"
    case double = "Double"
    case dynamicEnum = "DynamicEnum"
    case email = "Email"
    case encryptedText = "EncryptedText"
    case entityID = "EntityId"
    case location = "Location"
    case multiEnum = "MultiEnum"
    case percent = "Percent"
    case phoneNumber = "PhoneNumber"
    case richTextArea = "RichTextArea"
    case text = "Text"
    case textArea = "TextArea"
    case timeOnly = "TimeOnly"
    case url = "Url"
}
