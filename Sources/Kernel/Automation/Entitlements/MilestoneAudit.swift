package import Metadata

extension EntitlementStory {
    /// The runs that have a record: one that was given up in time has nothing more to tell.
    func shownRuns(at now: Instant, _ calendars: BusinessCalendars) -> [MilestoneRun] {
        clock.runs.filter { run in
            guard run.endedAt != nil, run.completedAt == nil else { return true }
            guard let milestone = process.milestone(run.milestone) else { return false }
            return run.isViolated(at: now, calendars.hours(of: milestone, in: process))
        }
    }
}

/// A milestone's record that does not say what follows from what happened.
package struct MilestoneDrift: Hashable, Sendable, CustomStringConvertible {
    package let record: RecordID
    package let milestone: APIName
    /// What is wrong, with both values.
    package let message: String

    package var description: String { "\(record) \(milestone): \(message)" }
}

extension RecordReader {
    /// Works all milestones of an object out again from their events, and compares them with what is
    /// stored.
    ///
    /// - Returns: every difference; empty in an org that is in order.
    package func milestoneDrift(of name: APIName = "Case") throws -> [MilestoneDrift] {
        let names = MilestoneRecords.names(of: name)
        guard schema.object(names.object) != nil else { return [] }
        let ids = try ownRows("SELECT Id, ParentId FROM EntitlementEvent WHERE Kind = 'Started'")
            .compactMap { $0[1].id }.filter { schema.object(withPrefix: $0.prefix)?.name == name }
        var found: [MilestoneDrift] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Limits.saveBatchMax))
            rest = rest.dropFirst(part.count)
            found += try drift(of: part, names)
        }
        return found
    }

    private func drift(
        of ids: [RecordID],
        _ names: (object: APIName, field: APIName)
    ) throws -> [MilestoneDrift] {
        var stored: [RecordID: [APIName: [[FieldValue]]]] = [:]
        for row in try ownRows(
            "SELECT Id, \(names.field), MilestoneType.Name, StartDate, TargetDate, CompletionDate "
                + "FROM \(names.object) WHERE \(names.field) IN (\(RecordWriter.list(ids))) "
                + "ORDER BY Id"
        ) {
            guard let record = row[1].id, let name = row[2].text else { continue }
            stored[record, default: [:]][APIName(name), default: []].append(row)
        }
        let calendars = try calendars()
        var found: [MilestoneDrift] = []
        for (record, story) in try EntitlementLog(reader: self).stories(of: ids) {
            let runs = Dictionary(
                grouping: story.shownRuns(at: now, calendars),
                by: \.milestone
            )
            for milestone in story.process.milestones {
                let hours = calendars.hours(of: milestone, in: story.process)
                let expected = (runs[milestone.name] ?? []).map { run in
                    (start: run.start, target: run.target(hours), end: run.completedAt)
                }
                let rows = stored[record]?[milestone.name] ?? []
                guard rows.count == expected.count else {
                    found.append(
                        MilestoneDrift(
                            record: record,
                            milestone: milestone.name,
                            message: "\(rows.count) are stored, \(expected.count) follow"
                        )
                    )
                    continue
                }
                for (row, run) in zip(rows, expected) {
                    // A clock that stands still keeps the target it had.
                    let isTargetRight = run.target == nil || run.target == row[4].moment
                    guard row[3].moment == run.start, isTargetRight, row[5].moment == run.end
                    else {
                        found.append(
                            MilestoneDrift(
                                record: record,
                                milestone: milestone.name,
                                message: "stored \(row[3...5].map { "\($0)" }), follows \(run)"
                            )
                        )
                        continue
                    }
                }
            }
        }
        return found
    }
}
