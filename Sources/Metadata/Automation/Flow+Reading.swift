extension FlowDefinition {
    init(_ map: ShapedMap, _ problems: inout [PackageProblem]) {
        var reading = FlowReading(problems: problems)
        let isSystem = map.text("runIn") == "System"
        if isSystem && (map.text("reason") ?? "").isEmpty {
            reading.problem(
                map,
                "runIn",
                "a flow with every right says why: add `reason`, or leave out `runIn: System`"
            )
        }
        if !isSystem && map.has("reason") {
            reading.problem(map, "reason", "`reason` is for `runIn: System`; leave it out")
        }
        let days = map.integer("traceDays") ?? FlowDefinition.traceDaysDefault
        if !(1...3_650).contains(days) {
            reading.problem(map, "traceDays", "`traceDays` is a number from 1 to 3650")
        }
        name = map.name("flow") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        status = map.text("status").flatMap(Status.init) ?? .active
        runMode = isSystem ? .system(because: map.text("reason") ?? "") : .user
        triggerOrder = map.integer("triggerOrder") ?? FlowDefinition.triggerOrderDefault
        trace = map.text("trace").flatMap(Trace.init) ?? .failed
        traceDays = days
        start = map.map("start").map { reading.start($0) } ?? .none
        variables = map.list("variables").map { reading.variable($0) }
        formulas = map.list("formulas").map { formula in
            FlowFormula(
                name: formula.name("name") ?? "",
                dataType: formula.text("dataType").flatMap(FlowDataType.init) ?? .string,
                expression: formula.text("expression") ?? "",
                map: formula
            )
        }
        textTemplates = map.list("textTemplates").map { template in
            FlowTextTemplate(
                name: template.name("name") ?? "",
                text: template.text("text") ?? "",
                map: template
            )
        }
        steps = reading.steps(map.list("steps"))
        self.map = map
        problems = reading.problems
    }
}

/// Reads the parts of a flow, and says where they contradict themselves.
private struct FlowReading {
    var problems: [PackageProblem]

    mutating func problem(_ map: ShapedMap, _ key: String?, _ message: String) {
        problems.append(map.problem(message, at: key))
    }

    mutating func start(_ map: ShapedMap) -> FlowStart {
        let trigger = map.text("triggerType").flatMap(FlowStart.Trigger.init) ?? .none
        return FlowStart(
            trigger: trigger,
            object: map.name("object"),
            change: map.text("recordTriggerType").flatMap(FlowStart.Change.init)
                ?? (trigger == .recordBeforeDelete ? .delete : .createAndUpdate),
            conditions: filters(map, formula: "filterFormula"),
            requiresChange: map.boolean("doesRequireRecordChangedToMeetCriteria") ?? false,
            schedule: map.map("schedule").flatMap { schedule($0) },
            scheduledPaths: map.list("scheduledPaths").compactMap { path($0) },
            map: map
        )
    }

    private mutating func schedule(_ map: ShapedMap) -> FlowSchedule? {
        guard let day = map.text("startDate").flatMap(CivilText.daysSinceEpoch) else {
            problem(map, "startDate", "`startDate` is a day: 2026-03-01")
            return nil
        }
        let text = map.text("startTime") ?? ""
        let whole = text.utf8.count == 5 ? text + ":00" : text
        guard let time = CivilText.millisecondsOfDay(whole) else {
            problem(map, "startTime", "`startTime` is a time of day: 02:00")
            return nil
        }
        return FlowSchedule(
            frequency: map.text("frequency").flatMap(FlowSchedule.Frequency.init) ?? .daily,
            startDate: day,
            startTime: time
        )
    }

    private mutating func path(_ map: ShapedMap) -> FlowScheduledPath? {
        guard let moment = moment(map) else { return nil }
        let name = map.name("name") ?? ""
        return FlowScheduledPath(
            name: name,
            label: map.text("label") ?? name.text,
            moment: moment,
            steps: steps(map.list("steps")),
            map: map
        )
    }

