package import Metadata

/// What a policy forbids: in terms of a purpose and its effect on people, never of a viewpoint.
///
/// A rule says what must be shown, and how far a measure may go. It decides nothing: two people do,
/// who were given the facts by people.
package struct PolicyRule: Sendable {
    /// Whose harm can be a ground: a closed list, so that no rule protects an honour, an order or the
    /// name of an operator.
    package enum Interest: String, Hashable, Sendable, CaseIterable {
        case life = "life and health"
        case liberty = "liberty and safety"
        case vote = "vote and being counted"
        case equality = "equal treatment"
        case privacy = "private life"
        case fairProcedure = "a fair decision"
        case property = "property and livelihood"
        case childhood = "children"
        case dignity = "freedom from exploitation"
        case truthAboutPersons = "knowing whom one deals with"
    }

    /// A part of what is forbidden; all parts must be shown.
    package struct Element: Sendable {
        package let text: String
        package let predicate: PolicyPredicate
    }

    /// What takes a use out of the rule although all its elements are met.
    package struct Defence: Sendable {
        package let text: String
        package let predicate: PolicyPredicate
    }

    /// How much must be known before a measure rests on this rule.
    package enum EvidenceStandard: String, Hashable, Sendable, CaseIterable {
        /// Two sources that do not depend on each other, or what the org itself says.
        case corroborated
        /// What the platform itself can show, from metadata or from its log.
        case documented
        /// As `corroborated`, and nothing else that explains the facts is likely.
        case convincing
    }

    package let reference: RuleReference
    package let title: String
    package let text: String
    package let interest: Interest
    /// Whose interest it is.
    package let holders: String
    package let purpose: String
    package let effect: String
    /// How severe a breach can be, from 0 to 4.
    package let severity: ClosedRange<Int>
    /// The most that may be done; the least that works is to be chosen.
    package let allowedMeasures: Set<PolicyMeasure>
    /// How long a measure may last at most before it is decided anew.
    package let longestDays: Int
    package let evidenceStandard: EvidenceStandard
    package let evidence: String
    package let legalReferences: [String]
    /// What the Union's database of statements of reasons calls what the rule is about.
    package let dsaCategory: String?
    package let examples: [String]
    package let counterExamples: [String]
    package let elements: [Element]
    package let defences: [Defence]
    package let cases: [PolicyCase]
    package let source: ShapedMap

    /// What the rule says of facts: in, out, or that people must find out more.
    package func outcome(of facts: [String: FeatureValue]) -> PolicyOutcome {
        PolicyOutcome(verdict(of: facts))
    }

    func verdict(of facts: [String: FeatureValue]) -> ThreeValued {
        let met = ThreeValued.all(elements.lazy.map { $0.predicate.truth(of: facts) })
        let excused = ThreeValued.any(defences.lazy.map { $0.predicate.truth(of: facts) })
        return .all([met, !excused])
    }

    /// What the rule says, part by part, for a statement of reasons and for whoever asks on.
    package func explanation(of facts: [String: FeatureValue]) -> RuleExplanation {
        RuleExplanation(
            outcome: outcome(of: facts),
            elements: elements.map { .init($0.text, $0.predicate, facts) },
            defences: defences.map { .init($0.text, $0.predicate, facts) }
        )
    }

    /// The facts that it reads.
    package var names: Set<String> {
        (elements.map(\.predicate) + defences.map(\.predicate))
            .reduce(into: []) { $0.formUnion($1.names) }
    }

    /// How the outcome moves when a fact is raised.
    package func direction(of name: String) -> PredicateTree.Direction {
        PredicateTree.all(
            elements.map(\.predicate.tree) + defences.map { .not($0.predicate.tree) }
        ).direction(of: name)
    }
}

/// What a rule says of facts: a finding for people, since no outcome withholds anything.
package enum PolicyOutcome: String, Hashable, Sendable, CaseIterable {
    case out
    case needsReview = "needs review"
    case isIn = "in"

    init(_ verdict: ThreeValued) {
        switch verdict {
        case .no: self = .out
        case .unknown: self = .needsReview
        case .yes: self = .isIn
        }
    }
}

/// Why a rule says what it says.
package struct RuleExplanation: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package let text: String
        package let truth: ThreeValued
        /// Facts that the part reads and that nobody has established.
        package let unknown: [String]

        init(_ text: String, _ predicate: PolicyPredicate, _ facts: [String: FeatureValue]) {
            self.text = text
            truth = predicate.truth(of: facts)
            unknown = predicate.names.filter { facts[$0] == nil }.sorted()
        }
    }

    package let outcome: PolicyOutcome
    package let elements: [Part]
    package let defences: [Part]
}

/// Invented facts, and what the rule must say of them.
package struct PolicyCase: Sendable {
    package let name: String
    package let facts: [String: FeatureValue]
    package let expected: PolicyOutcome
    package let why: String
    /// Who else may have done it: the facts in which the mirrored case differs.
    package let mirror: [String: FeatureValue]
    package let source: ShapedMap

    /// The same facts with other people in them.
    package var mirrored: [String: FeatureValue] { facts.merging(mirror) { _, other in other } }
}
