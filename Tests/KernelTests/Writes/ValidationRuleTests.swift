import Kernel
import Metadata
import TestSupport
import Testing

/// What an org has declared that must not be true of its records.
@Suite struct ValidationRuleTests {
    private static let manifest = """
        package: visits
        label: Visits
        version: 1.0.0
        needs: [platform]
        """

    private static let site = """
        object: Site__c
        label: Site
        pluralLabel: Sites
        fields:
          - { name: Closed__c, type: Checkbox }
        """

    private static let visit = """
        object: Visit__c
        label: Visit
        pluralLabel: Visits
        fields:
          - { name: Site__c, type: Lookup, referenceTo: [Site__c], relationshipName: Visits }
          - { name: Purpose__c, type: Text, length: 40, required: true }
          - { name: Hours__c, type: Number, precision: 6, scale: 2 }
          - { name: People__c, type: Number, precision: 6, scale: 0 }
        validationRules:
          - name: Hours_Are_Positive
            errorConditionFormula: |
              Hours__c < 0
            errorDisplayField: Hours__c
            errorMessage: A visit takes some time.
          - name: Site_Is_Open
            errorConditionFormula: |
              Site__r.Closed__c
            errorMessage: The site is closed.
          - name: Hours_Only_Grow
            errorConditionFormula: |
              AND(NOT(ISNEW()), Hours__c < PRIORVALUE(Hours__c))
            errorMessage: Hours that were spent stay spent.
          - name: Not_Too_Long
            errorConditionFormula: |
              Hours__c / People__c > 10
            errorMessage: Ten hours are enough for anyone.
          - name: Switched_Off
            active: false
            errorConditionFormula: |
              TRUE
            errorMessage: Never.
        """

    private static func files(_ visit: String = visit) -> [MetadataPackage.File] {
        [
            MetadataPackage.File(path: "package.yaml", text: manifest),
            MetadataPackage.File(path: "objects/Site__c.yaml", text: site),
            MetadataPackage.File(path: "objects/Visit__c.yaml", text: visit),
        ]
    }

    private func world(_ kind: StoreKind = .reference) async throws -> TestOrg {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        _ = try await Deployment(org.records).apply(
            Self.files(),
            in: org.id,
            as: org.administrator.user
        )
        return org
    }

    private func errors(_ org: TestOrg, _ values: JSONObject) async throws -> [RecordError] {
        try await org.save(
            [RecordDraft(object: "Visit__c", values: values)],
            .create,
            as: org.administrator
        )[0].errors
    }

    @Test(
        "a record that a rule is about is refused with the rule's message at its field",
        arguments: StoreKind.allCases
    )
    func refusal(_ kind: StoreKind) async throws {
        let org = try await world(kind)

        let errors = try await errors(
            org,
            ["Name": "Visit", "Purpose__c": "Repair", "Hours__c": -1, "People__c": 1]
        )

        #expect(
            errors == [
                RecordError(
                    .fieldCustomValidationException,
                    "A visit takes some time.",
                    fields: ["Hours__c"]
                )
            ]
        )
    }

    @Test("every rule that refuses is reported, with the platform's own errors")
    func allErrors() async throws {
        let org = try await world()
        let site = try await org.create(
            "Site__c",
            ["Name": "Hall", "Closed__c": true],
            as: org.administrator
        )

        let errors = try await errors(
            org,
            ["Name": "Visit", "Hours__c": -1, "People__c": 1, "Site__c": .id(site)]
        )

        #expect(
            errors.map(\.code) == [
                .requiredFieldMissing, .fieldCustomValidationException,
                .fieldCustomValidationException,
            ]
        )
        #expect(errors.last?.message == "The site is closed.")
    }

    @Test("a rule compares the record with what is stored")
    func priorValues() async throws {
        let org = try await world()
        let visit = try await org.create(
            "Visit__c",
            ["Name": "Visit", "Purpose__c": "Repair", "Hours__c": 4, "People__c": 1],
            as: org.administrator
        )
        try await org.update("Visit__c", visit, ["Hours__c": 5], as: org.administrator)

        let error = await #expect(throws: RecordError.self) {
            try await org.update("Visit__c", visit, ["Hours__c": 3], as: org.administrator)
        }

        #expect(error?.message == "Hours that were spent stay spent.")
    }

    @Test("a rule that has no answer refuses the record, and names itself")
    func failure() async throws {
        let org = try await world()

        let errors = try await errors(
            org,
            ["Name": "Visit", "Purpose__c": "Repair", "Hours__c": 1, "People__c": 0]
        )

        #expect(errors.map(\.code) == [.fieldIntegrityException])
        #expect(errors.first?.message.contains("\"Not_Too_Long\"") == true)
    }

    @Test("a formula with a mistake is refused with its file, line and column")
    func mistake() async throws {
        let org = try await TestOrg(apps: ["platform"])
        let wrong = Self.visit.replacing("Site__r.Closed__c", with: "Site__r.Closd__c")
        let line = wrong.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains("Closd__c") }

        let error = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(Self.files(wrong), in: org.id)
        }

        let problem = error?.problems.first
        #expect(problem?.file == "objects/Visit__c.yaml")
        #expect(problem?.line == line.map { $0 + 1 })
        #expect((problem?.column ?? 0) >= 7)
        #expect(problem?.message.contains("Closed__c") == true)
    }
}
