import Kernel
import Metadata
import TestSupport
import Testing

/// Rates: so much in a time, and no more.
@Suite struct RestrictionRateTests {
    private actor Sent: Mailer {
        var subjects: [String] = []

        func send(_ mail: OutgoingMail, id: String) async throws { subjects.append(mail.subject) }
    }

    @Test("mail beyond a rate waits for the next window, and is not lost")
    func mail() async throws {
        let org = try await TestOrg()
        let sent = Sent()
        var handlers = JobHandlers()
        MailDelivery(sent).join(&handlers)
        let id = org.id
        let runner = JobRunner(records: org.records, handlers: handlers, orgs: { [id] })
        try await org.restrict(.rate(.init(operation: .mail, count: 2, seconds: 3_600)))
        for number in 1...5 {
            try await org.records.write(as: org.administrator) {
                try $0.send(
                    OutgoingMail(to: ["mo@example.org"], subject: "\(number)", textBody: "Hello")
                )
            }
        }
        _ = try await runner.runDue()
        #expect(await sent.subjects.count == 2)
        org.clock.advance(seconds: 3_600)
        _ = try await runner.runDue()
        #expect(await sent.subjects.count == 4)
        org.clock.advance(seconds: 3_600)
        _ = try await runner.runDue()
        #expect(await Set(sent.subjects) == ["1", "2", "3", "4", "5"])
    }

    @Test("records beyond a rate are refused, one by one")
    func creates() async throws {
        let org = try await TestOrg()
        try await org.restrict(.rate(.init(operation: .create, count: 3, seconds: 3_600)))
        for number in 1...3 {
            try await org.create("Account", ["Name": .string("\(number)")], as: org.administrator)
        }
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Account", ["Name": "4"], as: org.administrator)
        }
        #expect(error?.code == .useRestricted)
        org.clock.advance(seconds: 3_600)
        try await org.create("Account", ["Name": "4"], as: org.administrator)
    }

    @Test("requests beyond a rate are refused, but not those of administrators")
    func requests() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.restrict(.rate(.init(operation: .request, count: 2, seconds: 60)))
        for _ in 1...2 { _ = try await org.query("SELECT Id FROM Case", as: ana) }
        let error = await #expect(throws: RecordError.self) {
            try await org.query("SELECT Id FROM Case", as: ana)
        }
        #expect(error?.code == .useRestricted)
        _ = try await org.query("SELECT Id FROM Case", as: org.administrator)
        org.clock.advance(seconds: 60)
        _ = try await org.query("SELECT Id FROM Case", as: ana)
    }
}
