import Dispatch
package import Metadata

extension IdentityService {
    /// Gives a user a login; without a password, which must then be set before it is of use.
    ///
    /// - Throws: `DirectoryFailure.usernameTaken`; `WeakPassword`.
    package func addLogin(
        username: String,
        user: RecordID,
        in org: OrgID,
        password: String? = nil
    ) async throws {
        if let password { try PasswordRule.check(password, for: username) }
        var hash: String?
        if let password { hash = try await makeHash(of: password) }
        try await directory.addLogin(
            Login(
                username: username,
                org: org,
                user: user,
                passwordHash: hash,
                passwordChangedAt: hash == nil ? nil : clock.now()
            )
        )
    }

    /// Whether another user of the deployment has a username.
    package func isUsernameTaken(
        _ username: String,
        byOtherThan user: RecordID?,
        in org: OrgID
    ) async throws -> Bool {
        guard let login = try await directory.login(username: username) else { return false }
        return login.user != user || login.org != org
    }

    /// Sets a user's password, and ends all that was begun with the old one.
    ///
    /// - Throws: `IdentityError.unknownUser`; `WeakPassword`.
    package func setPassword(_ password: String, of user: RecordID, in org: OrgID) async throws {
        let login = try await login(of: user, in: org)
        try PasswordRule.check(password, for: login.username)
        try await replacePassword(password, login)
    }

    /// Lets a user choose another password.
    ///
    /// - Throws: `IdentityError.invalidLogin` if the old one is wrong; `WeakPassword`.
    package func changePassword(
        from old: String,
        to new: String,
        of user: RecordID,
        in org: OrgID,
        peer: String
    ) async throws {
        let login = try await login(of: user, in: org)
        // Through the front door, so that guesses are counted here as well.
        _ = try await authenticate(
            LoginAttempt(username: login.username, password: old, peer: peer, isTyped: true)
        )
        try PasswordRule.check(new, for: login.username)
        try await replacePassword(new, login)
    }

    /// Makes up a new password for a user, as an administrator may.
    ///
    /// - Returns: the password, of which this is the only copy.
    package func resetPassword(of user: RecordID, in org: OrgID) async throws -> String {
        let login = try await login(of: user, in: org)
        let password = GeneratedSecret.password()
        try await replacePassword(password, login)
        return password
    }

    /// Makes up a new security token for a user; the old one is worthless from now on.
    ///
    /// - Returns: the token, of which this is the only copy.
    package func resetSecurityToken(of user: RecordID, in org: OrgID) async throws -> String {
        let login = try await login(of: user, in: org)
        let token = GeneratedSecret.securityToken()
        try await directory.setSecurityToken(
            TokenDigest(of: token),
            of: login.user,
            in: login.org
        )
        return token
    }

    /// Lifts the lock of a user who has failed too often.
    package func unlock(_ user: RecordID, in org: OrgID) async throws {
        try await unlock(try await login(of: user, in: org))
    }

    /// Hashes a password away from the threads that answer requests.
    func makeHash(of password: String) async throws -> String {
        let cost = settings.passwordCost
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    with: Result { try PasswordHash(of: password, cost: cost).encoded }
                )
            }
        }
    }

    private func login(of user: RecordID, in org: OrgID) async throws -> Login {
        guard let login = try await directory.login(of: user, in: org) else {
            throw IdentityError.unknownUser
        }
        return login
    }

    private func replacePassword(_ password: String, _ login: Login) async throws {
        try await directory.setPasswordHash(
            try await makeHash(of: password),
            of: login.user,
            in: login.org,
            changedAt: clock.now()
        )
        try await endEverything(of: login.user, in: login.org)
        try await unlock(login)
    }

    private func unlock(_ login: Login) async throws {
        throttle.withLock { $0.unlock(username: login.username) }
        try await directory.setLock(username: login.username, until: nil)
    }
}
