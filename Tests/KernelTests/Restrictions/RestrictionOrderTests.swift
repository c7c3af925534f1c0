import Crypto
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Which orders the kernel takes.
@Suite struct RestrictionOrderTests {
    private static let org = OrgID(RecordID(number: 77))
    private static let now = Instant(milliseconds: 1_773_000_000_000)

    /// An order that differs in some points from one that is admitted.
    private func order(
        days: Int64 = 3,
        startsInDays: Int64 = 0,
        urgency: RestrictionOrder.Urgency = .emergency,
        noticedDaysAgo: Int64 = 0,
        requestedBy: String = "Dov",
        harm: String? = "More letters tonight.",
        lesserSteps: [String] = ["A talk: declined."],
        signers: [String] = ["Ada", "Bea"]
    ) throws -> RestrictionOrder {
        let day: Int64 = 24 * 3_600
        let start = Self.now.adding(seconds: startsInDays * day)
        let known = RestrictionFixture.reasons
        return try RestrictionFixture.signed(
            RestrictionOrder(
                org: Self.org,
                restriction: UseRestriction(
                    id: "R-1",
                    decision: "D-1",
                    rule: "AUP-07@3",
                    measure: .readOnly,
                    startsAt: start,
                    endsAt: start.adding(seconds: days * day)
                ),
                urgency: urgency,
                noticedAt: Self.now.adding(seconds: -noticedDaysAgo * day),
                requestedBy: requestedBy,
                reasons: RestrictionOrder.Reasons(
                    facts: known.facts,
                    ground: known.ground,
                    aim: known.aim,
                    lesserSteps: lesserSteps,
                    thirdParties: known.thirdParties,
                    reversal: known.reversal,
                    imminentHarm: harm
                ),
                signatures: []
            ),
            by: signers
        )
    }

    private func objections(_ order: RestrictionOrder) -> [String] {
        RestrictionFixture.authority.objections(to: order, in: Self.org, at: Self.now)
    }

