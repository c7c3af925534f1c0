/// The shapes of every kind of metadata; key names are those of the Metadata API where it has them.
package enum Shapes {
    package static let package = Shape(
        title: "a metadata package",
        summary: "`package.yaml`: what the package is and what it needs.",
        keys: [
            .init("package", .text, required: true, "Its name: lower-case words joined by `-`."),
            .init("label", .text, required: true, "Its name for people."),
            .init("version", .text, required: true, "Its version: `1.0.0`."),
            .init("description", .text, "What it is for."),
            .init("needs", .texts, "Packages that must be installed before it."),
        ]
    )

    package static let picklistValue = Shape(
        title: "a picklist value",
        summary: "One value of a picklist.",
        keys: [
            .init("name", .scalar, required: true, "What is stored."),
            .init("label", .text, "What people read; the name where it is missing."),
            .init("default", .boolean, "Whether a new record gets it."),
            .init("active", .boolean, "Whether it is offered; true where it is missing."),
            .init("marks", .texts, "Marks from which other fields derive: `closed`."),
            .init("controllingFieldValues", .texts, "The controlling values that allow it."),
        ]
    )

    package static let mark = Shape(
        title: "a mark",
        summary: "A checkbox that is true while a picklist's value carries a mark.",
        keys: [
            .init("field", .name, required: true, "The picklist field."),
            .init("mark", .text, required: true, "The mark."),
        ]
    )

    package static let fieldTypes = [
        "Text", "LongTextArea", "Html", "EncryptedText", "Email", "Phone", "Url", "Checkbox",
        "Number", "Currency", "Percent", "Date", "DateTime", "Time", "Picklist",
        "MultiselectPicklist", "Lookup", "MasterDetail", "AutoNumber", "Address", "Location",
        "File", "Formula", "Summary",
    ]

    package static let field = Shape(
        title: "a field",
        summary: "A fact that records of the object hold.",
        keys: fieldKeys
    )

    private static let fieldKeys: [Shape.Key] = [
        .init("name", .name, required: true, "API name; an administrator's ends in `__c`."),
        .init("label", .text, "Name for people; from the API name where it is missing."),
        .init("type", .choice(fieldTypes), required: true, "What it can hold."),
        .init("description", .text, "What it is for, to administrators."),
        .init("help", .text, "What to enter, to the people who fill it in."),
        .init("required", .boolean, "A save without a value is refused."),
        .init(
            "length",
            .integer,
            "Characters at most: Text 1 to 255, LongTextArea and Html 131072."
        ),
        .init("precision", .integer, "Digits in all, at most 18."),
        .init("scale", .integer, "Digits behind the point."),
        .init("unique", .boolean, "No two records have the same value."),
        .init("caseSensitive", .boolean, "Whether unique tells `a` from `A`."),
        .init("externalId", .boolean, "An upsert may find the record by it."),
        .init("defaultValue", .scalar, "What a new record gets."),
        .init(
            "defaultFormula",
            .text,
            "What a new record gets, as a formula: `TODAY() + 30`, `$User.Id`."
        ),
        .init("values", .list(picklistValue), "A picklist's values, in order."),
        .init("restricted", .boolean, "Other values are refused; true where it is missing."),
        .init("controllingField", .name, "The picklist or checkbox that narrows the values."),
        .init("referenceTo", .texts, "Objects a lookup may point to."),
        .init("relationshipName", .name, "The parent's name for these children: `Contacts`."),
        .init(
            "deleteConstraint",
            .choice(Reference.DeleteConstraint.allCases.map(\.rawValue)),
            "What a delete of the parent does; SetNull where it is missing."
        ),
        .init(
            "implicitSharing",
            .boolean,
            "Who was given the child may read the parent; the parent's owner and team see the child."
        ),
        .init("displayFormat", .text, "An auto-number's form: `CASE-{00000000}`."),
        .init(
            "returnType",
            .choice(FieldType.Formula.Result.allCases.map(\.rawValue)),
            "What a formula gives."
        ),
        .init("formula", .text, "The formula."),
        .init(
            "formulaTreatBlanksAs",
            .choice(["BlankAsZero", "BlankAsBlank"]),
            "What an empty number is to a formula; BlankAsZero where it is missing."
        ),
        .init("summaryOperation", .choice(["count", "sum", "min", "max"]), "A summary's kind."),
        .init("summaryForeignKey", .text, "`Child__c.Parent__c`."),
        .init("summarizedField", .text, "`Child__c.Amount__c`; none for a count."),
        .init(
            "summaryFilterItems",
            .list(Criteria.itemShape),
            "Which children count; all of them where it is missing."
        ),
        .init("writable", .choice(["always", "onCreate", "never"]), "When clients may write it."),
        .init("mark", .map(mark), "A checkbox derived from a picklist."),
        .init("stamp", .name, "A DateTime set when this checkbox becomes true."),
        .init("joined", .texts, "Text put together from these fields."),
        .init(
            "searchable",
            .boolean,
            "Whether full-text search reads it; texts are by themselves."
        ),
        .init(
            "securityClassification",
            .choice(DataClassification.Level.allCases.map(\.rawValue)),
            "How carefully its values are to be handled."
        ),
        .init(
            "complianceGroup",
            .texts,
            "Laws and standards its values fall under: PII, HIPAA, GDPR, PCI, COPPA, CCPA."
        ),
        .init(
            "dataCategories",
            .texts,
            "Kinds of personal data, beyond those of the object: `health`."
        ),
    ]

    package static let nameField = Shape(
        title: "a name field",
        summary: "The field by which people know a record.",
        keys: fieldKeys.filter {
            [
                "name", "label", "type", "length", "displayFormat", "joined", "help", "description",
                "required", "unique", "caseSensitive",
            ]
            .contains($0.name)
        }
    )

    package static let recordType = Shape(
        title: "a record type",
        summary: "A variant of the object.",
        keys: [
            .init("name", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "When to use it."),
            .init("active", .boolean, "True where it is missing."),
            .init("default", .boolean, "Whether a new record gets it."),
            .init(
                "picklistValues",
                .list(recordTypePicklist),
                "What picklists offer in its records; those not named offer all."
            ),
        ]
    )

    private static let recordTypePicklist = Shape(
        title: "a picklist of a record type",
        summary: "The values that a picklist offers in records of the type.",
        keys: [
            .init("picklist", .name, required: true, "The picklist field."),
            .init("values", .texts, required: true, "Names of values that the field has."),
            .init("default", .text, "The value of a new record; none where it is missing."),
        ]
    )

    package static let survivorship = Shape(
        title: "a rule of survivorship",
        summary: "Whose values a merge keeps, where it is not told.",
        keys: [
            .init("fields", .texts, required: true, "The fields."),
            .init(
                "keep",
                .choice(Survivorship.allCases.map(\.rawValue)),
                required: true,
                "The master's value, the newest, or that of the most complete record."
            ),
        ]
    )

    package static let object = Shape(
        title: "an object",
        summary:
            "One kind of thing that an org keeps records of; or, with `extend`, more fields of one.",
        keys: [
            .init("object", .name, "API name of a new object; an administrator's ends in `__c`."),
            .init("extend", .name, "API name of another package's object, to add fields to it."),
            .init("label", .text, "Name for people; needed with `object`."),
            .init("pluralLabel", .text, "The plural; needed with `object`."),
            .init("description", .text, "What it is."),
            .init("keyPrefix", .text, "First three characters of its ids; custom objects get one."),
            .init("nameField", .map(nameField), "The name field; Name, text of 80, where missing."),
            .init("hasName", .boolean, "False for an object whose records have no name."),
            .init(
                "sharingModel",
                .choice(ObjectDefinition.SharingModel.allCases.map(\.rawValue)),
                "The org-wide default: who sees what nobody shared."
            ),
            .init("sharingParent", .name, "The lookup that decides, with ControlledByParent."),
            .init(
                "externalSharingModel",
                .choice(ObjectDefinition.SharingModel.allCases.map(\.rawValue)),
                "The default for users from outside, no wider; Private where it is missing."
            ),
            .init(
                "grantAccessUsingHierarchies",
                .boolean,
                "Whether roles above have what those below have; only custom objects switch it off."
            ),
            .init("team", .map(TeamDefinition.shape), "Its records give their member a right."),
            .init("computed", .boolean, "Whether the platform works its rows out."),
            .init("owners", .texts, "Who may own a record: User, Queue."),
            .init("searchable", .boolean, "Whether full-text search finds its records."),
            .init("createable", .boolean, "Whether clients create records."),
            .init("updateable", .boolean, "Whether clients change records."),
            .init("deletable", .boolean, "Whether clients delete records."),
            .init("setup", .boolean, "Whether only administrators write it."),
            .init("activities", .boolean, "Whether tasks, events and files may be about it."),
            .init("changeEvents", .boolean, "Whether subscribers are told of its changes."),
            .init(
                "eventType",
                .choice(["HighVolume"]),
                "Makes it a platform event, published and not stored; its name ends in `__e`."
            ),
            .init(
                "publishBehavior",
                .choice(ObjectDefinition.PublishBehavior.allCases.map(\.rawValue)),
                "When a platform event is told; PublishAfterCommit where it is missing."
            ),
            .init("mergeable", .boolean, "Whether records may be merged into one."),
            .init(
                "survivorship",
                .list(survivorship),
                "Whose values a merge keeps; the master's where nothing is said."
            ),
            .init(
                "dataCategories",
                .texts,
                "Kinds of personal data; a use declaration covers them."
            ),
            .init("recordTypes", .list(recordType), "Variants."),
            .init(
                "validationRules",
                .list(ValidationRuleDefinition.shape),
                "What must not be true of a record."
            ),
            .init(
                "history",
                .texts,
                "Fields whose changes are kept, or `all`; see docs/metadata/history.md."
            ),
            .init(
                "fields",
                .list(field),
                "Fields, in the order in which a person would tell them."
            ),
        ]
    )

    package static let objectPermissions = Shape(
        title: "object permissions",
        summary: "What is granted on one object.",
        keys: [
            .init("object", .name, required: true, "The object."),
            .init("allowRead", .boolean, "Read."),
            .init("allowCreate", .boolean, "Create."),
            .init("allowEdit", .boolean, "Edit."),
            .init("allowDelete", .boolean, "Delete."),
            .init("viewAllRecords", .boolean, "Read every record, whoever owns it."),
            .init("modifyAllRecords", .boolean, "Change every record, whoever owns it."),
            .init("viewAllFields", .boolean, "Read every field."),
            .init("editAllFields", .boolean, "Write every field that can be written."),
        ]
    )

    package static let fieldPermissions = Shape(
        title: "field permissions",
        summary: "What is granted on one field.",
        keys: [
            .init("field", .text, required: true, "`Case.Description`."),
            .init("readable", .boolean, "Read."),
            .init("editable", .boolean, "Write."),
        ]
    )

    package static let permissionSet = permissions("permissionSet", "a permission set")
    package static let profile = permissions("profile", "a profile")

    private static let userType = Shape.Key(
        "userType",
        .choice([
            "Standard", "PowerPartner", "PowerCustomerSuccess", "CustomerSuccess", "Guest",
            "CspLitePortal", "CsnOnly", "SelfService",
        ]),
        "The kind of user: Standard works here, Guest has not logged in, others are from outside."
    )

    private static func permissions(_ key: String, _ title: String) -> Shape {
        Shape(
            title: title,
            summary: "What its users may do.",
            keys: [
                .init(key, .name, required: true, "Developer name."),
                .init("label", .text, required: true, "Name for people."),
                .init("description", .text, "Whom it is for."),
                .init("objectPermissions", .list(objectPermissions), "By object."),
                .init("fieldPermissions", .list(fieldPermissions), "By field."),
                .init("userPermissions", .texts, "Beyond objects: ApiEnabled, ViewAllData, …."),
            ] + (key == "profile" ? [userType] : [])
        )
    }

    package static let role = Shape(
        title: "a role",
        summary: "A place in the role hierarchy.",
        keys: [
            .init("role", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("parentRole", .name, "The role above."),
        ]
    )

    package static let queue = Shape(
        title: "a queue",
        summary: "A set of users that owns records until one of them takes one.",
        keys: [
            .init("queue", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("email", .text, "Where notifications go."),
            .init("objects", .texts, "Objects whose records it may own."),
            .init("roles", .texts, "Roles whose users are members."),
        ]
    )

    package static let listView = Shape(
        title: "a list view",
        summary: "A named list of an object's records.",
        keys: [
            .init("object", .name, required: true, "The object."),
            .init("listView", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("filterScope", .choice(["Everything", "Mine", "Queue"]), "Whose records."),
            .init("queue", .name, "The queue, for the scope Queue."),
            .init("filter", .text, "A SOQL condition."),
            .init("columns", .texts, required: true, "Field paths."),
            .init("orderBy", .text, "SOQL order keys."),
        ]
    )

    package static let layoutSection = Shape(
        title: "a layout section",
        summary: "A block of fields under a heading.",
        keys: [
            .init("label", .text, required: true, "Heading."),
            .init("columns", .integer, "1 or 2."),
            .init("fields", .texts, required: true, "Fields, in reading order."),
        ]
    )

    package static let relatedList = Shape(
        title: "a related list",
        summary: "Child records shown under the record.",
        keys: [
            .init("relationship", .name, required: true, "The child relationship's name."),
            .init("fields", .texts, required: true, "Columns."),
        ]
    )

    package static let layout = Shape(
        title: "a layout",
        summary: "How one record is laid out.",
        keys: [
            .init("object", .name, required: true, "The object."),
            .init("layout", .text, required: true, "Name."),
            .init("recordType", .name, "The record type it is for."),
            .init("sections", .list(layoutSection), required: true, "Blocks of fields."),
            .init("relatedLists", .list(relatedList), "Child records."),
        ]
    )

    package static let app = Shape(
        title: "an app",
        summary: "A named set of tabs.",
        keys: [
            .init("app", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("tabs", .texts, required: true, "Objects, in the order of their tabs."),
        ]
    )

    /// Every kind of file, by the folder it lives in.
    package static let byFolder: [(folder: String, shape: Shape)] =
        [
            ("objects", object), ("permission-sets", permissionSet), ("profiles", profile),
            ("roles", role), ("queues", queue), ("list-views", listView), ("layouts", layout),
            ("apps", app), ("flows", FlowShapes.flow), ("webhooks", WebhookDefinition.shape),
            ("matching-rules", MatchingRule.shape), ("duplicate-rules", DuplicateRule.shape),
            ("conversions", RecordConversion.shape),
        ] + ServiceRules.shapes + SharingDeclarations.shapes + [("scenarios", Scenario.shape)]
}
