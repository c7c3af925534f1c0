package import Foundation
package import Metadata

/// A restriction, or the end of one, as two people of two chains of command have signed it.
///
/// The kernel takes no restriction in any other form: what is not signed by two, says no reasons, or
/// takes effect before its notice has passed, is refused, whoever asks.
package struct RestrictionOrder: Hashable, Sendable, DecidersPaper {
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

    /// Hours that the one extension of an emergency may last.
    static let extensionHoursMax: Int64 = 14 * 24

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
    package var signatures: [Signature]

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
