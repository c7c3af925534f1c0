package import Foundation
package import Metadata

/// What everybody can read of a deployment's use, as the transparency log alone tells it.
///
/// It grows entry by entry and forgets nothing. Whoever has the log comes to the same record;
/// nothing in it is taken from a table that somebody could edit. An entry that cannot be read stays
/// listed with the reason, and is never a way to stop the others from being read.
package struct PublicRecord: Hashable, Sendable {
    /// An entry that told the record nothing.
    package struct Unread: Hashable, Sendable {
        package let index: Int
        package let kind: String?
        package let problem: String
    }

    /// Something smaller that was published: `report`, `demand-band`, `kernel-build`.
    package struct Notable: Hashable, Sendable {
        package let index: Int
        package let kind: String
        package let id: String?
        package let at: Instant
        /// Its members, and its fields by their API names.
        package let values: [String: String]
    }

    /// A public part that is no longer shown, with the reason; its bytes stay in the log.
    package struct Redaction: Hashable, Sendable {
        package let index: Int
        package let of: Int
        package let part: String
        package let reason: String
        package let at: Instant
    }

    /// Which thing of which org.
    package struct Key: Hashable, Sendable {
        package let org: String
        package let id: String

        package init(org: String, id: String) {
            self.org = org
            self.id = id
        }
    }

    /// How many entries have been read.
    package internal(set) var size = 0
    /// The first and the latest moment that an entry tells.
    package internal(set) var firstMoment: Instant?
    package internal(set) var lastMoment: Instant?

    package internal(set) var declarations: [Key: PublicDeclaration] = [:]
    /// By document, the oldest version first.
    package internal(set) var policies: [String: [PublicPolicy]] = [:]
    /// The register of all orgs, as it was published last: numbers of orgs, in one fixed grid.
    package internal(set) var register: PublishedRegister?
    package internal(set) var acceptances: [PublicFacts] = []
    package internal(set) var decisions: [String: PublicDecision] = [:]
    package internal(set) var restrictions: [Key: PublicRestriction] = [:]
    package internal(set) var reviews: [String: PublicReview] = [:]
    package internal(set) var appeals: [String: PublicAppeal] = [:]
    package internal(set) var notices: [String: PublicFacts] = [:]
    package internal(set) var letters: [String: PublicLetter] = [:]
    package internal(set) var meetings: [String: PublicMeeting] = [:]
    package internal(set) var commitments: [String: PublicCommitment] = [:]
    package internal(set) var breakGlass: [Key: PublicBreakGlass] = [:]
    package internal(set) var concerns: [String: PublicConcern] = [:]
    /// Demands of governments, findings of misuse, reports, builds, roots: in the log's order.
    package internal(set) var notables: [Notable] = []
    package internal(set) var redactions: [Redaction] = []
    package internal(set) var unread: [Unread] = []
    /// What entries told that cannot be: told twice, or of something that was never told of.
    package internal(set) var contradictions: [Discrepancy] = []

    /// The record of a log without entries.
    package init() {}

    /// Reads the next entry.
    package mutating func append(_ bytes: Data) {
        let entry: LogEntry
        do {
            entry = try LogEntry(bytes)
        } catch {
            unread.append(Unread(index: size, kind: nil, problem: "\(error)"))
            size += 1
            return
        }
        append(entry)
    }

    /// Reads the next entry.
    package mutating func append(_ entry: LogEntry) {
        do {
            try fold(entry)
        } catch {
            unread.append(Unread(index: size, kind: entry.kind, problem: "\(error)"))
        }
        size += 1
    }

    mutating func note(_ moment: Instant) {
        firstMoment = firstMoment.map { min($0, moment) } ?? moment
        lastMoment = lastMoment.map { max($0, moment) } ?? moment
    }

    mutating func contradict(_ kind: Discrepancy.Kind, _ subject: String, _ text: String) {
        contradictions.append(Discrepancy(kind, subject, text, index: size))
    }
}

extension PublicRecord {
    /// What is shown of some facts: the fields, without those that were redacted since.
    package func shown(_ facts: PublicFacts) -> [String: String] {
        let parts = Set(redactions.lazy.filter { $0.of == facts.index }.map(\.part))
        return parts.isEmpty ? facts.fields : facts.fields.filter { !parts.contains($0.key) }
    }

    package func redactions(of facts: PublicFacts) -> [Redaction] {
        redactions.filter { $0.of == facts.index }
    }

    /// Whether an org has said of itself, in any of its declarations, that it is a public body.
    package func isPublicBody(_ org: String) -> Bool {
        declarations.values.contains { $0.org == org && $0.saysPublicBody }
    }

    /// The decisions, the latest first.
    package var decisionsInOrder: [PublicDecision] {
        decisions.values.sorted { $0.first.index > $1.first.index }
    }

    /// The restrictions, the latest first.
    package var restrictionsInOrder: [PublicRestriction] {
        restrictions.values.sorted { $0.index > $1.index }
    }

    package func notables(_ kind: String) -> [Notable] { notables.filter { $0.kind == kind } }

    /// The policy's version that is in force of a document at a moment.
    package func policy(_ document: String, at now: Instant) -> PublicPolicy? {
        policies[document]?.filter { $0.effectiveFrom <= now }.max {
            ($0.effectiveFrom, $0.index) < ($1.effectiveFrom, $1.index)
        }
    }
}