    private mutating func moment(_ map: ShapedMap) -> FlowScheduledPath.Moment? {
        if map.has("pathType") {
            for key in ["offsetNumber", "offsetUnit", "timeSource", "recordField"]
            where map.has(key) {
                problem(map, key, "a path with `pathType: AsyncAfterCommit` takes no `\(key)`")
            }
            return .afterCommit
        }
        guard let offset = map.integer("offsetNumber"), let unit = unit(map) else {
            problem(
                map,
                nil,
                "a scheduled path says when: `offsetNumber`, `offsetUnit` and `timeSource`, or "
                    + "`pathType: AsyncAfterCommit`"
            )
            return nil
        }
        guard abs(offset) <= 100_000 else {
            problem(map, "offsetNumber", "`offsetNumber` is at most 100000")
            return nil
        }
        if map.text("timeSource") == "RecordField" {
            guard let field = map.name("recordField") else {
                problem(map, "timeSource", "`timeSource: RecordField` needs `recordField`")
                return nil
            }
            return .field(field, offset: offset, unit)
        }
        guard offset >= 0 else {
            problem(map, "offsetNumber", "a time before the save is over: use a positive number")
            return nil
        }
        return .trigger(offset: offset, unit)
    }

    private func unit(_ map: ShapedMap) -> FlowScheduledPath.Unit? {
        map.text("offsetUnit").flatMap(FlowScheduledPath.Unit.init)
    }

    mutating func variable(_ map: ShapedMap) -> FlowVariable {
        let type = map.text("dataType").flatMap(FlowDataType.init) ?? .string
        if type == .record && !map.has("objectType") {
            problem(map, nil, "a variable of `SObject` needs `objectType`")
        }
        if type != .record && map.has("objectType") {
            problem(map, "objectType", "`objectType` is for `dataType: SObject`")
        }
        return FlowVariable(
            name: map.name("name") ?? "",
            dataType: type,
            objectType: map.name("objectType"),
            isCollection: map.boolean("isCollection") ?? false,
            isInput: map.boolean("isInput") ?? false,
            isOutput: map.boolean("isOutput") ?? false,
            value: source(map, isNeeded: false),
            map: map
        )
    }

    /// - Parameter isNeeded: nothing at all is a problem.
    mutating func source(_ map: ShapedMap, isNeeded: Bool = true) -> FlowSource {
        let keys = ["value", "elementReference", "formula"].filter { map.has($0) }
        if keys.count > 1 {
            problem(map, keys[1], "one of `\(keys[0])` and `\(keys[1])`, not both")
        }
        guard let key = keys.first else {
            if isNeeded {
                problem(map, nil, "needs a value: `value`, `elementReference` or `formula`")
            }
            return FlowSource(content: .none, map: map, key: nil)
        }
        return source(map, at: key)
    }

    func source(_ map: ShapedMap, at key: String) -> FlowSource {
        let text = map.text(key) ?? ""
        let content: FlowSource.Content =
            switch key {
            case "formula", "filterFormula": .formula(text)
            case "elementReference", "inputReference", "collectionReference":
                .reference(FlowReading.bare(text))
            default: .literal(text)
            }
        return FlowSource(content: content, map: map, key: key)
    }

    /// `{!name}` is `name` where only a name can stand.
    static func bare(_ text: String) -> String {
        guard text.hasPrefix("{!"), text.hasSuffix("}") else { return text }
        return String(text.dropFirst(2).dropLast())
    }

    mutating func conditions(_ map: ShapedMap) -> FlowConditions {
        conditions(
            map,
            items: map.list("conditions"),
            left: "leftValueReference",
            logic: "conditionLogic",
            formula: "formula"
        )
    }

    mutating func filters(_ map: ShapedMap, formula: String? = nil) -> FlowConditions {
        conditions(
            map,
            items: map.list("filters"),
            left: "field",
            logic: "filterLogic",
            formula: formula
        )
    }

    private mutating func conditions(
        _ map: ShapedMap,
        items: [ShapedMap],
        left: String,
        logic: String,
        formula: String?
    ) -> FlowConditions {
        let hasFormula = formula.map { map.has($0) } ?? false
        if let formula, hasFormula, !items.isEmpty {
            problem(map, formula, "conditions or a formula, not both")
        }
        if map.has(logic) && items.isEmpty {
            problem(map, logic, "`\(logic)` joins conditions, and there are none")
        }
        return FlowConditions(
            formula: hasFormula ? formula.map { source(map, at: $0) } : nil,
            items: items.map { item in
                FlowConditions.Item(
                    left: FlowReading.bare(item.text(left) ?? ""),
                    operator: item.text("operator").flatMap(FlowConditions.Operator.init)
                        ?? .equalTo,
                    right: source(item, isNeeded: item.text("operator") != "IsChanged"),
                    map: item
                )
            },
            logic: map.text(logic),
            map: map
        )
    }
}

