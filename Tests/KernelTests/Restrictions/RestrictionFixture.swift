import Crypto
import Foundation
import Kernel
import Metadata
import TestSupport

/// Two deciders of two chains, a third of the first chain, and the orders that they sign.
struct RestrictionFixture {
    private static let keys = [
        "Ada": Curve25519.Signing.PrivateKey(), "Bea": Curve25519.Signing.PrivateKey(),
        "Cid": Curve25519.Signing.PrivateKey(),
    ]

    static let authority = RestrictionAuthority(
        [("Ada", "operator"), ("Bea", "council"), ("Cid", "operator")].compactMap { name, chain in
            keys[name].map { .init(name: name, chain: chain, key: $0.publicKey) }
        }
    )

    static let reasons = RestrictionOrder.Reasons(
        facts: "Letters were sent to people who had asked for none.",
        ground: "Mass outreach is no part of the declared purpose.",
        aim: "No more such letters; nothing else changes.",
        lesserSteps: ["A talk: declined twice."],
        thirdParties: "Those who wait for an answer still get it.",
        reversal: "A purpose that covers outreach, or none of it for a month.",
        imminentHarm: "More letters tonight."
    )

    /// An order of emergency that begins now and ends in three days, signed.
    static func order(
        _ measure: UseRestriction.Measure,
        for org: OrgID,
        at now: Instant,
        id: String = "R-2026-0001",
        signedBy signers: [String] = ["Ada", "Bea"]
    ) throws -> RestrictionOrder {
        let restriction = UseRestriction(
            id: id,
            decision: "D-2026-0007",
            rule: "AUP-07@3",
            measure: measure,
            startsAt: now,
            endsAt: now.adding(seconds: 72 * 3_600)
        )
        return try signed(
            RestrictionOrder(
                org: org,
                restriction: restriction,
                urgency: .emergency,
                noticedAt: now,
                requestedBy: "Dov",
                reasons: reasons,
                signatures: []
            ),
            by: signers
        )
    }

    /// A lift signed by two.
    static func lift(
        _ id: String = "R-2026-0001",
        for org: OrgID,
        signedBy signers: [String] = ["Ada", "Bea"]
    ) throws -> RestrictionLift {
        let lift = RestrictionLift(
            org: org,
            restriction: id,
            decision: "D-2026-0009",
            reasons: "No letter has gone out since.",
            requestedBy: "Dov"
        )
        return try signers.reduce(lift) { lift, name in
            guard let key = keys[name] else { return lift }
            return try lift.signed(by: name, with: key)
        }
    }

    static func signed(_ order: RestrictionOrder, by signers: [String]) throws -> RestrictionOrder {
        try signers.reduce(order) { order, name in
            guard let key = keys[name] else { return order }
            return try order.signed(by: name, with: key)
        }
    }
}

extension TestOrg {
    /// Puts a restriction in force, from now on and for three days.
    func restrict(_ measure: UseRestriction.Measure, id: String = "R-2026-0001") async throws {
        try await records.restrict(
            RestrictionFixture.order(measure, for: self.id, at: clock.now(), id: id),
            under: RestrictionFixture.authority,
            loggedIn: EverythingLogged()
        )
    }

    /// Ends a restriction at the present moment.
    func lift(_ id: String = "R-2026-0001") async throws {
        try await records.lift(
            RestrictionFixture.lift(id, for: self.id),
            under: RestrictionFixture.authority,
            loggedIn: EverythingLogged()
        )
    }
}

/// A log that has every order.
struct EverythingLogged: RestrictionProof {
    func isLogged(_ order: RestrictionOrder) -> Bool { true }
    func isLogged(_ lift: RestrictionLift) -> Bool { true }
}

/// A log that has none.
struct NothingLogged: RestrictionProof {
    func isLogged(_ order: RestrictionOrder) -> Bool { false }
    func isLogged(_ lift: RestrictionLift) -> Bool { false }
}
