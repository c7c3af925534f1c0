package import Foundation

/// Where an entry stands in the log.
package struct LogPosition: Hashable, Sendable {
    package let index: Int
    /// The size of the first published checkpoint that the entry is in.
    package let checkpointSize: Int
}

/// The transparency log that this process writes: entries in, signed checkpoints out.
///
/// Entries that arrive while others are being written are written together, next. What `append` has
/// answered is on disk and in a published checkpoint. When it throws after the first write, the
/// entries may be in the log all the same: what was promised is finished before anything else is
/// written. Entries therefore carry what makes them one of a kind, and who appends them again looks
/// from `size` on whether they are there.
package actor TransparencyLog {
    /// How many entries are written together at most.
    package static let batchEntriesMax = 4_096
    /// How many entries may wait to be written.
    package static let waitingEntriesMax = 65_536

    package nonisolated let verifierKey: VerifierKey
    /// The entries that an earlier process had written but not published, and that opening did.
    package nonisolated let resumed: Range<Int>

    private let key: SigningKey
    private let store: any TileStore
    private let policy: WitnessPolicy
    private let witnesses: (any CosignatureSource)?
    private var head: LogHead
    /// Whether a write has failed, so that only the store knows what is there.
    private var isUncertain = false
    /// Whether a caller has its turn; the others wait for theirs.
    private var isBusy = false
    private var waiters: [Waiter] = []
    /// Full tiles whose partial ones are still to be removed.
    private var superseded: [Tile] = []

    /// Makes a log without entries, and publishes its first checkpoint.
    ///
    /// - Throws: `LogFailure.alreadyThere` when the store has a log, or remains of one.
    package static func create(
        in store: any TileStore,
        key: SigningKey
    ) async throws {
        guard key.verifier.kind == .note else { throw LogFailure.notALogKey }
        let first = Tile(.hashes(level: 0), index: 0)
        for path in [.checkpoint, .promise, .tile(first)] as [LogPath] {
            guard try await store.read(path) == nil else { throw LogFailure.alreadyThere }
        }
        let note = try CheckpointSigner.signEmpty(by: key)
        try await store.write([LogFile(.checkpoint, note.bytes)])
    }

    /// Opens a log, and finishes what it was stopped at.
    ///
    /// - Parameters:
    ///   - seen: a checkpoint kept elsewhere, which the log must extend; so a store that was put
    ///     back to an older state is found out before it is written.
    ///   - policy: the witnesses whose cosignatures are published.
    ///   - witnesses: asks them about each checkpoint before it is published.
    /// - Throws: `LogFailure`, `LogFault`, or what the store throws.
    package init(
        in store: any TileStore,
        key: SigningKey,
        seen: Checkpoint? = nil,
        policy: WitnessPolicy = .none,
        witnesses: (any CosignatureSource)? = nil
    ) async throws {
        guard key.verifier.kind == .note else { throw LogFailure.notALogKey }
        self.key = key
        self.store = store
        self.policy = policy
        self.witnesses = witnesses
        verifierKey = key.verifier
        (head, resumed) = try await LogHead.load(from: store, key: key)
        if let seen {
            let tree = TileTree(store, size: head.checkpoint.size)
            guard seen.size <= tree.size, try await tree.root(at: seen.size) == seen.root else {
                throw LogFault("checkpoint", .notAnExtension(ofSize: seen.size))
            }
        }
    }

    /// Appends entries, in their order and next to one another, and publishes a checkpoint with them.
    ///
    /// - Parameter entries: at most `batchEntriesMax`, each of `EntryBundle.entrySizeMaxBytes`.
    /// - Returns: where each of them stands.
    /// - Throws: `LogFailure`, or what the store throws; see above on what may be in the log then.
    package func append(_ entries: [Data]) async throws -> [LogPosition] {
        for entry in entries where entry.count > EntryBundle.entrySizeMaxBytes {
            throw LogFailure.entryTooLong(sizeBytes: entry.count)
        }
        guard entries.count <= Self.batchEntriesMax else {
            throw LogFailure.tooManyEntries(count: entries.count)
        }
        guard !entries.isEmpty else { return [] }
        let range =
            switch try await turn(with: entries) {
            case .written(let result): try result.get()
            case .yours: try await writeTogether(entries)
            }
        return range.map { LogPosition(index: $0, checkpointSize: range.upperBound) }
    }
}

