import Kernel
import Metadata
import TestSupport
import Testing

@Suite struct SmokeTests {
    @Test("org", arguments: StoreKind.allCases)
    func org(_ kind: StoreKind) async throws {
        let c = ContinuousClock()
        let s = c.now
        let org = try await TestOrg(on: kind)
        print(kind, c.now - s)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        print(kind, c.now - s)
        let id = try await org.create("Case", ["Subject": "Printer on fire"], as: ana)
        try await org.create("CaseComment", ["ParentId": .id(id), "CommentBody": "x"], as: ana)
        print(try await org.query("SELECT Id, CaseNumber, Subject, Owner.Name, (SELECT CommentBody, Parent.Subject FROM CaseComments) FROM Case", as: ana))
        print(kind, c.now - s)
    }
}
