import Accountability
import Foundation
import Metadata
import Testing

/// The policies of this repository, as a deployment begins with them.
@Suite struct ShippedPolicyTests {
    @Test("the shipped policies keep every rule for policies")
    func checks() throws {
        let problems = PolicyChecks(try ShippedPolicies.library()).problems()
        #expect(problems.map(\.description) == [])
    }

    @Test("there are ten rules and more, and every one of them is in force")
    func inForce() throws {
        let library = try ShippedPolicies.library()
        let rules = library.rules(inForceAt: try day("2026-11-24"))
        #expect(rules.count >= 10)
        #expect(Set(rules.map(\.reference)) == Set(library.rules.map(\.reference)))
    }

    @Test("every case of every rule has the outcome that its author expects")
    func cases() throws {
        for rule in try ShippedPolicies.library().rules {
            for item in rule.cases {
                let outcome = rule.outcome(of: item.facts)
                #expect(outcome == item.expected, "\(rule.reference): \(item.name)")
            }
        }
    }

    @Test("no rule says anything else when politics, faith or employer change sides")
    func mirrors() throws {
        let excluded = PolicyFacts.all.filter { !$0.isReadable }
        for rule in try ShippedPolicies.library().rules {
            for item in rule.cases {
                #expect(rule.outcome(of: item.facts) == rule.outcome(of: item.mirrored))
                for fact in excluded {
                    for value in fact.kind.values {
                        let facts = item.facts.merging([fact.name: value]) { _, other in other }
                        #expect(rule.outcome(of: facts) == item.expected)
                    }
                }
            }
        }
    }

    @Test("no case of a rule gets lighter by more harm, or worse by more relief")
    func monotone() throws {
        for rule in try ShippedPolicies.library().rules {
            for item in rule.cases {
                for fact in PolicyFacts.all {
                    let outcomes = fact.kind.rising.map { value in
                        rule.outcome(
                            of: item.facts.merging([fact.name: value]) { _, other in other }
                        ).weight
                    }
                    switch fact.tendency {
                    case .aggravates:
                        #expect(outcomes == outcomes.sorted(), "\(rule.reference) \(fact.name)")
                    case .mitigates:
                        #expect(
                            outcomes == outcomes.sorted(by: >),
                            "\(rule.reference) \(fact.name)"
                        )
                    case .neutral, .neverRead: break
                    }
                }
            }
        }
    }

    @Test("what nobody knows is in no rule")
    func nothingKnown() throws {
        for rule in try ShippedPolicies.library().rules {
            #expect(rule.outcome(of: [:]) != .isIn)
        }
    }

    @Test("no measure of any rule reaches what is never withheld")
    func reach() throws {
        let library = try ShippedPolicies.library()
        let never = Set(PlatformOperation.neverWithheld)
        for rule in library.rules {
            for measure in rule.allowedMeasures where measure != .feature {
                #expect(measure.operations.isDisjoint(with: never))
            }
        }
        for card in library.cards {
            for feature in card.features where feature.canBeWithheld {
                #expect(card.operationsLost(without: feature.key).isDisjoint(with: never))
            }
        }
    }

    @Test("there is a card for every product")
    func cards() throws {
        #expect(
            Set(try ShippedPolicies.library().cards.map(\.product)) == Set(PolicyFacts.products)
        )
    }

    @Test("the text names every rule that it publishes")
    func textNamesRules() throws {
        let library = try ShippedPolicies.library()
        let version = try #require(library.document("acceptable-use")?.versions.last)
        for rule in version.rules { #expect(version.text.contains("(\(rule.id))")) }
    }

    @Test("what the log is told of a version can be checked against the files")
    func logContent() throws {
        let library = try ShippedPolicies.library()
        let document = try #require(library.document("acceptable-use"))
        let version = try #require(document.versions.first)
        let content = version.logContent(of: document)
        #expect(content["document"] == .string("acceptable-use"))
        #expect(content["digest"] == .string(PolicyDigest.of(version.text)))
        #expect(content["effectiveFrom"] == .string("2026-11-24T00:00:00.000Z"))
        _ = try CanonicalJSON.object(content).bytes()
    }
}

extension FeatureKind {
    /// Every value, or a few of many.
    var values: [FeatureValue] {
        switch self {
        case .flag: [.flag(false), .flag(true)]
        case .level(let range): range.map { .level($0) }
        case .code(let known): known.map { .code($0) }
        case .codes(let known): [.codes([])] + known.map { .codes([$0]) } + [.codes(Set(known))]
        }
    }

    /// Values in rising order; none where there is no order.
    var rising: [FeatureValue] {
        switch self {
        case .flag, .level: values
        case .code, .codes: []
        }
    }
}

extension PolicyOutcome {
    var weight: Int {
        switch self {
        case .out: 0
        case .needsReview: 1
        case .isIn: 2
        }
    }
}
