import Accountability
import Metadata
import Testing

/// What the files say of a policy, beside what the log says of it.
@Suite struct PublishedPolicyTests {
    /// The log's entries of every version of a library, `change` applied to each content.
    private func published(
        _ library: PolicyLibrary,
        change: (inout [String: CanonicalJSON]) -> Void = { _ in }
    ) throws -> [PublicPolicy] {
        try library.documents.flatMap { document in
            try document.versions.map { version in
                var content = version.logContent(of: document)
                change(&content)
                return try PublicPolicy(content: content, index: 0)
            }
        }
    }

    @Test("what was published as it stands in the files has no discrepancy")
    func agree() throws {
        for library in [try PolicyFixture().read(), try ShippedPolicies.library()] {
            let entries = try published(library)
            #expect(library.discrepancies(with: entries, at: try day("2027-01-01")) == [])
        }
    }

    @Test("a version that the log does not tell of binds nobody; a draft need not be there")
    func missing() throws {
        let library = try PolicyFixture().read()
        #expect(
            library.discrepancies(with: [], at: try day("2026-03-15"))
                == ["conduct 2026-01 is not in the log: it binds nobody"]
        )
    }

    @Test("another text, other rules, other days and unknown versions are found")
    func differ() throws {
        let library = try PolicyFixture().read()
        let moment = try day("2026-01-02")
        let changes: [(String, CanonicalJSON, String)] = [
            ("digest", .string("00"), "the text is not the one"),
            ("rules", .array([.string("TST-01@9")]), "the rules are not those"),
            ("effectiveFrom", .string("2026-01-03T00:00:00.000Z"), "it begins on another day"),
            ("publishedAt", .string("2025-01-03T00:00:00.000Z"), "published on another day"),
            ("version", .string("1999-01"), "there is no file of it"),
        ]
        for (name, value, problem) in changes {
            let entries = try published(library) { $0[name] = value }
            let found = library.discrepancies(with: entries, at: moment)
            #expect(found.contains { $0.contains(problem) }, "\(found)")
        }
    }

    @Test("what the log does not tell of, or tells of otherwise, binds nobody")
    func binding() throws {
        let library = try PolicyFixture().read()
        let moment = try day("2026-07-01")
        let entries = try published(library)
        let bound = library.binding(by: entries)
        #expect(bound.document("conduct")?.inForce(at: moment)?.name == "2026-06")
        #expect(bound.objections(rule: "TST-01@2", kind: "channel", at: moment) == [])
        for some in [[], entries.filter { $0.version != "2026-06" }] {
            let objections = library.binding(by: some)
                .objections(rule: "TST-01@2", kind: "channel", at: moment)
            #expect(objections == ["rule: TST-01@2 is in no published policy"])
        }
        let other = try published(library) { $0["digest"] = .string("00") }
        #expect(library.binding(by: other).document("conduct")?.inForce(at: moment) == nil)
    }

    @Test("a founding text begins when the deployment published it, or when an org accepted it")
    func founding() throws {
        let library = try PolicyFixture().read()
        let document = try #require(library.document("conduct"))
        let version = try #require(document.version("2026-01"))
        let moment = try day("2026-02-10")
        for (hasOrgs, begin) in [(false, "2026-02-10"), (true, "2026-03-12")] {
            let calendar = version.calendar(publishedAt: moment, hasOrgs: hasOrgs)
            #expect(calendar.effectiveFrom == (try day(begin)))
            let entry = try PublicPolicy(
                content: version.with(calendar: calendar).logContent(of: document),
                index: 0
            )
            #expect(library.discrepancies(with: [entry], at: moment) == [])
            let bound = library.binding(by: [entry])
            let inForce = bound.document("conduct")?.inForce(at: try day("2026-02-20"))
            #expect((inForce == nil) == hasOrgs)
            let key = PolicyAcceptanceKey(document: "conduct", version: "2026-01")
            let accepted = library.binding(by: [entry], accepted: [key: try day("2026-02-15")])
            #expect(
                accepted.document("conduct")?.inForce(at: try day("2026-02-20"))?.name == "2026-01"
            )
        }
    }
}
