import Metadata

/// What is true of a record at a save, as far as a process asks.
struct EntitlementFacts {
    var isOutside = false
    var isPaused = false
    var applies: Set<APIName> = []
    /// Milestones that the record itself says are completed.
    var completed: Set<APIName> = []
    /// Milestones that another record has just completed.
    var answered: Set<APIName> = []
    var hours: RecordID?
}

/// Asks a process's criteria of records, all of them at once.
struct EntitlementQuestions {
    let writer: RecordReader
    let object: ObjectDefinition

    /// The facts of each record by one process.
    func facts(
        of records: [RecordChange],
        by process: EntitlementProcess
    ) throws -> [EntitlementFacts] {
        var criteria: [Criteria] = []
        func place(_ one: Criteria?) -> Int? {
            guard let one else { return nil }
            criteria.append(one)
            return criteria.count - 1
        }
        let exit = place(process.exit)
        let pause = place(process.pause)
        let applies = process.milestones.map { (name: $0.name, place: place($0.criteria)) }
        let completed = process.milestones.map { (name: $0.name, place: place($0.completion)) }
        let holds = try RuleMatching(reader: writer, object: object).holds(criteria, for: records)
        func isTrue(_ place: Int?, _ record: Int) -> Bool {
            place.map { holds[$0][record] } ?? false
        }
        let stopped = process.pause == nil ? object.field("IsStopped") : nil
        let hours = object.field("BusinessHoursId")
        return records.indices.map { index in
            let after = records[index].after
            return EntitlementFacts(
                isOutside: isTrue(exit, index),
                isPaused: stopped.map { after[$0].boolean == true } ?? isTrue(pause, index),
                applies: Set(applies.filter { isTrue($0.place, index) }.map(\.name)),
                completed: Set(completed.filter { isTrue($0.place, index) }.map(\.name)),
                hours: hours.flatMap { after[$0].id }
            )
        }
    }

    /// Which process each record enters, and by what; `nil` with the reason where there is none.
    func processes(
        for records: [RecordChange],
        at now: Instant
    ) throws -> [(process: EntitlementProcess?, reason: String, hours: RecordID?)] {
        let rules = writer.schema.automation.service
        let open = rules.entitlementProcesses(of: object.name).filter { $0.entry != nil }
        let holds = try RuleMatching(reader: writer, object: object)
            .holds(open.compactMap(\.entry), for: records)
        let entitlements = try entitlements(of: records)
        let today = LocalTime.day(now.milliseconds)
        return records.indices.map { index in
            let field = object.field("EntitlementId")
            if let id = field.flatMap({ records[index].after[$0].id }) {
                guard let entitlement = entitlements[id] else {
                    return (nil, "its entitlement is gone", nil)
                }
                let (process, reason) = entitlement.process(on: today, in: rules)
                return (process, reason, entitlement.hours)
            }
            guard let place = open.indices.first(where: { holds[$0][index] }) else {
                let names = open.map(\.label).joined(separator: ", ")
                return (
                    nil,
                    names.isEmpty
                        ? "it names no entitlement, and no process takes records without one"
                        : "it names no entitlement, and the entry criteria of \(names) do not hold",
                    nil
                )
            }
            return (open[place], "the entry criteria of \(open[place].label) hold", nil)
        }
    }

    private func entitlements(of records: [RecordChange]) throws -> [RecordID: Promise] {
        guard let field = object.field("EntitlementId") else { return [:] }
        let ids = Set(records.compactMap { $0.after[field].id })
        guard !ids.isEmpty else { return [:] }
        let rows = try writer.ownRows(
            "SELECT Id, Status, StartDate, EndDate, BusinessHoursId, SlaProcess.NameNorm, "
                + "SlaProcess.VersionNumber FROM Entitlement WHERE Id IN (\(RecordWriter.list(ids)))"
        )
        var found: [RecordID: Promise] = [:]
        for row in rows {
            guard let id = row[0].id, row.count == 7 else { continue }
            found[id] = Promise(
                status: row[1].text ?? "",
                first: row[2].day,
                last: row[3].day,
                hours: row[4].id,
                process: row[5].text.map { APIName($0) },
                version: row[6].whole
            )
        }
        return found
    }

    /// What an entitlement's record says.
    private struct Promise {
        let status: String
        let first: Int?
        let last: Int?
        let hours: RecordID?
        let process: APIName?
        let version: Int?

        func process(
            on today: Int,
            in rules: ServiceRules
        ) -> (process: EntitlementProcess?, reason: String) {
            guard status == "Active" || status.isEmpty else {
                return (nil, "its entitlement is \(status.lowercased())")
            }
            if let first, today < first { return (nil, "its entitlement has not begun") }
            if let last, today > last { return (nil, "its entitlement has ended") }
            guard let name = process else { return (nil, "its entitlement names no process") }
            guard let found = rules.entitlementProcess(name, version: version), found.isActive
            else { return (nil, "the process \(name) is not active") }
            return (found, "its entitlement names \(found.label)")
        }
    }
}
