import Kernel
import Metadata
import TestSupport
import Testing

/// Restrictions tried out on a sandbox.
@Suite struct RestrictionTrialTests {
    private static let readOnly: JSONObject = [
        "id": "T-1", "kind": "read-only", "target": .object([:]),
        "hours": .number(JSONNumber(Int64(1))),
    ]

    @Test("an org that is no sandbox tries nothing out")
    func real() async throws {
        let org = try await TestOrg()
        let error = await #expect(throws: RecordError.self) {
            try await org.records.tryOut(Self.readOnly, as: org.administrator)
        }
        #expect(error?.code == .invalidOperation)
        try await org.create("Account", ["Name": "Works"], as: org.administrator)
    }

    @Test("a sandbox tries a restriction out, until it or the hour ends")
    func sandbox() async throws {
        let org = try await TestOrg(isSandbox: true)
        func isRefused() async -> Bool {
            do {
                try await org.create("Account", ["Name": "Works"], as: org.administrator)
                return false
            } catch {
                return (error as? RecordError)?.code == .useRestricted
            }
        }
        _ = try await org.records.tryOut(Self.readOnly, as: org.administrator)
        #expect(await isRefused())
        try await org.records.endTrial("T-1", as: org.administrator)
        #expect(await !isRefused())
        _ = try await org.records.tryOut(Self.readOnly, as: org.administrator)
        org.clock.advance(seconds: 3_600)
        #expect(await !isRefused())
        #expect(try await org.records.restrictionStates(of: org.id).isEmpty)
    }

    @Test("only who may customize the org tries restrictions out")
    func rights() async throws {
        let org = try await TestOrg(isSandbox: true)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        await #expect(throws: RecordError.self) {
            try await org.records.tryOut(Self.readOnly, as: ana)
        }
    }
}
