import Kernel
import Metadata
import TestSupport
import Testing

/// Grants by which the operator's people read an org's records.
@Suite struct BreakGlassTests {
    private static let object = """
        object: Site__c
        label: Site
        pluralLabel: Sites
        fields:
          - { name: Secret__c, type: EncryptedText, length: 20 }
          - { name: Account__c, type: Lookup, referenceTo: [Account], relationshipName: Sites }
          - { name: Owner_Name__c, type: Formula, returnType: Text, formula: Account__r.Name }
        """

    private let org: TestOrg
    private let asking: RecordID
    private let approving: RecordID

    init() async throws {
        org = try await TestOrg(apps: ["platform"])
        asking = try #require(KeyPrefix("005").map { RecordID(prefix: $0, sequence: 9_001) })
        approving = try #require(KeyPrefix("005").map { RecordID(prefix: $0, sequence: 9_002) })
    }

    private func ask(_ changes: [String: JSONValue] = [:]) async throws -> String {
        var json = JSONObject()
        let members: [String: JSONValue] = [
            "reason": "SECURITY_INCIDENT", "objects": ["Account"],
            "hours": .number(JSONNumber(Int64(4))), "explanation": "A login from elsewhere.",
        ]
        for (name, value) in members.merging(changes, uniquingKeysWith: { $1 }) {
            json.members.append(.init(name: name, value: value))
        }
        let id = "BG-\(try await org.records.grants(in: org.id).count + 1)"
        let grant = try BreakGlassGrant(
            requesting: json,
            id: id,
            org: org.id,
            by: asking,
            at: org.clock.now()
        )
        try await org.records.request(grant)
        return id
    }

    private func opened(_ changes: [String: JSONValue] = [:]) async throws -> String {
        let id = try await ask(changes)
        try await org.records.approve(id, in: org.id, by: approving)
        try await org.records.approveForOrg(id, in: org.id, by: org.administrator.user)
        try await org.records.open(id, in: org.id, by: asking) { _ in }
        return id
    }

    private func read(_ soql: String, _ id: String) async throws -> [[FieldValue]] {
        try await org.records.read(.soql(soql), under: id, in: org.id, by: asking) {
            TableSink($0)
        }.rows
    }

    @Test("it ends by the clock, to the second, and a request lapses")
    func ends() async throws {
        let id = try await opened()
        org.clock.advance(seconds: 4 * 3_600 - 1)
        _ = try await read("SELECT Id FROM Account", id)
        org.clock.advance(seconds: 1)
        await #expect(throws: RecordError.self) { try await read("SELECT Id FROM Account", id) }
        // What was refused because it was over is no question that was put.
        #expect(try await org.records.queries(under: id, in: org.id).count == 1)

        let late = try await ask()
        org.clock.advance(seconds: 72 * 3_600)
        await #expect(throws: RecordError.self) {
            try await org.records.approve(late, in: org.id, by: approving)
        }
    }

    @Test("what cannot be told to the log is not opened")
    func untold() async throws {
        struct NoLog: Error {}
        let id = try await ask()
        try await org.records.approve(id, in: org.id, by: approving)
        try await org.records.approveForOrg(id, in: org.id, by: org.administrator.user)
        await #expect(throws: NoLog.self) {
            try await org.records.open(id, in: org.id, by: asking) { _ in throw NoLog() }
        }
        await #expect(throws: RecordError.self) { try await read("SELECT Id FROM Account", id) }
    }

    @Test("a report that cannot be told to the log is still owed")
    func unreported() async throws {
        struct NoLog: Error {}
        let id = try await opened()
        await #expect(throws: NoLog.self) {
            try await org.records.close(id, in: org.id, by: asking, report: "Seen.") { _ in
                throw NoLog()
            }
        }
        #expect(try await org.records.grant(id, in: org.id).closed == nil)
        try await org.records.close(id, in: org.id, by: asking, report: "Seen.") { _ in }
        #expect(try await org.records.grant(id, in: org.id).report == "Seen.")
    }

    @Test("a bar on the notice ends by the clock")
    func bar() async throws {
        let until = org.clock.now().adding(seconds: 3_600)
        let notice: JSONObject = ["until": .string(until.text), "because": "A court."]
        let id = try await ask(["reason": "LEGAL_PROCESS", "notice": .object(notice)])
        let grant = try await org.records.grant(id, in: org.id)
        #expect(!grant.isTold(at: until.adding(seconds: -1)))
        #expect(grant.isTold(at: until))
    }

    @Test("sealed texts stay masked, and a formula leads to no other object")
    func sealed() async throws {
        let files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: sites\nlabel: Sites\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            MetadataPackage.File(path: "objects/Site__c.yaml", text: Self.object),
        ]
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(files, in: org.id, as: admin.user)
        let account = try await org.create("Account", ["Name": "Hidden Hall"], as: admin)
        try await org.create(
            "Site__c",
            ["Name": "North", "Secret__c": "canary-4711", "Account__c": .id(account)],
            as: admin
        )
        let id = try await opened(["objects": ["Site__c"]])
        let rows = try await read("SELECT Name, Secret__c FROM Site__c", id)
        #expect(rows == [[.text("North"), .text("********")]])
        await #expect(throws: RecordError.self) {
            try await read("SELECT Owner_Name__c FROM Site__c", id)
        }
        let both = try await opened(["objects": ["Site__c", "Account"]])
        let seen = try await read("SELECT Owner_Name__c FROM Site__c", both)
        #expect(seen == [[.text("Hidden Hall")]])
    }
}
