import Metadata

/// The paths of a flow that run after the save: jobs for those at once, timers for those at a moment.
struct FlowTimers {
    let writer: RecordWriter
    let object: ObjectDefinition

    static func key(_ flow: APIName, _ path: APIName, _ record: RecordID) -> String {
        "flow/\(flow.folded)/\(path.folded)/\(record)"
    }

    /// Asks for the paths of interviews that have gone through.
    func plan(_ flow: FlowPlan, _ interviews: [FlowInterview]) throws {
        guard !flow.paths.isEmpty, !interviews.isEmpty else { return }
        for path in flow.paths {
            if case .afterCommit = path.definition.moment {
                try enqueue(flow, path, interviews.compactMap { $0.record?.id })
                continue
            }
            for interview in interviews {
                guard let record = interview.record, let id = record.id else { continue }
                try set(flow, path, id, try due(path, record))
            }
        }
    }

    /// A path that runs at once is one job for the batch, in the transaction of the save.
    private func enqueue(_ flow: FlowPlan, _ path: FlowPlan.Path, _ ids: [RecordID]) throws {
        guard !ids.isEmpty else { return }
        let origin = writer.flowWork.origin ?? writer
        try origin.enqueue(
            NewJob(
                kind: FlowJobs.pathKind,
                payload: FlowJobs.payload(flow.name, path.definition.name, ids),
                priority: .high
            )
        )
    }

    private func set(
        _ flow: FlowPlan,
        _ path: FlowPlan.Path,
        _ id: RecordID,
        _ due: Instant?
    ) throws {
        let origin = writer.flowWork.origin ?? writer
        let key = FlowTimers.key(flow.name, path.definition.name, id)
        guard let due else {
            try origin.cancelTimer(key: key)
            return
        }
        try origin.setTimer(
            key: key,
            due: due,
            job: NewJob(
                kind: FlowJobs.pathKind,
                payload: FlowJobs.payload(flow.name, path.definition.name, [id]),
                priority: .high
            )
        )
    }

    /// When a path is due for a record; `nil` where its field is empty.
    private func due(_ path: FlowPlan.Path, _ record: FlowRecord) throws -> Instant? {
        let zone = writer.snapshot.organization.timeZone
        switch path.definition.moment {
        case .afterCommit: return nil
        case .trigger(let offset, let unit):
            return try FlowMoments.adding(offset, unit, to: writer.now, in: zone)
        case .field(_, let offset, let unit):
            guard let field = path.field else { return nil }
            switch record.values[field.index] {
            case .dateTime(let moment):
                return try FlowMoments.adding(offset, unit, to: moment, in: zone)
            case .date(let day):
                guard let start = FlowConversion.midnight(day, in: zone) else { return nil }
                return try FlowMoments.adding(offset, unit, to: start, in: zone)
            default: return nil
            }
        }
    }

    /// Moves or cancels the timers of records that were changed: what no longer holds does not
    /// happen.
    func revise(_ entry: FlowCatalog.Entry, _ batch: SaveBatch) throws {
        guard case .ready(let flow) = entry else { return }
        let timed = flow.paths.filter { $0.definition.moment != .afterCommit }
        let updated = batch.sound.filter { !$0.isCreated }
        guard !timed.isEmpty, !updated.isEmpty else { return }
        let interviews = updated.compactMap { entry in
            entry.next.map { next in
                FlowInterview(
                    flow,
                    record: FlowRecord(next, of: object),
                    prior: entry.stored.map { FlowRecord($0, of: object) },
                    isNew: false,
                    at: writer.now
                )
            }
        }
        let run = FlowRun(flow, interviews, .afterSave, by: writer, writer.flowCatalog)
        let holding = Set(run.meeting())
        for index in interviews.indices {
            guard let record = interviews[index].record, let id = record.id else { continue }
            for path in timed {
                let key = FlowTimers.key(flow.name, path.definition.name, id)
                guard let planned = try writer.timerDue(key: key) else { continue }
                guard holding.contains(index) else {
                    try writer.cancelTimer(key: key)
                    continue
                }
                guard case .field = path.definition.moment else { continue }
                let due = try due(path, record)
                if due != planned { try set(flow, path, id, due) }
            }
        }
    }
}

extension FlowRun {
    /// Which interviews meet the conditions now, whatever was before.
    func meeting() -> [Int] {
        isStarting = true
        defer { isStarting = false }
        let all = Array(interviews.indices)
        guard !plan.conditions.isEmpty else { return all }
        guard (try? fetch(plan.conditions.paths, all)) != nil else { return [] }
        return all.filter { (try? holds(plan.conditions, $0)) ?? false }
    }
}
