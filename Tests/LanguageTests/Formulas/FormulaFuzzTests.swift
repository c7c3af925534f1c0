import Foundation
import Language
import Metadata
import Testing

/// No formula and no record whatever make the language crash, and what is printed is what was read.
@Suite struct FormulaFuzzTests {
    /// A formula of every kind of value, from all functions, with extreme and blank arguments.
    private struct Maker {
        var chance: SeededGenerator

        private static let leaves: [String] = [
            "Text__c", "Number__c", "Percent__c", "Date__c", "Moment__c", "Time__c", "Flag__c",
            "Pick__c", "Many__c", "Parent__c", "Parent__r.Number__c", "Id", "NULL", "TRUE", "FALSE",
            "0", "1", "-1", "0.5", "7", "1e9", "99999999999999999999999999999999999999",
            "0.00000000000000000000000000000000001", "-9223372036854775808", "2147483648",
            "\"\"", "\"a\"", "\"ÄÖü😀\"", "'2024-02-29'", "'2026-11-23 10:00:00'", "'10:30:00.5'",
            "\"(a+)+$\"", "'9999-12-31'", "\"km\"", "\"A\"", "TODAY()", "NOW()", "TIMENOW()",
            "DATE(9999, 12, 31)", "DATE(1, 1, 1)", "$User.Name", "PI()",
        ]
        private static let operators = [
            "+", "-", "*", "/", "^", "&", "=", "<>", "!=", "==", "<", "<=", ">", ">=", "&&", "||",
        ]

        mutating func formula(_ depth: Int) -> String {
            guard depth > 0, !chance.once(in: 4) else { return chance.pick(Self.leaves) }
            switch chance.below(10) {
            case 0: return "(\(formula(depth - 1)))"
            case 1: return "-\(formula(depth - 1))"
            case 2: return "NOT(\(formula(depth - 1)))"
            case 3, 4:
                let operation = chance.pick(Self.operators)
                return "(\(formula(depth - 1)) \(operation) \(formula(depth - 1)))"
            case 5: return "IF(\(formula(depth - 1)), \(formula(depth - 1)), \(formula(depth - 1)))"
            default:
                let function = chance.pick(FormulaFunction.allCases)
                let count = chance.below(5)
                let arguments = (0..<count).map { _ in formula(depth - 1) }
                return "\(function.rawValue)(\(arguments.joined(separator: ", ")))"
            }
        }

        mutating func row() -> FormulaRow {
            let texts = ["", "a", "ÄÖü😀", String(repeating: "x", count: 3_000), "12", "-1e400"]
            let numbers: [Int64] = [
                0, 1, -1, 31, 999_999_999_999_999_999, -999_999_999_999_999_999,
            ]
            let days = [-719_162, 0, 19_782, 2_932_896]
            let moments: [Int64] = [-62_135_596_800_000, 0, 1_700_000_000_123, 253_402_300_799_999]
            var values: [String: FieldValue] = [:]
            func put(_ name: String, _ value: FieldValue, _ chance: inout SeededGenerator) {
                values[name] = chance.once(in: 4) ? .null : value
            }
            put("text__c", .text(chance.pick(texts)), &chance)
            for name in ["number__c", "percent__c", "parent__r.number__c"] {
                let scale = chance.pick([0, 2, 9, 18])
                let number = ExactDecimal(unscaled: chance.pick(numbers), scale: scale)
                put(name, .number(number), &chance)
            }
            put("date__c", .date(chance.pick(days)), &chance)
            put("moment__c", .dateTime(Instant(milliseconds: chance.pick(moments))), &chance)
            put("time__c", .time(chance.pick([0, 1, 86_399_999])), &chance)
            put("flag__c", .boolean(chance.once(in: 2)), &chance)
            put("pick__c", .text("A"), &chance)
            put("many__c", .text("A;B"), &chance)
            return FormulaRow(values: values, prior: values, isNew: chance.once(in: 2))
        }
    }

