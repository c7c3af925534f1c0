/// Reads JSON text by the letter of RFC 8259.
///
/// Trailing commas, comments, unquoted names, numbers like `01` or `.5`, control characters in
/// strings, bytes that are not UTF-8 and halves of surrogate pairs are all refused. A byte order
/// mark at the start is passed over, as the RFC permits. How long a text may be is for the caller
/// to limit.
package struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private let depthMax: Int
    private var offset = 0
    private var depth = 0

    /// How deep arrays and objects may be nested unless the caller says otherwise.
    package static let depthMaxDefault = 128

    private init(_ bytes: UnsafeRawBufferPointer, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// Reads one JSON text whole, from UTF-8 with nothing after the value but blanks.
    ///
    /// At most `depthMax` arrays and objects may be open at once. Each takes some hundred bytes of
    /// stack.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer,
        depthMax: Int = depthMaxDefault
    ) throws(JSONParseFailure) -> JSONValue {
        var parser = JSONParser(bytes, depthMax: depthMax)
        return try parser.text()
    }

    /// Reads one JSON text whole, from UTF-8 with nothing after the value but blanks.
    package static func parse(
        _ bytes: [UInt8],
        depthMax: Int = depthMaxDefault
    ) throws(JSONParseFailure) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONParseFailure) -> JSONValue in
            try parse(UnsafeRawBufferPointer(buffer), depthMax: depthMax)
        }
    }

    /// Reads one JSON text whole, with nothing after the value but blanks.
    package static func parse(
        _ text: String,
        depthMax: Int = depthMaxDefault
    ) throws(JSONParseFailure) -> JSONValue {
        try parse(Array(text.utf8), depthMax: depthMax)
    }
}

// MARK: Values

extension JSONParser {
    private mutating func text() throws(JSONParseFailure) -> JSONValue {
        skipByteOrderMark()
        skipBlanks()
        let value = try value(expecting: "a value")
        skipBlanks()
        guard offset == bytes.count else { throw failure("the end of the text") }
        return value
    }

    private mutating func value(expecting expected: String) throws(JSONParseFailure) -> JSONValue {
        guard offset < bytes.count else { throw failure(expected) }
        switch bytes[offset] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true), expecting: expected)
        case UInt8(ascii: "f"): return try word("false", .bool(false), expecting: expected)
        case UInt8(ascii: "n"): return try word("null", .null, expecting: expected)
        default: throw failure(expected)
        }
    }

    private mutating func object() throws(JSONParseFailure) -> JSONObject {
        try open()
        var members: [JSONObject.Member] = []
        if take("}") { return close(JSONObject()) }
        repeat {
            skipBlanks()
            guard peek("\"") else {
                throw failure(members.isEmpty ? "a quoted name or `}`" : "a quoted name")
            }
            let name = try string()
            skipBlanks()
            guard take(":") else { throw failure("`:`") }
            skipBlanks()
            let value = try value(expecting: "a value")
            members.append(JSONObject.Member(name: name, value: value))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw failure("`,` or `}`") }
        return close(JSONObject(members))
    }

    private mutating func array() throws(JSONParseFailure) -> [JSONValue] {
        try open()
        var elements: [JSONValue] = []
        if take("]") { return close(elements) }
        repeat {
            skipBlanks()
            elements.append(
                try value(expecting: elements.isEmpty ? "a value or `]`" : "a value")
            )
            skipBlanks()
        } while take(",")
        guard take("]") else { throw failure("`,` or `]`") }
        return close(elements)
    }

    /// Steps into an array or object, up to its first element or end.
    private mutating func open() throws(JSONParseFailure) {
        guard depth < depthMax else {
            throw failure("at most \(depthMax) levels of nesting", kind: .depth)
        }
        depth += 1
        offset += 1
        skipBlanks()
    }

    private mutating func close<Value>(_ value: Value) -> Value {
        depth -= 1
        return value
    }

    private mutating func word(
        _ word: StaticString,
        _ value: JSONValue,
        expecting expected: String
    ) throws(JSONParseFailure) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard bytes.count - offset >= length,
            (0..<length).allSatisfy({ bytes[offset + $0] == word.utf8Start[$0] })
        else { throw failure(expected) }
        offset += length
        return value
    }

    private mutating func number() throws(JSONParseFailure) -> JSONNumber {
        let start = offset
        _ = take("-")
        // A leading zero stands alone.
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let literal = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        return JSONNumber(checked: String(decoding: literal, as: UTF8.self))
    }

    private mutating func digits() throws(JSONParseFailure) {
        let start = offset
        while offset < bytes.count, bytes[offset] &- 0x30 < 10 { offset += 1 }
        guard offset > start else { throw failure("a digit") }
    }
}