extension FlowReading {
    mutating func steps(_ maps: [ShapedMap]) -> [FlowStep] {
        var steps: [FlowStep] = []
        for map in maps {
            guard let kind = FlowShapes.all.map(\.key).first(where: { map.has($0) }),
                let element = element(kind, map)
            else { continue }
            let name = map.name(kind) ?? ""
            steps.append(
                FlowStep(
                    name: name,
                    label: map.text("label") ?? name.text.replacing("_", with: " "),
                    element: element,
                    fault: map.has("fault") ? self.steps(map.list("fault")) : nil,
                    map: map
                )
            )
        }
        return steps
    }

    private mutating func element(_ kind: String, _ map: ShapedMap) -> FlowStep.Element? {
        switch kind {
        case "decision":
            return .decision(
                rules: map.list("rules").map { rule($0) },
                default: steps(map.list("default"))
            )
        case "assignment": return .assignment(map.list("assignmentItems").map { assignment($0) })
        case "loop":
            return .loop(
                collection: source(map, at: "collectionReference"),
                isDescending: map.text("iterationOrder") == "Desc",
                steps: steps(map.list("steps"))
            )
        case "collectionFilter":
            return .collectionFilter(
                collection: source(map, at: "collectionReference"),
                conditions(map)
            )
        case "collectionSort":
            return .collectionSort(
                collection: source(map, at: "collectionReference"),
                map.list("sortOptions").map(FlowReading.sortOption),
                limit: limit(map)
            )
        case "transform": return transform(map)
        case "recordLookup": return .recordLookup(lookup(map))
        case "recordCreate":
            return target(map, isCreate: true).map {
                .recordCreate($0, values: fieldAssignments(map))
            }
        case "recordUpdate":
            return target(map).map { .recordUpdate($0, values: fieldAssignments(map)) }
        case "recordDelete": return target(map).map { .recordDelete($0) }
        case "subflow":
            return .subflow(
                flow: map.name("flowName") ?? "",
                inputs: map.list("inputAssignments").map { namedValue($0) },
                outputs: map.list("outputAssignments").map(FlowReading.namedOutput)
            )
        case "actionCall":
            return .actionCall(
                action: map.text("actionName") ?? "",
                inputs: map.list("inputParameters").map { namedValue($0) },
                outputs: map.list("outputParameters").map(FlowReading.namedOutput)
            )
        case "wait": return wait(map)
        case "customError":
            return .customError(map.list("customErrorMessages").map { errorMessage($0) })
        case "end": return .end
        default: return nil
        }
    }

    private mutating func rule(_ map: ShapedMap) -> FlowStep.Rule {
        let name = map.name("rule") ?? ""
        return FlowStep.Rule(
            name: name,
            label: map.text("label") ?? name.text.replacing("_", with: " "),
            conditions: conditions(map),
            requiresChange: map.boolean("doesRequireRecordChangedToMeetCriteria") ?? false,
            steps: steps(map.list("steps")),
            map: map
        )
    }

    private mutating func assignment(_ map: ShapedMap) -> FlowStep.AssignmentItem {
        FlowStep.AssignmentItem(
            target: FlowReading.bare(map.text("assignToReference") ?? ""),
            operator: map.text("operator").flatMap(FlowStep.AssignmentItem.Operator.init)
                ?? .assign,
            value: source(map),
            map: map
        )
    }

    private static func sortOption(_ map: ShapedMap) -> FlowStep.SortOption {
        FlowStep.SortOption(
            field: map.text("sortField"),
            isDescending: map.text("sortOrder") == "Desc",
            areNullsLast: !(map.boolean("doesPutEmptyStringAndNullFirst") ?? false),
            map: map
        )
    }

