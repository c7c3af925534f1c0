import Metadata
import Testing

/// What the writer writes, byte by byte.
@Suite struct JSONWriterTests {
    private func written(
        isPretty: Bool = false,
        _ write: (inout JSONWriter) -> Void
    ) -> String {
        var writer = JSONWriter(isPretty: isPretty)
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static let subject: JSONKey = "Subject"

    private func writeCase(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(Self.subject)
        writer.string("Printer on fire")
        writer.key("Tags")
        writer.beginArray()
        writer.int(1)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.bool(false)
        writer.endArray()
        writer.key(Self.subject)
        writer.null()
        writer.endObject()
    }

    @Test("commas and colons are put where they belong")
    func structure() {
        #expect(
            written(writeCase)
                == #"{"Subject":"Printer on fire","Tags":[1,{},[],false],"Subject":null}"#
        )
    }

    @Test("pretty printing breaks lines and indents")
    func pretty() {
        #expect(
            written(isPretty: true, writeCase) == """
                {
                  "Subject": "Printer on fire",
                  "Tags": [
                    1,
                    {},
                    [],
                    false
                  ],
                  "Subject": null
                }
                """
        )
    }

    @Test("a key is prepared with its comma and colon, and escaped")
    func keys() {
        #expect(String(decoding: Self.subject.bytes, as: UTF8.self) == #","Subject":"#)
        #expect(String(decoding: JSONKey("a\"b").bytes, as: UTF8.self) == #","a\"b":"#)
    }

    @Test(
        "only what must be escaped is escaped",
        arguments: [
            ("", #""""#),
            ("a/b é 😀 \u{7F}\u{2028}", "\"a/b é 😀 \u{7F}\u{2028}\""),
            ("\"\\", #""\"\\""#),
            ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
            ("\u{0}\u{1F}\u{B}", #""\u0000\u001f\u000b""#),
            (
                "a long run of plain text\nand another one after",
                #""a long run of plain text\nand another one after""#
            ),
        ]
    )
    func strings(_ text: String, _ expected: String) {
        #expect(written { $0.string(text) } == expected)
    }

    @Test("an escape is found at every place of a word")
    func escapeAtEveryPlace() {
        for length in 1..<20 {
            for place in 0..<length {
                for (character, escaped) in [("\"", "\\\""), ("\\", "\\\\"), ("\u{1}", "\\u0001")] {
                    let before = String(repeating: "!", count: place)
                    let after = String(repeating: "é", count: length - place - 1)
                    #expect(
                        written { $0.string(before + character + after) }
                            == "\"" + before + escaped + after + "\""
                    )
                }
            }
        }
    }

    @Test(
        "integers are written whole",
        arguments: [0, 7, -7, 10, 1_234_567_890, Int64.max, Int64.min]
    )
    func integers(_ value: Int64) {
        #expect(written { $0.int(value) } == value.description)
    }

    @Test(
        "decimals have one decimal at least and no zeros after",
        arguments: [
            (100, 0, "100.0"), (12_500, 4, "1.25"), (10_000, 2, "100.0"), (-5, 1, "-0.5"),
            (5, 3, "0.005"), (0, 2, "0.0"), (-1, 18, "-0.000000000000000001"),
            (.max, 0, "9223372036854775807.0"), (.min, 0, "-9223372036854775808.0"),
            (.min, 18, "-9.223372036854775808"),
        ] as [(Int64, Int, String)]
    )
    func decimals(_ value: Int64, _ scale: Int, _ expected: String) {
        #expect(written { $0.decimal(value, scale: scale) } == expected)
    }

    @Test("what JSON cannot say is null")
    func unsayable() {
        #expect(
            written {
                $0.beginArray()
                $0.double(.nan)
                $0.double(-.infinity)
                $0.date(daysSinceEpoch: .max)
                $0.datetime(millisecondsSinceEpoch: .min)
                $0.time(millisecondsOfDay: -1)
                $0.time(millisecondsOfDay: 86_400_000)
                $0.endArray()
            } == "[null,null,null,null,null,null]"
        )
    }

    @Test("dates, datetimes and times have the forms of the API")
    func moments() {
        #expect(
            written {
                $0.beginArray()
                $0.date(daysSinceEpoch: 20_454)
                $0.datetime(millisecondsSinceEpoch: 1_767_225_600_000)
                $0.datetime(millisecondsSinceEpoch: -1, zone: .zulu)
                $0.time(millisecondsOfDay: 37_800_000)
                $0.double(0.1)
                $0.raw(Array("{}".utf8))
                $0.endArray()
            } == #"["2026-01-01","2026-01-01T00:00:00.000+0000","1969-12-31T23:59:59.999Z","#
                + #""10:30:00.000Z",0.1,{}]"#
        )
    }
}
