import Foundation

/// Text that travels as base64 of its UTF-8.
enum Base64Text {
    static func decode(_ text: some StringProtocol) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        return Data(base64Encoded: trimmed).flatMap { String(bytes: $0, encoding: .utf8) }
    }
}
