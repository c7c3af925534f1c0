/// Signs a log's checkpoints, each only when it extends the last one.
///
/// A log that signs two trees of which neither begins with the other has betrayed all who rely on
/// it, so there is no other way to its key than through here, with a proof.
///
/// Source: C2SP tlog-checkpoint, "Signatures": "A log MUST not sign any checkpoint which is
/// inconsistent with any checkpoint it previously signed."
struct CheckpointSigner: Sendable {
    private let key: SigningKey
    /// The last checkpoint that was signed.
    private(set) var last: Checkpoint

    /// The signer of a log that has signed a checkpoint before.
    init(key: SigningKey, last: Checkpoint) {
        self.key = key
        self.last = last
    }

    /// Signs a larger checkpoint.
    ///
    /// - Parameter proof: that the tree begins with the one of the last checkpoint.
    /// - Throws: `LogFailure.notAnExtension` when it is not larger, or the proof does not prove it.
    mutating func sign(
        _ checkpoint: Checkpoint,
        extending proof: ConsistencyProof
    ) throws -> SignedNote {
        guard proof.oldSize == last.size, proof.newSize == checkpoint.size,
            checkpoint.size > last.size
        else { throw LogFailure.notAnExtension(of: last.size, to: checkpoint.size) }
        do {
            try proof.verify(oldRoot: last.root, newRoot: checkpoint.root)
        } catch {
            throw LogFailure.notAnExtension(of: last.size, to: checkpoint.size)
        }
        let note = try Self.signed(checkpoint.text, by: key)
        last = checkpoint
        return note
    }

    /// The checkpoint of a log without entries, which has nothing to extend.
    static func signEmpty(by key: SigningKey) throws -> SignedNote {
        let name = key.verifier.name
        return try signed(Checkpoint(origin: name, size: 0, root: .emptyRoot).text, by: key)
    }

    private static func signed(_ text: String, by key: SigningKey) throws -> SignedNote {
        SignedNote(text: text, signatures: [try key.sign(text)])
    }

    /// Signs the promise to sign a checkpoint next.
    func promise(_ checkpoint: Checkpoint) throws -> SignedNote {
        try Self.signed(CheckpointPromise(checkpoint).text, by: key)
    }
}
