/// Checks a whole log, trusting nothing but the keys it is given.
///
/// Every entry is hashed, every tile computed anew and compared, the root compared with the
/// checkpoint, whose signatures are checked. In memory there are a few bundles of entries and one
/// tile of each level, however large the log is.
package struct LogVerifier: Sendable {
    /// How many bundles are read and hashed at a time.
    private static let windowBundles = 16

    /// The log's key; its name is the log's origin.
    package let log: VerifierKey
    package let policy: WitnessPolicy
    /// Checkpoints that were trusted before, which the log must extend.
    package let seen: [Checkpoint]
    /// Whether signatures by keys that are not given are faults, rather than overlooked as the
    /// format asks; then no byte of the checkpoint can be changed unnoticed.
    package let refusesUnknownSignatures: Bool

    package init(
        log: VerifierKey,
        policy: WitnessPolicy = .none,
        seen: [Checkpoint] = [],
        refusesUnknownSignatures: Bool = false
    ) {
        self.log = log
        self.policy = policy
        self.seen = seen
        self.refusesUnknownSignatures = refusesUnknownSignatures
    }

    /// Checks the log that a reader reads, from the checkpoint to the last file.
    ///
    /// Where files can be listed, those that the checkpoint does not need are looked at too: older
    /// partial tiles must begin the newer ones, and what belongs to no tree is told.
    ///
    /// - Throws: the first `LogFault`; or what the reader throws, when a file cannot be read.
    package func verify(_ reader: any LogReader) async throws -> VerifiedLog {
        let (checkpoint, note) = try await verifyCheckpoint(of: reader)
        let witnesses = try policy.verify(note)
        try await verifyTree(of: reader, checkpoint)
        var uncovered: [String] = []
        if let lister = reader as? any LogLister {
            uncovered = try await LeftoverCheck(lister, checkpoint, log: log).uncoveredPaths()
        }
        return VerifiedLog(
            checkpoint: checkpoint,
            note: note,
            witnesses: witnesses,
            uncoveredPaths: uncovered
        )
    }

    /// Checks the checkpoint and its signatures alone.
    ///
    /// - Throws: as above.
    package func verifyCheckpoint(
        of reader: any LogReader
    ) async throws -> (checkpoint: Checkpoint, note: SignedNote) {
        guard let bytes = try await reader.read(.checkpoint) else {
            throw LogFault("checkpoint", .missing)
        }
        let note: SignedNote
        do {
            note = try SignedNote(bytes)
        } catch {
            throw LogFault("checkpoint", .malformed(error))
        }
        let checkpoint = try Checkpoint(note, signedBy: log)
        if refusesUnknownSignatures, let name = unknownSigner(of: note) {
            throw LogFault("checkpoint", .unknownSignature(name: name))
        }
        return (checkpoint, note)
    }

    private func unknownSigner(of note: SignedNote) -> String? {
        note.signatures.first { signature in
            !([log] + policy.witnesses).contains { signature.isBy($0) }
        }?.name
    }

    private func verifyTree(of reader: any LogReader, _ checkpoint: Checkpoint) async throws {
        var check = TreeCheck(seen: seen)
        try check.compareSeen()
        let tree = TileTree(reader, size: checkpoint.size)
        let bundles = (checkpoint.size + Tile.fullWidth - 1) / Tile.fullWidth
        for start in stride(from: 0, to: bundles, by: Self.windowBundles) {
            let window = start..<min(start + Self.windowBundles, bundles)
            for leaves in try await leaves(ofBundles: window, of: tree) {
                try await check.append(leaves, comparing: tree)
            }
        }
        try await check.finish(comparing: tree)
        guard check.root == checkpoint.root else { throw LogFault("checkpoint", .wrongRoot) }
    }

    /// The checked leaf hashes of some bundles, in order; the first fault is the one that is thrown.
    private func leaves(
        ofBundles window: Range<Int>,
        of tree: TileTree
    ) async throws -> [[TreeHash]] {
        let found = await withTaskGroup(of: CheckedBundle.self) { group in
            for index in window {
                group.addTask { await CheckedBundle(index, of: tree) }
            }
            return await group.reduce(into: [CheckedBundle]()) { $0.append($1) }
        }
        return try found.sorted { $0.index < $1.index }.map { try $0.leaves.get() }
    }
}

/// A bundle's leaf hashes, or what is wrong with it.
///
/// A type of its own, since Swift 6.3's optimizer loses the index from a tuple that a task of a group
/// returns from within `do` and `catch`.
private struct CheckedBundle: Sendable {
    let index: Int
    let leaves: Result<[TreeHash], any Error>

    init(_ index: Int, of tree: TileTree) async {
        self.index = index
        do {
            leaves = .success(try await tree.checkedLeaves(ofBundle: index))
        } catch {
            leaves = .failure(error)
        }
    }
}

/// A log that was found to be as it should be.
package struct VerifiedLog: Hashable, Sendable {
    package let checkpoint: Checkpoint
    /// The checkpoint as it is signed, to be kept and given as seen the next time.
    package let note: SignedNote
    /// The witnesses of the policy that have cosigned.
    package let witnesses: [WitnessedAt]
    /// Files that the checkpoint says nothing of: what the log is writing at this moment, or what
    /// does not belong there.
    package let uncoveredPaths: [String]
}
