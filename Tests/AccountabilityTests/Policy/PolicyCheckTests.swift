import Accountability
import Metadata
import Testing

/// Each rule for policies, with a policy that breaks it.
@Suite struct PolicyCheckTests {
    private let document = "conduct/policy.yaml"
    private let rule = "conduct/rules/TST-02.yaml"

    @Test("the policy from which the others are made breaks none")
    func sound() throws {
        #expect(try PolicyFixture().problems() == [])
    }

    @Test("a version that breaks its calendar is refused", arguments: PolicyBreach.versions)
    func versions(_ breach: PolicyBreach) throws { try expect(breach) }

    @Test("a rule that breaks the rules for rules is refused", arguments: PolicyBreach.rules)
    func rules(_ breach: PolicyBreach) throws { try expect(breach) }

    @Test(
        "a register rule or a product card that breaks its own is refused",
        arguments: PolicyBreach.others
    )
    func others(_ breach: PolicyBreach) throws { try expect(breach) }

    private func expect(_ breach: PolicyBreach) throws {
        var fixture = try PolicyFixture()
        try fixture.change(breach.file, breach.old, breach.new)
        let problems = try fixture.problems()
        #expect(problems.contains { $0.contains(breach.problem) }, "\(problems)")
    }

    @Test("a feature reaches what needs it, so a rule that can withhold one is refused as well")
    func reach() throws {
        var fixture = try PolicyFixture()
        try fixture.change("products/predictions.yaml", "    canBeWithheld: false\n", "")
        let problems = try fixture.problems()
        #expect(problems.contains { $0.hasPrefix("`feature` could take away what is never") })
    }

    @Test("what was published cannot change: neither text, nor rule, nor predicate")
    func pinned() throws {
        for (file, old, new) in [
            ("conduct/2026-06.md", "Do no harm.", "Do some harm."),
            (rule, "longestDays: 90", "longestDays: 120"),
            (rule, "harmScale >= 2", "harmScale >= 1"),
            (rule, "effect: People are hurt.", "effect: People are cross."),
        ] {
            var fixture = try PolicyFixture()
            try fixture.change(file, old, new)
            let problems = try fixture.problems()
            #expect(problems.contains { $0.contains("that was published; a change is") }, "\(file)")
        }
    }

    @Test("more cases and examples do not change a rule")
    func cases() throws {
        var fixture = try PolicyFixture()
        try fixture.change(
            rule,
            "counterExamples: [A march is announced.]",
            "counterExamples: [A march is announced., A strike is called.]"
        )
        #expect(try fixture.problems() == [])
    }

    @Test("another policy cannot begin at once beside those that are there")
    func founding() throws {
        var fixture = try PolicyFixture()
        fixture.files["late/2026-08.md"] = "# Late\n\nThis is late.\n"
        fixture.files["late/policy.yaml"] = """
            policy: late
            title: Late
            kind: acceptable-use
            owner: Trust office
            versions:
              - version: 2026-08
                text: 2026-08.md
                reason: It is new.
                proposedBy: Trust office
                founding: true
                publishedOn: 2026-08-01
                effectiveFrom: 2026-08-01
                digest: \(PolicyDigest.of("# Late\n\nThis is late.\n"))
                approvals:
                  - { body: Trust office, on: 2026-07-01 }
                  - { body: Council, on: 2026-07-02 }

            """
        #expect(try fixture.problems() == ["other policies were published before it"])
    }

    @Test("a version of a rule needs the version before it beside it")
    func history() throws {
        var fixture = try PolicyFixture()
        fixture.files["conduct/rules/TST-01@1.yaml"] = nil
        let problems = try fixture.problems()
        #expect(problems.contains { $0.hasPrefix("TST-01@2 needs TST-01@1 beside it") })
    }

    @Test("a rule stands once")
    func twice() throws {
        var fixture = try PolicyFixture()
        fixture.files["other/rules/TST-02.yaml"] = fixture.files[rule]
        #expect(try fixture.problems().contains("TST-02@1 stands twice"))
    }
}

extension PolicyCheckTests {
    @Test("a file that does not keep to its form is refused with its place")
    func form() throws {
        for (file, old, new, problem) in [
            (rule, "longestDays: 90", "longestDay: 90", "9:1: unknown key `longestDay`"),
            (rule, "urgesViolence\n", "urgesViolense\n", "did you mean `urgesViolence`?"),
            (rule, "imminent: true } }", "iminent: true } }", "there is no `iminent`"),
            (rule, "harmScale: 3 }", "harmScale: 7 }", "`harmScale` is a whole number from 0 to 4"),
            (rule, "channel, purpose]", "chanel, purpose]", "did you mean `channel`?"),
            (rule, "ceiling: 4", "ceiling: 5", "`severity` goes from 0 to 4"),
            (rule, "interest: life and health", "interest: public order", "`interest` cannot be"),
            (rule, "rule: TST-02", "rule: TST-2", "a rule is named as `AUP-07`"),
            ("conduct/rules/TST-01@1.yaml", "version: 1", "version: 3", "belongs into a file"),
            (
                document, "text: 2026-12.md", "text: 2026-13.md",
                "there is no file conduct/2026-13.md"
            ),
            (document, "on: 2026-10-03", "on: 2026-10-32", "`on` must be a day"),
            ("register/RR-01.yaml", "result: clarify", "result: restrict", "`result` cannot be"),
        ] {
            var fixture = try PolicyFixture()
            try fixture.change(file, old, new)
            let error = #expect(throws: PackageProblems.self) { try fixture.read() }
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        }
    }

    @Test("a problem in a formula points into it")
    func formulaPlace() throws {
        var fixture = try PolicyFixture()
        try fixture.change(rule, "OR(imminent, harmScale >= 2)", "OR(imminent, hamScale >= 2)")
        let error = #expect(throws: PackageProblems.self) { try fixture.read() }
        let problem = try #require(error?.problems.first)
        #expect((problem.line, problem.column) == (21, 20), "\(problem)")
    }

    @Test("a file that belongs to no policy is refused")
    func stray() throws {
        var fixture = try PolicyFixture()
        fixture.files["conduct/rule/TST-03.yaml"] = "rule: TST-03\n"
        #expect(throws: PackageProblems.self) { try fixture.read() }
    }
}
