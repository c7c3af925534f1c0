package import Metadata

/// A rule over the use register: when what is seen does not fit what is declared.
///
/// Its result is a question to the org or a proposal to look closer. There is no third: a rule of
/// the register cannot say that anything be withheld, because its result has no word for it.
package struct RegisterRule: Sendable {
    package enum Result: String, Hashable, Sendable, CaseIterable {
        case ok, clarify, review
    }

    /// What a finding is about, as the object `UseFinding` names it.
    package enum FindingKind: String, Hashable, Sendable, CaseIterable {
        case undeclaredFeature = "Undeclared feature"
        case drift = "Drift"
        case mismatch = "Mismatch"
        case staleDeclaration = "Stale declaration"
    }

    /// Invented features, and what the rule must say of them.
    package struct Case: Sendable {
        package let name: String
        package let features: [String: FeatureValue]
        package let expected: Result
        package let source: ShapedMap
    }

    package let reference: RuleReference
    package let title: String
    package let text: String
    package let finding: FindingKind
    /// What it says when the predicate holds: `clarify` or `review`.
    package let result: Result
    /// What the org is asked.
    package let question: String
    package let predicate: PolicyPredicate
    /// The first day on which its findings are more than a trial.
    package let effectiveFrom: Instant?
    package let cases: [Case]
    package let source: ShapedMap

    /// What is said of an org's features; what is not known gives no finding.
    ///
    /// - Parameter vector: by the register's names or the rules': `undeclared.special`.
    package func result(of vector: [String: FeatureValue]) -> Result {
        predicate.truth(of: RegisterRule.named(vector)) == .yes ? result : .ok
    }

    /// The finding that the rule proposes, where it has one; people decide whether it stands.
    package func proposal(for vector: [String: FeatureValue]) -> UseFindingProposal? {
        let values = RegisterRule.named(vector)
        guard predicate.truth(of: values) == .yes else { return nil }
        return UseFindingProposal(
            rule: reference,
            kind: finding,
            result: result,
            question: question,
            features: values.filter { predicate.names.contains($0.key) }
        )
    }

    /// Whether it only tries itself out at a moment: findings of a trial are counted, not sent.
    package func isTrial(at moment: Instant) -> Bool {
        effectiveFrom.map { moment < $0 } ?? true
    }

    private static func named(_ vector: [String: FeatureValue]) -> [String: FeatureValue] {
        Dictionary(
            vector.map { (RegisterFeature.name(of: $0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

/// A finding that a rule of the register proposes.
package struct UseFindingProposal: Hashable, Sendable {
    package let rule: RuleReference
    package let kind: RegisterRule.FindingKind
    package let result: RegisterRule.Result
    package let question: String
    /// What the rule saw, in codes and bands.
    package let features: [String: FeatureValue]

    /// One feature a line, in the order of their names.
    package var featureText: String {
        features.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
            .joined(separator: "\n")
    }
}

extension RegisterRule {
    static let shape = Shape(
        title: "a rule of the register",
        summary: "When what is seen does not fit what is declared.",
        keys: [
            .init("rule", .text, required: true, "Its id, for ever: `RR-03`."),
            .init("version", .integer, required: true, "The version of its text, from 1."),
            .init("title", .text, required: true, "A few words."),
            .init("text", .text, required: true, "What it compares, and what it cannot see."),
            .init(
                "finding",
                .choice(FindingKind.allCases.map(\.rawValue)),
                required: true,
                "What a finding is about."
            ),
            .init("result", .choice(["clarify", "review"]), required: true, "What it says."),
            .init("question", .text, required: true, "What the org is asked."),
            .init("when", .text, required: true, "A formula over features of the register."),
            .init("effectiveFrom", .text, "The end of its trial; a trial only if missing."),
            .init("cases", .list(caseShape), required: true, "What it must say."),
        ]
    )

    private static let caseShape = Shape(
        title: "a case",
        summary: "Invented features, and what the rule says of them.",
        keys: [
            .init("case", .text, required: true, "What is seen, in a sentence."),
            .init(
                "expect",
                .choice(Result.allCases.map(\.rawValue)),
                required: true,
                "What the rule must say."
            ),
            .init("features", .values, required: true, "What is known; all else is not."),
        ]
    )

    init?(_ map: ShapedMap, problems: inout [PackageProblem]) {
        let vocabulary = RegisterFeature.vocabulary
        let name = "\(map.text("rule") ?? "")@\(map.integer("version") ?? 0)"
        guard let reference = RuleReference(name) else {
            problems.append(
                map.problem("a rule is named as `RR-03`, version 1 or more", at: "rule")
            )
            return nil
        }
        guard
            let predicate = PolicyReading.predicate("when", of: map, over: vocabulary, &problems)
        else { return nil }
        self.reference = reference
        title = map.text("title") ?? ""
        text = map.text("text") ?? ""
        finding = map.text("finding").flatMap(FindingKind.init) ?? .mismatch
        result = map.text("result").flatMap(Result.init) ?? .clarify
        question = map.text("question") ?? ""
        self.predicate = predicate
        effectiveFrom = PolicyReading.day("effectiveFrom", of: map, &problems)
        var cases: [Case] = []
        for item in map.list("cases") {
            cases.append(
                Case(
                    name: item.text("case") ?? "",
                    features: PolicyReading.values(
                        "features",
                        of: item,
                        over: vocabulary,
                        &problems
                    ),
                    expected: item.text("expect").flatMap(Result.init) ?? .ok,
                    source: item
                )
            )
        }
        self.cases = cases
        source = map
    }
}
