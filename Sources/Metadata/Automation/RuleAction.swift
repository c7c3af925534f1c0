/// Something that a rule does to the record it is about: a field's new value, a mail, a flow.
///
/// The kinds are those of the Metadata API's workflow actions, said in place rather than by
/// reference.
package struct RuleAction: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A field of the record gets a value.
        case fieldUpdate = "FieldUpdate"
        /// A mail goes out.
        case alert = "Alert"
        /// A flow runs with the record.
        case flow = "FlowAction"
    }

    package let type: Kind
    /// The field that gets a value.
    package let field: APIName?
    /// The value as written; `null` empties the field.
    package let literalValue: String?
    /// The value as a formula of the record.
    package let formula: String?
    /// The mail's template, by its developer name.
    package let template: APIName?
    /// Who gets the mail: `Owner`, a field path that holds a user, a contact or an address, or an
    /// address.
    package let recipients: [String]
    /// The flow, by its developer name.
    package let flowName: APIName?
    package let source: ShapedMap

    static let shape = Shape(
        title: "an action",
        summary: "What a rule does to the record it is about.",
        keys: [
            .init("type", .choice(Kind.allCases.map(\.rawValue)), required: true, "Its kind."),
            .init("field", .name, "FieldUpdate: the field that gets a value."),
            .init("literalValue", .scalar, "FieldUpdate: the value; left out, it is emptied."),
            .init("formula", .text, "FieldUpdate: the value as a formula of the record."),
            .init("template", .name, "Alert: the mail's template."),
            .init(
                "recipients",
                .texts,
                "Alert: `Owner`, a field that holds a user, a contact or an address, or an address."
            ),
            .init("flowName", .name, "FlowAction: the flow that gets the record."),
        ]
    )

    init(_ map: ShapedMap) {
        type = map.text("type").flatMap(Kind.init) ?? .fieldUpdate
        field = map.name("field")
        literalValue = map.text("literalValue")
        formula = map.text("formula")
        template = map.name("template")
        recipients = map.texts("recipients")
        flowName = map.name("flowName")
        source = map
    }

    /// What its kind needs and does not have.
    var problems: [PackageProblem] {
        switch type {
        case .fieldUpdate:
            var found: [PackageProblem] = []
            if field == nil { found.append(source.problem("a FieldUpdate needs `field`")) }
            if literalValue != nil, formula != nil {
                found.append(
                    source.problem("a FieldUpdate has `literalValue` or `formula`", at: "formula")
                )
            }
            return found
        case .alert:
            return ["template", "recipients"].filter { !source.has($0) }
                .map { source.problem("an Alert needs `\($0)`") }
        case .flow:
            return flowName == nil ? [source.problem("a FlowAction needs `flowName`")] : []
        }
    }
}

/// Who gets a record from a rule.
package struct RuleAssignee: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case user = "User"
        case queue = "Queue"
    }

    package let type: Kind
    /// A user's username, or a queue's developer name.
    package let name: String

    static let keys: [Shape.Key] = [
        .init("assignedTo", .text, "A user's username, or a queue's developer name."),
        .init("assignedToType", .choice(Kind.allCases.map(\.rawValue)), "Queue where missing."),
    ]

    package init(type: Kind, name: String) {
        self.type = type
        self.name = name
    }

    init?(_ map: ShapedMap) {
        guard let name = map.text("assignedTo") else { return nil }
        self.name = name
        type = map.text("assignedToType").flatMap(Kind.init) ?? .queue
    }
}
