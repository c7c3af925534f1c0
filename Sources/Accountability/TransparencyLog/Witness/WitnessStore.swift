import Crypto
package import Foundation

/// Keeps what a witness has cosigned last of each log.
///
/// Its functions do not suspend, so that looking and keeping is one step for the witness.
package protocol WitnessStore: Sendable {
    /// The checkpoint that was cosigned last of a log; nil when none was.
    func last(of origin: String) throws -> Data?

    /// Keeps a checkpoint in the place of the last; returns when it will outlast a crash.
    func keep(_ checkpoint: Data, of origin: String) throws
}

/// A witness's checkpoints in a folder, a file for each log, named by the hash of its origin.
package struct DirectoryWitnessStore: WitnessStore {
    private let folder: String
    private let lock: FolderLock

    /// A folder that this process alone writes; it is made when it is not there.
    ///
    /// - Throws: `FileFailure` when another witness writes in it, or it cannot be made.
    package init(folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        lock = try FolderLock(folder: folder)
    }

    private func place(of origin: String) -> String {
        let digest = SHA256.hash(data: Data(origin.utf8))
        let name = digest.map { String($0 >> 4, radix: 16) + String($0 & 0xf, radix: 16) }.joined()
        return "\(folder)/\(name)"
    }

    package func last(of origin: String) throws -> Data? {
        try DurableFile.read(place(of: origin))
    }

    package func keep(_ checkpoint: Data, of origin: String) throws {
        try DurableFile.write([(place(of: origin), checkpoint)])
    }
}
