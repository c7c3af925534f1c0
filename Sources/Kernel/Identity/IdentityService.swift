package import Metadata

/// Who someone is: logins, sessions, passwords, and what OAuth clients may do in users' names.
///
/// Its parts, by story: `+Login` proves who it is, `+Sessions` says who a token stands for,
/// `+Passwords` changes what proves it, `OAuth/` speaks RFC 6749.
///
/// Passwords and tokens are never kept or logged, only what was made of them.
package struct IdentityService: Sendable {
    package let directory: any Directory
    package let settings: IdentitySettings
    let facts: any UserFacts
    let secrets: SecretBox
    let clock: any WallClock
    let verifier: PasswordVerifier
    let throttle: Locked<LoginThrottle>
    let users: KnownUsers

    /// The service of a deployment; there must be one of it, since it counts failed logins.
    ///
    /// - Parameters:
    /// - facts: what the orgs' records say about users.
    /// - secrets: opens the secrets of OAuth clients.
    package init(
        directory: any Directory,
        facts: any UserFacts,
        secrets: SecretBox,
        clock: any WallClock,
        settings: IdentitySettings = IdentitySettings()
    ) {
        self.directory = directory
        self.settings = settings
        self.facts = facts
        self.secrets = secrets
        self.clock = clock
        verifier = PasswordVerifier()
        throttle = Locked(LoginThrottle())
        users = KnownUsers(secondsKept: settings.profileSecondsKept)
    }
}

/// How long sessions last and what a login must show.
package struct IdentitySettings: Hashable, Sendable {
    /// A session ends so long after it was last used.
    package var sessionIdleSeconds: Int64 = 2 * 3_600
    /// A session ends so long after it began, however much it is used.
    package var sessionLongestSeconds: Int64 = 12 * 3_600
    /// How coarsely the last use of a session is kept.
    package var sessionTouchSeconds: Int64 = 300
    package var authorizationCodeSeconds: Int64 = 600
    /// How long what a user's record says may be out of date, if nobody says that it changed.
    package var profileSecondsKept: Int64 = 15
    /// Whether a program on this machine may log in without a security token.
    ///
    /// To be switched off where a proxy on this machine passes on requests from elsewhere.
    package var trustsLoopback = true
    package var passwordCost = ScryptCost.standard
    /// Audiences of assertions that are taken besides the deployment's own address.
    package var assertionAudiences = [
        "https://login.salesforce.com", "https://test.salesforce.com",
    ]

    /// The names by which clients reach this deployment, in lower case: an assertion meant for one of
    /// them is meant for us, and what a request's own Host says decides nothing.
    package var hostNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    package init() {}

    /// Whether an address, such as `https://crm.example:8443`, is this deployment's own.
    func isOwn(origin: String) -> Bool {
        let authority = origin.drop { $0 != "/" }.dropFirst(2).lowercased()
        let host =
            authority.first == "["
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" && $0 != "/" }
        return hostNames.contains(String(host))
    }
}

/// Why someone is not who they say, or may not act.
package enum IdentityError: Error, Hashable, Sendable {
    /// Unknown username, wrong password or token, or too many failures: it does not say which.
    case invalidLogin
    /// The password was right, and the user has been deactivated.
    case inactiveUser
    /// The password was right, and the org has been deactivated.
    case inactiveOrg
    /// No session, or one that has ended.
    case invalidSession
    /// There is no such user in the org.
    case unknownUser
}
