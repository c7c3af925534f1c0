import Metadata

// Decisions, assignments, loops and collections.
extension FlowRun {
    func perform(_ step: FlowPlan.Step, _ active: [Int]) throws {
        switch step.kind {
        case .decision(let rules, let otherwise): try decide(step, rules, otherwise, active)
        case .assignment(let items):
            for index in active { try each(index, step) { try assign(items, step, index) } }
        case .loop(let collection, let slot, let isDescending, let steps):
            try loop(step, collection, slot, isDescending, steps, active)
        case .filter(let collection, let item, let conditions):
            try filter(step, collection, item, conditions, active)
        case .sort(let collection, let keys, let limit):
            for index in active {
                try each(index, step) { try sort(step, collection, keys, limit, index) }
            }
        case .transform(let collection, let item, let result):
            try transform(step, collection, item, result, active)
        case .lookup(let lookup): try look(step, lookup, active)
        case .create(let source, let values): try create(step, source, values, active)
        case .update(let source, let values): try update(step, source, values, active)
        case .delete(let source): try delete(step, source, active)
        case .subflow(let name, let inputs, let outputs):
            try callFlow(step, name, inputs, outputs, active)
        case .action(let name, let inputs, let outputs):
            try callAction(step, name, inputs, outputs, active)
        case .wait(let wait):
            for index in active { try each(index, step) { try self.wait(step, wait, index) } }
        case .customError(let messages):
            for index in active { try each(index, step) { try refuse(step, messages, index) } }
        case .end:
            for index in active {
                note(index, step, "the flow ends here")
                interviews[index].isOver = true
            }
        }
    }

    /// What goes wrong for one interview is its own.
    func each(_ index: Int, _ step: FlowPlan.Step, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as RecordError {
            fail(index, step, error)
        }
    }

    // MARK: - Decisions

    private func decide(
        _ step: FlowPlan.Step,
        _ rules: [FlowPlan.Rule],
        _ otherwise: [FlowPlan.Step],
        _ active: [Int]
    ) throws {
        if rules.contains(where: \.requiresChange) {
            try withPrior(active) { try fetch(rules.flatMap(\.conditions.paths), active) }
        }
        var ways: [[Int]] = Array(repeating: [], count: rules.count + 1)
        for index in active {
            try each(index, step) {
                let way = try rules.firstIndex {
                    try holds($0.conditions, index, $0.requiresChange)
                }
                ways[way ?? rules.count].append(index)
                let reason = try why(rules, way, index)
                note(index, step, reason)
            }
        }
        for (rule, indices) in zip(rules, ways) where !indices.isEmpty {
            try run(rule.steps, indices)
        }
        if let rest = ways.last, !rest.isEmpty { try run(otherwise, rest) }
    }

    private func why(_ rules: [FlowPlan.Rule], _ way: Int?, _ index: Int) throws -> String {
        guard let way else { return "no rule holds" }
        let conditions = rules[way].conditions
        if conditions.formula != nil { return "takes \(rules[way].name): its formula is true" }
        let held = try conditions.items.filter { try holds($0, index) }.map(\.text)
        return "takes \(rules[way].name): \(held.joined(separator: "; "))"
    }

    /// Whether conditions hold now; where a change is required, and did not hold before.
    func holds(
        _ conditions: FlowPlan.Conditions,
        _ index: Int,
        _ requiresChange: Bool = false
    ) throws -> Bool {
        guard try holds(conditions, index) else { return false }
        guard requiresChange, interviews[index].prior != nil else { return true }
        var didHold = false
        try withPrior([index]) { didHold = try holds(conditions, index) }
        return !didHold
    }

    private func holds(_ conditions: FlowPlan.Conditions, _ index: Int) throws -> Bool {
        if let formula = conditions.formula {
            return try value(formula, index).value.boolean ?? false
        }
        guard let logic = conditions.logic else { return true }
        return try holds(logic, conditions.items, index)
    }

    private func holds(
        _ logic: FlowPlan.Conditions.Logic,
        _ items: [FlowPlan.Conditions.Item],
        _ index: Int
    ) throws -> Bool {
        switch logic {
        case .item(let number):
            return try items.indices.contains(number) && holds(items[number], index)
        case .and(let terms): return try terms.allSatisfy { try holds($0, items, index) }
        case .or(let terms): return try terms.contains { try holds($0, items, index) }
        case .not(let term): return try !holds(term, items, index)
        }
    }

