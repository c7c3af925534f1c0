/// Kinds of characters, by their UTF-8 bytes.
extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var isLetter: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    var isWordStart: Bool { isLetter || self == UInt8(ascii: "_") }

    var isWordPart: Bool { isWordStart || isDigit }

    var isWhiteSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

    /// A byte of a UTF-8 sequence other than its first.
    var isContinuation: Bool { self & 0xC0 == 0x80 }

    var upperCased: UInt8 {
        self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self & 0xDF : self
    }
}
