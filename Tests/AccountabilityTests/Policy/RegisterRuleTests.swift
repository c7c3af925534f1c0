import Accountability
import Metadata
import Testing

/// What the register may say of an org: a question, or a proposal to look closer.
@Suite struct RegisterRuleTests {
    private func rule(_ id: String) throws -> RegisterRule {
        try #require(
            try ShippedPolicies.library().registerRules.first { $0.reference.id == id }
        )
    }

    @Test("every case of every shipped rule has its result")
    func cases() throws {
        for rule in try ShippedPolicies.library().registerRules {
            for item in rule.cases {
                #expect(rule.result(of: item.features) == item.expected, "\(rule.reference)")
            }
        }
    }

    @Test("a result is ok, clarify or review, and there is no fourth")
    func results() {
        #expect(RegisterRule.Result.allCases == [.ok, .clarify, .review])
        let measures = Set(PolicyMeasure.allCases.map(\.rawValue))
        #expect(measures.isDisjoint(with: RegisterRule.Result.allCases.map(\.rawValue)))
    }

    @Test("what is not known gives no finding")
    func unknown() throws {
        for rule in try ShippedPolicies.library().registerRules {
            #expect(rule.result(of: [:]) == .ok)
            #expect(rule.proposal(for: [:]) == nil)
            #expect(!rule.isDecided(by: [:]))
        }
    }

    @Test("a proposal names the rule, the question and what the rule saw, and no more")
    func proposal() throws {
        let rule = try rule("RR-02")
        let vector: [String: FeatureValue] = [
            "undeclared.special": .codes(["health", "biometrics"]),
            "observed.band.mails": .level(4),
        ]
        let proposal = try #require(rule.proposal(for: vector))
        #expect(proposal.rule.description == "RR-02@1")
        #expect(proposal.kind.rawValue == "Mismatch")
        #expect(proposal.result == .clarify)
        #expect(proposal.featureText == "undeclaredSpecial: biometrics;health")
    }

    @Test("the register's names are those of rules without their dots")
    func names() {
        #expect(RegisterFeature.name(of: "undeclared.special") == "undeclaredSpecial")
        #expect(RegisterFeature.name(of: "observed.band.mails") == "observedBandMails")
        #expect(RegisterFeature.name(of: "observed.data.service-desk") == "observedDataServiceDesk")
        #expect(RegisterFeature.name(of: "riseMails") == "riseMails")
    }

    @Test("rules read the register's own vector, and each feature of theirs is in it")
    func vector() throws {
        let declaration = DeclaredUse(
            name: "UD-0001",
            fields: [
                "Product": "service-desk", "Category": "Service requests",
                "ReattestDue": "2026-10-01",
            ],
            isInForce: true
        )
        let features = RegisterFeatures.vector(
            declarations: [declaration],
            snapshot: nil,
            earlier: nil,
            on: "2026-11-24"
        )
        let findings = try ShippedPolicies.library().findings(for: features)
        #expect(findings.map(\.rule.id) == ["RR-06"])
        #expect(findings.first?.featureText == "declaredStale: 1")
        for name in features.keys {
            #expect(RegisterFeature.vocabulary[RegisterFeature.name(of: name)] != nil, "\(name)")
        }
    }

    @Test("a rule is tried out before it counts")
    func trial() throws {
        let rule = try rule("RR-04")
        #expect(rule.isTrial(at: try day("2026-12-23")))
        #expect(!rule.isTrial(at: try day("2026-12-24")))
    }

    @Test("any features give a result", arguments: 0..<4)
    func total(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 9_600 + seed)
        let rules = try ShippedPolicies.library().registerRules
        for _ in 0..<200 {
            let vector = RandomPredicate.facts(of: RegisterFeature.vocabulary, using: &random)
            for rule in rules {
                let isFound = rule.result(of: vector) != .ok
                #expect(isFound == (rule.proposal(for: vector) != nil))
                if isFound { #expect(rule.isDecided(by: vector)) }
            }
        }
    }
}

/// What a rule would have said before it counts.
@Suite struct ShadowReportTests {
    private func snapshot(_ org: String, _ day: String, mails: Int?) -> ShadowReport.Snapshot {
        var features: [String: FeatureValue] = ["declared.categories": .codes(["Sales"])]
        features["rise.mails"] = mails.map { .level($0) }
        return ShadowReport.Snapshot(org: org, day: day, features: features)
    }

    private func rule() throws -> RegisterRule {
        try #require(try PolicyFixture().read().registerRules.first)
    }

    @Test("orgs are counted once, with the first day on which they would have been asked")
    func hits() throws {
        let report = ShadowReport(
            of: try rule(),
            over: [
                snapshot("B", "2026-02-03", mails: 4), snapshot("A", "2026-02-02", mails: 3),
                snapshot("A", "2026-02-01", mails: 2), snapshot("C", "2026-02-01", mails: 0),
                snapshot("D", "2026-02-01", mails: nil),
            ]
        )
        #expect(report.hits == ["A": "2026-02-01", "B": "2026-02-03"])
        #expect(report.undecided == ["D"])
        #expect(report.warning == nil)
        #expect(
            report.summary
                == "RR-01@1: of 4 orgs 2 would have been asked, of 1 too little is known"
        )
    }

    @Test("a rule that falls on one org alone carries a warning")
    func singleTarget() throws {
        let one = [
            snapshot("A", "2026-02-01", mails: 2), snapshot("A", "2026-02-02", mails: 5),
            snapshot("B", "2026-02-01", mails: 0),
        ]
        let report = ShadowReport(of: try rule(), over: one)
        #expect(
            report.warning
                == "RR-01@1 would have fallen on one org alone: it may have been made for it"
        )
        let none = ShadowReport(of: try rule(), over: [snapshot("B", "2026-02-01", mails: 0)])
        #expect(none.warning?.contains("on no org") == true)
    }

    @Test("where the rule before says otherwise is shown")
    func changed() throws {
        var fixture = try PolicyFixture()
        try fixture.change("register/RR-01.yaml", "riseMails >= 2", "riseMails >= 4")
        let former = try #require(try fixture.read().registerRules.first)
        let report = ShadowReport(
            of: try rule(),
            replacing: former,
            over: [snapshot("A", "2026-02-01", mails: 3), snapshot("B", "2026-02-01", mails: 4)]
        )
        #expect(report.changed == ["A"])
    }
}
