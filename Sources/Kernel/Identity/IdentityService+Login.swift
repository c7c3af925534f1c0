package import Metadata

/// What a user or a program shows to log in.
package struct LoginAttempt: Sendable {
    package var username: String
    /// The password, for programs followed without a gap by the security token.
    package var password: String
    /// The client's address.
    package var peer: String
    /// The org that it must be, as an id of 15 or 18 characters; `nil` for the username's own.
    package var organizationID: String?
    /// Whether a person typed it into one of our pages, where no security token is asked for.
    package var isTyped: Bool

    package init(
        username: String,
        password: String,
        peer: String,
        organizationID: String? = nil,
        isTyped: Bool = false
    ) {
        self.username = username
        self.password = password
        self.peer = peer
        self.organizationID = organizationID
        self.isTyped = isTyped
    }
}

/// A session that has just begun, with the one copy of its token.
package struct BegunSession: Sendable {
    /// `<15-character org id>!<43 characters>`.
    package let token: String
    package let session: LoginSession
    package let profile: UserProfile
    package let organization: OrganizationProfile
}

extension IdentityService {
    /// Logs in and begins a session.
    ///
    /// `client`: the name the client gives itself, for the list of sessions.
    /// - Throws: `IdentityError.invalidLogin`, `.inactiveUser`, `.inactiveOrg`.
    package func login(
        _ attempt: LoginAttempt,
        kind: LoginSession.Kind,
        client: String?
    ) async throws -> BegunSession {
        let login = try await authenticate(attempt)
        return try await beginSession(
            org: login.org,
            user: login.user,
            kind: kind,
            client: client,
            scope: "full"
        )
    }

    /// Whose username and password these are, without a session.
    ///
    /// - Throws: as `login`.
    package func check(_ attempt: LoginAttempt) async throws -> (org: OrgID, user: RecordID) {
        let login = try await authenticate(attempt)
        return (login.org, login.user)
    }

    /// Finds whose username and password these are.
    ///
    /// The answer, and the time it takes, are the same for a wrong password and an unknown username.
    func authenticate(_ attempt: LoginAttempt) async throws -> Login {
        let now = clock.now()
        let address = LoginThrottle.network(of: attempt.peer)
        let verdict = throttle.withLock {
            $0.verdict(username: attempt.username, address: address, at: now)
        }
        let storedLock = try await directory.lockedUntil(username: attempt.username)
        guard verdict == .mayTry, storedLock.map({ $0 <= now }) ?? true else {
            throw IdentityError.invalidLogin
        }
        let login = try await directory.login(username: attempt.username)
        let org = try await org(of: login)
        let (password, hash) = candidate(attempt, login, org)
        let isRight = await verifier.verify(password, against: hash, at: now)
        try await record(isRight, attempt, address)
        guard isRight, let login, let org, isMeant(org, attempt) else {
            throw IdentityError.invalidLogin
        }
        guard org.isActive else { throw IdentityError.inactiveOrg }
        guard login.isActive else { throw IdentityError.inactiveUser }
        try await renewIfOutdated(hash, password, login)
        return login
    }

    private func org(of login: Login?) async throws -> OrgEntry? {
        guard let login else { return nil }
        return try await directory.org(login.org)
    }

    /// What has to match what.
    ///
    /// Exactly one hash is computed for every attempt, so a missing user or token costs as much time
    /// as a wrong password.
    private func candidate(
        _ attempt: LoginAttempt,
        _ login: Login?,
        _ org: OrgEntry?
    ) -> (password: String, hash: PasswordHash) {
        guard let login, let org, let encoded = login.passwordHash,
            let hash = try? PasswordHash(encoded: encoded)
        else { return (attempt.password, .ofNobody) }
        if let split = GeneratedSecret.splitPasswordAndToken(attempt.password),
            let digest = login.securityTokenDigest,
            ConstantTime.areEqual(
                digest.description,
                TokenDigest(of: split.securityToken).description
            )
        {
            return (split.password, hash)
        }
        return (attempt.password, mayOmitToken(attempt, org) ? hash : .ofNobody)
    }

    private func mayOmitToken(_ attempt: LoginAttempt, _ org: OrgEntry) -> Bool {
        let trusted = org.trustedNetworks.compactMap(PeerNetwork.init)
        let networks = settings.trustsLoopback ? trusted + PeerNetwork.loopback : trusted
        return attempt.isTyped || networks.contains { $0.contains(attempt.peer) }
    }

    private func isMeant(_ org: OrgEntry, _ attempt: LoginAttempt) -> Bool {
        guard let text = attempt.organizationID else { return true }
        return (try? RecordID(text)) == org.id.record
    }

    /// Counts the outcome, and refuses a right password where a lock fell in the meantime.
    private func record(_ isRight: Bool, _ attempt: LoginAttempt, _ address: String) async throws {
        let now = clock.now()
        let username = attempt.username
        if isRight {
            let verdict = throttle.withLock {
                $0.recordSuccess(username: username, address: address, at: now)
            }
            guard verdict == .mayTry else { throw IdentityError.invalidLogin }
            return
        }
        let verdict = throttle.withLock { throttle in
            throttle.recordFailure(username: username, address: address, at: now)
            // No address is called that: so this is the verdict on the username alone.
            return throttle.verdict(username: username, address: "", at: now)
        }
        // Kept on disk as well, or a restart would forgive; for unknown usernames too, since the
        // time that writing takes would tell them from the known.
        if case .locked(let until) = verdict {
            try await directory.setLock(username: username, until: until)
        }
    }

    private func renewIfOutdated(
        _ hash: PasswordHash,
        _ password: String,
        _ login: Login
    ) async throws {
        guard hash.isOutdated, settings.passwordCost == .standard else { return }
        try await directory.setPasswordHash(
            try await makeHash(of: password),
            of: login.user,
            in: login.org,
            changedAt: nil
        )
    }
}
