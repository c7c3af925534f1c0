import Metadata

/// What flows do after the transaction that asked for it, as jobs of their own.
package enum FlowJobs {
    /// A path that runs after a save.
    static let pathKind = "flow.path"
    /// A scheduled flow whose time has come.
    static let scheduleKind = "flow.schedule"
    /// A scheduled flow, for one batch of records.
    static let batchKind = "flow.batch"
    /// A flow, for events that were published together.
    static let eventKind = "flow.event"
    /// A flow that has waited.
    static let resumeKind = "flow.resume"
    /// Traces whose time is over.
    static let purgeKind = "flow.purge"
    /// Traces that one job removes.
    private static let purgeMax = 2_000

    /// A flow that fails is tried again five times within about ten minutes, and then waits for a
    /// person.
    static let retry = RetryPolicy(attemptsMax: 5, firstSeconds: 10, mostSeconds: 300)

    /// Says how the jobs of flows are done.
    package static func add(to handlers: inout JobHandlers) {
        handlers.add(pathKind, retry: retry) { try FlowWorker(writer: $0, job: $1).runPath() }
        handlers.add(scheduleKind, retry: retry) {
            try FlowWorker(writer: $0, job: $1).runSchedule()
        }
        handlers.add(batchKind, retry: retry) { try FlowWorker(writer: $0, job: $1).runBatch() }
        handlers.add(eventKind, retry: retry) { writer, job in
            try FlowEventWork(writer: writer, job: job).run()
        }
        handlers.add(resumeKind, retry: retry) { try FlowWorker(writer: $0, job: $1).resume() }
        handlers.add(purgeKind) { writer, _ in
            guard try writer.purgeTraces(limit: purgeMax) == purgeMax else { return }
            try writer.enqueue(NewJob(kind: purgeKind, priority: .low))
        }
        if let daily = Schedule.at(hour: 3, minute: 40, zone: "UTC") {
            handlers.schedule("flow.purge", daily, NewJob(kind: purgeKind, priority: .low))
        }
        handlers.subscribe(
            EventSubscriber("flows", where: { $0.kind == .platformEvent }) { writer, entries in
                try FlowEvents(writer: writer).enqueue(entries)
            }
        )
    }

    static func payload(_ flow: APIName, _ path: APIName?, _ ids: [RecordID]) -> JSONObject {
        var payload = JSONObject()
        payload.members.append(JSONObject.Member(name: "flow", value: .string(flow.text)))
        if let path {
            payload.members.append(JSONObject.Member(name: "path", value: .string(path.text)))
        }
        payload.members.append(
            JSONObject.Member(name: "ids", value: .array(ids.map { .string($0.description) }))
        )
        return payload
    }
}

/// One job of a flow, in the transaction of the job.
private struct FlowWorker {
    let writer: RecordWriter
    let job: Job

    private var flow: APIName { APIName(job.payload["flow"]?.string ?? "") }

    private var ids: [RecordID] {
        (job.payload["ids"]?.array ?? []).compactMap { $0.string }.compactMap { try? RecordID($0) }
    }

    /// The flow as it is now; a job of one that is gone, or withheld, is given up, for a person to see.
    private func plan() throws -> FlowPlan {
        do {
            try writer.refuse(.flow(flow))
            let plan = try writer.flowCatalog.plan(flow)
            guard plan.definition.status == .active else {
                throw RecordError(.invalidOperation, "the flow \(flow) is not active")
            }
            return plan
        } catch let error as RecordError {
            throw JobFailure.permanent(error.message)
        }
    }

    func runPath() throws {
        let plan = try plan()
        let name = APIName(job.payload["path"]?.string ?? "")
        guard let path = plan.paths.first(where: { $0.definition.name == name }) else {
            throw JobFailure.permanent("the flow \(flow) has no path `\(name)` any more")
        }
        try run(plan, path.steps, kind: FlowJobs.pathKind, path: name)
    }

    func runBatch() throws {
        let plan = try plan()
        try run(plan, plan.steps, kind: FlowJobs.batchKind, path: nil)
    }

    /// Runs steps for the records of the job; those that fail alone are tried again alone.
    private func run(
        _ plan: FlowPlan,
        _ steps: [FlowPlan.Step],
        kind: String,
        path: APIName?
    ) throws {
        let user = try writer.asUser(job.user)
        guard let object = plan.object else {
            try runOnce(plan, steps, by: user)
            return
        }
        var going = ids
        var failed: [RecordID: RecordError] = [:]
        repeat {
            do {
                try writer.savepoint {
                    let errors = try attempt(plan, steps, going, of: object, by: user)
                    if !errors.isEmpty { throw FailedRecords(errors: errors) }
                }
                going = []
            } catch let failure as FailedRecords {
                if ids.count == 1, let error = failure.errors.values.first { throw error }
                failed.merge(failure.errors) { first, _ in first }
                going.removeAll { failed[$0] != nil }
            }
        } while !going.isEmpty
        for id in ids where failed[id] != nil {
            try user.enqueue(
                NewJob(kind: kind, payload: FlowJobs.payload(flow, path, [id]), priority: .high)
            )
        }
    }

