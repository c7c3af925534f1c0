import Metadata

/// The promises about records of one object, followed from save to save and from timer to timer.
///
/// Each step adds events to the records' logs; milestones, timers and the records' own fields are
/// then written as what follows from the logs.
struct Entitlements {
    /// With every right.
    let writer: RecordWriter
    let object: ObjectDefinition

    private var rules: ServiceRules { writer.schema.automation.service }

    /// One record on its way through a step.
    struct Course {
        var record: StoredRecord
        var story: EntitlementStory
        /// The runs before the step.
        let before: [MilestoneRun]
        var added: [EntitlementEvent] = []
        /// What is to be done, each with the key under which that is noted.
        var due: [(actions: [RuleAction], key: String, milestone: APIName)] = []
    }

    /// What a step has led to.
    struct Outcome {
        /// The records whose own fields were changed, as they are now.
        var records: [RecordID: StoredRecord]
        /// Why records were let in, or were not.
        var decisions: [RuleDecision]
    }

    /// Takes in what a save has changed.
    ///
    /// - Parameter answered: milestones that another record has completed, by record.
    /// - Returns: what it has led to; the decisions are for the caller to keep.
    func follow(
        _ changes: [RecordChange],
        answered: [RecordID: Set<APIName>] = [:]
    ) throws -> Outcome {
        let stories = try EntitlementLog(reader: writer).stories(of: changes.map(\.after.id))
        var (courses, decisions) = try begin(changes.filter { stories[$0.after.id] == nil })
        let known = changes.filter { stories[$0.after.id] != nil }
        let questions = EntitlementQuestions(writer: writer, object: object)
        let calendars = try writer.calendars()
        let groups = Dictionary(grouping: known) { change in
            stories[change.after.id].map { "\($0.process.name.folded) \($0.process.version)" } ?? ""
        }
        for group in groups.sorted(by: { $0.key < $1.key }).map(\.value) {
            guard let process = group.first.flatMap({ stories[$0.after.id]?.process }) else {
                continue
            }
            let facts = try questions.facts(of: group, by: process)
            for (change, facts) in zip(group, facts) {
                guard let story = stories[change.after.id] else { continue }
                var facts = facts
                facts.answered = answered[change.after.id] ?? []
                var course = Course(
                    record: change.after,
                    story: story,
                    before: story.clock.runs
                )
                noteDue(&course, calendars)
                advance(&course, facts)
                noteSuccess(&course, calendars)
                courses.append(course)
            }
        }
        return Outcome(records: try keep(courses, calendars), decisions: decisions)
    }

    /// Does what is due by now for one record.
    func review(_ record: StoredRecord) throws {
        guard let story = try EntitlementLog(reader: writer).stories(of: [record.id])[record.id]
        else { return }
        let calendars = try writer.calendars()
        var course = Course(record: record, story: story, before: story.clock.runs)
        noteDue(&course, calendars)
        _ = try keep([course], calendars, evenUnchanged: true)
    }
}

// MARK: - Entering

extension Entitlements {
    /// Lets records into the process that takes them; of those that none takes, new ones get told.
    private func begin(
        _ changes: [RecordChange]
    ) throws -> (courses: [Course], decisions: [RuleDecision]) {
        guard !changes.isEmpty else { return ([], []) }
        let questions = EntitlementQuestions(writer: writer, object: object)
        let entries = try questions.processes(for: changes, at: writer.now)
        let known = try facts(of: changes, entering: entries.map(\.process), questions)
        let created = object.field("CreatedDate")
        var courses: [Course] = []
        var decisions: [RuleDecision] = []
        for (index, (change, entry)) in zip(changes, entries).enumerated() {
            let id = change.after.id
            guard let process = entry.process else {
                guard change.before == nil || hasChangedEntitlement(change) else { continue }
                decisions.append(
                    RuleDecision(.entitlement, of: id, outcome: "no promise: \(entry.reason)")
                )
                continue
            }
            guard let facts = known[index] else { continue }
            guard !facts.isOutside else {
                guard change.before == nil else { continue }
                decisions.append(
                    RuleDecision(
                        .entitlement,
                        of: id,
                        rule: process.name,
                        outcome: "no promise: it has left \(process.label) already"
                    )
                )
                continue
            }
            var course = Course(
                record: change.after,
                story: EntitlementStory(process, in: rules),
                before: []
            )
            let field =
                process.startDateField.flatMap { object.field($0) }
                ?? (change.before == nil ? created : nil)
            start(
                &course,
                facts,
                since: field.flatMap { change.after[$0].moment },
                hours: facts.hours ?? entry.hours
            )
            courses.append(course)
            decisions.append(
                RuleDecision(
                    .entitlement,
                    of: id,
                    rule: process.name,
                    criteria: process.entry,
                    outcome: "version \(process.version): \(entry.reason)"
                )
            )
        }
        return (courses, decisions)
    }

    /// What is true of records by the processes that they enter, by the record's place.
    private func facts(
        of changes: [RecordChange],
        entering processes: [EntitlementProcess?],
        _ questions: EntitlementQuestions
    ) throws -> [Int: EntitlementFacts] {
        var found: [Int: EntitlementFacts] = [:]
        let places = Dictionary(grouping: changes.indices) { index in
            processes[index].map { "\($0.name.folded) \($0.version)" } ?? ""
        }
        for group in places.values {
            guard let process = group.first.flatMap({ processes[$0] }) else { continue }
            let facts = try questions.facts(of: group.map { changes[$0] }, by: process)
            for (index, facts) in zip(group, facts) { found[index] = facts }
        }
        return found
    }

    private func hasChangedEntitlement(_ change: RecordChange) -> Bool {
        guard let field = object.field("EntitlementId"), let before = change.before else {
            return false
        }
        return before[field] != change.after[field]
    }

