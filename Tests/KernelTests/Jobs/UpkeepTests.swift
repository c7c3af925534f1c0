import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What nobody needs any more goes by itself; mails leave when their transaction is on disk.
@Suite struct UpkeepTests {
    private func fixture(_ kind: StoreKind) async throws -> JobFixture {
        var fixture = try await JobFixture(kind)
        UpkeepJobs.join(&fixture.handlers)
        try await fixture.runner.runDue()
        return fixture
    }

    @Test("deleted records are purged after fifteen days", arguments: StoreKind.allCases)
    func recycleBin(_ kind: StoreKind) async throws {
        let fixture = try await fixture(kind)
        let admin = fixture.org.administrator
        let account = try await fixture.org.create("Account", ["Name": "Old"], as: admin)
        try await fixture.org.create(
            "Note",
            ["Title": "With it", "ParentId": .id(account)],
            as: admin
        )
        try await fixture.org.create("Account", ["Name": "Stays"], as: admin)
        try await fixture.org.delete(account, as: admin)
        fixture.org.clock.advance(seconds: 14 * 86_400)
        let late = try await fixture.org.create("Account", ["Name": "Late"], as: admin)
        try await fixture.org.delete(late, as: admin)
        try await fixture.runner.runDue()
        let all = QueryOptions(includesDeleted: true)
        var names = try await fixture.org.query(
            "SELECT Name FROM Account ORDER BY Name",
            as: admin,
            options: all
        )
        #expect(names.count == 3)

        fixture.org.clock.advance(seconds: 2 * 86_400)
        try await fixture.runner.runDue()
        names = try await fixture.org.query(
            "SELECT Name FROM Account ORDER BY Name",
            as: admin,
            options: all
        )
        #expect(names.map { $0["Name"].text } == ["Late", "Stays"])
        let notes = try await fixture.org.query("SELECT Id FROM Note", as: admin, options: all)
        #expect(notes.isEmpty)
        try await fixture.org.undelete(late, as: admin)
    }

    @Test(
        "finished jobs are kept for a day, given-up ones for longer",
        arguments: StoreKind.allCases
    )
    func jobs(_ kind: StoreKind) async throws {
        let fixture = try await fixture(kind)
        let done = try await fixture.enqueue("done")
        try await fixture.runner.runDue()
        fixture.fail(JobFailure.permanent("no"))
        let dead = try await fixture.enqueue("dead")
        try await fixture.runner.runDue()
        fixture.org.clock.advance(seconds: 26 * 3_600)
        try await fixture.runner.runDue()
        #expect(try await fixture.job(done) == nil)
        #expect(try await fixture.job(dead)?.state == .dead)
        fixture.org.clock.advance(seconds: 91 * 86_400)
        try await fixture.runner.runDue()
        #expect(try await fixture.job(dead) == nil)
    }

    /// Remembers what it is given, and fails as often as it is told.
    private final class FakeMailer: Mailer {
        let sent = Locked<[(mail: OutgoingMail, id: String)]>([])
        let failures = Locked(0)

        func send(_ mail: OutgoingMail, id: String) async throws {
            sent.withLock { $0.append((mail, id)) }
            let fails = failures.withLock { count in
                count -= 1
                return count >= 0
            }
            if fails { throw JobFixture.Trouble(description: "the mail server is away") }
        }
    }

    @Test("a mail is sent after its transaction, under one id for all attempts")
    func mail() async throws {
        var fixture = try await JobFixture(.sqlite)
        let mailer = FakeMailer()
        mailer.failures.withLock { $0 = 1 }
        MailDelivery(mailer).join(&fixture.handlers)
        let mail = OutgoingMail(
            to: ["ada@example.org"],
            subject: "Grüße",
            textBody: "Hello",
            htmlBody: "<p>Hello</p>"
        )
        try await fixture.org.records.write(as: fixture.org.administrator) { try $0.send(mail) }
        try await fixture.runner.runDue()
        fixture.org.clock.advance(seconds: 20)
        try await fixture.runner.runDue()
        let sent = mailer.sent.withLock { $0 }
        #expect(sent.map(\.mail) == [mail, mail])
        #expect(Set(sent.map(\.id)).count == 1)
    }

    @Test(
        "an address that could end the head's line is refused",
        arguments: ["a@b\r\nBcc: c@d", "a b@c", "a", "@b", "a@", "a@b@c", "a,b@c", "<a@b>"]
    )
    func addresses(_ address: String) async throws {
        let fixture = try await JobFixture()
        let error = await #expect(throws: RecordError.self) {
            try await fixture.org.records.write(as: fixture.org.administrator) {
                try $0.send(OutgoingMail(to: [address], subject: "", textBody: ""))
            }
        }
        #expect(error?.code == .invalidEmailAddress)
    }

    @Test("a mail is written as RFC 5322 and MIME ask for")
    func mailText() {
        let mail = OutgoingMail(
            fromName: "Stadt Köln\r\nBcc: x@y",
            to: ["ada@example.org"],
            bcc: ["hidden@example.org"],
            subject: "Grüße",
            textBody: "Hello"
        )
        let text = MailText(
            mail,
            sender: "desk@city.example",
            id: "7",
            at: Instant(milliseconds: 1_767_312_000_000)
        ).text
        #expect(text.contains("Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"))
        #expect(text.contains("Message-ID: <7@city.example>\r\n"))
        #expect(text.contains("Date: Fri, 02 Jan 2026 00:00:00 +0000\r\n"))
        #expect(text.hasSuffix("\r\n\r\nSGVsbG8=\r\n"))
        #expect(!text.contains("Bcc"))
        #expect(!text.contains("hidden"))
    }
}
