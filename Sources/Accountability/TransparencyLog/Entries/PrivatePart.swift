import Crypto
package import Foundation

/// A part of an entry that stays out of the log, so that it can be erased.
///
/// Whoever is entitled to it gets all three values, and can check them against the log's entry.
package struct PrivatePart: Hashable, Sendable {
    package static let saltSizeBytes = 32

    /// What the part is of the entry: "statement", "reporter".
    package let name: String
    /// The part's content, as canonical JSON.
    package let bytes: Data
    /// Random bytes that make the commitment tell nothing.
    package let salt: Data

    /// A part with a salt of its own.
    ///
    /// - Throws: `LogFormatError` when the content cannot be written as canonical JSON, or the name
    ///   has other characters than letters, digits, `-` and `_`.
    package init(_ name: String, _ content: CanonicalJSON) throws(LogFormatError) {
        let salt = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * Self.saltSizeBytes))
        try self.init(
            name: name,
            bytes: try content.bytes(),
            salt: salt.withUnsafeBytes { Data($0) }
        )
    }

    /// A part as it was disclosed or kept.
    ///
    /// - Throws: `LogFormatError` when the salt is not 32 bytes, or as above.
    package init(name: String, bytes: Data, salt: Data) throws(LogFormatError) {
        guard salt.count == Self.saltSizeBytes else {
            throw LogFormatError("private part", "salt", "is not \(Self.saltSizeBytes) bytes")
        }
        guard Self.isName(name) else {
            throw LogFormatError("private part", "name", "`\(name)` is not a plain word")
        }
        self.name = name
        self.bytes = bytes
        self.salt = salt
    }

    static func isName(_ name: String) -> Bool {
        1...64 ~= name.utf8.count
            && name.utf8.allSatisfy {
                48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || $0 == 0x2d || $0 == 0x5f
            }
    }

    /// What the log's entry holds of the part.
    package var commitment: Commitment { Commitment(to: bytes, name: name, salt: salt) }

    /// The part's content.
    package func content() throws(LogFormatError) -> CanonicalJSON {
        try CanonicalJSON(bytes)
    }
}
