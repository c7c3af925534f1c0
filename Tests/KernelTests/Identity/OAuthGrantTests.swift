import Crypto
import CryptoExtras
import Foundation
import Metadata
import Testing

@testable import Kernel

/// How OAuth clients get sessions.
@Suite struct OAuthGrantTests {
    private static let redirect = "https://app.example/callback"

    private func client(
        _ fixture: IdentityFixture,
        _ grants: Set<OAuthGrant>,
        isConfidential: Bool = true,
        publicKey: String? = nil
    ) async throws -> (id: String, secret: String?) {
        let (client, secret) = try await fixture.identity.addClient(
            name: "Sync",
            org: fixture.org,
            grants: grants,
            redirectURIs: [Self.redirect],
            runAs: fixture.ana,
            publicKey: publicKey,
            isConfidential: isConfidential
        )
        return (client.id, secret)
    }

    @Test("the password grant answers with a session, and a signature over id and time")
    func password() async throws {
        let fixture = try await IdentityFixture()
        let (id, secret) = try await client(fixture, [.password])
        let answer = try await fixture.identity.token(
            fixture.request(
                [
                    ("grant_type", "password"), ("username", IdentityFixture.username),
                    ("password", IdentityFixture.password + fixture.securityToken),
                ],
                id: id,
                secret: secret,
                peer: IdentityFixture.far
            )
        )

        let identityURL = "https://localhost:8443/id/\(fixture.org)/\(fixture.ana)"
        #expect(answer.identityURL == identityURL)
        #expect(answer.refreshToken == nil)
        let text = identityURL + String(answer.issuedAt.milliseconds)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8),
            using: SymmetricKey(data: Data((secret ?? "").utf8))
        )
        #expect(answer.signature == Data(code).base64EncodedString())
        let session = try await fixture.identity.verify(answer.accessToken)
        #expect(session.caller.user == fixture.ana)
        #expect(session.session.mayUseAPI)
    }

    @Test("wrong clients, secrets, grants and passwords are refused, each in its words")
    func refusals() async throws {
        let fixture = try await IdentityFixture()
        let (id, secret) = try await client(fixture, [.password])
        let login = [
            ("username", IdentityFixture.username), ("password", IdentityFixture.password),
        ]
        func refusal(
            _ grant: String,
            _ id: String?,
            _ secret: String?,
            _ more: [(String, String)]
        ) async -> OAuthError? {
            do {
                _ = try await fixture.identity.token(
                    fixture.request([("grant_type", grant)] + more, id: id, secret: secret)
                )
                return nil
            } catch {
                return error as? OAuthError
            }
        }
        #expect(await refusal("password", "nobody", secret, login) == .unknownClient)
        #expect(await refusal("password", nil, nil, login) == .unknownClient)
        #expect(await refusal("password", id, "wrong", login) == .wrongSecret)
        #expect(await refusal("password", id, nil, login) == .wrongSecret)
        #expect(await refusal("magic", id, secret, login)?.code == .unsupportedGrantType)
        #expect(await refusal("client_credentials", id, secret, [])?.code == .unauthorizedClient)
        #expect(await refusal("password", id, secret, [])?.code == .invalidRequest)
        let wrong = [("username", IdentityFixture.username), ("password", "wrong")]
        #expect(await refusal("password", id, secret, wrong) == .wrongLogin)
    }

    @Test("a client acts as its own user, and only with a secret")
    func clientCredentials() async throws {
        let fixture = try await IdentityFixture()
        let request = [("grant_type", "client_credentials")]
        let (id, secret) = try await client(fixture, [.clientCredentials])
        let answer = try await fixture.identity.token(
            fixture.request(request, id: id, secret: secret)
        )
        #expect(try await fixture.identity.verify(answer.accessToken).caller.user == fixture.ana)

        let (open, _) = try await client(fixture, [.clientCredentials], isConfidential: false)
        await #expect(throws: OAuthError.wrongSecret) {
            try await fixture.identity.token(fixture.request(request, id: open, secret: nil))
        }
    }

    @Test("a code is good once, for its client, its address and its verifier")
    func authorizationCode() async throws {
        let fixture = try await IdentityFixture()
        let identity = fixture.identity
        let (id, _) = try await client(
            fixture,
            [.authorizationCode, .refreshToken],
            isConfidential: false
        )
        let verifier = String(repeating: "v", count: 50)
        let challenge = Base64URL.encode(Array(SHA256.hash(data: Data(verifier.utf8))))
        func code() async throws -> String {
            let asked = try await identity.authorizationRequest([
                ("client_id", id), ("redirect_uri", Self.redirect), ("response_type", "code"),
                ("state", "a b"), ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ])
            let address = try await identity.authorize(
                asked,
                fixture.attempt(peer: IdentityFixture.far),
                origin: "https://localhost"
            )
            #expect(address.hasPrefix(Self.redirect + "?code="))
            #expect(address.hasSuffix("&state=a%20b"))
            return String(address.dropFirst((Self.redirect + "?code=").count).prefix(43))
        }
        func exchange(_ code: String, _ verifier: String) async throws -> TokenAnswer {
            try await identity.token(
                fixture.request(
                    [
                        ("grant_type", "authorization_code"), ("code", code),
                        ("redirect_uri", Self.redirect), ("code_verifier", verifier),
                    ],
                    id: id,
                    secret: nil
                )
            )
        }
        let first = try await code()
        let answer = try await exchange(first, verifier)
        await #expect(throws: OAuthError.wrongCode) { try await exchange(first, verifier) }
        let other = try await code()
        await #expect(throws: OAuthError.self) {
            try await exchange(other, String(repeating: "w", count: 50))
        }
        let late = try await code()
        fixture.clock.pass(seconds: 601)
        await #expect(throws: OAuthError.wrongCode) { try await exchange(late, verifier) }

        let refresh = [
            ("grant_type", "refresh_token"), ("refresh_token", answer.refreshToken ?? ""),
        ]
        let renewed = try await identity.token(fixture.request(refresh, id: id, secret: ""))
        #expect(renewed.refreshToken == nil)
        #expect(try await identity.verify(renewed.accessToken).caller.user == fixture.ana)
        try await identity.setPassword("another good phrase", of: fixture.ana, in: fixture.org)
        await #expect(throws: OAuthError.expiredRefreshToken) {
            try await identity.token(fixture.request(refresh, id: id, secret: nil))
        }
    }

    @Test("the browser is sent back only to addresses that the client has registered")
    func redirects() async throws {
        let fixture = try await IdentityFixture()
        let (id, _) = try await client(fixture, [.authorizationCode])
        func failure(_ parameters: [(String, String)]) async -> AuthorizationFailure? {
            do {
                _ = try await fixture.identity.authorizationRequest(
                    parameters.map { (name: $0.0, value: $0.1) }
                )
                return nil
            } catch {
                return error as? AuthorizationFailure
            }
        }
        let evil = await failure([
            ("client_id", id), ("redirect_uri", Self.redirect + ".evil"), ("response_type", "code"),
        ])
        guard case .stay(let refusal) = evil else { throw error(evil) }
        #expect(refusal.code == .redirectURIMismatch)
        let implicit = await failure([
            ("client_id", id), ("redirect_uri", Self.redirect), ("response_type", "token"),
        ])
        guard case .goBack(let address) = implicit else { throw error(implicit) }
        #expect(address.hasPrefix(Self.redirect + "?error=unauthorized_client&"))

        #expect(
            RedirectURI.isRegistered(
                "http://localhost:49152/cb",
                among: ["http://localhost:1717/cb"]
            )
        )
        #expect(!RedirectURI.isRegistered("http://localhost:1/x", among: ["http://localhost/cb"]))
        #expect(!RedirectURI.isRegistered("https://a.example:1/", among: ["https://a.example/"]))
    }

    @Test("tokens can be looked into by their client, and revoked")
    func introspectAndRevoke() async throws {
        let fixture = try await IdentityFixture()
        let (id, secret) = try await client(fixture, [.clientCredentials])
        let (otherID, otherSecret) = try await client(fixture, [.clientCredentials])
        let own = ClientCredentials(id: id, secret: secret)
        let other = ClientCredentials(id: otherID, secret: otherSecret)
        let token = try await fixture.identity.token(
            fixture.request([("grant_type", "client_credentials")], id: id, secret: secret)
        ).accessToken
        let facts = try await fixture.identity.introspect(token, as: own)
        #expect(facts?.username == IdentityFixture.username)
        #expect(try await fixture.identity.introspect(token, as: other) == nil)
        try await fixture.identity.revoke(token)
        #expect(try await fixture.identity.introspect(token, as: own) == nil)
        try await fixture.identity.revoke("never was one")
    }

    @Test("an assertion admits if it is signed, meant for us and fresh")
    func assertion() async throws {
        let fixture = try await IdentityFixture()
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let (id, _) = try await client(
            fixture,
            [.jwtBearer],
            publicKey: key.publicKey.pemRepresentation
        )
        let now = fixture.clock.now().milliseconds / 1_000
        func assertion(
            _ audience: String,
            _ expires: String,
            _ key: _RSA.Signing.PrivateKey
        ) throws -> String {
            let claims = """
                {"iss":"\(id)","sub":"\(IdentityFixture.username)","aud":"\(audience)",\
                "exp":\(expires)}
                """
            let header = Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8))
            let signed = header + "." + Base64URL.encode(Array(claims.utf8))
            let signature = try key.signature(
                for: Data(signed.utf8),
                padding: .insecurePKCS1v1_5
            )
            return signed + "." + Base64URL.encode(Array(signature.rawRepresentation))
        }
        func token(_ assertion: String, origin: String? = nil) async throws -> TokenAnswer {
            try await fixture.identity.token(
                fixture.request(
                    [("grant_type", OAuthGrant.jwtBearer.rawValue), ("assertion", assertion)],
                    id: nil,
                    secret: nil,
                    origin: origin
                )
            )
        }
        let ours = "https://localhost:8443"
        _ = try await token(try assertion(ours, "\(now + 180)", key))
        _ = try await token(try assertion("https://login.salesforce.com", "\"\(now + 180)\"", key))
        let stranger = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        for wrong in [
            try assertion(ours, "\(now + 180)", stranger),
            try assertion(ours, "\(now - 200)", key),
            try assertion(ours, "\(now + 100_000)", key),
            try assertion("https://elsewhere.example", "\(now + 180)", key),
            "a.b.c", "",
        ] {
            await #expect(throws: OAuthError.self) { try await token(wrong) }
        }
        // What was meant for another deployment is not taken because the request names it as Host.
        let elsewhere = "https://elsewhere.example"
        let borrowed = try assertion(elsewhere, "\(now + 180)", key)
        await #expect(throws: OAuthError.self) { try await token(borrowed, origin: elsewhere) }
    }

    private func error(_ failure: AuthorizationFailure?) -> any Error {
        failure ?? AuthorizationFailure.goBack("no failure")
    }
}
