import Accountability
import Foundation
import Kernel
import Metadata
import ServiceLifecycle

/// Asks the deployment's witnesses about its published checkpoint, and publishes what they sign.
///
/// It is done beside the appending and not within it: an entry never waits for a witness. The log is
/// opened only to publish; who is asked meanwhile is asked about files that do not change.
struct WitnessRounds: Sendable {
    /// How long a witness is waited for.
    private static let patience = Duration.seconds(10)

    let log: DeploymentLog
    private let file: WitnessesFile
    private let kept: FinalCheckpoint
    private let authorities: String?
    private let report: @Sendable (String) -> Void

    /// - Parameter authorities: a PEM file for witnesses whose certificates the system does not know.
    init(
        _ data: DataFolder,
        authorities: String? = nil,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        log = DeploymentLog(data: data)
        file = WitnessesFile(data)
        kept = FinalCheckpoint(data)
        self.authorities = authorities
        self.report = report
    }

    /// What a round came to.
    struct Outcome: Sendable {
        let size: Int
        let cosigned: [String]
        let quorum: Int
    }

    /// Asks those who have not vouched for the published checkpoint yet.
    ///
    /// - Returns: `nil` where no witnesses are named, or there is no log.
    /// - Throws: what reading the log and its key throws, and `LogFailure`.
    func run() async throws -> Outcome? {
        guard log.exists, let contents = try file.read() else { return nil }
        let files = DirectoryTiles(reading: log.folder.path)
        let asked = try await CheckpointToCosign(
            publishedIn: files,
            signedBy: try log.verifierKey()
        )
        let before = Set(contents.policy.witnesses(of: asked.note).map(\.witness))
        var found = Array(before)
        if before.count < contents.policy.witnesses.count {
            let source = try source(contents, without: before)
            let signatures = await source.cosignatures(of: asked)
            if !signatures.isEmpty {
                let open = try await log.open(witnessedBy: contents.policy)
                found = try await open.attach(signatures, to: asked.note).map(\.witness)
            }
        }
        if found.count >= contents.policy.quorum {
            try await kept.keep(files, log: try log.verifierKey(), contents.policy)
        }
        return Outcome(
            size: asked.size,
            cosigned: found.map(\.name).sorted(),
            quorum: contents.policy.quorum
        )
    }

    private func source(
        _ contents: WitnessesFile.Contents,
        without done: Set<VerifierKey>
    ) throws -> RemoteWitnesses {
        let report = report
        let witnesses = try zip(contents.policy.witnesses, contents.bases)
            .filter { !done.contains($0.0) }
            .map { key, base in
                let fetch = try HTTPFetch(base, authorities: authorities)
                return RemoteWitness(key: key) { body in
                    let reply = try await fetch.post(
                        "add-checkpoint",
                        body,
                        sizeMaxBytes: 65_536
                    )
                    return WitnessReply(status: reply.status, body: reply.body)
                }
            }
        return RemoteWitnesses(witnesses, patience: Self.patience) { name, reason in
            report("the witness \(name) has not cosigned: \(reason)")
        }
    }
}

/// The largest checkpoint for which a quorum has vouched, as it was published:
/// `accountability/final-checkpoint` in the deployment's folder.
struct FinalCheckpoint: Sendable {
    let url: URL

    init(_ data: DataFolder) {
        url = data.url.appending(path: "accountability/final-checkpoint")
    }

    /// Keeps the checkpoint that is published now, where a quorum has vouched for it.
    func keep(
        _ files: DirectoryTiles,
        log: VerifierKey,
        _ policy: WitnessPolicy
    ) async throws {
        let note = try await CheckpointToCosign(publishedIn: files, signedBy: log).note
        guard policy.witnesses(of: note).count >= policy.quorum else { return }
        if let known = try? Data(contentsOf: url), known == note.bytes { return }
        try note.bytes.write(to: url, options: .atomic)
    }

    /// How far the witnesses have vouched.
    ///
    /// - Returns: `nil` where no witnesses are named.
    /// - Throws: what reading the log throws.
    func witnessing(
        _ policy: WitnessPolicy?,
        of log: DeploymentLog
    ) async throws -> Witnessing? {
        guard let policy, log.exists else { return nil }
        let key = try log.verifierKey()
        let files = DirectoryTiles(reading: log.folder.path)
        let published = try await CheckpointToCosign(publishedIn: files, signedBy: key)
        let notes = [published.note] + (kept.map { [$0] } ?? [])
        let final = notes.lazy.compactMap { note -> (size: Int, at: CosignatureTime)? in
            let found = policy.witnesses(of: note)
            guard found.count >= policy.quorum,
                let checkpoint = try? Checkpoint(note, signedBy: key)
            else { return nil }
            return (checkpoint.size, found.map(\.time).max() ?? 0)
        }.first
        let size = min(final?.size ?? 0, published.size)
        return Witnessing(
            names: policy.witnesses.map(\.name),
            quorum: policy.quorum,
            finalSize: size,
            finalAt: final.map { Instant(milliseconds: Int64(clamping: $0.at) * 1_000) },
            waitingSince: size < published.size
                ? try await moment(of: size, files, published.size) : nil
        )
    }

    private var kept: SignedNote? {
        (try? Data(contentsOf: url)).flatMap { try? SignedNote($0) }
    }

    /// When the entry was told, by what it says; the beginning of time where it says nothing.
    private func moment(of index: Int, _ files: DirectoryTiles, _ size: Int) async throws -> Instant
    {
        struct Found: Error { let bytes: Data }
        do {
            try await TileTree(files, size: size).forEachEntry(from: index) {
                throw Found(bytes: $0)
            }
        } catch let found as Found {
            var record = PublicRecord()
            record.append(found.bytes)
            if let moment = record.lastMoment { return moment }
        }
        return Instant(milliseconds: 0)
    }
}

/// Asks the witnesses every few seconds for as long as the server runs.
struct WitnessService: Service {
    private static let beat = Duration.seconds(5)
    /// How many beats somebody who was away is left alone.
    private static let pauseBeats = 12

    let rounds: WitnessRounds

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.beat() }
    }

    private func beat() async throws {
        var pause = 0
        var last = ""
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.beat)
            } catch {
                return
            }
            pause -= 1
            guard pause <= 0 else { continue }
            do {
                let outcome = try await rounds.run()
                let isWhole = outcome.map { $0.cosigned.count >= $0.quorum } ?? true
                pause = isWhole ? 0 : Self.pauseBeats
                last = ""
            } catch {
                // The log may have grown meanwhile, or a command may have it: the next round is soon.
                if case LogFailure.notCurrent = error { continue }
                if error is FileFailure { continue }
                let text = "\(error)"
                if text != last { Output.note("steward: witnesses: \(text)") }
                last = text
                pause = Self.pauseBeats
            }
        }
    }
}
