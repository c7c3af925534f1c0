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
            let parent = log.field("ParentId")
        else { return [:] }
        let rows = try reader.ownChildren(log, by: parent, of: ids)
            .map { Row(log: log, record: $0) }
            .map { (position: $0["Position"].whole ?? 0, row: $0) }
            .sorted { ($0.position, $0.row.record.id) < ($1.position, $1.row.record.id) }
        var stories: [RecordID: EntitlementStory] = [:]
        for (_, row) in rows { try read(row, into: &stories) }
        return stories
    }

    /// One row of the log, by the names of its fields.
    private struct Row {
        let log: ObjectDefinition
        let record: StoredRecord

        subscript(name: APIName) -> FieldValue { log.field(name).map { record[$0] } ?? .null }
    }

    private func read(
        _ row: Row,
        into stories: inout [RecordID: EntitlementStory]
    ) throws {
        guard let record = row["ParentId"].id, let at = row["HappenedAt"].moment,
            let kind = row["Kind"].text
        else { return }
        if kind == "Started" {
            let name = APIName(row["ProcessName"].text ?? "")
            let version = row["ProcessVersion"].whole ?? 1
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
            stories[record]?.acted.insert(row["Detail"].text ?? "")
        } else if let event = event(kind, at, row) {
            stories[record]?.take(event)
        }
    }

    private func event(_ kind: String, _ at: Instant, _ row: Row) -> EntitlementEvent? {
        let milestone = APIName(row["Milestone"].text ?? "")
        let known: EntitlementEvent.Kind? =
            switch kind {
            case "Started": .started(since: row["Since"].moment ?? at)
            case "Applied": .applied(milestone)
            case "Ceased": .ceased(milestone)
            case "Completed": .completed(milestone)
            case "Answered": .answered(milestone)
            case "Revoked": .revoked(milestone)
            case "Paused": .paused
            case "Resumed": .resumed
            case "Left": .left
            case "Returned": .returned
            case "Rescheduled": .rescheduled(row["BusinessHoursId"].id)
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
