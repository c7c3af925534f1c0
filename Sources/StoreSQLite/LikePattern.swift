/// SOQL's `LIKE`: `%` is any text, `_` is any one character, `\` makes the next character itself.
///
/// It compares keys (`TextFolding`), so that a pattern without wildcards matches exactly the texts
/// that are equal in the collation. In consequence `_` counts characters of the key: `ß` is two.
///
/// Matching takes time in proportion to the text, times a segment's length where that has a `_`:
/// what stands between two `%` is found at the first place it fits, and never tried again.
final class LikePattern {
    /// What stands between two `%`.
    private struct Segment {
        /// A byte of the key, or `nil` for any character.
        var units: [UInt8?] = []
        /// The same as bytes, if it has no `_`.
        var literal: Literal?

        init(_ units: [UInt8?]) {
            self.units = units
            let bytes = units.compactMap { $0 }
            literal = bytes.count == units.count ? Literal(bytes) : nil
        }
    }

    private let segments: [Segment]

    /// - Parameter pattern: UTF-8; a lone `\` at the end stands for itself.
    init(_ pattern: UnsafeBufferPointer<UInt8>) {
        segments = TextFolding.withFolded(pattern) { Self.segments($0) }
    }

    private static func segments(_ key: UnsafeBufferPointer<UInt8>) -> [Segment] {
        // Folding changes none of the three signs, and makes none.
        var segments: [Segment] = []
        var units: [UInt8?] = []
        var index = 0
        while index < key.count {
            switch key[index] {
            case UInt8(ascii: "%"):
                segments.append(Segment(units))
                units = []
            case UInt8(ascii: "_"):
                units.append(nil)
            case UInt8(ascii: "\\") where index + 1 < key.count:
                index += 1
                units.append(key[index])
            case let byte:
                units.append(byte)
            }
            index += 1
        }
        return segments + [Segment(units)]
    }

    /// Whether all of a text matches.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        TextFolding.withFolded(text) { matchesKey($0) }
    }

    private func matchesKey(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = segments.first, let last = segments.last,
            var index = end(of: first, in: key, at: 0)
        else { return false }
        guard segments.count > 1 else { return index == key.count }

        for segment in segments.dropFirst().dropLast() where !segment.units.isEmpty {
            guard let next = firstEnd(of: segment, in: key, from: index) else { return false }
            index = next
        }
        return endsWith(last, in: key, from: index)
    }

    /// Where a segment that begins at an index ends, if it fits there.
    private func end(of segment: Segment, in key: UnsafeBufferPointer<UInt8>, at start: Int) -> Int?
    {
        var index = start
        for unit in segment.units {
            guard index < key.count else { return nil }
            if let byte = unit {
                guard key[index] == byte else { return nil }
                index += 1
            } else {
                index += UTF8Character(key, at: index).length
            }
        }
        return index
    }

    /// Where a segment ends at the first place where it fits.
    private func firstEnd(
        of segment: Segment,
        in key: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int? {
        if let literal = segment.literal {
            return literal.firstEnd(in: key, from: start)
        }
        var index = start
        while index < key.count {
            if let end = end(of: segment, in: key, at: index) { return end }
            index += UTF8Character(key, at: index).length
        }
        return nil
    }

    /// Whether a segment fits at the end of the key, and not before an index.
    private func endsWith(
        _ segment: Segment,
        in key: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Bool {
        if let literal = segment.literal {
            let bytes = literal.bytes
            return key.count - start >= bytes.count && key.suffix(bytes.count).elementsEqual(bytes)
        }
        // It takes a fixed number of characters, but not of bytes: count them off from the front.
        var starts = [Int]()
        var index = start
        while index < key.count {
            starts.append(index)
            index += UTF8Character(key, at: index).length
        }
        let needed = Self.characterCount(segment)
        guard needed <= starts.count else { return false }
        return end(of: segment, in: key, at: starts[starts.count - needed]) == key.count
    }

    /// How many characters a segment takes: each `_`, and each byte that begins a character.
    private static func characterCount(_ segment: Segment) -> Int {
        segment.units.count { unit in unit.map { $0 & 0xC0 != 0x80 } ?? true }
    }
}

/// Bytes to be found in a text, in time proportional to the text even when both repeat themselves.
///
/// This is the search of Knuth, Morris and Pratt.
private struct Literal {
    let bytes: [UInt8]
    /// For each length of a beginning, how much of it can still stand when the next byte differs.
    private let fallback: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var fallback = [Int](repeating: 0, count: bytes.count + 1)
        var matched = 0
        for index in bytes.indices.dropFirst() {
            while matched > 0, bytes[index] != bytes[matched] { matched = fallback[matched] }
            if bytes[index] == bytes[matched] { matched += 1 }
            fallback[index + 1] = matched
        }
        self.fallback = fallback
    }

    /// The end of the first place where the bytes, of which there is one at least, stand.
    func firstEnd(in key: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var matched = 0
        for index in start..<key.count {
            while matched > 0, key[index] != bytes[matched] { matched = fallback[matched] }
            if key[index] == bytes[matched] { matched += 1 }
            if matched == bytes.count { return index + 1 }
        }
        return nil
    }
}
