import Foundation
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// A receiver that answers what it is told to, and remembers what it got.
final class FakeReceiver: WebhookTransport {
    struct Silence: Error, CustomStringConvertible {
        var description: String { "nobody answered" }
    }

    let requests = Locked<[WebhookRequest]>([])
    /// What the next requests are answered, the first first; 200 after that.
    let answers = Locked<[Int?]>([])

    func send(
        _ request: WebhookRequest,
        under policy: OutboundPolicy
    ) async throws -> WebhookResponse {
        requests.withLock { $0.append(request) }
        let status = answers.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
        guard let status else { throw Silence() }
        return WebhookResponse(status: status, excerpt: status == 200 ? "" : "no")
    }

    func answer(_ statuses: Int?...) { answers.withLock { $0 += statuses } }

    var bodies: [JSONValue] {
        requests.withLock { $0 }.compactMap { try? JSONParser.parse($0.body) }
    }

    var names: [String] { bodies.compactMap { $0["values"]?["Name"]?.string } }
}

/// Another system hears of what happened, in order, and can tell that it was us.
@Suite struct WebhookTests {
    private static let secret = "a secret of more than 24 bytes"

    private struct Fixture {
        let events: EventFixture
        let receiver = FakeReceiver()
        var org: TestOrg { events.org }

        init(
            _ kind: StoreKind = .reference,
            url: String = "https://hooks.example/in?x=1"
        ) async throws {
            events = try await EventFixture(
                kind,
                extra: [
                    EventFixture.file(
                        "webhooks/Sync.yaml",
                        """
                        webhook: Sync
                        label: Sync
                        endpointUrl: \(url)
                        object: Account
                        events: [CREATE, UPDATE, DELETE]
                        fields: [Name]
                        secret: sync
                        """
                    ),
                    EventFixture.file(
                        "webhooks/Alarm.yaml",
                        """
                        webhook: Alarm
                        label: Alarm
                        endpointUrl: https://alarm.example/
                        object: Alarm__e
                        fields: [Place__c]
                        secret: sync
                        """
                    ),
                ]
            )
            try await events.org.records.write(as: events.org.administrator) {
                try $0.setWebhookSecret("sync", WebhookTests.secret)
            }
        }

        func run(_ policy: OutboundPolicy = OutboundPolicy()) async throws {
            var handlers = JobHandlers()
            WebhookDelivery(transport: receiver, policy: policy).join(&handlers)
            let id = org.id
            try await JobRunner(records: org.records, handlers: handlers, orgs: { [id] }).runDue()
        }

        func dead() async throws -> [Job] {
            try await org.records.read(as: org.administrator) { try $0.jobs(.dead, limit: 100) }
        }

        func health() async throws -> WebhookHealth {
            try await org.records.read(as: org.administrator) { try $0.webhookHealth("Sync") }
        }
    }

