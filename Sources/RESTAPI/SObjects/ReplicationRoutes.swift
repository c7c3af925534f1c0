import Gateway
import Kernel
import Metadata

/// Which records have changed or gone in a stretch of time.
enum ReplicationRoutes {
    /// `GET sobjects/X/updated?start=…&end=…`.
    @Sendable static func updated(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let (start, end) = try period(call, now: reader.now)
        let changes = try reader.changed(object, from: start, to: end, isDeleted: false)
        return .json { writer in
            writer.beginObject()
            writer.key("ids")
            writer.strings(changes.map { $0.id.description })
            writer.member("latestDateCovered", min(end, reader.now))
            writer.endObject()
        }
    }

    /// `GET sobjects/X/deleted?start=…&end=…`.
    @Sendable static func deleted(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let (start, end) = try period(call, now: reader.now)
        let changes = try reader.changed(object, from: start, to: end, isDeleted: true)
        return .json { writer in
            writer.beginObject()
            writer.key("deletedRecords")
            writer.beginArray()
            for change in changes {
                writer.beginObject()
                writer.member("deletedDate", change.at)
                writer.member("id", change.id.description)
                writer.endObject()
            }
            writer.endArray()
            writer.member("earliestDateAvailable", earliest(reader.now))
            writer.member("latestDateCovered", min(end, reader.now))
            writer.endObject()
        }
    }

    private static let daysMax: Int64 = 30

    private static func earliest(_ now: Instant) -> Instant {
        now.adding(seconds: -daysMax * 86_400)
    }

    /// The parameters `start` and `end`, whose seconds do not count.
    private static func period(_ call: APICall, now: Instant) throws -> (Instant, Instant) {
        let start = try minute(call, "start")
        let end = try minute(call, "end")
        guard end.milliseconds - start.milliseconds >= 60_000 else {
            throw RecordError(
                .invalidReplicationDate,
                "The end date must be at least one minute after the start date"
            )
        }
        guard start >= earliest(now).adding(seconds: -60) else {
            throw RecordError(
                .invalidReplicationDate,
                "startDate before org replication enabled date: at most \(daysMax) days ago"
            )
        }
        return (start, end)
    }

    private static func minute(_ call: APICall, _ name: String) throws -> Instant {
        let text = try call.required(name)
        guard let moment = CivilText.millisecondsSinceEpoch(text) else {
            throw RecordError(
                .invalidReplicationDate,
                "\(name) must be a date and time, not \(text)"
            )
        }
        return Instant(milliseconds: moment - ((moment % 60_000) + 60_000) % 60_000)
    }
}
