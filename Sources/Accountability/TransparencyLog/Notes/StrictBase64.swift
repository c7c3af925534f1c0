import Foundation

/// Base64 with exactly one way to write each sequence of bytes.
///
/// Many readers overlook line breaks and the unused bits of the last character. Here they are
/// refused, so that no character of a checkpoint can be changed unnoticed.
///
/// Source: RFC 4648, section 4; sections 3.3 and 3.5 on why.
enum StrictBase64 {
    /// The bytes that a text stands for; nil unless it is how they are written.
    static func decode(_ text: some StringProtocol) -> Data? {
        let text = String(text)
        guard let bytes = Data(base64Encoded: text),
            bytes.base64EncodedString().utf8.elementsEqual(text.utf8)
        else { return nil }
        return bytes
    }
}
