/// Which records a rule is about: a formula, or conditions on fields that a logic joins.
///
/// The names are those of the Metadata API's `FilterItem`; a rule without either is about every
/// record.
package struct Criteria: Sendable, Hashable {
    /// One condition on one field.
    package struct Item: Sendable, Hashable {
        /// A field's name or a path to one: `Account.Industry`.
        package let field: String
        package let operation: Operation
        /// What it is compared with, as written; several values are separated by commas.
        package let value: String

        package init(field: String, operation: Operation, value: String) {
            self.field = field
            self.operation = operation
            self.value = value
        }
    }

    package enum Operation: String, Sendable, CaseIterable {
        case equals, notEqual, lessThan, greaterThan, lessOrEqual, greaterOrEqual, contains,
            notContain, startsWith, includes, excludes
    }

    package let formula: String?
    package let items: [Item]
    /// `1 AND (2 OR 3)`; all of them where it is missing.
    package let booleanFilter: String?

    package init(formula: String? = nil, items: [Item] = [], booleanFilter: String? = nil) {
        self.formula = formula
        self.items = items
        self.booleanFilter = booleanFilter
    }

    package var isEveryRecord: Bool { formula == nil && items.isEmpty }
}

extension Criteria {
    static let itemShape = Shape(
        title: "a filter item",
        summary: "One condition on one field.",
        keys: [
            .init("field", .text, required: true, "A field, or a path to one: `Account.Industry`."),
            .init(
                "operation",
                .choice(Operation.allCases.map(\.rawValue)),
                required: true,
                "How it is compared."
            ),
            .init("value", .scalar, "With what; several values are separated by commas."),
        ]
    )

    /// The keys by which a rule says which records it is about.
    static let keys: [Shape.Key] = [
        .init("criteriaItems", .list(itemShape), "Conditions on fields."),
        .init("booleanFilter", .text, "`1 AND (2 OR 3)`; all of them where it is missing."),
        .init("formula", .text, "A formula instead: true for the records it is about."),
    ]

    init(_ map: ShapedMap) {
        self.init(
            formula: map.text("formula"),
            items: map.list("criteriaItems").map { item in
                Item(
                    field: item.text("field") ?? "",
                    operation: item.text("operation").flatMap(Operation.init) ?? .equals,
                    value: item.text("value") ?? ""
                )
            },
            booleanFilter: map.text("booleanFilter")
        )
    }
}
