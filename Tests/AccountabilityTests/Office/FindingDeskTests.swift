import Accountability
import Kernel
import Metadata
import TestSupport
import Testing

/// What becomes of what the register shows: questions to the org, and nothing else.
@Suite struct FindingDeskTests {
    private struct World {
        let office: TestOrg
        let org: OrgID
        let desk: FindingDesk

        init() async throws {
            let clock = TestClock("2027-03-10T12:00:00Z")
            let office = try await TestOrg(on: .sqlite, apps: ["accountability"], clock: clock)
            let caller = try await office.neighbour(2)
            self.office = office
            org = caller.org
            var parts = AccountabilityOffice(in: office)
            let library = try ShippedPolicies.library()
            parts.policies = { library }
            desk = FindingDesk(parts)
        }

        func snapshot() async throws -> UseSnapshot {
            try await RegisterDesk(office.records)
                .keepSnapshot(of: org, on: office.clock.now().useDay - 1)
        }

        func findings() async throws -> [TestRecord] {
            try await office.query(
                "SELECT Name, OrgKey, Kind, RegisterRule, Status, Features, Question, ReviewId "
                    + "FROM UseFinding ORDER BY Name",
                as: office.administrator
            )
        }
    }

    @Test("an undeclared product is asked about once, and asked again only after half a year")
    func asking() async throws {
        let world = try await World()
        let snapshot = try await world.snapshot()
        #expect(try await world.desk.ask(world.org, about: snapshot) > 0)
        let findings = try await world.findings()
        let product = try #require(findings.first { $0.text("RegisterRule") == "RR-01@1" })
        #expect(product.text("OrgKey") == world.org.description)
        #expect(product.text("Status") == "Clarification asked")
        #expect(product.text("Features")?.contains("service-desk") == true)
        #expect(product.text("Question")?.hasSuffix("?") == true)
        #expect(findings.allSatisfy { $0.text("ReviewId") == nil })
        #expect(try await world.desk.ask(world.org, about: snapshot) == 0)
        world.office.clock.advance(seconds: Int64(FindingDesk.quietDays + 1) * 86_400)
        let later = try await world.snapshot()
        #expect(try await world.desk.ask(world.org, about: later) > 0)
    }

    @Test("on trial, nobody is asked; what would have been said is told")
    func trial() async throws {
        let world = try await World()
        world.office.clock.set("2026-11-25T12:00:00Z")
        let snapshot = try await world.snapshot()
        #expect(try await world.desk.ask(world.org, about: snapshot) == 0)
        #expect(try await world.findings().isEmpty)
        let reports = try await world.desk.trial(over: [world.org])
        let first = try #require(reports.first { $0.rule.description == "RR-01@1" })
        #expect(first.hits == [world.org.description: snapshot.date])
        #expect(first.warning?.contains("one org alone") == true)
    }
}
