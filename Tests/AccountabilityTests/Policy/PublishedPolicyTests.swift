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
}
