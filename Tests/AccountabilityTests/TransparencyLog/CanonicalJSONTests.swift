import Accountability
import Foundation
import Testing

/// The one way in which each value is written.
@Suite struct CanonicalJSONTests {
    private func text(_ value: CanonicalJSON) throws -> String {
        String(decoding: try value.bytes(), as: UTF8.self)
    }

    @Test("names are in the order of RFC 8785's example")
    func order() throws {
        // Source: RFC 8785, section 3.2.3.
        let value = CanonicalJSON.object([
            "\u{20ac}": .string("Euro Sign"),
            "\r": .string("Carriage Return"),
            "\u{fb33}": .string("Hebrew Letter Dalet With Dagesh"),
            "1": .string("One"),
            "\u{1f600}": .string("Emoji: Grinning Face"),
            "\u{80}": .string("Control"),
            "\u{f6}": .string("Latin Small Letter O With Diaeresis"),
        ])
        let values = try text(value).split(separator: "\"").enumerated()
            .filter { $0.offset % 4 == 3 }.map { String($0.element) }
        #expect(
            values == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
                "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ]
        )
        #expect(try CanonicalJSON(value.bytes()) == value)
    }

    @Test("strings are escaped as in RFC 8785's example")
    func strings() throws {
        // Source: RFC 8785, section 3.2.2.
        let value = CanonicalJSON.string("\u{20ac}$\u{f}\nA'B\"\\\\\"/")
        #expect(try text(value) == #""€$\u000f\nA'B\"\\\\\"/""#)
        let controls = (0..<0x20).compactMap { Unicode.Scalar($0) }.map(String.init).joined()
        let written = try CanonicalJSON.string(controls + "\u{7f}").bytes()
        #expect(try CanonicalJSON(written) == .string(controls + "\u{7f}"))
    }

    @Test("other values have no spaces, and whole numbers no other form")
    func values() throws {
        let value = CanonicalJSON.object([
            "b": .array([.null, .boolean(true), .boolean(false), .integer(-12), .integer(0)]),
            "a": .object([:]),
            "c": .array([]),
        ])
        #expect(try text(value) == #"{"a":{},"b":[null,true,false,-12,0],"c":[]}"#)
        #expect(try CanonicalJSON(value.bytes()) == value)
        let large = CanonicalJSON.integer(CanonicalJSON.integerMax)
        #expect(try text(large) == "9007199254740991")
        #expect(throws: LogFormatError.self) {
            try CanonicalJSON.integer(CanonicalJSON.integerMax + 1).bytes()
        }
    }

    @Test(
        "what is no JSON, or another form of it, is refused",
        arguments: [
            "", " 1", "1 ", "01", "-0", "1.0", "1e3", "+1", "nul", "tru", #""a"#, #""\/""#,
            #""\u0041""#, #""\u000A""#, #""\u000a""#, #""\x""#, "[1,]", "[,1]", "[1 ,2]", "[1",
            #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, #"{"a" :1}"#, #"{"a":1"#, #"{a:1}"#, "1 2",
            "9007199254740992", "99999999999999999999", "\u{feff}1", #""\ud83d\ude00""#,
        ]
    )
    func refused(_ text: String) {
        #expect(throws: LogFormatError.self) { try CanonicalJSON(Data(text.utf8)) }
    }

    @Test("bytes that are not UTF-8, and values nested too deep, are refused")
    func depth() throws {
        #expect(throws: LogFormatError.self) { try CanonicalJSON(Data([0x22, 0xff, 0x22])) }
        func nested(_ depth: Int) -> Data {
            Data((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try CanonicalJSON(nested(CanonicalJSON.depthMax))
        #expect(throws: LogFormatError.self) { try CanonicalJSON(nested(100_000)) }
    }
}
