import Accountability
import ArgumentParser
import Foundation
import Kernel
import Metadata

/// The policies of a deployment: those in its folder `policies`, else those that come with the program.
///
/// They are read once: a version that is published does not change, and another one comes with a start
/// of the program.
struct PolicyFiles: Sendable {
    private let folder: URL
    private let known = Locked<Result<PolicyLibrary, any Error>?>(nil)

    init(_ data: DataFolder) {
        folder = data.url.appending(path: "policies", directoryHint: .isDirectory)
    }

    /// - Throws: `PackageProblems` with all that is wrong in the files.
    func library() throws -> PolicyLibrary {
        try known.withLock { known in
            if let known { return known }
            let result = Result { try read() }
            known = result
            return result
        }.get()
    }

    private func read() throws -> PolicyLibrary {
        let own = FileManager.default.fileExists(atPath: folder.path)
        return try PolicyLibrary.read(
            own
                ? PackageFolder.files(folder, ofKinds: [".yaml", ".md"])
                : PackageFolder.policies()
        )
    }
}
