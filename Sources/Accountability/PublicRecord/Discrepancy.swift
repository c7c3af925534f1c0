package import Metadata

/// Two things that the log tells and that do not go together, or one that should not be.
package struct Discrepancy: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case restrictionWithoutDecision, decisionWithoutRestriction, ruleDiffers
        case ruleNotInForce, tooLong, tooSoon, tooShort, emergencyAgain, tooFewSigners
        case liftOfNothing, toldTwice, signedTwice, twoKeys, hiddenCategory
    }

    package let kind: Kind
    /// What it is about: `R-2026-0001`.
    package let subject: String
    /// A sentence without a full stop.
    package let text: String
    /// The entry that shows it.
    package let index: Int?

    init(_ kind: Kind, _ subject: String, _ text: String, index: Int? = nil) {
        self.kind = kind
        self.subject = subject
        self.text = text
        self.index = index
    }
}

extension PublicRecord {
    /// All that does not go together by now, in the order in which the log shows it.
    package func discrepancies(at now: Instant) -> [Discrepancy] {
        var found = contradictions + hiddenCategories
        let extensions = Set(emergencyChains.flatMap { $0.dropFirst().map(\.index) })
        for restriction in restrictions.values {
            found += problems(of: restriction, isExtension: extensions.contains(restriction.index))
        }
        found += emergenciesAgain + exportsTooShort + decisionsWithoutRestriction(at: now)
        return found.sorted { one, other in
            (one.index ?? .max, one.subject, one.kind.rawValue)
                < (other.index ?? .max, other.subject, other.kind.rawValue)
        }
    }

    private func problems(
        of restriction: PublicRestriction,
        isExtension: Bool
    ) -> [Discrepancy] {
        func problem(_ kind: Discrepancy.Kind, _ text: String) -> Discrepancy {
            Discrepancy(kind, restriction.id, text, index: restriction.index)
        }
        var found: [Discrepancy] = []
        if let decision = decisions[restriction.decision] {
            if !decision.rule.isEmpty, decision.rule != restriction.rule {
                found.append(
                    problem(
                        .ruleDiffers,
                        "the order names \(restriction.rule), the decision \(decision.rule)"
                    )
                )
            }
            if let org = decision.org, org != restriction.org {
                found.append(
                    problem(.restrictionWithoutDecision, "the decision is about another org")
                )
            }
        } else {
            found.append(
                problem(.restrictionWithoutDecision, "\(restriction.decision) is not in the log")
            )
        }
        let limit = Clock.Limits.end(of: restriction, isExtension: isExtension)
        if restriction.endsAt > limit {
            found.append(problem(.tooLong, "it lasts longer than its urgency allows"))
        }
        if restriction.startsAt < Clock.Limits.earliestStart(of: restriction) {
            found.append(problem(.tooSoon, "it begins before the notice has passed"))
        }
        let signers = Set(restriction.signers)
        if signers.count < 2 {
            found.append(problem(.tooFewSigners, "fewer than two people have signed"))
        } else if signers.contains(restriction.requestedBy) {
            found.append(problem(.tooFewSigners, "who asked for it has signed"))
        }
        if isRuleNotInForce(restriction) {
            found.append(
                problem(.ruleNotInForce, "\(restriction.rule) was not in force when it began")
            )
        }
        return found
    }

    /// Whether the policy is in the log and knows the rule's version, but not for that day.
    private func isRuleNotInForce(_ restriction: PublicRestriction) -> Bool {
        let naming = policies.values.joined().filter { $0.rules.contains(restriction.rule) }
        guard !policies.isEmpty else { return false }
        return !naming.contains { $0.effectiveFrom <= restriction.startsAt }
    }

    /// A decision that restricts, its day come, and no order that carries it out.
    private func decisionsWithoutRestriction(at now: Instant) -> [Discrepancy] {
        let ordered = Set(restrictions.values.map(\.decision))
        return decisions.values.compactMap { decision in
            guard decision.isRestriction, !ordered.contains(decision.id) else { return nil }
            let starts = decision.current.moment("StartsAt") ?? decision.first.at
            guard starts <= now else { return nil }
            return Discrepancy(
                .decisionWithoutRestriction,
                decision.id,
                "it restricts, and no order that carries it out is in the log",
                index: decision.first.index
            )
        }
    }

    /// Public bodies may keep much to themselves, but not what they use the platform for.
    private var hiddenCategories: [Discrepancy] {
        let bodies = Set(declarations.values.lazy.filter(\.saysPublicBody).map(\.org))
        return declarations.values.compactMap { declaration in
            guard bodies.contains(declaration.org), declaration.category == nil else { return nil }
            return Discrepancy(
                .hiddenCategory,
                declaration.id,
                "a public body does not say in which category its use is",
                index: declaration.current.index
            )
        }
    }
}

// Emergencies: 72 hours, one extension of 14 days at most, then an ordinary decision or nothing.
extension PublicRecord {
    /// Emergencies that withhold the same from the same org, one upon the other.
    package var emergencyChains: [[PublicRestriction]] {
        let groups = Dictionary(grouping: restrictions.values.filter(\.isEmergency)) {
            [$0.org, $0.kind, $0.target]
        }
        return groups.values.flatMap { group -> [[PublicRestriction]] in
            var chains: [[PublicRestriction]] = []
            for next in group.sorted(by: { ($0.startsAt, $0.index) < ($1.startsAt, $1.index) }) {
                let gap = chains.last?.last.map {
                    LogCalendar.adding(days: Clock.Limits.extensionDays, to: $0.endedAt)
                }
                if let gap, next.startsAt <= gap {
                    chains[chains.count - 1].append(next)
                } else {
                    chains.append([next])
                }
            }
            return chains
        }.sorted { ($0.first?.index ?? 0) < ($1.first?.index ?? 0) }
    }

    private var emergenciesAgain: [Discrepancy] {
        emergencyChains.flatMap { chain in
            chain.dropFirst(2).map { again in
                Discrepancy(
                    .emergencyAgain,
                    again.id,
                    "the emergency was extended once already; more needs an ordinary decision",
                    index: again.index
                )
            }
        }
    }

    /// Whoever must leave has thirty days in which everything can be taken along.
    private var exportsTooShort: [Discrepancy] {
        restrictions.values.compactMap { end in
            guard end.kind == "end" else { return nil }
            let isPrepared = restrictions.values.contains { export in
                export.kind == "export-only" && export.org == end.org
                    && LogCalendar.adding(days: Clock.Limits.exportDays, to: export.startsAt)
                        <= end.startsAt
            }
            guard !isPrepared else { return nil }
            return Discrepancy(
                .tooShort,
                end.id,
                "the org had fewer than \(Clock.Limits.exportDays) days to take its data along",
                index: end.index
            )
        }
    }
}
