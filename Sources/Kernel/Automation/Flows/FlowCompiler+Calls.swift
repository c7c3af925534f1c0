import Metadata

// Sub-flows, actions, waits and errors.
extension FlowCompiler {
    typealias PlannedCall = (kind: FlowPlan.Step.Kind, slot: Int?, reads: [FlowPath])

    mutating func subflow(
        _ step: FlowStep,
        _ name: APIName,
        _ inputs: [FlowStep.NamedValue],
        _ outputs: [FlowStep.NamedOutput]
    ) -> PlannedCall? {
        guard let called = flow(name) else {
            let hint = Suggestion.phrase(for: name.text, among: flowNames)
            problem(step.map, "flowName", "`\(name)` is no flow\(hint)")
            return nil
        }
        guard called.start.trigger == .none else {
            problem(
                step.map,
                "flowName",
                "`\(name)` is started by `\(called.start.trigger.rawValue)`: what several flows do "
                    + "stands in a flow without `start`"
            )
            return nil
        }
        if called.status == .draft {
            problem(step.map, "flowName", "`\(name)` is a draft: activate it first")
        }
        if called.allSteps.contains(where: { if case .wait = $0.element { true } else { false } }) {
            problem(step.map, "flowName", "`\(name)` waits, and who calls it would have to wait")
        }
        var named: [FlowPlan.Named] = []
        for input in inputs {
            guard let variable = variable(input.name, of: called, \.isInput, input.map, "input"),
                let value = source(input.value, as: type(of: variable))
            else { continue }
            named.append(FlowPlan.Named(name: variable.name.text, value: value))
        }
        for variable in called.variables where variable.isOutput {
            declare("\(step.name).\(variable.name)", type(of: variable))
        }
        var planned: [FlowPlan.Output] = []
        for output in outputs {
            guard
                let variable = variable(output.name, of: called, \.isOutput, output.map, "output"),
                let target = target(of: output, type(of: variable))
            else { continue }
            planned.append(FlowPlan.Output(name: variable.name.text, target: target))
        }
        return (
            .subflow(called.name, inputs: named, outputs: planned), nil,
            named.flatMap { $0.value.paths }
        )
    }

    private func type(of variable: FlowVariable) -> FlowType {
        var type = FlowType(variable.dataType, objectType: variable.objectType)
        if case .record(let name) = type, let object = schema.object(name) {
            type = .record(object.name)
        }
        return variable.isCollection ? .collection(type) : type
    }

    private mutating func variable(
        _ name: String,
        of flow: FlowDefinition,
        _ isOpen: KeyPath<FlowVariable, Bool>,
        _ map: ShapedMap,
        _ kind: String
    ) -> FlowVariable? {
        let open = flow.variables.filter { $0[keyPath: isOpen] }
        if let found = open.first(where: { $0.name == APIName(name) }) { return found }
        let hint = Suggestion.phrase(for: name, among: open.map(\.name.text))
        problem(map, "name", "`\(name)` is no \(kind) of `\(flow.name)`\(hint)")
        return nil
    }

    private mutating func target(
        of output: FlowStep.NamedOutput,
        _ type: FlowType
    ) -> FlowPath? {
        guard let path = path(output.target, output.map, "assignToReference"),
            mayAssign(path, output.map, "assignToReference")
        else { return nil }
        guard path.type.takes(type) else {
            problem(
                output.map,
                "assignToReference",
                "`\(output.target)` is \(path.type.name); `\(output.name)` is \(type.name)"
            )
            return nil
        }
        return path
    }

    mutating func action(
        _ step: FlowStep,
        _ name: String,
        _ inputs: [FlowStep.NamedValue],
        _ outputs: [FlowStep.NamedOutput]
    ) -> PlannedCall? {
        guard let action = actions.action(name) else {
            let hint = Suggestion.phrase(for: name, among: actions.names)
            problem(
                step.map,
                "actionName",
                "`\(name)` is no action\(hint); there are \(actions.names.joined(separator: ", "))"
            )
            return nil
        }
        for need in action.needs where schema.object(need) == nil {
            problem(
                step.map,
                "actionName",
                "`\(name)` needs the object `\(need)`, which no installed package declares"
            )
        }
        var named: [FlowPlan.Named] = []
        for input in inputs {
            guard let declared = action.inputs.first(where: { $0.isCalled(input.name) }) else {
                let hint = Suggestion.phrase(for: input.name, among: action.inputs.map(\.name))
                problem(input.map, "name", "`\(input.name)` is no input of `\(name)`\(hint)")
                continue
            }
            if declared.type == nil {
                if let value = source(input.value, for: .anything) {
                    named.append(FlowPlan.Named(name: declared.name, value: value))
                }
            } else if let type = declared.type, let value = source(input.value, as: type) {
                named.append(FlowPlan.Named(name: declared.name, value: value))
            }
        }
        for input in action.inputs
        where input.isRequired && !inputs.contains(where: { input.isCalled($0.name) }) {
            problem(step.map, "actionName", "`\(name)` needs the input `\(input.name)`")
        }
        for output in action.outputs {
            if let type = output.type { declare("\(step.name).\(output.name)", type) }
        }
        var planned: [FlowPlan.Output] = []
        for output in outputs {
            guard let declared = action.outputs.first(where: { $0.isCalled(output.name) }),
                let type = declared.type
            else {
                let hint = Suggestion.phrase(for: output.name, among: action.outputs.map(\.name))
                problem(output.map, "name", "`\(output.name)` is no output of `\(name)`\(hint)")
                continue
            }
            guard let target = target(of: output, type) else { continue }
            planned.append(FlowPlan.Output(name: declared.name, target: target))
        }
        return (
            .action(action.name, inputs: named, outputs: planned), nil,
            named.flatMap { $0.value.paths }
        )
    }

    mutating func wait(_ moment: FlowStep.WaitMoment) -> PlannedCall? {
        switch moment {
        case .duration(let count, let unit): return (.wait(.duration(count, unit)), nil, [])
        case .until(let value):
            guard let expression = source(value, as: .dateTime) else { return nil }
            return (.wait(.until(expression)), nil, expression.paths)
        }
    }

    mutating func customError(_ messages: [FlowStep.ErrorMessage]) -> PlannedCall? {
        var planned: [FlowPlan.ErrorMessage] = []
        for message in messages {
            if let field = message.field, let object {
                _ = self.field(field.text, of: object, message.map, "fieldSelection")
            }
            guard let text = source(message.message, as: .text) else { continue }
            planned.append(FlowPlan.ErrorMessage(text: text, field: message.field))
        }
        if messages.isEmpty { return nil }
        return (.customError(planned), nil, planned.flatMap { $0.text.paths })
    }
}
