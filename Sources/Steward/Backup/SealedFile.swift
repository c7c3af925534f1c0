import Crypto
import Foundation
import Metadata

/// A file that only whoever has its key can read, or change without being noticed.
///
/// `steward-sealed-file 1` and a line break, 8 bytes of the key's digest, 16 random bytes; then pieces
/// of 64 KiB, each encrypted with ChaCha20-Poly1305 (RFC 8439). The key of a file is derived
/// (HKDF-SHA256) from the key, the random bytes and the file's path, so that files cannot take each
/// other's places. A piece's nonce is its number, and whether it is the last, so that none can be
/// left out, repeated or cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway, Vizár).
struct SealedFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let magic = Data("steward-sealed-file 1\n".utf8)
    private static let keyIDBytes = 8
    private static let saltBytes = 16
    private static let pieceBytes = 1 << 16
    private static let tagBytes = 16

    private let key: SymmetricKey
    /// Within the backup: `orgs/00D…/records.sqlite`.
    private let path: String

    init(_ path: String, key: SymmetricKey) {
        self.path = path
        self.key = key
    }

    // MARK: Sealing

    func seal(_ source: URL, to target: URL) throws {
        let reader = try FileHandle(forReadingFrom: source)
        defer { try? reader.close() }
        try write(to: target) { writer in
            let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
            try writer.write(contentsOf: Self.magic + Self.id(of: key) + salt)
            let key = fileKey(salt)
            var number: UInt64 = 0
            var piece = try reader.read(upToCount: Self.pieceBytes) ?? Data()
            while true {
                let next = try reader.read(upToCount: Self.pieceBytes) ?? Data()
                let box = try ChaChaPoly.seal(
                    piece,
                    using: key,
                    nonce: try Self.nonce(number, isLast: next.isEmpty)
                )
                try writer.write(contentsOf: box.ciphertext + box.tag)
                guard !next.isEmpty else { return }
                piece = next
                number += 1
            }
        }
    }

    func seal(_ data: Data, to target: URL) throws {
        let plain = target.appendingPathExtension("plain")
        defer { try? FileManager.default.removeItem(at: plain) }
        try Self.make(plain)
        try data.write(to: plain)
        try seal(plain, to: target)
    }

    // MARK: Opening

    /// - Throws: `Failure` where the file was changed, cut off, or sealed with another key.
    func open(_ source: URL, to target: URL) throws {
        let reader = try FileHandle(forReadingFrom: source)
        defer { try? reader.close() }
        let head = try reader.read(upToCount: Self.headBytes) ?? Data()
        guard head.count == Self.headBytes, head.starts(with: Self.magic) else {
            throw Failure(description: "\(source.path) is no sealed file")
        }
        guard head.dropFirst(Self.magic.count).prefix(Self.keyIDBytes) == Self.id(of: key) else {
            throw Failure(description: "\(source.path) was sealed with another key")
        }
        let key = fileKey(Data(head.suffix(Self.saltBytes)))
        try write(to: target) { writer in
            var number: UInt64 = 0
            let size = Self.pieceBytes + Self.tagBytes
            var piece = try reader.read(upToCount: size) ?? Data()
            while true {
                let next = try reader.read(upToCount: size) ?? Data()
                let nonce = try Self.nonce(number, isLast: next.isEmpty)
                guard piece.count >= Self.tagBytes,
                    let box = try? ChaChaPoly.SealedBox(
                        nonce: nonce,
                        ciphertext: piece.dropLast(Self.tagBytes),
                        tag: piece.suffix(Self.tagBytes)
                    ), let plain = try? ChaChaPoly.open(box, using: key)
                else {
                    throw Failure(
                        description: "\(source.path) was changed or cut off, in piece \(number)"
                    )
                }
                try writer.write(contentsOf: plain)
                guard !next.isEmpty else { return }
                piece = next
                number += 1
            }
        }
    }

    func open(_ source: URL) throws -> Data {
        let plain = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: plain) }
        try open(source, to: plain)
        return try Data(contentsOf: plain)
    }

    // MARK: Parts

    private static var headBytes: Int { magic.count + keyIDBytes + saltBytes }

    /// By which a file says what it was sealed with.
    private static func id(of key: SymmetricKey) -> Data {
        let digest = SHA256.hash(data: key.withUnsafeBytes { Data($0) } + Data("key id".utf8))
        return Data(digest.prefix(keyIDBytes))
    }

    private func fileKey(_ salt: Data) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            salt: salt,
            info: Data("steward sealed file 1 \(path)".utf8),
            outputByteCount: 32
        )
    }

    private static func nonce(_ number: UInt64, isLast: Bool) throws -> ChaChaPoly.Nonce {
        var bytes = Data(repeating: 0, count: 3)
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(isLast ? 1 : 0)
        return try ChaChaPoly.Nonce(data: bytes)
    }

    private static func make(_ file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let made = FileManager.default.createFile(
            atPath: file.path,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw Failure(description: "\(file.path) cannot be written") }
    }

    /// Nothing stays of what failed.
    private func write(to target: URL, _ body: (FileHandle) throws -> Void) throws {
        try Self.make(target)
        let writer = try FileHandle(forWritingTo: target)
        do {
            try body(writer)
            try writer.synchronize()
            try writer.close()
        } catch {
            try? writer.close()
            try? FileManager.default.removeItem(at: target)
            throw error
        }
    }
}
