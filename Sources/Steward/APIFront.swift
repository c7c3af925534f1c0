import Gateway
import Kernel
import RESTAPI

/// Sends each request to the part that answers it.
struct APIFront: APIHandler {
    let authentication: Authentication
    let oauth: OAuthRoutes
    let soap: SOAPRoutes
    let router: APIRouter

    func respond(to request: APIRequest) async -> APIResponse {
        if let response = await oauth.respond(to: request) { return response }
        if let response = await soap.respond(to: request) { return response }
        do {
            return await router.respond(to: request, as: try await caller(of: request))
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
