package import Crypto
import Foundation
package import Metadata

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
    ///
    /// - Parameter before: the emergencies that it goes on from, the earliest first.
    package func objections(
        to order: RestrictionOrder,
        in org: OrgID,
        at now: Instant,
        extending before: [RestrictionState] = []
    ) -> [String] {
        var found: [String] = []
        let restriction = order.restriction
        if order.org != org { found.append("org: it is about another org") }
        if restriction.endsAt <= restriction.startsAt {
            found.append("endsAt: it ends before it begins")
        }
        if restriction.endsAt <= now { found.append("endsAt: it is over already") }
        let isExtension = order.urgency == .emergency && !before.isEmpty
        let hoursMax =
            isExtension ? RestrictionOrder.extensionHoursMax : order.urgency.hoursMax
        if restriction.endsAt > restriction.startsAt.adding(seconds: hoursMax * 3_600) {
            let kind =
                isExtension
                ? "an extended emergency lasts" : "\(order.urgency.rawValue) restrictions last"
            found.append("endsAt: \(kind) \(hoursMax) hours at most")
        }
        if isExtension { found += objections(toExtending: before, by: order) }
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
        return found
            + objections(to: order.signatures, of: order.signedBytes, by: order.requestedBy)
    }

    /// An emergency is extended once, by people who have decided anew.
    private func objections(
        toExtending before: [RestrictionState],
        by order: RestrictionOrder
    ) -> [String] {
        var found: [String] = []
        if before.count > 1 {
            found.append(
                "urgency: the emergency was extended once already; more needs an ordinary decision"
            )
        }
        if before.contains(where: { $0.order.restriction.decision == order.restriction.decision }) {
            found.append("decision: an emergency is extended by a decision of its own")
        }
        return found
    }

    /// What speaks against signatures: two deciders of two chains have to have signed, and none of
    /// them who asked.
    func objections(
        to signatures: [RestrictionOrder.Signature],
        of bytes: Data,
        by requester: String
    ) -> [String] {
        let signers = signatures.compactMap { signature in
            deciders.first {
                $0.name == signature.signer
                    && $0.key.isValidSignature(signature.bytes, for: bytes)
            }
        }
        var found: [String] = []
        if signers.contains(where: { $0.name == requester }) {
            found.append("signatures: who asked for it cannot decide on it")
        }
        let others = signers.filter { $0.name != requester }
        if Set(others.map(\.chain)).count < 2 || Set(others.map(\.name)).count < 2 {
            found.append(
                "signatures: two deciders of two chains are needed, "
                    + "\(Set(others.map(\.chain)).count) signed validly"
            )
        }
        return found
    }
}