    private func holds(_ item: FlowPlan.Conditions.Item, _ index: Int) throws -> Bool {
        let right = try value(item.right, index)
        if item.operation == .isChanged {
            return isChanged(item.left, index) == (right.value.boolean ?? true)
        }
        return try FlowRun.holds(item, left: try read(item.left, index), right, self)
    }

    /// Whether one comparison holds between values that are known.
    static func holds(
        _ item: FlowPlan.Conditions.Item,
        left: FlowValue,
        _ right: FlowValue,
        _ run: FlowRun
    ) throws -> Bool {
        switch item.operation {
        case .isNull: return left.isNull == (right.value.boolean ?? true)
        case .isIn: return right.items.contains { FlowComparison.isEqual(left.value, $0.value) }
        case .isNotIn: return !right.items.contains { FlowComparison.isEqual(left.value, $0.value) }
        case .startsWith, .endsWith, .contains:
            return FlowComparison.holds(left.value, item.operation, right.value)
        case .isChanged: return false
        case .equalTo, .notEqualTo, .lessThan, .lessThanOrEqualTo, .greaterThan,
            .greaterThanOrEqualTo:
            let fitting = try run.converted(right, to: item.left.type, item.left.text)
            return FlowComparison.holds(left.value, item.operation, fitting.value)
        }
    }

    /// As if nothing had changed yet.
    private func withPrior(_ active: [Int], _ body: () throws -> Void) rethrows {
        let present = active.map { interviews[$0].record }
        for index in active {
            if let prior = interviews[index].prior { interviews[index].record = prior }
        }
        defer { for (index, record) in zip(active, present) { interviews[index].record = record } }
        try body()
    }

    // MARK: - Assignments

    private func assign(
        _ items: [FlowPlan.Assignment],
        _ step: FlowPlan.Step,
        _ index: Int
    ) throws {
        for item in items {
            let given = try value(item.value, index)
            let held = try read(item.target, index)
            try set(item.target, try combined(held, item, given), index)
        }
        note(index, step, "gives \(items.map(\.target.text).joined(separator: ", ")) a value")
    }

    private func combined(
        _ held: FlowValue,
        _ item: FlowPlan.Assignment,
        _ given: FlowValue
    ) throws -> FlowValue {
        switch item.operation {
        case .assign: return given
        case .assignCount:
            return .value(.number(ExactDecimal(unscaled: Int64(given.items.count), scale: 0)))
        case .add, .subtract:
            if case .collection(let items) = held { return try added(items, given, atStart: false) }
            return .value(
                try FlowArithmetic.sum(
                    held.value,
                    given.value,
                    isNegative: item.operation == .subtract,
                    item.target.text
                )
            )
        case .addAtStart: return try added(held.items, given, atStart: true)
        case .removeAll: return .collection(held.items.filter { $0 != given })
        case .removeFirst:
            var items = held.items
            if let first = items.firstIndex(of: given) { items.remove(at: first) }
            return .collection(items)
        }
    }

    private func added(
        _ items: [FlowValue],
        _ given: FlowValue,
        atStart: Bool
    ) throws -> FlowValue {
        let new = if case .collection(let more) = given { more } else { [given] }
        guard items.count + new.count <= FlowLimits.collectionMax else {
            throw RecordError(
                .limitExceeded,
                "a collection holds at most \(FlowLimits.collectionMax) items"
            )
        }
        return .collection(atStart ? new + items : items + new)
    }

    /// Gives a variable or a field a value.
    func set(_ target: FlowPath, _ given: FlowValue, _ index: Int) throws {
        guard let field = target.field else {
            if case .slot(let slot) = target.root {
                interviews[index].slots[slot] = try converted(given, to: target.type, target.text)
            }
            return
        }
        let value = try converted(given, to: target.type, target.text).value
        switch target.root {
        case .record:
            guard let record = interviews[index].record else { return }
            let kept = stage == .beforeSave ? try settled(value, field, record.object) : value
            interviews[index].record?.values[field.index] = kept
            interviews[index].record?.changed.insert(field.index)
        case .slot(let slot):
            var record = interviews[index].slots[slot].record
            if record == nil, let object = target.object { record = FlowRecord(object: object) }
            guard var record else { return }
            if case .id = field.type {
                record.id = value.id
            } else {
                record.changed.insert(field.index)
            }
            record.values[field.index] = value
            interviews[index].slots[slot] = .record(record)
        case .prior, .user, .organization, .formula, .template, .moment: break
        }
    }

