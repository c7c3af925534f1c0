import Accountability
import Foundation
import Kernel

/// Appends to the deployment's log, one at a time in this process, and in turns with the commands
/// that do so from beside the server.
actor DeploymentLogWriter: LogWriting {
    /// How far back an entry is looked for that may be there.
    private static let lookBackEntries = 4_096

    private let log: DeploymentLog
    /// The last append, which the next one waits for.
    private var last: Task<Int, any Error>?

    init(_ log: DeploymentLog) {
        self.log = log
    }

    func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int {
        let before = last
        let log = log
        let task = Task<Int, any Error> {
            _ = try? await before?.value
            return try await Self.append(entry, mayBeThere: mayBeThere, to: log)
        }
        last = task
        return try await task.value
    }

    private static func append(
        _ entry: LogEntry,
        mayBeThere: Bool,
        to log: DeploymentLog
    ) async throws -> Int {
        guard log.exists else { throw NoLogYet() }
        let open = try await log.opened()
        if mayBeThere, let index = try await index(of: entry, in: open) { return index }
        let positions = try await open.append([try entry.bytes()])
        guard let position = positions.first else {
            throw LogTrouble("the transparency log took the entry and did not say where")
        }
        return position.index
    }

    private static func index(
        of entry: LogEntry,
        in log: TransparencyLog
    ) async throws -> Int? {
        let size = await log.size
        for index in (max(0, size - lookBackEntries)..<size).reversed() {
            let (bytes, _) = try await log.entry(at: index)
            guard let known = try? LogEntry(bytes) else { continue }
            let isSame =
                entry.uniqueID.map { $0 == known.uniqueID } ?? (known == entry)
            if isSame { return index }
        }
        return nil
    }
}

extension DeploymentLog {
    private static let lockAttemptsMax = 40

    /// Opens the log to be written, after whoever has it now is done.
    func opened() async throws -> TransparencyLog {
        for _ in 1..<Self.lockAttemptsMax {
            do {
                return try await open()
            } catch is FileFailure {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return try await open()
    }
}

/// Why an entry waits.
private struct LogTrouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
