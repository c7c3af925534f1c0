package import Metadata

extension RecordReader {
    /// The actions that a client of the caller's may call by name.
    package var callableActions: [any InvocableAction] {
        InvocableActions.present.all.filter { action in
            action.needs.allSatisfy { schema.object($0) != nil }
                && (action.permission.map { access.isSystem || access.has($0) } ?? true)
        }
    }

    /// The flows that a client of the caller's may call by name.
    package var callableFlows: [FlowDefinition] {
        schema.automation.flows.filter { flow in
            guard flow.start.trigger == .none, flow.status == .active else { return false }
            if case .system = flow.runMode {
                return access.isSystem || access.has(.customizeApplication)
            }
            return true
        }
        .sorted { $0.name < $1.name }
    }
}

extension ActionParameter {
    /// What a flow takes or gives.
    package init(_ variable: FlowVariable) {
        let item = FlowType(variable.dataType, objectType: variable.objectType)
        self.init(
            variable.name.text,
            variable.isCollection ? .collection(item) : item,
            variable.name.text
        )
    }
}

extension RecordWriter {
    /// Calls an action by name, once for each set of inputs, with the caller's rights.
    ///
    /// - Throws: `RecordError` where there is no such action for the caller.
    package func runAction(_ name: String, inputs: [JSONObject]) throws -> [FlowOutcome] {
        let known = callableActions
        guard let action = known.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            let hint = Suggestion.phrase(for: name, among: known.map(\.name))
            throw RecordError(.notFound, "there is no action `\(name.prefix(80))`\(hint)")
        }
        guard inputs.count <= FlowLimits.batchMax else {
            throw RecordError(
                .exceededIDLimit,
                "an action is called for at most \(FlowLimits.batchMax) sets of inputs at once"
            )
        }
        var outcomes: [FlowOutcome?] = Array(repeating: nil, count: inputs.count)
        var calls: [ActionCall] = []
        var places: [Int] = []
        for (place, given) in inputs.enumerated() {
            do {
                calls.append(
                    ActionCall(record: nil, inputs: try ActionInput(action, self).values(given))
                )
                places.append(place)
            } catch let error as RecordError {
                outcomes[place] = .failure(error)
            }
        }
        let results = calls.isEmpty ? [] : try action.run(calls, by: self)
        for (place, result) in zip(places, results) {
            outcomes[place] =
                switch result {
                case .success(let values): .success(values.mapValues(\.json))
                case .failure(let error): .failure(error)
                }
        }
        return outcomes.map {
            $0 ?? .failure(RecordError(.unknownException, "the action did not answer"))
        }
    }
}

/// What a client hands to an action.
private struct ActionInput {
    let action: any InvocableAction
    let writer: RecordWriter

    init(_ action: any InvocableAction, _ writer: RecordWriter) {
        self.action = action
        self.writer = writer
    }

    func values(_ given: JSONObject) throws -> [String: FlowValue] {
        var values: [String: FlowValue] = [:]
        for member in given.members {
            guard let input = action.inputs.first(where: { $0.isCalled(member.name) }) else {
                let hint = Suggestion.phrase(for: member.name, among: action.inputs.map(\.name))
                throw RecordError(
                    .invalidInput,
                    "`\(member.name.prefix(80))` is no input of the action \(action.name)\(hint)"
                )
            }
            if member.value.isNull { continue }
            values[input.name] = try FlowInput(writer: writer, name: input.name)
                .value(member.value, input.type ?? .text)
        }
        for input in action.inputs where input.isRequired && values[input.name] == nil {
            throw RecordError(
                .requiredFieldMissing,
                "Missing required input parameter: \(input.name)",
                fields: [APIName(input.name)]
            )
        }
        return values
    }
}
