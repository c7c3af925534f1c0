import Gateway
import Kernel
import Metadata

extension OAuthRoutes {
    /// `GET` and `POST /services/oauth2/authorize`: the page on which a user logs in for a client.
    ///
    /// What the client asks is in the query both times; the body is what the user typed.
    func authorize(_ request: APIRequest) async -> APIResponse {
        do {
            let asked = try await identity.authorizationRequest(request.parameters)
            switch request.method {
            case .post: return try await decide(asked, request)
            case .get, .head, .put, .patch, .delete, .options:
                return AuthorizePage.form(
                    asked,
                    request,
                    username: request.parameter("login_hint") ?? "",
                    mistake: nil
                )
            }
        } catch let failure as AuthorizationFailure {
            switch failure {
            case .stay(let error): return AuthorizePage.refusal(error)
            case .goBack(let address): return .redirect(to: address)
            }
        } catch {
            return ErrorResponses.response(error)
        }
    }

    private func decide(
        _ asked: AuthorizationRequest,
        _ request: APIRequest
    ) async throws -> APIResponse {
        let typed = (try? FormParameters.read(request.body[...])) ?? []
        func value(_ name: String) -> String { typed.first { $0.name == name }?.value ?? "" }
        guard LoginCookie.isSame(value("csrf"), in: request) else {
            return AuthorizePage.form(
                asked,
                request,
                username: value("username"),
                mistake: "This page was open for too long. Please log in again."
            )
        }
        if value("decision") == "deny" { return .redirect(to: asked.denied) }
        do {
            try admit(request)
            let address = try await identity.authorize(
                asked,
                LoginAttempt(
                    username: value("username"),
                    password: value("password"),
                    peer: request.peer
                ),
                origin: request.origin
            )
            return .redirect(to: address)
        } catch let error as OAuthError {
            return AuthorizePage.form(
                asked,
                request,
                username: value("username"),
                mistake: Self.words(for: error)
            )
        }
    }

    private static func words(for error: OAuthError) -> String {
        switch error.code {
        case .rateLimitExceeded:
            "Too many logins were tried from your network. Please wait a minute."
        case .accessDenied, .invalidClient, .invalidClientID, .invalidGrant, .invalidRequest,
            .invalidScope, .redirectURIMismatch, .unauthorizedClient, .unsupportedGrantType,
            .unsupportedResponseType:
            """
            The username or password is wrong, or the user may not log in here. After several \
            failures one has to wait.
            """
        }
    }
}

extension APIResponse {
    /// Sends the browser elsewhere.
    static func redirect(to address: String) -> APIResponse {
        APIResponse(
            status: HTTPStatus.found,
            contentType: nil,
            headers: [("location", address)]
        )
    }
}

/// The cookie that ties a login form to the browser that it was sent to.
///
/// Another site can send a form here, but it cannot read the cookie and so not fill in its value.
enum LoginCookie {
    /// The browser's value, or a new one.
    static func value(for request: APIRequest) -> String {
        sent(in: request) ?? OpaqueToken().text
    }

    static func isSame(_ typed: String, in request: APIRequest) -> Bool {
        guard let sent = sent(in: request) else { return false }
        return ConstantTime.areEqual(typed, sent)
    }

    static func header(_ value: String, for request: APIRequest) -> String {
        let secure = isSecure(request) ? "; Secure" : ""
        return "\(name(for: request))=\(value); Path=/; HttpOnly; SameSite=Lax\(secure)"
    }

    private static func sent(in request: APIRequest) -> String? {
        let prefix = name(for: request) + "="
        let values = request.headers.filter { $0.name == "cookie" }
            .flatMap { $0.value.split(separator: ";") }
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
        return values.first { $0.utf8.count == 43 }
    }

    /// The prefix keeps other hosts of the domain from setting it.
    private static func name(for request: APIRequest) -> String {
        isSecure(request) ? "__Host-steward-login" : "steward-login"
    }

    private static func isSecure(_ request: APIRequest) -> Bool {
        request.origin.hasPrefix("https://")
    }
}
