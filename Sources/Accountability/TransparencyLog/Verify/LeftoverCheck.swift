import Foundation

/// Looks at a listed log's files that its checkpoint does not need.
struct LeftoverCheck: Sendable {
    private let lister: any LogLister
    private let checkpoint: Checkpoint
    private let log: VerifierKey

    init(_ lister: any LogLister, _ checkpoint: Checkpoint, log: VerifierKey) {
        self.lister = lister
        self.checkpoint = checkpoint
        self.log = log
    }

    /// The files that are of no tree that the checkpoint covers.
    ///
    /// - Throws: `LogFault` when an older partial tile does not begin the newer one, or a promise
    ///   contradicts the checkpoint.
    func uncoveredPaths() async throws -> [String] {
        var uncovered: [String] = []
        for path in try await lister.paths() {
            let isCovered =
                switch try? LogPath(path) {
                case .checkpoint: true
                case .promise: try await isKept(path)
                case .tile(let tile): try await isCovered(tile)
                case nil: false
                }
            if !isCovered {
                uncovered.append(path)
            }
        }
        return uncovered
    }

    /// Whether the promise is of the checkpoint, or an older one.
    private func isKept(_ path: String) async throws -> Bool {
        guard let bytes = try await lister.read(.promise) else { return true }
        let promised: Checkpoint
        do {
            promised = try CheckpointPromise(SignedNote(bytes), signedBy: log).checkpoint
        } catch let error as LogFormatError {
            throw LogFault(path, .malformed(error))
        }
        guard promised.size != checkpoint.size || promised.root == checkpoint.root else {
            throw LogFault(path, .notAnExtension(ofSize: checkpoint.size))
        }
        return promised.size <= checkpoint.size
    }

    private func isCovered(_ tile: Tile) async throws -> Bool {
        let width = tile.width(in: checkpoint.size)
        guard tile.width < width else { return tile.width == width }
        // It was removed since the files were listed: that is as good.
        guard let bytes = try await lister.read(.tile(tile)) else { return true }
        let newer = Tile(tile.kind, index: tile.index, width: width)
        guard try await beginning(of: newer, width: tile.width) == bytes else {
            throw LogFault(tile.path, .notABeginning)
        }
        return true
    }

    private func beginning(of tile: Tile, width: Int) async throws -> Data {
        let tree = TileTree(lister, size: checkpoint.size)
        switch tile.kind {
        case .hashes:
            return TreeHash.bytes(of: try await tree.hashes(in: tile).prefix(width))
        case .entries:
            let bundle = try await tree.bundle(in: tile)
            return bundle.prefix(EntryBundle.length(ofFirst: width, in: bundle) ?? 0)
        }
    }
}
