package import Foundation

extension CanonicalJSON {
    /// Reads a value from its bytes, which must be exactly those that `bytes` writes.
    ///
    /// - Throws: `LogFormatError` for what is no JSON, and for JSON in another form.
    package init(_ bytes: Data) throws(LogFormatError) {
        var reader = CanonicalJSONReader(bytes: Array(bytes))
        self = try reader.readWhole()
        guard try self.bytes() == bytes else {
            throw LogFormatError("canonical JSON", "value", "is not in its canonical form")
        }
    }
}

/// Reads what canonical JSON consists of, from the first byte to the last.
///
/// It takes a little more than the canonical form, such as names in any order; whoever uses it
/// writes the value again and compares.
private struct CanonicalJSONReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func readWhole() throws(LogFormatError) -> CanonicalJSON {
        let value = try readValue(depth: 0)
        guard offset == bytes.count else { throw failure("has something behind it") }
        return value
    }

    private func failure(_ problem: String) -> LogFormatError {
        LogFormatError("canonical JSON", "byte \(offset)", problem)
    }

    private mutating func readValue(depth: Int) throws(LogFormatError) -> CanonicalJSON {
        guard depth <= CanonicalJSON.depthMax else { throw failure("is nested too deep") }
        guard let first = bytes[offset...].first else { throw failure("the value is cut off") }
        switch first {
        case UInt8(ascii: "n"):
            try take("null")
            return .null
        case UInt8(ascii: "t"):
            try take("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .boolean(false)
        case UInt8(ascii: "\""):
            return .string(try readString())
        case UInt8(ascii: "["):
            return .array(try readArray(depth: depth))
        case UInt8(ascii: "{"):
            return .object(try readObject(depth: depth))
        default:
            return .integer(try readInteger())
        }
    }

    private mutating func take(_ word: String) throws(LogFormatError) {
        guard bytes[offset...].starts(with: word.utf8) else {
            throw failure("`\(word)` should stand here")
        }
        offset += word.utf8.count
    }

    private mutating func takeIf(_ character: Unicode.Scalar) -> Bool {
        guard bytes[offset...].first == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func readArray(depth: Int) throws(LogFormatError) -> [CanonicalJSON] {
        try take("[")
        guard !takeIf("]") else { return [] }
        var values: [CanonicalJSON] = []
        repeat {
            values.append(try readValue(depth: depth + 1))
        } while takeIf(",")
        try take("]")
        return values
    }

    private mutating func readObject(depth: Int) throws(LogFormatError) -> [String: CanonicalJSON] {
        try take("{")
        guard !takeIf("}") else { return [:] }
        var members: [String: CanonicalJSON] = [:]
        repeat {
            let name = try readString()
            try take(":")
            let value = try readValue(depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil else {
                throw failure("`\(name)` is there twice")
            }
        } while takeIf(",")
        try take("}")
        return members
    }

    private mutating func readInteger() throws(LogFormatError) -> Int {
        let digits = bytes[offset...].prefix { 48...57 ~= $0 || $0 == UInt8(ascii: "-") }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw failure("there is no value, or a number that is not whole or too large")
        }
        offset += digits.count
        return value
    }

    private mutating func readString() throws(LogFormatError) -> String {
        try take("\"")
        var string: [UInt8] = []
        while let byte = bytes[offset...].first, byte != UInt8(ascii: "\"") {
            offset += 1
            string.append(byte == UInt8(ascii: "\\") ? try readEscape() : byte)
        }
        try take("\"")
        guard let string = String(validating: string, as: UTF8.self) else {
            throw failure("the string is not UTF-8")
        }
        return string
    }

    /// The character behind a backslash: only control characters, quotes and backslashes are
    /// escaped in canonical JSON.
    private mutating func readEscape() throws(LogFormatError) -> UInt8 {
        guard let letter = bytes[offset...].first else { throw failure("the escape is cut off") }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return letter
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "f"): return 0x0c
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
            guard digits.utf8.count == 4, let code = UInt8(digits, radix: 16), code < 0x20 else {
                throw failure("this character is not escaped in canonical JSON")
            }
            offset += 4
            return code
        default:
            throw failure("there is no such escape")
        }
    }
}
