import Metadata
import Testing

/// What numbers are worth, to the last digit.
@Suite struct JSONNumberTests {
    private func number(_ literal: String) throws -> JSONNumber {
        try #require(try JSONParser.parse(literal).number)
    }

    @Test(
        "whole numbers are read as integers however they are written",
        arguments: [
            ("3", 3), ("3.0", 3), ("3e2", 300), ("-30e-1", -3), ("0.5e1", 5), ("0e999", 0),
            ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("-9223372036854775808.0", .min), ("3.5", nil), ("9223372036854775808", nil),
            ("1e19", nil), ("1e-1", nil), ("1e99999999999999999999", nil),
            ("1e-99999999999999999999", nil), ("0e99999999999999999999", 0),
        ] as [(String, Int64?)]
    )
    func integers(_ literal: String, _ expected: Int64?) throws {
        #expect(try number(literal).int64 == expected)
    }

    @Test(
        "decimals are scaled exactly or rounded half away from zero",
        arguments: [
            ("1.25", 2, 125, true), ("1.25", 1, 13, false), ("-1.25", 1, -13, false),
            ("1.24", 1, 12, false), ("0.05", 1, 1, false), ("0.04", 1, 0, false),
            ("0.005", 1, 0, false), ("100", 2, 10_000, true), ("1e-2", 2, 1, true),
            ("0.1", 18, 100_000_000_000_000_000, true), ("9.995", 2, 1_000, false),
            ("12345678901234567.89", 2, 1_234_567_890_123_456_789, true),
            ("0.000", 0, 0, true), ("1500", -3, 2, false), ("400", -3, 0, false),
        ] as [(String, Int, Int64, Bool)]
    )
    func scaled(_ literal: String, _ scale: Int, _ value: Int64, _ isExact: Bool) throws {
        let scaled = try #require(try number(literal).scaled(to: scale))
        #expect(scaled.value == value)
        #expect(scaled.isExact == isExact)
    }

    @Test("a decimal too large for its scale has no scaled value")
    func tooLarge() throws {
        #expect(try number("922337203685477581").scaled(to: 2) == nil)
        #expect(try number("1e9223372036854775807").scaled(to: .max) == nil)
        #expect(try number("9223372036854775807.5").scaled(to: 0) == nil)
    }

    @Test("binary numbers are the nearest; those too large have none")
    func doubles() throws {
        #expect(try number("0.1").double == 0.1)
        #expect(try number("1e999").double == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(2.5)?.literal == "2.5")
    }

    @Test("what is written as a decimal is read back exactly")
    func roundTrip() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2_000 {
            let bits = Int.random(in: 0...63, using: &random)
            let value = Int64(bitPattern: random.next()) >> bits
            let scale = Int.random(in: 0...18, using: &random)
            var bytes: [UInt8] = []
            bytes.appendDecimal(value, scale: scale)
            let scaled = try #require(
                try JSONParser.parse(bytes).number?.scaled(to: scale),
                "\(value) at \(scale)"
            )
            #expect(scaled == (value, true))
        }
    }
}
