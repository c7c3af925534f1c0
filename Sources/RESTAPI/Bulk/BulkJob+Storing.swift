import Metadata

/// A job as a file keeps it.
extension BulkJob {
    /// All that is known of the job, as JSON.
    var stored: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("org", org.description)
        writer.member("operation", operation.rawValue)
        writer.member("object", object)
        writer.member("externalIDField", externalIDField)
        writer.member("query", query)
        writer.member("delimiter", delimiter.rawValue)
        writer.member("lineEnding", lineEnding.rawValue)
        writer.member("version", version.major)
        writer.member("createdBy", createdBy.description)
        writer.member("createdDate", Int(createdDate.milliseconds))
        writer.member("timeZone", timeZone)
        writer.member("locale", locale)
        writer.member("client", client)
        writer.member("state", state.rawValue)
        writer.member("systemModstamp", Int(systemModstamp.milliseconds))
        writer.member("errorMessage", errorMessage)
        writer.member("hasUpload", hasUpload)
        writer.member("rowsDone", rowsDone)
        writer.member("rowsFailed", rowsFailed)
        writer.member("processingMilliseconds", processingMilliseconds)
        writer.member("successfulBytes", successfulBytes)
        writer.member("failedBytes", failedBytes)
        writer.key("partRows")
        writer.beginArray()
        for count in partRows { writer.int(Int64(count)) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Reads a stored job; `nil` where the bytes are not one.
    init?(stored bytes: [UInt8]) {
        guard let value = try? JSONParser.parse(bytes),
            let id = value["id"]?.string.flatMap({ try? RecordID($0) }),
            let org = value["org"]?.string.flatMap({ try? RecordID($0) }),
            let operation = value["operation"]?.string.flatMap(Operation.init),
            let object = value["object"]?.string,
            let version = value["version"]?.number?.int64
                .flatMap({ APIVersion(major: Int($0)) }),
            let createdBy = value["createdBy"]?.string.flatMap({ try? RecordID($0) }),
            let createdDate = value["createdDate"]?.number?.int64,
            let state = value["state"]?.string.flatMap(State.init),
            let modstamp = value["systemModstamp"]?.number?.int64
        else { return nil }
        let number = { (name: String) in Int(value[name]?.number?.int64 ?? 0) }
        self.init(
            id: id,
            org: OrgID(org),
            operation: operation,
            object: object,
            version: version,
            createdBy: createdBy,
            createdDate: Instant(milliseconds: createdDate)
        )
        self.state = state
        systemModstamp = Instant(milliseconds: modstamp)
        externalIDField = value["externalIDField"]?.string
        query = value["query"]?.string
        delimiter = value["delimiter"]?.string.flatMap(CSVDelimiter.init) ?? .comma
        lineEnding = value["lineEnding"]?.string.flatMap(CSVLineEnding.init) ?? .lineFeed
        timeZone = value["timeZone"]?.string ?? "UTC"
        locale = value["locale"]?.string ?? "en_US"
        client = value["client"]?.string
        errorMessage = value["errorMessage"]?.string
        hasUpload = value["hasUpload"]?.bool ?? false
        rowsDone = number("rowsDone")
        rowsFailed = number("rowsFailed")
        processingMilliseconds = number("processingMilliseconds")
        successfulBytes = number("successfulBytes")
        failedBytes = number("failedBytes")
        partRows = (value["partRows"]?.array ?? []).map { Int($0.number?.int64 ?? 0) }
    }
}
