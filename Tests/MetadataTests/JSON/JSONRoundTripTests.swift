import Metadata
import Testing

/// What holds for any text: nothing is lost between writer and parser, and nothing makes them trap.
@Suite struct JSONRoundTripTests {
    @Test("what is written is read back the same", arguments: [false, true])
    func roundTrip(isPretty: Bool) throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<500 {
            let value = Self.value(depth: 4, using: &random)
            var writer = JSONWriter(isPretty: isPretty)
            writer.value(value)
            #expect(try JSONParser.parse(writer.bytes) == value)
        }
    }

    @Test("mutated texts are read or refused, with a place inside the text")
    func mutated() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<5_000 {
            var writer = JSONWriter()
            writer.value(Self.value(depth: 3, using: &random))
            var bytes = writer.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                Self.mutate(&bytes, using: &random)
            }
            Self.expectNoTrap(bytes)
        }
    }

    @Test("random bytes are read or refused")
    func random() {
        var random = SeededRandom(seed: 3)
        let alphabet = Array(#"{}[]",:\u/dD83ecE01.-+ truefalsn"#.utf8) + [0x0A, 0x80, 0xC3, 0xFF]
        for round in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                round.isMultiple(of: 2)
                    ? UInt8.random(in: 0...255, using: &random)
                    : alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            Self.expectNoTrap(bytes)
        }
    }

    @Test("what is well-formed UTF-8 is what the standard library takes for it")
    func utf8() {
        var random = SeededRandom(seed: 4)
        let notable: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
            0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<100_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                notable[Int.random(in: notable.indices, using: &random)]
            }
            let isValid = bytes.withUnsafeBytes { UTF8Check.firstInvalidOffset(in: $0) == nil }
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    private static func expectNoTrap(_ bytes: [UInt8]) {
        do throws(JSONParseFailure) {
            let value = try JSONParser.parse(bytes, depthMax: 16)
            _ = value.number?.int64
            _ = value.number?.scaled(to: 2)
        } catch {
            #expect((0...bytes.count).contains(error.offset))
            #expect(error.line >= 1 && error.column >= 1)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], using random: inout SeededRandom) {
        guard let place = bytes.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.removeSubrange(place...)
        }
    }

    private static func value(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 7 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int64(bitPattern: random.next())))
        case 3:
            let bits = Double(bitPattern: random.next())
            return JSONNumber(bits).map(JSONValue.number) ?? .null
        case 4, 5: return .string(string(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    value(depth: depth - 1, using: &random)
                }
            )
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in
                        JSONObject.Member(
                            name: string(using: &random),
                            value: value(depth: depth - 1, using: &random)
                        )
                    }
                )
            )
        }
    }

    private static func string(using random: inout SeededRandom) -> String {
        let ceilings: [UInt32] = [0x22, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &random) {
            let ceiling = ceilings[Int.random(in: ceilings.indices, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
