import Gateway
import Kernel
import Metadata

/// What the org may use and has used.
enum LimitRoutes {
    /// `GET limits`: only what is counted.
    @Sendable static func limits(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let org = reader.caller.org
        let requests = call.parts.usage.usage(org, at: reader.now)
        let jobs = call.parts.bulk.jobsToday(of: org, at: reader.now)
        let limits: [(name: String, max: Int, remaining: Int)] = [
            ("DailyApiRequests", requests.max, requests.remaining),
            ("DailyBulkApiBatches", BulkLimits.dailyBatches, BulkLimits.dailyBatches - jobs.ingest),
            (
                "DailyBulkV2QueryJobs", BulkLimits.dailyQueryJobs,
                BulkLimits.dailyQueryJobs - jobs.query
            ),
        ]
        return .json { writer in
            writer.beginObject()
            for limit in limits {
                writer.key(limit.name)
                writer.beginObject()
                writer.member("Max", limit.max)
                writer.member("Remaining", max(0, limit.remaining))
                writer.endObject()
            }
            writer.endObject()
        }
    }

    /// `GET limits/recordCount?sObjects=Account,Contact`.
    @Sendable static func recordCount(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let objects =
            try call.list("sObjects").map { try $0.map(reader.object) }
            ?? reader.snapshot.schema.objects.filter { reader.access.mayRead($0) }
        let counts = try objects.map { object in
            let soql = "SELECT COUNT() FROM \(object.name.text)"
            return (object, try reader.query(soql, { _ in CountingSink() }).total)
        }
        return .json { writer in
            writer.beginObject()
            writer.key("sObjects")
            writer.beginArray()
            for (object, count) in counts {
                writer.beginObject()
                writer.member("count", count)
                writer.member("name", object.name.text)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }
}