    /// A value as the save takes it: with the rights and the form that a client's input needs.
    private func settled(
        _ value: FieldValue,
        _ field: FieldDefinition,
        _ object: ObjectDefinition
    ) throws -> FieldValue {
        guard writer.access.mayEdit(field, of: object) else {
            throw RecordError(
                .invalidFieldForInsertUpdate,
                "the flow runs with the rights of the user, who may not write "
                    + "\(object.name).\(field.name); declare `runIn: System` with a `reason`, or "
                    + "grant the field",
                fields: [field.name]
            )
        }
        return try InputDecoding(field: field, secrets: writer.secrets)
            .value(FlowConversion.json(value))
    }

    // MARK: - Loops and collections

    private func loop(
        _ step: FlowPlan.Step,
        _ collection: FlowPath,
        _ slot: Int,
        _ isDescending: Bool,
        _ steps: [FlowPlan.Step],
        _ active: [Int]
    ) throws {
        var items: [Int: [FlowValue]] = [:]
        for index in active {
            let held = try read(collection, index).items
            items[index] = isDescending ? held.reversed() : held
            note(index, step, "runs for \(held.count) items")
        }
        let rounds = items.values.map(\.count).max() ?? 0
        for round in 0..<rounds {
            let going = active.filter {
                interviews[$0].isRunning && round < items[$0]?.count ?? 0
            }
            if going.isEmpty { return }
            for index in going {
                if let item = items[index]?[round] { interviews[index].slots[slot] = item }
            }
            try run(steps, going)
        }
    }

    /// Asks something of every item of every collection, with one query for each object for as many
    /// items as there are interviews.
    private func eachItem(
        _ step: FlowPlan.Step,
        _ collection: FlowPath,
        _ slot: Int,
        _ paths: [FlowPath],
        _ active: [Int],
        _ body: (Int, FlowValue) throws -> Void
    ) throws {
        var wanted: [(index: Int, item: FlowValue)] = []
        for index in active {
            wanted += try read(collection, index).items.map { (index, $0) }
        }
        // All that the items need is read before the first is looked at.
        let before = active.map { interviews[$0].slots[slot] }
        defer {
            for (index, value) in zip(active, before) { interviews[index].slots[slot] = value }
        }
        try fetch(paths, items: wanted, in: slot)
        for entry in wanted where interviews[entry.index].isRunning {
            interviews[entry.index].slots[slot] = entry.item
            try each(entry.index, step) { try body(entry.index, entry.item) }
        }
    }

    private func filter(
        _ step: FlowPlan.Step,
        _ collection: FlowPath,
        _ item: Int,
        _ conditions: FlowPlan.Conditions,
        _ active: [Int]
    ) throws {
        var kept: [Int: [FlowValue]] = [:]
        try eachItem(step, collection, item, conditions.paths, active) { index, value in
            if try holds(conditions, index) { kept[index, default: []].append(value) }
        }
        for index in active where interviews[index].isRunning {
            let items = kept[index] ?? []
            finish(step, .collection(items), index)
            let count = try read(collection, index).items.count
            note(index, step, "keeps \(items.count) of \(count)")
        }
    }

    private func sort(
        _ step: FlowPlan.Step,
        _ collection: FlowPath,
        _ keys: [FlowPlan.SortKey],
        _ limit: Int?,
        _ index: Int
    ) throws {
        let items = try read(collection, index).items
        func key(_ value: FlowValue, _ key: FlowPlan.SortKey) -> FieldValue {
            guard let field = key.field else { return value.value }
            return value.record?.values[field.index] ?? .null
        }
        let sorted = items.enumerated().sorted { one, two in
            for sortKey in keys {
                let (a, b) = (key(one.element, sortKey), key(two.element, sortKey))
                if a.isNull && b.isNull { continue }
                if a.isNull || b.isNull { return a.isNull != sortKey.areNullsLast }
                let order = FlowComparison.order(a, b) ?? 0
                if order != 0 { return sortKey.isDescending ? order > 0 : order < 0 }
            }
            return one.offset < two.offset
        }
        let kept = sorted.map(\.element).prefix(limit ?? Int.max)
        finish(step, .collection(Array(kept)), index)
        note(index, step, "sorts \(items.count) and keeps \(kept.count)")
    }

