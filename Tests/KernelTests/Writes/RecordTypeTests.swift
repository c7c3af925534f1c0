import Kernel
import Metadata
import TestSupport
import Testing

/// Record types decide which values a picklist offers, and what a new record begins with.
@Suite struct RecordTypeTests {
    private static let manifest = """
        package: permits
        label: Permits
        version: 1.0.0
        needs: [platform]
        """

    private static let permit = """
        object: Permit__c
        label: Permit
        pluralLabel: Permits
        recordTypes:
          - name: Building
            label: Building Permit
            default: true
            picklistValues:
              - { picklist: Stage__c, values: [Filed, Inspected, Granted], default: Filed }
          - name: Parking
            label: Parking Permit
            picklistValues:
              - { picklist: Stage__c, values: [Filed, Granted] }
              - { picklist: Zones__c, values: [North] }
          - { name: Retired, label: Retired, active: false }
        fields:
          - name: Stage__c
            type: Picklist
            restricted: true
            values:
              - { name: Drafted, default: true }
              - { name: Filed }
              - { name: Inspected }
              - { name: Granted }
          - name: Zones__c
            type: MultiselectPicklist
            restricted: true
            values: [{ name: North }, { name: South }]
        """

    private static func files(_ permit: String) -> [MetadataPackage.File] {
        [
            MetadataPackage.File(path: "package.yaml", text: manifest),
            MetadataPackage.File(path: "objects/Permit__c.yaml", text: permit),
        ]
    }

    private func permits(_ kind: StoreKind) async throws -> (TestOrg, [String: RecordID]) {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        _ = try await Deployment(org.records).apply(
            Self.files(Self.permit),
            in: org.id,
            as: org.administrator.user
        )
        let rows = try await org.query(
            "SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = 'Permit__c'",
            as: org.administrator
        )
        var types: [String: RecordID] = [:]
        for row in rows { types[row["DeveloperName"].text ?? ""] = row["Id"].id }
        return (org, types)
    }

    private func save(
        _ values: JSONObject,
        of id: RecordID? = nil,
        in org: TestOrg
    ) async throws -> SaveResult {
        let draft = RecordDraft(object: "Permit__c", id: id?.description, values: values)
        let results = try await org.save(
            [draft],
            id == nil ? .create : .update,
            as: org.administrator
        )
        return try #require(results.first)
    }

    @Test("a new record gets the default type and its value", arguments: StoreKind.allCases)
    func defaults(_ kind: StoreKind) async throws {
        let (org, types) = try await permits(kind)
        let parking = try #require(types["Parking"])

        _ = try await save(["Name": "A"], in: org)
        _ = try await save(["Name": "B", "RecordTypeId": .id(parking)], in: org)
        _ = try await save(["Name": "C", "Stage__c": "Granted"], in: org)
        let rows = try await org.query(
            "SELECT Name, RecordTypeId, Stage__c FROM Permit__c ORDER BY Name",
            as: org.administrator
        )

        #expect(
            rows.map { $0["RecordTypeId"].id } == [types["Building"], parking, types["Building"]]
        )
        #expect(rows.map { $0["Stage__c"].text } == ["Filed", nil, "Granted"])
    }

    @Test("a value that the type does not offer is refused, and names field, value and type")
    func refusal() async throws {
        let (org, types) = try await permits(.sqlite)
        let parking = try #require(types["Parking"])

        let result = try await save(
            [
                "Name": "A", "RecordTypeId": .id(parking), "Stage__c": "Inspected",
                "Zones__c": "North;South",
            ],
            in: org
        )

        #expect(
            result.errors.map(\.code) == [
                .invalidOrNullForRestrictedPicklist, .invalidOrNullForRestrictedPicklist,
            ]
        )
        #expect(result.errors.map(\.fields) == [["Stage__c"], ["Zones__c"]])
        #expect(result.errors.first?.message.contains("Inspected") ?? false)
        #expect(result.errors.last?.message.contains("South; records of the type Parking") ?? false)
    }

    @Test("another type leaves what the record had until the value is changed")
    func retyping() async throws {
        let (org, types) = try await permits(.sqlite)
        let parking = try #require(types["Parking"])
        let made = try await save(["Name": "A", "Stage__c": "Inspected"], in: org)
        let id = try #require(made.id)

        let moved = try await save(["RecordTypeId": .id(parking)], of: id, in: org)
        #expect(moved.errors.isEmpty)
        let same = try await save(["Stage__c": "Inspected"], of: id, in: org)
        #expect(same.errors.isEmpty)
        let granted = try await save(["Stage__c": "Granted"], of: id, in: org)
        #expect(granted.errors.isEmpty)
        let back = try await save(["Stage__c": "Inspected"], of: id, in: org)
        #expect(back.errors.map(\.code) == [.invalidOrNullForRestrictedPicklist])
    }

    @Test("a record type that is not active, or is none, is refused once")
    func wrongType() async throws {
        let (org, types) = try await permits(.sqlite)
        let retired = try #require(types["Retired"])
        let nobody = RecordID(prefix: retired.prefix, sequence: 1 << 40)

        for id in [retired, nobody] {
            let result = try await save(["Name": "A", "RecordTypeId": .id(id)], in: org)

            #expect(result.errors.map(\.code) == [.invalidCrossReferenceKey])
            #expect(result.errors.first?.fields == ["RecordTypeId"])
        }
    }

    @Test("the id that descriptions give for no type stands for none")
    func master() async throws {
        let (org, types) = try await permits(.sqlite)
        let result = try await save(
            ["Name": "A", "RecordTypeId": .string(RecordTypeRegister.master)],
            in: org
        )
        let rows = try await org.query("SELECT RecordTypeId FROM Permit__c", as: org.administrator)

        #expect(result.errors.isEmpty)
        #expect(rows.map { $0["RecordTypeId"].id } == [types["Building"]])
    }

    @Test(
        "declarations that cannot be are refused with their place and advice",
        arguments: [
            (
                "picklist: Stage__c, values: [Filed, Granted]",
                "picklist: Stag__c, values: [Filed]",
                "`Stag__c` is no picklist (did you mean `Stage__c`?)"
            ),
            (
                "values: [Filed, Granted]", "values: [Field]",
                "`Field` is no value of `Stage__c` (did you mean `Filed`?)"
            ),
            (
                "values: [North]", "values: [North], default: South",
                "the default `South` is not among the values"
            ),
            (
                "name: Retired, label: Retired", "name: Parking, label: Retired",
                "the record type `Parking` is declared twice"
            ),
            (
                "label: Parking Permit", "label: Parking Permit\n    default: true",
                "only one record type is the default: `Building` is too"
            ),
        ]
    )
    func badDeclarations(_ wanted: String, _ given: String, _ message: String) async throws {
        let org = try await TestOrg(apps: ["platform"])
        let text = Self.permit.replacing(wanted, with: given)
        let problems = try await #require(throws: PackageProblems.self) {
            try await Deployment(org.records).apply(
                Self.files(text),
                in: org.id,
                as: org.administrator.user
            )
        }
        let told = problems.problems.first
        #expect(told?.message.hasPrefix(message) ?? false, "\(problems.problems)")
        #expect(told?.file == "objects/Permit__c.yaml" && (told?.line ?? 0) > 4)
    }
}