// MARK: Strings

extension JSONParser {
    /// Takes a string, beginning at its opening quote.
    private mutating func string() throws(JSONParseFailure) -> String {
        offset += 1
        let start = offset
        skipPlainText()
        guard peek("\"") else { return try stringWithEscapes(from: start) }
        let text = try decoded(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), at: start)
        offset += 1
        return text
    }

    /// Takes the rest of a string whose first run of plain text, from `start`, ended early.
    private mutating func stringWithEscapes(from start: Int) throws(JSONParseFailure) -> String {
        var runStart = start
        var unescaped: [UInt8] = []
        while true {
            // Each run is checked by itself: an escape never completes a cut-off sequence.
            let run = UnsafeRawBufferPointer(rebasing: bytes[runStart..<offset])
            try checkUTF8(run, at: runStart)
            unescaped.append(contentsOf: run)
            guard offset < bytes.count else { throw failure("`\"`, the end of the string") }
            if take("\"") { break }
            guard take("\\") else { throw failure("a control character to be escaped") }
            try escape(into: &unescaped)
            runStart = offset
            skipPlainText()
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    private mutating func skipPlainText() {
        while bytes.count - offset >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if JSONWord.hasSpecialByte(word) { break }
            offset += 8
        }
        while offset < bytes.count, !JSONWord.isSpecial(bytes[offset]) { offset += 1 }
    }

    private func decoded(
        _ run: UnsafeRawBufferPointer,
        at start: Int
    ) throws(JSONParseFailure) -> String {
        try checkUTF8(run, at: start)
        return String(decoding: run, as: UTF8.self)
    }

    private func checkUTF8(
        _ run: UnsafeRawBufferPointer,
        at start: Int
    ) throws(JSONParseFailure) {
        guard let invalid = UTF8Check.firstInvalidOffset(in: run) else { return }
        throw failure("UTF-8", kind: .encoding, at: start + invalid)
    }

    /// Takes what follows a backslash.
    private mutating func escape(into text: inout [UInt8]) throws(JSONParseFailure) {
        guard offset < bytes.count else { throw failure("an escape") }
        let letter = bytes[offset]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            offset += 1
            text.append(contentsOf: String(try scalar()).utf8)
            return
        default: throw failure("one of `\"\\/bfnrtu` after the backslash")
        }
        offset += 1
    }

    /// Takes four hexadecimal digits, and the second escape of a surrogate pair.
    private mutating func scalar() throws(JSONParseFailure) -> Character {
        let start = offset - 2
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xDC00, take("\\"), take("u") else {
            throw failure("a whole surrogate pair", kind: .encoding, at: start)
        }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
        else { throw failure("a whole surrogate pair", kind: .encoding, at: start) }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(JSONParseFailure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue
            else { throw failure("four hexadecimal digits") }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}

// MARK: Bytes

extension JSONParser {
    private mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    private mutating func skipBlanks() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private func peek(_ character: Unicode.Scalar) -> Bool {
        offset < bytes.count && UInt32(bytes[offset]) == character.value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        offset += 1
        return true
    }

    private func failure(
        _ expected: String,
        kind: JSONParseFailure.Kind = .syntax,
        at place: Int? = nil
    ) -> JSONParseFailure {
        JSONParseFailure(expected: expected, kind: kind, at: place ?? offset, of: bytes)
    }
}
