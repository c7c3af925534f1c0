package import Crypto
package import Foundation

/// A hash in the log's Merkle tree: SHA-256, as RFC 6962 uses it.
///
/// A leaf is hashed with a zero byte before it and a node with a one, so that no entry can be taken
/// for a node.
///
/// Source: RFC 6962, section 2.1 (unchanged in RFC 9162, section 2.1.1).
package struct TreeHash: Hashable, Sendable, BitwiseCopyable {
    package static let byteCount = 32

    /// The root of a tree without entries: the hash of nothing.
    package static let emptyRoot = TreeHash(SHA256.hash(data: [UInt8]()))

    // The hash's bytes as they lie in memory: 32 of them without a heap allocation.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    package init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { $0.loadUnaligned(as: TreeHash.self) }
    }

    /// The hash whose bytes these are; nil unless there are 32.
    package init?(_ bytes: Data) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { $0.loadUnaligned(as: TreeHash.self) }
    }

    /// The hash of an entry as the tree's leaf.
    package static func leaf(_ entry: Data) -> TreeHash {
        entry.withUnsafeBytes { leaf($0) }
    }

    static func leaf(_ entry: UnsafeRawBufferPointer) -> TreeHash {
        var function = SHA256()
        withUnsafeBytes(of: UInt8(0)) { function.update(bufferPointer: $0) }
        function.update(bufferPointer: entry)
        return TreeHash(function.finalize())
    }

    /// The hash of the node above two others.
    package static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var function = SHA256()
        withUnsafeBytes(of: UInt8(1)) { function.update(bufferPointer: $0) }
        withUnsafeBytes(of: left) { function.update(bufferPointer: $0) }
        withUnsafeBytes(of: right) { function.update(bufferPointer: $0) }
        return TreeHash(function.finalize())
    }

    /// The 32 bytes.
    package var bytes: Data {
        withUnsafeBytes(of: self) { Data($0) }
    }
}

extension TreeHash: CustomStringConvertible {
    /// The hash in base64, as checkpoints and proofs write it.
    package var description: String { bytes.base64EncodedString() }
}

extension TreeHash {
    /// The hashes that stand one after another in the bytes; nil when they end within one.
    static func all(in bytes: Data) -> [TreeHash]? {
        guard bytes.count % byteCount == 0 else { return nil }
        return bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / byteCount).map {
                buffer.loadUnaligned(fromByteOffset: $0 * byteCount, as: TreeHash.self)
            }
        }
    }

    /// The bytes of hashes, one after another.
    static func bytes(of hashes: some Collection<TreeHash>) -> Data {
        var bytes = Data(capacity: hashes.count * byteCount)
        for hash in hashes {
            withUnsafeBytes(of: hash) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
