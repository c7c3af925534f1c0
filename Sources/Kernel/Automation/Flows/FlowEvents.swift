import Metadata

/// Hands published platform events to the flows that they start, as jobs: one for each flow and
/// publisher, so that a flow that fails holds up nobody else's.
struct FlowEvents {
    let writer: RecordWriter

    func enqueue(_ entries: [StagedEntry]) throws {
        var objects: [APIName] = []
        for entry in entries where !objects.contains(entry.entry.object) {
            objects.append(entry.entry.object)
        }
        for name in objects {
            let published = entries.filter { $0.entry.object == name }
                .map { JSONObject(storedText: $0.entry.payload) }
            for flow in writer.flowCatalog.flows(of: name, .platformEvent) {
                try enqueue(flow.definition.name, published)
            }
        }
    }

    private func enqueue(_ flow: APIName, _ published: [JSONObject]) throws {
        let publishers = Dictionary(grouping: published) { $0["CreatedById"]?.string ?? "" }
        for (publisher, events) in publishers.sorted(by: { $0.key < $1.key }) {
            let user = try (try? RecordID(publisher)).map { try writer.asUser($0) } ?? writer
            try user.enqueue(FlowEvents.job(flow, events))
        }
    }

    /// Events of one flow run in the order of their publication, but for one that has failed: the
    /// next do not wait for it.
    static func job(_ flow: APIName, _ events: [JSONObject], hasFailed: Bool = false) -> NewJob {
        NewJob(
            kind: FlowJobs.eventKind,
            payload: [
                "flow": .string(flow.text), "events": .array(events.map { .object($0) }),
            ],
            priority: .high,
            lane: hasFailed ? nil : "\(FlowJobs.eventKind):\(flow.folded)"
        )
    }
}

/// A flow that runs for events, in the transaction of its job.
///
/// An event that fails is put into a job of its own, which is tried again and then waits for a
/// person; the others go on.
struct FlowEventWork {
    let writer: RecordWriter
    let job: Job

    private struct FailedEvents: Error {
        let errors: [Int: RecordError]
    }

    func run() throws {
        let name = APIName(job.payload["flow"]?.string ?? "")
        let plan = try plan(name)
        let events = (job.payload["events"]?.array ?? []).compactMap(\.object)
        let user = try writer.asUser(job.user)
        var going = Array(events.indices)
        var failed: Set<Int> = []
        while !going.isEmpty {
            do {
                try writer.savepoint {
                    let errors = try attempt(plan, going.map { events[$0] }, by: user)
                    if !errors.isEmpty { throw FailedEvents(errors: errors) }
                }
                break
            } catch let failure as FailedEvents {
                if job.lane == nil, let error = failure.errors.values.first { throw error }
                failed.formUnion(failure.errors.keys.map { going[$0] })
                going.removeAll(where: failed.contains)
            }
        }
        for index in failed.sorted() {
            try user.enqueue(FlowEvents.job(name, [events[index]], hasFailed: true))
        }
    }

    private func plan(_ name: APIName) throws -> FlowPlan {
        do {
            try writer.refuse(.flow(name))
            let plan = try writer.flowCatalog.plan(name)
            guard plan.definition.status == .active,
                plan.definition.start.trigger == .platformEvent
            else {
                throw RecordError(.invalidOperation, "the flow \(name) waits for no events now")
            }
            return plan
        } catch let error as RecordError {
            throw JobFailure.permanent(error.message)
        }
    }

    /// - Returns: what went wrong, by the event's place.
    private func attempt(
        _ plan: FlowPlan,
        _ events: [JSONObject],
        by user: RecordWriter
    ) throws -> [Int: RecordError] {
        guard let object = plan.object else { return [:] }
        user.flowWork.traces = []
        let run = FlowRun(
            plan,
            events.map { event in
                FlowInterview(
                    plan,
                    record: record(event, object),
                    prior: nil,
                    isNew: true,
                    at: user.now
                )
            },
            .alone,
            by: user,
            user.flowCatalog
        )
        let places = run.meeting()
        run.interviews = places.map { run.interviews[$0] }
        guard !places.isEmpty else { return [:] }
        run.begin()
        run.run(plan.steps)
        var errors: [Int: RecordError] = [:]
        for (place, interview) in zip(places, run.interviews) {
            guard let failure = interview.failure else { continue }
            errors[place] = FlowFailures.error(failure, plan, nil)
        }
        run.keepTraces()
        if errors.isEmpty { try user.flushTraces() }
        return errors
    }

    private func record(_ event: JSONObject, _ object: ObjectDefinition) -> FlowRecord {
        var record = FlowRecord(object: object)
        for field in object.fields {
            guard let json = event[ignoringCase: field.name.text] else { continue }
            let decoding = InputDecoding(field: field, secrets: writer.secrets)
            if let value = try? decoding.value(json) { record.values[field.index] = value }
        }
        return record
    }
}
