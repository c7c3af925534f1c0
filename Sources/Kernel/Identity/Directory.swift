package import Metadata

/// What spans orgs: who they are, who logs in where, and which sessions there are.
///
/// A write has lasted when its call returns. Tokens are known here by their digests alone.
package protocol Directory: Sendable {
    // Orgs

    /// Adds an org. Throws `DirectoryFailure.slugTaken`.
    func addOrg(_ org: OrgEntry) async throws
    /// Changes slug, label, activity and trusted networks. Throws `DirectoryFailure.slugTaken`.
    func updateOrg(_ org: OrgEntry) async throws
    /// The org of that id.
    func org(_ id: OrgID) async throws -> OrgEntry?
    /// The org of that slug.
    func org(slug: String) async throws -> OrgEntry?
    /// All orgs, the oldest first.
    func orgs() async throws -> [OrgEntry]

    // Logins

    /// Adds a login. Throws `DirectoryFailure.usernameTaken`.
    func addLogin(_ login: Login) async throws
    /// The login of a username, in any letter case.
    func login(username: String) async throws -> Login?
    /// A user's login.
    func login(of user: RecordID, in org: OrgID) async throws -> Login?
    /// Throws `DirectoryFailure.usernameTaken`.
    func setUsername(_ username: String, of user: RecordID, in org: OrgID) async throws
    /// Sets the password, or what hashing it again at another cost gave.
    ///
    /// `changedAt`: `nil` when the password is still the same.
    func setPasswordHash(
        _ hash: String,
        of user: RecordID,
        in org: OrgID,
        changedAt: Instant?
    ) async throws
    /// Sets or takes away the security token.
    func setSecurityToken(
        _ digest: TokenDigest?,
        of user: RecordID,
        in org: OrgID
    ) async throws
    /// Says whether the user may log in.
    func setLoginActive(_ isActive: Bool, of user: RecordID, in org: OrgID) async throws
    /// Until when a username must not try again, known or not.
    func lockedUntil(username: String) async throws -> Instant?
    /// Locks a username, or with `nil` lifts its lock.
    func setLock(username: String, until: Instant?) async throws

    // Sessions

    /// Adds a session.
    func addSession(_ session: LoginSession, _ digest: TokenDigest) async throws
    /// The session of a token, expired or not; the hot path, answered from memory if it can be.
    func session(_ digest: TokenDigest, at now: Instant) async throws -> LoginSession?
    /// Notes that a session is in use.
    func touchSession(_ digest: TokenDigest, usedAt: Instant, expiresAt: Instant) async throws
    /// Ends one session; unknown to all from this moment.
    func endSession(_ digest: TokenDigest) async throws
    /// Ends a user's sessions: all, or those of one client.
    func endSessions(of user: RecordID, in org: OrgID, client: String?) async throws

    // OAuth

    /// Adds a client. Throws `DirectoryFailure.clientTaken`.
    func addClient(_ client: OAuthClient) async throws
    /// Changes everything but id, org and time.
    func updateClient(_ client: OAuthClient) async throws
    /// The client of that id.
    func client(_ id: String) async throws -> OAuthClient?
    /// The clients of an org.
    func clients(of org: OrgID) async throws -> [OAuthClient]
    /// Adds a refresh token.
    func addRefreshToken(_ token: RefreshToken, _ digest: TokenDigest) async throws
    /// The refresh token with that digest.
    func refreshToken(_ digest: TokenDigest) async throws -> RefreshToken?
    /// Makes one refresh token worthless.
    func revokeRefreshToken(_ digest: TokenDigest) async throws
    /// Makes all refresh tokens of a user worthless.
    func revokeRefreshTokens(of user: RecordID, in org: OrgID) async throws
    /// Adds an authorization code.
    func addCode(_ code: AuthorizationCode, _ digest: TokenDigest) async throws
    /// Takes a code, which nobody can take again.
    func takeCode(_ digest: TokenDigest) async throws -> AuthorizationCode?

    // Usage

    /// Adds to the requests of an org on a day.
    ///
    /// `day`: days since 1970 in UTC.
    /// - Returns: how many there are with these.
    func addUsage(_ requests: Int, of org: OrgID, day: Int) async throws -> Int

    /// Removes what has expired.
    func purge(before now: Instant) async throws
}

/// What the directory refuses.
package enum DirectoryFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case usernameTaken
    case slugTaken
    case clientTaken

    package var description: String {
        switch self {
        case .usernameTaken: "this username is taken: choose another"
        case .slugTaken: "an org of this name exists: choose another"
        case .clientTaken: "a client of this id exists"
        }
    }
}
