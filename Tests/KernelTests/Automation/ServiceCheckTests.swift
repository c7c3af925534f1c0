import Kernel
import Metadata
import TestSupport
import Testing

/// Rules that could not do what they say are refused, with a place and advice.
@Suite struct ServiceCheckTests {
    /// What is wrong with a file added to the service desk.
    private func problems(_ path: String, _ text: String) async throws -> [String] {
        let org = try await TestOrg()
        let files =
            try ShippedApps.files(of: "service-desk").filter { $0.path != path }
            + [MetadataPackage.File(path: path, text: text)]
        do {
            _ = try await Deployment(org.records).plan(files, in: org.id)
            return []
        } catch let error as PackageProblems {
            return error.problems.map(\.description)
        }
    }

    @Test("a condition on a field that is none is refused where it stands")
    func unknownField() async throws {
        let found = try await problems(
            "assignment-rules/Case-Other.yaml",
            """
            assignmentRule: Other
            object: Case
            label: Other
            ruleEntry:
              - criteriaItems:
                  - { field: Prioritty, operation: equals, value: High }
                assignedTo: Streets_Queue
            """
        )
        #expect(
            found == [
                "assignment-rules/Case-Other.yaml:6:9: condition 1: Case has no field "
                    + "`Prioritty` (did you mean `Priority`?)"
            ]
        )
    }

    @Test("a value that the picklist does not have, and a logic that does not add up")
    func wrongValue() async throws {
        let found = try await problems(
            "assignment-rules/Case-Other.yaml",
            """
            assignmentRule: Other
            object: Case
            label: Other
            ruleEntry:
              - criteriaItems:
                  - { field: Department__c, operation: equals, value: Street }
                assignedTo: Streets_Queue
              - criteriaItems:
                  - { field: Subject, operation: contains, value: fire }
                booleanFilter: 1 AND 2
                assignedTo: Streets_Queue
            """
        )
        #expect(found.count == 2)
        #expect(found.first?.contains("did you mean `Streets`?") == true)
        #expect(found.last?.contains("there is no condition 2; there are 1") == true)
    }

    @Test("a second active rule of an object is refused, rather than switching the first one off")
    func twoActive() async throws {
        let found = try await problems(
            "assignment-rules/Case-Other.yaml",
            """
            assignmentRule: Other
            object: Case
            label: Other
            active: true
            ruleEntry:
              - { assignedTo: Streets_Queue }
            """
        )
        #expect(found.count == 1)
        #expect(found.first?.contains("an active assignment rule of Case already") == true)
    }

    @Test("a template's gap that names no field is refused")
    func gap() async throws {
        let found = try await problems(
            "email-templates/Other.yaml",
            """
            emailTemplate: Other
            label: Other
            object: Case
            subject: "{!Case.Subjct}"
            textBody: "{!Case.Contact.Name"
            """
        )
        #expect(found.count == 2)
        #expect(found.first?.contains("did you mean `Subject`?") == true)
        #expect(found.last?.contains("not closed") == true)
    }

    @Test("a milestone that nothing completes is refused")
    func endless() async throws {
        let found = try await problems(
            "entitlement-processes/Other.yaml",
            """
            entitlementProcess: Other
            label: Other
            SObjectType: Case
            milestones:
              - { milestoneName: Resolution, minutesToComplete: 60 }
            """
        )
        #expect(found.count == 1)
        #expect(found.first?.contains("nothing completes it") == true)
    }
}
