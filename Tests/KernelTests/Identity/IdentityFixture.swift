import Metadata

@testable import Kernel

/// A clock that goes when it is told to.
final class TestClock: WallClock {
    private let moment = Locked(Instant(milliseconds: 1_750_000_000_000))

    func now() -> Instant { moment.withLock { $0 } }

    func pass(seconds: Int64) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
    }
}

/// What the orgs' records say, as a test sets it.
final class TestFacts: UserFacts {
    private let profiles = Locked([RecordID: UserProfile]())
    private let reads = Locked(0)

    /// How often a profile was read.
    var readCount: Int { reads.withLock { $0 } }

    func set(_ profile: UserProfile?, for user: RecordID) {
        profiles.withLock { $0[user] = profile }
    }

    func change(_ user: RecordID, _ body: (inout UserProfile) -> Void) {
        profiles.withLock { profiles in
            guard var profile = profiles[user] else { return }
            body(&profile)
            profiles[user] = profile
        }
    }

    func profile(of user: RecordID, in org: OrgID) async throws -> UserProfile? {
        reads.withLock { $0 += 1 }
        return profiles.withLock { $0[user] }
    }

    func organization(_ org: OrgID) async throws -> OrganizationProfile? {
        OrganizationProfile(name: "Aid for All")
    }
}

/// One org with one user, Ana, and an identity service over it.
struct IdentityFixture {
    static let password = "correct horse battery"
    static let username = "ana@aid.example"
    static let far = "203.0.113.7"

    let clock = TestClock()
    let directory = MemoryDirectory()
    let facts = TestFacts()
    let identity: IdentityService
    let org = OrgID(RecordID(number: 500 << RecordID.sequenceBits | 1))
    let ana = RecordID(number: 600 << RecordID.sequenceBits | 1)
    let securityToken: String

    init(_ configure: (inout IdentitySettings) -> Void = { _ in }) async throws {
        var settings = IdentitySettings()
        // Cheap on purpose: these tests are not about scrypt.
        settings.passwordCost = ScryptCost(logarithmOfRounds: 10, blockSize: 1, parallelism: 1)
        configure(&settings)
        identity = IdentityService(
            directory: directory,
            facts: facts,
            secrets: try SecretBox(deploymentKey: SecretBox.makeDeploymentKey()),
            clock: clock,
            settings: settings
        )
        try await directory.addOrg(
            OrgEntry(id: org, slug: "aid", label: "Aid", idBase: 0, createdAt: clock.now())
        )
        var profile = UserProfile(
            username: Self.username,
            name: "Ana Ito",
            lastName: "Ito",
            email: Self.username,
            modifiedAt: clock.now()
        )
        profile.timeZone = "Europe/Lisbon"
        facts.set(profile, for: ana)
        try await identity.addLogin(
            username: Self.username,
            user: ana,
            in: org,
            password: Self.password
        )
        securityToken = try await identity.resetSecurityToken(of: ana, in: org)
    }

    func attempt(
        _ password: String = IdentityFixture.password,
        username: String = IdentityFixture.username,
        peer: String = "127.0.0.1"
    ) -> LoginAttempt {
        LoginAttempt(username: username, password: password, peer: peer)
    }

    func login(_ attempt: LoginAttempt? = nil) async throws -> BegunSession {
        try await identity.login(attempt ?? self.attempt(), kind: .soap, client: nil)
    }

    func request(
        _ parameters: [(String, String)],
        id: String?,
        secret: String?,
        peer: String = "127.0.0.1",
        origin: String? = nil
    ) -> TokenRequest {
        TokenRequest(
            parameters: parameters.map { (name: $0.0, value: $0.1) },
            credentials: ClientCredentials(id: id, secret: secret),
            origin: origin ?? "https://localhost:8443",
            peer: peer
        )
    }
}
