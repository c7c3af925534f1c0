import Metadata

/// What every org has done for it in the night and between: what nobody needs any more goes.
package enum UpkeepJobs {
    /// How long finished jobs can be looked at.
    static let doneJobSeconds: Int64 = 24 * 3_600
    /// How long jobs that were given up wait for a person.
    static let deadJobSeconds: Int64 = 90 * 24 * 3_600
    /// How long a deleted record stays in the recycle bin.
    static let recycleBinSeconds: Int64 = 15 * 24 * 3_600

    static let outbox = "upkeep.outbox"
    static let jobs = "upkeep.jobs"
    static let recycleBin = "upkeep.recycle-bin"
    static let useCounts = "upkeep.use-counts"

    private static let rowsPerJob = 5_000
    private static let recordsPerJob = 200

    /// Puts these jobs among those that are done, each at its times.
    package static func join(_ handlers: inout JobHandlers) {
        handlers.add(outbox, records: purgeOutbox)
        handlers.add(jobs, records: purgeJobs)
        handlers.add(recycleBin, records: purgeRecycleBin)
        handlers.add(useCounts) { writer, _ in
            try UseDocuments.removeOld(at: writer.now, in: writer.writeTransaction)
        }
        let hourly = Schedule.every(minutes: 60)
        let nightly = Schedule.at(hour: 2, minute: 20, zone: "UTC")
        for (kind, schedule) in [
            (outbox, hourly), (jobs, hourly), (recycleBin, nightly), (useCounts, nightly),
        ] {
            guard let schedule else { continue }
            handlers.schedule(kind, schedule, newJob(kind))
        }
    }

    private static func newJob(_ kind: String) -> NewJob {
        NewJob(kind: kind, priority: .low, lane: kind, uniqueKey: kind)
    }

    private static func purgeOutbox(_ writer: RecordWriter, _ job: Job) throws {
        let gone = try writer.writeTransaction.purgeOutbox(
            before: writer.now.adding(seconds: -Limits.eventRetentionSeconds),
            limit: rowsPerJob
        )
        if gone == rowsPerJob { try writer.enqueue(newJob(outbox)) }
    }

    private static func purgeJobs(_ writer: RecordWriter, _ job: Job) throws {
        let tx = writer.writeTransaction
        let done = try tx.purgeJobs(
            .done,
            finishedBefore: writer.now.adding(seconds: -doneJobSeconds),
            limit: rowsPerJob
        )
        let dead = try tx.purgeJobs(
            .dead,
            finishedBefore: writer.now.adding(seconds: -deadJobSeconds),
            limit: rowsPerJob
        )
        if max(done, dead) == rowsPerJob { try writer.enqueue(newJob(jobs)) }
    }

    /// Purges records that have been deleted for long, with what was deleted along with them.
    private static func purgeRecycleBin(_ writer: RecordWriter, _ job: Job) throws {
        let end = writer.now.adding(seconds: -recycleBinSeconds)
        let beginning = Instant(milliseconds: CivilDate.milliseconds.lowerBound)
        var room = recordsPerJob
        // What was merged stays for as long as the merge can be undone.
        let mergeEnd = writer.now.adding(seconds: -Limits.unmergeDays * 24 * 3_600)
        // Rows that nobody changes have no moment of a change: they go with their records.
        for object in writer.schema.objects
        where !object.isEvent && !object.traits.isComputed
            && object.field("SystemModstamp") != nil && room > 0
        {
            let master = object.field("MasterRecordId")
            for (id, at) in try writer.tx.changed(
                object,
                from: beginning,
                to: end,
                isDeleted: true
            ) where room > 0 {
                if let master, at >= mergeEnd,
                    let record = try writer.tx.load(object, [id]).first, !record[master].isNull
                {
                    continue
                }
                try writer.purgeTree(id)
                room -= 1
            }
        }
        if room == 0 { try writer.enqueue(newJob(recycleBin)) }
    }
}