// Turns: one caller at a time writes, with the entries of those that wait behind it.

extension TransparencyLog {
    private enum Turn {
        case yours
        case written(Result<Range<Int>, any Error>)
    }

    private struct Waiter {
        /// What it wants written; nothing when it wants something else done.
        let entries: [Data]
        let wake: CheckedContinuation<Turn, Never>
    }

    private func turn(with entries: [Data]) async throws -> Turn {
        guard isBusy else {
            isBusy = true
            return .yours
        }
        guard waitingEntries + entries.count <= Self.waitingEntriesMax else {
            throw LogFailure.backlogFull
        }
        return await withCheckedContinuation { waiters.append(Waiter(entries: entries, wake: $0)) }
    }

    /// How many entries wait for those before them to be written.
    package var waitingEntries: Int { waiters.reduce(0) { $0 + $1.entries.count } }

    private func endTurn() {
        if waiters.isEmpty {
            isBusy = false
        } else {
            waiters.removeFirst().wake.resume(returning: .yours)
        }
    }

    private func writeTogether(_ entries: [Data]) async throws -> Range<Int> {
        defer { endTurn() }
        let others = takeWaiters(besides: entries.count)
        do {
            let all = entries + others.flatMap(\.entries)
            let range = try await commit(all)
            var next = range.lowerBound + entries.count
            for other in others {
                let own = next..<next + other.entries.count
                other.wake.resume(returning: .written(.success(own)))
                next = own.upperBound
            }
            return range.lowerBound..<range.lowerBound + entries.count
        } catch {
            for other in others {
                other.wake.resume(returning: .written(.failure(error)))
            }
            throw error
        }
    }

    /// Those who wait to append and whose entries can be written together with some.
    private func takeWaiters(besides count: Int) -> [Waiter] {
        var sum = count
        let taken = waiters.prefix {
            sum += $0.entries.count
            return !$0.entries.isEmpty && sum <= Self.batchEntriesMax
        }
        waiters.removeFirst(taken.count)
        return Array(taken)
    }
}

// Writing: tiles, then the promise, then the checkpoint.

extension TransparencyLog {
    private func commit(_ entries: [Data]) async throws -> Range<Int> {
        try await becomeCertain()
        guard try await store.read(.checkpoint) == head.note.bytes else {
            throw LogFailure.changedByOthers
        }
        isUncertain = true
        let first = head.edge.size
        var edge = head.edge
        let files = edge.append(entries)
        try await store.write(files)
        let (note, signer) = try await sign(edge)
        try await store.write([LogFile(.promise, try signer.promise(signer.last).bytes)])
        let published = await cosigned(note, size: edge.size)
        try await store.write([LogFile(.checkpoint, published.bytes)])
        head = LogHead(note: published, signer: signer, edge: edge)
        isUncertain = false
        await removePartials(of: files)
        return first..<edge.size
    }

    /// Reads from the store what is there, when that is not known.
    private func becomeCertain() async throws {
        guard isUncertain else { return }
        (head, _) = try await LogHead.load(from: store, key: key)
        isUncertain = false
    }

    /// Signs the tree, proven from its tiles in the store to extend the last one.
    private func sign(_ edge: TreeEdge) async throws -> (SignedNote, CheckpointSigner) {
        let checkpoint = Checkpoint(
            origin: verifierKey.name,
            size: edge.size,
            root: edge.root
        )
        let tree = TileTree(store, size: edge.size)
        let proof = try await tree.consistencyProof(from: head.checkpoint.size)
        var signer = head.signer
        let note = try signer.sign(checkpoint, extending: proof)
        return (note, signer)
    }

