import Language
import Metadata

// The steps, and where they may stand.
extension FlowCompiler {
    mutating func block(_ steps: [FlowStep], at position: [Int]) -> [FlowPlan.Step] {
        var planned: [FlowPlan.Step] = []
        for (index, step) in steps.enumerated() {
            if index > 0, FlowCompiler.alwaysEnds(steps[index - 1]) {
                problem(
                    step.map,
                    step.map.stepKey,
                    "`\(step.name)` is never reached: `\(steps[index - 1].name)` ends the flow"
                )
            }
            if let step = self.step(step, at: position + [index]) { planned.append(step) }
        }
        return planned
    }

    /// Whether nothing after it can run.
    private static func alwaysEnds(_ step: FlowStep) -> Bool {
        func ends(_ steps: [FlowStep]) -> Bool { steps.contains(where: alwaysEnds) }
        switch step.element {
        case .end, .customError: return true
        case .decision(let rules, let otherwise):
            return ends(otherwise) && rules.allSatisfy { ends($0.steps) }
        case .assignment, .loop, .collectionFilter, .collectionSort, .transform, .recordLookup,
            .recordCreate, .recordUpdate, .recordDelete, .subflow, .actionCall, .wait:
            return false
        }
    }

    private mutating func step(_ step: FlowStep, at position: [Int]) -> FlowPlan.Step? {
        checkPlace(of: step)
        let known = problems.count
        guard let (kind, slot, reads) = planned(step, position) else { return nil }
        let faultBlock = step.blocks.count - 1
        let fault = step.fault.map { block($0, at: position + [faultBlock]) }
        guard problems.count == known else { return nil }
        return FlowPlan.Step(
            name: step.name,
            label: step.label,
            kind: kind,
            slot: slot,
            fault: fault,
            reads: reads,
            position: position
        )
    }

    // MARK: - Where a step may stand

    private mutating func checkPlace(of step: FlowStep) {
        let trigger = definition.start.trigger
        func refuse(_ message: String) -> PackageProblem {
            step.map.problem("`\(step.name)`: \(message)", at: step.map.stepKey)
        }
        switch step.element {
        case .recordCreate, .recordUpdate, .recordDelete, .subflow, .actionCall:
            if trigger == .recordBeforeSave {
                problems.append(
                    refuse(
                        "before the save a flow only reads, and assigns to fields of `$Record`; "
                            + "use `triggerType: RecordAfterSave`"
                    )
                )
            }
        case .wait:
            if trigger.isOfRecord && !isLater {
                problems.append(
                    refuse("a save does not wait; put what comes later on a scheduled path")
                )
            }
            if loopDepth > 0 {
                problems.append(refuse("a flow cannot wait inside of a loop"))
            }
        case .customError:
            if !trigger.isOfRecord || isLater {
                problems.append(
                    refuse("there is no save to refuse here; use it where a save starts the flow")
                )
            }
        case .decision, .assignment, .loop, .collectionFilter, .collectionSort, .transform,
            .recordLookup, .end:
            break
        }
    }

    // MARK: - Each kind

    private typealias Planned = (kind: FlowPlan.Step.Kind, slot: Int?, reads: [FlowPath])

    private mutating func planned(_ step: FlowStep, _ position: [Int]) -> Planned? {
        switch step.element {
        case .decision(let rules, let otherwise):
            return decision(rules, otherwise, position)
        case .assignment(let items): return assignment(items)
        case .loop(let collection, let isDescending, let steps):
            return loop(step, collection, isDescending, steps, position)
        case .collectionFilter(let collection, let conditions):
            return filter(step, collection, conditions)
        case .collectionSort(let collection, let options, let limit):
            return sort(step, collection, options, limit)
        case .transform(let collection, let result):
            return transform(step, collection, result)
        case .recordLookup(let lookup): return self.lookup(step, lookup)
        case .recordCreate(let target, let values): return create(step, target, values)
        case .recordUpdate(let target, let values): return update(step, target, values)
        case .recordDelete(let target):
            guard let source = self.source(target, step, "delete") else { return nil }
            return (.delete(source.source), nil, source.reads)
        case .subflow(let name, let inputs, let outputs):
            return subflow(step, name, inputs, outputs)
        case .actionCall(let name, let inputs, let outputs):
            return action(step, name, inputs, outputs)
        case .wait(let moment): return wait(moment)
        case .customError(let messages): return customError(messages)
        case .end: return (.end, nil, [])
        }
    }

