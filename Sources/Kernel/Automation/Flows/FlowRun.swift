import Metadata
import UseMeter

/// One run of a flow for all records of a batch: each element runs once for all interviews that have
/// come to it, with one query or one save, never one for each.
final class FlowRun {
    /// When it runs, which decides what an assignment to `$Record` does.
    enum Stage {
        /// The values become part of the save.
        case beforeSave
        case afterSave
        case beforeDelete
        /// In a transaction of its own, or called by a client.
        case alone
    }

    let plan: FlowPlan
    let stage: Stage
    /// The transaction, with the rights that the flow runs with.
    let writer: RecordWriter
    let catalog: FlowCatalog
    var interviews: [FlowInterview]
    var parents = FlowParents()
    /// Whether it is only asked whether the flow starts.
    var isStarting = false
    /// The way by which what started it came.
    private let surface: UseSurface

    init(
        _ plan: FlowPlan,
        _ interviews: [FlowInterview],
        _ stage: Stage,
        by origin: RecordWriter,
        _ catalog: FlowCatalog
    ) {
        self.plan = plan
        self.stage = stage
        self.interviews = interviews
        self.catalog = catalog
        surface = origin.flowWork.current == nil ? origin.surface ?? .job : .flow
        writer = origin.running(plan.definition)
    }

    var work: FlowWork { writer.flowWork }

    /// Does something in which every use is the flow's.
    private func counting(_ body: () throws -> Void) rethrows {
        let outer = writer.surface
        writer.surface = .flow
        defer { writer.surface = outer }
        try body()
    }

    /// Gives the variables their first values.
    func begin() {
        do {
            try counting(fetchInitial)
        } catch let limit as FlowLimitReached {
            stop(limit.error)
        } catch {
            stop(error as? RecordError ?? FlowRun.stopped)
        }
    }

    private func fetchInitial() throws {
        for (slot, declared) in plan.slots.enumerated() {
            guard let initial = declared.initial else { continue }
            try fetch(initial.paths, Array(interviews.indices))
            for index in interviews.indices {
                interviews[index].slots[slot] = try converted(
                    try value(initial, index),
                    to: declared.type,
                    declared.name
                )
            }
        }
    }

    private static let stopped = RecordError(.unknownException, "the flow was stopped")

    /// Runs steps for every interview; whatever goes wrong is the interviews' own.
    func run(_ steps: [FlowPlan.Step], from position: [Int]? = nil) {
        let ids = Set(interviews.compactMap { $0.record?.id })
        do {
            // Whatever has led here: a call, a job, an event, another flow.
            try writer.refuse(.flow(plan.name))
            writer.count(
                .flowRun,
                of: writer.snapshot.useSubjects.flow(plan.name),
                records: interviews.count,
                by: surface
            )
            try work.running(plan.name, for: ids) {
                try counting {
                    if let position {
                        try resume(steps, at: position[...])
                    } else {
                        try run(steps, Array(interviews.indices))
                    }
                }
            }
        } catch let limit as FlowLimitReached {
            stop(limit.error)
        } catch {
            stop(error as? RecordError ?? FlowRun.stopped)
        }
        for index in interviews.indices { conclude(index) }
    }

    /// No interview goes on.
    private func stop(_ error: RecordError) {
        for index in interviews.indices where interviews[index].isRunning {
            interviews[index].failure = FlowInterview.Failure(step: current, error: error)
        }
    }

    private func conclude(_ index: Int) {
        if let failure = interviews[index].failure {
            interviews[index].trace.outcome = .failed
            interviews[index].trace.error = failure.error.description
        } else if let refusal = interviews[index].refusals.first {
            interviews[index].trace.outcome = .failed
            interviews[index].trace.error = refusal.description
        } else if interviews[index].waitsUntil != nil {
            interviews[index].trace.outcome = .waiting
        }
    }

    /// The element that runs.
    private(set) var current: FlowPlan.Step?

    // MARK: - Blocks

    func run(_ steps: [FlowPlan.Step], _ active: [Int]) throws {
        for step in steps {
            let going = active.filter { interviews[$0].isRunning }
            if going.isEmpty { return }
            try run(step, going)
        }
    }

    private func run(_ step: FlowPlan.Step, _ active: [Int]) throws {
        current = step
        try work.checkTime()
        for index in active {
            interviews[index].elements += 1
            guard interviews[index].elements <= FlowLimits.elementsMax else {
                throw FlowLimitReached(
                    error: RecordError(
                        .limitExceeded,
                        "one record may run \(FlowLimits.elementsMax) elements of a flow"
                    )
                )
            }
        }
        do {
            try fetch(step.reads, active)
            try perform(step, active)
        } catch let error as RecordError {
            for index in active where interviews[index].isRunning { fail(index, step, error) }
        }
        try takeFaultPath(step, active)
    }

    func fail(_ index: Int, _ step: FlowPlan.Step, _ error: RecordError) {
        guard interviews[index].failure == nil else { return }
        interviews[index].failure = FlowInterview.Failure(step: step, error: error)
        interviews[index].trace.add(step, "failed: \(error.message)")
    }

    private func takeFaultPath(_ step: FlowPlan.Step, _ active: [Int]) throws {
        guard let fault = step.fault else { return }
        let failed = active.filter { index in
            interviews[index].failure?.step?.position == step.position
        }
        guard !failed.isEmpty else { return }
        for index in failed {
            interviews[index].faultMessage = interviews[index].failure?.error.description
            interviews[index].failure = nil
            interviews[index].trace.add(step, "takes its fault path")
        }
        try run(fault, failed)
    }

    /// Goes on behind a step: the rest of its block, then what follows the blocks it stands in.
    private func resume(_ steps: [FlowPlan.Step], at position: ArraySlice<Int>) throws {
        guard let index = position.first, steps.indices.contains(index) else { return }
        let inner = position.dropFirst()
        if let block = inner.first, inner.count > 1 {
            try resume(steps[index].block(block), at: inner.dropFirst())
        }
        try run(Array(steps.dropFirst(index + 1)), Array(interviews.indices))
    }

    func note(_ index: Int, _ step: FlowPlan.Step, _ what: @autoclosure () -> String) {
        interviews[index].trace.add(step, what())
    }
}

extension FlowPlan.Step {
    /// One of the blocks of steps that it holds, by the number it has in positions.
    func block(_ number: Int) -> [FlowPlan.Step] {
        var blocks: [[FlowPlan.Step]] = []
        switch kind {
        case .decision(let rules, let otherwise): blocks = rules.map(\.steps) + [otherwise]
        case .loop(_, _, _, let steps): blocks = [steps]
        case .assignment, .filter, .sort, .transform, .lookup, .create, .update, .delete, .subflow,
            .action, .wait, .customError, .end:
            break
        }
        if let fault { blocks.append(fault) }
        return blocks.indices.contains(number) ? blocks[number] : []
    }
}

extension RecordWriter {
    /// The same transaction with the rights that a flow declares.
    func running(_ flow: FlowDefinition) -> RecordWriter {
        if flowWork.origin == nil { flowWork.origin = self }
        switch flow.runMode {
        case .system(let reason):
            let writer = asSystem(because: "flow \(flow.name): \(reason)")
            writer.flow = flow.name
            return writer
        // A flow that asks for no rights of its own has those of whoever began, also where a flow
        // with every right has led to it.
        case .user:
            guard let origin = flowWork.origin, origin !== self else { return self }
            return with(origin.caller, origin.access)
        }
    }
}
