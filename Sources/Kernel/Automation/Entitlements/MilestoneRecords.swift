import Metadata

extension Entitlements {
    /// Writes what a step has added, and what follows from it; then does what is due.
    func keep(
        _ courses: [Course],
        _ calendars: BusinessCalendars,
        evenUnchanged: Bool = false
    ) throws -> [RecordID: StoredRecord] {
        let changed = courses.filter {
            evenUnchanged || !$0.added.isEmpty || !$0.due.isEmpty
        }
        guard !changed.isEmpty else { return [:] }
        let system = writer.asSystem(because: "milestones follow from what happened")
        if let log = writer.schema.object(EntitlementLog.object) {
            try system.saveOwn(changed.flatMap { rows(of: $0, in: log) })
        }
        try MilestoneRecords(writer: system, object: object).write(changed, calendars)
        let records = try keepFields(of: changed, calendars)
        for course in changed { try setTimer(course, calendars) }
        for course in changed {
            for due in course.due {
                try RuleActions(writer: system, object: object).run(
                    due.actions,
                    for: course.record.id,
                    because: "milestone \(due.milestone)"
                )
            }
        }
        return records
    }

    private func rows(of course: Course, in log: ObjectDefinition) -> [TypedDraft] {
        let first = course.story.count + 1
        let id = course.record.id
        let events = course.added.enumerated().map { index, event in
            EntitlementLog.draft(
                event,
                of: id,
                course.story.process,
                position: first + index,
                in: log
            )
        }
        let acted = course.due.enumerated().map { index, due in
            EntitlementLog.acted(
                due.key,
                of: id,
                at: writer.now,
                position: first + course.added.count + index,
                in: log
            )
        }
        return events + acted
    }

    /// The fields of the record itself that tell how its promises stand.
    private func keepFields(
        of courses: [Course],
        _ calendars: BusinessCalendars
    ) throws -> [RecordID: StoredRecord] {
        var values: [RecordID: [APIName: FieldValue]] = [:]
        for course in courses {
            let clock = course.story.clock
            let left = course.story.events.last { $0.kind == .left }?.at
            values[course.record.id] = [
                "SlaStartDate": clock.since.map { .dateTime($0) } ?? .null,
                "SlaExitDate": clock.isOutside ? left.map { .dateTime($0) } ?? .null : .null,
                "MilestoneStatus": .text(status(of: course, calendars)),
            ]
        }
        return try writer.keep(values, in: courses.map(\.record), of: object)
    }

    private func status(of course: Course, _ calendars: BusinessCalendars) -> String {
        let violated = course.story.clock.runs.filter { run in
            guard let milestone = course.story.process.milestone(run.milestone) else {
                return false
            }
            let hours = calendars.hours(of: milestone, in: course.story.process)
            return run.isViolated(at: writer.now, hours)
        }
        if violated.isEmpty { return "Compliant" }
        return violated.contains(where: \.isOpen) ? "Open Violation" : "Closed Violation"
    }

    /// The next moment at which something is to be done; none while nothing runs.
    private func setTimer(_ course: Course, _ calendars: BusinessCalendars) throws {
        let acted = course.story.acted.union(course.due.map(\.key))
        var next: Instant?
        for run in course.story.clock.runs where run.isOpen {
            guard let milestone = course.story.process.milestone(run.milestone) else { continue }
            let hours = calendars.hours(of: milestone, in: course.story.process)
            var moments = milestone.timeTriggers
                .filter { !acted.contains(Entitlements.key(run, $0.minutes)) }
                .compactMap { run.moment(of: $0.milliseconds(in: run), hours) }
            // The target itself, so that a violation is seen even where nobody is told.
            if let target = run.target(hours), target > writer.now { moments.append(target) }
            if let first = moments.min() { next = next.map { min($0, first) } ?? first }
        }
        try writer.setRuleTimer(.milestones, for: course.record.id, at: next)
    }
}

/// Milestones as records: one for each run that was not given up.
struct MilestoneRecords {
    let writer: RecordWriter
    let object: ObjectDefinition

    /// `CaseMilestone` for cases, with its lookup `CaseId`.
    static func names(of object: APIName) -> (object: APIName, field: APIName) {
        (APIName("\(object)Milestone"), APIName("\(object)Id"))
    }