    /// - Parameter since: from when times count; from now for a record that enters later than it
    ///   began, unless the process names a field.
    private func start(
        _ course: inout Course,
        _ facts: EntitlementFacts,
        since: Instant?,
        hours: RecordID?
    ) {
        add(.started(since: min(since ?? writer.now, writer.now)), to: &course)
        if let hours { add(.rescheduled(hours), to: &course) }
        applyMilestones(&course, facts)
        complete(&course, facts)
        if facts.isPaused { add(.paused, to: &course) }
    }
}

// MARK: - Going on

extension Entitlements {
    private func add(_ kind: EntitlementEvent.Kind, to course: inout Course) {
        let event = EntitlementEvent(
            at: max(writer.now, course.story.latest ?? writer.now),
            kind
        )
        course.added.append(event)
        course.story.take(event)
    }

    /// The events that lead from what was known to what is true now.
    private func advance(_ course: inout Course, _ facts: EntitlementFacts) {
        if course.story.clock.isOutside {
            guard !facts.isOutside, course.story.process.reopen != .none else { return }
            add(.returned, to: &course)
            if course.story.process.reopen == .resume { revoke(&course, facts) }
        }
        if let hours = facts.hours, hours != course.story.clock.hours {
            add(.rescheduled(hours), to: &course)
        }
        applyMilestones(&course, facts)
        complete(&course, facts)
        if facts.isPaused != course.story.clock.isPaused {
            add(facts.isPaused ? .paused : .resumed, to: &course)
        }
        if facts.isOutside { add(.left, to: &course) }
    }

    private func applyMilestones(_ course: inout Course, _ facts: EntitlementFacts) {
        for milestone in course.story.process.milestones {
            let name = milestone.name
            let applied = course.story.clock.applying.contains(name)
            if facts.applies.contains(name), !applied {
                add(.applied(name), to: &course)
            } else if !facts.applies.contains(name), applied,
                // What is completed by the same save ends as kept, not as given up.
                !facts.completed.contains(name), !facts.answered.contains(name),
                !(facts.isOutside && milestone.completion != nil)
            {
                add(.ceased(name), to: &course)
            }
        }
    }

    private func complete(_ course: inout Course, _ facts: EntitlementFacts) {
        for milestone in course.story.process.milestones {
            let name = milestone.name
            let open = course.story.clock.runs.last { $0.milestone == name && $0.isOpen }
            guard let open, facts.completed.contains(name) || facts.answered.contains(name) else {
                continue
            }
            // A chained milestone that the record itself completes would complete for ever.
            let isOwn = facts.completed.contains(name) && !facts.answered.contains(name)
            if isOwn, open.number > 1, open.start >= writer.now { continue }
            add(facts.answered.contains(name) ? .answered(name) : .completed(name), to: &course)
        }
    }

    /// A record that comes back takes back what it said was completed, and no longer says.
    private func revoke(_ course: inout Course, _ facts: EntitlementFacts) {
        for milestone in course.story.process.milestones
        where milestone.completion != nil && !facts.completed.contains(milestone.name) {
            let last = course.story.events.last { event in
                event.kind == .completed(milestone.name) || event.kind == .answered(milestone.name)
            }
            guard last?.kind == .completed(milestone.name) else { continue }
            add(.revoked(milestone.name), to: &course)
        }
    }
}

// MARK: - What is due

extension Entitlements {
    static func key(_ run: MilestoneRun, _ minutes: Int) -> String {
        "\(run.milestone)#\(run.number)#\(minutes)"
    }

    /// The triggers of clocks that still run, whose moment has come and that were not acted on.
    private func noteDue(_ course: inout Course, _ calendars: BusinessCalendars) {
        for run in course.story.clock.runs where run.isOpen {
            guard let milestone = course.story.process.milestone(run.milestone) else { continue }
            let hours = calendars.hours(of: milestone, in: course.story.process)
            for trigger in milestone.timeTriggers {
                let key = Entitlements.key(run, trigger.minutes)
                guard !course.story.acted.contains(key),
                    let moment = run.moment(of: trigger.milliseconds(in: run), hours),
                    moment <= writer.now
                else { continue }
                course.due.append((trigger.actions, key, run.milestone))
            }
        }
    }

    private func noteSuccess(_ course: inout Course, _ calendars: BusinessCalendars) {
        for run in course.story.clock.runs where run.completedAt != nil {
            let before = course.before.first {
                $0.milestone == run.milestone && $0.number == run.number
            }
            guard before?.completedAt == nil,
                let milestone = course.story.process.milestone(run.milestone),
                !milestone.successActions.isEmpty
            else { continue }
            let hours = calendars.hours(of: milestone, in: course.story.process)
            guard !run.isViolated(at: writer.now, hours) else { continue }
            let key = "\(run.milestone)#\(run.number)#kept"
            guard !course.story.acted.contains(key) else { continue }
            course.due.append((milestone.successActions, key, run.milestone))
        }
    }
}

extension EntitlementProcess.Milestone.TimeTrigger {
    /// How much time has to pass on a run's clock.
    func milliseconds(in run: MilestoneRun) -> Int64 {
        run.targetMilliseconds + Int64(minutes) * 60_000
    }
}

extension BusinessCalendars {
    /// The hours that a milestone's clock counts in, by those that a stretch names.
    func hours(
        of milestone: EntitlementProcess.Milestone,
        in process: EntitlementProcess
    ) -> (RecordID?) -> BusinessHours {
        if let own = milestone.businessHours.flatMap(named) { return { _ in own } }
        let general = process.businessHours.flatMap(named) ?? standard ?? .always()
        return { id in id.flatMap { self[$0] } ?? general }
    }
}
