package import Gateway
package import Kernel
package import Metadata

/// The ways in which the API says that something went well; what went wrong is the gateway's.
extension APIResponse {
    /// 200 with a JSON body.
    static func ok(_ body: [UInt8]) -> APIResponse {
        APIResponse(body: body)
    }

    /// 200 with a JSON body written by a closure.
    static func json(_ write: (inout JSONWriter) throws -> Void) rethrows -> APIResponse {
        var writer = JSONWriter()
        try write(&writer)
        return .ok(writer.bytes)
    }

    /// 201 with where the new thing is.
    static func created(_ body: [UInt8], at location: String? = nil) -> APIResponse {
        APIResponse(
            status: 201, headers: location.map { [("Location", $0)] } ?? [], body: body)
    }

    /// 201 without a body.
    static let accepted = APIResponse(status: 201, contentType: nil)

    /// 300: which of these is meant?
    static func choices(_ urls: [String]) -> APIResponse {
        var writer = JSONWriter()
        writer.strings(urls)
        return APIResponse(status: 300, body: writer.bytes)
    }

    /// 304: what the client has is still right.
    static let notModified = APIResponse(status: 304, contentType: nil)

    /// 400 with a body of the resource's own shape.
    static func refused(_ body: [UInt8]) -> APIResponse {
        APIResponse(status: 400, body: body)
    }

    /// Whether it says that something went well.
    var isSuccess: Bool { status < 400 }

    /// One or more errors of the platform's usual shape, with the status of the first.
    static func errors(_ errors: [RecordError]) -> APIResponse {
        guard let first = errors.first else {
            return ErrorResponses.response(
                RecordError(.unknownException, "A save failed without saying why"))
        }
        if errors.count == 1 { return ErrorResponses.response(first) }
        var writer = JSONWriter()
        writer.beginArray()
        for error in errors { writer.error(error) }
        writer.endArray()
        return APIResponse(status: ErrorResponses.status(of: first.code), body: writer.bytes)
    }

    /// 400 with a code that only this resource has.
    static func refused(_ code: String, _ message: String) -> APIResponse {
        var writer = JSONWriter()
        writer.beginArray()
        writer.beginObject()
        writer.key("errorCode")
        writer.string(code)
        writer.key("message")
        writer.string(message)
        writer.endObject()
        writer.endArray()
        return .refused(writer.bytes)
    }
}

extension JSONWriter {
    /// An array of strings.
    mutating func strings(_ values: some Sequence<String>) {
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    /// A member with a text, or null.
    mutating func member(_ key: JSONKey, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ key: JSONKey, _ value: Bool) {
        self.key(key)
        bool(value)
    }

    mutating func member(_ key: JSONKey, _ value: Int) {
        self.key(key)
        int(value)
    }

    /// A member with an empty array.
    mutating func emptyList(_ key: JSONKey) {
        self.key(key)
        beginArray()
        endArray()
    }

    /// One error of an error body: `{message, errorCode, fields}`.
    mutating func error(_ error: RecordError) {
        beginObject()
        member("message", error.message)
        member("errorCode", error.code.rawValue)
        key("fields")
        strings(error.fields.map(\.text))
        endObject()
    }

    /// One error within a result: `{statusCode, message, fields}`.
    mutating func resultError(_ error: RecordError) {
        beginObject()
        member("statusCode", error.code.rawValue)
        member("message", error.message)
        key("fields")
        strings(error.fields.map(\.text))
        endObject()
    }

    /// `{"attributes":{"type","url"}`: the beginning of a record, whose object stays open.
    mutating func beginRecord(type: String, url: String) {
        beginObject()
        key("attributes")
        beginObject()
        member("type", type)
        member("url", url)
        endObject()
    }
}
