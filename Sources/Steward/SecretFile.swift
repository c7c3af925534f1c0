import ArgumentParser
import Foundation

/// A file with a secret, which its owner alone can read, and which is written once.
enum SecretFile {
    /// Keeps a new secret, with its folder.
    ///
    /// - Throws: `ValidationError` where there is a file, or it cannot be written.
    static func make(_ bytes: Data, at file: URL) throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw ValidationError("\(file.path) exists")
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let made = FileManager.default.createFile(
            atPath: file.path,
            contents: bytes,
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw ValidationError("\(file.path) cannot be written") }
    }

    /// The same for a text, as a line.
    static func make(_ text: String, at file: URL) throws {
        try make(Data((text + "\n").utf8), at: file)
    }

    /// The text of a line; `nil` where there is no such file.
    static func text(at file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What a line holds in base64.
    ///
    /// - Throws: `ValidationError` where there is none.
    static func key(at path: String) throws -> Data {
        let text = text(at: URL(fileURLWithPath: path)) ?? ""
        guard let bytes = Data(base64Encoded: text), !bytes.isEmpty else {
            throw ValidationError("\(path) holds no key")
        }
        return bytes
    }
}
