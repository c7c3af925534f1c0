import Metadata

/// One record's way through a flow.
struct FlowInterview {
    /// What went wrong, and at which element.
    struct Failure {
        let step: FlowPlan.Step?
        let error: RecordError
    }

    /// What `$Record` is; `nil` in a flow that is about no record.
    var record: FlowRecord?
    /// What was stored before the save.
    var prior: FlowRecord?
    let isNew: Bool
    var slots: [FlowValue]
    var faultMessage: String?
    var failure: Failure?
    /// What `customError` says to the person who saves.
    var refusals: [RecordError] = []
    /// It ended by itself: by an `end`, or by a wait that goes on later.
    var isOver = false
    /// Where it waits.
    var waitsUntil: Instant?
    var elements = 0
    var trace: FlowTrace

    init(_ plan: FlowPlan, record: FlowRecord?, prior: FlowRecord?, isNew: Bool, at now: Instant) {
        self.record = record
        self.prior = prior
        self.isNew = isNew
        slots = plan.slots.map { .empty($0.type) }
        trace = FlowTrace(
            flow: plan.name,
            label: plan.definition.label,
            record: record?.id,
            startedAt: now
        )
    }

    var isRunning: Bool { failure == nil && refusals.isEmpty && !isOver }
}
