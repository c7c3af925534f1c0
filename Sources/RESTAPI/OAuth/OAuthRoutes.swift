package import Gateway
package import Kernel
import Metadata

/// What OAuth clients and browsers ask for before there is a session, and about one.
///
/// `POST /services/oauth2/token`, `authorize`, `revoke`, `introspect`, `userinfo`; the identity URL
/// `/id/<org>/<user>`; the OpenID discovery document; and the page at `/`.
package struct OAuthRoutes: Sendable {
    let identity: IdentityService
    let limits: RateLimits

    package init(identity: IdentityService, limits: RateLimits) {
        self.identity = identity
        self.limits = limits
    }

    /// Answers a request; `nil` when the path is not one of ours.
    package func respond(to request: APIRequest) async -> APIResponse? {
        let path = request.segments.map { $0.lowercased() }
        switch path {
        case []: return only([.get], request) { LandingPage.response }
        case [".well-known", "openid-configuration"]:
            return only([.get], request) { DiscoveryBody.response(origin: request.origin) }
        case ["services", "oauth2", "token"]:
            return await only([.post], request) { await token(request) }
        case ["services", "oauth2", "revoke"]:
            return await only([.get, .post], request) { await revoke(request) }
        case ["services", "oauth2", "introspect"]:
            return await only([.post], request) { await introspect(request) }
        case ["services", "oauth2", "userinfo"]:
            return await only([.get, .post], request) { await userInfo(request) }
        case ["services", "oauth2", "authorize"]:
            return await only([.get, .post], request) { await authorize(request) }
        case ["services", "oauth2", "success"]:
            return only([.get], request) { AuthorizePage.success }
        default:
            guard path.count == 3, path[0] == "id" else { return nil }
            return await only([.get, .post], request) { await identityURL(request) }
        }
    }

    private func only(
        _ methods: [APIRequest.Method],
        _ request: APIRequest,
        _ answer: () -> APIResponse
    ) -> APIResponse {
        methods.contains(request.method) ? answer() : Self.wrongMethod(request)
    }

    private func only(
        _ methods: [APIRequest.Method],
        _ request: APIRequest,
        _ answer: () async -> APIResponse
    ) async -> APIResponse {
        methods.contains(request.method) ? await answer() : Self.wrongMethod(request)
    }

    private static func wrongMethod(_ request: APIRequest) -> APIResponse {
        ErrorResponses.response(
            RecordError(
                .methodNotAllowed,
                "HTTP Method '\(request.method.rawValue)' not allowed"
            )
        )
    }
}

/// What a form or a query says to an OAuth endpoint.
struct OAuthParameters {
    /// The body's parameters, then the query's: some clients send theirs in the one, some in the
    /// other, and what does not belong here is passed over.
    let all: [(name: String, value: String)]
    let credentials: ClientCredentials

    init(_ request: APIRequest) throws(OAuthError) {
        do {
            all = try FormParameters.read(request.body[...]) + request.parameters
        } catch {
            throw OAuthError(.invalidRequest, "the body is not a form in UTF-8")
        }
        let all = all
        func value(_ name: String) -> String? { all.first { $0.name == name }?.value }
        credentials =
            Self.basic(request.header("authorization"))
            ?? ClientCredentials(id: value("client_id"), secret: value("client_secret"))
    }

    subscript(name: String) -> String? {
        all.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// The client in a header of the kind `Basic`.
    private static func basic(_ header: String?) -> ClientCredentials? {
        guard let header, header.lowercased().hasPrefix("basic "),
            let text = Base64Text.decode(header.dropFirst(6)),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        return ClientCredentials(
            id: String(text[..<colon]),
            secret: String(text[text.index(after: colon)...])
        )
    }
}
