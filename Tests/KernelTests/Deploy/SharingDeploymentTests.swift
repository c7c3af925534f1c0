import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What is declared about sharing is refused where it could not hold.
@Suite struct SharingDeploymentTests {
    private func problems(_ path: String, _ text: String) async throws -> String {
        let org = try await TestOrg()
        let files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: more\nlabel: More\nversion: 1.0.0\nneeds: [service-desk]\n"
            ),
            MetadataPackage.File(path: path, text: text),
        ]
        do {
            _ = try await Deployment(org.records).apply(
                files,
                in: org.id,
                as: org.administrator.user
            )
            return ""
        } catch let error as PackageProblems {
            return error.description
        }
    }

    private func rule(_ lines: String) async throws -> String {
        try await problems(
            "sharing-rules/Case.yaml",
            """
            object: Case
            sharingCriteriaRules:
              - name: One
                accessLevel: Read
                sharedTo: { allInternalUsers: true }

            """ + lines
        )
    }

    @Test(
        "criteria that could change unnoticed are refused, with their place",
        arguments: [
            ("{ field: Account.Industry, operation: equals, value: Energy }", "another record"),
            ("{ field: Subjekt, operation: equals, value: x }", "did you mean `Subject`"),
            ("{ field: IsClosed, operation: equals, value: perhaps }", "true or false"),
            ("{ field: CreatedDate, operation: equals, value: TODAY }", "depends on today"),
            ("{ field: Description, operation: equals, value: x }", "cannot decide"),
        ]
    )
    func criteria(_ item: String, _ reason: String) async throws {
        let text = try await rule("    criteriaItems:\n      - \(item)\n")

        #expect(text.hasPrefix("sharing-rules/Case.yaml:7:"), "\(text)")
        #expect(text.contains(reason), "\(text)")
    }

    @Test("a logic names conditions that are there")
    func logic() async throws {
        let item = "      - { field: Priority, operation: equals, value: High }\n"
        let text = try await rule("    booleanFilter: 1 AND 2\n    criteriaItems:\n" + item)

        #expect(text.contains("names the condition 2, of 1"), "\(text)")
    }

    @Test("a rule without criteria, for nobody, or for what is open already is refused")
    func rules() async throws {
        #expect(try await rule("").contains("needs `criteriaItems`"))
        let nobody = try await problems(
            "sharing-rules/Case.yaml",
            """
            object: Case
            sharingOwnerRules:
              - name: One
                accessLevel: Read
                sharedFrom: { role: Nobody }
                sharedTo: { allInternalUsers: true }

            """
        )
        #expect(
            nobody.contains("sharing-rules/Case.yaml:5:5: there is no role Nobody"),
            "\(nobody)"
        )
        let contact = try await problems(
            "sharing-rules/Contact.yaml",
            """
            object: Contact
            sharingOwnerRules:
              - name: One
                accessLevel: Read
                sharedFrom: { role: Streets_Agent }
                sharedTo: { allInternalUsers: true }

            """
        )
        #expect(contact.contains("share the parent"), "\(contact)")
    }

    @Test("users from outside cannot have more than those who work here")
    func external() async throws {
        let text = try await problems(
            "objects/Thing__c.yaml",
            """
            object: Thing__c
            label: Thing
            pluralLabel: Things
            sharingModel: Private
            externalSharingModel: Read
            owners: [User]

            """
        )

        #expect(text.contains("objects/Thing__c.yaml:5:1: users from outside"), "\(text)")
    }

    @Test("both sides of a sharing set lead to the same object")
    func sets() async throws {
        let text = try await problems(
            "sharing-sets/Customers.yaml",
            """
            sharingSet: Customers
            label: Customers
            profiles: [Standard User]
            accessMappings:
              - { object: Case, objectField: ContactId, userField: AccountId, accessLevel: Read }

            """
        )

        #expect(text.contains("leads to Contact, `AccountId` of the user to Account"), "\(text)")
    }

    @Test("a restriction rule asks what is there")
    func restrictions() async throws {
        let text = try await problems(
            "restriction-rules/One.yaml",
            """
            restrictionRule: One
            label: One
            targetEntity: Case
            userCriteria: |
              $User.Departement = 'Parks'
            recordFilter: |
              Account.Name = 'x'

            """
        )

        #expect(text.contains("One.yaml:4:"), "\(text)")
        #expect(text.contains("only fields of Case itself"), "\(text)")
    }

    @Test("a restriction rule does not hang on what is computed when it is read")
    func restrictionByFormula() async throws {
        let org = try await TestOrg()
        let files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: more\nlabel: More\nversion: 1.0.0\nneeds: [service-desk]\n"
            ),
            MetadataPackage.File(
                path: "objects/Case.yaml",
                text: """
                    extend: Case
                    fields:
                      - name: Start__c
                        type: Formula
                        returnType: Text
                        formula: LEFT(Subject, 5)
                    """
            ),
            MetadataPackage.File(
                path: "restriction-rules/One.yaml",
                text: """
                    restrictionRule: One
                    label: One
                    targetEntity: Case
                    userCriteria: |
                      $User.Department = 'Parks'
                    recordFilter: |
                      Start__c != 'Works'
                    """
            ),
        ]
        let problems = try await #require(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(files, in: org.id)
        }

        #expect(problems.description.contains("`Start__c` cannot decide"), "\(problems)")
    }
}
