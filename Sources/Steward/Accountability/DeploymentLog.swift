import Accountability
import ArgumentParser
import Foundation
import Kernel
import Metadata

/// The deployment's own transparency log: a folder of public files, and the key that signs them.
struct DeploymentLog {
    let data: DataFolder

    var folder: URL { data.url.appending(path: "log", directoryHint: .isDirectory) }
    private var keyFile: URL { data.url.appending(path: "keys/log.key") }
    private var nameFile: URL { data.url.appending(path: "keys/log.vkey") }

    var exists: Bool { FileManager.default.fileExists(atPath: keyFile.path) }

    /// The key by which everybody checks the log: `<name>+<id>+<key>`.
    ///
    /// - Throws: `ValidationError` where the deployment has no log yet.
    func verifierKey() throws -> VerifierKey {
        guard let text = try? String(contentsOf: nameFile, encoding: .utf8) else {
            throw ValidationError(
                "the deployment has no transparency log yet; `steward log create` begins one"
            )
        }
        return try VerifierKey(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Begins the log.
    ///
    /// - Parameter name: of the log, for good: a host and path without a scheme, such as
    ///   `crm.example.org/log`.
    func create(name: String) async throws -> VerifierKey {
        guard !exists else { throw ValidationError("the deployment has a transparency log") }
        let key = try SigningKey(name: name, kind: .note)
        try keep(key.secretText, in: keyFile, mode: 0o600)
        try keep("\(key.verifier)", in: nameFile, mode: 0o644)
        try await TransparencyLog.create(
            in: try DirectoryTiles(writing: folder.path),
            key: key
        )
        return key.verifier
    }

    /// Opens the log to be written by this process alone.
    ///
    /// - Parameter policy: the witnesses whose cosignatures are published.
    func open(witnessedBy policy: WitnessPolicy = .none) async throws -> TransparencyLog {
        _ = try verifierKey()
        let text = try String(contentsOf: keyFile, encoding: .utf8)
        return try await TransparencyLog(
            in: try DirectoryTiles(writing: folder.path),
            key: try SigningKey(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            policy: policy
        )
    }

    private func keep(_ text: String, in file: URL, mode: Int) throws {
        let made = FileManager.default.createFile(
            atPath: file.path,
            contents: Data((text + "\n").utf8),
            attributes: [.posixPermissions: mode]
        )
        guard made else { throw ValidationError("\(file.path) cannot be written") }
    }
}
