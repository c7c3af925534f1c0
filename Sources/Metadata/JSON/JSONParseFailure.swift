/// Why a text is not JSON, and where.
package struct JSONParseFailure: Error, Hashable, Sendable {
    /// What kind of rule was broken, for callers that answer them differently.
    package enum Kind: Hashable, Sendable {
        /// Something else stands where the grammar wants `expected`.
        case syntax
        /// The text ended too early.
        case incomplete
        /// Bytes that are not UTF-8, or half of a surrogate pair.
        case encoding
        /// Deeper nesting than the caller allows.
        case depth
    }

    /// The rule that was broken.
    package let kind: Kind
    /// What would have been right, in words: "`,` or `]`".
    package let expected: String
    /// What was there instead, in words: "`}`", "the end of the text".
    package let found: String
    /// 1-based line.
    package let line: Int
    /// 1-based column, counted in characters.
    package let column: Int
    /// 0-based offset in bytes.
    package let offset: Int

    /// A failure at one byte of a text, or at its end.
    init(expected: String, kind: Kind, at offset: Int, of bytes: UnsafeRawBufferPointer) {
        let isAtEnd = offset >= bytes.count
        self.kind = isAtEnd && kind == .syntax ? .incomplete : kind
        self.expected = expected
        self.offset = offset
        found = isAtEnd ? "the end of the text" : Self.name(of: bytes[offset])
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case 0x21...0x7E: "`\(Character(Unicode.Scalar(byte)))`"
        case 0x20: "a blank"
        case 0x0A, 0x0D: "the end of the line"
        default: "the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        }
    }
}

extension JSONParseFailure: CustomStringConvertible {
    package var description: String {
        "expected \(expected) but found \(found) at [line:\(line), column:\(column)]"
    }
}
