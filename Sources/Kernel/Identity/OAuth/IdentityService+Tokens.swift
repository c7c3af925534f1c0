package import Metadata

/// What a client learns about a token.
package struct TokenFacts: Sendable {
    package let client: String
    package let username: String
    package let scope: String
    package let org: OrgID
    package let user: RecordID
    package let isRefreshToken: Bool
    package let issuedAt: Instant
    /// `nil` when it does not expire by itself.
    package let expiresAt: Instant?
}

extension IdentityService {
    /// Tells a client about a token that was given to it.
    ///
    /// - Returns: `nil` when the token is worthless, or another client's.
    /// - Throws: `OAuthError` when the client is not who it says.
    ///
    /// Source: RFC 7662.
    package func introspect(
        _ token: String,
        as credentials: ClientCredentials
    ) async throws -> TokenFacts? {
        let client = try await client(credentials)
        if let verified = try? await verify(token), verified.session.client == client.id {
            return TokenFacts(
                client: client.id,
                username: verified.profile.username,
                scope: verified.session.scope,
                org: verified.session.org,
                user: verified.session.user,
                isRefreshToken: false,
                issuedAt: verified.session.createdAt,
                expiresAt: verified.session.expiresAt
            )
        }
        guard let refresh = try await directory.refreshToken(TokenDigest(of: token)),
            refresh.client == client.id,
            let known = try await known(refresh.user, in: refresh.org, at: clock.now()),
            known.profile.isActive, known.isOrgActive
        else { return nil }
        return TokenFacts(
            client: client.id,
            username: known.profile.username,
            scope: refresh.scope,
            org: refresh.org,
            user: refresh.user,
            isRefreshToken: true,
            issuedAt: refresh.createdAt,
            expiresAt: nil
        )
    }

    /// Makes a token worthless: a session, or a refresh token with the sessions of its client.
    ///
    /// Unknown tokens are passed over: what was wanted is the case already.
    ///
    /// Source: RFC 7009.
    package func revoke(_ token: String) async throws {
        let digest = TokenDigest(of: token)
        if let refresh = try await directory.refreshToken(digest) {
            try await directory.revokeRefreshToken(digest)
            try await directory.endSessions(
                of: refresh.user,
                in: refresh.org,
                client: refresh.client
            )
        }
        try await directory.endSession(digest)
    }
}