    private static let scope: FormulaScope = {
        let world = FormulaWorld()
        world.add("Thing__c", "Id", .id)
        world.add("Thing__c", "Text__c", .text(length: 255))
        world.add("Thing__c", "Number__c", .number(precision: 18, scale: 9))
        world.add("Thing__c", "Percent__c", .percent(precision: 18, scale: 2))
        world.add("Thing__c", "Date__c", .date)
        world.add("Thing__c", "Moment__c", .dateTime)
        world.add("Thing__c", "Time__c", .time)
        world.add("Thing__c", "Flag__c", .checkbox)
        world.add("Thing__c", "Pick__c", FormulaWorld.picklist(["A", "B"]))
        let values = ["A", "B"].map { Picklist.Value(name: $0, label: $0) }
        let picklist = Picklist(values: values, isRestricted: false)
        world.add("Thing__c", "Many__c", .multiselectPicklist(picklist))
        world.add("Thing__c", "Parent__c", FormulaWorld.lookup("Thing__c"))
        let schema = world.schema()
        var scope = FormulaScope(schema: schema, object: schema.object("Thing__c"))
        scope.hasPriorRecord = true
        return scope
    }()

    /// Reads, evaluates and prints a formula, as far as it goes.
    ///
    /// - Returns: whether it had its types.
    private func feed(_ text: String, _ rows: [FormulaRow]) -> Bool {
        do {
            let formula = try FormulaCompiler.compile(text, in: Self.scope)
            let again = try FormulaCompiler.compile(formula.root.text, in: Self.scope)
            #expect(again.root == formula.root, "\(text) is printed as \(formula.root.text)")
            for row in rows {
                let first = Result { try FormulaEvaluator().evaluate(formula, in: row) }
                let second = Result { try FormulaEvaluator().evaluate(again, in: row) }
                #expect(Self.same(first, second), "\(text)")
            }
            return true
        } catch {
            #expect(error.offset >= 0 && error.offset <= text.utf8.count, "\(text)")
            #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty, "\(text)")
            return false
        }
    }

    private static func same(
        _ a: Result<FormulaValue, any Error>,
        _ b: Result<FormulaValue, any Error>
    ) -> Bool {
        switch (a, b) {
        case (.success(let x), .success(let y)): x == y
        case (.failure(let x), .failure(let y)): "\(x)" == "\(y)"
        default: false
        }
    }

    @Test(
        "formulas of all functions have a value or a reason",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func generated(_ seed: UInt64) {
        var maker = Maker(chance: SeededGenerator(seed: seed))
        var typed = 0
        for _ in 0..<1_500 {
            let text = maker.formula(maker.chance.below(4) + 1)
            let rows = (0..<3).map { _ in maker.row() }
            if feed(text, rows) { typed += 1 }
        }
        #expect(typed > 100, "hardly any formula is well typed: the test has lost its subject")
    }

    @Test("mutated formulas are read or refused", arguments: 1...4 as ClosedRange<UInt64>)
    func mutated(_ seed: UInt64) {
        var maker = Maker(chance: SeededGenerator(seed: seed))
        for _ in 0..<800 {
            var bytes = Array(maker.formula(3).utf8)
            for _ in 0...maker.chance.below(4) where !bytes.isEmpty {
                let place = maker.chance.below(bytes.count)
                switch maker.chance.below(3) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &maker.chance)
                default: bytes.insert(UInt8.random(in: 0...255, using: &maker.chance), at: place)
                }
            }
            _ = feed(String(decoding: bytes, as: UTF8.self), [maker.row()])
        }
    }

    @Test(
        "a formula that is too deep or too long is refused, and one at the edge is not",
        arguments: ["(", "NOT(", "-", "IF(TRUE,", "1+", "1^", "\"a\"&", "TRUE&&"]
    )
    func deep(_ part: String) {
        for count in [10, 100, 1_000, 10_000, 100_000] {
            let text = String(repeating: part, count: count)
            _ = feed(text, [])
            let opened = part.contains("(")
            let end =
                part.contains("\"") ? "\"b\"" : part.contains("&&") || part == "NOT(" ? "TRUE" : "1"
            let tail = part == "IF(TRUE," ? ",1)" : opened ? ")" : ""
            _ = feed(text + end + String(repeating: tail, count: count), [FormulaRow()])
        }
    }
}