    private func transform(
        _ step: FlowPlan.Step,
        _ collection: FlowPath,
        _ item: Int,
        _ result: FlowPlan.Transform,
        _ active: [Int]
    ) throws {
        let paths =
            switch result {
            case .values(_, let expression): expression.paths
            case .records(_, let fields): fields.flatMap(\.value.paths)
            }
        var made: [Int: [FlowValue]] = [:]
        try eachItem(step, collection, item, paths, active) { index, _ in
            switch result {
            case .values(let type, let expression):
                made[index, default: []].append(
                    try converted(try value(expression, index), to: type, step.name.text)
                )
            case .records(let object, let fields):
                made[index, default: []].append(.record(try record(object, fields, index)))
            }
        }
        for index in active where interviews[index].isRunning {
            let items = made[index] ?? []
            finish(step, .collection(items), index)
            note(index, step, "makes \(items.count) items")
        }
    }

    /// A new record with the values that are given.
    func record(
        _ object: ObjectDefinition,
        _ fields: [FlowPlan.FieldGiven],
        _ index: Int
    ) throws -> FlowRecord {
        var record = FlowRecord(object: object)
        for given in fields { try give(given, to: &record, index) }
        return record
    }

    func give(_ given: FlowPlan.FieldGiven, to record: inout FlowRecord, _ index: Int) throws {
        let value = try value(given.value, index)
        let type = FlowType(given.field) ?? .text
        record.values[given.field.index] =
            try converted(value, to: type, given.field.name.text).value
        record.changed.insert(given.field.index)
    }

    /// Puts an element's result where it belongs.
    func finish(_ step: FlowPlan.Step, _ value: FlowValue, _ index: Int) {
        if let slot = step.slot { interviews[index].slots[slot] = value }
    }
}

/// Sums of what fields hold, exact and within bounds.
enum FlowArithmetic {
    static func sum(
        _ held: FieldValue,
        _ given: FieldValue,
        isNegative: Bool,
        _ name: String
    ) throws -> FieldValue {
        if given.isNull { return held }
        switch (held, given) {
        case (.null, .number(let number)):
            return .number(try sum(ExactDecimal(unscaled: 0, scale: 0), number, isNegative, name))
        case (.number(let one), .number(let two)):
            return .number(try sum(one, two, isNegative, name))
        case (.null, .text(let text)): return .text(text)
        case (.text(let one), _):
            return .text(one + (FlowConversion.text(given) ?? ""))
        case (.date(let days), .number(let number)):
            let change = try whole(number, name)
            let (day, overflows) =
                isNegative
                ? days.subtractingReportingOverflow(change)
                : days.addingReportingOverflow(change)
            guard !overflows else { throw outside(name) }
            return .date(day)
        case (.dateTime(let moment), .number(let number)):
            // Days and their fractions.
            guard let days = number.unscaled(at: 9) else { throw outside(name) }
            let change = Int64(Double(days) / 1e9 * 86_400_000)
            let (result, overflows) =
                isNegative
                ? moment.milliseconds.subtractingReportingOverflow(change)
                : moment.milliseconds.addingReportingOverflow(change)
            guard !overflows else { throw outside(name) }
            return .dateTime(Instant(milliseconds: result))
        default:
            throw RecordError(.invalidInput, "\(name): the values cannot be added")
        }
    }

    private static func whole(_ number: ExactDecimal, _ name: String) throws -> Int {
        guard let value = number.unscaled(at: 0), let whole = Int(exactly: value) else {
            throw outside(name)
        }
        return whole
    }

    private static func outside(_ name: String) -> RecordError {
        RecordError(.numberOutsideValidRange, "\(name): the sum is outside of what can be kept")
    }

    private static func sum(
        _ one: ExactDecimal,
        _ two: ExactDecimal,
        _ isNegative: Bool,
        _ name: String
    ) throws -> ExactDecimal {
        let scale = max(one.scale, two.scale)
        guard let left = one.unscaled(at: scale), let right = two.unscaled(at: scale) else {
            throw outside(name)
        }
        let (sum, overflows) =
            isNegative
            ? left.subtractingReportingOverflow(right) : left.addingReportingOverflow(right)
        guard !overflows else { throw outside(name) }
        return ExactDecimal(unscaled: sum, scale: scale)
    }
}