    @Test("a change is sent, signed, with the named values alone", arguments: StoreKind.allCases)
    func signed(_ kind: StoreKind) async throws {
        let fixture = try await Fixture(kind)
        let admin = fixture.org.administrator
        let id = try await fixture.org.create(
            "Account",
            ["Name": "Hall", "Phone": "123"],
            as: admin
        )
        try await fixture.run()

        let request = try #require(fixture.receiver.requests.withLock { $0 }.first)
        #expect(request.url.host == "hooks.example")
        #expect(request.url.target == "/in?x=1")
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
        #expect(headers["Steward-Webhook"] == "Sync")
        #expect(headers["Steward-Attempt"] == "1")
        let timestamp = try #require(headers["Steward-Timestamp"].flatMap { Int64($0) })
        #expect(timestamp == fixture.org.clock.now().milliseconds / 1_000)
        #expect(
            headers["Steward-Signature"]
                == WebhookSignature.text(
                    secret: WebhookTests.secret,
                    timestamp: timestamp,
                    body: request.body
                )
        )
        let body = try #require(fixture.receiver.bodies.first)
        #expect(body["recordId"] == .id(id))
        #expect(body["event"] == "CREATE")
        #expect(body["values"] == ["Name": "Hall"])
        #expect(body["changedFields"] == ["Name"])
        #expect(body["organizationId"]?.string == fixture.org.id.description)
    }

    @Test("the signature is the HMAC-SHA256 of time stamp, point and body")
    func knownSignature() {
        // By `printf '1700000000.{}' | openssl dgst -sha256 -hmac key`.
        #expect(
            WebhookSignature.text(secret: "key", timestamp: 1_700_000_000, body: Array("{}".utf8))
                == "v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
        )
    }

    @Test("a later event of a record waits for the earlier one, other records do not")
    func order() async throws {
        let fixture = try await Fixture(.sqlite)
        let admin = fixture.org.administrator
        fixture.receiver.answer(500, 200, nil)
        let id = try await fixture.org.create("Account", ["Name": "a1"], as: admin)
        try await fixture.org.update("Account", id, ["Name": "a2"], as: admin)
        try await fixture.run()
        #expect(fixture.receiver.names == ["a1"])
        try await fixture.org.create("Account", ["Name": "b1"], as: admin)
        fixture.org.clock.advance(seconds: 13)
        try await fixture.run()
        #expect(fixture.receiver.names == ["a1", "b1", "a1"])
        fixture.org.clock.advance(seconds: 30)
        try await fixture.run()
        #expect(fixture.receiver.names == ["a1", "b1", "a1", "a1", "a2"])
        let attempts = fixture.receiver.requests.withLock { $0 }.compactMap { request in
            request.headers.first { $0.name == "Steward-Attempt" }?.value
        }
        #expect(attempts == ["1", "1", "2", "3", "1"])
        #expect(try await fixture.health() == .sound)
    }

    @Test("a webhook that fails for long is disabled and says why, until it is enabled again")
    func disabled() async throws {
        let fixture = try await Fixture()
        let admin = fixture.org.administrator
        fixture.receiver.answer(503)
        try await fixture.org.create("Account", ["Name": "first"], as: admin)
        try await fixture.run()
        #expect(try await fixture.health().failures == 1)
        fixture.org.clock.advance(seconds: WebhookDelivery.disabledAfterSeconds + 60)
        fixture.receiver.answer(302)
        try await fixture.run()
        let health = try await fixture.health()
        #expect(health.disabledAt == fixture.org.clock.now())
        #expect(health.reason == "the receiver answered 302 (redirects are not followed): no")

        try await fixture.org.create("Account", ["Name": "second"], as: admin)
        fixture.org.clock.advance(seconds: 60)
        try await fixture.run()
        let dead = try await fixture.dead()
        #expect(dead.count == 2)
        #expect(dead.allSatisfy { $0.error?.contains("is disabled since") == true })

        try await fixture.org.records.write(as: admin) { writer in
            try writer.enableWebhook("Sync")
            for job in dead { try writer.runAgain(job.id) }
        }
        try await fixture.run()
        #expect(Set(fixture.receiver.names.suffix(2)) == ["first", "second"])
    }

    @Test("a receiver that is gone for good disables its webhook at once")
    func gone() async throws {
        let fixture = try await Fixture()
        fixture.receiver.answer(410)
        try await fixture.org.create("Account", ["Name": "x"], as: fixture.org.administrator)
        try await fixture.run()
        #expect(try await fixture.health().disabledAt != nil)
        #expect(try await fixture.dead().count == 1)
    }

    @Test("without its secret a webhook is not sent, and waits for it")
    func secret() async throws {
        let fixture = try await Fixture()
        let admin = fixture.org.administrator
        try await fixture.org.store.write(fixture.org.id) {
            try $0.putDocument(kind: WebhookDocument.secret, key: "sync", text: nil)
        }
        try await fixture.org.create("Account", ["Name": "x"], as: admin)
        try await fixture.run()
        #expect(fixture.receiver.names.isEmpty)
        try await fixture.org.records.write(as: admin) {
            try $0.setWebhookSecret("sync", WebhookTests.secret)
        }
        fixture.org.clock.advance(seconds: 20)
        try await fixture.run()
        #expect(fixture.receiver.names == ["x"])
    }

    @Test("a secret is kept sealed, and only who customizes the org sets one")
    func sealing() async throws {
        let fixture = try await Fixture()
        let kept = try await fixture.org.store.read(fixture.org.id, isBrief: true) {
            try $0.document(kind: WebhookDocument.secret, key: "sync")
        }
        #expect(kept?.contains(WebhookTests.secret) == false)
        let user = try await fixture.org.user("Bea")
        await #expect(throws: RecordError.self) {
            try await fixture.org.records.write(as: user) {
                try $0.setWebhookSecret("sync", WebhookTests.secret)
            }
        }
        await #expect(throws: RecordError.self) {
            try await fixture.org.records.write(as: fixture.org.administrator) {
                try $0.setWebhookSecret("sync", "short")
            }
        }
    }

    @Test("plain http needs the operator's word")
    func plain() async throws {
        let fixture = try await Fixture(url: "http://hooks.internal:8080/in")
        try await fixture.org.create("Account", ["Name": "x"], as: fixture.org.administrator)
        try await fixture.run()
        #expect(try await fixture.dead().first?.error?.contains("by https") == true)
        try await fixture.org.create("Account", ["Name": "y"], as: fixture.org.administrator)
        try await fixture.run(OutboundPolicy(allowedHosts: ["Hooks.internal:8080"]))
        #expect(fixture.receiver.names == ["y"])
    }

    @Test("a platform event is sent when its transaction is on disk")
    func platformEvent() async throws {
        let fixture = try await Fixture()
        try await fixture.org.create(
            "Alarm__e",
            ["Place__c": "Hall", "Level__c": 2],
            as: fixture.org.administrator
        )
        try await fixture.run()
        #expect(fixture.receiver.bodies.first?["values"] == ["Place__c": "Hall"])
        #expect(fixture.receiver.bodies.first?["event"] == "PUBLISH")
    }

    @Test(
        "addresses behind the server are closed, those of the internet open",
        arguments: [
            ("127.0.0.1", false), ("10.1.2.3", false), ("172.31.255.255", false),
            ("172.32.0.1", true), ("192.168.1.1", false), ("169.254.169.254", false),
            ("100.64.0.1", false), ("0.0.0.0", false), ("8.8.8.8", true), ("224.0.0.1", false),
            ("255.255.255.255", false), ("198.19.0.1", false), ("::1", false), ("::", false),
            ("fe80::1", false), ("fc00::1", false), ("fd12::1", false),
            ("::ffff:127.0.0.1", false), ("::ffff:8.8.8.8", true), ("64:ff9b::10.0.0.1", false),
            ("64:ff9b::8.8.8.8", true), ("2002:7f00:1::", false), ("2001::1", false),
            ("2001:db8::1", false), ("2606:4700::1111", true), ("ff02::1", false),
        ]
    )
    func addresses(_ text: String, _ isOpen: Bool) throws {
        let bytes = try #require(NetworkText.bytes(text))
        #expect(OutboundPolicy.isPublic(bytes) == isOpen)
    }

    @Test(
        "URLs are read strictly",
        arguments: [
            ("https://hooks.example", "hooks.example 443 /"),
            ("HTTPS://Hooks.Example:8443/a?b=c", "hooks.example 8443 /a?b=c"),
            ("https://hooks.example?x", "hooks.example 443 /?x"),
            ("http://[::1]:80/x", "::1 80 /x"), ("https://user@hooks.example/", nil),
            ("https://hooks.example/#x", nil), ("https:///x", nil), ("ftp://x/", nil),
            ("https://x:0/", nil), ("https://x:99999/", nil), ("https://x/\r\nHost: y", nil),
            ("https://x y/", nil), ("https://ex\u{e4}mple/", nil), ("//x/", nil),
            ("https://a\\b/", nil), ("https://[::1/", nil), ("https://[x]/", nil),
        ] as [(String, String?)]
    )
    func urls(_ text: String, _ parts: String?) {
        let url = OutboundURL(text)
        #expect(url.map { "\($0.host) \($0.port) \($0.target)" } == parts)
    }

    @Test(
        "a declaration that cannot be sent is refused with its place",
        arguments: [
            ("endpointUrl: ftp://x\nobject: Account", "is no URL"),
            ("endpointUrl: https://x/\nobject: Acount", "there is no object `Acount`"),
            ("endpointUrl: https://x/\nobject: Account\nevents: [CHANGE]", "is no event"),
            ("endpointUrl: https://x/\nobject: Account\nfields: [Nam]", "has no field `Nam`"),
            ("endpointUrl: https://x/\nobject: Account\nfields: [Id]", "is never sent"),
        ]
    )
    func declared(_ text: String, _ message: String) async throws {
        let org = try await TestOrg(apps: ["platform"])
        let error = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(
                [
                    EventFixture.file(
                        "package.yaml",
                        "package: x\nlabel: X\nversion: 1.0.0\nneeds: [platform]"
                    ),
                    EventFixture.file(
                        "webhooks/W.yaml",
                        "webhook: W\nlabel: W\nsecret: s\n" + text
                    ),
                ],
                in: org.id
            )
        }
        let problem = try #require(error?.problems.first)
        #expect(problem.message.contains(message))
        #expect(problem.line > 0)
    }
}

/// Addresses as people write them.
private enum NetworkText {
    static func bytes(_ text: String) -> [UInt8]? {
        var long = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &long) == 1 { return long }
        var short = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, text, &short) == 1 ? short : nil
    }
}
