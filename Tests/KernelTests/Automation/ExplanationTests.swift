import Kernel
import Metadata
import TestSupport
import Testing

/// What was decided can be asked again, and gives the same.
@Suite struct ExplanationTests {
    @Test("milestones that are worked out again are those that are stored")
    func noDrift() async throws {
        let org = try await TestOrg(clock: TestSupport.TestClock("2026-03-10T13:00:00Z"))
        let id = try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        for values in [
            ["IsStopped": true], ["IsStopped": false], ["Status": "Closed"], ["Status": "New"],
        ] as [JSONObject] {
            org.clock.advance(seconds: 3_600)
            try await org.update("Case", id, values, as: org.administrator)
        }
        let drift = try await org.records.read(as: org.administrator) {
            try $0.milestoneDrift()
        }
        #expect(drift.isEmpty)
        #expect(
            try await org.count("SELECT COUNT() FROM CaseMilestone", as: org.administrator) == 2
        )
    }

    @Test("an assignment is explained entry by entry, and the answer is that of the rule")
    func assignment() async throws {
        let org = try await TestOrg()
        let id = try await org.create(
            "Case",
            ["Department__c": "Sanitation"],
            as: org.administrator
        )
        let explained = try await org.records.read(as: org.administrator) {
            try $0.explainAssignment(of: [id])
        }
        let one = try #require(explained.first)
        #expect(one.entries.map(\.holds) == [false, true, false])
        #expect(one.decidingEntry == 2)
        #expect(one.outcome == "assigned to queue Sanitation")
    }

    @Test("nobody is told about a record that they do not see")
    func hidden() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create(
            "Case",
            ["Department__c": "Sanitation"],
            as: org.administrator
        )
        let explained = try await org.records.read(as: ana) {
            try $0.explainAssignment(of: [id])
        }
        #expect(explained.isEmpty)
        #expect(try await org.count("SELECT COUNT() FROM RuleDecision", as: ana) == 0)
    }

    @Test("criteria are told only to those who may read every field they name")
    func withheldCriteria() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create("Case", ["Subject": "Lamp"], as: ana)
        func criteria() async throws -> [String?] {
            let explained = try await org.records.read(as: ana) {
                try $0.explainAssignment(of: [id])
            }
            return try #require(explained.first).entries.map(\.criteria)
        }
        #expect(try await criteria().first == #"Department__c equals "Streets""#)
        func rights(_ soql: String) async throws -> [RecordID] {
            try await org.query(soql, as: org.administrator).compactMap { $0["Id"].id }
        }
        for right in try await rights(
            "SELECT Id FROM FieldPermissions WHERE Field = 'Case.Department__c'"
        ) {
            try await org.delete(right, as: org.administrator)
        }
        for right in try await rights(
            "SELECT Id FROM ObjectPermissions "
                + "WHERE SobjectType = 'Case' AND PermissionsViewAllFields = TRUE"
        ) {
            try await org.update(
                "ObjectPermissions",
                right,
                ["PermissionsViewAllFields": false],
                as: org.administrator
            )
        }
        #expect(try await criteria() == [nil, nil, nil])
        #expect(try await org.count("SELECT COUNT() FROM RuleDecision", as: ana) > 0)
        await #expect(throws: RecordError.self) {
            try await org.query("SELECT Criteria FROM RuleDecision", as: ana)
        }
    }

    @Test("a scenario whose claim does not hold fails, and says where")
    func wrongScenario() async throws {
        let files =
            try ShippedApps.files(of: "service-desk").filter { !$0.path.hasPrefix("scenarios/") }
            + [
                MetadataPackage.File(
                    path: "scenarios/wrong.yaml",
                    text: """
                        scenario: Waste goes to the streets
                        when:
                          - record: waste
                            object: Case
                            values: { Department__c: Sanitation }
                        then:
                          - { record: waste, owner: Streets_Queue }
                        """
                )
            ]
        let scenario = try #require(try PackageReader.read(files).scenarios.first)
        let error = await #expect(throws: ScenarioRunner.Failure.self) {
            try await ScenarioRunner.run(scenario, of: "service-desk", on: .reference)
        }
        #expect(error?.description.hasPrefix("scenarios/wrong.yaml:7: ") == true)
    }
}
