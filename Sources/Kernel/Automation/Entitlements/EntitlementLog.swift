import Metadata

/// What is known of one record's promises: the process it is in, what happened, what was done.
struct EntitlementStory {
    let process: EntitlementProcess
    private(set) var events: [EntitlementEvent] = []
    private(set) var clock: MilestoneClock
    /// The triggers that have been acted on, by their keys.
    var acted: Set<String> = []
    /// How many rows the log has.
    var count = 0

    init(_ process: EntitlementProcess, in rules: ServiceRules) {
        self.process = process
        clock = MilestoneClock(process.policies(in: rules), reopen: process.reopen)
    }

    mutating func take(_ event: EntitlementEvent) {
        events.append(event)
        clock.take(event)
    }

    /// The moment of the last event: nothing may be said to have happened before it.
    var latest: Instant? { events.map(\.at).max() }
}

extension EntitlementProcess {
    func policies(in rules: ServiceRules) -> [MilestonePolicy] {
        milestones.map { milestone in
            MilestonePolicy(
                name: milestone.name,
                recurrence: rules.milestoneType(milestone.name)?.recurrence ?? .none,
                targetMilliseconds: Int64(milestone.minutesToComplete) * 60_000,
                usesCriteriaStartTime: milestone.usesCriteriaStartTime
            )
        }
    }

    func milestone(_ name: APIName) -> Milestone? { milestones.first { $0.name == name } }
}

/// The events of records, as rows of `EntitlementEvent`.
struct EntitlementLog {
    static let object: APIName = "EntitlementEvent"

    let reader: RecordReader

    private var rules: ServiceRules { reader.schema.automation.service }

    /// What is known of these records; nothing of one that never entered a process.
    ///
    /// - Throws: where a record's process is no longer declared: what was promised is then unknown.
    func stories(of ids: [RecordID]) throws -> [RecordID: EntitlementStory] {
        guard !ids.isEmpty, let log = reader.schema.object(EntitlementLog.object),
            let fields = Fields(log)
        else { return [:] }
        let rows = try reader.ownChildren(log, by: fields.parent, of: ids)
            .map { (position: $0[fields.position].whole ?? 0, row: $0) }
            .sorted { ($0.position, $0.row.id) < ($1.position, $1.row.id) }
        var stories: [RecordID: EntitlementStory] = [:]
        for (_, row) in rows { try read(row, fields, into: &stories) }
        return stories
    }

    /// The log's own fields, looked up once.
    private struct Fields {
        let parent, position, happenedAt, kind, milestone: FieldDefinition
        let processName, processVersion, since, businessHours, detail: FieldDefinition

        init?(_ log: ObjectDefinition) {
            guard let parent = log.field("ParentId"), let position = log.field("Position"),
                let happenedAt = log.field("HappenedAt"), let kind = log.field("Kind"),
                let milestone = log.field("Milestone"),
                let processName = log.field("ProcessName"),
                let processVersion = log.field("ProcessVersion"),
                let since = log.field("Since"), let detail = log.field("Detail"),
                let businessHours = log.field("BusinessHoursId")
            else { return nil }
            self.parent = parent
            self.position = position
            self.happenedAt = happenedAt
            self.kind = kind
            self.milestone = milestone
            self.processName = processName
            self.processVersion = processVersion
            self.since = since
            self.businessHours = businessHours
            self.detail = detail
        }
    }

    private func read(
        _ row: StoredRecord,
        _ fields: Fields,
        into stories: inout [RecordID: EntitlementStory]
    ) throws {
        guard let record = row[fields.parent].id, let at = row[fields.happenedAt].moment,
            let kind = row[fields.kind].text
        else { return }
        if kind == "Started" {
            let name = APIName(row[fields.processName].text ?? "")
            let version = row[fields.processVersion].whole ?? 1
            guard let process = rules.entitlementProcess(name, version: version) else {
                throw RecordError(
                    .invalidOperation,
                    "\(record) is in version \(version) of the entitlement process `\(name)`, "
                        + "which the org no longer has"
                )
            }
            stories[record] = EntitlementStory(process, in: rules)
        }
        guard stories[record] != nil else { return }
        stories[record]?.count += 1
        if kind == "Acted" {
            stories[record]?.acted.insert(row[fields.detail].text ?? "")
        } else if let event = event(kind, at, row, fields) {
            stories[record]?.take(event)
        }
    }

    private func event(
        _ kind: String,
        _ at: Instant,
        _ row: StoredRecord,
        _ fields: Fields
    ) -> EntitlementEvent? {
        let milestone = APIName(row[fields.milestone].text ?? "")
        let known: EntitlementEvent.Kind? =
            switch kind {
            case "Started": .started(since: row[fields.since].moment ?? at)
            case "Applied": .applied(milestone)
            case "Ceased": .ceased(milestone)
            case "Completed": .completed(milestone)
            case "Answered": .answered(milestone)
            case "Revoked": .revoked(milestone)
            case "Paused": .paused
            case "Resumed": .resumed
            case "Left": .left
            case "Returned": .returned
            case "Rescheduled": .rescheduled(row[fields.businessHours].id)
            default: nil
            }
        return known.map { EntitlementEvent(at: at, $0) }
    }
}

extension EntitlementLog {
    /// A row for an event, as a draft.
    static func draft(
        _ event: EntitlementEvent,
        of record: RecordID,
        _ process: EntitlementProcess,
        position: Int,
        in log: ObjectDefinition
    ) -> TypedDraft {
        func row(_ kind: FieldValue, _ more: [(APIName, FieldValue)] = []) -> TypedDraft {
            TypedDraft(
                log,
                [
                    ("ParentId", .id(record)), ("Position", FieldValue(position)),
                    ("HappenedAt", .dateTime(event.at)), ("Kind", kind),
                ] + more
            )
        }
        return switch event.kind {
        case .started(let since):
            row(
                .text("Started"),
                [
                    ("ProcessName", .text(process.name.text)),
                    ("ProcessVersion", FieldValue(process.version)),
                    ("Since", .dateTime(since)),
                ]
            )
        case .applied(let name): row(.text("Applied"), [("Milestone", .text(name.text))])
        case .ceased(let name): row(.text("Ceased"), [("Milestone", .text(name.text))])
        case .completed(let name): row(.text("Completed"), [("Milestone", .text(name.text))])
        case .answered(let name): row(.text("Answered"), [("Milestone", .text(name.text))])
        case .revoked(let name): row(.text("Revoked"), [("Milestone", .text(name.text))])
        case .paused: row(.text("Paused"))
        case .resumed: row(.text("Resumed"))
        case .left: row(.text("Left"))
        case .returned: row(.text("Returned"))
        case .rescheduled(let hours):
            row(.text("Rescheduled"), [("BusinessHoursId", FieldValue(hours))])
        }
    }

    /// A row that says that a trigger was acted on.
    static func acted(
        _ key: String,
        of record: RecordID,
        at now: Instant,
        position: Int,
        in log: ObjectDefinition
    ) -> TypedDraft {
        TypedDraft(
            log,
            [
                ("ParentId", .id(record)), ("Position", FieldValue(position)),
                ("HappenedAt", .dateTime(now)), ("Kind", .text("Acted")), ("Detail", .text(key)),
            ]
        )
    }
}
