import Metadata
import UseMeter

/// The times of scheduled flows.
struct FlowSchedules {
    let writer: RecordWriter

    private static let prefix = "flow-schedule/"

    /// After a deploy, every active scheduled flow has its timer, and no other has one.
    func renew() throws {
        try writer.cancelTimers(keyPrefix: FlowSchedules.prefix)
        for flow in writer.flowCatalog.scheduled {
            guard let schedule = flow.start.schedule else { continue }
            try arm(flow, schedule, after: writer.now)
        }
    }

    /// Sets the timer for the next time; a flow that runs once has none after it.
    func arm(_ flow: FlowDefinition, _ schedule: FlowSchedule, after now: Instant) throws {
        guard let due = next(schedule, after: now) else { return }
        try writer.setTimer(
            key: FlowSchedules.prefix + flow.name.folded,
            due: due,
            job: NewJob(
                kind: FlowJobs.scheduleKind,
                payload: FlowJobs.payload(flow.name, nil, []),
                uniqueKey: FlowSchedules.prefix + flow.name.folded
            )
        )
    }

    private func next(_ schedule: FlowSchedule, after now: Instant) -> Instant? {
        let zone = writer.snapshot.organization.timeZone
        guard
            let first = FlowConversion.moment(
                schedule.startDate,
                milliseconds: schedule.startTime,
                in: zone
            )
        else { return nil }
        if first > now { return first }
        if schedule.frequency == .hourly {
            let hour: Int64 = 3_600_000
            let passed = (now.milliseconds - first.milliseconds) / hour + 1
            return Instant(milliseconds: first.milliseconds + passed * hour)
        }
        let minute = schedule.startTime / 60_000
        let days: Schedule.Days
        switch schedule.frequency {
        case .once, .hourly: return nil
        case .daily: days = .daily
        // 1970-01-01, day 0, was a Thursday.
        case .weekly: days = .weekly([((schedule.startDate + 3) % 7 + 7) % 7 + 1])
        case .monthly:
            guard let date = CivilDate(daysSinceEpoch: schedule.startDate) else { return nil }
            days = .monthly(date.day)
        }
        return Schedule.at(hour: minute / 60, minute: minute % 60, days, zone: zone)?
            .next(after: now)
    }
}

extension RecordWriter {
    /// The same transaction with the rights of a user, for work that was asked for in their name.
    func asUser(_ user: RecordID) throws -> RecordWriter {
        let questions = SystemQuestions(org: caller.org, schema: schema, tx: tx)
        let access = try snapshot.access(of: user) {
            try questions.access(of: user, at: now, in: snapshot)
        }
        let row = try questions.rows(
            "SELECT Id, TimeZoneSidKey, LocaleSidKey FROM User WHERE Id = '\(user)'"
        ).first
        let caller = Caller(
            org: caller.org,
            user: user,
            timeZone: row.flatMap { $0.count > 1 ? $0[1].text : nil } ?? "UTC",
            locale: row.flatMap { $0.count > 2 ? $0[2].text : nil } ?? "en_US",
            surface: .job
        )
        return with(caller, access)
    }
}
