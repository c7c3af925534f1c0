import Kernel
import Metadata
import TestSupport
import Testing

/// Who has to agree before a record goes on.
@Suite struct ApprovalTests {
    /// An org with Ana, who asks, Mia, her manager, and a case of Ana's.
    private struct Office {
        let org: TestOrg
        let ana: Caller
        let mia: Caller
        let bridge: RecordID

        init(_ kind: StoreKind = .reference) async throws {
            org = try await TestOrg(on: kind)
            mia = try await org.user("Mia", profile: "Support Agent", role: "Streets_Supervisor")
            ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
            try await org.update(
                "User",
                ana.user,
                ["ManagerId": .id(mia.user)],
                as: org.administrator
            )
            bridge = try await org.create(
                "Case",
                ["Subject": "Bridge", "Estimated_Cost__c": "9000", "OwnerId": .id(ana.user)],
                as: org.administrator
            )
        }

        func submit(as caller: Caller) async throws -> ApprovalOutcome {
            let bridge = bridge
            return try await org.records.write(as: caller) {
                try $0.submit(ApprovalSubmission(record: bridge))
            }
        }

        func answer(
            _ answer: ApprovalAnswer,
            _ request: RecordID,
            as caller: Caller
        ) async throws -> ApprovalOutcome {
            try await org.records.write(as: caller) { try $0.answer(answer, to: request) }
        }

        func steps() async throws -> [String?] {
            try await org.query(
                "SELECT StepStatus FROM ProcessInstanceStep ORDER BY Id",
                as: org.administrator
            ).map { $0.text("StepStatus") }
        }
    }

    @Test("a record that waits cannot be submitted again", arguments: StoreKind.allCases)
    func twice(_ kind: StoreKind) async throws {
        let office = try await Office(kind)
        let outcome = try await office.submit(as: office.ana)
        #expect(outcome.status == "Pending")
        #expect(outcome.actors == [office.mia.user])
        let error = await #expect(throws: RecordError.self) {
            _ = try await office.submit(as: office.ana)
        }
        #expect(error?.code == .alreadyInProcess)
    }

    @Test("who submits does not approve, administrators included")
    func fourEyes() async throws {
        let office = try await Office()
        let request = try #require(try await office.submit(as: office.ana).workitems.first)
        let error = await #expect(throws: RecordError.self) {
            _ = try await office.answer(.approve, request, as: office.ana)
        }
        #expect(error?.code == .insufficientAccessOnCrossReference)
        let done = try await office.answer(.approve, request, as: office.org.administrator)
        #expect(done.status == "Approved")
        #expect(try await office.steps() == ["Started", "Approved"])
    }

    @Test("a delegate answers in an approver's place; a stranger does not")
    func delegates() async throws {
        let office = try await Office()
        let dan = try await office.org.user("Dan", profile: "Support Agent")
        let request = try #require(try await office.submit(as: office.ana).workitems.first)
        await #expect(throws: RecordError.self) {
            _ = try await office.answer(.approve, request, as: dan)
        }
        try await office.org.update(
            "User",
            office.mia.user,
            ["DelegatedApproverId": .id(dan.user)],
            as: office.org.administrator
        )
        #expect(try await office.answer(.reject, request, as: dan).status == "Rejected")
    }

    @Test("a submission is taken back by who made it, and then the record is free again")
    func recall() async throws {
        let office = try await Office()
        let bridge = office.bridge
        _ = try await office.submit(as: office.ana)
        await #expect(throws: RecordError.self) {
            try await office.org.update("Case", bridge, ["Subject": "B"], as: office.ana)
        }
        await #expect(throws: RecordError.self) {
            _ = try await office.org.records.write(as: office.mia) {
                try $0.recallApproval(of: bridge)
            }
        }
        let outcome = try await office.org.records.write(as: office.ana) {
            try $0.recallApproval(of: bridge)
        }
        #expect(outcome.status == "Removed")
        try await office.org.update("Case", bridge, ["Subject": "B"], as: office.ana)
        #expect(try await office.submit(as: office.ana).status == "Pending")
    }

    @Test("a request is given to someone else, who then answers it")
    func reassign() async throws {
        let office = try await Office()
        let dan = try await office.org.user("Dan", profile: "Support Agent")
        let request = try #require(try await office.submit(as: office.ana).workitems.first)
        let outcome = try await office.org.records.write(as: office.mia) {
            try $0.reassignApproval(request, to: dan.user)
        }
        #expect(outcome.actors == [dan.user])
        #expect(try await office.answer(.approve, request, as: dan).status == "Approved")
    }
}
