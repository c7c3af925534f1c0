import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import Testing

/// OAuth over the wire.
@Suite struct OAuthTests {
    private func token(
        _ fixture: LoginFixture,
        _ fields: [(String, String)],
        headers: [(String, String)] = [],
        query: [(String, String)] = []
    ) async throws -> APIResponse {
        try #require(
            await fixture.oauth.respond(
                to: fixture.request(
                    .post,
                    "/services/oauth2/token",
                    query: query,
                    headers: headers,
                    body: LoginFixture.form(fields)
                )
            )
        )
    }

    private func password(_ fixture: LoginFixture) -> [(String, String)] {
        [
            ("grant_type", "password"), ("client_id", fixture.client.id),
            ("client_secret", fixture.secret), ("username", LoginFixture.username),
            ("password", LoginFixture.password),
        ]
    }

    @Test("the token answer has what clients read, all of it text")
    func answer() async throws {
        let fixture = try await LoginFixture()
        let response = try await token(
            fixture,
            password(fixture),
            query: [("x", ".salesforce.com/services/oauth2/token")]
        )
        #expect(response.status == 200)
        #expect(response.contentType == "application/json;charset=UTF-8")
        let json = try #require(response.parsed)
        #expect(json["instance_url"]?.string == LoginFixture.origin)
        #expect(
            json["id"]?.string == "\(LoginFixture.origin)/id/\(fixture.org)/\(fixture.ana)"
        )
        #expect(json["issued_at"]?.string == "1750000000000")
        #expect(json["token_type"]?.string == "Bearer")
        #expect(json["signature"]?.string?.isEmpty == false)
        let bearer = try #require(json["access_token"]?.string)
        for scheme in ["Bearer", "OAuth", "bearer"] {
            let request = fixture.request(
                .get,
                "/",
                headers: [("authorization", "\(scheme) \(bearer)")]
            )
            #expect(try await fixture.authentication.caller(of: request).user == fixture.ana)
        }
    }

    @Test("client credentials come in the body, the query or a Basic header")
    func clientCredentials() async throws {
        let fixture = try await LoginFixture()
        let grant = [("grant_type", "client_credentials")]
        let credentials = [("client_id", fixture.client.id), ("client_secret", fixture.secret)]
        let basic = Data("\(fixture.client.id):\(fixture.secret)".utf8).base64EncodedString()
        #expect(try await token(fixture, grant + credentials).status == 200)
        #expect(try await token(fixture, grant, query: credentials).status == 200)
        #expect(
            try await token(fixture, grant, headers: [("authorization", "Basic \(basic)")])
                .status == 200
        )
    }

    @Test("errors are told in OAuth's words with status 400")
    func errors() async throws {
        let fixture = try await LoginFixture()
        var fields = password(fixture)
        fields[4].1 = "wrong"
        let wrong = try await token(fixture, fields)
        #expect(wrong.status == 400)
        #expect(
            wrong.text
                == #"{"error":"invalid_grant","error_description":"authentication failure"}"#
        )
        let magic = try await token(fixture, [("grant_type", "magic")])
        #expect(magic.parsed?["error"]?.string == "unsupported_grant_type")
        let none = try await token(fixture, [])
        #expect(none.parsed?["error"]?.string == "invalid_request")
        let get = await fixture.oauth.respond(
            to: fixture.request(.get, "/services/oauth2/token")
        )
        #expect(get?.status == 405)
    }

    @Test("the identity URL and userinfo tell who the user is, to that user alone")
    func identity() async throws {
        let fixture = try await LoginFixture()
        let json = try await token(fixture, password(fixture)).parsed
        let bearer = try #require(json?["access_token"]?.string)
        let path = "/id/\(fixture.org)/\(fixture.ana)"
        let identity = try #require(
            await fixture.oauth.respond(
                to: fixture.request(
                    .get,
                    path,
                    query: [("oauth_token", bearer), ("format", "json")]
                )
            )
        )
        #expect(identity.parsed?["user_id"]?.string == fixture.ana.description)
        #expect(identity.parsed?["organization_id"]?.string == fixture.org.description)
        #expect(identity.parsed?["username"]?.string == LoginFixture.username)
        #expect(
            identity.parsed?["urls"]?["rest"]?.string
                == "https://localhost:8443/services/data/v{version}/"
        )

        let header = [("authorization", "Bearer \(bearer)")]
        let other = await fixture.oauth.respond(
            to: fixture.request(.get, "/id/\(fixture.org)/\(fixture.org)", headers: header)
        )
        #expect(other?.status == 404)
        let info = await fixture.oauth.respond(
            to: fixture.request(.get, "/services/oauth2/userinfo", headers: header)
        )
        #expect(info?.parsed?["preferred_username"]?.string == LoginFixture.username)
        let bad = await fixture.oauth.respond(
            to: fixture.request(.get, path, query: [("oauth_token", "x")])
        )
        #expect(bad?.status == 403)
        #expect(bad?.text == "Bad_OAuth_Token")
        let missing = await fixture.oauth.respond(to: fixture.request(.get, path))
        #expect(missing?.text == "Missing_OAuth_Token")
    }

    @Test("a revoked token is dead, and a client can see that")
    func revoke() async throws {
        let fixture = try await LoginFixture()
        let json = try await token(fixture, password(fixture)).parsed
        let bearer = try #require(json?["access_token"]?.string)
        let fields = [
            ("token", bearer), ("client_id", fixture.client.id), ("client_secret", fixture.secret),
        ]
        func isActive() async -> Bool? {
            let response = await fixture.oauth.respond(
                to: fixture.request(
                    .post,
                    "/services/oauth2/introspect",
                    body: LoginFixture.form(fields)
                )
            )
            return response?.parsed?["active"]?.bool
        }
        #expect(await isActive() == true)
        let revoked = await fixture.oauth.respond(
            to: fixture.request(.post, "/services/oauth2/revoke", body: "token=\(bearer)")
        )
        #expect(revoked?.status == 200)
        #expect(revoked?.body.isEmpty == true)
        #expect(await isActive() == false)
        let request = fixture.request(.get, "/", headers: [("authorization", "OAuth \(bearer)")])
        await #expect(throws: Authentication.expired) {
            try await fixture.authentication.caller(of: request)
        }
    }

    @Test("in the browser: a form, then the client with a code; never without the form's cookie")
    func authorize() async throws {
        let fixture = try await LoginFixture()
        let query = [
            ("response_type", "code"), ("client_id", fixture.client.id),
            ("redirect_uri", LoginFixture.redirect), ("state", "\"><script>"),
        ]
        let page = try #require(
            await fixture.oauth.respond(
                to: fixture.request(.get, "/services/oauth2/authorize", query: query)
            )
        )
        #expect(page.status == 200)
        #expect(page.text.contains("Sync &lt;b&gt;"))
        #expect(!page.text.contains("<script"))
        let policy = try #require(page.header("content-security-policy"))
        #expect(policy.contains("form-action 'self' https://app.example"))
        #expect(!policy.contains("unsafe"))
        let cookie = try #require(page.header("set-cookie")?.prefix { $0 != ";" })
        let csrf = String(cookie.drop { $0 != "=" }.dropFirst())
        #expect(page.text.contains("value=\"\(csrf)\""))

        func post(_ fields: [(String, String)], cookie: String) async -> APIResponse? {
            await fixture.oauth.respond(
                to: fixture.request(
                    .post,
                    "/services/oauth2/authorize",
                    query: query,
                    headers: [("cookie", cookie)],
                    body: LoginFixture.form(fields)
                )
            )
        }
        let login = [("username", LoginFixture.username), ("password", LoginFixture.password)]
        let forged = await post(login + [("csrf", csrf)], cookie: "")
        #expect(forged?.status == 200)
        let wrong = await post(
            [("username", "a\"b"), ("password", "no"), ("csrf", csrf)],
            cookie: String(cookie)
        )
        #expect(wrong?.text.contains("role=\"alert\"") == true)
        #expect(wrong?.text.contains("value=\"a&quot;b\"") == true)
        let denied = await post(
            [("csrf", csrf), ("decision", "deny")],
            cookie: String(cookie)
        )
        #expect(denied?.header("location")?.contains("?error=access_denied&") == true)

        let right = try #require(
            await post(login + [("csrf", csrf)], cookie: "other=1; \(cookie)")
        )
        #expect(right.status == 302)
        let location = try #require(right.header("location"))
        #expect(location.hasPrefix("\(LoginFixture.redirect)?code="))
        #expect(location.hasSuffix("&state=%22%3E%3Cscript%3E"))
        let code = location.dropFirst("\(LoginFixture.redirect)?code=".count).prefix(43)
        let answer = try await token(
            fixture,
            [
                ("grant_type", "authorization_code"), ("code", String(code)),
                ("redirect_uri", LoginFixture.redirect), ("client_id", fixture.client.id),
                ("client_secret", fixture.secret),
            ]
        )
        #expect(answer.parsed?["refresh_token"]?.string != nil)
    }

    @Test("with response type token, the browser carries the session in the fragment")
    func implicit() async throws {
        let fixture = try await LoginFixture()
        let query = [
            ("response_type", "token"), ("client_id", fixture.client.id),
            ("redirect_uri", LoginFixture.redirect),
        ]
        let csrf = String(repeating: "c", count: 43)
        let response = await fixture.oauth.respond(
            to: fixture.request(
                .post,
                "/services/oauth2/authorize",
                query: query,
                headers: [("cookie", "__Host-steward-login=\(csrf)")],
                body: LoginFixture.form([
                    ("username", LoginFixture.username), ("password", LoginFixture.password),
                    ("csrf", csrf),
                ])
            )
        )
        let location = try #require(response?.header("location"))
        #expect(location.hasPrefix("\(LoginFixture.redirect)#access_token="))
        #expect(location.contains("&instance_url=https%3A%2F%2Flocalhost%3A8443&"))
    }

    @Test("unknown clients and addresses are told to the user, not to the address")
    func openRedirect() async throws {
        let fixture = try await LoginFixture()
        let response = await fixture.oauth.respond(
            to: fixture.request(
                .get,
                "/services/oauth2/authorize",
                query: [
                    ("response_type", "code"), ("client_id", fixture.client.id),
                    ("redirect_uri", "https://evil.example/"),
                ]
            )
        )
        #expect(response?.status == 400)
        #expect(response?.header("location") == nil)
    }

    @Test("the discovery document and the landing page answer without a session")
    func open() async throws {
        let fixture = try await LoginFixture()
        let discovery = await fixture.oauth.respond(
            to: fixture.request(.get, "/.well-known/openid-configuration")
        )
        #expect(
            discovery?.parsed?["token_endpoint"]?.string
                == "https://localhost:8443/services/oauth2/token"
        )
        #expect(await fixture.oauth.respond(to: fixture.request(.get, "/"))?.status == 200)
        #expect(await fixture.oauth.respond(to: fixture.request(.get, "/services/data")) == nil)
    }

    @Test("a request without a session, or with a header of another kind, is refused with 401")
    func refusals() async throws {
        let fixture = try await LoginFixture()
        for (headers, code) in [
            ([], RecordError.Code.invalidSessionID),
            ([("authorization", "Bearer nonsense")], .invalidSessionID),
            ([("authorization", "Basic abc")], .invalidAuthHeader),
        ] {
            let request = fixture.request(.get, "/", headers: headers)
            do {
                _ = try await fixture.authentication.caller(of: request)
                Issue.record("it must be refused")
            } catch {
                #expect((error as? RecordError)?.code == code)
                #expect(ErrorResponses.response(error).status == 401)
            }
        }
    }
}
