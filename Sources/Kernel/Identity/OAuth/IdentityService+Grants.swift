package import Metadata

/// A request to the token endpoint.
package struct TokenRequest: Sendable {
    package let credentials: ClientCredentials
    /// Where the client reached us: `https://localhost:8443`.
    package let origin: String
    package let peer: String
    private let parameters: [(name: String, value: String)]

    /// `parameters`: from the query and the body; names that nobody knows do no harm.
    package init(
        parameters: [(name: String, value: String)],
        credentials: ClientCredentials,
        origin: String,
        peer: String
    ) {
        self.parameters = parameters
        self.credentials = credentials
        self.origin = origin
        self.peer = peer
    }

    subscript(name: String) -> String? {
        parameters.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    func required(_ name: String) throws(OAuthError) -> String {
        guard let value = self[name] else {
            throw OAuthError(.invalidRequest, "missing required parameter: \(name)")
        }
        return value
    }
}

/// What the token endpoint gives.
package struct TokenAnswer: Sendable {
    package let accessToken: String
    package let refreshToken: String?
    package let instanceURL: String
    /// `https://host/id/<18-character org id>/<18-character user id>`.
    package let identityURL: String
    package let issuedAt: Instant
    /// `nil` for a client without a secret to sign with.
    package let signature: String?
    package let scope: String
}

extension IdentityService {
    /// Answers the token endpoint.
    ///
    /// - Throws: `OAuthError` for what the client is told.
    ///
    /// Source: RFC 6749, section 4; RFC 7523 for assertions.
    package func token(_ request: TokenRequest) async throws -> TokenAnswer {
        let text = try request.required("grant_type")
        guard let grant = OAuthGrant(rawValue: text) else {
            throw OAuthError(.unsupportedGrantType, "grant type not supported")
        }
        return try await inOAuthWords {
            switch grant {
            case .password: try await passwordGrant(request)
            case .clientCredentials: try await clientCredentialsGrant(request)
            case .refreshToken: try await refreshTokenGrant(request)
            case .authorizationCode: try await authorizationCodeGrant(request)
            case .jwtBearer: try await jwtBearerGrant(request)
            case .implicit:
                throw OAuthError(.unsupportedGrantType, "grant type not supported")
            }
        }
    }

    private func passwordGrant(_ request: TokenRequest) async throws -> TokenAnswer {
        let client = try await client(request.credentials, for: .password)
        let login = try await authenticate(
            LoginAttempt(
                username: try request.required("username"),
                password: try request.required("password"),
                peer: request.peer
            )
        )
        guard mayServe(login.org, client) else { throw OAuthError.notApproved }
        return try await answer(
            request,
            client,
            org: login.org,
            user: login.user,
            scope: OAuthScope.granted(nil)
        )
    }

    private func clientCredentialsGrant(_ request: TokenRequest) async throws -> TokenAnswer {
        let client = try await client(request.credentials, for: .clientCredentials)
        // A public client has shown nothing that others do not know.
        guard client.sealedSecret != nil else { throw OAuthError.wrongSecret }
        guard let org = client.org, let user = client.runAs else {
            throw OAuthError(.invalidGrant, "no client credentials user enabled")
        }
        return try await answer(
            request,
            client,
            org: org,
            user: user,
            scope: OAuthScope.granted(request["scope"])
        )
    }

    private func refreshTokenGrant(_ request: TokenRequest) async throws -> TokenAnswer {
        let client = try await client(request.credentials, for: .refreshToken)
        let digest = TokenDigest(of: try request.required("refresh_token"))
        guard let token = try await directory.refreshToken(digest), token.client == client.id else {
            throw OAuthError.expiredRefreshToken
        }
        return try await answer(
            request,
            client,
            org: token.org,
            user: token.user,
            scope: token.scope
        )
    }

    private func authorizationCodeGrant(_ request: TokenRequest) async throws -> TokenAnswer {
        let client = try await client(request.credentials, for: .authorizationCode)
        let digest = TokenDigest(of: try request.required("code"))
        guard let code = try await directory.takeCode(digest), code.client == client.id,
            clock.now() < code.expiresAt
        else { throw OAuthError.wrongCode }
        guard request["redirect_uri"] == code.redirectURI else {
            throw OAuthError(.redirectURIMismatch, "redirect_uri must match configuration")
        }
        if let challenge = code.challenge {
            guard let verifier = request["code_verifier"], challenge.accepts(verifier) else {
                throw OAuthError(.invalidGrant, "invalid code verifier")
            }
        } else {
            // Then only the secret proves that it is the client that asked for the code.
            guard client.sealedSecret != nil else { throw OAuthError.wrongSecret }
        }
        return try await answer(
            request,
            client,
            org: code.org,
            user: code.user,
            scope: code.scope,
            mayRefresh: true
        )
    }

    private func jwtBearerGrant(_ request: TokenRequest) async throws -> TokenAnswer {
        let assertion = try JWTAssertion(try request.required("assertion"))
        let client = try await client(
            ClientCredentials(id: assertion.issuer, secret: nil),
            for: .jwtBearer,
            needsSecret: false
        )
        let own = settings.isOwn(origin: request.origin) ? [request.origin] : []
        let audiences = settings.assertionAudiences + own
        guard let key = client.publicKey, assertion.isSigned(by: key),
            assertion.isValid(for: audiences, at: clock.now())
        else { throw OAuthError.wrongAssertion }
        guard let login = try await directory.login(username: assertion.subject),
            // A client that nobody in the org has admitted must not choose whom to be.
            client.org == login.org
        else { throw OAuthError.notApproved }
        guard login.isActive else { throw OAuthError.inactiveUser }
        return try await answer(
            request,
            client,
            org: login.org,
            user: login.user,
            scope: OAuthScope.granted(request["scope"])
        )
    }

    /// Begins the session, and a refresh token where one is due.
    func answer(
        _ origin: String,
        _ client: OAuthClient,
        org: OrgID,
        user: RecordID,
        scope: String,
        mayRefresh: Bool
    ) async throws -> TokenAnswer {
        let begun = try await beginSession(
            org: org,
            user: user,
            kind: .oauth,
            client: client.id,
            scope: scope
        )
        var refreshToken: String?
        if mayRefresh, client.grants.contains(.refreshToken), OAuthScope.includesRefresh(scope) {
            let text = OpaqueToken().text
            try await directory.addRefreshToken(
                RefreshToken(
                    org: org,
                    user: user,
                    client: client.id,
                    scope: scope,
                    createdAt: clock.now()
                ),
                TokenDigest(of: text)
            )
            refreshToken = text
        }
        let identityURL = IdentityURL.text(origin: origin, org: org, user: user)
        let issuedAt = begun.session.createdAt
        let signature = try secret(of: client).map {
            TokenResponseSignature.sign(
                identityURL: identityURL,
                issuedAt: String(issuedAt.milliseconds),
                consumerSecret: $0
            )
        }
        return TokenAnswer(
            accessToken: begun.token,
            refreshToken: refreshToken,
            instanceURL: origin,
            identityURL: identityURL,
            issuedAt: issuedAt,
            signature: signature,
            scope: scope
        )
    }

    private func answer(
        _ request: TokenRequest,
        _ client: OAuthClient,
        org: OrgID,
        user: RecordID,
        scope: String,
        mayRefresh: Bool = false
    ) async throws -> TokenAnswer {
        try await answer(
            request.origin,
            client,
            org: org,
            user: user,
            scope: scope,
            mayRefresh: mayRefresh
        )
    }
}

/// Where a client reads who a user is.
package enum IdentityURL {
    /// `https://host/id/<18-character org id>/<18-character user id>`.
    package static func text(origin: String, org: OrgID, user: RecordID) -> String {
        "\(origin)/id/\(org)/\(user)"
    }
}
