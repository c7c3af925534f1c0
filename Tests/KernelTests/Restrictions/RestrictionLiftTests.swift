import Kernel
import Metadata
import TestSupport
import Testing

/// How restrictions end, by the clock and before.
@Suite struct RestrictionLiftTests {
    static let measures: [UseRestriction.Measure] = [
        .notice, .purpose(declaration: "UD-0001", product: "service-desk"),
        .product("service-desk"),
        .object("Case", Set(UseRestriction.Operation.allCases)),
        .field(object: "Case", field: "Priority"), .automation("Close_Open_Tasks"),
        .channel(.mail), .channel(.webhook), .integration(client: "3MVG9"), .growth,
        .rate(.init(operation: .create, count: 0, seconds: 60)),
        .rate(.init(operation: .request, count: 0, seconds: 60)), .visibility, .readOnly,
        .exportOnly, .end,
    ]

    /// What some callers can do, as one line for each thing that they try.
    private func abilities(_ org: TestOrg, _ agent: Caller) async -> [String: Bool] {
        var abilities: [String: Bool] = [:]
        let client = Caller(org: org.id, user: agent.user, client: "3MVG9")
        for (name, caller) in [("admin", org.administrator), ("agent", agent), ("client", client)] {
            func tried(_ what: String, _ body: () async throws -> Void) async {
                do {
                    try await body()
                    abilities["\(name) \(what)"] = true
                } catch {
                    abilities["\(name) \(what)"] = false
                }
            }
            await tried("reads") { _ = try await org.query("SELECT Id FROM Case", as: caller) }
            await tried("sorts") {
                _ = try await org.query("SELECT Id FROM Case ORDER BY Priority", as: caller)
            }
            await tried("creates") {
                try await org.create("Case", ["Subject": "Lamp"], as: caller)
            }
            await tried("sets") {
                try await org.create("Case", ["Subject": "Lamp", "Priority": "High"], as: caller)
            }
            await tried("adds an account") {
                try await org.create("Account", ["Name": "Works"], as: caller)
            }
        }
        return abilities
    }

    @Test("a restriction only takes away, and after its end all is as before", arguments: measures)
    func byTheClock(_ measure: UseRestriction.Measure) async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create(
            "UseDeclaration",
            ["Product": "service-desk", "Category": "Outreach"],
            as: org.administrator
        )
        let before = await abilities(org, ana)
        try await org.restrict(measure)
        let during = await abilities(org, ana)
        for (ability, isAllowed) in during where isAllowed { #expect(before[ability] == true) }
        #expect(during["admin reads"] == true)
        org.clock.advance(seconds: 72 * 3_600)
        #expect(await abilities(org, ana) == before)
    }

    @Test("a lift by two gives everything back at once", arguments: measures)
    func lifted(_ measure: UseRestriction.Measure) async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let before = await abilities(org, ana)
        try await org.restrict(measure)
        try await org.lift()
        #expect(await abilities(org, ana) == before)
        let state = try #require(try await org.records.restrictionStates(of: org.id).first)
        #expect(state.name(at: org.clock.now()) == .lifted)
        #expect(state.endsAt == org.clock.now())
    }

    @Test("one signature, or who asked, lifts nothing")
    func refused() async throws {
        let org = try await TestOrg()
        try await org.restrict(.readOnly)
        for signers in [["Ada"], ["Ada", "Cid"], []] {
            let lift = try RestrictionFixture.lift(for: org.id, signedBy: signers)
            await #expect(throws: RecordError.self) {
                try await org.records.lift(
                    lift,
                    under: RestrictionFixture.authority,
                    loggedIn: EverythingLogged()
                )
            }
        }
        await #expect(throws: RecordError.self) { try await org.lift("R-2026-0009") }
        await #expect(throws: RecordError.self) {
            try await org.create("Account", ["Name": "Works"], as: org.administrator)
        }
    }

    @Test("the kernel takes neither order nor lift that is not in the log")
    func unlogged() async throws {
        let org = try await TestOrg()
        let order = try RestrictionFixture.order(.readOnly, for: org.id, at: org.clock.now())
        let error = await #expect(throws: RecordError.self) {
            try await org.records.restrict(
                order,
                under: RestrictionFixture.authority,
                loggedIn: NothingLogged()
            )
        }
        #expect(error?.message.contains("transparency log") == true)
        try await org.restrict(.readOnly)
        await #expect(throws: RecordError.self) {
            try await org.records.lift(
                RestrictionFixture.lift(for: org.id),
                under: RestrictionFixture.authority,
                loggedIn: NothingLogged()
            )
        }
    }

    @Test("the id of a lifted restriction is not used again")
    func idIsTaken() async throws {
        let org = try await TestOrg()
        try await org.restrict(.readOnly)
        try await org.lift()
        await #expect(throws: RecordError.self) { try await org.restrict(.growth) }
    }
}
