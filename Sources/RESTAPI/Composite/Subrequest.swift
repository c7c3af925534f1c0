import Gateway
import Kernel
import Metadata

/// Answers the parts of a request that is made of several, in one transaction or one snapshot.
struct SubrequestDesk {
    private let outer: APICall
    private let reader: RecordReader

    init(_ outer: APICall, _ reader: RecordReader) {
        self.outer = outer
        self.reader = reader
    }

    /// Answers one part; what goes wrong with it is part of the answer, and undone.
    func respond(to request: APIRequest) -> APIResponse {
        do {
            let (route, call) = try RouteTable.standard.route(request, outer.parts)
            return try run(route, call)
        } catch {
            return APIResponse.failure(error)
        }
    }

    private func run(_ route: Route, _ call: APICall) throws -> APIResponse {
        switch route.handler {
        case .open(let body): return try body(call)
        case .reads(_, let body): return try body(call, reader)
        case .writes(let body):
            let writer = try writer()
            return try writer.savepoint { try body(call, writer) }
        case .either(_, let body):
            guard let writer = reader as? RecordWriter else { return try body(call, reader) }
            return try writer.savepoint { try body(call, writer) }
        case .special, .anyone:
            throw RecordError(
                .invalidOperation,
                "\(call.request.path) cannot be part of another request"
            )
        }
    }

    private func writer() throws -> RecordWriter {
        guard let writer = reader as? RecordWriter else {
            throw RecordError(.unknownException, "A part that writes came where all only read")
        }
        return writer
    }

    /// A part as a request of its own.
    ///
    /// - Parameter url: from `/services/data` on, or from the version on: `v59.0/limits`; a scheme
    ///   and host in front are passed over.
    func request(
        method: APIRequest.Method,
        url: String,
        body: JSONValue?,
        headers: [(name: String, value: String)] = []
    ) throws -> APIRequest {
        let target = try RequestTarget(Self.rooted(url))
        guard target.segments.prefix(2).map({ $0.lowercased() }) == ["services", "data"] else {
            throw RecordError.noSuchResource
        }
        var bytes: [UInt8] = []
        if let body, !body.isNull {
            var writer = JSONWriter()
            writer.value(body)
            bytes = writer.bytes
        }
        return APIRequest(
            method: method,
            path: target.path,
            segments: target.segments,
            parameters: target.parameters,
            headers: headers,
            body: bytes,
            origin: outer.request.origin,
            peer: outer.request.peer
        )
    }

    private static func rooted(_ url: String) -> String {
        let encoded = url.replacingBlanks
        if encoded.hasPrefix("/") || encoded.contains("://") { return encoded }
        if encoded.lowercased().hasPrefix("services/") { return "/\(encoded)" }
        return "/services/data/\(encoded)"
    }

    /// Whether no part of the request changes anything.
    static func isReading(_ methods: some Sequence<String?>) -> Bool {
        methods.allSatisfy { method in
            let name = method?.uppercased() ?? "GET"
            return name == "GET" || name == "HEAD"
        }
    }
}

extension String {
    /// With blanks percent-encoded, as clients leave them in the queries of parts.
    fileprivate var replacingBlanks: String {
        contains(" ")
            ? split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%20")
            : self
    }
}

extension JSONWriter {
    /// The body of a part's answer as a member's value: JSON as it is, nothing as null.
    mutating func body(of response: APIResponse) {
        guard !response.body.isEmpty else {
            null()
            return
        }
        if response.contentType?.contains("json") == true {
            raw(response.body)
        } else {
            string(Base64.encode(response.body))
        }
    }
}
