extension [UInt8] {
    /// Appends text as a JSON string with its quotes.
    package mutating func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { appendJSONString(UnsafeRawBufferPointer($0)) }
    }

    /// Appends UTF-8 bytes as a JSON string with its quotes; the bytes are not checked.
    package mutating func appendJSONString(_ utf8: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var start = 0
        while start < utf8.count {
            let end = Self.firstOffsetToEscape(in: utf8, from: start)
            append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[start..<end]))
            guard end < utf8.count else { break }
            appendEscaped(utf8[end])
            start = end + 1
        }
        append(UInt8(ascii: "\""))
    }

    /// The first byte at or after `start` that may not stand in a JSON string as it is.
    private static func firstOffsetToEscape(
        in utf8: UnsafeRawBufferPointer,
        from start: Int
    ) -> Int {
        var offset = start
        while utf8.count - offset >= 8 {
            let word = utf8.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if JSONWord.hasSpecialByte(word) { break }
            offset += 8
        }
        while offset < utf8.count, !JSONWord.isSpecial(utf8[offset]) { offset += 1 }
        return offset
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            let low = byte & 0x0F
            append(contentsOf: "u00".utf8)
            append(0x30 | byte >> 4)
            append(low < 10 ? 0x30 | low : low + 0x57)
        }
    }
}

/// Looks at eight bytes of a JSON string at once.
enum JSONWord {
    /// Whether any of the bytes is a control character, a quote or a backslash.
    ///
    /// Subtracting from each byte borrows from its top bit when the byte was smaller. A borrow can
    /// spread to higher bytes only from one that is itself special, so the answer stays exact.
    @inline(__always)
    static func hasSpecialByte(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let control = (word &- ones &* 0x20) & ~word
        let quote = (quotes &- ones) & ~quotes
        let backslash = (backslashes &- ones) & ~backslashes
        return (control | quote | backslash) & (ones &* 0x80) != 0
    }

    @inline(__always)
    static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C
    }
}
