package import Foundation

/// A tree of a published size, read from a log's tiles.
///
/// The same tiles also tell of the tree at each smaller size, so older checkpoints have their proofs
/// too. What it tells is as true as the tiles are: proofs are to be checked against a checkpoint.
package struct TileTree: Sendable {
    private let reader: any LogReader
    package let size: Int

    package init(_ reader: any LogReader, size: Int) {
        self.reader = reader
        self.size = size
    }

    /// The root of the tree, or of the tree as it was at a smaller size.
    package func root(at size: Int? = nil) async throws -> TreeHash {
        let size = size ?? self.size
        guard size >= 0, size <= self.size else { throw ProofFailure.outOfRange }
        let subtrees = Subtree.covering(0..<size)
        let hashes = try await hashes(of: subtrees)
        return CompactRange.root(of: subtrees.compactMap { hashes[$0] })
    }

    /// Proves that an entry is in the tree, or in the tree as it was at a smaller size.
    package func inclusionProof(
        of index: Int,
        in size: Int? = nil
    ) async throws -> InclusionProof {
        let size = size ?? self.size
        guard index >= 0, index < size, size <= self.size else { throw ProofFailure.outOfRange }
        let hashes = try await roots(of: ProofRanges.inclusion(of: index, in: size))
        return InclusionProof(index: index, size: size, hashes: hashes)
    }

    /// Proves that the tree, or as it was at a smaller size, begins with the tree at an older one.
    package func consistencyProof(
        from oldSize: Int,
        to newSize: Int? = nil
    ) async throws -> ConsistencyProof {
        let newSize = newSize ?? size
        guard oldSize >= 0, oldSize <= newSize, newSize <= size else {
            throw ProofFailure.outOfRange
        }
        let hashes = try await roots(of: ProofRanges.consistency(from: oldSize, to: newSize))
        return ConsistencyProof(oldSize: oldSize, newSize: newSize, hashes: hashes)
    }

    /// The hashes above ranges of entries; each tile that they need is read once.
    private func roots(of ranges: [Range<Int>]) async throws -> [TreeHash] {
        let parts = ranges.map { Subtree.covering($0) }
        let hashes = try await hashes(of: Set(parts.joined()))
        return parts.map { CompactRange.root(of: $0.compactMap { hashes[$0] }) }
    }

    /// The hashes of perfect subtrees.
    func hashes(of subtrees: some Collection<Subtree>) async throws -> [Subtree: TreeHash] {
        var hashes: [Subtree: TreeHash] = [:]
        for (tile, subtrees) in Dictionary(grouping: subtrees, by: tile) {
            let row = try await self.hashes(in: tile)
            for subtree in subtrees {
                hashes[subtree] = Self.root(of: subtree, in: row, of: tile)
            }
        }
        return hashes
    }

    /// The tile whose hashes a subtree's is computed from.
    private func tile(of subtree: Subtree) -> Tile {
        let level = subtree.level / Tile.height
        let first = subtree.index << (subtree.level % Tile.height)
        let tile = Tile(.hashes(level: level), index: first / Tile.fullWidth)
        return Tile(tile.kind, index: tile.index, width: tile.width(in: size))
    }

    private static func root(
        of subtree: Subtree,
        in row: [TreeHash],
        of tile: Tile
    ) -> TreeHash? {
        let level = subtree.level % Tile.height
        let first = (subtree.index << level) % Tile.fullWidth
        var hashes = Array(row.dropFirst(first).prefix(1 << level))
        while hashes.count > 1 {
            hashes = stride(from: 0, to: hashes.count - 1, by: 2).map {
                .node(hashes[$0], hashes[$0 + 1])
            }
        }
        return hashes.first
    }

    /// The hashes that a tile holds.
    ///
    /// - Throws: `LogFault` when the tile is missing or not as long as its width says.
    func hashes(in tile: Tile) async throws -> [TreeHash] {
        let (path, bytes) = try await bytes(of: tile)
        let needed = tile.width * TreeHash.byteCount
        let isLong = path == .tile(tile) ? bytes.count == needed : bytes.count >= needed
        guard isLong, let hashes = TreeHash.all(in: bytes.prefix(needed)) else {
            throw LogFault(path.description, .wrongLength)
        }
        return hashes
    }

    /// The entries of a tile of entries, as a bundle.
    ///
    /// - Throws: `LogFault` when the tile is missing or does not hold as many entries as its width
    ///   says.
    func bundle(in tile: Tile) async throws -> Data {
        let (path, bytes) = try await bytes(of: tile)
        guard let length = EntryBundle.length(ofFirst: tile.width, in: bytes),
            path != .tile(tile) || length == bytes.count
        else { throw LogFault(path.description, .wrongLength) }
        return bytes.prefix(length)
    }

    /// The bytes of a tile; those of the full one, when the partial one is gone.
    private func bytes(of tile: Tile) async throws -> (path: LogPath, bytes: Data) {
        if let bytes = try await reader.read(.tile(tile)) {
            return (.tile(tile), bytes)
        }
        if !tile.isFull, let bytes = try await reader.read(.tile(tile.full)) {
            return (.tile(tile.full), bytes)
        }
        throw LogFault(tile.path, .missing)
    }
}

extension TileTree {
    /// All entries of a log that has been verified whole, bundle by bundle, in order.
    ///
    /// - Parameter first: the index of the first one wanted.
    /// - Throws: `LogFault`; what `body` throws.
    package func forEachEntry(
        from first: Int = 0,
        _ body: (Data) throws -> Void
    ) async throws {
        let beginning = first - first % Tile.fullWidth
        for start in stride(from: beginning, to: size, by: Tile.fullWidth) {
            let whole = Tile(.entries, index: start / Tile.fullWidth)
            let tile = Tile(.entries, index: whole.index, width: whole.width(in: size))
            let entries = try EntryBundle.decode(try await bundle(in: tile))
            for entry in entries.dropFirst(max(0, first - start)) { try body(entry) }
        }
    }

    /// The entry at an index, and the proof that it is in the tree with this root.
    ///
    /// - Throws: `LogFault` when the log's files do not lead to the root.
    package func entry(
        at index: Int,
        root: TreeHash
    ) async throws -> (entry: Data, proof: InclusionProof) {
        let proof = try await inclusionProof(of: index)
        let whole = Tile(.entries, index: index / Tile.fullWidth)
        let tile = Tile(.entries, index: whole.index, width: whole.width(in: size))
        let entries = try EntryBundle.decode(try await bundle(in: tile))
        let entry = entries[index % Tile.fullWidth]
        do {
            try proof.verify(leaf: .leaf(entry), root: root)
        } catch {
            throw LogFault(tile.path, index: index, .entryNotInTree)
        }
        return (entry, proof)
    }
}
