import Crypto
package import Foundation

/// What the log holds instead of a private part: proof of it to whoever is shown the part, and no
/// trace of it to anyone else.
///
/// It is HMAC-SHA256, keyed with the salt, of a label, the part's name and its canonical bytes.
///
/// - A plain hash of a name or a yes and no could be found by trying; with 32 random bytes as the
///   key nothing can be tried, and once they are destroyed the log says nothing of the part, even to
///   someone who guesses it rightly.
/// - HMAC rather than a hash of salt and bytes: it is made to be keyed, whereas the hash of a prefix
///   can be continued (length extension), and where the salt ends and the bytes begin is not left to
///   their lengths. The key's length is fixed, since HMAC takes a key and the same with zeroes
///   behind it for one.
/// - The label keeps commitments apart from every other hash, the name those to one part from those
///   to another of the same entry.
///
/// Sources: RFC 2104; accountability design, "Private parts".
package struct Commitment: Hashable, Sendable {
    /// What every commitment's text begins with, so that another construction can follow one day.
    static let scheme = "hmac-sha256:"
    private static let label = "steward private part v1\n"

    /// The 32 bytes.
    package let bytes: Data

    init(to bytes: Data, name: String, salt: Data) {
        var code = HMAC<SHA256>(key: SymmetricKey(data: salt))
        code.update(data: Data("\(Self.label)\(name)\n".utf8))
        code.update(data: bytes)
        self.bytes = Data(code.finalize())
    }
}

extension Commitment: CustomStringConvertible {
    /// The text in which it stands in an entry.
    package var description: String { Self.scheme + bytes.base64EncodedString() }

    /// Reads the text.
    package init(_ text: String) throws(LogFormatError) {
        guard text.hasPrefix(Self.scheme),
            let bytes = StrictBase64.decode(text.dropFirst(Self.scheme.count)),
            bytes.count == SHA256.byteCount
        else {
            throw LogFormatError("commitment", "text", "is not `\(Self.scheme)` and 32 bytes")
        }
        self.bytes = bytes
    }

    /// The commitment in hexadecimal digits, for names of files.
    package var hex: String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xf, radix: 16) }.joined()
    }
}
