import Accountability
import Foundation

/// Names and keys that the tests share.
enum Fixture {
    static let origin = "log.example/transparency"

    static func logKey() throws -> SigningKey {
        try SigningKey(name: origin, kind: .note)
    }

    static func witnessKey(_ number: Int = 1) throws -> SigningKey {
        try SigningKey(name: "witness.example/w\(number)", kind: .cosignature)
    }

    static func entries(_ range: Range<Int>, _ prefix: String = "entry") -> [Data] {
        range.map { Data("\(prefix) \($0)".utf8) }
    }

    /// A log in memory with some entries, written in batches of the sizes given.
    static func log(
        batches: [Int],
        key: SigningKey,
        prefix: String = "entry"
    ) async throws -> (store: MemoryTiles, log: TransparencyLog) {
        try await log(
            of: entries(0..<batches.reduce(0, +), prefix),
            batches: batches,
            key: key
        )
    }

    static func log(
        of entries: [Data],
        batches: [Int],
        key: SigningKey
    ) async throws -> (store: MemoryTiles, log: TransparencyLog) {
        let store = MemoryTiles()
        try await TransparencyLog.create(in: store, key: key)
        let log = try await TransparencyLog(in: store, key: key)
        var rest = entries[...]
        for count in batches {
            _ = try await log.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return (store, log)
    }
}

/// The tree as RFC 6962 defines it, without any cleverness.
enum ReferenceTree {
    static func root(of leaves: ArraySlice<TreeHash>) -> TreeHash {
        guard let first = leaves.first else { return .emptyRoot }
        guard leaves.count > 1 else { return first }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        return .node(root(of: leaves.prefix(split)), root(of: leaves.dropFirst(split)))
    }
}

/// Keeps what a witness cosigned in memory.
final class MemoryWitnessStore: WitnessStore, @unchecked Sendable {
    // `@unchecked Sendable`: only the one witness that has it calls it.
    private var checkpoints: [String: Data] = [:]

    func last(of origin: String) throws -> Data? { checkpoints[origin] }

    func keep(_ checkpoint: Data, of origin: String) throws { checkpoints[origin] = checkpoint }
}

extension Data {
    /// The bytes that hexadecimal digits write.
    init(hex: String) {
        let digits = Array(hex)
        self.init(
            stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
        )
    }
}

extension TreeHash {
    /// The hash that hexadecimal digits write.
    static func hex(_ hex: String) throws -> TreeHash {
        guard let hash = TreeHash(Data(hex: hex)) else {
            throw LogFormatError("test", "hash", hex)
        }
        return hash
    }
}

extension Sequence {
    func asyncMap<Result>(
        _ transform: (Element) async throws -> Result
    ) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
