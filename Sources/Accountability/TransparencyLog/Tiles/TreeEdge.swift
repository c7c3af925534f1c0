import Foundation

/// The right edge of a tree: all that is needed to append to it and to write its tiles.
///
/// It holds less than one tile of each level, and less than one bundle of entries.
struct TreeEdge: Sendable {
    private(set) var range = CompactRange()
    /// The hashes of each level's partial tile.
    private(set) var rows: [[TreeHash]] = []
    /// The entries of the partial bundle.
    private(set) var bundle = Data()

    init() {}

    var size: Int { range.size }
    var root: TreeHash { range.root }

    /// Appends a leaf, and tells of each tile of hashes that it fills.
    mutating func append(_ leaf: TreeHash, filled: (Tile, [TreeHash]) -> Void) {
        let size = range.size
        var rows = rows
        self.rows = []
        range.append(leaf) { level, hash in
            guard level % Tile.height == 0 else { return }
            let row = level / Tile.height
            if row == rows.count {
                rows.append([])
            }
            rows[row].append(hash)
            guard rows[row].count == Tile.fullWidth else { return }
            filled(Tile(.hashes(level: row), index: size >> (level + Tile.height)), rows[row])
            rows[row].removeAll(keepingCapacity: true)
        }
        self.rows = rows
    }

    /// Appends entries; returns the files in which the tree now differs, entries first.
    mutating func append(_ entries: [Data]) -> [LogFile] {
        let oldSize = size
        var bundles: [LogFile] = []
        var tiles: [LogFile] = []
        for entry in entries {
            EntryBundle.append(entry, to: &bundle)
            append(.leaf(entry)) { tile, hashes in
                tiles.append(LogFile(.tile(tile), TreeHash.bytes(of: hashes)))
            }
            if size % Tile.fullWidth == 0 {
                let tile = Tile(.entries, index: size / Tile.fullWidth - 1)
                bundles.append(LogFile(.tile(tile), bundle))
                bundle = Data()
            }
        }
        return bundles + partialBundle(since: oldSize) + tiles + partialTiles(since: oldSize)
    }

    private func partialBundle(since oldSize: Int) -> [LogFile] {
        let width = size % Tile.fullWidth
        guard width > 0, size != oldSize else { return [] }
        let tile = Tile(.entries, index: size / Tile.fullWidth, width: width)
        return [LogFile(.tile(tile), bundle)]
    }

    private func partialTiles(since oldSize: Int) -> [LogFile] {
        partialTiles().filter { tile, _ in
            tile.width != Tile(tile.kind, index: tile.index).width(in: oldSize)
        }.map { LogFile(.tile($0), TreeHash.bytes(of: $1)) }
    }

    /// The partial tiles of hashes.
    func partialTiles() -> [(Tile, [TreeHash])] {
        rows.enumerated().filter { !$1.isEmpty }.map { level, row in
            let index = size >> (Tile.height * (level + 1))
            return (Tile(.hashes(level: level), index: index, width: row.count), row)
        }
    }
}

extension TreeEdge {
    /// Reads the edge of a tree from its tiles.
    ///
    /// - Throws: `LogFault` when a tile is missing, the last entries are not those of the last
    ///   leaves, or the tiles do not lead to the root.
    init(of tree: TileTree, root: TreeHash) async throws {
        let size = tree.size
        for tile in Tile.rightEdge(of: size) {
            switch tile.kind {
            case .hashes(let level):
                let row = tile.isFull ? [] : try await tree.hashes(in: tile)
                precondition(level == rows.count, "the right edge goes up level by level")
                rows.append(row)
            case .entries:
                bundle = tile.isFull ? Data() : try await tree.bundle(in: tile)
            }
        }
        let subtrees = Subtree.covering(0..<size)
        let hashes = try await tree.hashes(of: subtrees)
        range = CompactRange(size: size, hashes: subtrees.compactMap { hashes[$0] })
        guard range.root == root else { throw LogFault("checkpoint", .wrongRoot) }
        guard try EntryBundle.leaves(of: bundle) == rows.first ?? [] else {
            let width = size % Tile.fullWidth
            let tile = Tile(.entries, index: size / Tile.fullWidth, width: max(width, 1))
            throw LogFault(tile.path, .entryNotInTree)
        }
    }
}
