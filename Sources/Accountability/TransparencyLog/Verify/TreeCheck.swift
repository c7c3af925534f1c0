/// Grows the tree from its leaves and compares each tile above them as it fills.
struct TreeCheck: Sendable {
    private var edge = TreeEdge()
    /// Checkpoints still to be compared, the smallest last.
    private var seen: [Checkpoint]

    init(seen: [Checkpoint]) {
        self.seen = seen.sorted { $0.size > $1.size }
    }

    var root: TreeHash { edge.root }

    mutating func append(_ leaves: [TreeHash], comparing tree: TileTree) async throws {
        var filled: [(Tile, [TreeHash])] = []
        for leaf in leaves {
            edge.append(leaf) { filled.append(($0, $1)) }
            try compareSeen()
        }
        for (tile, hashes) in filled {
            try await compare(tile, hashes, with: tree)
        }
    }

    /// Compares the partial tiles, when there are no more leaves.
    mutating func finish(comparing tree: TileTree) async throws {
        for (tile, hashes) in edge.partialTiles() {
            try await compare(tile, hashes, with: tree)
        }
        if let larger = seen.last {
            throw LogFault("checkpoint", .notAnExtension(ofSize: larger.size))
        }
    }

    /// Compares the root with that of a checkpoint of this size, if one was seen.
    mutating func compareSeen() throws(LogFault) {
        while let next = seen.last, next.size == edge.size {
            guard next.root == edge.root else {
                throw LogFault("checkpoint", .notAnExtension(ofSize: next.size))
            }
            seen.removeLast()
        }
    }

    private func compare(
        _ tile: Tile,
        _ hashes: [TreeHash],
        with tree: TileTree
    ) async throws {
        // Level 0 was compared with the entries.
        guard tile.kind != .hashes(level: 0) else { return }
        let stored = try await tree.hashes(in: tile)
        guard let wrong = hashes.indices.first(where: { hashes[$0] != stored[$0] }) else { return }
        throw LogFault(tile.path, index: tile.index * Tile.fullWidth + wrong, .wrongHash)
    }
}
