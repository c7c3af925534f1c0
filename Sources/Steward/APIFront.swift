import Gateway
import Kernel
import RESTAPI

/// Sends each request to the part that answers it.
struct APIFront: APIHandler {
    let authentication: Authentication
    let oauth: OAuthRoutes
    let soap: SOAPRoutes
    let router: APIRouter
    let limits: RateLimits
    let log: LogFiles

    func respond(to request: APIRequest) async -> APIResponse {
        if let response = await oauth.respond(to: request) { return response }
        if let response = await soap.respond(to: request) { return response }
        if let response = await log.respond(to: request) { return response }
        do {
            guard let caller = try await caller(of: request) else {
                return await router.respond(to: request, as: nil)
            }
            return try await limits.admitting(caller.org) {
                await router.respond(to: request, as: caller)
            }
        } catch {
            return ErrorResponses.response(error)
        }
    }

    /// A request without a session may still ask for what is open to all.
    private func caller(of request: APIRequest) async throws -> Caller? {
        guard try Authentication.token(of: request) != nil else { return nil }
        return try await authentication.caller(of: request)
    }
}
