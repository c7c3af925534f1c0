/// One step of a flow: an element, as the Metadata API calls it.
package struct FlowStep: Sendable {
    /// What it does.
    ///
    /// Switches over this enum have no `default`: the compiler lists what a new element
    /// touches.
    package indirect enum Element: Sendable {
        case decision(rules: [Rule], default: [FlowStep])
        case assignment([AssignmentItem])
        case loop(collection: FlowSource, isDescending: Bool, steps: [FlowStep])
        /// Those items of a collection for which the conditions hold.
        case collectionFilter(collection: FlowSource, FlowConditions)
        case collectionSort(collection: FlowSource, [SortOption], limit: Int?)
        /// A new collection with one item for each of another one.
        case transform(collection: FlowSource, to: TransformResult)
        case recordLookup(RecordLookup)
        case recordCreate(RecordTarget, values: [FieldAssignment])
        case recordUpdate(RecordTarget, values: [FieldAssignment])
        case recordDelete(RecordTarget)
        case subflow(flow: APIName, inputs: [NamedValue], outputs: [NamedOutput])
        case actionCall(action: String, inputs: [NamedValue], outputs: [NamedOutput])
        case wait(WaitMoment)
        case customError([ErrorMessage])
        /// The flow ends here for this record.
        case end
    }

    package let name: APIName
    package let label: String
    package let element: Element
    /// What runs instead of failing; `nil` where a failure is the record's.
    package let fault: [FlowStep]?
    package let map: ShapedMap

    /// One way that a decision may take: the first whose conditions hold.
    package struct Rule: Sendable {
        package let name: APIName
        package let label: String
        package let conditions: FlowConditions
        /// Only when the conditions did not hold before the save.
        package let requiresChange: Bool
        package let steps: [FlowStep]
        package let map: ShapedMap
    }

    package struct AssignmentItem: Sendable {
        package enum Operator: String, Sendable, CaseIterable {
            case assign = "Assign"
            /// To a number; to text at its end; to a collection as its last item.
            case add = "Add"
            case subtract = "Subtract"
            case addAtStart = "AddAtStart"
            case removeAll = "RemoveAll"
            case removeFirst = "RemoveFirst"
            /// How many items the collection has.
            case assignCount = "AssignCount"
        }

        package let target: String
        package let `operator`: Operator
        package let value: FlowSource
        package let map: ShapedMap
    }

    package struct SortOption: Sendable {
        /// A field of the records; `nil` for a collection of values.
        package let field: String?
        package let isDescending: Bool
        package let areNullsLast: Bool
        package let map: ShapedMap
    }

    package enum TransformResult: Sendable {
        case records(of: APIName, [FieldAssignment])
        case values(FlowDataType, FlowSource)
    }

    package struct FieldAssignment: Sendable {
        package let field: String
        package let value: FlowSource
        package let map: ShapedMap
    }

    package struct RecordLookup: Sendable {
        package let object: APIName
        package let filters: FlowConditions
        package let firstOnly: Bool
        package let sortField: String?
        package let isDescending: Bool
        package let limit: Int?
        /// Every stored field where it is missing.
        package let fields: [String]
    }

    /// Which records a create, update or delete is about.
    package enum RecordTarget: Sendable {
        /// A record or a collection that the flow holds.
        case reference(FlowSource)
        /// Those of an object that the conditions find; of a create, one new record.
        case object(APIName, FlowConditions)
    }

    package struct NamedValue: Sendable {
        package let name: String
        package let value: FlowSource
        package let map: ShapedMap
    }

    package struct NamedOutput: Sendable {
        package let name: String
        package let target: String
        package let map: ShapedMap
    }

    package enum WaitMoment: Sendable {
        case duration(Int, FlowScheduledPath.Unit)
        case until(FlowSource)
    }

    package struct ErrorMessage: Sendable {
        package let message: FlowSource
        /// The field beside which it is shown; the whole record where it is missing.
        package let field: APIName?
        package let map: ShapedMap
    }
}

extension FlowStep {
    /// The blocks of steps that it holds, its fault path last.
    package var blocks: [[FlowStep]] {
        let own: [[FlowStep]] =
            switch element {
            case .decision(let rules, let otherwise): rules.map(\.steps) + [otherwise]
            case .loop(_, _, let steps): [steps]
            case .assignment, .collectionFilter, .collectionSort, .transform, .recordLookup,
                .recordCreate, .recordUpdate, .recordDelete, .subflow, .actionCall, .wait,
                .customError, .end:
                []
            }
        return own + (fault.map { [$0] } ?? [])
    }
}

extension FlowDefinition {
    /// Every step, those in blocks included, in the order of the text.
    package var allSteps: [FlowStep] {
        let roots = steps + start.scheduledPaths.flatMap(\.steps)
        return roots.flatMap(FlowDefinition.tree)
    }

    private static func tree(_ step: FlowStep) -> [FlowStep] {
        [step] + step.blocks.flatMap { $0 }.flatMap(tree)
    }
}

extension FlowStep {
    /// The keys that say what a step is.
    package static let kinds: [String] = FlowShapes.all.map(\.key)
}
