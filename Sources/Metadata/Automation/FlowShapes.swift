/// The shapes of what a flow is made of; a step is told by the key that names it.
package enum FlowShapes {
    private static let source: [Shape.Key] = [
        .init("value", .scalar, "The value; places like `{!name}` are filled."),
        .init("elementReference", .text, "What holds the value: `$Record.AccountId`."),
        .init("formula", .text, "A formula that gives the value."),
    ]

    static let condition = Shape(
        title: "a condition",
        summary: "One comparison.",
        keys: [
            .init(
                "leftValueReference",
                .text,
                required: true,
                "What is compared: `$Record.Status`."
            ),
            operation,
        ] + source
    )

    static let filter = Shape(
        title: "a filter",
        summary: "One comparison of a field.",
        keys: [.init("field", .text, required: true, "The field, or a path to one."), operation]
            + source
    )

    private static let operation = Shape.Key(
        "operator",
        .choice(FlowConditions.Operator.allCases.map(\.rawValue)),
        required: true,
        "How it is compared; `IsNull` takes true or false."
    )

    private static let conditions: [Shape.Key] = [
        .init("conditions", .list(condition), "Comparisons."),
        .init("conditionLogic", .text, "`and`, `or`, `1 AND (2 OR 3)`; and where it is missing."),
        .init("formula", .text, "A formula instead, true where it holds."),
    ]

    private static let filters: [Shape.Key] = [
        .init("filters", .list(filter), "Comparisons of the records' fields."),
        .init("filterLogic", .text, "`and`, `or`, `1 AND (2 OR 3)`; and where it is missing."),
    ]

    private static let steps = Shape.Variants(name: "step") { all }

    private static func element(
        _ key: String,
        _ title: String,
        _ summary: String,
        _ keys: [Shape.Key],
        mayFail: Bool = false
    ) -> (key: String, shape: Shape) {
        let fault = Shape.Key(
            "fault",
            .variants(steps),
            "What runs if it fails; `$Flow.FaultMessage`."
        )
        let common: [Shape.Key] = [
            .init(key, .name, required: true, "Its name, by which other steps refer to it."),
            .init("label", .text, "Its name for people."),
            .init("description", .text, "What it is for."),
        ]
        return (
            key,
            Shape(title: title, summary: summary, keys: common + keys + (mayFail ? [fault] : []))
        )
    }

    private static let rule = Shape(
        title: "a rule of a decision",
        summary: "One way that a decision may take: the first whose conditions hold.",
        keys: [
            .init("rule", .name, required: true, "Its name."),
            .init("label", .text, "Its name for people."),
            .init(
                "doesRequireRecordChangedToMeetCriteria",
                .boolean,
                "Only when the conditions did not hold before the save."
            ),
        ] + conditions + [.init("steps", .variants(steps), "What runs then.")]
    )

    private static let assignmentItem = Shape(
        title: "an assignment",
        summary: "One value given to a variable or a field.",
        keys: [
            .init("assignToReference", .text, required: true, "`$Record.Priority`, `total`."),
            .init(
                "operator",
                .choice(FlowStep.AssignmentItem.Operator.allCases.map(\.rawValue)),
                "Assign where it is missing."
            ),
        ] + source
    )

    private static let sortOption = Shape(
        title: "a sort option",
        summary: "One key of an order.",
        keys: [
            .init("sortField", .name, "A field of the records; none for values."),
            .init("sortOrder", .choice(["Asc", "Desc"]), "Asc where it is missing."),
            .init("doesPutEmptyStringAndNullFirst", .boolean, "Where empty values stand."),
        ]
    )

    private static let fieldAssignment = Shape(
        title: "a field's value",
        summary: "What one field is to hold.",
        keys: [.init("field", .name, required: true, "The field.")] + source
    )

    private static let namedValue = Shape(
        title: "an input",
        summary: "What one input is given.",
        keys: [.init("name", .name, required: true, "The input's name.")] + source
    )

    private static let namedOutput = Shape(
        title: "an output",
        summary: "Where one output goes.",
        keys: [
            .init("name", .name, required: true, "The output's name."),
            .init("assignToReference", .text, required: true, "The variable or field it goes to."),
        ]
    )

    private static let errorMessage = Shape(
        title: "an error message",
        summary: "What the person who saves is told.",
        keys: [
            .init("errorMessage", .text, required: true, "What is wrong, and what to do."),
            .init("fieldSelection", .name, "The field beside which it is shown."),
        ]
    )

    private static let collection = Shape.Key(
        "collectionReference",
        .text,
        required: true,
        "The collection."
    )
    private static let input = Shape.Key(
        "inputReference",
        .text,
        "A record or a collection that the flow holds."
    )
    private static let fieldValues = Shape.Key(
        "inputAssignments",
        .list(fieldAssignment),
        "Fields and their values."
    )
    private static let offsetUnit = Shape.Key(
        "offsetUnit",
        .choice(FlowScheduledPath.Unit.allCases.map(\.rawValue)),
        "Of the offset."
    )

    /// Every kind of step.
    static let all: [(key: String, shape: Shape)] = logic + data + calls

    private static let logic: [(key: String, shape: Shape)] = [
        element(
            "decision",
            "a decision",
            "Goes one of several ways, and then on with what follows.",
            [
                .init("rules", .list(rule), required: true, "The ways, in the order asked."),
                .init("defaultConnectorLabel", .text, "The name of the way that is left."),
                .init("default", .variants(steps), "What runs where no rule holds."),
            ]
        ),
        element(
            "assignment",
            "an assignment",
            "Gives values to variables, or to fields of records that the flow holds.",
            [.init("assignmentItems", .list(assignmentItem), required: true, "In order.")]
        ),
        element(
            "loop",
            "a loop",
            "Runs its steps for each item of a collection; the item has the loop's name.",
            [
                collection, .init("iterationOrder", .choice(["Asc", "Desc"]), "Asc if missing."),
                .init("steps", .variants(steps), required: true, "What runs for each item."),
            ]
        ),
        element(
            "collectionFilter",
            "a collection filter",
            "Those items for which the conditions hold; the item is `currentItem`.",
            [collection] + conditions
        ),
        element(
            "collectionSort",
            "a collection sort",
            "The items in an order.",
            [
                collection, .init("sortOptions", .list(sortOption), required: true, "The order."),
                .init("limit", .integer, "So many of them at most."),
            ]
        ),
        element(
            "transform",
            "a transform",
            "A new item for each item of a collection; the old one is `currentItem`.",
            [
                collection, .init("objectType", .name, "The object of the new records."),
                fieldValues,
                .init("dataType", .choice(valueTypes), "The type of the new values instead."),
            ] + source
        ),
        element("end", "an end", "The flow ends here for this record.", []),
        element(
            "customError",
            "a custom error",
            "Refuses the save of the record that started the flow.",
            [.init("customErrorMessages", .list(errorMessage), required: true, "What is told.")]
        ),
        element(
            "wait",
            "a wait",
            "Goes on later, in a transaction of its own.",
            [
                .init("offsetNumber", .integer, "How long; with `offsetUnit`."), offsetUnit,
                .init("elementReference", .text, "Until the date or moment that this holds."),
                .init("formula", .text, "Until the date or moment that this gives."),
            ]
        ),
    ]

    private static let data: [(key: String, shape: Shape)] = [
        element(
            "recordLookup",
            "a record lookup",
            "Gets records; they have the element's name.",
            [.init("object", .name, required: true, "The object.")] + filters + [
                .init("getFirstRecordOnly", .boolean, "One record instead of a collection."),
                .init("sortField", .name, "By which field they are sorted."),
                .init("sortOrder", .choice(["Asc", "Desc"]), "Asc where it is missing."),
                .init("limit", .integer, "So many for each record that runs the flow."),
                .init("queriedFields", .texts, "Which fields; all that may be read if missing."),
            ],
            mayFail: true
        ),
        element(
            "recordCreate",
            "a record create",
            "Creates records; the new id has the element's name.",
            [input, .init("object", .name, "The object of one new record."), fieldValues],
            mayFail: true
        ),
        element(
            "recordUpdate",
            "a record update",
            "Changes records that the flow holds, or those that filters find.",
            [input, .init("object", .name, "The object of those to find.")] + filters
                + [fieldValues],
            mayFail: true
        ),
        element(
            "recordDelete",
            "a record delete",
            "Deletes records that the flow holds, or those that filters find.",
            [input, .init("object", .name, "The object of those to find.")] + filters,
            mayFail: true
        ),
    ]

    private static let calls: [(key: String, shape: Shape)] = [
        element(
            "subflow",
            "a sub-flow",
            "Runs another flow; its outputs are `{!name.output}`.",
            [
                .init("flowName", .name, required: true, "The flow."),
                .init("inputAssignments", .list(namedValue), "Its inputs."),
                .init("outputAssignments", .list(namedOutput), "Where its outputs go."),
            ],
            mayFail: true
        ),
        element(
            "actionCall",
            "an action call",
            "Runs an invocable action; its outputs are `{!name.output}`.",
            [
                .init("actionName", .text, required: true, "The action: `emailSimple`."),
                .init("inputParameters", .list(namedValue), "Its inputs."),
                .init("outputParameters", .list(namedOutput), "Where its outputs go."),
            ],
            mayFail: true
        ),
    ]

    private static let valueTypes = FlowDataType.allCases.filter { $0 != .record }.map(\.rawValue)

    private static let schedule = Shape(
        title: "a schedule",
        summary: "When a scheduled flow runs, on the clock of the org.",
        keys: [
            .init(
                "frequency",
                .choice(FlowSchedule.Frequency.allCases.map(\.rawValue)),
                required: true,
                "How often."
            ),
            .init("startDate", .text, required: true, "The first day: `2026-03-01`."),
            .init("startTime", .text, required: true, "The time of day: `02:00`."),
        ]
    )

    private static let scheduledPath = Shape(
        title: "a scheduled path",
        summary: "Steps that run after the save, in a transaction of their own.",
        keys: [
            .init("name", .name, required: true, "Its name."),
            .init("label", .text, "Its name for people."),
            .init(
                "pathType",
                .choice(["AsyncAfterCommit"]),
                "As soon as the save is on disk, instead of at a time."
            ),
            .init("offsetNumber", .integer, "How long after; before with a negative number."),
            offsetUnit,
            .init("timeSource", .choice(["RecordTriggerEvent", "RecordField"]), "After what."),
            .init("recordField", .name, "The date or moment, with `RecordField`."),
            .init("steps", .variants(steps), required: true, "What runs then."),
        ]
    )

    private static let start = Shape(
        title: "a flow's start",
        summary: "What starts the flow; without it, other flows and clients call it.",
        keys: [
            .init(
                "triggerType",
                .choice(FlowStart.Trigger.allCases.map(\.rawValue)),
                required: true,
                "What starts it."
            ),
            .init("object", .name, "Whose records; of a platform event, the event."),
            .init(
                "recordTriggerType",
                .choice(FlowStart.Change.allCases.map(\.rawValue)),
                "On which saves."
            ),
        ] + filters + [
            .init("filterFormula", .text, "A formula instead, true for the records it is about."),
            .init(
                "doesRequireRecordChangedToMeetCriteria",
                .boolean,
                "On an update, only when the record did not meet the conditions before."
            ),
            .init("schedule", .map(schedule), "When a scheduled flow runs."),
            .init("scheduledPaths", .list(scheduledPath), "What runs after the save."),
        ]
    )

    private static let variable = Shape(
        title: "a flow's variable",
        summary: "A named place for a value, a record, or a list of either.",
        keys: [
            .init("name", .name, required: true, "Its name."),
            .init(
                "dataType",
                .choice(FlowDataType.allCases.map(\.rawValue)),
                required: true,
                "What it holds."
            ),
            .init("objectType", .name, "The object, with `SObject`."),
            .init("isCollection", .boolean, "Whether it is a list."),
            .init("isInput", .boolean, "Whether who calls the flow may set it."),
            .init("isOutput", .boolean, "Whether who calls the flow may read it."),
            .init("description", .text, "What it is for."),
        ] + source
    )

    private static let formula = Shape(
        title: "a flow's formula",
        summary: "A value worked out anew whenever it is asked for.",
        keys: [
            .init("name", .name, required: true, "Its name."),
            .init("dataType", .choice(valueTypes), required: true, "What it gives."),
            .init("expression", .text, required: true, "The formula."),
            .init("description", .text, "What it is for."),
        ]
    )

    private static let textTemplate = Shape(
        title: "a text template",
        summary: "Text with places that values fill.",
        keys: [
            .init("name", .name, required: true, "Its name."),
            .init("text", .text, required: true, "The text: `Dear {!$Record.Contact.Name}`."),
            .init("description", .text, "What it is for."),
        ]
    )

    package static let flow = Shape(
        title: "a flow",
        summary: "What is to happen step by step.",
        keys: [
            .init("flow", .name, required: true, "Its name; no other flow of the org has it."),
            .init("label", .text, required: true, "Its name for people."),
            .init("description", .text, "What it is for."),
            .init(
                "status",
                .choice(FlowDefinition.Status.allCases.map(\.rawValue)),
                "Active where it is missing; a draft is checked and never starts."
            ),
            .init("runIn", .choice(["User", "System"]), "With whose rights; User if missing."),
            .init("reason", .text, "Why it needs every right, with `runIn: System`; it is kept."),
            .init("triggerOrder", .integer, "Among flows on one save: lower numbers first."),
            .init(
                "trace",
                .choice(FlowDefinition.Trace.allCases.map(\.rawValue)),
                "Of which runs a trace is kept; Failed where it is missing."
            ),
            .init("traceDays", .integer, "How long traces are kept; 30 days where it is missing."),
            .init("start", .map(start), "What starts it."),
            .init("variables", .list(variable), "Places for values."),
            .init("formulas", .list(formula), "Values worked out when they are asked for."),
            .init("textTemplates", .list(textTemplate), "Texts with places that values fill."),
            .init("steps", .variants(steps), "What it does, in order."),
        ]
    )
}
