import Foundation
import FoundationXML
import Metadata
import RESTAPI
import Testing

/// Logging in and out by SOAP.
@Suite struct SOAPTests {
    /// As one client sends it: prefixes, attributes, and blank lines before the declaration.
    static let prefixed = """


            <?xml version="1.0" encoding="utf-8" ?>
        <env:Envelope xmlns:xsd="http://www.w3.org/2001/XMLSchema"
            xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"
            xmlns:urn="urn:partner.soap.sforce.com">
          <env:Header>
            <urn:CallOptions>
              <urn:client>RestForce</urn:client>
              <urn:defaultNamespace>sf</urn:defaultNamespace>
            </urn:CallOptions>
            <urn:LoginScopeHeader><urn:organizationId>00D000000000001</urn:organizationId>
            </urn:LoginScopeHeader>
          </env:Header>
          <env:Body>
            <n1:login xmlns:n1="urn:partner.soap.sforce.com">
              <n1:username>ana@example.com</n1:username>
              <n1:password>p&amp;&lt;ä&#x27;&quot; x<![CDATA[<&]]></n1:password>
            </n1:login>
          </env:Body>
        </env:Envelope>
        """

    static func envelope(_ body: String, header: String = "") -> String {
        "<Envelope>\(header)<Body>\(body)</Body></Envelope>"
    }

    private func read(_ text: String) throws -> SOAPLoginRequest {
        try SOAPLoginRequest.read(Array(text.utf8))
    }

    @Test("a login is read, whatever the prefixes")
    func login() throws {
        guard case .login(let login) = try read(Self.prefixed) else {
            Issue.record("not a login")
            return
        }
        #expect(login.username == "ana@example.com")
        #expect(login.password == "p&<ä'\" x<&")
        #expect(login.organizationID == "00D000000000001")
        #expect(login.client == "RestForce")
        #expect(login.sessionID == nil)
    }

    @Test("a login without header and namespaces is read, even with prefixes bound to nothing")
    func bare() throws {
        let bare = Self.envelope("<login><username>a</username><password/></login>")
        let unbound = Self.envelope("<p:login><p:username>a</p:username><q:password/></p:login>")
        for text in [bare, unbound] {
            guard case .login(let login) = try read(text) else {
                Issue.record("not a login")
                return
            }
            #expect(login.username == "a")
            #expect(login.password == "")
            #expect(login.organizationID == nil)
            #expect(login.client == nil)
        }
    }

    @Test("a password longer than the parser's buffer comes through whole")
    func longPassword() throws {
        let password = String(repeating: "xé😀€ &amp;", count: 3_000)
        let body = "<login><username>a</username><password>\(password)</password></login>"
        guard case .login(let login) = try read(Self.envelope(body)) else {
            Issue.record("not a login")
            return
        }
        #expect(login.password == String(repeating: "xé😀€ &", count: 3_000))
    }

    @Test("a logout is read with the session of its header")
    func logout() throws {
        let header =
            "<Header><SessionHeader><sessionId> 00D!x </sessionId></SessionHeader></Header>"
        #expect(try read(Self.envelope("<logout/>", header: header)) == .logout(sessionID: "00D!x"))
        #expect(try read(Self.envelope("<logout/>")) == .logout(sessionID: nil))
    }

    @Test(
        "what is no login or logout is refused with the reason",
        arguments: [
            ("", .malformed(line: 1, column: 1)),
            ("x", .malformed(line: 1, column: 1)),
            ("<Envelope><Body><login></Body></Envelope>", .malformed(line: 1, column: 31)),
            ("<Envelope><Body><logout/></Body>", .malformed(line: 1, column: 33)),
            (envelope("<logout/>") + "<x/>", .malformed(line: 1, column: 44)),
            (envelope("<login><username>&x;</username></login>"), .malformed(line: 1, column: 37)),
            ("<Envelope/>", .notAnEnvelope),
            ("<x><Body><login/></Body></x>", .notAnEnvelope),
            (envelope(""), .notAnEnvelope),
            (envelope("<logout/><login/>"), .notAnEnvelope),
            (envelope("<query/>"), .unknownOperation("query")),
            (envelope("<login/>"), .missing("username")),
            (envelope("<login><username>a</username></login>"), .missing("password")),
            (
                envelope("<login><username>a</username><username>b</username></login>"),
                .repeated("username")
            ),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]>" + envelope("<logout/>"), .documentType),
            ("<?xml version='1.0' encoding='UTF-7'?>" + envelope("<logout/>"), .encoding),
        ] as [(String, SOAPReadFailure)]
    )
    func refusals(_ text: String, _ expected: SOAPReadFailure) {
        let failure = #expect(throws: SOAPReadFailure.self) { try read(text) }
        #expect(failure == expected)
    }

    @Test("bytes that are not UTF-8 and envelopes too large are refused")
    func bytes() {
        #expect(throws: SOAPReadFailure.encoding) {
            try SOAPLoginRequest.read([0x3C, 0xFF, 0x3E])
        }
        #expect(throws: SOAPReadFailure.encoding) {
            try SOAPLoginRequest.read(Array(Data("<a/>".data(using: .utf16) ?? Data())))
        }
        #expect(throws: SOAPReadFailure.tooLarge(bytesMax: 10)) {
            try SOAPLoginRequest.read([UInt8](repeating: 0x20, count: 11), bytesMax: 10)
        }
    }

    @Test("an external entity is never fetched")
    func externalEntity() {
        let text = """
            <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>
            \(Self.envelope("<login><username>&x;</username><password/></login>"))
            """
        #expect(throws: SOAPReadFailure.documentType) { try read(text) }
    }

    @Test("mutated envelopes are read or refused")
    func fuzz() {
        var random = SeededRandom(seed: 31)
        let original = Array(Self.prefixed.utf8)
        for _ in 0..<2_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...127, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[bytes.count - place - 1], at: place)
                }
            }
            _ = try? SOAPLoginRequest.read(bytes)
        }
    }

    @Test("a few prefixes bound to nothing are tolerated, a text full of them is not")
    func undeclaredPrefixes() throws {
        func login(extra: Int) -> String {
            Self.envelope("<logout>\(String(repeating: "<p:x/>", count: extra))</logout>")
        }
        #expect(try read(login(extra: 32)) == .logout(sessionID: nil))
        #expect(throws: SOAPReadFailure.self) { try read(login(extra: 5_000)) }
    }

    @Test("deep nesting is read or refused")
    func deep() {
        let deep = String(repeating: "<a>", count: 20_000)
        #expect(throws: SOAPReadFailure.self) { try read(deep) }
    }
}

