/// Who gets a new record: entries in order, of which the first that matches decides.
///
/// One rule of an object is active. The names are those of the Metadata API's `AssignmentRules`.
package struct AssignmentRule: Sendable {
    package struct Entry: Sendable {
        package let criteria: Criteria
        /// `nil` leaves the owner as it is.
        package let assignee: RuleAssignee?
        /// The mail that tells the new owner, by its template's developer name.
        package let template: APIName?
        package let source: ShapedMap
    }

    package let object: APIName
    package let name: APIName
    package let label: String
    package let isActive: Bool
    package let entries: [Entry]
    package let source: ShapedMap

    static let shape = Shape(
        title: "an assignment rule",
        summary: "Who gets a new record: the first entry that matches decides.",
        keys: [
            .init("assignmentRule", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("active", .boolean, "Whether it is the object's one active rule."),
            .init("ruleEntry", .list(entryShape), required: true, "Entries, in their order."),
        ]
    )

    private static let entryShape = Shape(
        title: "a rule entry",
        summary: "Some records, and who gets them.",
        keys: Criteria.keys + RuleAssignee.keys + [
            .init("template", .name, "The mail that tells the new owner.")
        ]
    )

    init(_ map: ShapedMap) {
        object = map.name("object") ?? ""
        name = map.name("assignmentRule") ?? ""
        label = map.text("label") ?? ""
        isActive = map.boolean("active") ?? false
        entries = map.list("ruleEntry").map { entry in
            Entry(
                criteria: Criteria(entry),
                assignee: RuleAssignee(entry),
                template: entry.name("template"),
                source: entry
            )
        }
        source = map
    }
}

/// Which mail answers a new record: entries in order, of which the first that matches decides.
package struct AutoResponseRule: Sendable {
    package struct Entry: Sendable {
        package let criteria: Criteria
        package let template: APIName
        package let senderName: String?
        package let senderEmail: String?
        package let replyToEmail: String?
        package let source: ShapedMap
    }

    package let object: APIName
    package let name: APIName
    package let label: String
    package let isActive: Bool
    /// Field paths with the address of the person who asked; the first that has one is taken.
    package let recipientFields: [String]
    package let entries: [Entry]
    package let source: ShapedMap

    static let shape = Shape(
        title: "an auto-response rule",
        summary: "Which mail answers a new record: the first entry that matches decides.",
        keys: [
            .init("autoResponseRule", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("active", .boolean, "Whether it is the object's one active rule."),
            .init(
                "recipientFields",
                .texts,
                required: true,
                "Field paths with the asker's address; the first that has one is taken."
            ),
            .init("ruleEntry", .list(entryShape), required: true, "Entries, in their order."),
        ]
    )

    private static let entryShape = Shape(
        title: "a rule entry",
        summary: "Some records, and the mail that answers them.",
        keys: Criteria.keys + [
            .init("template", .name, required: true, "The mail's template."),
            .init("senderName", .text, "The sender's name."),
            .init("senderEmail", .text, "The sender's address."),
            .init("replyToEmail", .text, "Where an answer goes."),
        ]
    )

    init(_ map: ShapedMap) {
        object = map.name("object") ?? ""
        name = map.name("autoResponseRule") ?? ""
        label = map.text("label") ?? ""
        isActive = map.boolean("active") ?? false
        recipientFields = map.texts("recipientFields")
        entries = map.list("ruleEntry").map { entry in
            Entry(
                criteria: Criteria(entry),
                template: entry.name("template") ?? "",
                senderName: entry.text("senderName"),
                senderEmail: entry.text("senderEmail"),
                replyToEmail: entry.text("replyToEmail"),
                source: entry
            )
        }
        source = map
    }
}
