package import Metadata

/// What a flow that was called gave back.
package enum FlowOutcome: Sendable {
    /// The outputs, by name.
    case success([String: JSONValue])
    case failure(RecordError)
}

extension RecordWriter {
    /// Runs a flow that is called by name, once for each set of inputs, all of them together.
    ///
    /// - Throws: `RecordError` where there is no such flow, or it cannot be called.
    package func runFlow(_ name: String, inputs: [JSONObject]) throws -> [FlowOutcome] {
        let plan = try callable(name)
        try refuse(.flow(plan.name))
        guard inputs.count <= FlowLimits.batchMax else {
            throw RecordError(
                .exceededIDLimit,
                "a flow is called for at most \(FlowLimits.batchMax) sets of inputs at once"
            )
        }
        let interviews = inputs.map { _ in
            FlowInterview(plan, record: nil, prior: nil, isNew: false, at: now)
        }
        let run = FlowRun(plan, interviews, .alone, by: self, flowCatalog)
        run.begin()
        for (index, given) in inputs.enumerated() {
            for member in given.members {
                do {
                    try run.take(member, index)
                } catch let error as RecordError {
                    run.interviews[index].failure = FlowInterview.Failure(step: nil, error: error)
                }
            }
        }
        // A failure undoes what its interview did: each that fails is taken out, and the rest anew.
        let before = run.interviews
        var going = Array(before.indices).filter { before[$0].failure == nil }
        var failed = before.map { $0.failure }
        while true {
            let attempt = FlowRun(plan, going.map { before[$0] }, .alone, by: self, flowCatalog)
            do {
                try savepoint {
                    attempt.run(plan.steps)
                    if attempt.interviews.contains(where: { $0.failure != nil }) { throw Undone() }
                }
                attempt.keepTraces()
                var ended: [Int: FlowInterview] = [:]
                for (interview, index) in zip(attempt.interviews, going) {
                    ended[index] = interview
                }
                return before.indices.map { index in
                    if let failure = failed[index] {
                        return .failure(FlowFailures.error(failure, plan, nil))
                    }
                    return .success(ended[index].map { plan.outputs(of: $0) } ?? [:])
                }
            } catch is Undone {
                attempt.keepTraces(onlyFailed: true)
                for (interview, index) in zip(attempt.interviews, going) {
                    failed[index] = interview.failure
                }
                going.removeAll { failed[$0] != nil }
            }
        }
    }

    private struct Undone: Error {}

    /// A flow that a client may call.
    private func callable(_ name: String) throws -> FlowPlan {
        let plan = try flowCatalog.plan(APIName(name))
        guard plan.definition.start.trigger == .none, plan.definition.status == .active else {
            throw RecordError(
                .invalidOperation,
                "the flow \(plan.name) is not called but started by something else, or is a draft"
            )
        }
        if case .system = plan.definition.runMode, !access.isSystem,
            !access.has(.customizeApplication)
        {
            throw RecordError(
                .insufficientAccess,
                "the flow \(plan.name) runs with every right: only who customizes the application "
                    + "calls it directly"
            )
        }
        return plan
    }
}

extension FlowRun {
    /// One input as a client sent it.
    fileprivate func take(_ member: JSONObject.Member, _ index: Int) throws {
        let variables = plan.definition.variables.filter(\.isInput)
        guard let variable = variables.first(where: { $0.name == APIName(member.name) }),
            let slot = plan.slotsByName[variable.name.text.lowercased()]
        else {
            let hint = Suggestion.phrase(for: member.name, among: variables.map(\.name.text))
            throw RecordError(
                .invalidInput,
                "`\(member.name.prefix(80))` is no input of the flow \(plan.name)\(hint)"
            )
        }
        interviews[index].slots[slot] = try FlowInput(writer: writer, name: variable.name.text)
            .value(member.value, plan.slots[slot].type)
    }
}

extension FlowPlan {
    /// What the variables for output hold.
    fileprivate func outputs(of interview: FlowInterview) -> [String: JSONValue] {
        var outputs: [String: JSONValue] = [:]
        for variable in definition.variables where variable.isOutput {
            guard let slot = slotsByName[variable.name.text.lowercased()] else { continue }
            outputs[variable.name.text] = interview.slots[slot].json
        }
        return outputs
    }
}

// MARK: - What would happen

extension Records {
    /// What a flow would do to some records, and why; nothing of it stays.
    ///
    /// It runs as the caller, in a transaction that is undone.
    package func explainFlow(
        _ name: String,
        for ids: [RecordID],
        as caller: Caller
    ) async throws -> [FlowTrace] {
        do {
            return try await write(as: caller) { writer in
                throw ExplainedFlow(traces: try writer.tryFlow(name, ids))
            }
        } catch let explained as ExplainedFlow {
            return explained.traces
        }
    }
}

/// Undoes the transaction in which a flow was tried.
private struct ExplainedFlow: Error {
    let traces: [FlowTrace]
}

extension RecordWriter {
    fileprivate func tryFlow(_ name: String, _ ids: [RecordID]) throws -> [FlowTrace] {
        let plan = try flowCatalog.plan(APIName(name))
        if case .system = plan.definition.runMode, !access.isSystem,
            !access.has(.customizeApplication)
        {
            throw RecordError(
                .insufficientAccess,
                "the flow \(plan.name) runs with every right: only who customizes the application "
                    + "has it explained"
            )
        }
        guard let object = plan.object else {
            let interview = FlowInterview(plan, record: nil, prior: nil, isNew: false, at: now)
            let run = FlowRun(plan, [interview], .alone, by: self, flowCatalog)
            run.begin()
            run.run(plan.steps)
            return run.interviews.map(\.trace)
        }
        guard ids.count <= FlowLimits.batchMax else {
            throw RecordError(
                .exceededIDLimit,
                "a flow is explained for at most \(FlowLimits.batchMax) records at once"
            )
        }
        let records = try FlowLoading.records(ids, of: object, plan, by: self)
        guard records.count == ids.count else {
            throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
        }
        let run = FlowRun(
            plan,
            records.map {
                FlowInterview(plan, record: $0, prior: $0, isNew: false, at: now)
            },
            plan.stage,
            by: self,
            flowCatalog
        )
        let holding = Set(run.meeting())
        for index in run.interviews.indices {
            let isMet = holding.contains(index)
            run.interviews[index].trace.add(
                isMet
                    ? "the record meets its conditions"
                    : "the record does not meet its conditions: the flow does not run"
            )
            run.interviews[index].isOver = !isMet
        }
        run.begin()
        run.run(plan.steps)
        flowWork.traces = []
        return run.interviews.map(\.trace)
    }
}

extension FlowPlan {
    var stage: FlowRun.Stage {
        switch definition.start.trigger {
        case .recordBeforeSave: .beforeSave
        case .recordAfterSave: .afterSave
        case .recordBeforeDelete: .beforeDelete
        case .none, .scheduled, .platformEvent: .alone
        }
    }
}
