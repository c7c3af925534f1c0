import Accountability
import Foundation
import Language
import Metadata
import Testing

/// The language of rules: small, total, and never sure of what is not known.
@Suite struct PredicateTests {
    private let vocabulary: [String: FeatureKind] = [
        "hurts": .flag, "warned": .flag, "near": .flag, "grave": .level(0...4),
        "many": .level(0...5), "matter": .code(["vote", "work", "home"]),
        "seen": .codes(["health", "place"]),
    ]

    private func predicate(_ text: String) throws -> PolicyPredicate {
        try PolicyPredicate(text, over: vocabulary)
    }

    private func message(_ text: String) -> String {
        do {
            _ = try PolicyPredicate(text, over: vocabulary)
            return "taken"
        } catch { return error.message }
    }

    @Test("unknown is neither true nor false, and its negation is unknown too")
    func unknown() throws {
        #expect(try predicate("hurts").truth(of: [:]) == .unknown)
        #expect(try predicate("NOT(hurts)").truth(of: [:]) == .unknown)
        #expect(try predicate("OR(hurts, NOT(hurts))").truth(of: [:]) == .unknown)
    }

    @Test("what the rest decides is decided, whatever is unknown")
    func decided() throws {
        let facts: [String: FeatureValue] = ["hurts": .flag(true), "warned": .flag(false)]
        #expect(try predicate("OR(near, hurts)").truth(of: facts) == .yes)
        #expect(try predicate("AND(near, warned)").truth(of: facts) == .no)
        #expect(try predicate("AND(near, hurts)").truth(of: facts) == .unknown)
        #expect(try predicate("IF(near, hurts, hurts)").truth(of: facts) == .yes)
        #expect(try predicate("IF(near, hurts, warned)").truth(of: facts) == .unknown)
    }

    @Test("that there are no codes is known; that nobody looked is not")
    func noCodes() throws {
        let none = try predicate("ISBLANK(seen)")
        #expect(none.truth(of: ["seen": .codes([])]) == .yes)
        #expect(none.truth(of: ["seen": .codes(["place"])]) == .no)
        #expect(none.truth(of: [:]) == .unknown)
        let health = try predicate("INCLUDES(seen, \"health\")")
        #expect(health.truth(of: ["seen": .codes(["health", "place"])]) == .yes)
        #expect(health.truth(of: ["seen": .codes([])]) == .no)
    }

    @Test(
        "what is no comparison of a fact with a constant is refused",
        arguments: [
            "ISBLANK(hurts)", "LEN(matter) > 2", "grave = many", "TODAY() > DATE(2026, 1, 1)",
            "CONTAINS(matter, \"v\")", "grave + 1 > 2", "4 > grave",
            "CASE(matter, \"vote\", TRUE, FALSE)", "REGEX(matter, \"v.*\")",
        ]
    )
    func refused(_ text: String) {
        #expect(message(text).hasPrefix("a rule is made of"), "\(text): \(message(text))")
    }

    @Test("a constant that a fact never has is refused, with what was meant")
    func constants() {
        #expect(
            message("matter = \"vot\"")
                == "`matter` is never `vot` (did you mean `vote`?): it is one of vote, work, home"
        )
        #expect(message("grave >= 9").contains("a whole number from 0 to 4"))
        #expect(message("IN(matter, \"vote\", \"moon\")").contains("`moon`"))
        #expect(message("hurtz").contains("did you mean `hurts`?"))
    }

    @Test("no rule can read a record, a user or a setting")
    func closed() {
        for name in ["$User.Id", "Account.Name", "$Organization.Name", "$Setup.A__c.B__c"] {
            #expect(message("\(name) = \"x\"") != "taken")
        }
    }

    @Test("any predicate has a result for any facts, and ends", arguments: 0..<8)
    func total(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 4_100 + seed)
        for _ in 0..<150 {
            let text = RandomPredicate.text(over: vocabulary, depth: 5, using: &random)
            let predicate = try predicate(text)
            for _ in 0..<10 {
                let facts = RandomPredicate.facts(of: vocabulary, using: &random)
                #expect(predicate.truth(of: facts) == predicate.truth(of: facts))
            }
            #expect(predicate.truth(of: [:]) == .unknown, "\(text)")
        }
    }

    @Test("facts of a wrong kind are not known, and end nothing", arguments: 0..<4)
    func wrongKinds(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 5_200 + seed)
        let wrong: [FeatureValue] = [
            .codes(["x"]), .code("x;y"), .level(Int.max), .level(Int.min), .flag(true), .code(""),
        ]
        for _ in 0..<150 {
            let predicate = try predicate(
                RandomPredicate.text(over: vocabulary, depth: 4, using: &random)
            )
            let facts = vocabulary.mapValues { _ in wrong.randomElement(using: &random) ?? .level(0)
            }
            _ = predicate.truth(of: facts)
        }
        #expect(try predicate("hurts").truth(of: ["hurts": .level(1)]) == .unknown)
    }

    @Test("what is decided stays so, whatever else becomes known", arguments: 0..<8)
    func information(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 6_300 + seed)
        for _ in 0..<200 {
            let text = RandomPredicate.text(over: vocabulary, depth: 4, using: &random)
            let predicate = try predicate(text)
            let all = RandomPredicate.facts(of: vocabulary, known: 1, using: &random)
            let some = all.filter { _ in Bool.random(using: &random) }
            let before = predicate.truth(of: some)
            if before != .unknown { #expect(before == predicate.truth(of: all), "\(text)") }
        }
    }

    @Test("with every fact known it says what the formula engine says", arguments: 0..<8)
    func engine(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 7_400 + seed)
        var scope = FormulaScope(schema: OrgSchema(version: 0, objects: []), object: nil)
        for (name, kind) in vocabulary {
            let type: FormulaType =
                switch kind {
                case .flag: .boolean
                case .level: .number
                case .code: .text
                case .codes: .multiselect
                }
            scope.variables[name] = .value(type)
        }
        for _ in 0..<200 {
            let text = RandomPredicate.text(over: vocabulary, depth: 4, using: &random)
            let facts = RandomPredicate.facts(of: vocabulary, known: 1, using: &random)
            let formula = try FormulaCompiler.compile(text, in: scope)
            let holds = try FormulaEvaluator().isTrue(formula, in: FactContext(facts: facts))
            #expect(try predicate(text).truth(of: facts) == ThreeValued(holds), "\(text) \(facts)")
        }
    }

    @Test("the direction that is proved is the direction that is seen", arguments: 0..<8)
    func direction(_ seed: UInt64) throws {
        var random = SeededRandom(seed: 8_500 + seed)
        for _ in 0..<200 {
            let text = RandomPredicate.text(over: vocabulary, depth: 4, using: &random)
            let predicate = try predicate(text)
            let facts = RandomPredicate.facts(of: vocabulary, using: &random)
            for (name, kind) in vocabulary where !kind.rising.isEmpty {
                let seen = kind.rising.map { value in
                    predicate.truth(of: facts.merging([name: value]) { _, other in other }).rawValue
                }
                switch predicate.tree.direction(of: name) {
                case .absent: #expect(Set(seen).count == 1)
                case .rising: #expect(seen == seen.sorted(), "\(text): \(name)")
                case .falling: #expect(seen == seen.sorted(by: >), "\(text): \(name)")
                case .mixed: break
                }
            }
        }
    }
}