    /// Removes the partial tiles that full ones have taken the place of; what fails is tried again.
    private func removePartials(of files: [LogFile]) async {
        for file in files {
            if case .tile(let tile) = file.path, tile.isFull {
                superseded.append(tile)
            }
        }
        guard !superseded.isEmpty else { return }
        do {
            try await store.removePartials(of: superseded)
            superseded = []
        } catch {
            // They do no harm; the next batch tries again.
            superseded = superseded.suffix(Self.batchEntriesMax)
        }
    }
}

// Witnesses.

extension TransparencyLog {
    /// The published checkpoint, for witnesses to be asked about.
    package var checkpointToCosign: CheckpointToCosign {
        CheckpointToCosign(note: head.note, tree: TileTree(store, size: head.checkpoint.size))
    }

    /// Publishes cosignatures of the checkpoint that is published now.
    ///
    /// - Parameter note: the checkpoint that the witnesses were asked about.
    /// - Returns: the witnesses of the policy that have cosigned by now.
    /// - Throws: `LogFailure.notCurrent` when another checkpoint has been published since.
    @discardableResult
    package func attach(
        _ cosignatures: [NoteSignature],
        to note: SignedNote
    ) async throws -> [WitnessedAt] {
        if case .written(let result) = try await turn(with: []) { _ = try result.get() }
        defer { endTurn() }
        try await becomeCertain()
        guard note.text.hasSameBytes(as: head.note.text) else { throw LogFailure.notCurrent }
        let cosigned = adding(cosignatures, to: head.note)
        if cosigned != head.note {
            isUncertain = true
            try await store.write([LogFile(.checkpoint, cosigned.bytes)])
            head.note = cosigned
            isUncertain = false
        }
        return policy.witnesses(of: cosigned)
    }

    private func cosigned(_ note: SignedNote, size: Int) async -> SignedNote {
        guard let witnesses else { return note }
        let request = CheckpointToCosign(note: note, tree: TileTree(store, size: size))
        return adding(await witnesses.cosignatures(of: request), to: note)
    }

    /// The note with those cosignatures that are the policy's witnesses', and right.
    private func adding(_ cosignatures: [NoteSignature], to note: SignedNote) -> SignedNote {
        policy.witnesses.reduce(note) { note, witness in
            let own = cosignatures.last { witness.isAuthor(of: $0, of: note.text) }
            return own.map { note.signed(with: $0) } ?? note
        }
    }
}

// Reading.

extension TransparencyLog {
    /// The published checkpoint, with its signatures.
    package var checkpoint: SignedNote { head.note }

    /// How many entries the published checkpoint has.
    package var size: Int { head.checkpoint.size }

    /// The entry at an index, and the proof that it is in the published checkpoint.
    ///
    /// - Throws: `LogFailure.noEntry`; `LogFault` when the files do not lead to the checkpoint.
    package func entry(at index: Int) async throws -> (entry: Data, proof: InclusionProof) {
        let checkpoint = head.checkpoint
        guard index >= 0, index < checkpoint.size else {
            throw LogFailure.noEntry(index: index, size: checkpoint.size)
        }
        return try await TileTree(store, size: checkpoint.size)
            .entry(at: index, root: checkpoint.root)
    }

    /// Proves that an entry is in the published checkpoint.
    package func inclusionProof(of index: Int) async throws -> InclusionProof {
        try await entry(at: index).proof
    }

    /// Proves that the published checkpoint extends the log as it was at a size.
    package func consistencyProof(from oldSize: Int) async throws -> ConsistencyProof {
        try await TileTree(store, size: head.checkpoint.size).consistencyProof(from: oldSize)
    }
}