    private mutating func decision(
        _ rules: [FlowStep.Rule],
        _ otherwise: [FlowStep],
        _ position: [Int]
    ) -> Planned? {
        var planned: [FlowPlan.Rule] = []
        for (index, rule) in rules.enumerated() {
            if rule.conditions.isEmpty {
                problem(
                    rule.map,
                    "rule",
                    "`\(rule.name)` holds always: say when, or use `default`"
                )
            }
            if rule.requiresChange && (isLater || !definition.start.trigger.isOfRecord) {
                problem(
                    rule.map,
                    "doesRequireRecordChangedToMeetCriteria",
                    "what was before is known in a save only"
                )
            }
            planned.append(
                FlowPlan.Rule(
                    name: rule.name,
                    label: rule.label,
                    conditions: conditions(rule.conditions),
                    requiresChange: rule.requiresChange,
                    steps: block(rule.steps, at: position + [index])
                )
            )
        }
        let rest = block(otherwise, at: position + [rules.count])
        return (.decision(planned, rest), nil, planned.flatMap(\.conditions.paths))
    }

    private mutating func assignment(_ items: [FlowStep.AssignmentItem]) -> Planned? {
        var planned: [FlowPlan.Assignment] = []
        for item in items {
            guard let target = path(item.target, item.map, "assignToReference"),
                mayAssign(target, item.map, "assignToReference"),
                let value = assigned(item, to: target)
            else { continue }
            planned.append(
                FlowPlan.Assignment(target: target, operation: item.operator, value: value)
            )
        }
        return (.assignment(planned), nil, planned.flatMap { $0.value.paths })
    }

    private mutating func assigned(
        _ item: FlowStep.AssignmentItem,
        to target: FlowPath
    ) -> FlowExpression? {
        func refuse() -> PackageProblem {
            item.map.problem(
                "`\(item.operator.rawValue)` cannot be done to `\(item.target)`, which is "
                    + target.type.name,
                at: "operator"
            )
        }
        switch item.operator {
        case .assign:
            if let field = target.field { return source(item.value, for: .field(field)) }
            return source(item.value, as: target.type)
        case .add, .addAtStart:
            guard let element = target.type.item else {
                if item.operator == .add, target.type == .number || target.type == .text {
                    return source(item.value, as: target.type)
                }
                if item.operator == .add, target.type == .date || target.type == .dateTime {
                    return source(item.value, as: .number)
                }
                problems.append(refuse())
                return nil
            }
            // One item, or all of another collection.
            if case .reference(let text) = item.value.content,
                let path = path(text, item.value.map, item.value.key), path.type.isCollection
            {
                return source(item.value, as: target.type)
            }
            return source(item.value, as: element)
        case .subtract:
            if target.type == .number { return source(item.value, as: .number) }
            if target.type == .date || target.type == .dateTime {
                return source(item.value, as: .number)
            }
            problems.append(refuse())
            return nil
        case .removeAll, .removeFirst:
            guard let element = target.type.item else {
                problems.append(refuse())
                return nil
            }
            return source(item.value, as: element)
        case .assignCount:
            guard target.type == .number, case .reference(let text) = item.value.content,
                let path = path(text, item.value.map, item.value.key), path.type.isCollection
            else {
                problem(
                    item.map,
                    "operator",
                    "`AssignCount` gives a number the count of a collection: use `elementReference`"
                )
                return nil
            }
            return .path(path)
        }
    }

    /// Whether a value can be given to it.
    mutating func mayAssign(_ path: FlowPath, _ map: ShapedMap, _ key: String) -> Bool {
        guard path.parents.isEmpty else {
            problem(
                map,
                key,
                "`\(path.text)` is a field of another record: change that by a recordUpdate"
            )
            return false
        }
        switch path.root {
        case .record, .slot: break
        case .prior, .user, .organization, .formula, .template, .moment:
            problem(map, key, "`\(path.text)` cannot be given a value")
            return false
        }
        if path.root == .record && path.field == nil {
            problem(map, key, "values are given to the fields of `$Record`, not to the whole")
            return false
        }
        if path.root == .record && definition.start.trigger == .recordBeforeDelete && !isLater {
            problem(map, key, "the record is about to be deleted: nothing is saved of it")
            return false
        }
        guard let field = path.field else { return true }
        if case .id = field.type {
            if path.root != .record { return true }
            problem(map, key, "`\(path.text)` is the key of the record and stays")
            return false
        }
        return isWritable(field, map, key)
    }

    private mutating func isWritable(
        _ field: FieldDefinition,
        _ map: ShapedMap,
        _ key: String
    ) -> Bool {
        guard field.isStored, field.writing != .never, field.derivation == nil else {
            problem(map, key, "`\(field.name)` is read-only: the platform gives it its value")
            return false
        }
        return true
    }

    // MARK: - Collections

