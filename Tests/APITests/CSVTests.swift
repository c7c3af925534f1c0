import Metadata
import RESTAPI
import Testing

/// CSV as the Bulk API takes it and gives it.
@Suite struct CSVTests {
    private func rows(
        _ text: String,
        _ delimiter: CSVDelimiter = .comma,
        limits: CSVReader.Limits = CSVReader.Limits()
    ) throws -> [[String]] {
        try CSVReader.rows(of: Array(text.utf8), delimiter: delimiter, limits: limits)
    }

    @Test(
        "cells are read, quoted or not",
        arguments: [
            ("", []),
            ("Id,Name\n1,Ana\n", [["Id", "Name"], ["1", "Ana"]]),
            ("Id,Name\r\n1,Ana", [["Id", "Name"], ["1", "Ana"]]),
            ("\u{FEFF}\"Id\",Name\n,\n", [["Id", "Name"], ["", ""]]),
            ("a,b\n\"x \"\"y\"\"\",\"1,2\"\n", [["a", "b"], ["x \"y\"", "1,2"]]),
            ("a\n\"one\r\ntwo\n\"\n", [["a"], ["one\r\ntwo\n"]]),
            ("a\n\n\r\n1\n\"\"\n\n", [["a"], ["1"], [""]]),
            ("\"\"", [[""]]),
            ("a,", [["a", ""]]),
            ("Ａ,é😀\n", [["Ａ", "é😀"]]),
        ] as [(String, [[String]])]
    )
    func reading(_ text: String, _ expected: [[String]]) throws {
        #expect(try rows(text) == expected)
    }

    @Test("every delimiter separates, and the others are text", arguments: CSVDelimiter.allCases)
    func delimiters(_ delimiter: CSVDelimiter) throws {
        let all = CSVDelimiter.allCases.map { String(Unicode.Scalar($0.byte)) }
        let mine = String(Unicode.Scalar(delimiter.byte))
        let others = all.filter { $0 != mine }.joined()

        #expect(try rows("a\(mine)b\(others)\n", delimiter) == [["a", "b\(others)"]])
        #expect(CSVDelimiter(rawValue: delimiter.rawValue) == delimiter)
    }

    @Test(
        "what is not CSV is refused, with the place",
        arguments: [
            ("a,b\nx,y\"z\n", "a quote in an unquoted cell at [line:2, column:4]"),
            ("a\n\"x\"y\n", "text after the closing quote of a cell at [line:2, column:4]"),
            ("a\n\"x\n\ny", "the text ends inside a quoted cell at [line:4, column:2]"),
            ("a\rb", "a carriage return without a line feed at [line:1, column:3]"),
            ("a\r", "a carriage return without a line feed at [line:1, column:3]"),
            ("a,b\n1,2\n3\n", "a row with 1 cells where the first has 2 at [line:3, column:1]"),
            (
                "a,b\n\"1\n\",2\n3,4,5\n",
                "a row with more than the first row's 2 cells at [line:4, column:1]"
            ),
        ]
    )
    func refusals(_ text: String, _ message: String) {
        let failure = #expect(throws: CSVFailure.self) { try rows(text) }
        #expect(failure?.description == message)
    }

