package import Foundation

/// Vouches that logs only grow: cosigns a checkpoint only when it extends the last one it cosigned.
///
/// A log that shows different people different trees needs every witness's help, so one honest
/// witness is enough to keep it from that.
///
/// Source: C2SP tlog-witness, "add-checkpoint"; the order of the checks is its.
package actor Witness {
    package nonisolated let verifierKey: VerifierKey
    private let key: SigningKey
    private let logs: [VerifierKey]
    private let store: any WitnessStore
    private let now: @Sendable () -> CosignatureTime

    /// A witness of some logs.
    ///
    /// - Parameters:
    ///   - logs: their keys, each named as its log's origin; a log may have several.
    ///   - now: seconds since 1970.
    /// - Throws: `LogFormatError` when a key is not one for what it is to sign.
    package init(
        key: SigningKey,
        logs: [VerifierKey],
        store: any WitnessStore,
        now: @escaping @Sendable () -> CosignatureTime
    ) throws(LogFormatError) {
        guard key.verifier.kind == .cosignature else {
            throw LogFormatError("witness", "key", "is not one for cosignatures")
        }
        for log in logs where log.kind != .note {
            throw LogFormatError("witness", "log `\(log.name)`", "its key is not one of a log")
        }
        verifierKey = key.verifier
        self.key = key
        self.logs = logs
        self.store = store
        self.now = now
    }

    /// Answers the body of a request.
    ///
    /// - Throws: what the store throws, and `LogFault` when what it kept is not this witness's.
    package func answer(_ body: Data) throws -> CosignAnswer {
        let request: AddCheckpointRequest
        do {
            request = try AddCheckpointRequest(body)
        } catch {
            return .malformed(error)
        }
        return try answer(request)
    }

    /// Answers a request.
    ///
    /// - Throws: as above.
    package func answer(_ request: AddCheckpointRequest) throws -> CosignAnswer {
        let next: Checkpoint
        do {
            next = try Checkpoint(request.checkpoint.text)
        } catch {
            return .malformed(error)
        }
        let keys = logs.filter { $0.name.hasSameBytes(as: next.origin) }
        guard !keys.isEmpty else { return .unknownLog }
        guard isSigned(request.checkpoint, by: keys) else { return .notSigned }
        guard request.oldSize <= next.size else { return .oldSizeTooLarge }
        let last = try last(of: next.origin)
        guard request.oldSize == last.size else { return .conflict(size: last.size) }
        guard next.size > last.size || next.root == last.root else {
            return .rootsDiffer(size: last.size)
        }
        guard isConsistent(request, from: last, to: next) else { return .notConsistent }
        return .cosigned([try cosign(request.checkpoint, of: next.origin)])
    }

    private func isSigned(_ note: SignedNote, by keys: [VerifierKey]) -> Bool {
        note.signatures.contains { signature in
            keys.contains { $0.isAuthor(of: signature, of: note.text) }
        }
    }

    private func isConsistent(
        _ request: AddCheckpointRequest,
        from last: Checkpoint,
        to next: Checkpoint
    ) -> Bool {
        let proof = ConsistencyProof(
            oldSize: last.size,
            newSize: next.size,
            hashes: request.proof
        )
        return (try? proof.verify(oldRoot: last.root, newRoot: next.root)) != nil
    }

    /// The checkpoint of a log that was cosigned last; an empty one when none was.
    private func last(of origin: String) throws -> Checkpoint {
        guard let bytes = try store.last(of: origin) else {
            return Checkpoint(origin: origin, size: 0, root: .emptyRoot)
        }
        let note = try SignedNote(bytes)
        guard try !note.verifiedSignatures(by: verifierKey).isEmpty else {
            throw LogFault("checkpoint", .wrongSignature(name: verifierKey.name))
        }
        let checkpoint = try Checkpoint(note.text)
        guard checkpoint.origin.hasSameBytes(as: origin) else {
            throw LogFault("checkpoint", .wrongOrigin)
        }
        return checkpoint
    }

    /// Cosigns a checkpoint; it is kept before anyone can see the signature.
    private func cosign(_ note: SignedNote, of origin: String) throws -> NoteSignature {
        let signature = try key.cosign(note.text, at: now())
        let cosigned = SignedNote(text: note.text, signatures: [signature])
        try store.keep(cosigned.bytes, of: origin)
        return signature
    }
}
