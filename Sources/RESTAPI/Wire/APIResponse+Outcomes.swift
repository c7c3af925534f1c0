import Gateway
import Kernel
import Metadata

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
            status: HTTPStatus.created,
            headers: location.map { [("Location", $0)] } ?? [],
            body: body
        )
    }

    /// 201 without a body.
    static let accepted = APIResponse(status: HTTPStatus.created, contentType: nil)

    /// 300: several records are meant, and here they are.
    static func choices(_ urls: [String]) -> APIResponse {
        var writer = JSONWriter()
        writer.strings(urls)
        return APIResponse(status: HTTPStatus.multipleChoices, body: writer.bytes)
    }

    /// 304: what the client has is still right.
    static let notModified = APIResponse(status: HTTPStatus.notModified, contentType: nil)

    /// 400 with a body of the resource's own shape.
    static func refused(_ body: [UInt8]) -> APIResponse {
        APIResponse(status: HTTPStatus.badRequest, body: body)
    }

    /// Whether it says that something went well.
    var isSuccess: Bool { status < HTTPStatus.badRequest }

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

    /// One error within a result: `{statusCode, message, fields}`.
    mutating func resultError(_ error: RecordError) {
        beginObject()
        member("statusCode", error.code.rawValue)
        member("message", error.message)
        key("fields")
        strings(error.fields.map(\.text))
        ErrorResponses.writeDetail(of: error, to: &self)
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
