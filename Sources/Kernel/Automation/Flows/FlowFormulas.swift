import Foundation
import Language
import Metadata

/// A formula of a flow, with the values that it asks for.
package struct FlowFormulaPlan: Sendable {
    let formula: ResolvedFormula
    fileprivate let fields: [FormulaPath: FlowPath]
    fileprivate let globals: [FormulaGlobal: FlowPath]
    fileprivate let variables: [String: FlowPath]

    var paths: [FlowPath] {
        Array(fields.values) + Array(globals.values) + Array(variables.values)
    }

    /// The formula's value in one interview.
    func value(in run: FlowRun, _ index: Int) throws -> FieldValue {
        let context = FlowFormulaContext(plan: self, run: run, index: index)
        do {
            return try FormulaEvaluator().value(of: formula, in: context)
        } catch {
            throw RecordError(.invalidInput, "the formula has no value: \(error.message)")
        }
    }
}

/// What a flow's formula can ask.
private struct FlowFormulaContext: FormulaContext {
    let plan: FlowFormulaPlan
    let run: FlowRun
    let index: Int

    var isNew: Bool { run.interviews[index].isNew }
    var now: Instant { run.writer.now }
    var timeZone: TimeZone { TimeZone(identifier: run.writer.caller.timeZone) ?? .gmt }
    var calendar: CalendarSettings { run.writer.snapshot.organization.calendar }

    func value(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
        try read(plan.fields[path], path.text)
    }

    func priorValue(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
        try read(plan.fields[path], path.text)
    }

    func global(_ global: FormulaGlobal) throws(FormulaFailure) -> FieldValue {
        try read(plan.globals[global], global.text)
    }

    func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
        try read(plan.variables[name.lowercased()], name)
    }

    private func read(_ path: FlowPath?, _ text: String) throws(FormulaFailure) -> FieldValue {
        guard let path else { throw FormulaFailure(.unavailable, "\(text) has no value here") }
        do {
            return try run.read(path, index).value
        } catch let error as RecordError {
            throw FormulaFailure(.unavailable, error.message)
        } catch {
            throw FormulaFailure(.unavailable, "\(text) cannot be read")
        }
    }
}

extension FlowCompiler {
    /// The globals that a flow's formulas may name.
    private static let formulaGlobals: Set<FormulaGlobal.Kind> = [
        .user, .profile, .userRole, .organization, .record, .priorRecord, .flow,
    ]

    mutating func formula(
        _ text: String,
        _ source: FlowSource,
        _ expected: FlowType?
    ) -> FlowFormulaPlan? {
        let scope = FormulaScope(
            schema: schema,
            object: object,
            variables: formulaVariables,
            globals: FlowCompiler.formulaGlobals,
            hasPriorRecord: definition.start.trigger.isOfRecord && !isLater
        )
        let formula: ResolvedFormula
        do {
            formula = try FormulaCompiler.compile(text, in: scope, as: nil)
        } catch {
            problems.append(
                source.map.problem(
                    error.message,
                    in: source.key ?? "",
                    line: error.line,
                    column: error.column
                )
            )
            return nil
        }
        if let expected, let type = FlowType(formula.type), !expected.takes(type) {
            problem(
                source.map,
                source.key,
                "the formula gives \(type.name); \(expected.name) is needed"
            )
            return nil
        }
        return plan(formula, source)
    }

    /// The variables that a formula may name: values and records, no collections.
    private var formulaVariables: [String: FormulaScope.Variable] {
        var variables: [String: FormulaScope.Variable] = [:]
        for slot in slots { variables[slot.name] = variable(slot.type) }
        if let currentItem { variables["currentItem"] = variable(slots[currentItem].type) }
        for formula in definition.formulas {
            variables[formula.name.text] = variable(FlowType(formula.dataType, objectType: nil))
        }
        for template in definition.textTemplates {
            variables[template.name.text] = .value(.text)
        }
        return variables
    }

    private func variable(_ type: FlowType) -> FormulaScope.Variable? {
        if case .record(let name) = type { return schema.object(name).map { .record($0) } }
        return type.formulaType.map { .value($0) }
    }

    /// Finds what the formula asks for among what the flow knows.
    private mutating func plan(_ formula: ResolvedFormula, _ source: FlowSource) -> FlowFormulaPlan?
    {
        var asked = FormulaQuestions()
        asked.walk(formula.root)
        var fields: [FormulaPath: FlowPath] = [:]
        var globals: [FormulaGlobal: FlowPath] = [:]
        var variables: [String: FlowPath] = [:]
        for path in asked.fields {
            let names = path.steps.map { step in
                step.lookup.parentRelationshipName?.text ?? step.lookup.name.text
            }
            let text = ([FlowCompiler.prefix(path.root)] + names + [path.field.name.text])
                .joined(separator: ".")
            guard let found = self.path(text, source.map, source.key) else { return nil }
            fields[path] = found
        }
        for global in asked.globals {
            guard let found = path(global.text, source.map, source.key) else { return nil }
            globals[global] = found
        }
        for name in asked.variables {
            guard let found = path(name, source.map, source.key) else { return nil }
            variables[name.lowercased()] = found
        }
        return FlowFormulaPlan(
            formula: formula,
            fields: fields,
            globals: globals,
            variables: variables
        )
    }

    private static func prefix(_ root: FormulaPath.Root) -> String {
        switch root {
        case .record: "$Record"
        case .priorRecord: "$Record__Prior"
        case .variable(let name): name
        case .user: "$User"
        }
    }
}

/// What the parts of a formula ask for.
private struct FormulaQuestions {
    var fields: Set<FormulaPath> = []
    var globals: Set<FormulaGlobal> = []
    var variables: Set<String> = []

    mutating func walk(_ node: FormulaNode) {
        switch node {
        case .literal: break
        case .field(let path): fields.insert(path)
        case .computed(_, let node): walk(node)
        case .global(let global): globals.insert(global)
        case .variable(let name, _): variables.insert(name)
        case .cast(_, let node), .negate(let node), .not(let node), .during(_, let node, _):
            walk(node)
        case .and(let nodes), .or(let nodes), .call(_, let nodes, _):
            for node in nodes { walk(node) }
        case .binary(_, let left, let right):
            walk(left)
            walk(right)
        }
    }
}

extension FlowType {
    fileprivate init?(_ type: FormulaType) {
        switch type {
        case .text: self = .text
        case .number: self = .number
        case .boolean: self = .boolean
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .time: self = .time
        case .id: self = .id
        case .picklist: self = .picklist
        case .multiselect: self = .multipicklist
        // A null fits everywhere; a place on the map fits nowhere, and no formula may end in one.
        case .geolocation, .null: return nil
        }
    }

    fileprivate var formulaType: FormulaType? {
        switch self {
        case .text: .text
        case .number, .coordinate: .number
        case .boolean: .boolean
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .id: .id
        case .picklist: .picklist
        case .multipicklist: .multiselect
        case .record, .collection: nil
        }
    }
}
