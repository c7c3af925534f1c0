import Foundation

/// Where a log that this process writes has got to.
struct LogHead: Sendable {
    /// The checkpoint that is published.
    var note: SignedNote
    var signer: CheckpointSigner
    var edge: TreeEdge

    var checkpoint: Checkpoint { signer.last }
}

extension LogHead {
    /// Reads where a log stands, and finishes what it was stopped at.
    ///
    /// A promise says that tiles beyond the checkpoint are on disk and meant to be signed: that is
    /// done. Tiles without one are no part of the log and are removed.
    ///
    /// - Returns: the head, and the entries that were taken up again, if any.
    /// - Throws: `LogFailure.noLog` without a checkpoint; `LogFault` when the files at the log's
    ///   right edge are not those of its checkpoint.
    static func load(
        from store: any TileStore,
        key: SigningKey
    ) async throws -> (head: LogHead, resumed: Range<Int>) {
        guard let bytes = try await store.read(.checkpoint) else { throw LogFailure.noLog }
        var note = try readNote(bytes, .checkpoint)
        let published = try Checkpoint(note, signedBy: key.verifier)
        var signer = CheckpointSigner(key: key, last: published)
        if let promised = try await promise(in: store, of: key.verifier, beyond: published) {
            let tree = TileTree(store, size: promised.size)
            try await tree.checkEntries(in: published.size..<promised.size)
            let proof = try await tree.consistencyProof(from: published.size)
            note = try signer.sign(promised, extending: proof)
        }
        // Also when it is the one that was there: a power cut may yet take it back.
        try await store.write([LogFile(.checkpoint, note.bytes)])
        try await removeTiles(beyond: signer.last.size, in: store)
        let tree = TileTree(store, size: signer.last.size)
        let edge = try await TreeEdge(of: tree, root: signer.last.root)
        let head = LogHead(note: note, signer: signer, edge: edge)
        return (head, published.size..<signer.last.size)
    }

    /// Removes the tiles that one batch can have left beyond a tree that was not promised.
    ///
    /// Else some might stay that no later batch writes over, and contradict the tree.
    private static func removeTiles(beyond size: Int, in store: any TileStore) async throws {
        let last = size + TransparencyLog.batchEntriesMax
        for edge in Tile.rightEdge(of: last) {
            let index = Tile(edge.kind, index: 0).count(in: size) / Tile.fullWidth
            let width = Tile(edge.kind, index: index).width(in: size)
            let partials = (width + 1..<Tile.fullWidth).map {
                LogPath.tile(Tile(edge.kind, index: index, width: $0))
            }
            let beyond = (index...max(edge.index, index)).map { Tile(edge.kind, index: $0) }
            try await store.remove(partials + beyond.map { .tile($0) })
            try await store.removePartials(of: Array(beyond.dropFirst()))
        }
    }

    private static func readNote(_ bytes: Data, _ path: LogPath) throws -> SignedNote {
        do {
            return try SignedNote(bytes)
        } catch {
            throw LogFault(path.description, .malformed(error))
        }
    }

    /// The checkpoint that was promised, unless it is published already.
    private static func promise(
        in store: any TileStore,
        of log: VerifierKey,
        beyond published: Checkpoint
    ) async throws -> Checkpoint? {
        guard let bytes = try await store.read(.promise) else { return nil }
        let note = try readNote(bytes, .promise)
        let promised = try CheckpointPromise(note, signedBy: log).checkpoint
        guard promised.size != published.size || promised.root == published.root else {
            throw LogFault("promise", .notAnExtension(ofSize: published.size))
        }
        return promised.size > published.size ? promised : nil
    }
}

extension TileTree {
    /// Checks that entries are those of the tree's leaves.
    ///
    /// - Throws: `LogFault` naming the first that is not.
    func checkEntries(in range: Range<Int>) async throws {
        guard !range.isEmpty else { return }
        for index in range.lowerBound / Tile.fullWidth...(range.upperBound - 1) / Tile.fullWidth {
            _ = try await checkedLeaves(ofBundle: index)
        }
    }

    /// The leaf hashes of a bundle's entries, which are those of the tile of hashes too.
    func checkedLeaves(ofBundle index: Int) async throws -> [TreeHash] {
        let width = Tile(.entries, index: index).width(in: size)
        let tile = Tile(.entries, index: index, width: width)
        let leaves = try EntryBundle.leaves(of: try await bundle(in: tile))
        let hashes = try await hashes(in: Tile(.hashes(level: 0), index: index, width: width))
        if let wrong = leaves.indices.first(where: { leaves[$0] != hashes[$0] }) {
            throw LogFault(tile.path, index: index * Tile.fullWidth + wrong, .entryNotInTree)
        }
        return leaves
    }
}