    private mutating func collection(_ source: FlowSource) -> (path: FlowPath, item: FlowType)? {
        guard case .reference(let text) = source.content,
            let path = path(text, source.map, source.key)
        else { return nil }
        guard let item = path.type.item else {
            problem(source.map, source.key, "`\(text)` is \(path.type.name), not a collection")
            return nil
        }
        return (path, item)
    }

    private mutating func loop(
        _ step: FlowStep,
        _ source: FlowSource,
        _ isDescending: Bool,
        _ steps: [FlowStep],
        _ position: [Int]
    ) -> Planned? {
        guard let (path, item) = collection(source) else { return nil }
        let slot = declare(step.name.text, item)
        loopDepth += 1
        let inner = block(steps, at: position + [0])
        loopDepth -= 1
        let kind = FlowPlan.Step.Kind.loop(
            collection: path,
            slot: slot,
            isDescending: isDescending,
            inner
        )
        return (kind, nil, [path])
    }

    private mutating func filter(
        _ step: FlowStep,
        _ source: FlowSource,
        _ conditions: FlowConditions
    ) -> Planned? {
        guard let (path, item) = collection(source) else { return nil }
        if conditions.isEmpty {
            problem(step.map, step.map.stepKey, "says which items: `conditions` or `formula`")
        }
        let itemSlot = declare("currentItem in \(step.name)", item)
        currentItem = itemSlot
        let planned = self.conditions(conditions)
        currentItem = nil
        let slot = declare(step.name.text, path.type)
        let kind = FlowPlan.Step.Kind.filter(collection: path, item: itemSlot, planned)
        return (kind, slot, [path] + planned.paths.filter { $0.root != .slot(itemSlot) })
    }

    private mutating func sort(
        _ step: FlowStep,
        _ source: FlowSource,
        _ options: [FlowStep.SortOption],
        _ limit: Int?
    ) -> Planned? {
        guard let (path, item) = collection(source) else { return nil }
        var keys: [FlowPlan.SortKey] = []
        for option in options {
            var sorted: FieldDefinition?
            if case .record(let name) = item, let object = schema.object(name) {
                guard let text = option.field else {
                    problem(option.map, nil, "records are sorted by a field: `sortField`")
                    continue
                }
                sorted = field(text, of: object, option.map, "sortField")
                if sorted.map({ !$0.isStored }) ?? true {
                    if sorted != nil {
                        problem(option.map, "sortField", "`\(text)` is computed: sort by another")
                    }
                    continue
                }
            } else if option.field != nil {
                problem(option.map, "sortField", "the items are \(item.name) and have no fields")
            }
            keys.append(
                FlowPlan.SortKey(
                    field: sorted,
                    isDescending: option.isDescending,
                    areNullsLast: option.areNullsLast
                )
            )
        }
        let slot = declare(step.name.text, path.type)
        return (.sort(collection: path, keys, limit: limit), slot, [path])
    }

    private mutating func transform(
        _ step: FlowStep,
        _ source: FlowSource,
        _ result: FlowStep.TransformResult
    ) -> Planned? {
        guard let (path, item) = collection(source) else { return nil }
        let itemSlot = declare("currentItem in \(step.name)", item)
        currentItem = itemSlot
        defer { currentItem = nil }
        switch result {
        case .values(let dataType, let value):
            let type = FlowType(dataType, objectType: nil)
            guard let expression = self.source(value, as: type) else { return nil }
            let slot = declare(step.name.text, .collection(type))
            let kind = FlowPlan.Step.Kind.transform(
                collection: path,
                item: itemSlot,
                .values(type, expression)
            )
            return (kind, slot, [path] + outer([expression], itemSlot))
        case .records(let name, let values):
            guard let object = object(name, step.map, "objectType") else { return nil }
            let fields = given(values, to: object, isCreate: true)
            let slot = declare(step.name.text, .collection(.record(object.name)))
            let kind = FlowPlan.Step.Kind.transform(
                collection: path,
                item: itemSlot,
                .records(object, fields)
            )
            return (kind, slot, [path] + outer(fields.map(\.value), itemSlot))
        }
    }

    private func outer(_ expressions: [FlowExpression], _ item: Int) -> [FlowPath] {
        expressions.flatMap(\.paths).filter { $0.root != .slot(item) }
    }

    // MARK: - Records

