import Kernel
import Metadata
import TestSupport
import Testing

/// A record becomes others: all of it or nothing, with the rights of whoever asks.
@Suite struct ConversionTests {
    private static let prospect = """
        object: Prospect__c
        label: Prospect
        pluralLabel: Prospects
        fields:
          - { name: Company__c, type: Text, length: 80 }
          - { name: Mail__c, type: Email }
          - { name: Phone__c, type: Phone }
          - { name: Is_Converted__c, type: Checkbox }
          - { name: Stage__c, type: Text, length: 20 }
          - { name: Account__c, type: Lookup, referenceTo: [Account], relationshipName: Prospects }
          - { name: Contact__c, type: Lookup, referenceTo: [Contact], relationshipName: Prospects }
        """

    private static let visit = """
        object: Visit__c
        label: Visit
        pluralLabel: Visits
        fields:
          - name: About__c
            type: Lookup
            referenceTo: [Prospect__c, Account]
            relationshipName: Visits
        """

    private static let conversion = """
        conversion: Win
        label: Win
        object: Prospect__c
        convertedField: Is_Converted__c
        assignments:
          - { field: Stage__c, value: Won }
        targets:
          - name: account
            object: Account
            matchBy: [Name]
            sourceLookup: Account__c
            moves: [Visits]
            assignments:
              - { field: Name, sourceField: Company__c }
              - { field: Phone, sourceField: Phone__c }
          - name: contact
            object: Contact
            matchBy: [Email]
            sourceLookup: Contact__c
            assignments:
              - { field: LastName, sourceField: Name }
              - { field: Email, sourceField: Mail__c }
              - { field: AccountId, target: account }
        """

    private static func files(_ conversion: String) -> [MetadataPackage.File] {
        [
            .init(
                path: "package.yaml",
                text: "package: sales\nlabel: Sales\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            .init(path: "objects/Prospect__c.yaml", text: prospect),
            .init(path: "objects/Visit__c.yaml", text: visit),
            .init(path: "conversions/Win.yaml", text: conversion),
        ]
    }

    private func sales(_ kind: StoreKind = .reference) async throws -> TestOrg {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        _ = try await Deployment(org.records).apply(
            Self.files(Self.conversion),
            in: org.id,
            as: org.administrator.user
        )
        return org
    }

    private func prospect(
        _ name: String,
        _ company: String?,
        mail: String? = nil,
        in org: TestOrg
    ) async throws -> RecordID {
        var values: JSONObject = ["Name": .string(name), "Phone__c": "555-0100"]
        if let company { values.members.append(.init(name: "Company__c", value: .string(company))) }
        if let mail { values.members.append(.init(name: "Mail__c", value: .string(mail))) }
        return try await org.create("Prospect__c", values, as: org.administrator)
    }

    private func convert(
        _ inputs: [JSONObject],
        in org: TestOrg,
        as caller: Caller? = nil
    ) async throws -> [FlowOutcome] {
        let inputs = inputs.map { input in
            JSONObject([.init(name: "conversion", value: "Win")] + input.members)
        }
        return try await org.records.write(as: caller ?? org.administrator) {
            try $0.runAction("convertRecord", inputs: inputs)
        }
    }

    private func error(_ outcome: FlowOutcome) -> RecordError? {
        if case .failure(let error) = outcome { error } else { nil }
    }

    private func ids(_ name: String, _ outcome: FlowOutcome) -> [RecordID] {
        guard case .success(let values) = outcome else { return [] }
        return (values[name]?.array ?? []).compactMap { try? RecordID($0.string ?? "") }
    }

    @Test(
        "it makes what is new, uses what is there, and moves what belongs to it",
        arguments: StoreKind.allCases
    )
    func together(_ kind: StoreKind) async throws {
        let org = try await sales(kind)
        let admin = org.administrator
        let known = try await org.create("Account", ["Name": "Acme"], as: admin)
        let kim = try await prospect("Kim", "ACME", mail: "kim@acme.example", in: org)
        let lee = try await prospect("Lee", "Bolt", mail: "lee@bolt.example", in: org)
        let max = try await prospect("Max", "Bolt", mail: "max@bolt.example", in: org)
        for index in 0..<3 {
            try await org.create(
                "Visit__c",
                ["Name": .string("\(index)"), "About__c": .id(index == 0 ? lee : kim)],
                as: admin
            )
        }

        let outcomes = try await convert(
            [kim, lee, max].map { ["recordId": .id($0)] },
            in: org
        )

        #expect(outcomes.compactMap(error).isEmpty)
        #expect(ids("recordIds", outcomes[0]).first == known)
        #expect(outcomes.map { ids("createdIds", $0).count } == [1, 2, 1])
        let rows = try await org.query(
            "SELECT Name, Account__r.Name, Account__r.Phone, Contact__r.Account.Name, Stage__c, "
                + "Is_Converted__c FROM Prospect__c ORDER BY Name",
            as: admin
        )
        #expect(rows.map { $0.text("Account__r.Name") } == ["Acme", "Bolt", "Bolt"])
        #expect(rows.map { $0.text("Contact__r.Account.Name") } == ["Acme", "Bolt", "Bolt"])
        #expect(rows.map { $0.text("Account__r.Phone") } == ["555-0100", "555-0100", "555-0100"])
        #expect(rows.map { $0.text("Stage__c") } == ["Won", "Won", "Won"])
        #expect(
            try await org.count(
                "SELECT COUNT() FROM Visit__c WHERE About__c = '\(known)'",
                as: admin
            ) == 2
        )
        #expect(try await org.count("SELECT COUNT() FROM Account", as: admin) == 2)
    }

