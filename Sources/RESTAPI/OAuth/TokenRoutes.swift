import Gateway
import Kernel
import Metadata

extension OAuthRoutes {
    /// `POST /services/oauth2/token`.
    func token(_ request: APIRequest) async -> APIResponse {
        await answering(request) { parameters in
            try admit(request)
            let answer = try await identity.token(
                TokenRequest(
                    parameters: parameters.all,
                    credentials: parameters.credentials,
                    origin: request.origin,
                    peer: request.peer
                )
            )
            return .json { $0.tokenAnswer(answer) }
        }
    }

    /// `POST /services/oauth2/revoke`: an empty answer, whether the token was of worth or not.
    func revoke(_ request: APIRequest) async -> APIResponse {
        await answering(request) { parameters in
            guard let token = parameters["token"] else {
                throw OAuthError(.invalidRequest, "missing required parameter: token")
            }
            try await identity.revoke(token)
            return APIResponse(contentType: nil)
        }
    }

    /// `POST /services/oauth2/introspect`.
    func introspect(_ request: APIRequest) async -> APIResponse {
        await answering(request) { parameters in
            guard let token = parameters["token"] else {
                throw OAuthError(.invalidRequest, "missing required parameter: token")
            }
            let facts = try await identity.introspect(token, as: parameters.credentials)
            return .json { $0.tokenFacts(facts, origin: request.origin) }
        }
    }

    /// Takes one of the logins that the peer may try.
    func admit(_ request: APIRequest) throws(OAuthError) {
        do {
            try limits.admitLogin(from: request.peer)
        } catch {
            throw OAuthError(.rateLimitExceeded, "login rate exceeded")
        }
    }

    private func answering(
        _ request: APIRequest,
        _ body: (OAuthParameters) async throws -> APIResponse
    ) async -> APIResponse {
        do {
            return try await body(try OAuthParameters(request))
        } catch let error as OAuthError {
            return .oauthError(error)
        } catch {
            return ErrorResponses.response(error)
        }
    }
}

extension APIResponse {
    /// A refusal as OAuth tells it: `{"error":…,"error_description":…}`.
    static func oauthError(_ error: OAuthError) -> APIResponse {
        var response = APIResponse.json { writer in
            writer.beginObject()
            writer.member("error", error.code.rawValue)
            writer.member("error_description", error.description)
            writer.endObject()
        }
        response.status = HTTPStatus.badRequest
        return response
    }
}

extension JSONWriter {
    fileprivate mutating func tokenAnswer(_ answer: TokenAnswer) {
        beginObject()
        member("access_token", answer.accessToken)
        if let refreshToken = answer.refreshToken { member("refresh_token", refreshToken) }
        if let signature = answer.signature { member("signature", signature) }
        member("scope", answer.scope)
        member("instance_url", answer.instanceURL)
        member("id", answer.identityURL)
        member("token_type", "Bearer")
        member("issued_at", String(answer.issuedAt.milliseconds))
        endObject()
    }

    fileprivate mutating func tokenFacts(_ facts: TokenFacts?, origin: String) {
        beginObject()
        member("active", facts != nil)
        if let facts {
            member("scope", facts.scope)
            member("client_id", facts.client)
            member("username", facts.username)
            member("sub", IdentityURL.text(origin: origin, org: facts.org, user: facts.user))
            member("token_type", facts.isRefreshToken ? "refresh_token" : "access_token")
            let issuedAt = Int(facts.issuedAt.milliseconds / 1_000)
            member("iat", issuedAt)
            member("nbf", issuedAt)
            if let expiresAt = facts.expiresAt {
                member("exp", Int(expiresAt.milliseconds / 1_000))
            }
        }
        endObject()
    }
}
