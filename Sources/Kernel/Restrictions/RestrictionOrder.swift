package import Crypto
package import Foundation
package import Metadata

/// A restriction, or the end of one, as two people of two chains of command have signed it.
///
/// The kernel takes no restriction in any other form: what is not signed by two, says no reasons, or
/// takes effect before its notice has passed, is refused, whoever asks.
package struct RestrictionOrder: Hashable, Sendable {
    /// How long the org must have known before the restriction begins.
    package enum Urgency: String, Hashable, Sendable, CaseIterable {
        case ordinary, grave, emergency

        /// Days from notice to beginning.
        var noticeDays: Int64 {
            switch self {
            case .ordinary: 30
            case .grave: 7
            case .emergency: 0
            }
        }

        /// Hours that the restriction may last; a new decision is needed for more.
        var hoursMax: Int64 {
            switch self {
            case .ordinary, .grave: 180 * 24
            case .emergency: 72
            }
        }
    }

    /// What everybody may read of why: none of it may be missing.
    package struct Reasons: Hashable, Sendable {
        /// What is known, without personal data.
        package let facts: String
        /// Why the facts meet each part of the rule.
        package let ground: String
        /// What the measure is for, and why it serves that.
        package let aim: String
        /// Each lesser step, and why it would not do.
        package let lesserSteps: [String]
        /// Who depends on the org and is harmed by the measure, and what is done for them.
        package let thirdParties: String
        /// What lifts it.
        package let reversal: String
        /// With an emergency: the harm that is about to happen.
        package let imminentHarm: String?

        package init(
            facts: String,
            ground: String,
            aim: String,
            lesserSteps: [String],
            thirdParties: String,
            reversal: String,
            imminentHarm: String?
        ) {
            self.facts = facts
            self.ground = ground
            self.aim = aim
            self.lesserSteps = lesserSteps
            self.thirdParties = thirdParties
            self.reversal = reversal
            self.imminentHarm = imminentHarm
        }
    }

    package struct Signature: Hashable, Sendable {
        /// The name under which the deployment knows the key.
        package let signer: String
        /// Ed25519 over `signedBytes`.
        package let bytes: Data
    }

    package let org: OrgID
    package let restriction: UseRestriction
    package let urgency: Urgency
    /// When the org was told.
    package let noticedAt: Instant
    /// Who asked for it, by name; they sign nothing.
    package let requestedBy: String
    package let reasons: Reasons
    package let signatures: [Signature]

    package init(
        org: OrgID,
        restriction: UseRestriction,
        urgency: Urgency,
        noticedAt: Instant,
        requestedBy: String,
        reasons: Reasons,
        signatures: [Signature]
    ) {
        self.org = org
        self.restriction = restriction
        self.urgency = urgency
        self.noticedAt = noticedAt
        self.requestedBy = requestedBy
        self.reasons = reasons
        self.signatures = signatures
    }
}

/// The people whose signatures count, as the deployment has declared them.
package struct RestrictionAuthority: Sendable {
    package struct Decider: Sendable {
        package let name: String
        /// Two signatures of one chain of command count as one.
        package let chain: String
        package let key: Curve25519.Signing.PublicKey

        package init(name: String, chain: String, key: Curve25519.Signing.PublicKey) {
            self.name = name
            self.chain = chain
            self.key = key
        }
    }

    package let deciders: [Decider]

    package init(_ deciders: [Decider]) {
        self.deciders = deciders
    }

    /// Everything for which an order is refused at a moment; empty where it is admitted.
    package func objections(to order: RestrictionOrder, in org: OrgID, at now: Instant) -> [String]
    {
        var found: [String] = []
        let restriction = order.restriction
        if order.org != org { found.append("org: it is about another org") }
        if restriction.endsAt <= restriction.startsAt {
            found.append("endsAt: it ends before it begins")
        }
        if restriction.endsAt <= now { found.append("endsAt: it is over already") }
        let longest = restriction.startsAt.adding(seconds: order.urgency.hoursMax * 3_600)
        if restriction.endsAt > longest {
            found.append(
                "endsAt: \(order.urgency.rawValue) restrictions last \(order.urgency.hoursMax) "
                    + "hours at most"
            )
        }
        let earliest = order.noticedAt.adding(seconds: order.urgency.noticeDays * 24 * 3_600)
        if restriction.startsAt < earliest || order.noticedAt > now {
            found.append(
                "startsAt: the org is told \(order.urgency.noticeDays) days before"
            )
        }
        if order.urgency == .emergency, order.reasons.imminentHarm == nil {
            found.append("reasons.imminentHarm: an emergency says which harm is about to happen")
        }
        if order.reasons.lesserSteps.isEmpty {
            found.append("reasons.lesserSteps: each lesser step is named, with why it would not do")
        }
        return found + signatureObjections(to: order)
    }

    private func signatureObjections(to order: RestrictionOrder) -> [String] {
        let bytes = order.signedBytes
        let signers = order.signatures.compactMap { signature in
            deciders.first {
                $0.name == signature.signer
                    && $0.key.isValidSignature(signature.bytes, for: bytes)
            }
        }
        var found: [String] = []
        if signers.contains(where: { $0.name == order.requestedBy }) {
            found.append("signatures: who asked for it cannot decide on it")
        }
        let others = signers.filter { $0.name != order.requestedBy }
        if Set(others.map(\.chain)).count < 2 || Set(others.map(\.name)).count < 2 {
            found.append(
                "signatures: two deciders of two chains are needed, "
                    + "\(Set(others.map(\.chain)).count) signed validly"
            )
        }
        return found
    }
}