    @Test(
        "what cannot be converted stays as it was, and the rest goes on",
        arguments: StoreKind.allCases
    )
    func apart(_ kind: StoreKind) async throws {
        let org = try await sales(kind)
        let admin = org.administrator
        let kim = try await prospect("Kim", nil, mail: "kim@acme.example", in: org)
        let lee = try await prospect("Lee", "Bolt", in: org)

        let outcomes = try await convert([kim, lee].map { ["recordId": .id($0)] }, in: org)
        #expect(error(outcomes[0])?.code == .requiredFieldMissing)
        #expect(error(outcomes[0])?.message.hasPrefix("account: ") ?? false)
        #expect(error(outcomes[1]) == nil)
        #expect(try await org.count("SELECT COUNT() FROM Contact", as: admin) == 1)
        #expect(
            try await org.count(
                "SELECT COUNT() FROM Prospect__c WHERE Is_Converted__c = true",
                as: admin
            ) == 1
        )

        let again = try await convert([["recordId": .id(lee)]], in: org)
        #expect(error(again[0])?.message.contains("converted already") ?? false)
    }

    @Test("several that match are not guessed at; one is named, or a target left out")
    func choices() async throws {
        let org = try await sales()
        let admin = org.administrator
        let first = try await org.create("Account", ["Name": "Acme"], as: admin)
        try await org.create("Account", ["Name": "Acme"], as: admin)
        let kim = try await prospect("Kim", "Acme", in: org)
        let lee = try await prospect("Lee", "Acme", in: org)

        let unsure = try await convert([["recordId": .id(kim)]], in: org)
        #expect(error(unsure[0])?.message.contains("2 records match") ?? false)
        let named = try await convert(
            [["recordId": .id(kim), "useRecordIds": [.id(first)]]],
            in: org
        )
        #expect(ids("recordIds", named[0]).first == first)
        let left = try await convert(
            [["recordId": .id(lee), "skipTargets": "account"]],
            in: org
        )
        #expect(ids("recordIds", left[0]).count == 1)
    }

    @Test("what the caller does not see is neither converted nor used")
    func rights() async throws {
        let org = try await sales()
        let admin = org.administrator
        let kim = try await prospect("Kim", "Acme", in: org)
        let stranger = try await org.user("Sam", profile: "Read Only")

        let outcomes = try await org.records.write(as: stranger) { writer in
            do {
                return try writer.runAction(
                    "convertRecord",
                    inputs: [["conversion": "Win", "recordId": .id(kim)]]
                )
            } catch let error as RecordError {
                return [FlowOutcome.failure(error)]
            }
        }
        #expect(outcomes.compactMap(error).count == 1)
        #expect(try await org.count("SELECT COUNT() FROM Account", as: admin) == 0)
    }

    @Test(
        "a conversion that names what is not there is refused with its place",
        arguments: [
            ("sourceField: Company__c", "sourceField: Firm__c", "Firm__c"),
            ("object: Prospect__c", "object: Prospects__c", "there is no object"),
            ("field: Phone,", "field: Phon,", "did you mean `Phone`"),
            ("convertedField: Is_Converted__c", "convertedField: Stage__c", "no checkbox"),
            ("matchBy: [Email]", "matchBy: [Title]", "given no value"),
            ("sourceLookup: Account__c", "sourceLookup: Contact__c", "no lookup to Account"),
            ("moves: [Visits]", "moves: [Visit]", "did you mean `Visits`"),
            ("target: account", "target: acount", "no target above"),
            ("target: account", "value: x, target: account", "needs one of"),
        ]
    )
    func refusals(_ wanted: String, _ given: String, _ reason: String) async throws {
        let org = try await TestOrg(apps: ["platform"])
        let text = Self.conversion.replacing(wanted, with: given)
        let problems = try await #require(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(Self.files(text), in: org.id)
        }

        #expect(problems.description.contains(reason), "\(problems)")
        #expect(problems.description.contains("conversions/Win.yaml:"), "\(problems)")
    }
}
