import Metadata
import Store
import Testing

@testable import StoreSQLite

/// The collation and its key.
@Suite struct TextFoldingTests {
    private func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { TextFolding.compare(left, $0).signum() }
        }
    }

    private func key(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { TextFolding.withFolded($0) { Array($0) } }
    }

    private static let letters: [String] = [
        "a", "A", "z", "Z", "_", "%", "\\", " ", "0", "é", "É", "ß", "ẞ", "S", "s", "ſ", "ı", "İ",
        "i", "I", "Σ", "σ", "ς", "ff", "ŉ", "ΐ", "ǆ", "ǅ", "Ǆ", "中", "한", "😀", "𐐨", "𐐀", "\u{301}",
        "ა", "Ა",
    ]

    private func randomText(_ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            if Int.random(in: 0..<20, using: &random) == 0 {
                bytes.append(UInt8.random(in: 0x80...0xFF, using: &random))
            } else {
                bytes += Array(
                    Self.letters[Int.random(in: 0..<Self.letters.count, using: &random)].utf8
                )
            }
        }
        return bytes
    }

    @Test("every character's key is its upper-case mapping, short, and its own key")
    func allCharacters() {
        // All planes that have letters; the rest is ideographs and private use.
        for value in UInt32(0)..<0x2_0000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            let expected = Array(scalar.properties.uppercaseMapping.utf8)
            let key = key(bytes)
            guard
                key == expected, !key.isEmpty, key.count <= 6,
                key.count <= bytes.count * TextFolding.greatestGrowth, self.key(key) == key
            else {
                Issue.record("U+\(String(value, radix: 16)) has the key \(key)")
                return
            }
        }
    }

    @Test("texts compare as their keys do, whatever they hold")
    func orderOfKeys() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<50_000 {
            let (left, right) = (randomText(&random), randomText(&random))
            let (leftKey, rightKey) = (key(left), key(right))
            let expected =
                leftKey == rightKey ? 0 : leftKey.lexicographicallyPrecedes(rightKey) ? -1 : 1
            guard compare(left, right) == expected, compare(right, left) == -expected else {
                Issue.record("\(left) and \(right)")
                return
            }
        }
    }

    @Test("the order is total: reflexive, and transitive over every three")
    func totalOrder() {
        var random = SeededRandom(seed: 2)
        let texts = (0..<60).map { _ in randomText(&random) }
        for one in texts {
            #expect(compare(one, one) == 0)
            for two in texts where compare(one, two) <= 0 {
                for three in texts where compare(two, three) <= 0 {
                    if compare(one, three) > 0 { Issue.record("\(one), \(two), \(three)") }
                }
            }
        }
    }

    @Test("SQL sees the same: equality, order, uniqueness, and an index over the key")
    func inSQL() throws {
        let fixture = try SQLiteFixture()
        let connection = try fixture.connection()
        func truth(_ sql: String) throws -> Bool? {
            try connection.one("SELECT \(sql)") { $0.int64(0) == 1 }
        }
        #expect(try truth("'straße' = 'STRASSE' COLLATE STEWARD") == true)
        #expect(try truth("'Müller' = 'MÜLLER' COLLATE STEWARD") == true)
        #expect(try truth("'Muller' = 'MÜLLER' COLLATE STEWARD") == false)
        #expect(try truth("steward_fold('Οδυσσεύς') = 'ΟΔΥΣΣΕΎΣ'") == true)
        #expect(try truth("steward_fold(NULL) IS NULL") == true)
        #expect(try truth("steward_fold('') = ''") == true)

        var random = SeededRandom(seed: 3)
        for id in 1...300 {
            let name = String(decoding: randomText(&random), as: UTF8.self)
            try connection.execute(
                "INSERT OR IGNORE INTO Thing VALUES (?, ?, NULL, ?)",
                [.integer(Int64(id)), .text(name), .integer(Int64(id))]
            )
        }
        let byCollation = try connection.all("SELECT Id FROM Thing ORDER BY Name, Id") {
            $0.int64(0)
        }
        let byKey = try connection.all(
            "SELECT Id FROM Thing ORDER BY steward_fold(Name) COLLATE BINARY, Id"
        ) { $0.int64(0) }
        #expect(byCollation == byKey)
        try connection.execute("CREATE INDEX ThingKey ON Thing (steward_fold(Name))")
        #expect(try connection.integrityProblems(thorough: true).isEmpty)
    }
}
