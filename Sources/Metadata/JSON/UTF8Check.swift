/// Where a run of bytes stops being UTF-8.
package enum UTF8Check {
    /// The offset of the first byte that no UTF-8 text could have there; `nil` when all is well.
    ///
    /// Follows Unicode's table of well-formed sequences: overlong forms, surrogates and values
    /// above U+10FFFF are refused, and so is a sequence that the end cuts short.
    package static func firstInvalidOffset(in bytes: UnsafeRawBufferPointer) -> Int? {
        var offset = 0
        while true {
            offset = firstNonASCIIOffset(in: bytes, from: offset)
            guard offset < bytes.count else { return nil }
            guard let length = sequenceLength(in: bytes, at: offset) else { return offset }
            offset += length
        }
    }

    /// The offset of the first byte at or after `start` that is not ASCII, else the end.
    package static func firstNonASCIIOffset(
        in bytes: UnsafeRawBufferPointer,
        from start: Int = 0
    ) -> Int {
        var offset = start
        while bytes.count - offset >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            offset += 8
        }
        while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
        return offset
    }

    /// The length of the well-formed sequence of two to four bytes that starts here.
    private static func sequenceLength(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[offset] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard bytes.count - offset >= length, second.contains(bytes[offset + 1]) else { return nil }
        for index in offset + 2..<offset + length where bytes[index] & 0xC0 != 0x80 { return nil }
        return length
    }
}
