package import Foundation

/// The form that entries are published in: each after its length, 256 to a file.
///
/// Source: C2SP tlog-tiles, "Log entries": "sequences of big-endian uint16 length-prefixed log
/// entries".
package enum EntryBundle {
    /// The longest entry whose length can be told.
    package static let entrySizeMaxBytes = Int(UInt16.max)
    /// The longest bundle.
    package static let sizeMaxBytes = Tile.fullWidth * (entrySizeMaxBytes + 2)

    /// Appends an entry, of at most `entrySizeMaxBytes`, to a bundle.
    static func append(_ entry: Data, to bundle: inout Data) {
        precondition(entry.count <= entrySizeMaxBytes, "the log refuses longer entries")
        bundle.append(UInt8(entry.count >> 8))
        bundle.append(UInt8(entry.count & 0xff))
        bundle.append(entry)
    }

    /// The bundle of some entries.
    package static func encode(_ entries: [Data]) -> Data {
        var bundle = Data()
        for entry in entries {
            append(entry, to: &bundle)
        }
        return bundle
    }

    /// The entries of a bundle.
    ///
    /// - Throws: `LogFormatError` when it ends within an entry.
    package static func decode(_ bundle: Data) throws(LogFormatError) -> [Data] {
        var entries: [Data] = []
        try forEachEntry(of: bundle) { entries.append(Data($0)) }
        return entries
    }

    /// The leaf hashes of a bundle's entries.
    static func leaves(of bundle: Data) throws(LogFormatError) -> [TreeHash] {
        var leaves: [TreeHash] = []
        leaves.reserveCapacity(Tile.fullWidth)
        try forEachEntry(of: bundle) { leaves.append(.leaf($0)) }
        return leaves
    }

    /// How many of a bundle's bytes its first entries take; nil when it has fewer.
    static func length(ofFirst count: Int, in bundle: Data) -> Int? {
        bundle.withUnsafeBytes { bytes in
            var offset = 0
            for _ in 0..<count {
                guard offset + 2 <= bytes.count else { return nil }
                offset += 2 + (Int(bytes[offset]) << 8 | Int(bytes[offset + 1]))
            }
            return offset <= bytes.count ? offset : nil
        }
    }

    private static func forEachEntry(
        of bundle: Data,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(LogFormatError) {
        let cut = bundle.withUnsafeBytes { bytes -> Int? in
            var offset = 0
            var number = 0
            while offset < bytes.count {
                guard offset + 2 <= bytes.count else { return number }
                let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
                offset += 2
                guard offset + length <= bytes.count else { return number }
                body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
                offset += length
                number += 1
            }
            return nil
        }
        guard let cut else { return }
        throw LogFormatError("entry bundle", "entry \(cut)", "the bundle ends within it")
    }
}
