import Metadata

/// What rules wait for, each with one timer for a record: its next due moment.
enum RuleTimer: String, CaseIterable {
    case milestones = "milestones.review"
    case escalation = "escalation.review"

    func key(_ record: RecordID) -> String { "\(rawValue):\(record)" }
}

extension RecordWriter {
    /// Sets the moment at which the record is looked at again; `nil` for never.
    func setRuleTimer(_ timer: RuleTimer, for record: RecordID, at due: Instant?) throws {
        let key = timer.key(record)
        guard let due else {
            try cancelTimer(key: key)
            return
        }
        try setTimer(
            key: key,
            due: due,
            job: NewJob(
                kind: timer.rawValue,
                payload: ["record": .string(record.description)],
                priority: .high,
                lane: record.description,
                uniqueKey: key
            )
        )
    }
}

/// Who looks at records whose promises or whose patience have come to an end.
package enum RuleTimers {
    /// Puts itself among those who do work.
    package static func join(_ handlers: inout JobHandlers) {
        CalendarChanges.join(&handlers)
        handlers.add(RuleTimer.milestones.rawValue) { writer, job in
            guard let (record, object) = try writer.awaited(job) else { return }
            try Entitlements(
                writer: writer.asSystem(because: "a milestone is due"),
                object: object
            )
            .review(record)
        }
        handlers.add(RuleTimer.escalation.rawValue) { writer, job in
            guard let (record, object) = try writer.awaited(job) else { return }
            try Escalations(
                writer: writer.asSystem(because: "an escalation is due"),
                object: object
            )
            .review(record)
        }
    }
}

extension RecordWriter {
    /// The record that a timer's job is about; `nil` where it is deleted by now.
    fileprivate func awaited(_ job: Job) throws -> (StoredRecord, ObjectDefinition)? {
        guard let text = job.payload["record"]?.string, let id = try? RecordID(text),
            let object = schema.object(withPrefix: id.prefix),
            let record = try writeTransaction.load(object, [id]).first,
            !isDeleted(record, object)
        else { return nil }
        return (record, object)
    }
}
