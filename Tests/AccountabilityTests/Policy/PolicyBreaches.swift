import Testing

/// One change, and the problem that it makes.
struct PolicyBreach: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    let problem: String

    init(_ file: String, _ old: String, _ new: String, _ problem: String) {
        (self.file, self.old, self.new, self.problem) = (file, old, new, problem)
    }

    var testDescription: String { problem }

    private static let document = "conduct/policy.yaml"
    private static let rule = "conduct/rules/TST-02.yaml"

    static let versions: [PolicyBreach] = [
        .init(
            document,
            "commentUntil: 2026-10-01",
            "commentUntil: 2026-09-30",
            "it can be commented on for 30 days, not 29"
        ),
        .init(
            document,
            "    commentFrom: 2026-09-01\n",
            "",
            "it can be commented on for 30 days, not 0"
        ),
        .init(
            document,
            "publishedOn: 2026-10-05",
            "publishedOn: 2026-09-30",
            "it is published while it can still be commented on"
        ),
        .init(
            document,
            "publishedOn: 2026-10-05",
            "publishedOn: 2026-11-02",
            "it begins 30 days after its publication, not 29"
        ),
        .init(
            document,
            "publishedOn: 2026-10-05",
            "publishedOn: 2026-12-02",
            "no policy is retroactive"
        ),
        .init(
            document,
            "effectiveFrom: 2026-12-01",
            "effectiveFrom: 2026-05-01",
            "it begins before the version that it follows"
        ),
        .init(
            document,
            "{ body: Council, on: 2026-10-03 }",
            "{ body: Trust office, on: 2026-10-03 }",
            "two bodies approve it before it is published"
        ),
        .init(
            document,
            "{ body: Council, on: 2026-10-03 }",
            "{ body: Council, on: 2026-10-06 }",
            "two bodies approve it before it is published"
        ),
        .init(
            document,
            "commentFrom: 2026-09-01",
            "founding: true\n    commentFrom: 2026-09-01",
            "only the first version founds a deployment"
        ),
        .init(
            document,
            "    publishedOn: 2026-10-05\n",
            "",
            "it cannot begin before it is published"
        ),
        .init(
            document,
            "    effectiveFrom: 2026-12-01\n",
            "",
            "what is published says when it begins"
        ),
        .init(document, "rules: [TST-02@1]", "rules: [TST-02@3]", "there is no rule TST-02@3"),
        .init(document, "version: 2026-12", "version: 2026-06", "a version stands twice"),
    ]

    static let rules: [PolicyBreach] = [
        .init(
            rule,
            "urgesViolence\n",
            "actorFaith = \"faith-a\"\n",
            "no rule may read `actorFaith`"
        ),
        .init(
            rule,
            "urgesViolence\n",
            "criticisesOperator\n",
            "criticism of the operator is never a ground"
        ),
        .init(rule, "urgesViolence\n", "billUnpaid\n", "is settled by its contract"),
        .init(rule, "urgesViolence\n", "complaintBand >= 5\n", "how many complain decides nothing"),
        .init(
            rule,
            "urgesViolence\n",
            "AND(urgesViolence, actorPolitics = \"side-a\")\n",
            "the mirrored case has another outcome"
        ),
        .init(
            rule,
            "urgesViolence\n",
            "AND(urgesViolence, NOT(imminent))\n",
            "more of `imminent` could lighten the outcome"
        ),
        .init(
            rule,
            "harmScale >= 2",
            "harmScale = 2",
            "more of `harmScale` could lighten the outcome"
        ),
        .init(
            rule,
            "urgesViolence\n",
            "AND(urgesViolence, disclosed)\n",
            "more of `disclosed` could worsen the outcome"
        ),
        .init(
            rule,
            "[notice-only, feature, channel, purpose]",
            "[notice-only, end]",
            "`end` could take away what is never withheld"
        ),
        .init(
            rule,
            "floor: 2, ceiling: 4 }\nallowedMeasures: [notice-only, feature",
            "floor: 2, ceiling: 3 }\nallowedMeasures: [notice-only, read-only",
            "falls on the whole org, which severity 3 cannot carry"
        ),
        .init(rule, "[notice-only, feature", "[feature", "the lightest measure is `notice-only`"),
        .init(rule, "longestDays: 90", "longestDays: 181", "a measure lasts 1 to 180 days"),
        .init(
            rule,
            "case: Six\n    expect: out",
            "case: Six\n    expect: needs review",
            "the rule says"
        ),
        .init(
            rule,
            "  - { case: Five, expect: out, why: It warns., facts: { reportsOrWarns: true } }\n",
            "",
            "3 cases must be `out`, not 2"
        ),
        .init(
            rule,
            "  - { case: Seven, expect: needs review, why: Unclear., facts: { imminent: true } }\n",
            "",
            "one case must need review"
        ),
        .init(
            rule,
            "    mirror: { actorPolitics: side-b }\n",
            "",
            "one case must have a mirror"
        ),
        .init(
            rule,
            "mirror: { actorPolitics: side-b }",
            "mirror: { actorPolitics: side-a }",
            "must be otherwise in the facts"
        ),
        .init(
            rule,
            "mirror: { actorPolitics: side-b }",
            "mirror: { harmScale: 3 }",
            "is no fact about who acts"
        ),
        .init(
            rule,
            "You may not call for violence on people.",
            "You may not send offensive things.",
            "`offensive` names a viewpoint or nothing in particular"
        ),
        .init(
            rule,
            "purpose: To move others to hurt people.",
            "purpose: To serve communists.",
            "`communists` names a viewpoint or nothing in particular"
        ),
        .init(
            rule,
            "You may not call for violence on people.",
            "Organisational instrumentalisation of communicative infrastructure constituting "
                + "intentional incitement necessitates proportionate administrative intervention.",
            "years of school"
        ),
    ]

    static let others: [PolicyBreach] = [
        .init(
            "register/RR-01.yaml",
            "expect: ok, features: { riseMails: 0",
            "expect: ok, features: { riseMails: 5",
            "the rule says `clarify`, not `ok`"
        ),
        .init(
            "register/RR-01.yaml",
            "  - { case: Same, expect: ok, features: { riseMails: 0, declaredCategories: Sales } }"
                + "\n",
            "",
            "one case must be `ok`"
        ),
        .init(
            "products/predictions.yaml",
            "    canBeWithheld: false\n",
            "",
            "without `export` nobody could export everything"
        ),
        .init(
            "products/predictions.yaml",
            "    serves: [export everything]\n    canBeWithheld: false\n",
            "    serves: [export everything]\n    needs: [scores]\n    canBeWithheld: false\n",
            "without `training` nobody could export everything"
        ),
        .init(
            "products/predictions.yaml",
            "needs: [training]",
            "needs: [luck]",
            "`luck`, which is none"
        ),
    ]
}
