import Metadata

// Flows that a save starts.
extension SaveOrder {
    /// Runs the flows that may still change what is saved, in their order; each sees what the one
    /// before has changed, and what derives from that is derived anew.
    func runBeforeSaveFlows(_ batch: inout SaveBatch) throws {
        var isChanged = false
        for flow in writer.flowCatalog.flows(of: object.name, .recordBeforeSave) {
            guard let started = try start(flow, &batch, .beforeSave) else { continue }
            started.run.run(started.run.plan.steps)
            for (number, index) in started.indices.enumerated() {
                let interview = started.run.interviews[number]
                if FlowFailures.note(interview, started.run.plan, index, &batch) { continue }
                guard let record = interview.record else { continue }
                for field in record.changed {
                    if let value = record.values[field] {
                        isChanged = true
                        batch.entries[index].next?.values[field] = value
                    }
                }
            }
            started.run.keepTraces()
        }
        if isChanged { derive(&batch) }
    }

    /// Runs the flows that follow from what is saved, in their order.
    func runAfterSaveFlows(_ batch: inout SaveBatch) throws {
        for flow in writer.flowCatalog.flows(of: object.name, .recordAfterSave) {
            try FlowTimers(writer: writer, object: object).revise(flow, batch)
            guard let started = try start(flow, &batch, .afterSave) else { continue }
            started.run.run(started.run.plan.steps)
            var done: [FlowInterview] = []
            for (number, index) in started.indices.enumerated() {
                let interview = started.run.interviews[number]
                if FlowFailures.note(interview, started.run.plan, index, &batch) { continue }
                done.append(interview)
            }
            try FlowTimers(writer: writer, object: object).plan(started.run.plan, done)
            started.run.keepTraces()
        }
    }

    private typealias Started = (run: FlowRun, indices: [Int])

    /// Begins an interview for each record that the flow is about.
    private func start(
        _ flow: FlowCatalog.Entry,
        _ batch: inout SaveBatch,
        _ stage: FlowRun.Stage
    ) throws -> Started? {
        let definition = flow.definition
        let wanted = batch.entries.indices.filter { index in
            let entry = batch.entries[index]
            return entry.isSound && definition.start.change.includes(isCreated: entry.isCreated)
        }
        guard !wanted.isEmpty, writer.restriction(on: .flow(definition.name)) == nil else {
            return nil
        }
        guard case .ready(let plan) = flow else {
            if case .broken(_, let reason) = flow {
                for index in wanted {
                    batch.fail(
                        index,
                        .cannotExecuteFlowTrigger,
                        "the flow \(definition.name) cannot run: \(reason)"
                    )
                }
            }
            return nil
        }
        var interviews: [FlowInterview] = []
        var indices: [Int] = []
        for index in wanted {
            guard let next = batch.entries[index].next else { continue }
            // What the flow itself saves of a record that it runs for does not start it again.
            if writer.flowWork.isRunning(definition.name, for: next.id) { continue }
            interviews.append(
                FlowInterview(
                    plan,
                    record: FlowRecord(next, of: object),
                    prior: batch.entries[index].stored.map { FlowRecord($0, of: object) },
                    isNew: batch.entries[index].isCreated,
                    at: writer.now
                )
            )
            indices.append(index)
        }
        guard !interviews.isEmpty else { return nil }
        let run = FlowRun(plan, interviews, stage, by: writer, writer.flowCatalog)
        let kept = run.start()
        for (number, index) in indices.enumerated() {
            _ = FlowFailures.note(run.interviews[number], plan, index, &batch)
        }
        guard !kept.isEmpty else { return nil }
        run.interviews = kept.map { run.interviews[$0] }
        run.begin()
        return (run, kept.map { indices[$0] })
    }
}

extension FlowRun {
    /// Which interviews meet the flow's conditions.
    ///
    /// Whether a flow runs is the org's affair and not the user's, who may know nothing of the fields
    /// that decide.
    func start() -> [Int] {
        let conditions = plan.conditions
        let all = Array(interviews.indices)
        if conditions.isEmpty { return all }
        isStarting = true
        defer { isStarting = false }
        do {
            try work.running(plan.name, for: []) { try fetch(conditions.paths, all) }
        } catch let error as RecordError {
            fail(error)
            return []
        } catch let limit as FlowLimitReached {
            fail(limit.error)
            return []
        } catch {
            fail(RecordError(.unknownException, "the flow could not be started"))
            return []
        }
        return all.filter { index in
            do {
                return try holds(conditions, index, plan.definition.start.requiresChange)
            } catch {
                let reason =
                    error as? RecordError
                    ?? RecordError(.unknownException, "the flow could not be started")
                interviews[index].failure = FlowInterview.Failure(step: nil, error: reason)
                return false
            }
        }
    }

    private func fail(_ error: RecordError) {
        for index in interviews.indices {
            interviews[index].failure = FlowInterview.Failure(step: nil, error: error)
        }
    }
}

extension FlowStart.Change {
    func includes(isCreated: Bool) -> Bool {
        switch self {
        case .create: isCreated
        case .update: !isCreated
        case .createAndUpdate: true
        case .delete: false
        }
    }
}

/// What a person who saves is told of a flow that failed.
enum FlowFailures {
    /// - Returns: whether the interview failed.
    static func note(
        _ interview: FlowInterview,
        _ plan: FlowPlan,
        _ index: Int,
        _ batch: inout SaveBatch
    ) -> Bool {
        if let failure = interview.failure {
            batch.entries[index].errors.append(error(failure, plan, interview.record?.id))
            return true
        }
        batch.entries[index].errors += interview.refusals
        return !interview.refusals.isEmpty
    }

    static func error(
        _ failure: FlowInterview.Failure,
        _ plan: FlowPlan,
        _ record: RecordID?
    ) -> RecordError {
        let place =
            failure.step.map { "at the element \"\($0.label)\" (\($0.name))" } ?? "at its start"
        let about = record.map { " for \($0)" } ?? ""
        return RecordError(
            .cannotExecuteFlowTrigger,
            "the flow \"\(plan.definition.label)\" (\(plan.name)) failed\(about) \(place): "
                + failure.error.description,
            fields: failure.error.fields
        )
    }
}

// MARK: - Deletes

extension RecordWriter {
    /// Runs the flows that a delete starts; an error keeps the record.
    func runBeforeDeleteFlows(_ record: StoredRecord, _ object: ObjectDefinition) throws {
        for flow in flowCatalog.flows(of: object.name, .recordBeforeDelete) {
            let name = flow.definition.name
            if flowWork.isRunning(name, for: record.id) || restriction(on: .flow(name)) != nil {
                continue
            }
            guard case .ready(let plan) = flow else {
                if case .broken(let definition, let reason) = flow {
                    throw RecordError(
                        .cannotExecuteFlowTrigger,
                        "the flow \(definition.name) cannot run: \(reason)"
                    )
                }
                continue
            }
            let held = FlowRecord(record, of: object)
            let run = FlowRun(
                plan,
                [FlowInterview(plan, record: held, prior: held, isNew: false, at: now)],
                .beforeDelete,
                by: self,
                flowCatalog
            )
            if !run.start().isEmpty {
                run.begin()
                run.run(plan.steps)
                run.keepTraces()
            }
            guard let interview = run.interviews.first else { continue }
            if let failure = interview.failure {
                throw FlowFailures.error(failure, plan, record.id)
            }
            if let refusal = interview.refusals.first { throw refusal }
        }
    }
}
