import Metadata
import Testing

/// What the parser makes of JSON text, by the letter of RFC 8259.
@Suite struct JSONParserTests {
    @Test("every kind of value is read")
    func kinds() throws {
        let text = #" { "a" : [ null , true, false ] ,"b":-1.50e+2,"c":"x","d":{},"e":[] } "#
        let value = try JSONParser.parse(text)

        #expect(value["a"] == [.null, true, false])
        #expect(value["b"]?.number?.literal == "-1.50e+2")
        #expect(value["c"] == "x")
        #expect(value["d"] == [:])
        #expect(value["e"] == .array([]))
        #expect(value.object?.members.map(\.name) == ["a", "b", "c", "d", "e"])
    }

    @Test(
        "numbers keep their text",
        arguments: ["0", "-0", "10", "0.10", "1e5", "1E-05", "123456789012345678901234567890.5"]
    )
    func numbers(_ literal: String) throws {
        #expect(try JSONParser.parse(literal).number?.literal == literal)
    }

    @Test("of a name that occurs twice the last counts, and both are kept")
    func duplicates() throws {
        let object = try #require(try JSONParser.parse(#"{"A":1,"b":2,"a":3,"A":4}"#).object)

        #expect(object["A"] == 4)
        #expect(object["a"] == 3)
        #expect(object["B"] == nil)
        #expect(object[ignoringCase: "B"] == 2)
        #expect(object[ignoringCase: "a"] == 4)
        #expect(object.members.count == 4)
    }

    @Test(
        "escapes are read",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\u20AC\u0000""#, "é€\u{0}"),
            (#""a\uD83D\uDE00b""#, "a😀b"),
            (
                #""naïve 😀 plain, long enough for whole words""#,
                "naïve 😀 plain, long enough for whole words"
            ),
            (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"),
        ]
    )
    func escapes(_ text: String, _ expected: String) throws {
        #expect(try JSONParser.parse(text).string == expected)
    }

    @Test(
        "what is not JSON is refused, with what was expected and where",
        arguments: [
            ("", "expected a value but found the end of the text at [line:1, column:1]"),
            ("nul", "expected a value but found `n` at [line:1, column:1]"),
            ("[1,]", "expected a value but found `]` at [line:1, column:4]"),
            ("[1 2]", "expected `,` or `]` but found `2` at [line:1, column:4]"),
            ("[1", "expected `,` or `]` but found the end of the text at [line:1, column:3]"),
            ("{a:1}", "expected a quoted name or `}` but found `a` at [line:1, column:2]"),
            (#"{"a":1,}"#, "expected a quoted name but found `}` at [line:1, column:8]"),
            (#"{"a" 1}"#, "expected `:` but found `1` at [line:1, column:6]"),
            ("{\n  \"é\": 1,\n  \"b\" }", "expected `:` but found `}` at [line:3, column:7]"),
            (#"{"é":x}"#, "expected a value but found `x` at [line:1, column:6]"),
            ("01", "expected the end of the text but found `1` at [line:1, column:2]"),
            ("-", "expected a digit but found the end of the text at [line:1, column:2]"),
            ("1.", "expected a digit but found the end of the text at [line:1, column:3]"),
            (".5", "expected a value but found `.` at [line:1, column:1]"),
            ("1e+", "expected a digit but found the end of the text at [line:1, column:4]"),
            ("+1", "expected a value but found `+` at [line:1, column:1]"),
            ("NaN", "expected a value but found `N` at [line:1, column:1]"),
            ("1 1", "expected the end of the text but found `1` at [line:1, column:3]"),
            (
                "\"a",
                "expected `\"`, the end of the string but found the end of the text"
                    + " at [line:1, column:3]"
            ),
            (
                "\"a\tb\"",
                "expected a control character to be escaped but found the byte 0x09"
                    + " at [line:1, column:3]"
            ),
            (
                #""\x""#,
                "expected one of `\"\\/bfnrtu` after the backslash but found `x`"
                    + " at [line:1, column:3]"
            ),
            (#""\u12g4""#, "expected four hexadecimal digits but found `g` at [line:1, column:6]"),
            (#""\ud83d""#, "expected a whole surrogate pair but found `\\` at [line:1, column:2]"),
            (#""\ud83dx""#, "expected a whole surrogate pair but found `\\` at [line:1, column:2]"),
            (#""\ude00""#, "expected a whole surrogate pair but found `\\` at [line:1, column:2]"),
            (
                #""\ud83d\u0041""#,
                "expected a whole surrogate pair but found `\\` at [line:1, column:2]"
            ),
        ]
    )
    func refusals(_ text: String, _ message: String) {
        let failure = #expect(throws: JSONParseFailure.self) { try JSONParser.parse(text) }
        #expect(failure?.description == message)
    }

    @Test(
        "bytes that are not UTF-8 are refused where they stand",
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22], [0x22, 0xFF, 0x22],
            [0x22, 0xC3, 0x5C, 0x75, 0x30, 0x30, 0x61, 0x39, 0x22],
        ] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) {
        let failure = #expect(throws: JSONParseFailure.self) { try JSONParser.parse(bytes) }
        #expect(failure?.kind == .encoding)
        #expect(failure?.offset == 1)
    }

    @Test("a byte order mark at the start is passed over")
    func byteOrderMark() throws {
        #expect(try JSONParser.parse([0xEF, 0xBB, 0xBF, 0x31]) == 1)
    }

    @Test("nesting is limited, to 128 unless told otherwise")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(128))
        _ = try JSONParser.parse(nested(3), depthMax: 3)

        let failure = #expect(throws: JSONParseFailure.self) { try JSONParser.parse(nested(129)) }
        #expect(failure?.kind == .depth)
        #expect(throws: JSONParseFailure.self) {
            try JSONParser.parse(#"{"a":{"b":[1]}}"#, depthMax: 2)
        }
        #expect(throws: JSONParseFailure.self) {
            try JSONParser.parse(String(repeating: "[", count: 1_000_000))
        }
    }

    @Test("siblings do not count as depth")
    func siblings() throws {
        _ = try JSONParser.parse("[[],[],[[]],{}]", depthMax: 3)
    }
}
