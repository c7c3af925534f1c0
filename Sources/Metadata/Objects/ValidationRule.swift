/// What must not be true of a record: a formula, and what to say where it is.
package struct ValidationRuleDefinition: Sendable, CustomStringConvertible {
    package let name: APIName
    package let isActive: Bool
    package let purpose: String?
    /// True for a record that is refused.
    package let formula: String
    /// The field at which the message is shown; none: at the top of the page.
    package let displayField: APIName?
    package let message: String
    /// For problems found later.
    package let declaration: ShapedMap

    init(_ map: ShapedMap) {
        name = map.name("name") ?? ""
        isActive = map.boolean("active") ?? true
        purpose = map.text("description")
        formula = map.text("errorConditionFormula") ?? ""
        displayField = map.name("errorDisplayField")
        message = map.text("errorMessage") ?? ""
        declaration = map
    }

    package var description: String {
        "\(name) \(isActive) \(formula) \(displayField?.text ?? "") \(message)"
    }
}

extension ValidationRuleDefinition {
    static let shape = Shape(
        title: "a validation rule",
        summary: "What must not be true of a record, and what to say where it is.",
        keys: [
            .init("name", .name, required: true, "Developer name, once for an object."),
            .init("active", .boolean, "True where it is missing."),
            .init("description", .text, "Why the rule is there."),
            .init(
                "errorConditionFormula",
                .text,
                required: true,
                "True for a record that is refused."
            ),
            .init("errorDisplayField", .name, "The field at which the message is shown."),
            .init("errorMessage", .text, required: true, "What the person can do about it."),
        ]
    )
}
