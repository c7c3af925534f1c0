package import Foundation
import Kernel

/// What a witness elsewhere answers to one request: a status of HTTP, and a body.
package struct WitnessReply: Hashable, Sendable {
    package let status: Int
    package let body: Data

    package init(status: Int, body: Data) {
        self.status = status
        self.body = body
    }
}

/// A witness elsewhere, and how requests are carried to it.
package struct RemoteWitness: Sendable {
    package let key: VerifierKey
    let post: @Sendable (_ body: Data) async throws -> WitnessReply

    package init(
        key: VerifierKey,
        post: @escaping @Sendable (_ body: Data) async throws -> WitnessReply
    ) {
        self.key = key
        self.post = post
    }
}

/// Asks witnesses elsewhere about a checkpoint, all at once and none for long.
///
/// Whoever is away, slow or wrong is left out; the log goes on without them, and everybody sees that
/// they have not cosigned.
///
/// Source: C2SP tlog-witness, "add-checkpoint".
package struct RemoteWitnesses: CosignatureSource {
    private let witnesses: [RemoteWitness]
    private let patience: Duration
    private let report: @Sendable (_ witness: String, _ reason: String) -> Void
    /// The sizes that they have told, by their names.
    private let sizes = Locked<[String: Int]>([:])

    /// - Parameters:
    ///   - patience: how long each of them is waited for.
    ///   - report: told why a witness has not cosigned.
    package init(
        _ witnesses: [RemoteWitness],
        patience: Duration,
        report: @escaping @Sendable (_ witness: String, _ reason: String) -> Void = { _, _ in }
    ) {
        self.witnesses = witnesses
        self.patience = patience
        self.report = report
    }

    package func cosignatures(of checkpoint: CheckpointToCosign) async -> [NoteSignature] {
        await withTaskGroup(of: [NoteSignature].self) { group in
            for witness in witnesses {
                group.addTask { await patiently(witness, checkpoint) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func patiently(
        _ witness: RemoteWitness,
        _ checkpoint: CheckpointToCosign
    ) async -> [NoteSignature] {
        do {
            return try await withThrowingTaskGroup(of: [NoteSignature].self) { group in
                group.addTask { try await ask(witness, checkpoint) }
                group.addTask {
                    try await Task.sleep(for: patience)
                    throw Refusal("no answer in time")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch {
            report(witness.key.name, "\(error)")
            return []
        }
    }

    /// Asks from the size that the witness is known to be at, and once more from the one it tells.
    private func ask(
        _ witness: RemoteWitness,
        _ checkpoint: CheckpointToCosign
    ) async throws -> [NoteSignature] {
        let name = witness.key.name
        let known = min(sizes.withLock { $0[name] } ?? 0, checkpoint.size)
        var reply = try await witness.post(try await checkpoint.request(oldSize: known).bytes)
        if reply.status == 409, let told = Self.size(in: reply.body), told != known {
            guard told <= checkpoint.size else {
                throw Refusal("it has cosigned \(told) entries, which are more than there are")
            }
            reply = try await witness.post(try await checkpoint.request(oldSize: told).bytes)
        }
        guard reply.status == 200 else { throw Refusal(Self.reason(reply.status)) }
        let signatures = try CosignAnswer.signatures(
            in: String(decoding: reply.body, as: UTF8.self)
        )
        let own = signatures.filter { witness.key.isAuthor(of: $0, of: checkpoint.note.text) }
        guard !own.isEmpty else { throw Refusal("its answer is not signed by its key") }
        sizes.withLock { $0[name] = checkpoint.size }
        return own
    }

    /// The size in the body of a conflict.
    private static func size(in body: Data) -> Int? {
        guard body.last == 0x0a, body.count <= 20 else { return nil }
        return Decimal.read(String(decoding: body.dropLast(), as: UTF8.self))
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 403: "it does not know the log's key"
        case 404: "it does not follow this log"
        case 409: "it has cosigned another tree of this size"
        case 422: "the log does not extend what it has cosigned"
        default: "status \(status)"
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
