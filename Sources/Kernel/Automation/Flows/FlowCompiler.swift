import Language
import Metadata

/// Turns a declared flow into a plan: finds every name, checks every type, and says what is wrong with
/// its place.
struct FlowCompiler {
    let schema: OrgSchema
    let definition: FlowDefinition
    let actions: InvocableActions
    private let flows: [APIName: FlowDefinition]

    var problems: [PackageProblem] = []
    var slots: [FlowPlan.Slot] = []
    var slotsByName: [String: Int] = [:]
    var formulas: [FlowExpression?] = []
    var templates: [FlowExpression?] = []
    /// Formulas and templates being compiled, from the outside in.
    var compiling: [APIName] = []
    /// The object of `$Record`.
    var object: ObjectDefinition?
    /// Steps that run after the save are being compiled: nothing is known of the record before it.
    var isLater = false
    var loopDepth = 0
    /// The type of `currentItem`, inside of a collection element.
    var currentItem: Int?

    init(_ definition: FlowDefinition, in schema: OrgSchema, actions: InvocableActions) {
        self.definition = definition
        self.schema = schema
        self.actions = actions
        flows = Dictionary(
            schema.automation.flows.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        formulas = Array(repeating: nil, count: definition.formulas.count)
        templates = Array(repeating: nil, count: definition.textTemplates.count)
    }

    /// The plan; `nil` where there are problems.
    mutating func plan() -> FlowPlan? {
        checkNames()
        object = startObject()
        checkStart()
        for variable in definition.variables { declare(variable) }
        let conditions = startConditions()
        let steps = block(definition.steps, at: [])
        isLater = true
        let paths = definition.start.scheduledPaths.enumerated().map { index, path in
            FlowPlan.Path(
                definition: path,
                field: pathField(path),
                steps: block(path.steps, at: [-1 - index])
            )
        }
        isLater = definition.start.trigger == .none
        for index in definition.formulas.indices where formulas[index] == nil { formula(index) }
        for index in definition.textTemplates.indices where templates[index] == nil {
            template(index)
        }
        guard problems.isEmpty else { return nil }
        return FlowPlan(
            definition: definition,
            object: object,
            slots: slots,
            slotsByName: slotsByName,
            formulas: formulas.map { $0 ?? .constant(.null) },
            templates: templates.map { $0 ?? .constant(.null) },
            conditions: conditions,
            steps: steps,
            paths: paths
        )
    }

    func flow(_ name: APIName) -> FlowDefinition? { flows[name] }
    var flowNames: [String] { flows.keys.map(\.text).sorted() }

    mutating func problem(_ map: ShapedMap, _ key: String?, _ message: String) {
        problems.append(map.problem(message, at: key))
    }

    /// An object by name; where there is none, that is a problem.
    mutating func object(_ name: APIName, _ map: ShapedMap, _ key: String) -> ObjectDefinition? {
        if let object = schema.object(name) { return object }
        let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
        problem(map, key, "`\(name)` is no object\(hint)")
        return nil
    }

    /// A field by name; where there is none, that is a problem.
    mutating func field(
        _ name: String,
        of object: ObjectDefinition,
        _ map: ShapedMap,
        _ key: String
    ) -> FieldDefinition? {
        if let field = object.field(APIName(name)) { return field }
        let hint = Suggestion.phrase(for: name, among: object.fields.map(\.name.text))
        problem(map, key, "`\(name)` is no field of \(object.name)\(hint)")
        return nil
    }

    // MARK: - Names

    private mutating func checkNames() {
        var seen: Set<APIName> = ["currentItem"]
        let named =
            definition.variables.map { ($0.name, $0.map, "name") }
            + definition.formulas.map { ($0.name, $0.map, "name") }
            + definition.textTemplates.map { ($0.name, $0.map, "name") }
            + definition.allSteps.map { ($0.name, $0.map, $0.map.stepKey) }
        for (name, map, key) in named where !seen.insert(name).inserted {
            problem(map, key, "`\(name)` is the name of something else in this flow already")
        }
        var paths: Set<APIName> = []
        for path in definition.start.scheduledPaths where !paths.insert(path.name).inserted {
            problem(path.map, "name", "another path is called `\(path.name)` already")
        }
    }

    private mutating func declare(_ variable: FlowVariable) {
        var type = FlowType(variable.dataType, objectType: variable.objectType)
        if case .record(let name) = type {
            guard let found = object(name, variable.map, "objectType") else { return }
            type = .record(found.name)
        }
        if variable.isCollection { type = .collection(type) }
        var initial: FlowExpression?
        if case .none = variable.value.content {
        } else if type.isValue {
            initial = source(variable.value, as: type)
        } else {
            problem(
                variable.map,
                variable.value.key,
                "a record or a collection begins empty: give it values by an assignment"
            )
        }
        declare(variable.name.text, type, initial)
    }

    @discardableResult
    mutating func declare(
        _ name: String,
        _ type: FlowType,
        _ initial: FlowExpression? = nil
    ) -> Int {
        slots.append(FlowPlan.Slot(name: name, type: type, initial: initial))
        slotsByName[name.lowercased()] = slots.count - 1
        return slots.count - 1
    }

    // MARK: - The start

    private mutating func startObject() -> ObjectDefinition? {
        let start = definition.start
        guard let map = start.map else { return nil }
        guard let name = start.object else {
            if start.trigger.isOfRecord || start.trigger == .platformEvent {
                problem(map, nil, "`triggerType: \(start.trigger.rawValue)` needs `object`")
            }
            return nil
        }
        return object(name, map, "object")
    }

    private mutating func checkStart() {
        let start = definition.start
        guard let map = start.map else { return }
        if !(1...2_000).contains(definition.triggerOrder) {
            problem(definition.map, "triggerOrder", "`triggerOrder` is a number from 1 to 2000")
        }
        if definition.map.has("triggerOrder") && !start.trigger.isOfRecord {
            problem(definition.map, "triggerOrder", "an order is for flows that a save starts")
        }
        switch start.trigger {
        case .none:
            if start.object != nil {
                problem(map, "object", "a flow that is called has no record: declare a variable")
            }
        case .scheduled:
            if start.schedule == nil && !map.has("schedule") {
                problem(map, nil, "`triggerType: Scheduled` needs `schedule`")
            }
        case .platformEvent:
            if let object, !object.name.text.lowercased().hasSuffix("__e") {
                problem(map, "object", "`\(object.name)` is no platform event: those end in `__e`")
            }
        case .recordBeforeSave, .recordAfterSave, .recordBeforeDelete: break
        }
        if start.schedule != nil && start.trigger != .scheduled {
            problem(map, "schedule", "`schedule` is for `triggerType: Scheduled`")
        }
        let isDelete = start.trigger == .recordBeforeDelete
        if map.has("recordTriggerType") && (start.change == .delete) != isDelete {
            problem(
                map,
                "recordTriggerType",
                "`Delete` goes with `triggerType: RecordBeforeDelete`, the others with a save"
            )
        }
        if map.has("recordTriggerType") && !start.trigger.isOfRecord {
            problem(map, "recordTriggerType", "`recordTriggerType` is for flows that a save starts")
        }
        if !start.conditions.isEmpty && start.object == nil {
            problem(map, nil, "conditions are about records: say of which `object`")
        }
        checkRequiredChange(start, map)
        checkPaths(start)
    }

    private mutating func checkRequiredChange(_ start: FlowStart, _ map: ShapedMap) {
        guard start.requiresChange else { return }
        let key = "doesRequireRecordChangedToMeetCriteria"
        if start.conditions.isEmpty {
            problem(map, key, "`\(key)` needs conditions that a record can begin to meet")
        } else if start.change != .update && start.change != .createAndUpdate {
            problem(map, key, "`\(key)` is for flows that an update starts")
        }
    }

    private mutating func checkPaths(_ start: FlowStart) {
        for path in start.scheduledPaths {
            if start.trigger != .recordAfterSave {
                problem(
                    path.map,
                    nil,
                    "a path that runs after the save needs `triggerType: RecordAfterSave`"
                )
            }
            if path.moment != .afterCommit, start.change != .create, !start.requiresChange {
                problem(
                    path.map,
                    nil,
                    "every update would start it anew: add conditions and "
                        + "`doesRequireRecordChangedToMeetCriteria: true` to the start, or "
                        + "`recordTriggerType: Create`"
                )
            }
        }
    }

    private mutating func pathField(_ path: FlowScheduledPath) -> FieldDefinition? {
        guard case .field(let name, _, _) = path.moment, let object,
            let field = field(name.text, of: object, path.map, "recordField")
        else { return nil }
        switch FlowType(field) {
        case .date, .dateTime: break
        default:
            problem(path.map, "recordField", "`\(name)` is no date and no moment")
        }
        if !field.isStored {
            problem(path.map, "recordField", "`\(name)` is computed: use a stored field")
        }
        return field
    }

    private mutating func startConditions() -> FlowPlan.Conditions {
        guard let object else { return .always }
        var conditions = conditions(definition.start.conditions, of: object)
        if definition.start.trigger == .scheduled, conditions.formula != nil,
            let map = definition.start.map
        {
            problem(map, "filterFormula", "a scheduled flow finds its records by `filters`")
            conditions = .always
        }
        return conditions
    }
}

extension ShapedMap {
    /// The key by which a step says what it is.
    var stepKey: String? { FlowStep.kinds.first { has($0) } }
}
