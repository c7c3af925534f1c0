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
        try system.saveOwn(changed.flatMap(rows), .create)
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

    private func rows(of course: Course) -> [RecordDraft] {
        let first = course.story.count + 1
        let id = course.record.id
        let events = course.added.enumerated().map { index, event in
            EntitlementLog.draft(event, of: id, course.story.process, position: first + index)
        }
        let acted = course.due.enumerated().map { index, due in
            EntitlementLog.acted(
                due.key,
                of: id,
                at: writer.now,
                position: first + course.added.count + index
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
        let types = try self.types()
        let stored = try self.stored(of: courses.map(\.record.id))
        var created: [RecordDraft] = []
        var updated: [RecordDraft] = []
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
                        updated.append(
                            RecordDraft(
                                object: names.object.text,
                                id: known[index].description,
                                values: JSONObject(pairs: values)
                            )
                        )
                        continue
                    }
                    values += [
                        (names.field.text, .string(course.record.id.description)),
                        ("MilestoneTypeId", .string(type.description)),
                    ]
                    created.append(
                        RecordDraft(object: names.object.text, values: JSONObject(pairs: values))
                    )
                }
                surplus += known.dropFirst(runs.count).map(\.description)
            }
            for (name, type) in types where runs[name] == nil {
                surplus += (stored[course.record.id]?[type] ?? []).map(\.description)
            }
        }
        try writer.saveOwn(created, .create)
        try writer.saveOwn(updated, .update)
        if !surplus.isEmpty {
            let options = SaveOptions(batchSizeMax: max(surplus.count, Limits.saveBatchMax))
            let results = try writer.delete(surplus.sorted(), options: options)
            if let error = results.lazy.compactMap(\.errors.first).first { throw error }
        }
    }

    private func types() throws -> [APIName: RecordID] {
        var found: [APIName: RecordID] = [:]
        for row in try writer.ownRows("SELECT Id, Name FROM MilestoneType") {
            if let id = row[0].id, let name = row[1].text { found[APIName(name)] = id }
        }
        return found
    }

    /// The records there are, by record, by milestone type, in the order of their making.
    private func stored(of ids: [RecordID]) throws -> [RecordID: [RecordID: [RecordID]]] {
        let names = MilestoneRecords.names(of: object.name)
        var found: [RecordID: [RecordID: [RecordID]]] = [:]
        for row in try writer.ownRows(
            "SELECT Id, \(names.field), MilestoneTypeId FROM \(names.object) "
                + "WHERE \(names.field) IN (\(RecordWriter.list(ids))) ORDER BY Id"
        ) {
            guard let id = row[0].id, let record = row[1].id, let type = row[2].id else { continue }
            found[record, default: [:]][type, default: []].append(id)
        }
        return found
    }

    /// What a run amounts to now, by field.
    private func values(
        of run: MilestoneRun,
        _ course: Entitlements.Course,
        _ calendars: BusinessCalendars
    ) -> [(String, JSONValue)] {
        guard let milestone = course.story.process.milestone(run.milestone) else { return [] }
        let hours = calendars.hours(of: milestone, in: course.story.process)
        let last = run.stretches.last?.hours
        let elapsed = run.elapsed(at: writer.now, hours)
        let whole = hours(last).openTime(
            from: run.start,
            to: run.completedAt ?? run.endedAt ?? writer.now
        )
        let left = run.targetMilliseconds - elapsed
        var values: [(String, JSONValue)] = [
            ("StartDate", .moment(run.start)),
            ("CompletionDate", .moment(run.completedAt)),
            ("IsCompleted", .bool(run.completedAt != nil)),
            ("IsViolated", .bool(run.isViolated(at: writer.now, hours))),
            ("BusinessHoursId", .text(hours(last).id?.description)),
            ("TargetResponseInMins", .whole(run.targetMilliseconds / 60_000)),
            ("ElapsedTimeInMins", .whole(elapsed / 60_000)),
            ("ActualElapsedTimeInMins", .whole(run.actualElapsed(at: writer.now) / 60_000)),
            ("StoppedTimeInMins", .whole(max(0, whole - elapsed) / 60_000)),
            ("TimeRemainingInMins", .string(MilestoneRecords.minutes(max(0, left)))),
            ("TimeSinceTargetInMins", .string(MilestoneRecords.minutes(max(0, -left)))),
        ]
        // A clock that stands still keeps the target it had.
        if let target = run.target(hours) { values.append(("TargetDate", .moment(target))) }
        return values
    }

    /// `29:30`: minutes and seconds.
    private static func minutes(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }
}
