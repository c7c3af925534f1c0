import Metadata

extension PolicyChecks {
    // MARK: Rules of the register

    func problems(of rule: RegisterRule) -> [PackageProblem] {
        var found: [PackageProblem] = []
        for text in [rule.title, rule.text, rule.question] {
            if let term = ViewpointTerms.first(in: text) {
                found.append(rule.source.problem("`\(term)` names a viewpoint", at: "text"))
            }
        }
        for expected in [rule.result, .ok]
        where !rule.cases.contains(where: { $0.expected == expected }) {
            found.append(
                rule.source.problem("one case must be `\(expected.rawValue)`", at: "cases")
            )
        }
        for item in rule.cases {
            let result = rule.result(of: item.features)
            guard result != item.expected else { continue }
            found.append(
                item.source.problem(
                    "the rule says `\(result.rawValue)`, not `\(item.expected.rawValue)`",
                    at: "expect"
                )
            )
        }
        return found
    }

    // MARK: Product cards

    func problems(of card: ProductCard) -> [PackageProblem] {
        var found: [PackageProblem] = []
        let keys = card.features.map(\.key)
        if Set(keys).count < keys.count {
            found.append(card.source.problem("a feature stands twice", at: "features"))
        }
        let never = Set(PlatformOperation.neverWithheld)
        for feature in card.features {
            for need in feature.needs where !keys.contains(need) {
                found.append(
                    card.source.problem(
                        "`\(feature.key)` needs `\(need)`, which is none",
                        at: "features"
                    )
                )
            }
            guard feature.canBeWithheld else { continue }
            let lost = card.operationsLost(without: feature.key).intersection(never)
            if let hit = lost.map(\.rawValue).min() {
                found.append(
                    card.source.problem(
                        "without `\(feature.key)` nobody could \(hit), which is never withheld",
                        at: "features"
                    )
                )
            }
        }
        return found
    }

    // MARK: Handling

    func problems(of handling: HandlingPolicy) -> [PackageProblem] {
        var found: [PackageProblem] = []
        for clock in HandlingPolicy.Clock.allCases {
            guard let hours = handling.clocks[clock] else {
                found.append(
                    handling.source.problem("`\(clock.rawValue)` has no clock", at: "clocks")
                )
                continue
            }
            guard !clock.bound.admits(hours) else { continue }
            let advice =
                switch clock.bound {
                case .atMost(let most): "at most \(most) hours"
                case .atLeast(let least): "at least \(least) hours"
                }
            found.append(
                handling.source.problem(
                    "`\(clock.rawValue)` is \(advice), not \(hours)",
                    at: "clocks"
                )
            )
        }
        let never = Set(PlatformOperation.neverWithheld)
        for operation in never.symmetricDifference(handling.neverWithheld).map(\.rawValue).sorted()
        {
            found.append(
                handling.source.problem(
                    "the program and this list do not agree on: \(operation)",
                    at: "neverWithheld"
                )
            )
        }
        return found
    }
}
