package import Foundation

/// A JSON value that has one way only to be written.
///
/// Entries and private parts are hashed, so their bytes must follow from their values. There are no
/// fractions: numbers are whole and such that every JSON reader keeps them exactly; amounts and
/// times are strings.
///
/// Source: RFC 8785 (JSON Canonicalization Scheme); RFC 7493, section 2.2, for the numbers.
package enum CanonicalJSON: Hashable, Sendable {
    /// The largest whole number, either side of zero, that a double holds exactly.
    package static let integerMax = 9_007_199_254_740_991
    /// How many arrays and objects may stand within one another.
    package static let depthMax = 32

    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    indirect case array([CanonicalJSON])
    indirect case object([String: CanonicalJSON])

    /// The value's bytes.
    ///
    /// - Throws: `LogFormatError` when an integer is beyond `integerMax` or the value is nested
    ///   deeper than `depthMax`.
    package func bytes() throws(LogFormatError) -> Data {
        var bytes = Data()
        try write(to: &bytes, depth: 0)
        return bytes
    }

    private func write(to bytes: inout Data, depth: Int) throws(LogFormatError) {
        guard depth <= Self.depthMax else {
            throw LogFormatError("canonical JSON", "value", "is nested too deep")
        }
        switch self {
        case .null:
            bytes.append(contentsOf: "null".utf8)
        case .boolean(let value):
            bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value):
            guard -Self.integerMax...Self.integerMax ~= value else {
                throw LogFormatError("canonical JSON", "number", "\(value) is too large")
            }
            bytes.append(contentsOf: "\(value)".utf8)
        case .string(let value):
            Self.write(value, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                try value.write(to: &bytes, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (place, name) in members.keys.sorted(by: Self.comesBefore).enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                try members[name]?.write(to: &bytes, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The order of an object's names: by UTF-16 code units (RFC 8785, section 3.2.3).
    private static func comesBefore(_ one: String, _ other: String) -> Bool {
        one.utf16.lexicographicallyPrecedes(other.utf16)
    }

    /// Writes a string, escaping only what must be (RFC 8785, section 3.2.2.2).
    private static func write(_ string: String, to bytes: inout Data) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0a: bytes.append(contentsOf: "\\n".utf8)
            case 0x0c: bytes.append(contentsOf: "\\f".utf8)
            case 0x0d: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                let digit = String(byte & 0xf, radix: 16)
                bytes.append(contentsOf: "\\u00\(byte >> 4)\(digit)".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
