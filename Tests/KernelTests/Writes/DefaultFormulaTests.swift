import Kernel
import Metadata
import TestSupport
import Testing

/// Defaults that are formulas: of the clock, the user and the org.
@Suite struct DefaultFormulaTests {
    private static func files(_ fields: String) -> [MetadataPackage.File] {
        [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: loans\nlabel: Loans\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            MetadataPackage.File(
                path: "objects/Loan__c.yaml",
                text: "object: Loan__c\nlabel: Loan\npluralLabel: Loans\nfields:\n\(fields)\n"
            ),
        ]
    }

    private static let fields = """
          - { name: Due__c, type: Date, defaultFormula: TODAY() + 30 }
          - { name: Asked__c, type: DateTime, defaultFormula: NOW() }
          - { name: Clerk__c, type: Lookup, referenceTo: [User], defaultFormula: $User.Id }
          - { name: Rate__c, type: Percent, precision: 5, scale: 2, defaultFormula: 1 / 3 }
          - { name: Note__c, type: Text, length: 40, defaultFormula: '"By " & $User.LastName' }
          - { name: Open__c, type: Checkbox, defaultFormula: NOT(FALSE) }
        """

    private func loans(_ kind: StoreKind, _ fields: String = fields) async throws -> TestOrg {
        let org = try await TestOrg(
            on: kind,
            apps: ["platform"],
            clock: TestSupport.TestClock("2026-03-10T23:30:00Z")
        )
        _ = try await Deployment(org.records).apply(
            Self.files(fields),
            in: org.id,
            as: org.administrator.user
        )
        return org
    }

    @Test("a new record gets what the formulas come to", arguments: StoreKind.allCases)
    func defaults(_ kind: StoreKind) async throws {
        let org = try await loans(kind)
        let clerk = try await org.user(
            "Hopper",
            profile: "System Administrator",
            timeZone: "Europe/Berlin"
        )

        try await org.create("Loan__c", ["Name": "A"], as: clerk)
        let row = try #require(
            try await org.query(
                "SELECT Due__c, Asked__c, Clerk__c, Rate__c, Note__c, Open__c FROM Loan__c",
                as: clerk
            ).first
        )

        // In Berlin it is the next day already.
        #expect(
            row["Due__c"]
                == .date(try #require(CivilDate(year: 2026, month: 4, day: 10)).daysSinceEpoch)
        )
        #expect(row["Asked__c"] == .dateTime(org.clock.now()))
        #expect(row["Clerk__c"].id == clerk.user)
        #expect(row["Rate__c"] == .number(ExactDecimal(unscaled: 3_333, scale: 2)))
        #expect(row["Note__c"].text == "By Hopper")
        #expect(row["Open__c"] == .boolean(true))
    }

    @Test("what is sent stays, an empty value too, and an update gets no defaults")
    func given() async throws {
        let org = try await loans(.sqlite)
        let id = try await org.create(
            "Loan__c",
            ["Name": "A", "Due__c": "2026-01-01", "Note__c": .null],
            as: org.administrator
        )
        try await org.update("Loan__c", id, ["Asked__c": .null], as: org.administrator)
        try await org.update("Loan__c", id, ["Name": "B"], as: org.administrator)

        let row = try #require(
            try await org.query(
                "SELECT Due__c, Asked__c, Note__c FROM Loan__c",
                as: org.administrator
            )
            .first
        )
        #expect(
            row["Due__c"]
                == .date(try #require(CivilDate(year: 2026, month: 1, day: 1)).daysSinceEpoch)
        )
        #expect(row["Asked__c"].isNull)
        #expect(row["Note__c"].isNull)
    }

    @Test("a default that does not fit fails the record that needs it, and no other")
    func tooLong() async throws {
        let org = try await loans(
            .sqlite,
            "  - { name: Code__c, type: Text, length: 3, defaultFormula: $User.Username }"
        )
        let drafts: [JSONObject] = [["Name": "A"], ["Name": "B", "Code__c": "abc"]]
        let results = try await org.save(
            drafts.map { RecordDraft(object: "Loan__c", values: $0) },
            .create,
            as: org.administrator
        )
        #expect(results.map(\.errors.count) == [1, 0])
        #expect(results[0].errors.first?.code == .stringTooLong)
        #expect(results[0].errors.first?.fields == ["Code__c"])
    }

    @Test(
        "a default that cannot be is refused at its place",
        arguments: [
            ("{ name: D__c, type: Date, defaultFormula: TODAY() & 1 }", 5),
            ("{ name: D__c, type: Date, defaultFormula: CreatedDate }", 5),
            ("{ name: D__c, type: Number, defaultFormula: 1, defaultValue: 2 }", 5),
            ("{ name: D__c, type: AutoNumber, format: 'D-{0}', defaultFormula: 1 }", 5),
        ]
    )
    func refused(_ field: String, _ line: Int) async throws {
        let org = try await TestOrg(apps: ["platform"])
        let problems = try await #require(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(Self.files("  - \(field)"), in: org.id)
        }
        #expect(problems.problems.count == 1, "\(problems.problems)")
        #expect(problems.problems.first?.line == line)
    }
}
