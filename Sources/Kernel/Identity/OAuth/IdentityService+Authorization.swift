import Metadata

/// What a client asks of a user through the browser.
package struct AuthorizationRequest: Sendable {
    package enum ResponseType: String, Sendable {
        case code
        case token
    }

    package let client: OAuthClient
    package let redirectURI: String
    package let responseType: ResponseType
    package let scope: String
    package let state: String?
    package let challenge: CodeChallenge?

    /// Where the browser goes when the user does not allow it.
    package var denied: String {
        let answer = [
            ("error", OAuthError.Code.accessDenied.rawValue),
            ("error_description", "end-user denied authorization"), ("state", state),
        ]
        return RedirectURI.adding(answer, to: redirectURI, asFragment: responseType == .token)
    }
}

/// Why the browser cannot go on to the client, or with what it goes back to it.
package enum AuthorizationFailure: Error, Hashable, Sendable {
    /// Nobody knows where the request comes from: the user is told, and the browser stays here.
    case stay(OAuthError)
    /// The client is told, at this address.
    case goBack(String)
}

extension IdentityService {
    /// Reads what a client asks, and checks that it may.
    ///
    /// `parameters`: of the query.
    /// - Throws: `AuthorizationFailure`.
    ///
    /// Source: RFC 6749, section 4.1.1; RFC 7636.
    package func authorizationRequest(
        _ parameters: [(name: String, value: String)]
    ) async throws -> AuthorizationRequest {
        func value(_ name: String) -> String? {
            parameters.first { $0.name == name && !$0.value.isEmpty }?.value
        }
        guard let id = value("client_id"), let client = try await directory.client(id),
            client.isActive
        else { throw AuthorizationFailure.stay(.unknownClient) }
        guard let redirectURI = value("redirect_uri") ?? client.redirectURIs.first,
            RedirectURI.isRegistered(redirectURI, among: client.redirectURIs)
        else {
            throw AuthorizationFailure.stay(
                OAuthError(.redirectURIMismatch, "redirect_uri must match configuration")
            )
        }
        let state = value("state")
        do {
            let type = try responseType(value("response_type"), client)
            return AuthorizationRequest(
                client: client,
                redirectURI: redirectURI,
                responseType: type,
                scope: try OAuthScope.granted(value("scope")),
                state: state,
                challenge: try challenge(
                    value("code_challenge"),
                    value("code_challenge_method"),
                    client,
                    type
                )
            )
        } catch {
            let answer = [
                ("error", error.code.rawValue), ("error_description", error.description),
                ("state", state),
            ]
            throw AuthorizationFailure.goBack(RedirectURI.adding(answer, to: redirectURI))
        }
    }

    /// Logs a user in and lets the client act for them.
    ///
    /// - Returns: where the browser goes, with the code or the session.
    /// - Throws: `OAuthError` when the login fails, for the user to try again.
    package func authorize(
        _ request: AuthorizationRequest,
        _ attempt: LoginAttempt,
        origin: String
    ) async throws -> String {
        try await inOAuthWords {
            var attempt = attempt
            attempt.isTyped = true
            let login = try await authenticate(attempt)
            guard mayServe(login.org, request.client) else { throw OAuthError.notApproved }
            switch request.responseType {
            case .code: return try await code(request, login)
            case .token: return try await token(request, login, origin)
            }
        }
    }

    private func code(_ request: AuthorizationRequest, _ login: Login) async throws -> String {
        let code = OpaqueToken().text
        let expiresAt = clock.now().adding(seconds: settings.authorizationCodeSeconds)
        try await directory.addCode(
            AuthorizationCode(
                org: login.org,
                user: login.user,
                client: request.client.id,
                redirectURI: request.redirectURI,
                challenge: request.challenge,
                scope: request.scope,
                expiresAt: expiresAt
            ),
            TokenDigest(of: code)
        )
        return RedirectURI.adding(
            [("code", code), ("state", request.state)],
            to: request.redirectURI
        )
    }

    private func token(
        _ request: AuthorizationRequest,
        _ login: Login,
        _ origin: String
    ) async throws -> String {
        let answer = try await answer(
            origin,
            request.client,
            org: login.org,
            user: login.user,
            scope: request.scope,
            mayRefresh: true
        )
        return RedirectURI.adding(
            [
                ("access_token", answer.accessToken), ("refresh_token", answer.refreshToken),
                ("instance_url", answer.instanceURL), ("id", answer.identityURL),
                ("issued_at", String(answer.issuedAt.milliseconds)),
                ("signature", answer.signature), ("scope", answer.scope),
                ("token_type", "Bearer"), ("state", request.state),
            ],
            to: request.redirectURI,
            asFragment: true
        )
    }

    private func responseType(
        _ text: String?,
        _ client: OAuthClient
    ) throws(OAuthError) -> AuthorizationRequest.ResponseType {
        guard let text, let type = AuthorizationRequest.ResponseType(rawValue: text) else {
            throw OAuthError(.unsupportedResponseType, "response type must be code or token")
        }
        let needed: OAuthGrant =
            switch type {
            case .code: .authorizationCode
            case .token: .implicit
            }
        guard client.grants.contains(needed) else {
            throw OAuthError(.unauthorizedClient, "this client may not use this response type")
        }
        return type
    }

    private func challenge(
        _ text: String?,
        _ method: String?,
        _ client: OAuthClient,
        _ type: AuthorizationRequest.ResponseType
    ) throws(OAuthError) -> CodeChallenge? {
        guard let text else {
            // Without a secret, nothing else would tie the code to who asked for it.
            guard client.sealedSecret != nil || type == .token else {
                throw OAuthError(.invalidRequest, "missing required code challenge")
            }
            return nil
        }
        guard let challenge = CodeChallenge(text, method: method) else {
            throw OAuthError(.invalidRequest, "invalid code challenge")
        }
        return challenge
    }
}
