import Gateway
import Kernel
import Metadata

/// What objects there are and what they are made of, as far as the caller may know.
enum DescribeRoutes {
    /// `GET sobjects`.
    @Sendable static func all(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        try unlessKnown(call, reader) {
            .json { writer in
                writer.beginObject()
                writer.member("encoding", "UTF-8")
                writer.member("maxBatchSize", 200)
                writer.key("sobjects")
                writer.beginArray()
                let body = DescribeBody(reader: reader, version: call.version)
                for object in reader.snapshot.schema.objects where reader.access.mayRead(object) {
                    body.writeSummary(of: object, to: &writer)
                }
                writer.endArray()
                writer.endObject()
            }
        }
    }

    /// `GET sobjects/X/describe`.
    @Sendable static func one(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        return try unlessKnown(call, reader) {
            let types = try RecordTypeNames.ids(of: object, reader)
            return .json { writer in
                DescribeBody(reader: reader, version: call.version, recordTypeIDs: types)
                    .write(object, to: &writer)
            }
        }
    }

    /// `GET sobjects/X`: the object in brief, and the caller's recent records of it.
    @Sendable static func info(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let recent = try RecentRoutes.records(limit: 10, of: object, call, reader)
        return .json { writer in
            writer.beginObject()
            writer.key("objectDescribe")
            DescribeBody(reader: reader, version: call.version)
                .writeSummary(of: object, to: &writer)
            writer.key("recentItems")
            writer.beginArray()
            for record in recent { writer.raw(record) }
            writer.endArray()
            writer.endObject()
        }
    }

    /// 304 where the client's copy is as new as the definitions and the rights, else the answer with
    /// its date.
    static func unlessKnown(
        _ call: APICall,
        _ reader: RecordReader,
        _ answer: () throws -> APIResponse
    ) throws -> APIResponse {
        let moment = call.parts.schemaTimes.moment(
            of: reader.snapshot,
            now: reader.now
        )
        if let since = call.request.header("if-modified-since").flatMap(HTTPDate.parse),
            moment.milliseconds / 1_000 <= since.milliseconds / 1_000
        {
            return .notModified
        }
        var response = try answer()
        response.headers.append(("Last-Modified", HTTPDate.text(of: moment)))
        return response
    }
}

/// The record types that an object's records may have.
enum RecordTypeNames {
    /// The ids of an object's record types by developer name; empty where it has none.
    static func ids(
        of object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> [APIName: RecordID] {
        guard !object.recordTypes.isEmpty,
            let kind = reader.snapshot.schema.object("RecordType"), reader.access.mayRead(kind)
        else { return [:] }
        let page = try reader.query(
            """
            SELECT Id, DeveloperName FROM RecordType \
            WHERE SobjectType = '\(object.name.text)'
            """,
            { TextRowSink($0.query) }
        )
        let pairs = page.sink.rows.compactMap { row -> (APIName, RecordID)? in
            guard row.count == 2, let id = row[0].flatMap({ try? RecordID($0) }),
                let name = row[1]
            else { return nil }
            return (APIName(name), id)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
