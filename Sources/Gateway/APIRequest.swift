import Kernel
import Metadata

/// A request to the API, freed from how it came: over HTTP, as a part of a composite, from a test.
package struct APIRequest: Sendable {
    package enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    package var method: Method
    /// The path as sent, percent-encoded, without the query: `/services/data/v62.0/query`.
    package var path: String
    /// The path's parts, decoded, without empty ones.
    package var segments: [String]
    /// The query's parameters, decoded, in order.
    package var parameters: [(name: String, value: String)]
    /// Header names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Where the client reached us: `https://localhost:8443`, no trailing slash.
    package var origin: String
    /// The peer's address, for rate limits; never stored.
    package var peer: String

    package init(
        method: Method,
        path: String,
        segments: [String],
        parameters: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        origin: String = "http://localhost",
        peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.segments = segments
        self.parameters = parameters
        self.headers = headers
        self.body = body
        self.origin = origin
        self.peer = peer
    }

    /// The first parameter of that name, in any letter case.
    package func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
            ?? parameters.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The first header of that name, given in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// What the API answers.
package struct APIResponse: Sendable {
    package var status: Int
    package var contentType: String?
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// How long each stage took, for `Server-Timing`.
    package var timings: [(stage: String, duration: Duration)]

    package init(
        status: Int = 200,
        contentType: String? = "application/json;charset=UTF-8",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timings: [(stage: String, duration: Duration)] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
        self.timings = timings
    }

    /// 204: done, and nothing to say.
    package static let noContent = APIResponse(status: 204, contentType: nil)
}
