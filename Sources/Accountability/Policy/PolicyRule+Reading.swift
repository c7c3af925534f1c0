import Metadata

extension PolicyRule {
    static let shape = Shape(
        title: "a rule",
        summary: "What a policy forbids, how it is shown, and how far a measure may go.",
        keys: [
            .init("rule", .text, required: true, "Its id, for ever: `AUP-07`."),
            .init("version", .integer, required: true, "The version of its text, from 1."),
            .init("title", .text, required: true, "A few words."),
            .init("text", .text, required: true, "What is forbidden, in plain words."),
            .init("protectedInterest", .map(interestShape), required: true, "Whose right it is."),
            .init("prohibitedUse", .map(useShape), required: true, "The purpose and its effect."),
            .init("severity", .map(severityShape), required: true, "How severe a breach can be."),
            .init("allowedMeasures", .texts, required: true, "The most that may be done."),
            .init("longestDays", .integer, required: true, "Days that a measure may last."),
            .init(
                "evidenceStandard",
                .choice(EvidenceStandard.allCases.map(\.rawValue)),
                required: true,
                "How much must be known."
            ),
            .init("evidence", .text, required: true, "What shows it, and what does not."),
            .init(
                "dsaCategory",
                .choice(DSAStatement.categories.sorted()),
                "What the Union's database of statements of reasons calls it."
            ),
            .init("legalReference", .texts, required: true, "Law that protects the same."),
            .init("examples", .texts, required: true, "What the rule is about."),
            .init("counterExamples", .texts, required: true, "What it is not about."),
            .init("elements", .list(elementShape), required: true, "All of these must be shown."),
            .init("defences", .list(defenceShape), "Any of these takes a use out of the rule."),
            .init("cases", .list(PolicyCase.shape), required: true, "What the rule must say."),
        ]
    )

    private static let interestShape = Shape(
        title: "a protected interest",
        summary: "Whose right is protected.",
        keys: [
            .init(
                "interest",
                .choice(Interest.allCases.map(\.rawValue)),
                required: true,
                "What is protected."
            ),
            .init("of", .text, required: true, "Whose it is."),
        ]
    )

    private static let useShape = Shape(
        title: "a prohibited use",
        summary: "What is done, and what it does to people.",
        keys: [
            .init("purpose", .text, required: true, "What the use is for."),
            .init("effect", .text, required: true, "What it does to people."),
        ]
    )

    private static let severityShape = Shape(
        title: "a severity",
        summary: "The least and the most severe breach, from 0 to 4.",
        keys: [
            .init("floor", .integer, required: true, "The least."),
            .init("ceiling", .integer, required: true, "The most."),
        ]
    )

    private static let elementShape = Shape(
        title: "an element",
        summary: "A part of what is forbidden.",
        keys: [
            .init("element", .text, required: true, "In words."),
            .init("when", .text, required: true, "As a formula over facts."),
        ]
    )

    private static let defenceShape = Shape(
        title: "a defence",
        summary: "What takes a use out of the rule.",
        keys: [
            .init("defence", .text, required: true, "In words."),
            .init("when", .text, required: true, "As a formula over facts."),
        ]
    )

    /// - Parameter problems: gets what is wrong beyond the form; `nil` is given for what cannot be
    ///   a rule at all.
    init?(_ map: ShapedMap, problems: inout [PackageProblem]) {
        let id = map.text("rule") ?? ""
        let version = map.integer("version") ?? 0
        guard let reference = RuleReference("\(id)@\(version)") else {
            problems.append(
                map.problem("a rule is named as `AUP-07`, version 1 or more", at: "rule")
            )
            return nil
        }
        let severity = map.map("severity")
        let floor = severity?.integer("floor") ?? -1
        let ceiling = severity?.integer("ceiling") ?? -1
        guard 0 <= floor, floor <= ceiling, ceiling <= 4 else {
            problems.append(map.problem("`severity` goes from 0 to 4, floor first", at: "severity"))
            return nil
        }
        let interest = map.map("protectedInterest")
        let use = map.map("prohibitedUse")
        self.reference = reference
        title = map.text("title") ?? ""
        text = map.text("text") ?? ""
        self.interest = interest?.text("interest").flatMap(Interest.init) ?? .life
        holders = interest?.text("of") ?? ""
        purpose = use?.text("purpose") ?? ""
        effect = use?.text("effect") ?? ""
        self.severity = floor...ceiling
        var measures: Set<PolicyMeasure> = []
        for text in map.texts("allowedMeasures") {
            let key = "allowedMeasures"
            let type = PolicyMeasure.self
            guard let measure = PolicyReading.known(text, as: type, at: key, map, &problems) else {
                continue
            }
            measures.insert(measure)
        }
        allowedMeasures = measures
        longestDays = map.integer("longestDays") ?? 0
        evidenceStandard =
            map.text("evidenceStandard").flatMap(EvidenceStandard.init) ?? .convincing
        evidence = map.text("evidence") ?? ""
        dsaCategory = map.text("dsaCategory")
        legalReferences = map.texts("legalReference")
        examples = map.texts("examples")
        counterExamples = map.texts("counterExamples")
        elements = Self.parts("element", in: map.list("elements"), &problems)
            .map { Element(text: $0.text, predicate: $0.predicate) }
        defences = Self.parts("defence", in: map.list("defences"), &problems)
            .map { Defence(text: $0.text, predicate: $0.predicate) }
        var cases: [PolicyCase] = []
        for item in map.list("cases") { cases.append(PolicyCase(item, problems: &problems)) }
        self.cases = cases
        source = map
    }

    private static func parts(
        _ key: String,
        in maps: [ShapedMap],
        _ problems: inout [PackageProblem]
    ) -> [(text: String, predicate: PolicyPredicate)] {
        var parts: [(text: String, predicate: PolicyPredicate)] = []
        for map in maps {
            let vocabulary = PolicyFacts.vocabulary
            guard
                let predicate = PolicyReading.predicate(
                    "when",
                    of: map,
                    over: vocabulary,
                    &problems
                )
            else { continue }
            parts.append((map.text(key) ?? "", predicate))
        }
        return parts
    }
}

extension PolicyCase {
    static let shape = Shape(
        title: "a case",
        summary: "Invented facts, and what the rule says of them.",
        keys: [
            .init("case", .text, required: true, "What happened, in a sentence."),
            .init(
                "expect",
                .choice(PolicyOutcome.allCases.map(\.rawValue)),
                required: true,
                "What the rule must say."
            ),
            .init("why", .text, required: true, "Why that is right."),
            .init("facts", .values, required: true, "What is known; all else is not."),
            .init("mirror", .values, "Other people: the same must be said of them."),
        ]
    )

    init(_ map: ShapedMap, problems: inout [PackageProblem]) {
        let vocabulary = PolicyFacts.vocabulary
        name = map.text("case") ?? ""
        facts = PolicyReading.values("facts", of: map, over: vocabulary, &problems)
        expected = map.text("expect").flatMap(PolicyOutcome.init) ?? .needsReview
        why = map.text("why") ?? ""
        mirror = PolicyReading.values("mirror", of: map, over: vocabulary, &problems)
        source = map
    }
}
