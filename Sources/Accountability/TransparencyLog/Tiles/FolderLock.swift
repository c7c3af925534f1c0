import Glibc

/// Keeps other processes from writing in a folder while this one does.
///
/// The lock goes with the process, however it ends.
final class FolderLock: Sendable {
    /// The name of the lock's file.
    static let name = ".lock"

    private let descriptor: Int32

    /// - Throws: `FileFailure` when another holds the lock, or the folder cannot be written.
    init(folder: String) throws {
        let path = "\(folder)/\(Self.name)"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw FileFailure(path: path, operation: "create", code: errno)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw FileFailure(path: path, operation: "lock", code: code)
        }
    }

    deinit {
        close(descriptor)
    }
}
