/// The identity of one record, of any object, within an org.
///
/// Inside it is one 64-bit number: 18 bits for the object's key prefix, 45 bits for a sequence. On
/// the wire it is 15 characters of base 62 (3 key prefix, 2 instance, 1 reserved, 9 sequence), or 18
/// with the three that record the case of the others.
///
/// Source: Salesforce Object Reference, "ID Field Type".
package struct RecordID: Hashable, Sendable {
    /// The number that stores keep.
    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    package init(prefix: KeyPrefix, sequence: Int64) {
        number = Int64(prefix.number) << RecordID.sequenceBits | (sequence & RecordID.sequenceMask)
    }

    /// Bits of the sequence, below those of the key prefix.
    package static let sequenceBits = 45
    package static let sequenceMask: Int64 = (1 << 45) - 1

    package var prefix: KeyPrefix { KeyPrefix(number: Int32(truncatingIfNeeded: number >> 45)) }

    package var sequence: Int64 { number & RecordID.sequenceMask }

    /// Well formed, and never issued: what an id of another deployment reads as.
    package var isForeign: Bool { sequence == 0 }

    /// Instance and reserved characters, the same in every id this platform issues.
    static let instance = Array("St0".utf8)
}

extension RecordID: Comparable {
    package static func < (left: RecordID, right: RecordID) -> Bool { left.number < right.number }
}

extension RecordID: CustomStringConvertible {
    /// The 18-character form.
    package var description: String {
        String(unsafeUninitializedCapacity: 18) { buffer in
            write(to: buffer)
            return 18
        }
    }

    /// The 15-character form.
    package var short: String { String(description.prefix(15)) }

    /// Writes the 18 characters into a buffer of at least 18 bytes.
    package func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        precondition(buffer.count >= 18, "an id takes 18 bytes")
        let alphabet = Base62.alphabet
        var rest = UInt64(bitPattern: sequence)
        var position = 14
        while position >= 6 {
            buffer[position] = alphabet[Int(rest % 62)]
            rest /= 62
            position -= 1
        }
        for offset in 0..<3 { buffer[3 + offset] = RecordID.instance[offset] }
        var key = UInt32(bitPattern: prefix.number)
        for offset in [2, 1, 0] {
            buffer[offset] = alphabet[Int(key % 62)]
            key /= 62
        }
        for block in 0..<3 {
            var bits = 0
            for offset in 0..<5 where Base62.isUpper(buffer[block * 5 + offset]) {
                bits |= 1 << offset
            }
            buffer[15 + block] = Base62.checksumAlphabet[bits]
        }
    }
}

extension RecordID {
    /// Why a text is no record id.
    package enum ParseFailure: Error, Hashable, Sendable {
        /// Neither 15 nor 18 characters.
        case length
        /// A character outside `A-Z a-z 0-9`.
        case character
        /// 18 characters whose last three disagree with the rest.
        case checksum
        /// A key prefix or sequence beyond what an id can hold.
        case range
    }

    /// Reads a record id in either of its two written forms.
    ///
    /// The long form is the short form plus three characters that record which of the short form's
    /// letters are upper case. Where a tool has changed all letters to one case, the last three
    /// restore it. An id with another deployment's instance characters is well formed and belongs to
    /// no record (`isForeign`).
    ///
    /// - Parameter text: 15 or 18 characters from `A-Z a-z 0-9`; the first three are the object's
    ///   key prefix.
    /// - Throws: `.length`, `.character`, `.checksum`, `.range`.
    /// - Complexity: constant.
    ///
    /// Source: Salesforce Object Reference, "ID Field Type".
    package init(_ text: String) throws(ParseFailure) {
        var text = text
        let result: Result<RecordID, ParseFailure> = text.withUTF8 { bytes in
            do throws(ParseFailure) {
                return .success(try RecordID(bytes: UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    package init(bytes: UnsafeRawBufferPointer) throws(ParseFailure) {
        guard bytes.count == 15 || bytes.count == 18 else { throw .length }
        var characters = Array(bytes)
        for byte in characters where Base62.value(of: byte) == nil { throw .character }
        if characters.count == 18 { try RecordID.restoreCase(&characters) }
        var key: Int32 = 0
        for byte in characters[0..<3] { key = key * 62 + Int32(Base62.value(of: byte) ?? 0) }
        guard Array(characters[3..<6]) == RecordID.instance else {
            self.init(prefix: KeyPrefix(number: key), sequence: 0)
            return
        }
        var sequence: Int64 = 0
        for byte in characters[6..<15] {
            sequence = sequence * 62 + Int64(Base62.value(of: byte) ?? 0)
        }
        guard sequence <= RecordID.sequenceMask else { throw .range }
        self.init(prefix: KeyPrefix(number: key), sequence: sequence)
    }

    private static func restoreCase(_ characters: inout [UInt8]) throws(ParseFailure) {
        let letters = characters[0..<15].filter(Base62.isLetter)
        let isOneCase =
            letters.allSatisfy(Base62.isUpper) || !letters.contains(where: Base62.isUpper)
        for block in 0..<3 {
            let suffix = isOneCase ? Base62.upper(characters[15 + block]) : characters[15 + block]
            guard let bits = Base62.checksumAlphabet.firstIndex(of: suffix) else { throw .checksum }
            for offset in 0..<5 {
                let index = block * 5 + offset
                let byte = characters[index]
                let wantsUpper = bits & (1 << offset) != 0
                if Base62.isLetter(byte) && isOneCase {
                    characters[index] = wantsUpper ? Base62.upper(byte) : byte | 0x20
                } else if Base62.isUpper(byte) != wantsUpper {
                    throw .checksum
                }
            }
        }
    }
}

/// The three characters that begin every id of one object: `500` for Case.
package struct KeyPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The three base-62 digits as one number, below 62³.
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    /// Three characters from `A-Z a-z 0-9`, or `nil`.
    package init?(_ text: String) {
        guard text.utf8.count == 3 else { return nil }
        var number: Int32 = 0
        for byte in text.utf8 {
            guard let digit = Base62.value(of: byte) else { return nil }
            number = number * 62 + Int32(digit)
        }
        self.number = number
    }

    package var description: String {
        var rest = Int(number)
        var bytes: [UInt8] = [0, 0, 0]
        for offset in [2, 1, 0] {
            bytes[offset] = Base62.alphabet[rest % 62]
            rest /= 62
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The smallest and the largest id number of the object.
    package var range: ClosedRange<Int64> {
        let low = Int64(number) << 45
        return low...(low | RecordID.sequenceMask)
    }
}

enum Base62 {
    static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
    )
    static let checksumAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".utf8)

    static func value(of byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 36
        default: nil
        }
    }

    static func isUpper(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        isUpper(byte & ~0x20) && byte > UInt8(ascii: "9")
    }

    static func upper(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte & ~0x20 : byte }
}
