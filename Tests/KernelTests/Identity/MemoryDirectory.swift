import Kernel
import Metadata

/// A directory without a disk: arrays and loops, obvious on sight.
final class MemoryDirectory: Directory {
    private struct State {
        var orgs: [OrgEntry] = []
        var logins: [Login] = []
        var locks: [String: Instant] = [:]
        var sessions: [TokenDigest: LoginSession] = [:]
        var clients: [OAuthClient] = []
        var refreshTokens: [TokenDigest: RefreshToken] = [:]
        var codes: [TokenDigest: AuthorizationCode] = [:]
        var usage: [String: Int] = [:]
    }

    private let state = Locked(State())

    var sessionCount: Int { state.withLock { $0.sessions.count } }
    /// Everything that is kept, for tests that look for what must not be in there.
    var dump: String { state.withLock { String(describing: $0) } }

    func addOrg(_ org: OrgEntry) async throws {
        try state.withLock { state in
            guard !state.orgs.contains(where: { $0.slug == org.slug }) else {
                throw DirectoryFailure.slugTaken
            }
            state.orgs.append(org)
        }
    }

    func updateOrg(_ org: OrgEntry) async throws {
        state.withLock { state in
            state.orgs = state.orgs.map { $0.id == org.id ? org : $0 }
        }
    }

    func org(_ id: OrgID) async throws -> OrgEntry? {
        state.withLock { $0.orgs.first { $0.id == id } }
    }

    func org(slug: String) async throws -> OrgEntry? {
        state.withLock { $0.orgs.first { $0.slug == slug } }
    }

    func orgs() async throws -> [OrgEntry] { state.withLock { $0.orgs } }

    func addLogin(_ login: Login) async throws {
        try state.withLock { state in
            let key = Login.key(of: login.username)
            guard !state.logins.contains(where: { Login.key(of: $0.username) == key }) else {
                throw DirectoryFailure.usernameTaken
            }
            state.logins.append(login)
        }
    }

    func login(username: String) async throws -> Login? {
        let key = Login.key(of: username)
        return state.withLock { $0.logins.first { Login.key(of: $0.username) == key } }
    }

    func login(of user: RecordID, in org: OrgID) async throws -> Login? {
        state.withLock { $0.logins.first { $0.user == user && $0.org == org } }
    }

    func setUsername(_ username: String, of user: RecordID, in org: OrgID) async throws {
        change(user, org) { $0.username = username }
    }

    func setPasswordHash(
        _ hash: String,
        of user: RecordID,
        in org: OrgID,
        changedAt: Instant?
    ) async throws {
        change(user, org) { login in
            login.passwordHash = hash
            login.passwordChangedAt = changedAt ?? login.passwordChangedAt
        }
    }

    func setSecurityToken(
        _ digest: TokenDigest?,
        of user: RecordID,
        in org: OrgID
    ) async throws {
        change(user, org) { $0.securityTokenDigest = digest }
    }

    func setLoginActive(_ isActive: Bool, of user: RecordID, in org: OrgID) async throws {
        change(user, org) { $0.isActive = isActive }
    }

    func lockedUntil(username: String) async throws -> Instant? {
        state.withLock { $0.locks[Login.key(of: username)] }
    }

    func setLock(username: String, until: Instant?) async throws {
        state.withLock { $0.locks[Login.key(of: username)] = until }
    }

    func addSession(_ session: LoginSession, _ digest: TokenDigest) async throws {
        state.withLock { $0.sessions[digest] = session }
    }

    func session(_ digest: TokenDigest, at now: Instant) async throws -> LoginSession? {
        state.withLock { $0.sessions[digest] }
    }

    func touchSession(
        _ digest: TokenDigest,
        usedAt: Instant,
        expiresAt: Instant
    ) async throws {
        state.withLock { state in
            state.sessions[digest]?.lastUsedAt = usedAt
            state.sessions[digest]?.expiresAt = expiresAt
        }
    }

    func endSession(_ digest: TokenDigest) async throws {
        state.withLock { $0.sessions[digest] = nil }
    }

    func endSessions(of user: RecordID, in org: OrgID, client: String?) async throws {
        state.withLock { state in
            state.sessions = state.sessions.filter { entry in
                entry.value.user != user || entry.value.org != org
                    || (client != nil && entry.value.client != client)
            }
        }
    }

    func addClient(_ client: OAuthClient) async throws {
        state.withLock { $0.clients.append(client) }
    }

    func updateClient(_ client: OAuthClient) async throws {
        state.withLock { state in
            state.clients = state.clients.map { $0.id == client.id ? client : $0 }
        }
    }

    func client(_ id: String) async throws -> OAuthClient? {
        state.withLock { $0.clients.first { $0.id == id } }
    }

    func clients(of org: OrgID) async throws -> [OAuthClient] {
        state.withLock { $0.clients.filter { $0.org == org } }
    }

    func addRefreshToken(_ token: RefreshToken, _ digest: TokenDigest) async throws {
        state.withLock { $0.refreshTokens[digest] = token }
    }

    func refreshToken(_ digest: TokenDigest) async throws -> RefreshToken? {
        state.withLock { $0.refreshTokens[digest] }
    }

    func revokeRefreshToken(_ digest: TokenDigest) async throws {
        state.withLock { $0.refreshTokens[digest] = nil }
    }

    func revokeRefreshTokens(of user: RecordID, in org: OrgID) async throws {
        state.withLock { state in
            state.refreshTokens = state.refreshTokens.filter {
                $0.value.user != user || $0.value.org != org
            }
        }
    }

    func addCode(_ code: AuthorizationCode, _ digest: TokenDigest) async throws {
        state.withLock { $0.codes[digest] = code }
    }

    func takeCode(_ digest: TokenDigest) async throws -> AuthorizationCode? {
        state.withLock { $0.codes.removeValue(forKey: digest) }
    }

    func addUsage(_ requests: Int, of org: OrgID, day: Int) async throws -> Int {
        state.withLock { state in
            state.usage["\(org) \(day)", default: 0] += requests
            return state.usage["\(org) \(day)", default: 0]
        }
    }

    func purge(before now: Instant) async throws {
        state.withLock { state in
            state.sessions = state.sessions.filter { now < $0.value.expiresAt }
        }
    }

    private func change(_ user: RecordID, _ org: OrgID, _ body: (inout Login) -> Void) {
        state.withLock { state in
            for index in state.logins.indices
            where state.logins[index].user == user && state.logins[index].org == org {
                body(&state.logins[index])
            }
        }
    }
}
