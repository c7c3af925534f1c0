package import Metadata

/// An org, as the deployment knows it.
package struct OrgEntry: Hashable, Sendable {
    package let id: OrgID
    /// The org's name in paths and commands: lower-case letters, digits and hyphens; unique.
    package var slug: String
    package var label: String
    /// Below the sequences of all the org's record ids, so that no two orgs issue the same id.
    package let idBase: Int64
    package let createdAt: Instant
    package var isActive: Bool
    /// From where a password alone is enough, without the security token: `10.0.0.0/8`.
    package var trustedNetworks: [String]

    package init(
        id: OrgID,
        slug: String,
        label: String,
        idBase: Int64,
        createdAt: Instant,
        isActive: Bool = true,
        trustedNetworks: [String] = []
    ) {
        self.id = id
        self.slug = slug
        self.label = label
        self.idBase = idBase
        self.createdAt = createdAt
        self.isActive = isActive
        self.trustedNetworks = trustedNetworks
    }
}

/// A username and what proves that it is its owner who uses it.
package struct Login: Hashable, Sendable {
    /// As it was entered; `key(of:)` is what is unique.
    package var username: String
    package let org: OrgID
    package let user: RecordID
    /// `PasswordHash` in its stored form; `nil` while no password has been set.
    package var passwordHash: String?
    /// The digest of the token that API clients append to the password.
    package var securityTokenDigest: TokenDigest?
    package var passwordChangedAt: Instant?
    package var isActive: Bool

    package init(
        username: String,
        org: OrgID,
        user: RecordID,
        passwordHash: String? = nil,
        securityTokenDigest: TokenDigest? = nil,
        passwordChangedAt: Instant? = nil,
        isActive: Bool = true
    ) {
        self.username = username
        self.org = org
        self.user = user
        self.passwordHash = passwordHash
        self.securityTokenDigest = securityTokenDigest
        self.passwordChangedAt = passwordChangedAt
        self.isActive = isActive
    }

    /// The form in which usernames are compared across the deployment.
    package static func key(of username: String) -> String {
        UsernameKey.fold(username)
    }
}

/// A time during which whoever shows its token acts for a user.
package struct LoginSession: Hashable, Sendable {
    /// What began the session.
    package enum Kind: String, Hashable, Sendable {
        case soap
        case oauth
        case web
    }

    package let org: OrgID
    package let user: RecordID
    package let kind: Kind
    /// The OAuth client, or the name a SOAP client gave itself.
    package let client: String?
    /// The OAuth scopes, separated by blanks.
    package let scope: String
    package let createdAt: Instant
    /// When it was last used, known to some minutes.
    package var lastUsedAt: Instant
    package var expiresAt: Instant

    package init(
        org: OrgID,
        user: RecordID,
        kind: Kind,
        client: String?,
        scope: String,
        createdAt: Instant,
        lastUsedAt: Instant,
        expiresAt: Instant
    ) {
        self.org = org
        self.user = user
        self.kind = kind
        self.client = client
        self.scope = scope
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
    }
}

/// What an OAuth client keeps to begin sessions without the user.
package struct RefreshToken: Hashable, Sendable {
    package let org: OrgID
    package let user: RecordID
    package let client: String
    package let scope: String
    package let createdAt: Instant

    package init(org: OrgID, user: RecordID, client: String, scope: String, createdAt: Instant) {
        self.org = org
        self.user = user
        self.client = client
        self.scope = scope
        self.createdAt = createdAt
    }
}

/// What a user's browser carries to an OAuth client, which exchanges it once for a session.
package struct AuthorizationCode: Hashable, Sendable {
    package let org: OrgID
    package let user: RecordID
    package let client: String
    package let redirectURI: String
    package let challenge: CodeChallenge?
    package let scope: String
    package let expiresAt: Instant

    package init(
        org: OrgID,
        user: RecordID,
        client: String,
        redirectURI: String,
        challenge: CodeChallenge?,
        scope: String,
        expiresAt: Instant
    ) {
        self.org = org
        self.user = user
        self.client = client
        self.redirectURI = redirectURI
        self.challenge = challenge
        self.scope = scope
        self.expiresAt = expiresAt
    }
}

/// How an OAuth client may begin sessions.
package enum OAuthGrant: String, Hashable, Sendable, CaseIterable {
    case password
    case clientCredentials = "client_credentials"
    case refreshToken = "refresh_token"
    case authorizationCode = "authorization_code"
    /// The older way, in which the browser carries the session itself.
    case implicit
    case jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
}

/// A program that asks for sessions in users' names: a connected app.
package struct OAuthClient: Hashable, Sendable {
    /// The consumer key.
    package let id: String
    /// The org whose users it may act for; `nil` for all of the deployment's.
    package let org: OrgID?
    package var name: String
    /// The consumer secret, sealed; `nil` for a program that cannot keep one.
    package var sealedSecret: String?
    package var redirectURIs: [String]
    package var grants: Set<OAuthGrant>
    /// In whose name it acts when it logs in as itself.
    package var runAs: RecordID?
    /// The key that its assertions are checked with, in PEM form.
    package var publicKey: String?
    package var isActive: Bool
    package let createdAt: Instant

    package init(
        id: String,
        org: OrgID?,
        name: String,
        sealedSecret: String? = nil,
        redirectURIs: [String] = [],
        grants: Set<OAuthGrant>,
        runAs: RecordID? = nil,
        publicKey: String? = nil,
        isActive: Bool = true,
        createdAt: Instant
    ) {
        self.id = id
        self.org = org
        self.name = name
        self.sealedSecret = sealedSecret
        self.redirectURIs = redirectURIs
        self.grants = grants
        self.runAs = runAs
        self.publicKey = publicKey
        self.isActive = isActive
        self.createdAt = createdAt
    }
}
