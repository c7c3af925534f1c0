import Metadata
import TestSupport
import Testing

/// Decimals that never drift.
@Suite struct ExactDecimalTests {
    @Test(
        "a number's text is read exactly",
        arguments: [
            ("0", "0"), ("-12.50", "-12.50"), ("+3", "3"), (".5", "0.5"), ("1.5e3", "1500"),
            ("12e-2", "0.12"), ("007.10", "7.10"), ("999999999999999999", "999999999999999999"),
        ]
    )
    func read(text: String, printed: String) {
        #expect(ExactDecimal(text)?.description == printed)
    }

    @Test(
        "what is no number is none",
        arguments: ["", "-", ".", "1.2.3", "1e", "e5", "0x10", "1,5"]
    )
    func refused(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("a number with too many digits is none, rather than another number")
    func tooLong() {
        #expect(ExactDecimal("99999999999999999999999") == nil)
        #expect(ExactDecimal("1e30") == nil)
    }

    @Test(
        "half is rounded away from zero",
        arguments: [("1.005", 101), ("-1.005", -101), ("1.0049", 100)]
    )
    func rounding(text: String, digits: Int64) throws {
        let number = try #require(ExactDecimal(text))
        #expect(number.unscaled(at: 2) == digits)
    }

    @Test("text and number agree, and scales do not matter to equality", arguments: [1, 2, 3])
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let scale = Int.random(in: 0...9, using: &random)
            let digits = Int64.random(in: -999_999_999...999_999_999, using: &random)
            let number = ExactDecimal(unscaled: digits, scale: scale)
            #expect(ExactDecimal(number.description) == number)
            let wider = try #require(number.unscaled(at: scale + 4))
            #expect(ExactDecimal(unscaled: wider, scale: scale + 4) == number)
            #expect(number.exactly(at: scale) == digits)
        }
    }
}