/// What SOAP answers, in the shape that all clients can read.
@Suite struct SOAPAnswerTests {
    private let result = {
        var info = SOAPUserInfo(
            organizationID: "00D000000000001EAA",
            organizationName: "Ångström & Söhne",
            profileID: "00e000000000001AAA",
            sessionSecondsValid: 7_200,
            userEmail: "ana@example.com",
            userFullName: "Ana <Admin>",
            userID: "005000000000001AAA",
            userName: "ana@example.com"
        )
        info.roleID = nil
        return SOAPLoginResult(
            metadataServerURL: "https://localhost:8443/services/Soap/m/59.0/00D000000000001",
            serverURL: "https://localhost:8443/services/Soap/u/59.0/00D000000000001",
            sessionID: "00D000000000001!abc",
            userID: "005000000000001AAA",
            userInfo: info
        )
    }()

    @Test("a login's answer has its elements in order, without prefix or attributes")
    func login() {
        #expect(
            String(decoding: result.bytes(), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>\
                <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" \
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>\
                <loginResponse xmlns="urn:partner.soap.sforce.com"><result>\
                <metadataServerUrl>https://localhost:8443/services/Soap/m/59.0/00D000000000001\
                </metadataServerUrl><passwordExpired>false</passwordExpired>\
                <sandbox>false</sandbox>\
                <serverUrl>https://localhost:8443/services/Soap/u/59.0/00D000000000001</serverUrl>\
                <sessionId>00D000000000001!abc</sessionId><userId>005000000000001AAA</userId>\
                <userInfo><accessibilityMode>false</accessibilityMode>\
                <chatterExternal>false</chatterExternal><currencySymbol>$</currencySymbol>\
                <orgAttachmentFileSizeLimit>5242880</orgAttachmentFileSizeLimit>\
                <orgDefaultCurrencyIsoCode>USD</orgDefaultCurrencyIsoCode>\
                <orgDefaultCurrencyLocale>en_US</orgDefaultCurrencyLocale>\
                <orgDisallowHtmlAttachments>false</orgDisallowHtmlAttachments>\
                <orgHasPersonAccounts>false</orgHasPersonAccounts>\
                <organizationId>00D000000000001EAA</organizationId>\
                <organizationMultiCurrency>false</organizationMultiCurrency>\
                <organizationName>Ångström &amp; Söhne</organizationName>\
                <profileId>00e000000000001AAA</profileId><roleId xsi:nil="true"/>\
                <sessionSecondsValid>7200</sessionSecondsValid>\
                <userDefaultCurrencyIsoCode xsi:nil="true"/>\
                <userEmail>ana@example.com</userEmail>\
                <userFullName>Ana &lt;Admin&gt;</userFullName>\
                <userId>005000000000001AAA</userId><userLanguage>en_US</userLanguage>\
                <userLocale>en_US</userLocale><userName>ana@example.com</userName>\
                <userTimeZone>GMT</userTimeZone><userType>Standard</userType>\
                <userUiSkin>Theme3</userUiSkin></userInfo></result></loginResponse>\
                </soapenv:Body></soapenv:Envelope>
                """
        )
    }

    @Test("a fault has the tags and prefixes that clients look for by name")
    func fault() {
        let text = String(decoding: SOAPFault.invalidLogin.bytes, as: UTF8.self)
        let message = "Invalid username, password, security token; or user locked out."
        #expect(
            text.contains(
                "<soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_LOGIN</faultcode>"
                    + "<faultstring>INVALID_LOGIN: \(message)</faultstring><detail>"
            )
        )
        #expect(text.contains("<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>"))
        #expect(text.contains("<sf:exceptionMessage>\(message)</sf:exceptionMessage>"))
        #expect(text.contains("xmlns:sf=\"urn:fault.partner.soap.sforce.com\""))
    }

    @Test("a logout's answer is empty")
    func logout() {
        let text = String(decoding: SOAPLoginResult.logoutBytes(for: .enterprise), as: UTF8.self)
        #expect(
            text.contains(
                "<soapenv:Body><logoutResponse xmlns=\"urn:enterprise.soap.sforce.com\"/>"
                    + "</soapenv:Body>"
            )
        )
    }

    @Test("every answer is well-formed, whatever the names in it")
    func wellFormed() {
        var result = result
        result.userInfo.userFullName = "\u{0}\u{1}\r]]>&<>\"'\u{FFFE}\u{FFFF}😀"
        let fault = SOAPFault(.unexpectedError, code: "UNKNOWN_EXCEPTION", message: "<\u{B}>")
        for bytes in [
            result.bytes(), fault.bytes, SOAPFault.invalidLogin.bytes,
            SOAPLoginResult.logoutBytes(),
        ] {
            let parser = XMLParser(data: Data(bytes))
            parser.shouldProcessNamespaces = true
            #expect(parser.parse())
        }
    }
}
