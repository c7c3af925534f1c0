import Metadata
import Store
import Testing

@testable import StoreSQLite

/// SOQL's `LIKE`, beside a matcher that is obviously right.
@Suite struct LikePatternTests {
    private func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8).withUnsafeBufferPointer { LikePattern($0) }
        return text.withUnsafeBufferPointer { pattern.matches($0) }
    }

    /// The definition, tried in every way there is.
    private func matchesNaively(
        _ text: ArraySlice<Unicode.Scalar>,
        _ pattern: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        guard let sign = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch sign {
        case "%":
            return (0...text.count).contains { matchesNaively(text.dropFirst($0), rest) }
        case "_":
            return !text.isEmpty && matchesNaively(text.dropFirst(), rest)
        case "\\" where !rest.isEmpty:
            return text.first == rest.first
                && matchesNaively(text.dropFirst(), rest.dropFirst())
        default:
            return text.first == sign && matchesNaively(text.dropFirst(), rest)
        }
    }

    private func upperCased(_ text: String) -> ArraySlice<Unicode.Scalar> {
        ArraySlice(text.unicodeScalars.flatMap { $0.properties.uppercaseMapping.unicodeScalars })
    }

    @Test(
        "patterns mean what SOQL says",
        arguments: [
            ("Acme Corp", "acme%", true), ("Acme Corp", "%CORP", true),
            ("Acme Corp", "a_me c%p", true),
            ("Acme", "acme", true), ("Acme", "acm", false), ("", "", true), ("", "%", true),
            ("", "_", false), ("100%", "100\\%", true), ("1000", "100\\%", false),
            ("a_b", "a\\_b", true), ("axb", "a\\_b", false), ("a\\b", "a\\\\b", true),
            ("a\\", "a\\", true), ("Straße", "STRASSE", true), ("Straße", "stra__e", true),
            ("Ünïcode", "ü_Ï%", true), ("日本語", "_本_", true), ("日本語", "__", false),
            ("abcabcabd", "%abcabd", true), ("aXbXc", "a%x%c", true), ("ab", "%a%b%%", true),
        ]
    )
    func examples(_ text: String, _ pattern: String, _ expected: Bool) {
        #expect(matches(text, pattern) == expected)
    }

    @Test("the matcher agrees with the definition")
    func fuzz() {
        let letters: [Character] = ["a", "A", "b", "é", "É", "ß", "日", "😀"]
        let signs: [Character] = letters + ["%", "%", "_", "_", "\\"]
        var random = SeededRandom(seed: 4)
        for _ in 0..<40_000 {
            let text = String(
                (0..<Int.random(in: 0...9, using: &random)).map { _ in
                    (Bool.random(using: &random) ? letters : signs).randomElement(using: &random)
                        ?? "a"
                }
            )
            let pattern = String(
                (0..<Int.random(in: 0...7, using: &random)).map { _ in
                    signs.randomElement(using: &random) ?? "%"
                }
            )
            let expected = matchesNaively(upperCased(text), upperCased(pattern))
            guard matches(text, pattern) == expected else {
                Issue.record("`\(text)` LIKE `\(pattern)` should be \(expected)")
                return
            }
        }
    }

    @Test("a hostile pattern takes no longer than the text deserves")
    func noBlowUp() {
        let text = String(repeating: "a", count: 50_000)
        let clock = ContinuousClock()
        let elapsed = clock.measure {
            #expect(!matches(text, String(repeating: "%a", count: 500) + "%b"))
            #expect(!matches(text, "%" + String(repeating: "a", count: 2_000) + "b%"))
            #expect(!matches(text, String(repeating: "%_a", count: 100) + "b"))
        }
        #expect(elapsed < .seconds(5))
    }

    @Test("SQL: NULL stays NULL, numbers are text, and a column may be the pattern")
    func inSQL() throws {
        let connection = try SQLiteFixture().connection()
        let answer = try connection.all(
            """
            SELECT steward_like(NULL, '%') UNION ALL SELECT steward_like('a', NULL)
            UNION ALL SELECT steward_like(1234, '12%')
            UNION ALL SELECT steward_like(c.value, p.value)
                FROM json_each('["x","y"]') AS c, json_each('["X","_"]') AS p
            """
        ) { $0.value(0) }
        #expect(
            answer == [
                .null, .null, .integer(1), .integer(1), .integer(1), .integer(0), .integer(1),
            ]
        )
        let bound = try connection.all(
            "SELECT steward_like(value, ?) FROM json_each('[\"ab\",\"cd\",\"AE\"]')",
            [.text("a%")]
        ) { $0.int64(0) }
        #expect(bound == [1, 0, 1])
    }
}
