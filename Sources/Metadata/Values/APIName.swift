/// The name of an object, a field or a relationship as programs write it: `Case`, `Resolution__c`.
///
/// Names are compared without regard to case, as the platform's API does; the spelling is kept for
/// output.
package struct APIName: Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package init(stringLiteral value: String) {
        text = value
    }

    package var description: String { text }

    /// Whether an administrator declared it, rather than the platform: it ends in `__c`.
    package var isCustom: Bool { text.hasSuffix("__c") || text.hasSuffix("__C") }

    /// The lower-case form by which names are looked up.
    package var folded: String { text.lowercased() }

    /// Whether `text` can be a name: a letter, then letters, digits and single underscores, with an
    /// optional suffix such as `__c`; at most 80 characters.
    package static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 80, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
            && bytes.last != UInt8(ascii: "_")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

extension APIName: Hashable {
    package static func == (left: APIName, right: APIName) -> Bool {
        // Most names are spelt as they were declared.
        if left.text == right.text { return true }
        let a = left.text.utf8
        let b = right.text.utf8
        guard a.count == b.count else { return false }
        var others = b.makeIterator()
        for byte in a {
            guard let other = others.next(), lowered(byte) == lowered(other) else { return false }
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        // One round for each byte and one call of the hasher: names are looked up for every value
        // of every record that is saved. FNV-1a, 64 bits.
        var code: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            code = (code ^ UInt64(APIName.lowered(byte))) &* 0x100_0000_01b3
        }
        hasher.combine(code)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension APIName: Comparable {
    package static func < (left: APIName, right: APIName) -> Bool {
        left.folded < right.folded
    }
}
