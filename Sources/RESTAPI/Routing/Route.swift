package import Gateway
package import Kernel

/// One line of the API's table of contents: which requests it is for, and what answers them.
package struct Route: Sendable {
    package let method: APIRequest.Method
    /// From the root: fixed words, and variables that begin with a colon.
    package let pattern: [String]
    package let handler: RouteHandler
    /// One sentence for the published description.
    package let summary: String

    /// - Parameter pattern: from the root if it begins with `/`, otherwise below
    ///   `/services/data/:version/`.
    init(
        _ method: APIRequest.Method,
        _ pattern: String,
        _ handler: RouteHandler,
        _ summary: String
    ) {
        self.method = method
        let whole = pattern.hasPrefix("/") ? pattern : "/services/data/:version/\(pattern)"
        self.pattern = whole.split(separator: "/").map(String.init)
        self.handler = handler
        self.summary = summary
    }

    /// Whether it answers without a session.
    package var isOpen: Bool {
        switch handler {
        case .open, .anyone: true
        case .reads, .writes, .either, .special: false
        }
    }

    /// The names of the pattern's variables, in order.
    var variables: [String] {
        pattern.filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }
}

/// What a route needs, and what it does with it.
package enum RouteHandler: Sendable {
    /// No session.
    case open(@Sendable (APICall) throws -> APIResponse)
    /// No session, and something other than records; it cannot be part of another request.
    case anyone(@Sendable (APICall) async throws -> APIResponse)
    /// Reads; brief ones fetch a few records by id.
    case reads(isBrief: Bool, @Sendable (APICall, RecordReader) throws -> APIResponse)
    /// One transaction, kept whole or not at all.
    case writes(@Sendable (APICall, RecordWriter) throws -> APIResponse)
    /// Reads or writes, as the request says; the handler takes a writer where it asked for one.
    case either(
        writes: @Sendable (APICall) throws -> Bool,
        @Sendable (APICall, RecordReader) throws -> APIResponse
    )
    /// Something other than records; it cannot be part of another request.
    case special(@Sendable (APICall, Caller) async throws -> APIResponse)
}
