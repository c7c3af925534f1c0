import Metadata

/// When opening hours change, what is promised by them changes too: the milestones and escalations
/// of records that are not closed are worked out anew, a part of the records in each transaction.
enum CalendarChanges {
    static let jobKind = "calendars.follow"

    /// Says who does the work.
    static func join(_ handlers: inout JobHandlers) {
        handlers.add(jobKind) { writer, job in
            guard let name = job.payload["object"]?.string,
                let object = writer.schema.object(APIName(name))
            else { return }
            let last = job.payload["after"]?.string.flatMap { Int64($0) } ?? 0
            try follow(object, after: RecordID(number: last), writer)
        }
    }

    /// Asks for the work, to be done once the change is on disk.
    static func ask(_ writer: RecordWriter) throws {
        let rules = writer.schema.automation.service
        let objects = Set(rules.entitlementProcesses.map(\.object))
            .union(rules.escalations.map(\.object))
        for object in objects.sorted() { try goOn(object, after: 0, writer) }
    }

    private static func follow(
        _ object: ObjectDefinition,
        after last: RecordID,
        _ writer: RecordWriter
    ) throws {
        let system = writer.asSystem(because: "opening hours have changed")
        let ids = try open(object, after: last, system)
        for record in try system.tx.load(object, ids) {
            do {
                try system.savepoint { try review(record, object, system) }
            } catch is RecordError {
                // Its trouble is its own: it is tried again, and waits for a person, by itself.
                for timer in RuleTimer.allCases {
                    try system.setRuleTimer(timer, for: record.id, at: system.now)
                }
            }
        }
        guard ids.count == Limits.saveBatchMax, let next = ids.last else { return }
        try goOn(object.name, after: next.number, writer)
    }

    private static func review(
        _ record: StoredRecord,
        _ object: ObjectDefinition,
        _ system: RecordWriter
    ) throws {
        try Entitlements(writer: system, object: object).review(record)
        guard let now = try system.tx.load(object, [record.id]).first else { return }
        try Escalations(writer: system, object: object).review(now)
    }

    /// Records that are not deleted, nor closed where the object knows of closing.
    private static func open(
        _ object: ObjectDefinition,
        after last: RecordID,
        _ system: RecordWriter
    ) throws -> [RecordID] {
        let mark = object.fields.first { field in
            if case .mark(_, "closed")? = field.derivation { true } else { false }
        }
        let isOpen = mark.map { " AND \($0.name) = FALSE" } ?? ""
        return try system.ownRows(
            "SELECT Id FROM \(object.name) WHERE Id > '\(last)'\(isOpen) "
                + "ORDER BY Id LIMIT \(Limits.saveBatchMax)"
        )
        .compactMap { $0[0].id }
    }

    private static func goOn(_ object: APIName, after last: Int64, _ writer: RecordWriter) throws {
        try writer.enqueue(
            NewJob(
                kind: jobKind,
                payload: ["object": .string(object.text), "after": .string(String(last))],
                priority: .low,
                lane: jobKind,
                uniqueKey: "\(jobKind):\(object):\(last)"
            )
        )
    }
}
