import ArgumentParser
import Foundation
import Kernel

/// The folder of a deployment, and who may work in it.
struct DataFolder: Sendable {
    let url: URL

    var platformFile: String { url.appending(path: "platform.sqlite").path }
    var jobs: URL { url.appending(path: "jobs", directoryHint: .isDirectory) }
    var exists: Bool { FileManager.default.fileExists(atPath: platformFile) }

    /// Makes the folder, readable by its owner alone.
    func make() throws {
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The key that seals the deployment's secrets, made at first use.
    func secretBox() throws -> SecretBox {
        let folder = url.appending(path: "keys", directoryHint: .isDirectory)
        let file = folder.appending(path: "deployment.key")
        if let kept = try? Data(contentsOf: file) {
            return try SecretBox(deploymentKey: [UInt8](kept))
        }
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw ValidationError("the key \(file.path) cannot be read")
        }
        let key = SecretBox.makeDeploymentKey()
        try SecretFile.make(Data(key), at: file)
        return try SecretBox(deploymentKey: key)
    }

    /// Takes the folder for one server; held until the process ends.
    ///
    /// - Throws: where another server has it.
    func lockForServing() throws {
        let descriptor = open(lockFile, O_CREAT | O_RDWR, 0o600)
        guard descriptor >= 0 else {
            throw ValidationError(
                "\(lockFile) cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        // The descriptor stays open on purpose: the lock ends with the process.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ValidationError(
                "the deployment in \(url.path) is being served by another process"
            )
        }
    }

    /// Whether a server has the folder now.
    var isServed: Bool {
        let descriptor = open(lockFile, O_RDWR)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return true }
        flock(descriptor, LOCK_UN)
        return false
    }

    private var lockFile: String { url.appending(path: "steward.lock").path }

    /// Touched by a command that changed what a server keeps in memory.
    private var changeFile: URL { url.appending(path: "changed") }

    /// Tells a running server that metadata, users or rights have changed.
    func noteChange() throws {
        try Data(UUID().uuidString.utf8).write(to: changeFile, options: .atomic)
    }

    /// What `noteChange` wrote last.
    func lastChange() -> Data? { try? Data(contentsOf: changeFile) }
}
