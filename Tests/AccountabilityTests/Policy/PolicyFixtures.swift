import Accountability
import Foundation
import Metadata
import Testing

/// The policies of this repository.
enum ShippedPolicies {
    private static var folder: URL {
        URL(filePath: #filePath)
            .resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "policies", directoryHint: .isDirectory)
    }

    static func files() throws -> [MetadataPackage.File] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".md") }
            .sorted()
            .map { path in
                MetadataPackage.File(
                    path: path,
                    text: try String(contentsOf: folder.appending(path: path), encoding: .utf8)
                )
            }
    }

    static func library() throws -> PolicyLibrary { try PolicyLibrary.read(files()) }
}

/// A small policy that keeps every rule for policies, and changes of it that do not.
struct PolicyFixture {
    var files: [String: String]

    init() throws {
        files = [
            "conduct/policy.yaml": Self.document,
            "conduct/2026-01.md": "# Conduct\n\nDo no harm. We tell you what harm is.\n",
            "conduct/2026-06.md": "# Conduct\n\nDo no harm. We say more of what harm is.\n",
            "conduct/2026-12.md": "# Conduct\n\nDo no harm. We say it in other words.\n",
            "conduct/rules/TST-01@1.yaml": Self.rule("TST-01", 1),
            "conduct/rules/TST-01.yaml": Self.rule("TST-01", 2),
            "conduct/rules/TST-02.yaml": Self.rule("TST-02", 1),
            "products/predictions.yaml": Self.card,
            "register/RR-01.yaml": Self.registerRule,
        ]
        try pin()
    }

    /// Writes the digests of what is there, as a publication does.
    mutating func pin() throws {
        let library = try read()
        for version in try #require(library.document("conduct")).versions {
            let rules = version.rules.compactMap { reference in
                library.rule(reference).map { "\(reference): \(PolicyDigest.of($0))" }
            }
            try change(
                "conduct/policy.yaml",
                "    # pins of \(version.name)\n",
                "    digest: \(version.digest)\n"
                    + "    ruleDigests: { \(rules.joined(separator: ", ")) }\n"
            )
        }
    }

    mutating func change(_ file: String, _ old: String, _ new: String) throws {
        let text = try #require(files[file], "there is no file \(file)")
        try #require(text.contains(old), "\(file) does not contain: \(old)")
        files[file] = text.replacingOccurrences(of: old, with: new)
    }

    func read() throws -> PolicyLibrary {
        try PolicyLibrary.read(files.map { MetadataPackage.File(path: $0.key, text: $0.value) })
    }

    /// The checks' problems, without their places.
    func problems() throws -> [String] { PolicyChecks(try read()).problems().map(\.message) }

    private static let document = """
        policy: conduct
        title: Conduct
        kind: acceptable-use
        owner: Trust office
        versions:
          - version: 2026-01
            text: 2026-01.md
            rules: [TST-01@1]
            reason: The first text.
            proposedBy: Trust office
            founding: true
            publishedOn: 2026-01-01
            effectiveFrom: 2026-01-01
            approvals:
              - { body: Trust office, on: 2025-12-20 }
              - { body: Council, on: 2025-12-21 }
            # pins of 2026-01
          - version: 2026-06
            text: 2026-06.md
            rules: [TST-01@2]
            reason: A case showed that it was not plain.
            proposedBy: Council
            commentFrom: 2026-03-01
            commentUntil: 2026-04-01
            publishedOn: 2026-04-10
            effectiveFrom: 2026-06-01
            approvals:
              - { body: Trust office, on: 2026-04-03 }
              - { body: Council, on: 2026-04-05 }
            # pins of 2026-06
          - version: 2026-12
            text: 2026-12.md
            rules: [TST-02@1]
            reason: Another rule takes its place.
            proposedBy: Council
            commentFrom: 2026-09-01
            commentUntil: 2026-10-01
            publishedOn: 2026-10-05
            effectiveFrom: 2026-12-01
            repealedOn: 2027-12-01
            approvals:
              - { body: Trust office, on: 2026-10-02 }
              - { body: Council, on: 2026-10-03 }
            # pins of 2026-12

        """

    private static func rule(_ id: String, _ version: Int) -> String {
        """
        rule: \(id)
        version: \(version)
        title: Calls to violence
        text: You may not call for violence on people. This is text \(version).
        protectedInterest: { interest: life and health, of: Everyone who could be attacked. }
        prohibitedUse: { purpose: To move others to hurt people., effect: People are hurt. }
        severity: { floor: 2, ceiling: 4 }
        allowedMeasures: [notice-only, feature, channel, purpose]
        longestDays: 90
        evidenceStandard: corroborated
        evidence: What people got and pass on.
        legalReference: [International Covenant on Civil and Political Rights]
        examples: [A mail asks readers to beat somebody up.]
        counterExamples: [A march is announced.]
        elements:
          - element: It calls for violence.
            when: |
              urgesViolence
          - element: It is near or grave.
            when: |
              OR(imminent, harmScale >= 2)
        defences:
          - defence: It warns.
            when: |
              reportsOrWarns
        cases:
          - { case: One, expect: in, why: Near., facts: { \(known), imminent: true } }
          - { case: Two, expect: in, why: Grave., facts: { \(known), harmScale: 3 } }
          - case: Three
            expect: in
            why: Whoever it is.
            facts: { \(known), harmScale: 2, actorPolitics: side-a }
            mirror: { actorPolitics: side-b }
          - { case: Four, expect: out, why: No call., facts: { urgesViolence: false } }
          - { case: Five, expect: out, why: It warns., facts: { reportsOrWarns: true } }
          - case: Six
            expect: out
            why: Neither near nor grave.
            facts: { urgesViolence: true, imminent: false, harmScale: 1 }
          - { case: Seven, expect: needs review, why: Unclear., facts: { imminent: true } }

        """
    }

    private static let known = "urgesViolence: true, reportsOrWarns: false"

    private static let card = """
        product: predictions
        title: Predictions
        summary: Estimates.
        intendedUses: [Planning.]
        outOfScopeUses: [Judging.]
        knownRisks: [{ risk: Unfair., safeguard: Tests. }]
        features:
          - { feature: training, summary: Learns., serves: [predict] }
          - { feature: scores, summary: Shows., serves: [read records], needs: [training] }
          - feature: export
            summary: Takes out everything.
            serves: [export everything]
            canBeWithheld: false

        """

    private static let registerRule = """
        rule: RR-01
        version: 1
        title: More mail
        text: Mail rose and no outreach is declared.
        finding: Drift
        result: clarify
        question: To whom do you write?
        when: |
          AND(riseMails >= 2, NOT(INCLUDES(declaredCategories, "Outreach")))
        effectiveFrom: 2026-03-01
        cases:
          - { case: Up, expect: clarify, features: { riseMails: 2, declaredCategories: Sales } }
          - { case: Same, expect: ok, features: { riseMails: 0, declaredCategories: Sales } }

        """
}

/// Midnight of a day in UTC.
func day(_ text: String) throws -> Instant {
    let days = try #require(CivilText.daysSinceEpoch(text))
    return Instant(milliseconds: Int64(days) * CivilDate.millisecondsPerDay)
}