    private mutating func lookup(_ step: FlowStep, _ lookup: FlowStep.RecordLookup) -> Planned? {
        guard let object = object(lookup.object, step.map, "object") else { return nil }
        let conditions = conditions(lookup.filters, of: object)
        checkFilters(conditions, lookup.filters)
        var sort: (field: FieldDefinition, isDescending: Bool)?
        if let name = lookup.sortField, let field = field(name, of: object, step.map, "sortField") {
            if !field.isSortable {
                problem(step.map, "sortField", "`\(name)` cannot be sorted by")
            }
            sort = (field, lookup.isDescending)
        }
        let fields = lookup.fields.compactMap { field($0, of: object, step.map, "queriedFields") }
        let plan = FlowPlan.Lookup(
            object: object,
            conditions: conditions,
            firstOnly: lookup.firstOnly,
            sort: sort,
            limit: lookup.limit,
            fields: lookup.fields.isEmpty ? nil : fields
        )
        let type = FlowType.record(object.name)
        let slot = declare(step.name.text, lookup.firstOnly ? type : .collection(type))
        return (.lookup(plan), slot, conditions.rightPaths)
    }

    /// Conditions that a query cannot ask.
    private mutating func checkFilters(
        _ conditions: FlowPlan.Conditions,
        _ declared: FlowConditions
    ) {
        for (item, filter) in zip(conditions.items, declared.items) {
            if let field = item.left.field, !field.isFilterable {
                problem(
                    filter.map,
                    "field",
                    "records cannot be found by `\(field.name)`, which holds "
                        + (field.isStored ? "long or sealed text" : "what is computed")
                )
            }
        }
    }

    private mutating func given(
        _ values: [FlowStep.FieldAssignment],
        to object: ObjectDefinition,
        isCreate: Bool
    ) -> [FlowPlan.FieldGiven] {
        var seen: Set<APIName> = []
        return values.compactMap { value in
            guard let field = field(value.field, of: object, value.map, "field"),
                isWritable(field, value.map, "field")
            else { return nil }
            if field.writing == .onCreate && !isCreate {
                problem(value.map, "field", "`\(field.name)` is given once, to a new record")
            }
            if !seen.insert(field.name).inserted {
                problem(value.map, "field", "`\(field.name)` is given twice")
            }
            guard let expression = source(value.value, for: .field(field)) else { return nil }
            return FlowPlan.FieldGiven(field: field, value: expression)
        }
    }

    private mutating func create(
        _ step: FlowStep,
        _ target: FlowStep.RecordTarget,
        _ values: [FlowStep.FieldAssignment]
    ) -> Planned? {
        guard let (source, reads) = source(target, step, "create") else { return nil }
        switch source {
        case .object(let object, _):
            let fields = given(values, to: object, isCreate: true)
            let slot = declare(step.name.text, .id)
            return (.create(source, fields), slot, fields.flatMap { $0.value.paths })
        case .path(let path):
            if !values.isEmpty {
                problem(step.map, "inputAssignments", "the records have their values already")
            }
            if path.root == .record {
                problem(step.map, "inputReference", "`$Record` is being saved already")
            }
            return (.create(source, []), nil, reads)
        }
    }

    private mutating func update(
        _ step: FlowStep,
        _ target: FlowStep.RecordTarget,
        _ values: [FlowStep.FieldAssignment]
    ) -> Planned? {
        guard let (source, reads) = source(target, step, "update") else { return nil }
        let object: ObjectDefinition?
        switch source {
        case .object(let found, _):
            object = found
            if values.isEmpty {
                problem(step.map, step.map.stepKey, "says what changes: `inputAssignments`")
            }
        case .path(let path):
            object = (path.type.object ?? path.type.item?.object).flatMap { schema.object($0) }
        }
        guard let object else { return nil }
        let fields = given(values, to: object, isCreate: false)
        return (.update(source, fields), nil, reads + fields.flatMap { $0.value.paths })
    }

    /// Which records, and what must be read to know them.
    private mutating func source(
        _ target: FlowStep.RecordTarget,
        _ step: FlowStep,
        _ verb: String
    ) -> (source: FlowPlan.Source, reads: [FlowPath])? {
        switch target {
        case .object(let name, let filters):
            guard let object = object(name, step.map, "object") else { return nil }
            let conditions = conditions(filters, of: object)
            checkFilters(conditions, filters)
            return (.object(object, conditions), conditions.rightPaths)
        case .reference(let reference):
            guard case .reference(let text) = reference.content,
                let path = path(text, reference.map, reference.key)
            else { return nil }
            guard path.type.object != nil || path.type.item?.object != nil else {
                problem(
                    reference.map,
                    reference.key,
                    "`\(text)` is \(path.type.name); records to \(verb) are needed"
                )
                return nil
            }
            if path.root == .prior {
                problem(reference.map, reference.key, "`$Record__Prior` is what was, and stays")
                return nil
            }
            return (.path(path), [path])
        }
    }
}
