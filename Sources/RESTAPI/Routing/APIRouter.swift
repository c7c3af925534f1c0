package import Gateway
package import Kernel
import Metadata

/// Answers every request below `/services/data`.
package struct APIRouter: Sendable {
    private let parts: APIParts
    private let table = RouteTable.standard

    package init(_ parts: APIParts) {
        self.parts = parts
    }

    /// Answers one request; what goes wrong is part of the answer.
    ///
    /// - Parameter caller: who asks; `nil` without a session.
    package func respond(to request: APIRequest, as caller: Caller?) async -> APIResponse {
        let start = ContinuousClock.now
        var response: APIResponse
        do {
            let usage = try caller.map { try count($0) }
            response = await answer(request, as: caller)
            if let usage {
                response.headers.append(
                    ("Sforce-Limit-Info", "api-usage=\(usage.used)/\(usage.max)")
                )
            }
        } catch {
            response = APIResponse.failure(error)
        }
        if request.method == .head { response.body = [] }
        response.timings.append(("api", ContinuousClock.now - start))
        return response
    }

    private func count(_ caller: Caller) throws -> APIUsage {
        let usage = parts.usage.count(caller.org, at: parts.records.clock.now())
        guard usage.used <= usage.max else {
            throw RecordError(.requestLimitExceeded, "TotalRequests Limit exceeded.")
        }
        return usage
    }

    private func answer(_ request: APIRequest, as caller: Caller?) async -> APIResponse {
        do {
            let (route, call) = try table.route(request, parts)
            if case .open(let body) = route.handler { return try body(call) }
            if case .anyone(let body) = route.handler { return try await body(call) }
            guard let caller else {
                throw RecordError(.invalidSessionID, "Session expired or invalid")
            }
            return try await run(route, call, as: caller)
        } catch {
            return APIResponse.failure(error)
        }
    }

    private func run(_ route: Route, _ call: APICall, as caller: Caller) async throws -> APIResponse
    {
        let records = parts.records
        switch route.handler {
        case .open(let body):
            return try body(call)
        case .anyone(let body):
            return try await body(call)
        case .reads(let isBrief, let body):
            return try await records.read(as: caller, isBrief: isBrief) { reader in
                try reader.requireAPIAccess()
                return try timed(reader) { try body(call, reader) }
            }
        case .writes(let body):
            return try await records.write(as: caller) { writer in
                try writer.requireAPIAccess()
                return try timed(writer) { try body(call, writer) }
            }
        case .either(let writes, let body):
            if try writes(call) {
                return try await records.write(as: caller) { writer in
                    try writer.requireAPIAccess()
                    return try timed(writer) { try body(call, writer) }
                }
            }
            return try await records.read(as: caller) { reader in
                try reader.requireAPIAccess()
                return try timed(reader) { try body(call, reader) }
            }
        case .special(let body):
            try await records.read(as: caller, isBrief: true) { try $0.requireAPIAccess() }
            return try await body(call, caller)
        }
    }
}

/// An answer that says how long its stages took.
private func timed(
    _ reader: RecordReader,
    _ answer: () throws -> APIResponse
) rethrows -> APIResponse {
    var response = try answer()
    response.timings = reader.timings.entries + response.timings
    return response
}

extension RecordReader {
    /// Only users with the permission `ApiEnabled` use the API.
    func requireAPIAccess() throws {
        guard caller.isSystem || access.has(.apiEnabled) else {
            throw RecordError(
                .apiDisabledForOrg,
                "The REST API is not enabled for this Organization."
            )
        }
    }
}

extension RouteTable {
    /// Finds the route and takes the path apart.
    func route(_ request: APIRequest, _ parts: APIParts) throws -> (Route, APICall) {
        guard let match = match(request.segments) else { throw RecordError.noSuchResource }
        let method = Self.method(of: request)
        guard let route = match.routes[method] else {
            throw RecordError(
                .methodNotAllowed,
                "HTTP Method '\(method.rawValue)' not allowed. Allowed are \(match.allowedMethods)"
            )
        }
        let values = Dictionary(
            zip(route.variables, match.values),
            uniquingKeysWith: { first, _ in first }
        )
        var version = APIVersion.newest
        if let text = values["version"] {
            guard text.first == "v" || text.first == "V", let named = APIVersion(text) else {
                throw RecordError.noSuchResource
            }
            version = named
        }
        return (
            route, APICall(request: request, version: version, parts: parts, values: values)
        )
    }

    /// The method that is meant: HEAD is GET without the body, and a POST may stand for another.
    private static func method(of request: APIRequest) -> APIRequest.Method {
        if request.method == .head { return .get }
        guard request.method == .post, let override = request.parameter("_HttpMethod"),
            let method = APIRequest.Method(rawValue: override.uppercased())
        else { return request.method }
        return method
    }
}

extension RecordError {
    /// What the path names is not there, or not for the caller to see.
    static let noSuchResource = RecordError(.notFound, "The requested resource does not exist")
}
