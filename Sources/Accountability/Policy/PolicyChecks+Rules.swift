import Metadata

extension PolicyChecks {
    /// The fewest cases that a rule must have of each kind.
    package static let casesMin = 3

    func problems(of rule: PolicyRule) -> [PackageProblem] {
        wordProblems(of: rule) + readingProblems(of: rule) + measureProblems(of: rule)
            + directionProblems(of: rule) + caseProblems(of: rule)
    }

    // MARK: Words

    private func wordProblems(of rule: PolicyRule) -> [PackageProblem] {
        var texts = [
            ("title", rule.title), ("text", rule.text), ("protectedInterest", rule.holders),
            ("prohibitedUse", rule.purpose), ("prohibitedUse", rule.effect),
            ("evidence", rule.evidence),
        ]
        texts += rule.elements.map { ("elements", $0.text) }
        texts += rule.defences.map { ("defences", $0.text) }
        texts += rule.examples.map { ("examples", $0) }
        texts += rule.counterExamples.map { ("counterExamples", $0) }
        var found: [PackageProblem] = []
        for (key, text) in texts {
            guard let term = ViewpointTerms.first(in: text) else { continue }
            found.append(
                rule.source.problem(
                    "`\(term)` names a viewpoint or nothing in particular: say what is done to "
                        + "whom",
                    at: key
                )
            )
        }
        let years = ReadingGrade(of: rule.text).years
        if years > PolicyChecks.ruleGradeMax {
            found.append(
                rule.source.problem(
                    "asks for \(years.rounded()) years of school; \(PolicyChecks.ruleGradeMax) "
                        + "are the most",
                    at: "text"
                )
            )
        }
        return found
    }

    // MARK: What it reads

    private func readingProblems(of rule: PolicyRule) -> [PackageProblem] {
        var found: [PackageProblem] = []
        if rule.elements.isEmpty {
            found.append(rule.source.problem("says nothing that must be shown", at: "elements"))
        }
        for name in rule.names.sorted() {
            guard case .neverRead(let reason)? = PolicyFacts.byName[name]?.tendency else {
                continue
            }
            found.append(
                rule.source.problem("no rule may read `\(name)`: \(reason)", at: "elements")
            )
        }
        return found
    }

    /// Harm makes nothing better and relief nothing worse, whatever else is known.
    private func directionProblems(of rule: PolicyRule) -> [PackageProblem] {
        rule.names.sorted().compactMap { name in
            let direction = rule.direction(of: name)
            switch PolicyFacts.byName[name]?.tendency {
            case .aggravates where direction == .falling || direction == .mixed:
                return rule.source.problem(
                    "more of `\(name)` could lighten the outcome",
                    at: "elements"
                )
            case .mitigates where direction == .rising || direction == .mixed:
                return rule.source.problem(
                    "more of `\(name)` could worsen the outcome",
                    at: "elements"
                )
            case .aggravates, .mitigates, .neutral, .neverRead, nil: return nil
            }
        }
    }

    // MARK: How far it goes

    private func measureProblems(of rule: PolicyRule) -> [PackageProblem] {
        var found: [PackageProblem] = []
        let never = Set(PlatformOperation.neverWithheld)
        for measure in PolicyMeasure.allCases where rule.allowedMeasures.contains(measure) {
            if let hit = operations(of: measure).intersection(never).map(\.rawValue).min() {
                found.append(
                    rule.source.problem(
                        "`\(measure.rawValue)` could take away what is never withheld: \(hit)",
                        at: "allowedMeasures"
                    )
                )
            }
            if measure.isOfWholeOrg, rule.severity.upperBound < 4 {
                found.append(
                    rule.source.problem(
                        "`\(measure.rawValue)` falls on the whole org, which severity "
                            + "\(rule.severity.upperBound) cannot carry",
                        at: "allowedMeasures"
                    )
                )
            }
        }
        if !rule.allowedMeasures.contains(.noticeOnly) {
            found.append(
                rule.source.problem("the lightest measure is `notice-only`", at: "allowedMeasures")
            )
        }
        let most = (HandlingPolicy.Clock.restriction.bound, rule.longestDays * 24)
        if !most.0.admits(most.1) {
            found.append(rule.source.problem("a measure lasts 1 to 180 days", at: "longestDays"))
        }
        return found
    }

    /// All that a measure can reach: a feature takes with it what needs it.
    func operations(of measure: PolicyMeasure) -> Set<PlatformOperation> {
        guard measure == .feature else { return measure.operations }
        return library.cards.reduce(into: []) { all, card in
            for feature in card.features where feature.canBeWithheld {
                all.formUnion(card.operationsLost(without: feature.key))
            }
        }
    }

    // MARK: What it says

    private func caseProblems(of rule: PolicyRule) -> [PackageProblem] {
        var found: [PackageProblem] = []
        for outcome in [PolicyOutcome.isIn, .out] {
            let count = rule.cases.filter { $0.expected == outcome }.count
            guard count < PolicyChecks.casesMin else { continue }
            found.append(
                rule.source.problem(
                    "\(PolicyChecks.casesMin) cases must be `\(outcome.rawValue)`, not \(count)",
                    at: "cases"
                )
            )
        }
        if !rule.cases.contains(where: { $0.expected == .needsReview }) {
            found.append(rule.source.problem("one case must need review", at: "cases"))
        }
        if !rule.cases.contains(where: { !$0.mirror.isEmpty }) {
            found.append(rule.source.problem("one case must have a mirror", at: "cases"))
        }
        for item in rule.cases {
            let outcome = rule.outcome(of: item.facts)
            if outcome != item.expected {
                found.append(
                    item.source.problem(
                        "the rule says `\(outcome.rawValue)`, not `\(item.expected.rawValue)`",
                        at: "expect"
                    )
                )
            }
            found += mirrorProblems(of: item, rule)
        }
        return found
    }

    /// The same facts with other people in them have the same outcome.
    private func mirrorProblems(of item: PolicyCase, _ rule: PolicyRule) -> [PackageProblem] {
        var found: [PackageProblem] = []
        for (name, value) in item.mirror.sorted(by: { $0.key < $1.key }) {
            if PolicyFacts.byName[name]?.isReadable ?? true {
                found.append(
                    item.source.problem("`\(name)` is no fact about who acts", at: "mirror")
                )
            }
            if item.facts[name] == nil || item.facts[name] == value {
                found.append(
                    item.source.problem("`\(name)` must be otherwise in the facts", at: "mirror")
                )
            }
        }
        if rule.outcome(of: item.facts) != rule.outcome(of: item.mirrored) {
            found.append(
                item.source.problem("the mirrored case has another outcome", at: "mirror")
            )
        }
        return found
    }
}