    @Test("an emergency is extended once, by a decision of its own and for 14 days at most")
    func extending() async throws {
        let org = try await TestOrg()
        func order(
            _ id: String,
            _ decision: String,
            hours: Int64,
            measure: UseRestriction.Measure = .channel(.mail)
        ) throws -> RestrictionOrder {
            let now = org.clock.now()
            return try RestrictionFixture.signed(
                RestrictionOrder(
                    org: org.id,
                    restriction: UseRestriction(
                        id: id,
                        decision: decision,
                        rule: "AUP-07@3",
                        measure: measure,
                        startsAt: now,
                        endsAt: now.adding(seconds: hours * 3_600)
                    ),
                    urgency: .emergency,
                    noticedAt: now,
                    requestedBy: "Dov",
                    reasons: RestrictionFixture.reasons,
                    signatures: []
                ),
                by: ["Ada", "Bea"]
            )
        }
        func impose(_ order: RestrictionOrder) async throws {
            try await org.records.restrict(
                order,
                under: RestrictionFixture.authority,
                loggedIn: EverythingLogged()
            )
        }
        func refusal(_ order: RestrictionOrder) async -> String {
            do {
                try await org.records.check(order, under: RestrictionFixture.authority)
                return ""
            } catch { return "\(error)" }
        }
        #expect(await refusal(try order("R-1", "D-1", hours: 73)).contains("72 hours"))
        let first = try order("R-1", "D-1", hours: 72)
        try await impose(first)
        // The same order again is no extension of itself.
        try await impose(first)
        org.clock.advance(seconds: 72 * 3_600)
        #expect(await refusal(try order("R-2", "D-1", hours: 72)).contains("decision of its own"))
        #expect(await refusal(try order("R-2", "D-2", hours: 337)).contains("336 hours"))
        #expect(
            await refusal(try order("R-2", "D-2", hours: 100, measure: .channel(.webhook)))
                .contains("72 hours")
        )
        try await impose(try order("R-2", "D-2", hours: 336))
        org.clock.advance(seconds: 336 * 3_600)
        #expect(await refusal(try order("R-3", "D-3", hours: 1)).contains("extended once already"))
        org.clock.advance(seconds: 336 * 3_600)
        #expect(await refusal(try order("R-3", "D-3", hours: 1)).contains("extended once already"))
        // What begins more than 14 days after the end is another emergency.
        org.clock.advance(seconds: 1)
        #expect(await refusal(try order("R-3", "D-3", hours: 72)) == "")
    }

    @Test("two deciders of two chains, reasons, notice and an end are enough")
    func admitted() throws {
        #expect(objections(try order()).isEmpty)
        #expect(
            objections(
                try order(days: 180, urgency: .ordinary, noticedDaysAgo: 30, harm: nil)
            ).isEmpty
        )
        #expect(
            objections(
                try order(days: 180, startsInDays: 7, urgency: .grave, harm: nil)
            ).isEmpty
        )
    }

    @Test("what is missing is named")
    func refused() throws {
        let cases: [(RestrictionOrder, String)] = try [
            (order(signers: ["Ada"]), "signatures"),
            (order(signers: ["Ada", "Ada"]), "signatures"),
            (order(signers: ["Ada", "Cid"]), "signatures"),
            (order(requestedBy: "Ada"), "signatures"),
            (order(days: 4), "endsAt"),
            (order(days: 0), "endsAt"),
            (order(days: 1, startsInDays: -2), "endsAt"),
            (order(days: 181, urgency: .ordinary, noticedDaysAgo: 30), "endsAt"),
            (order(urgency: .ordinary, noticedDaysAgo: 29), "startsAt"),
            (order(urgency: .grave, noticedDaysAgo: 6), "startsAt"),
            (order(noticedDaysAgo: -1), "startsAt"),
            (order(harm: nil), "reasons.imminentHarm"),
            (order(lesserSteps: []), "reasons.lesserSteps"),
        ]
        for (order, place) in cases {
            let found = objections(order)
            #expect(found.contains { $0.hasPrefix(place) }, "\(place): \(found)")
        }
        #expect(
            RestrictionFixture.authority.objections(
                to: try order(),
                in: OrgID(RecordID(number: 2)),
                at: Self.now
            ).contains { $0.hasPrefix("org") }
        )
    }

    @Test("a signature holds for the order that was signed and no other")
    func changedAfterSigning() throws {
        var json = try order().json
        guard case .object(var restriction)? = json["restriction"] else {
            Issue.record("no restriction")
            return
        }
        for (place, member) in restriction.members.enumerated() where member.name == "decision" {
            restriction.members[place].value = .string("D-2")
        }
        for (place, member) in json.members.enumerated() where member.name == "restriction" {
            json.members[place].value = .object(restriction)
        }
        let changed = try RestrictionOrder(json)
        #expect(objections(changed).contains { $0.hasPrefix("signatures") })
    }

    @Test("every kind of measure is the same after it was written and read")
    func roundTrip() throws {
        let measures: [UseRestriction.Measure] = [
            .object("Case", [.create, .read]), .field(object: "Case", field: "Status"),
            .automation("Escalate"), .channel(.mail), .channel(.webhook),
            .integration(client: "3MVG9"), .growth, .readOnly, .exportOnly, .notice, .visibility,
            .purpose(declaration: "UD-0001", product: "service-desk"), .product("service-desk"),
            .end,
            .rate(UseRestriction.Rate(operation: .mail, count: 1_000, seconds: 86_400)),
        ]
        for measure in measures {
            let order = try RestrictionFixture.order(measure, for: Self.org, at: Self.now)
            #expect(try RestrictionOrder(order.json) == order)
        }
    }

    @Test("an order that cannot be read names the member at fault")
    func unreadable() throws {
        for (text, place) in [
            (#"{}"#, "org"), (#"{"org":"00Dx"}"#, "org"),
            (#"{"org":"\#(Self.org)"}"#, "restriction"),
            (
                #"{"org":"\#(Self.org)","restriction":{"id":"R","decision":"D","rule":"A@1","kind":"all"}}"#,
                "urgency"
            ),
        ] {
            let json = try #require(JSONParser.parse(text).object)
            let error = #expect(throws: RecordError.self) { try RestrictionOrder(json) }
            #expect(error?.message.hasPrefix(place) == true, "\(place): \(error?.message ?? "")")
        }
    }
}
