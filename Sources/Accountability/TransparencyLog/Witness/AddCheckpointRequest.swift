package import Foundation

/// What a log asks a witness: to cosign a checkpoint that extends the last one it cosigned.
///
/// Source: C2SP tlog-witness, "add-checkpoint"; `bytes` is the body of `POST add-checkpoint`.
package struct AddCheckpointRequest: Hashable, Sendable {
    package static let proofHashesMax = 63
    package static let sizeMaxBytes = SignedNote.sizeMaxBytes + 4_096

    /// The size of the checkpoint that the witness cosigned last, as the log believes.
    package let oldSize: Int
    /// The consistency proof from there to the checkpoint.
    package let proof: [TreeHash]
    package let checkpoint: SignedNote

    package init(oldSize: Int, proof: [TreeHash], checkpoint: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    package var bytes: Data {
        let lines = ["old \(oldSize)"] + proof.map { "\($0)" } + [""]
        return Data(lines.map { "\($0)\n" }.joined().utf8) + checkpoint.bytes
    }

    /// Reads the body of a request.
    ///
    /// - Throws: `LogFormatError` naming the part that is not as it should be.
    package init(_ bytes: Data) throws(LogFormatError) {
        guard bytes.count <= Self.sizeMaxBytes else {
            throw LogFormatError("add-checkpoint request", "body", "is too long")
        }
        guard let blank = bytes.firstRange(of: Data([0x0a, 0x0a])) else {
            throw LogFormatError("add-checkpoint request", "body", "has no blank line")
        }
        let lines = bytes[..<blank.lowerBound].split(
            separator: 0x0a,
            omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        guard let first = lines.first, first.utf8.starts(with: "old ".utf8),
            let oldSize = Decimal.read(first.dropFirst(4))
        else { throw LogFormatError("add-checkpoint request", "old size", "is not the first line") }
        guard lines.count - 1 <= Self.proofHashesMax else {
            throw LogFormatError("add-checkpoint request", "proof", "has over 63 hashes")
        }
        var proof: [TreeHash] = []
        for line in lines.dropFirst() {
            guard let hash = StrictBase64.decode(line).flatMap({ TreeHash($0) }) else {
                throw LogFormatError("add-checkpoint request", "proof", "`\(line)` is no hash")
            }
            proof.append(hash)
        }
        self.oldSize = oldSize
        self.proof = proof
        checkpoint = try SignedNote(Data(bytes[blank.upperBound...]))
    }
}

/// A log's checkpoint whose tiles are on disk, for witnesses to be asked about.
package struct CheckpointToCosign: Sendable {
    /// The checkpoint, signed by the log.
    package let note: SignedNote
    let tree: TileTree

    package var size: Int { tree.size }

    /// The checkpoint that a log has published.
    ///
    /// - Throws: `LogFault` when there is none, or the log has not signed it.
    package init(publishedIn reader: any LogReader, signedBy log: VerifierKey) async throws {
        let (checkpoint, note) = try await LogVerifier(log: log).verifyCheckpoint(of: reader)
        self.init(note: note, tree: TileTree(reader, size: checkpoint.size))
    }

    init(note: SignedNote, tree: TileTree) {
        self.note = note
        self.tree = tree
    }

    /// What to ask a witness that has cosigned a checkpoint of a size, 0 if none yet.
    ///
    /// A witness that answers with a conflict tells the size to ask with.
    package func request(oldSize: Int) async throws -> AddCheckpointRequest {
        let proof = try await tree.consistencyProof(from: oldSize)
        return AddCheckpointRequest(oldSize: oldSize, proof: proof.hashes, checkpoint: note)
    }
}

/// Asks witnesses, over whatever they are reached by.
package protocol CosignatureSource: Sendable {
    /// Those cosignatures that could be had in good time; none of them is trusted yet.
    func cosignatures(of checkpoint: CheckpointToCosign) async -> [NoteSignature]
}
