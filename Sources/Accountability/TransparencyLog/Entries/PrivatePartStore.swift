import Dispatch
import Foundation

/// Keeps private parts, apart from the log, until they are erased.
package protocol PrivatePartStore: Sendable {
    /// Keeps a part; returns when it will outlast a crash.
    func keep(_ part: PrivatePart) async throws

    /// The part behind a commitment; nil when it was erased, or never kept.
    func part(behind commitment: Commitment) async throws -> PrivatePart?

    /// Destroys a part's bytes and salt, so that the commitment in the log says nothing any more.
    ///
    /// The log is untouched by that, and every proof about it stays as it is.
    func erase(_ commitment: Commitment) async throws
}

/// Private parts in a folder, each in a file named by its commitment.
///
/// Erasing unlinks the file; whether its blocks can still be read from the disk is the file
/// system's matter, and backups are to be kept no longer than erased parts may live on in them.
package struct DirectoryPrivateParts: PrivatePartStore {
    private let folder: String
    private let queue = DispatchQueue(label: "private parts", attributes: .concurrent)

    package init(folder: String) {
        self.folder = folder
    }

    private func place(of commitment: Commitment) -> String {
        let name = commitment.hex
        return "\(folder)/\(name.prefix(2))/\(name)"
    }

    package func keep(_ part: PrivatePart) async throws {
        let place = place(of: part.commitment)
        let bytes = part.salt + Data("\(part.name)\n".utf8) + part.bytes
        try await onQueue { try DurableFile.write([(place, bytes)]) }
    }

    /// - Throws: `LogFormatError` when what is kept is not what the commitment is to.
    package func part(behind commitment: Commitment) async throws -> PrivatePart? {
        let place = place(of: commitment)
        guard let bytes = try await onQueue({ try DurableFile.read(place) }) else { return nil }
        let rest = bytes.dropFirst(PrivatePart.saltSizeBytes)
        guard let newline = rest.firstIndex(of: 0x0a) else {
            throw LogFormatError("private part", "name", "is cut off in `\(place)`")
        }
        let part = try PrivatePart(
            name: String(decoding: rest[..<newline], as: UTF8.self),
            bytes: Data(rest[(newline + 1)...]),
            salt: Data(bytes.prefix(PrivatePart.saltSizeBytes))
        )
        guard part.commitment == commitment else {
            throw LogFormatError("private part", "bytes", "`\(place)` is not what was kept")
        }
        return part
    }

    package func erase(_ commitment: Commitment) async throws {
        let place = place(of: commitment)
        try await onQueue { try DurableFile.remove([place]) }
    }

    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}