    private mutating func limit(_ map: ShapedMap) -> Int? {
        guard let limit = map.integer("limit") else { return nil }
        if limit < 1 { problem(map, "limit", "`limit` is at least 1") }
        return max(1, limit)
    }

    private mutating func transform(_ map: ShapedMap) -> FlowStep.Element? {
        let collection = source(map, at: "collectionReference")
        if let object = map.name("objectType") {
            for key in ["dataType", "value", "elementReference", "formula"] where map.has(key) {
                problem(map, key, "a transform to records takes no `\(key)`: use inputAssignments")
            }
            return .transform(
                collection: collection,
                to: .records(of: object, fieldAssignments(map))
            )
        }
        guard let type = map.text("dataType").flatMap(FlowDataType.init) else {
            problem(map, nil, "a transform says what it makes: `objectType` or `dataType`")
            return nil
        }
        if map.has("inputAssignments") {
            problem(map, "inputAssignments", "`inputAssignments` is for `objectType`")
        }
        return .transform(collection: collection, to: .values(type, source(map)))
    }

    private mutating func lookup(_ map: ShapedMap) -> FlowStep.RecordLookup {
        let firstOnly = map.boolean("getFirstRecordOnly") ?? false
        if firstOnly && map.has("limit") {
            problem(map, "limit", "`getFirstRecordOnly` is a limit of 1 already")
        }
        return FlowStep.RecordLookup(
            object: map.name("object") ?? "",
            filters: filters(map),
            firstOnly: firstOnly,
            sortField: map.text("sortField"),
            isDescending: map.text("sortOrder") == "Desc",
            limit: limit(map),
            fields: map.texts("queriedFields")
        )
    }

    private mutating func target(
        _ map: ShapedMap,
        isCreate: Bool = false
    ) -> FlowStep.RecordTarget? {
        if map.has("inputReference") {
            for key in ["object", "filters"] where map.has(key) {
                problem(map, key, "`inputReference` says which records; leave out `\(key)`")
            }
            return .reference(source(map, at: "inputReference"))
        }
        guard let object = map.name("object") else {
            problem(map, nil, "says which records: `inputReference`, or `object`")
            return nil
        }
        let filters = isCreate ? FlowConditions() : filters(map)
        if !isCreate && filters.isEmpty {
            problem(map, "object", "without `filters` it would be every record: say which")
        }
        return .object(object, filters)
    }

    private mutating func fieldAssignments(_ map: ShapedMap) -> [FlowStep.FieldAssignment] {
        map.list("inputAssignments").map { item in
            FlowStep.FieldAssignment(
                field: item.text("field") ?? "",
                value: source(item),
                map: item
            )
        }
    }

    private mutating func namedValue(_ map: ShapedMap) -> FlowStep.NamedValue {
        FlowStep.NamedValue(name: map.text("name") ?? "", value: source(map), map: map)
    }

    private static func namedOutput(_ map: ShapedMap) -> FlowStep.NamedOutput {
        FlowStep.NamedOutput(
            name: map.text("name") ?? "",
            target: bare(map.text("assignToReference") ?? ""),
            map: map
        )
    }

    private mutating func wait(_ map: ShapedMap) -> FlowStep.Element? {
        let keys = ["elementReference", "formula"].filter { map.has($0) }
        if let offset = map.integer("offsetNumber"), let unit = unit(map) {
            for key in keys { problem(map, key, "a wait is so long, or until a moment: not both") }
            if !(1...100_000).contains(offset) {
                problem(map, "offsetNumber", "`offsetNumber` is a number from 1 to 100000")
            }
            return .wait(.duration(offset, unit))
        }
        guard keys.count == 1 else {
            problem(
                map,
                nil,
                "a wait says how long: `offsetNumber` and `offsetUnit`, or until when: "
                    + "`elementReference` or `formula`"
            )
            return nil
        }
        return .wait(.until(source(map, at: keys[0])))
    }

    private func errorMessage(_ map: ShapedMap) -> FlowStep.ErrorMessage {
        FlowStep.ErrorMessage(
            message: FlowSource(
                content: .literal(map.text("errorMessage") ?? ""),
                map: map,
                key: "errorMessage"
            ),
            field: map.name("fieldSelection"),
            map: map
        )
    }
}
