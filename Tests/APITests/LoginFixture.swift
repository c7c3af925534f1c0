import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import StoreSQLite

/// A clock that stands.
struct StandingClock: WallClock {
    func now() -> Instant { Instant(milliseconds: 1_750_000_000_000) }
}

/// What the org's records say of Ana, its one user.
struct FixedFacts: UserFacts {
    let ana: RecordID

    func profile(of user: RecordID, in org: OrgID) async throws -> UserProfile? {
        guard user == ana else { return nil }
        var profile = UserProfile(
            username: LoginFixture.username,
            name: "Ana & Ito",
            lastName: "Ito",
            email: "ana@aid.example",
            modifiedAt: StandingClock().now()
        )
        profile.profileID = RecordID(number: 700 << RecordID.sequenceBits | 1)
        return profile
    }

    func organization(_ org: OrgID) async throws -> OrganizationProfile? {
        OrganizationProfile(name: "Aid for All")
    }
}

/// The login endpoints of a deployment with one org and one user, without a socket.
struct LoginFixture {
    static let username = "ana@aid.example"
    static let password = "correct horse battery"
    static let origin = "https://localhost:8443"
    static let redirect = "https://app.example/callback"

    let org = OrgID(RecordID(number: 500 << RecordID.sequenceBits | 1))
    let ana = RecordID(number: 600 << RecordID.sequenceBits | 1)
    let identity: IdentityService
    let oauth: OAuthRoutes
    let soap: SOAPRoutes
    let authentication: Authentication
    let client: OAuthClient
    let secret: String
    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("platform-\(UUID().uuidString).sqlite").path

    init(limits: RateLimitSettings = RateLimitSettings()) async throws {
        let store = try await PlatformStore(path: path)
        var settings = IdentitySettings()
        settings.passwordCost = ScryptCost(logarithmOfRounds: 10, blockSize: 1, parallelism: 1)
        identity = IdentityService(
            directory: store,
            facts: FixedFacts(ana: ana),
            secrets: try SecretBox(deploymentKey: SecretBox.makeDeploymentKey()),
            clock: StandingClock(),
            settings: settings
        )
        let limits = RateLimits(directory: store, clock: StandingClock(), settings: limits)
        oauth = OAuthRoutes(identity: identity, limits: limits)
        soap = SOAPRoutes(identity: identity, limits: limits)
        authentication = Authentication(identity)
        try await store.addOrg(
            OrgEntry(
                id: org,
                slug: "aid",
                label: "Aid",
                idBase: 0,
                createdAt: StandingClock().now()
            )
        )
        try await identity.addLogin(
            username: Self.username,
            user: ana,
            in: org,
            password: Self.password
        )
        let (client, secret) = try await identity.addClient(
            name: "Sync <b>",
            org: org,
            grants: [.password, .clientCredentials, .authorizationCode, .refreshToken, .implicit],
            redirectURIs: [Self.redirect],
            runAs: ana
        )
        self.client = client
        self.secret = secret ?? ""
    }

    func request(
        _ method: APIRequest.Method,
        _ path: String,
        query: [(String, String)] = [],
        headers: [(String, String)] = [],
        body: String = ""
    ) -> APIRequest {
        APIRequest(
            method: method,
            path: path,
            segments: path.split(separator: "/").map(String.init),
            parameters: query.map { (name: $0.0, value: $0.1) },
            headers: headers.map { (name: $0.0, value: $0.1) },
            body: Array(body.utf8),
            origin: Self.origin,
            peer: "127.0.0.1"
        )
    }

    /// A form's body.
    static func form(_ fields: [(String, String)]) -> String {
        fields.map { field in
            let value = field.1.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            return "\(field.0)=\(value ?? "")"
        }.joined(separator: "&")
    }
}

extension APIResponse {
    /// The body as JSON; `nil` where it is none.
    var parsed: JSONValue? { try? json }
}
