import Testing

@testable import Language

/// Arithmetic at the end of what 38 digits hold.
@Suite struct FormulaNumberTests {
    private func number(_ text: String) throws -> FormulaNumber {
        try #require(FormulaNumber(text))
    }

    @Test("a product does not depend on zeros at the end of a factor")
    func trailingZeros() throws {
        let part = try number("7").divided(by: number("3"))
        #expect(try part.multiplied(by: number("3")) == part.multiplied(by: number("3.00")))
    }

    @Test("what is multiplied by one is the same to its last digit")
    func timesOne() throws {
        let part = try number("2").divided(by: number("3"))
        for one in ["1", "1.000"] {
            #expect(try part.multiplied(by: number(one)) == part)
            #expect(try number(one).multiplied(by: part) == part)
        }
        #expect(try part.multiplied(by: number("-1")) == part.negated)
    }

    @Test("of two numbers that differ, exactly one is less, however near they are")
    func nearNumbers() throws {
        let nines = try number(String(repeating: "9", count: 38))
        let power = try number("10000000000000000000")
        let next = try power.multiplied(by: power)
        #expect(nines < next)
        #expect(!(next < nines))
        #expect(nines != next)
        let below = try number("-1").multiplied(by: nines)
        let least = try number("-1").multiplied(by: next)
        #expect(least < below)
        #expect(!(below < least))
        #expect(below < nines)
    }

    @Test("a sum of more than 38 digits keeps its carry")
    func carry() throws {
        let nines = try number(String(repeating: "9", count: 38))
        let expected = try number("20000000000000000000")
            .multiplied(by: number("10000000000000000000"))
        #expect(try nines.adding(nines) == expected)
    }
}
