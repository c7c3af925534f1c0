/// What happens to a record that has waited too long: entries in order, of which the first that
/// matches decides.
///
/// The names are those of the Metadata API's `EscalationRules`.
package struct EscalationRule: Sendable {
    /// Which hours count.
    package enum HoursSource: String, Sendable, CaseIterable {
        /// All hours of all days.
        case none = "None"
        /// Those that the record names, or the org's default.
        case record = "Case"
        /// Those that the entry names.
        case `static` = "Static"
    }

    package enum StartTime: String, Sendable, CaseIterable {
        case creation = "CaseCreation"
        case lastModified = "CaseLastModified"
    }

    package struct Action: Sendable {
        package let minutes: Int
        package let assignee: RuleAssignee?
        /// The mail that tells the new owner.
        package let assigneeTemplate: APIName?
        package let notifiesOwner: Bool
        /// A user's username.
        package let notifyTo: String?
        package let notifyEmails: [String]
        package let notifyTemplate: APIName?
        package let source: ShapedMap
    }

    package struct Entry: Sendable {
        package let criteria: Criteria
        package let hoursSource: HoursSource
        /// By their name, for `Static`.
        package let businessHours: String?
        package let startTime: StartTime
        package let isDisabledWhenModified: Bool
        /// The record no longer escalates while this holds of it.
        package let disabledWhen: Criteria?
        package let actions: [Action]
        package let source: ShapedMap
    }

    package let object: APIName
    package let name: APIName
    package let label: String
    package let isActive: Bool
    package let entries: [Entry]
    package let source: ShapedMap

    static let shape = Shape(
        title: "an escalation rule",
        summary: "What happens to a record that has waited too long.",
        keys: [
            .init("escalationRule", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("active", .boolean, "Whether it is the object's one active rule."),
            .init("ruleEntry", .list(entryShape), required: true, "Entries, in their order."),
        ]
    )

    private static let entryShape = Shape(
        title: "a rule entry",
        summary: "Some records, when they escalate, and what happens then.",
        keys: Criteria.keys + [
            .init(
                "businessHoursSource",
                .choice(HoursSource.allCases.map(\.rawValue)),
                "Which hours count; all of them where it is missing."
            ),
            .init("businessHours", .text, "The name of the hours, for `Static`."),
            .init(
                "escalationStartTime",
                .choice(StartTime.allCases.map(\.rawValue)),
                "From when minutes count; from the creation where it is missing."
            ),
            .init(
                "disableEscalationWhenModified",
                .boolean,
                "A record that someone has changed no longer escalates."
            ),
            .init(
                "disableEscalationWhen",
                .map(Shape(title: "criteria", summary: "Some records.", keys: Criteria.keys)),
                "A record of which this holds does not escalate."
            ),
            .init("escalationAction", .list(actionShape), required: true, "What happens, when."),
        ]
    )

    private static let actionShape = Shape(
        title: "an escalation action",
        summary: "What happens when so many minutes are over.",
        keys: [
            .init("minutesToEscalation", .integer, required: true, "When.")
        ] + RuleAssignee.keys + [
            .init("assignedToTemplate", .name, "The mail that tells the new owner."),
            .init("notifyCaseOwner", .boolean, "The owner gets the mail of `notifyToTemplate`."),
            .init("notifyTo", .text, "A user who gets it, by username."),
            .init("notifyEmail", .texts, "Addresses that get it."),
            .init("notifyToTemplate", .name, "The mail's template."),
        ]
    )

    init(_ map: ShapedMap) {
        object = map.name("object") ?? ""
        name = map.name("escalationRule") ?? ""
        label = map.text("label") ?? ""
        isActive = map.boolean("active") ?? false
        entries = map.list("ruleEntry").map(Entry.init)
        source = map
    }
}

extension EscalationRule.Entry {
    init(_ map: ShapedMap) {
        criteria = Criteria(map)
        hoursSource =
            map.text("businessHoursSource").flatMap(EscalationRule.HoursSource.init) ?? .none
        businessHours = map.text("businessHours")
        startTime =
            map.text("escalationStartTime").flatMap(EscalationRule.StartTime.init)
            ?? .creation
        isDisabledWhenModified = map.boolean("disableEscalationWhenModified") ?? false
        disabledWhen = map.map("disableEscalationWhen").map(Criteria.init)
        actions = map.list("escalationAction").map(EscalationRule.Action.init)
        source = map
    }
}

extension EscalationRule.Action {
    init(_ map: ShapedMap) {
        minutes = map.integer("minutesToEscalation") ?? 0
        assignee = RuleAssignee(map)
        assigneeTemplate = map.name("assignedToTemplate")
        notifiesOwner = map.boolean("notifyCaseOwner") ?? false
        notifyTo = map.text("notifyTo")
        notifyEmails = map.texts("notifyEmail")
        notifyTemplate = map.name("notifyToTemplate")
        source = map
    }
}
