import Glibc

/// How texts are compared without regard to case, in every language.
///
/// A text's key is each of its characters in Unicode's full upper-case mapping, one after the other
/// and without regard to their neighbours or to any locale (`ß` is `SS`, `ς` and `σ` are `Σ`; an
/// accent stays, and so does the way it is written). Texts are in the order of their keys' bytes,
/// which is total by construction. Bytes that are not UTF-8 stand for themselves.
///
/// Unique indexes are built on this order. A newer Unicode may move characters that had no capital
/// before; `REINDEX` follows an upgrade of the toolchain.
enum TextFolding {
    /// No character's key is more than three times as long as the character.
    static let greatestGrowth = 3

    /// Compares two texts by their keys, without making the keys.
    static func compare(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>
    )
        -> Int
    {
        let shared = min(left.count, right.count)
        // Most of what a sort or a grouping compares is the same.
        if left.count == right.count, let one = left.baseAddress, let other = right.baseAddress,
            memcmp(one, other, shared) == 0
        {
            return 0
        }
        var index = 0
        while index < shared {
            let (one, other) = (left[index], right[index])
            guard one | other < 0x80 else { return compareFolded(left, right, from: index) }
            if one != other {
                let (foldedOne, foldedOther) = (foldASCII(one), foldASCII(other))
                if foldedOne != foldedOther { return foldedOne < foldedOther ? -1 : 1 }
            }
            index += 1
        }
        return left.count - right.count
    }

    /// Compares from an index up to which both texts are ASCII and have the same key.
    private static func compareFolded(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int {
        var left = FoldedBytes(left, from: start)
        var right = FoldedBytes(right, from: start)
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let one?, let other?): if one != other { return one < other ? -1 : 1 }
            }
        }
    }

    /// Lends a text's key, on the stack unless the text is long.
    static func withFolded<Result>(
        _ text: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try withUnsafeTemporaryAllocation(
            of: UInt8.self,
            capacity: max(1, text.count * greatestGrowth)
        ) { key in
            let count = fold(text, into: key)
            return try body(UnsafeBufferPointer(rebasing: key[..<count]))
        }
    }

    /// Writes a text's key, and returns its length.
    private static func fold(
        _ text: UnsafeBufferPointer<UInt8>,
        into key: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var count = 0
        var index = 0
        while index < text.count {
            if text[index] < 0x80 {
                key[count] = foldASCII(text[index])
                count += 1
                index += 1
            } else {
                let character = UTF8Character(text, at: index)
                var folded = FoldedCharacter(character)
                while let byte = folded.next() {
                    key[count] = byte
                    count += 1
                }
                index += character.length
            }
        }
        return count
    }

    @inline(__always)
    static func foldASCII(_ byte: UInt8) -> UInt8 {
        byte &- 0x61 < 26 ? byte &- 0x20 : byte
    }
}

/// One character of a text, as far as it is UTF-8.
struct UTF8Character {
    /// `nil` for a byte that is not UTF-8.
    let scalar: Unicode.Scalar?
    /// The first byte of the text; of interest where there is no scalar.
    let firstByte: UInt8
    /// How many bytes it takes; 1 for a byte that is not UTF-8.
    let length: Int

    /// Reads the character that begins at an index.
    init(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        firstByte = text[index]
        guard firstByte >= 0x80 else {
            scalar = Unicode.Scalar(firstByte)
            length = 1
            return
        }
        let expected = Self.length(ofFirst: firstByte)
        guard expected > 1, index + expected <= text.count else {
            scalar = nil
            length = 1
            return
        }
        var value = UInt32(firstByte) & (0x7F >> UInt32(expected))
        for offset in 1..<expected {
            let byte = text[index + offset]
            // A value that can never be reached stands for a byte that does not continue.
            value = byte & 0xC0 == 0x80 ? value << 6 | UInt32(byte & 0x3F) : .max >> 1
            if value > 0x10_FFFF { break }
        }
        // A longer form than needed is not UTF-8; the initializer refuses surrogates and the rest.
        let least: UInt32 = expected == 2 ? 0x80 : expected == 3 ? 0x800 : 0x1_0000
        scalar = value >= least ? Unicode.Scalar(value) : nil
        length = scalar == nil ? 1 : expected
    }

    private static func length(ofFirst byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}

/// The bytes of one character's key, first byte lowest; used up as they are read.
struct FoldedCharacter {
    private var bytes: UInt64
    private var count: Int

    init(_ character: UTF8Character) {
        if let scalar = character.scalar {
            bytes = Self.key(scalar)
            count = (71 - bytes.leadingZeroBitCount) / 8
        } else {
            bytes = UInt64(character.firstByte)
            count = 1
        }
    }

    @inline(__always)
    mutating func next() -> UInt8? {
        guard count > 0 else { return nil }
        defer {
            bytes >>= 8
            count -= 1
        }
        return UInt8(truncatingIfNeeded: bytes)
    }

    /// Keys of Latin, Greek, Cyrillic and their neighbours, where most texts are.
    private static let table: [UInt64] = (UInt32(0)..<0x600).map { value in
        Unicode.Scalar(value).map(computedKey) ?? 0
    }

    private static func key(_ scalar: Unicode.Scalar) -> UInt64 {
        if scalar.value < 0x600 { return table[Int(scalar.value)] }
        // East Asian scripts have no case.
        if (0x2E80..<0xA640).contains(scalar.value) { return packed(UTF8.encode(scalar)) }
        return computedKey(scalar)
    }

    private static func computedKey(_ scalar: Unicode.Scalar) -> UInt64 {
        let mapping = scalar.properties.uppercaseMapping.utf8
        // No mapping is longer than six bytes; a test looks at them all.
        return mapping.count <= 8 ? packed(mapping) : packed(UTF8.encode(scalar))
    }

    private static func packed(_ bytes: (some Collection<UInt8>)?) -> UInt64 {
        var packed: UInt64 = 0
        for byte in bytes.map({ Array($0.reversed()) }) ?? [] {
            packed = packed << 8 | UInt64(byte)
        }
        return packed
    }
}

/// The bytes of a text's key, made as they are asked for.
private struct FoldedBytes {
    private let text: UnsafeBufferPointer<UInt8>
    private var index: Int
    private var pending: FoldedCharacter?

    init(_ text: UnsafeBufferPointer<UInt8>, from index: Int) {
        self.text = text
        self.index = index
    }

    mutating func next() -> UInt8? {
        if let byte = pending?.next() { return byte }
        guard index < text.count else { return nil }
        if text[index] < 0x80 {
            defer { index += 1 }
            return TextFolding.foldASCII(text[index])
        }
        let character = UTF8Character(text, at: index)
        index += character.length
        pending = FoldedCharacter(character)
        return pending?.next()
    }
}
