import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import Testing

/// Login and logout by SOAP.
@Suite struct SOAPRouteTests {
    private func login(_ password: String, organization: String? = nil) -> String {
        let scope = organization.map {
            "<n1:LoginScopeHeader><n1:organizationId>\($0)</n1:organizationId></n1:LoginScopeHeader>"
        }
        return """

            <?xml version="1.0" encoding="utf-8" ?>
            <env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">
            <env:Header>\(scope ?? "")</env:Header>
            <env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com">
            <n1:username>\(LoginFixture.username)</n1:username>
            <n1:password>\(password)</n1:password>
            </n1:login></env:Body></env:Envelope>
            """
    }

    private func logout(_ token: String) -> String {
        """
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>
        <SessionHeader><sessionId>\(token)</sessionId></SessionHeader></e:Header>
        <e:Body><logout/></e:Body></e:Envelope>
        """
    }

    private func element(_ name: String, in text: String) -> String? {
        guard let start = text.range(of: "<\(name)>"),
            let end = text.range(of: "</\(name)>", range: start.upperBound..<text.endIndex)
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test(
        "a login answers with a session and with where to go on",
        arguments: [
            ("/services/Soap/u/59.0", "u/59.0"), ("/services/Soap/u/v29.0", "u/29.0"),
            ("/services/soap/C/36.0/00DSt000000000001", "c/36.0"),
        ]
    )
    func login(_ path: String, _ place: String) async throws {
        let fixture = try await LoginFixture()
        let response = try #require(
            await fixture.soap.respond(
                to: fixture.request(
                    .post,
                    path,
                    query: [("x", ".salesforce.com/services/Soap/u/59.0")],
                    body: login(LoginFixture.password, organization: fixture.org.record.short)
                )
            )
        )
        #expect(response.status == 200)
        #expect(response.contentType == "text/xml;charset=UTF-8")
        let short = fixture.org.record.short
        #expect(
            element("serverUrl", in: response.text)
                == "https://localhost:8443/services/Soap/\(place)/\(short)"
        )
        let token = try #require(element("sessionId", in: response.text))
        #expect(token.hasPrefix(short + "!"))
        #expect(element("sessionSecondsValid", in: response.text) == "7200")
        #expect(element("userFullName", in: response.text) == "Ana &amp; Ito")
        #expect(element("userId", in: response.text) == fixture.ana.description)

        let request = fixture.request(.get, "/", headers: [("x-sfdc-session", token)])
        #expect(try await fixture.authentication.caller(of: request).user == fixture.ana)
        let end = await fixture.soap.respond(
            to: fixture.request(.post, path, body: logout(token))
        )
        #expect(end?.text.contains("logoutResponse") == true)
        await #expect(throws: RecordError.self) {
            try await fixture.authentication.caller(of: request)
        }
        let again = await fixture.soap.respond(
            to: fixture.request(.post, path, body: logout(token))
        )
        #expect(again?.text.contains("<faultcode>sf:INVALID_SESSION_ID</faultcode>") == true)
    }

    @Test("a wrong password is a fault, with the tags that clients read literally")
    func wrongPassword() async throws {
        let fixture = try await LoginFixture()
        let response = try #require(
            await fixture.soap.respond(
                to: fixture.request(.post, "/services/Soap/u/59.0", body: login("wrong"))
            )
        )
        #expect(response.status == 500)
        #expect(element("sf:exceptionCode", in: response.text) == "INVALID_LOGIN")
        #expect(
            element("sf:exceptionMessage", in: response.text)
                == "Invalid username, password, security token; or user locked out."
        )
    }

    @Test("versions that are not served, other operations and no XML are faults")
    func faults() async throws {
        let fixture = try await LoginFixture()
        func code(_ path: String, _ body: String) async -> String? {
            let response = await fixture.soap.respond(
                to: fixture.request(.post, path, body: body)
            )
            return response.flatMap { element("faultcode", in: $0.text) }
        }
        let login = login(LoginFixture.password)
        #expect(await code("/services/Soap/u/99.0", login) == "sf:UNSUPPORTED_API_VERSION")
        #expect(
            await code("/services/Soap/u/59.0", login.replacing("login", with: "explode"))
                == "sf:INVALID_OPERATION"
        )
        #expect(await code("/services/Soap/u/59.0", "no") == "sf:XML_PARSER_ERROR")
        #expect(
            await fixture.soap.respond(to: fixture.request(.post, "/services/data/v59.0")) == nil
        )
        let get = await fixture.soap.respond(to: fixture.request(.get, "/services/Soap/u/59.0"))
        #expect(get?.status == 405)
    }

    @Test("too many logins from one address are slowed down")
    func limit() async throws {
        var limits = RateLimitSettings()
        limits.loginBurst = 1
        let fixture = try await LoginFixture(limits: limits)
        let request = fixture.request(
            .post,
            "/services/Soap/u/59.0",
            body: login(LoginFixture.password)
        )
        #expect(await fixture.soap.respond(to: request)?.status == 200)
        let second = await fixture.soap.respond(to: request)
        #expect(second?.text.contains("LOGIN_RATE_EXCEEDED") == true)
    }
}
