import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What records are found by.
@Suite struct MatchKeyTests {
    private func rule(_ method: MatchingMethod, threshold: Int? = nil) throws -> MatchIndex {
        let text = """
            matchingRule: R
            object: Thing__c
            label: R
            matchingRuleItems:
              - fieldName: Name
                matchingMethod: \(method.rawValue)
                threshold: \(threshold ?? method.threshold)
            """
        let schema = try SchemaAssembler.assemble(
            [
                try PackageReader.read([
                    MetadataPackage.File(
                        path: "package.yaml",
                        text: "package: p\nlabel: P\nversion: 1.0.0\n"
                    ),
                    MetadataPackage.File(
                        path: "objects/User.yaml",
                        text: "object: User\nlabel: User\npluralLabel: Users\n"
                    ),
                    MetadataPackage.File(
                        path: "objects/Thing__c.yaml",
                        text: "object: Thing__c\nlabel: Thing\npluralLabel: Things\n"
                    ),
                    MetadataPackage.File(path: "matching-rules/R.yaml", text: text),
                ])
            ],
            prefixes: [:],
            version: 1
        )
        let object = try #require(schema.object("Thing__c"))
        return try #require(schema.matchIndexes(of: object).first)
    }

    private func values(_ index: MatchIndex, _ text: String) -> [MatchValue] {
        [
            MatchValue(
                text.isEmpty ? .null : .text(text),
                index.fields[0],
                index.rule.items[0].method
            )
        ]
    }

    /// Some words, and what is left of them after a few mistakes.
    private func pair(_ random: inout SeededRandom) -> (String, String) {
        let stems = [
            "Springfield", "Main Street 12", "Katherine", "Acme Tools", "5551234567", "02903-1234",
            "Head of Purchasing", "東京タワー", "Müller", "Bob", "North Works Ltd", "x",
        ]
        let one = stems[Int(random.next() % UInt64(stems.count))]
        var letters = Array(one)
        for _ in 0..<(random.next() % 3) where !letters.isEmpty {
            let place = Int(random.next() % UInt64(letters.count))
            switch random.next() % 3 {
            case 0: letters.remove(at: place)
            case 1: letters.insert("e", at: place)
            default: letters[place] = "a"
            }
        }
        return (one, String(letters))
    }

    @Test("likeness is symmetric, within 0 and 100", arguments: MatchingMethod.allCases)
    func symmetric(_ method: MatchingMethod) throws {
        let index = try rule(method)
        var random = SeededRandom(seed: 5)
        for _ in 0..<150 {
            let (one, other) = pair(&random)
            let (a, b) = (values(index, one), values(index, other))
            guard !a[0].isBlank, !b[0].isBlank else { continue }
            let likeness = a[0].likeness(b[0])
            #expect((0...100).contains(likeness), "\(one), \(other)")
            #expect(abs(likeness - b[0].likeness(a[0])) < 0.000_001, "\(one), \(other)")
            #expect(a[0].likeness(a[0]) == 100)
            #expect(index.keys(of: a) == index.keys(of: a))
            #expect(!index.keys(of: a).isEmpty)
        }
    }

    @Test(
        "what matches is found: the methods whose keys miss nothing",
        arguments: [
            MatchingMethod.exact, .email, .phone, .zip, .metaphone, .editDistance, .nGram, .city,
            .title,
        ]
    )
    func complete(_ method: MatchingMethod) throws {
        let index = try rule(method)
        var random = SeededRandom(seed: 9)
        var matches = 0
        for _ in 0..<700 {
            let (one, other) = pair(&random)
            let (a, b) = (values(index, one), values(index, other))
            guard index.confidence(a, b) != nil else { continue }
            matches += 1
            let shared = Set(index.keys(of: a)).intersection(index.keys(of: b))
            #expect(!shared.isEmpty, "\(one), \(other)")
        }
        #expect(matches > 30)
    }

    @Test(
        "the other methods find most",
        arguments: [
            MatchingMethod.firstName, .lastName, .companyName, .street, .jaroWinkler,
        ]
    )
    func nearlyComplete(_ method: MatchingMethod) throws {
        let index = try rule(method)
        var random = SeededRandom(seed: 13)
        var (matches, found) = (0, 0)
        for _ in 0..<700 {
            let (one, other) = pair(&random)
            let (a, b) = (values(index, one), values(index, other))
            guard index.confidence(a, b) != nil else { continue }
            matches += 1
            if !Set(index.keys(of: a)).isDisjoint(with: index.keys(of: b)) { found += 1 }
        }
        #expect(matches > 30)
        #expect(Double(found) >= 0.8 * Double(matches), "\(found) of \(matches)")
    }

    @Test("a logic is read, and its ways are what it needs")
    func logic() {
        let logic = FilterLogic.parse("1 AND (2 OR 3)", count: 3)
        #expect(logic?.ways(most: 8).map(Set.init) == [[0, 1], [0, 2]])
        for wrong in ["1 AND", "1 AND 4", "1 2", "(1 AND 2", "1 AND (2 OR 3))", "", "1 XOR 2"] {
            #expect(FilterLogic.parse(wrong, count: 3) == nil)
        }
        let deep = String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100)
        #expect(FilterLogic.parse(deep, count: 1) == nil)
        let wide = "(1 OR 2) AND (3 OR 4) AND (5 OR 6) AND (7 OR 8) AND (9 OR 10)"
        #expect(FilterLogic.parse(wide, count: 10)?.ways(most: 16) == nil)
    }
}
