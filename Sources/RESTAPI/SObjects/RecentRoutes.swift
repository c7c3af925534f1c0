import Gateway
import Kernel
import Metadata

/// The records that the caller has lately looked at.
enum RecentRoutes {
    /// `GET recent?limit=n`.
    @Sendable static func recent(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let limit = try call.number("limit", default: 200, in: 1...200)
        let records = try records(limit: limit, of: nil, call, reader)
        return .json { writer in
            writer.beginArray()
            for record in records { writer.raw(record) }
            writer.endArray()
        }
    }

    /// Recent records with their ids and names, the latest first.
    static func records(
        limit: Int,
        of object: ObjectDefinition?,
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> [[UInt8]] {
        let ids = try reader.recent(limit: limit, object: object)
        var bodies: [Int64: [UInt8]] = [:]
        for (prefix, group) in Dictionary(grouping: ids, by: \.prefix) {
            guard let object = reader.snapshot.schema.object(withPrefix: prefix),
                reader.access.mayRead(object)
            else { continue }
            let page = try reader.retrieve(
                group,
                of: object,
                fields: identifyingFields(of: object, reader),
                call.jsonSink(reader, keepsRows: true)
            )
            for row in page.sink.rows() { bodies[row.id] = row.bytes }
        }
        return ids.compactMap { bodies[$0.number] }
    }

    /// The id, and the name where there is one.
    static func identifyingFields(
        of object: ObjectDefinition,
        _ reader: RecordReader
    ) -> [String] {
        guard let name = object.nameField, reader.access.mayRead(name, of: object) else {
            return ["Id"]
        }
        return ["Id", name.name.text]
    }
}
