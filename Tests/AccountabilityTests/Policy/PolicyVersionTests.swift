import Accountability
import Foundation
import Metadata
import Testing

/// What binds when, and what a decision can rest on.
@Suite struct PolicyVersionTests {
    @Test(
        "a version's state follows from the day alone",
        arguments: [
            ("2026-02-28", "draft"), ("2026-03-01", "comment"), ("2026-04-05", "comment"),
            ("2026-04-10", "announced"), ("2026-05-31", "announced"), ("2026-06-01", "in force"),
            ("2026-11-30", "in force"), ("2026-12-01", "superseded"), ("2030-01-01", "superseded"),
        ]
    )
    func states(_ on: String, _ expected: String) throws {
        let document = try #require(try PolicyFixture().read().document("conduct"))
        let version = try #require(document.version("2026-06"))
        #expect(document.state(of: version, at: try day(on)).rawValue == expected)
    }

    @Test("what was repealed is in force no more, and nothing comes back in its place")
    func repealed() throws {
        let document = try #require(try PolicyFixture().read().document("conduct"))
        let last = try #require(document.version("2026-12"))
        #expect(document.state(of: last, at: try day("2027-12-01")) == .repealed)
        #expect(document.inForce(at: try day("2027-12-01")) == nil)
        #expect(document.inForce(at: try day("2025-12-31")) == nil)
    }

    @Test("at every moment one version is in force at most")
    func oneAtATime() throws {
        let document = try #require(try PolicyFixture().read().document("conduct"))
        var moment = try day("2025-11-01")
        while moment < (try day("2028-02-01")) {
            let states = document.versions.map { document.state(of: $0, at: moment) }
            #expect(states.filter { $0 == .inForce }.count <= 1)
            moment = moment.adding(seconds: 86_400)
        }
    }

    private func objections(
        _ rule: String,
        _ kind: String = "channel",
        on: String,
        conduct: String? = nil,
        days: Int? = nil
    ) throws -> [String] {
        try PolicyFixture().read().objections(
            rule: rule,
            kind: kind,
            at: try day(on),
            conduct: try conduct.map { try day($0) },
            days: days
        )
    }

    @Test("a measure within a rule in force has no objection")
    func admitted() throws {
        #expect(try objections("TST-01@2", on: "2026-06-01") == [])
        #expect(try objections("TST-01@2", on: "2026-11-30", conduct: "2026-06-01", days: 90) == [])
    }

    @Test("a rule that does not bind yet grounds nothing")
    func notYet() throws {
        #expect(
            try objections("TST-01@2", on: "2026-05-31")
                == ["rule: TST-01@2 does not bind before 2026-06-01"]
        )
    }

    @Test("a rule that was superseded or repealed grounds no new decision")
    func over() throws {
        #expect(
            try objections("TST-01@1", on: "2026-06-01")
                == ["rule: TST-01@1 was superseded by TST-01@2"]
        )
        #expect(
            try objections("TST-01@2", on: "2026-12-01")
                == ["rule: TST-01@2 was repealed: it grounds no new decision"]
        )
        #expect(
            try objections("TST-02@1", on: "2027-12-01")
                == ["rule: TST-02@1 was repealed: it grounds no new decision"]
        )
    }

    @Test("what was done before a rule bound is not judged by it")
    func retroactive() throws {
        #expect(
            try objections("TST-01@2", on: "2026-06-02", conduct: "2026-05-31")
                == ["rule: TST-01@2 did not bind yet when it was done; no rule looks back"]
        )
    }

    @Test("unknown rules, versions and kinds are named")
    func unknown() throws {
        #expect(try objections("TST-01", on: "2026-06-01").first?.contains("AUP-07@3") == true)
        #expect(try objections("TST-01@02", on: "2026-06-01").first?.contains("AUP-07@3") == true)
        #expect(
            try objections("TST-01@9", on: "2026-06-01")
                == ["rule: there is no version 9 of TST-01; the last is 2"]
        )
        #expect(
            try objections("TTS-01@1", on: "2026-06-01")
                == ["rule: there is no rule TTS-01 (did you mean `TST-01`?)"]
        )
        #expect(
            try objections("TST-01@2", "silence", on: "2026-06-01")
                == ["kind: `silence` is no kind of restriction"]
        )
    }

    @Test("a measure goes no further and lasts no longer than its rule allows")
    func tooMuch() throws {
        #expect(
            try objections("TST-01@2", "export-only", on: "2026-06-01", days: 91)
                == [
                    "kind: TST-01@2 allows no `export-only`; it allows `notice-only`, `feature`, "
                        + "`channel`, `purpose`",
                    "endsAt: TST-01@2 allows 90 days at most",
                ]
        )
    }

    @Test("what an org has not accepted is named, by version")
    func acceptance() throws {
        let library = try PolicyFixture().read()
        let first = PolicyAcceptanceKey(document: "conduct", version: "2026-01")
        let second = PolicyAcceptanceKey(document: "conduct", version: "2026-06")
        #expect(library.notAccepted(of: [first], at: try day("2026-05-31")) == [])
        #expect(library.notAccepted(of: [first], at: try day("2026-06-01")) == [second])
        #expect(library.notAccepted(of: [first, second], at: try day("2026-06-01")) == [])
    }

    @Test("an explanation names each part, and what nobody has found out")
    func explanation() throws {
        let library = try PolicyFixture().read()
        let rule = try #require(library.rule(RuleReference(id: "TST-01", version: 2)))
        let explained = rule.explanation(of: ["urgesViolence": .flag(true)])
        #expect(explained.outcome == .needsReview)
        #expect(explained.elements.map(\.truth) == [.yes, .unknown])
        #expect(explained.elements.map(\.unknown) == [[], ["harmScale", "imminent"]])
        #expect(explained.defences.map(\.unknown) == [["reportsOrWarns"]])
    }
}
