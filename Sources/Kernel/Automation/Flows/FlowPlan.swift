package import Metadata

/// A flow with every name found and every formula checked: what runs.
package final class FlowPlan: Sendable {
    /// One place for a value.
    struct Slot: Sendable {
        let name: String
        let type: FlowType
        /// What it holds at first.
        let initial: FlowExpression?
    }

    struct Path: Sendable {
        let definition: FlowScheduledPath
        /// The field whose moment counts, where one does.
        let field: FieldDefinition?
        let steps: [Step]
    }

    package let definition: FlowDefinition
    /// Whose records start it.
    let object: ObjectDefinition?
    let slots: [Slot]
    let slotsByName: [String: Int]
    let formulas: [FlowExpression]
    let templates: [FlowExpression]
    let conditions: Conditions
    let steps: [Step]
    let paths: [Path]

    init(
        definition: FlowDefinition,
        object: ObjectDefinition?,
        slots: [Slot],
        slotsByName: [String: Int],
        formulas: [FlowExpression],
        templates: [FlowExpression],
        conditions: Conditions,
        steps: [Step],
        paths: [Path]
    ) {
        self.definition = definition
        self.object = object
        self.slots = slots
        self.slotsByName = slotsByName
        self.formulas = formulas
        self.templates = templates
        self.conditions = conditions
        self.steps = steps
        self.paths = paths
    }

    package var name: APIName { definition.name }
}

extension FlowPlan {
    /// One element, ready to run.
    struct Step: Sendable {
        indirect enum Kind: Sendable {
            case decision([Rule], [Step])
            case assignment([Assignment])
            case loop(collection: FlowPath, slot: Int, isDescending: Bool, [Step])
            case filter(collection: FlowPath, item: Int, Conditions)
            case sort(collection: FlowPath, [SortKey], limit: Int?)
            case transform(collection: FlowPath, item: Int, Transform)
            case lookup(Lookup)
            case create(Source, [FieldGiven])
            case update(Source, [FieldGiven])
            case delete(Source)
            case subflow(APIName, inputs: [Named], outputs: [Output])
            case action(String, inputs: [Named], outputs: [Output])
            case wait(Wait)
            case customError([ErrorMessage])
            case end
        }

        let name: APIName
        let label: String
        let kind: Kind
        /// Where its result goes.
        let slot: Int?
        /// What runs instead of failing.
        let fault: [Step]?
        /// All that it asks for at once, before it runs; what its inner steps ask for is theirs.
        let reads: [FlowPath]
        /// Where in the flow it stands: the numbers of steps and blocks from the outside in.
        let position: [Int]
    }

    struct Rule: Sendable {
        let name: APIName
        let label: String
        let conditions: Conditions
        let requiresChange: Bool
        let steps: [Step]
    }

    struct Assignment: Sendable {
        let target: FlowPath
        let operation: FlowStep.AssignmentItem.Operator
        let value: FlowExpression
    }

    struct SortKey: Sendable {
        let field: FieldDefinition?
        let isDescending: Bool
        let areNullsLast: Bool
    }

    enum Transform: Sendable {
        case records(ObjectDefinition, [FieldGiven])
        case values(FlowType, FlowExpression)
    }

    struct FieldGiven: Sendable {
        let field: FieldDefinition
        let value: FlowExpression
    }

    struct Lookup: Sendable {
        let object: ObjectDefinition
        let conditions: Conditions
        let firstOnly: Bool
        let sort: (field: FieldDefinition, isDescending: Bool)?
        let limit: Int?
        /// `nil` for all that may be read.
        let fields: [FieldDefinition]?
    }

    enum Source: Sendable {
        /// What the flow holds.
        case path(FlowPath)
        /// New, or found by conditions.
        case object(ObjectDefinition, Conditions)
    }

    struct Named: Sendable {
        let name: String
        let value: FlowExpression
    }

    struct Output: Sendable {
        let name: String
        let target: FlowPath
    }

    enum Wait: Sendable {
        case duration(Int, FlowScheduledPath.Unit)
        case until(FlowExpression)
    }

    struct ErrorMessage: Sendable {
        let text: FlowExpression
        let field: APIName?
    }

    /// When something holds.
    struct Conditions: Sendable {
        indirect enum Logic: Sendable {
            case item(Int)
            case and([Logic])
            case or([Logic])
            case not(Logic)
        }

        struct Item: Sendable {
            /// What is compared; of a lookup, the field of the record that is asked about.
            let left: FlowPath
            let operation: FlowConditions.Operator
            let right: FlowExpression
            /// As people read it: `$Record.Status EqualTo Closed`.
            let text: String
        }

        let items: [Item]
        let logic: Logic?
        let formula: FlowExpression?

        static let always = Conditions(items: [], logic: nil, formula: nil)

        var isEmpty: Bool { items.isEmpty && formula == nil }

        /// What it asks for of the flow; not the fields of the records that a lookup is about.
        var rightPaths: [FlowPath] { items.flatMap { $0.right.paths } + (formula?.paths ?? []) }
        var paths: [FlowPath] { items.map(\.left) + rightPaths }
    }
}