    private struct FailedRecords: Error {
        let errors: [RecordID: RecordError]
    }

    private func runOnce(
        _ plan: FlowPlan,
        _ steps: [FlowPlan.Step],
        by user: RecordWriter
    ) throws {
        let interview = FlowInterview(plan, record: nil, prior: nil, isNew: false, at: user.now)
        let run = FlowRun(plan, [interview], .alone, by: user, user.flowCatalog)
        run.begin()
        run.run(steps)
        if let failure = run.interviews.first?.failure {
            throw FlowFailures.error(failure, plan, nil)
        }
        run.keepTraces()
        try user.flushTraces()
    }

    /// - Returns: what went wrong, by record.
    private func attempt(
        _ plan: FlowPlan,
        _ steps: [FlowPlan.Step],
        _ ids: [RecordID],
        of object: ObjectDefinition,
        by user: RecordWriter
    ) throws -> [RecordID: RecordError] {
        user.flowWork.traces = []
        let records = try FlowLoading.records(ids, of: object, plan, by: user)
        let run = FlowRun(
            plan,
            records.map {
                FlowInterview(plan, record: $0, prior: nil, isNew: false, at: user.now)
            },
            .alone,
            by: user,
            user.flowCatalog
        )
        // What no longer holds does not happen.
        run.interviews = run.meeting().map { run.interviews[$0] }
        guard !run.interviews.isEmpty else { return [:] }
        run.begin()
        run.run(steps)
        var errors: [RecordID: RecordError] = [:]
        for interview in run.interviews {
            guard let failure = interview.failure, let id = interview.record?.id else { continue }
            errors[id] = FlowFailures.error(failure, plan, id)
        }
        run.keepTraces()
        if errors.isEmpty { try user.flushTraces() }
        return errors
    }

    // MARK: - Schedules

    func runSchedule() throws {
        let plan = try plan()
        guard let schedule = plan.definition.start.schedule else {
            throw JobFailure.permanent("the flow \(flow) has no schedule any more")
        }
        let user = try writer.asUser(job.user)
        try FlowSchedules(writer: user).arm(plan.definition, schedule, after: writer.now)
        guard let object = plan.object else {
            try user.enqueue(
                NewJob(kind: FlowJobs.batchKind, payload: FlowJobs.payload(flow, nil, []))
            )
            return
        }
        let found = try FlowLoading.ids(of: object, plan, by: user)
        for start in stride(from: 0, to: found.count, by: FlowLimits.batchMax) {
            let part = Array(found[start..<min(start + FlowLimits.batchMax, found.count)])
            try user.enqueue(
                NewJob(kind: FlowJobs.batchKind, payload: FlowJobs.payload(flow, nil, part))
            )
        }
    }

    // MARK: - Waits

    func resume() throws {
        let plan = try plan()
        let user = try writer.asUser(job.user)
        let waiting = try FlowSuspension.restore(job.payload, plan, by: user)
        let run = FlowRun(plan, [waiting.interview], .alone, by: user, user.flowCatalog)
        var steps = plan.steps
        var position = waiting.position
        if let first = position.first, first < 0 {
            guard plan.paths.indices.contains(-1 - first) else {
                throw JobFailure.permanent("the path in which the flow \(flow) waited is gone")
            }
            steps = plan.paths[-1 - first].steps
            position.removeFirst()
        }
        run.run(steps, from: position)
        if let failure = run.interviews.first?.failure {
            throw FlowFailures.error(failure, plan, run.interviews.first?.record?.id)
        }
        run.keepTraces()
        try user.flushTraces()
    }
}

/// Reads the records that a job of a flow is about.
enum FlowLoading {
    static func records(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        _ plan: FlowPlan,
        by user: RecordWriter
    ) throws -> [FlowRecord] {
        let run = FlowRun(plan, [], .alone, by: user, user.flowCatalog)
        let fields = object.fields.filter { field in
            if case .file = field.type { return false }
            return field.isStored && FlowType(field) != nil
                && run.writer.access.mayRead(field, of: object)
        }
        let rows = try FlowQuery(object: object, paths: fields.map(\.name.text), by: run)
            .rows(ids: ids)
        let byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { byID[$0] }.map { row in
            var record = FlowRecord(object: object, id: row.id)
            for field in fields {
                record.values[field.index] = row.values[field.name.text.lowercased()] ?? .null
            }
            return record
        }
    }

    /// The records that a scheduled flow is about.
    static func ids(
        of object: ObjectDefinition,
        _ plan: FlowPlan,
        by user: RecordWriter
    ) throws -> [RecordID] {
        let interview = FlowInterview(plan, record: nil, prior: nil, isNew: false, at: user.now)
        let run = FlowRun(plan, [interview], .alone, by: user, user.flowCatalog)
        let items = try plan.conditions.items.map { item in
            FlowQuery.condition(item, try run.value(item.right, 0))
        }
        let condition = plan.conditions.logic.map { FlowQuery.condition($0, items) }
        return try FlowQuery(object: object, paths: [], by: run)
            .rows(items.isEmpty ? nil : condition).map(\.id)
    }
}
