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
        guard !ids.isEmpty, reader.schema.object(EntitlementLog.object) != nil else { return [:] }
        let rows = try reader.ownRows(
            "SELECT Id, ParentId, HappenedAt, Kind, Milestone, ProcessName, ProcessVersion, Since, "
                + "BusinessHoursId, Detail FROM EntitlementEvent "
                + "WHERE ParentId IN (\(RecordWriter.list(ids))) ORDER BY ParentId, Position, Id"
        )
        var stories: [RecordID: EntitlementStory] = [:]
        for row in rows { try read(row, into: &stories) }
        return stories
    }

    private func read(
        _ row: [FieldValue],
        into stories: inout [RecordID: EntitlementStory]
    ) throws {
        guard let record = row[1].id, let at = row[2].moment, let kind = row[3].text else { return }
        if kind == "Started" {
            let name = APIName(row[5].text ?? "")
            guard let process = rules.entitlementProcess(name, version: row[6].whole ?? 1) else {
                throw RecordError(
                    .invalidOperation,
                    "\(record) is in version \(row[6].whole ?? 1) of the entitlement process "
                        + "`\(name)`, which the org no longer has"
                )
            }
            stories[record] = EntitlementStory(process, in: rules)
        }
        guard stories[record] != nil else { return }
        stories[record]?.count += 1
        if kind == "Acted" {
            stories[record]?.acted.insert(row[9].text ?? "")
        } else if let event = event(kind, at, row) {
            stories[record]?.take(event)
        }
    }

    private func event(_ kind: String, _ at: Instant, _ row: [FieldValue]) -> EntitlementEvent? {
        let milestone = APIName(row[4].text ?? "")
        let known: EntitlementEvent.Kind? =
            switch kind {
            case "Started": .started(since: row[7].moment ?? at)
            case "Applied": .applied(milestone)
            case "Ceased": .ceased(milestone)
            case "Completed": .completed(milestone)
            case "Answered": .answered(milestone)
            case "Revoked": .revoked(milestone)
            case "Paused": .paused
            case "Resumed": .resumed
            case "Left": .left
            case "Returned": .returned
            case "Rescheduled": .rescheduled(row[8].id)
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
        position: Int
    ) -> RecordDraft {
        var values: [(String, JSONValue)] = [
            ("ParentId", .string(record.description)), ("Position", .whole(position)),
            ("HappenedAt", .moment(event.at)),
        ]
        switch event.kind {
        case .started(let since):
            values += [
                ("Kind", "Started"), ("ProcessName", .string(process.name.text)),
                ("ProcessVersion", .whole(process.version)), ("Since", .moment(since)),
            ]
        case .applied(let name):
            values += [("Kind", "Applied"), ("Milestone", .string(name.text))]
        case .ceased(let name):
            values += [("Kind", "Ceased"), ("Milestone", .string(name.text))]
        case .completed(let name):
            values += [("Kind", "Completed"), ("Milestone", .string(name.text))]
        case .answered(let name):
            values += [("Kind", "Answered"), ("Milestone", .string(name.text))]
        case .revoked(let name):
            values += [("Kind", "Revoked"), ("Milestone", .string(name.text))]
        case .paused: values.append(("Kind", "Paused"))
        case .resumed: values.append(("Kind", "Resumed"))
        case .left: values.append(("Kind", "Left"))
        case .returned: values.append(("Kind", "Returned"))
        case .rescheduled(let hours):
            values += [
                ("Kind", "Rescheduled"), ("BusinessHoursId", .text(hours?.description)),
            ]
        }
        return RecordDraft(object: object.text, values: JSONObject(pairs: values))
    }

    /// A row that says that a trigger was acted on.
    static func acted(
        _ key: String,
        of record: RecordID,
        at now: Instant,
        position: Int
    ) -> RecordDraft {
        RecordDraft(
            object: object.text,
            values: JSONObject(pairs: [
                ("ParentId", .string(record.description)), ("Position", .whole(position)),
                ("HappenedAt", .moment(now)), ("Kind", "Acted"), ("Detail", .string(key)),
            ])
        )
    }
}