    func write(_ courses: [Entitlements.Course], _ calendars: BusinessCalendars) throws {
        let names = MilestoneRecords.names(of: object.name)
        guard let milestones = writer.schema.object(names.object),
            let lookup = milestones.field(names.field)
        else { return }
        let types = try self.types()
        let stored = try self.stored(milestones, of: courses.map(\.record.id), by: lookup)
        var created: [TypedDraft] = []
        var updated: [TypedDraft] = []
        var surplus: [String] = []
        for course in courses {
            let runs = Dictionary(
                grouping: course.story.shownRuns(at: writer.now, calendars),
                by: \.milestone
            )
            for (milestone, runs) in runs.sorted(by: { $0.key.folded < $1.key.folded }) {
                guard let type = types[milestone] else { continue }
                let known = stored[course.record.id]?[type] ?? []
                for (index, run) in runs.enumerated() {
                    var values = self.values(of: run, course, calendars)
                    if known.indices.contains(index) {
                        updated.append(TypedDraft(milestones, id: known[index], values))
                        continue
                    }
                    values += [
                        (names.field, .id(course.record.id)), ("MilestoneTypeId", .id(type)),
                    ]
                    created.append(TypedDraft(milestones, values))
                }
                surplus += known.dropFirst(runs.count).map(\.description)
            }
            for (name, type) in types where runs[name] == nil {
                surplus += (stored[course.record.id]?[type] ?? []).map(\.description)
            }
        }
        try writer.saveOwn(created)
        try writer.saveOwn(updated)
        if !surplus.isEmpty {
            let options = SaveOptions(batchSizeMax: max(surplus.count, Limits.saveBatchMax))
            let results = try writer.delete(surplus.sorted(), options: options)
            if let error = results.lazy.compactMap(\.errors.first).first { throw error }
        }
    }

    private func types() throws -> [APIName: RecordID] {
        var found: [APIName: RecordID] = [:]
        for row in try writer.ownRows(fixed: "SELECT Id, Name FROM MilestoneType") {
            if let id = row[0].id, let name = row[1].text { found[APIName(name)] = id }
        }
        return found
    }

    /// The records there are, by record, by milestone type, in the order of their making.
    private func stored(
        _ milestones: ObjectDefinition,
        of ids: [RecordID],
        by lookup: FieldDefinition
    ) throws -> [RecordID: [RecordID: [RecordID]]] {
        guard let kind = milestones.field("MilestoneTypeId") else { return [:] }
        var found: [RecordID: [RecordID: [RecordID]]] = [:]
        for row in try writer.ownChildren(milestones, by: lookup, of: ids)
            .sorted(by: { $0.id < $1.id })
        {
            guard let record = row[lookup].id, let type = row[kind].id else { continue }
            found[record, default: [:]][type, default: []].append(row.id)
        }
        return found
    }

    /// What a run amounts to now, by field.
    private func values(
        of run: MilestoneRun,
        _ course: Entitlements.Course,
        _ calendars: BusinessCalendars
    ) -> [(APIName, FieldValue)] {
        guard let milestone = course.story.process.milestone(run.milestone) else { return [] }
        let hours = calendars.hours(of: milestone, in: course.story.process)
        let last = run.stretches.last?.hours
        let elapsed = run.elapsed(at: writer.now, hours)
        let whole = hours(last).openTime(
            from: run.start,
            to: run.completedAt ?? run.endedAt ?? writer.now
        )
        let left = run.targetMilliseconds - elapsed
        var values: [(APIName, FieldValue)] = [
            ("StartDate", .dateTime(run.start)),
            ("CompletionDate", FieldValue(run.completedAt)),
            ("IsCompleted", .boolean(run.completedAt != nil)),
            ("IsViolated", .boolean(run.isViolated(at: writer.now, hours))),
            ("BusinessHoursId", FieldValue(hours(last).id)),
            ("TargetResponseInMins", FieldValue(run.targetMilliseconds / 60_000)),
            ("ElapsedTimeInMins", FieldValue(elapsed / 60_000)),
            ("ActualElapsedTimeInMins", FieldValue(run.actualElapsed(at: writer.now) / 60_000)),
            ("StoppedTimeInMins", FieldValue(max(0, whole - elapsed) / 60_000)),
            ("TimeRemainingInMins", .text(MilestoneRecords.minutes(max(0, left)))),
            ("TimeSinceTargetInMins", .text(MilestoneRecords.minutes(max(0, -left)))),
        ]
        // A clock that stands still keeps the target it had.
        if let target = run.target(hours) { values.append(("TargetDate", .dateTime(target))) }
        return values
    }

    /// `29:30`: minutes and seconds.
    private static func minutes(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }
}