    @Test("bytes that are not UTF-8 are refused, even when two cells together would be")
    func invalidUTF8() {
        let failure = #expect(throws: CSVFailure.self) {
            try CSVReader.rows(of: [0x61, 0x0A, 0x62, 0x0A, 0xFF, 0x0A])
        }
        #expect(failure?.description == "cell 1 of the row is not UTF-8 at [line:3, column:1]")
        for bytes: [UInt8] in [[0xC3, 0x2C, 0xA9, 0x0A], [0xEF, 0xBB], [0xEF, 0x2C]] {
            #expect(throws: CSVFailure.self) { try CSVReader.rows(of: bytes) }
        }
    }

    @Test("cells, rows and columns are limited")
    func limits() throws {
        var limits = CSVReader.Limits()
        limits.cellBytesMax = 4
        limits.rowBytesMax = 6
        limits.columnCountMax = 3

        #expect(try rows("1234,12,\n", limits: limits) == [["1234", "12", ""]])
        for text in ["12345", "\"12345", "1234,123", "1,2,3,4", "\"1\"\"\"\"\"\"\"\"\"\n"] {
            let failure = #expect(throws: CSVFailure.self) { try rows(text, limits: limits) }
            #expect(failure?.kind == .limit, "\(text)")
        }
    }

    @Test("all cells are quoted, or only those that need it")
    func writing() {
        var all = CSVWriter(lineEnding: .carriageReturnLineFeed)
        var minimal = CSVWriter(delimiter: .semicolon, quoting: .minimal)
        for cells in [["Id", "a;b"], ["say \"hi\"", "two\nlines"], [" x", ""]] {
            all.row(cells)
            minimal.row(cells)
        }
        #expect(
            String(decoding: all.bytes, as: UTF8.self)
                == "\"Id\",\"a;b\"\r\n\"say \"\"hi\"\"\",\"two\nlines\"\r\n\" x\",\"\"\r\n"
        )
        #expect(
            String(decoding: minimal.bytes, as: UTF8.self)
                == "Id;\"a;b\"\n\"say \"\"hi\"\"\";\"two\nlines\"\n\" x\";\n"
        )
    }

    @Test("values are written as the Bulk API writes them")
    func values() {
        var writer = CSVWriter(quoting: .minimal)
        writer.null()
        writer.bool(true)
        writer.int(-5)
        writer.decimal(10_000, scale: 2)
        writer.double(0.5)
        writer.date(daysSinceEpoch: 0)
        writer.datetime(millisecondsSinceEpoch: 0)
        writer.time(millisecondsOfDay: 0)
        writer.endRow()
        #expect(
            String(decoding: writer.takeBytes(), as: UTF8.self)
                == ",true,-5,100.0,0.5,1970-01-01,1970-01-01T00:00:00.000Z,00:00:00.000Z\n"
        )
    }

    @Test("what is written is read back the same, however it is cut into chunks")
    func roundTrip() throws {
        var random = SeededRandom(seed: 11)
        for round in 0..<400 {
            let table = Self.table(using: &random)
            let delimiter = try #require(CSVDelimiter.allCases.randomElement(using: &random))
            var writer = CSVWriter(
                delimiter: delimiter,
                lineEnding: round.isMultiple(of: 2) ? .lineFeed : .carriageReturnLineFeed,
                quoting: round.isMultiple(of: 3) ? .all : .minimal
            )
            var written: [UInt8] = []
            for row in table {
                writer.row(row)
                if Bool.random(using: &random) { written += writer.takeBytes() }
            }
            written += writer.takeBytes()

            #expect(try CSVReader.rows(of: written, delimiter: delimiter) == table)
            #expect(try Self.inChunks(written, delimiter, using: &random) == table)
        }
    }

    @Test("mutated and random bytes are read or refused, alike in one piece and in chunks")
    func fuzz() {
        var random = SeededRandom(seed: 12)
        let alphabet: [UInt8] = Array("ab,\"\n\r\"\n,".utf8) + [0xEF, 0xBB, 0xBF, 0xC3]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            let whole = Result { try CSVReader.rows(of: bytes) }
            let parts = Result { try Self.inChunks(bytes, .comma, using: &random) }
            switch (whole, parts) {
            case (.success(let left), .success(let right)): #expect(left == right)
            case (.failure(let left as CSVFailure), .failure(let right as CSVFailure)):
                #expect(left == right, "\(bytes)")
                #expect(left.line >= 1 && left.column >= 1)
            default: Issue.record("\(bytes): \(whole) but in chunks \(parts)")
            }
        }
    }

    private static func inChunks(
        _ bytes: [UInt8],
        _ delimiter: CSVDelimiter,
        using random: inout SeededRandom
    ) throws -> [[String]] {
        var reader = CSVReader(delimiter: delimiter)
        var rows: [[String]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 0...5, using: &random))
            rest = rest.dropFirst(chunk.count)
            reader.feed(Array(chunk))
            // Sometimes the next chunk comes before this one is read.
            if Bool.random(using: &random) { continue }
            while try reader.next() { rows.append(reader.row.strings) }
        }
        reader.finish()
        while try reader.next() { rows.append(reader.row.strings) }
        return rows
    }

    private static func table(using random: inout SeededRandom) -> [[String]] {
        let alphabet = Array("ab ,;\t|^`\"\n\r\u{FEFF}é😀\u{0}").map(String.init) + ["\r\n"]
        let columns = Int.random(in: 1...5, using: &random)
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in
            (0..<columns).map { _ in
                (0..<Int.random(in: 0...8, using: &random)).map { _ in
                    alphabet[Int.random(in: alphabet.indices, using: &random)]
                }.joined()
            }
        }
    }
}