/// Every fact at once, for the engine.
private struct FactContext: FormulaContext {
    let facts: [String: FeatureValue]

    var isNew: Bool { false }
    var now: Instant { Instant(milliseconds: 0) }
    var timeZone: TimeZone { .gmt }

    func value(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue { .null }

    func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
        switch facts[name] {
        case .flag(let flag): .boolean(flag)
        case .level(let level): .number(ExactDecimal(unscaled: Int64(level), scale: 0))
        case .code(let code): .text(code)
        case .codes(let codes):
            codes.isEmpty ? .null : .text(codes.sorted().joined(separator: ";"))
        case nil: .null
        }
    }
}

/// Predicates and facts by chance.
enum RandomPredicate {
    static func text(
        over vocabulary: [String: FeatureKind],
        depth: Int,
        using random: inout SeededRandom
    ) -> String {
        func part() -> String { text(over: vocabulary, depth: depth - 1, using: &random) }
        guard depth > 0, Int.random(in: 0..<5, using: &random) > 0 else {
            return atom(over: vocabulary, using: &random)
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "NOT(\(part()))"
        case 1: return "AND(\(part()), \(part()), \(part()))"
        case 2: return "OR(\(part()), \(part()))"
        case 3: return "IF(\(part()), \(part()), \(part()))"
        default: return "(\(part()) && \(part()))"
        }
    }

    private static func atom(
        over vocabulary: [String: FeatureKind],
        using random: inout SeededRandom
    ) -> String {
        let all = vocabulary.sorted { $0.key < $1.key }
        let (name, kind) = all[Int.random(in: 0..<all.count, using: &random)]
        switch kind {
        case .flag:
            let forms = [name, "\(name) = TRUE", "\(name) = FALSE", "\(name) <> TRUE"]
            return forms[Int.random(in: 0..<forms.count, using: &random)]
        case .level(let range):
            let signs = ["=", "<>", "<", "<=", ">", ">="]
            let sign = signs[Int.random(in: 0..<signs.count, using: &random)]
            return "\(name) \(sign) \(Int.random(in: range, using: &random))"
        case .code(let known):
            let code = known[Int.random(in: 0..<known.count, using: &random)]
            let forms = [
                "\(name) = \"\(code)\"", "\(name) <> \"\(code)\"", "IN(\(name), \"\(code)\")",
            ]
            return forms[Int.random(in: 0..<forms.count, using: &random)]
        case .codes(let known):
            let code = known[Int.random(in: 0..<known.count, using: &random)]
            return Bool.random(using: &random)
                ? "INCLUDES(\(name), \"\(code)\")" : "ISBLANK(\(name))"
        }
    }

    /// - Parameter known: the share of facts that has a value.
    static func facts(
        of vocabulary: [String: FeatureKind],
        known: Double = 0.6,
        using random: inout SeededRandom
    ) -> [String: FeatureValue] {
        var facts: [String: FeatureValue] = [:]
        for (name, kind) in vocabulary.sorted(by: { $0.key < $1.key }) {
            guard Double.random(in: 0..<1, using: &random) < known else { continue }
            facts[name] = kind.values.randomElement(using: &random)
        }
        return facts
    }
}
