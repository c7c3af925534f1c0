import HTTPTypes
import HummingbirdCore
import Kernel
import Metadata
import NIOCore

/// How large requests may be, and how many are answered at one time.
package struct HTTPLimits: Hashable, Sendable {
    /// A target and the headers together.
    package var headBytesMax = 16_384
    package var bodyBytesMax = 50 << 20
    /// The body of an upload for a bulk job.
    package var csvBytesMax = 150 << 20
    /// Requests in the works; those that wait for events are not counted.
    package var requestsAtOnceMax = 2_000

    package init() {}
}

/// The way of a request from HTTP to its handler, and of the answer back.
///
/// Read it from top to bottom: the head is checked, the body is collected and inflated, the handler
/// answers, the answer is compressed and gets its headers.
package struct Pipeline: Sendable {
    private let handler: any APIHandler
    private let limits: HTTPLimits
    private let publicOrigin: String?
    private let inFlight = Locked(0)

    /// A pipeline in front of a handler.
    ///
    /// `publicOrigin`: where clients reach the deployment, when a proxy stands before it:
    /// `https://crm.example.org`, no trailing slash. Without one, what the client says in `Host`.
    package init(
        handler: any APIHandler,
        limits: HTTPLimits = HTTPLimits(),
        publicOrigin: String? = nil
    ) {
        self.handler = handler
        self.limits = limits
        self.publicOrigin = publicOrigin
    }

    /// Answers one HTTP request.
    func respond(to request: Request, over connection: HTTPConnection) async -> Response {
        let start = ContinuousClock.now
        var answer: APIResponse
        do {
            answer = try await answered(request, connection)
        } catch {
            answer = ErrorResponses.response(error)
        }
        SecurityHeaders.add(to: &answer, isTLS: connection.isTLS)
        let timing = ServerTiming.header(answer.timings, total: .now - start)
        answer.headers.append(("server-timing", timing))
        return HTTPAnswer.response(
            answer,
            acceptEncoding: request.head.headerFields[.acceptEncoding],
            isHead: request.method == .head
        )
    }

    private func answered(
        _ request: Request,
        _ connection: HTTPConnection
    ) async throws -> APIResponse {
        try HTTPHead.check(request.head, bytesMax: limits.headBytesMax)
        var apiRequest = try HTTPHead.read(request.head, connection, publicOrigin)
        let isWaiting = apiRequest.segments.first == "cometd"
        apiRequest.body = try await HTTPBody.collect(
            request.body,
            apiRequest,
            bytesMax: bodyBytesMax(apiRequest)
        )
        // Counted from here on: bodies that never end must not keep others out.
        try enter(isWaiting)
        defer { leave(isWaiting) }
        return await handler.respond(to: apiRequest)
    }

    private func bodyBytesMax(_ request: APIRequest) -> Int {
        let type = request.header("content-type")?.lowercased() ?? ""
        return type.hasPrefix("text/csv") ? limits.csvBytesMax : limits.bodyBytesMax
    }

    private func enter(_ isWaiting: Bool) throws(TransportError) {
        guard !isWaiting else { return }
        let isAdmitted = inFlight.withLock { count in
            guard count < limits.requestsAtOnceMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw .overloaded }
    }

    private func leave(_ isWaiting: Bool) {
        guard !isWaiting else { return }
        inFlight.withLock { $0 -= 1 }
    }
}

/// What is known of the connection that a request came over.
struct HTTPConnection: Sendable {
    let isTLS: Bool
    /// The peer's address, without its port.
    let peer: String
}
