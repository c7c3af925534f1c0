import Gateway
import Kernel
import Metadata

/// Records that are one thing become one: `steward/merges`, a resource of our own, since the
/// published one is SOAP's alone.
enum MergeRoutes {
    /// `POST steward/merges` with `{"master", "merged": [], "values": {}}`.
    @Sendable static func merge(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let body = try call.jsonObject()
        guard let master = body["master"]?.string, let merged = body["merged"]?.array else {
            throw RecordError(.missingArgument, "master and merged name the records to merge")
        }
        let result = try writer.merge(
            MergeRequest(
                master: master,
                merged: try merged.map { value in
                    guard let id = value.string else {
                        throw RecordError(.invalidInput, "merged is a list of ids")
                    }
                    return id
                },
                values: body["values"]?.object?.fieldValues ?? [:]
            )
        )
        return .json { writer in
            writer.beginObject()
            writer.member("id", result.id.description)
            writer.member("success", true)
            writer.key("mergedRecordIds")
            writer.strings(result.mergedRecordIDs.map(\.description))
            writer.key("updatedRelatedIds")
            writer.strings(result.updatedRelatedIDs.map(\.description))
            writer.member("journal", result.journal)
            writer.emptyList("errors")
            writer.endObject()
        }
    }

    /// `GET steward/merges?record=ID`: the merges into a record that can still be undone.
    @Sendable static func list(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let journals = try writer.merges(into: try writer.recordID(try call.required("record")))
        return .json { writer in
            writer.beginObject()
            writer.key("journals")
            writer.strings(journals)
            writer.endObject()
        }
    }

    /// `DELETE steward/merges/<journal>`: undoes the merge, as far as nothing has changed since.
    @Sendable static func undo(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let result = try writer.unmerge(call["journal"])
        return .json { writer in
            writer.beginObject()
            writer.member("success", true)
            writer.key("restored")
            writer.strings(result.restored.map(\.description))
            writer.key("movedBack")
            writer.strings(result.movedBack.map(\.description))
            writer.key("remainders")
            writer.beginArray()
            for remainder in result.remainders {
                writer.beginObject()
                writer.member("record", remainder.record.description)
                if let field = remainder.field { writer.member("field", field.text) }
                writer.member("reason", remainder.reason)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }
}
