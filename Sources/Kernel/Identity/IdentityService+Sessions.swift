package import Metadata

/// Whom a token stands for.
package struct VerifiedSession: Sendable {
    package let caller: Caller
    package let session: LoginSession
    package let profile: UserProfile
}

extension LoginSession {
    /// Whether it may be used for more than learning who the user is.
    package var mayUseAPI: Bool {
        kind != .oauth
            || scope.split(separator: " ").contains { ["api", "full", "web"].contains($0) }
    }
}

extension IdentityService {
    /// The caller that a session's token stands for.
    ///
    /// Answered from memory as a rule: nothing is read while the user was seen some seconds ago.
    ///
    /// - Throws: `IdentityError.invalidSession` for every reason there may be.
    package func verify(_ token: String) async throws -> VerifiedSession {
        guard Self.mayBeToken(token) else { throw IdentityError.invalidSession }
        let now = clock.now()
        let digest = TokenDigest(of: token)
        guard let session = try await directory.session(digest, at: now), now < session.expiresAt,
            let known = try await known(session.user, in: session.org, at: now),
            known.profile.isActive, known.isOrgActive
        else { throw IdentityError.invalidSession }
        if now >= session.lastUsedAt.adding(seconds: settings.sessionTouchSeconds) {
            try await directory.touchSession(
                digest,
                usedAt: now,
                expiresAt: expiry(createdAt: session.createdAt, usedAt: now)
            )
        }
        let caller = Caller(
            org: session.org,
            user: session.user,
            timeZone: known.profile.timeZone,
            locale: known.profile.locale,
            client: session.client
        )
        return VerifiedSession(caller: caller, session: session, profile: known.profile)
    }

    /// Ends a session; unknown tokens are passed over.
    package func logout(_ token: String) async throws {
        try await directory.endSession(TokenDigest(of: token))
    }

    /// Begins a session for a user who has been recognised.
    ///
    /// - Throws: `IdentityError.inactiveUser` if the org's records say so.
    package func beginSession(
        org: OrgID,
        user: RecordID,
        kind: LoginSession.Kind,
        client: String?,
        scope: String
    ) async throws -> BegunSession {
        let now = clock.now()
        users.forget(KnownUsers.Key(org: org, user: user))
        guard let known = try await known(user, in: org, at: now), known.profile.isActive else {
            throw IdentityError.inactiveUser
        }
        guard known.isOrgActive, let organization = try await facts.organization(org) else {
            throw IdentityError.inactiveOrg
        }
        let token = "\(org.record.short)!\(OpaqueToken().text)"
        let session = LoginSession(
            org: org,
            user: user,
            kind: kind,
            client: client,
            scope: scope,
            createdAt: now,
            lastUsedAt: now,
            expiresAt: expiry(createdAt: now, usedAt: now)
        )
        try await directory.addSession(session, TokenDigest(of: token))
        return BegunSession(
            token: token,
            session: session,
            profile: known.profile,
            organization: organization
        )
    }

    /// Says that a user's record has changed; to be called after each such save.
    ///
    /// A user who may no longer log in loses every session and refresh token at once.
    package func userChanged(_ user: RecordID, in org: OrgID) async throws {
        users.forget(KnownUsers.Key(org: org, user: user))
        let profile = try await facts.profile(of: user, in: org)
        guard let login = try await directory.login(of: user, in: org) else { return }
        let isActive = profile?.isActive ?? false
        if login.isActive != isActive {
            try await directory.setLoginActive(isActive, of: user, in: org)
        }
        guard isActive, let profile else { return try await endEverything(of: user, in: org) }
        if profile.username != login.username {
            try await directory.setUsername(profile.username, of: user, in: org)
        }
    }

    /// Says that an org has been activated or deactivated.
    package func orgChanged() {
        users.forgetAll()
    }

    /// Ends all that a user's earlier logins began.
    func endEverything(of user: RecordID, in org: OrgID) async throws {
        try await directory.endSessions(of: user, in: org, client: nil)
        try await directory.revokeRefreshTokens(of: user, in: org)
    }

    /// The user's profile and whether the org is active, at most some seconds old.
    func known(
        _ user: RecordID,
        in org: OrgID,
        at now: Instant
    ) async throws -> KnownUsers.Known? {
        let key = KnownUsers.Key(org: org, user: user)
        let (found, generation) = users.known(key, at: now)
        if let found { return found }
        guard let entry = try await directory.org(org),
            let profile = try await facts.profile(of: user, in: org)
        else { return nil }
        let known = KnownUsers.Known(profile: profile, isOrgActive: entry.isActive, readAt: now)
        users.keep(known, key, ifStill: generation)
        return known
    }

    private func expiry(createdAt: Instant, usedAt: Instant) -> Instant {
        min(
            usedAt.adding(seconds: settings.sessionIdleSeconds),
            createdAt.adding(seconds: settings.sessionLongestSeconds)
        )
    }

    /// Whether a text has a token's form, so that others cost no look-up.
    private static func mayBeToken(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (17...128).contains(bytes.count) && bytes[15] == UInt8(ascii: "!")
    }
}
