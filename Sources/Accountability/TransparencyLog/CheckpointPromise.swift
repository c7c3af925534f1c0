import Foundation

/// What a log is about to sign: a tree whose tiles are all on disk.
///
/// It is on disk before the checkpoint can be seen, and the checkpoint is what it says or does not
/// come to be. So a log that stops between the two, or whose last writes a power cut takes back,
/// goes on to sign that tree and no other of the same size. Being signed, it cannot be planted.
///
/// Its text begins `<origin>`, `promise`: as that is no size, none can take it for a checkpoint.
struct CheckpointPromise: Hashable, Sendable {
    private static let mark = "promise"

    let checkpoint: Checkpoint

    init(_ checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
    }

    var text: String {
        "\(checkpoint.origin)\n\(Self.mark)\n\(checkpoint.size)\n\(checkpoint.root)\n"
    }

    /// Reads a promise that a log has signed.
    init(_ note: SignedNote, signedBy log: VerifierKey) throws(LogFault) {
        let prefix = "\(log.name)\n\(Self.mark)\n"
        guard note.text.utf8.starts(with: prefix.utf8) else {
            throw LogFault("promise", .wrongOrigin)
        }
        do {
            let rest = note.text.utf8.dropFirst(prefix.utf8.count)
            checkpoint = try Checkpoint("\(log.name)\n\(Substring(rest))")
        } catch {
            throw LogFault("promise", .malformed(error))
        }
        guard try !note.verifiedSignatures(by: log).isEmpty else {
            throw LogFault("promise", .notSignedByLog)
        }
    }
}
